import Transport

/// Why the client did not get what it asked for: what was tried, what came, and what to do next. Secrets are removed from all of it.
public struct DStorError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Kind: Sendable, Hashable {
    /// The client was set up wrongly.
    case configuration
    /// A comment, path or name that dStor cannot take.
    case invalidInput
    /// A file to be sent cannot be read, or changed meanwhile.
    case unreadableFile
    case transport(TransportError.Kind)
    case cancelled

    /// 400
    case badRequest
    /// 401, after the token was renewed.
    case unauthorized
    /// 403
    case forbidden
    /// 404
    case notFound
    /// 413
    case tooLarge
    /// 422
    case unprocessable
    /// 429
    case tooManyRequests
    /// 5xx
    case serverError(Int)
    case unexpectedStatus(Int)

    /// To another origin, where credentials may not go.
    case redirectedElsewhere
    case tooManyRedirects
    /// Without a usable `Location`, or one that would turn a POST into a GET.
    case badRedirect

    case emptyAnswer
    /// HTML where JSON was due: a proxy or a login page answered.
    case htmlAnswer
    case notJSON
    /// JSON that ends in the middle.
    case cutShort
    case missingField(String)
    case badField(String)

    case chunkRefused(stage: String)
    case folderFailed(stage: String)
    /// The folder was not done in `PollSchedule.deadline`.
    case folderDeadline
  }

  public let kind: Kind
  /// `POST https://host/path`; nil where nothing was sent.
  public let tried: String?
  public let came: String
  public let hint: String?
  /// How often it was tried.
  public let attempts: Int

  public init(_ kind: Kind, tried: String? = nil, came: String, hint: String? = nil, attempts: Int = 1) {
    self.kind = kind
    self.tried = tried
    self.came = came
    self.hint = hint
    self.attempts = attempts
  }

  public var description: String {
    var text = tried.map { "\($0): \(came)" } ?? came
    if attempts > 1 { text += ", after \(attempts) attempts" }
    if let hint { text += "; \(hint)" }
    return text
  }

  static let cancelled = DStorError(.cancelled, came: "cancelled")

  func replacing(kind: Kind? = nil, came: String? = nil, hint: String? = nil, attempts: Int? = nil) -> DStorError {
    DStorError(
      kind ?? self.kind, tried: tried, came: came ?? self.came, hint: hint ?? self.hint,
      attempts: attempts ?? self.attempts)
  }
}

extension DStorError {
  /// What a status that is no success means.
  ///
  /// - Parameters:
  ///   - credentials: where the key or login is configured, for the hint.
  ///   - isPublicRead: the request carried none.
  init(status: Int, tried: String, excerpt: String, credentials: String?, isPublicRead: Bool) {
    let place = credentials.map { " (\($0))" } ?? ""
    let (kind, name, hint): (Kind, String, String?) =
      switch status {
      case 400: (.badRequest, "Bad Request", "check the base URL, the folder path and the comment")
      case 401 where isPublicRead:
        (.unauthorized, "Unauthorized", "this gateway wants a login, and reads carry none: read from another one")
      case 403 where isPublicRead:
        (.forbidden, "Forbidden", "this gateway does not serve that to everybody: read from another one")
      case 401:
        (
          .unauthorized, "Unauthorized",
          "check the API key or login\(place): it may be mistyped, expired or removed in the dashboard's account page"
        )
      case 403:
        (
          .forbidden, "Forbidden",
          "the account\(place) may not do this: check its key's rights, its plan and its limits"
        )
      case 404: (.notFound, "Not Found", "check the base URL: this server has nothing at that address")
      case 407:
        (.unexpectedStatus(407), "Proxy Authentication Required", TransportError.Kind.proxyRefused(407).hint)
      case 408: (.unexpectedStatus(408), "Request Timeout", "the connection may be slow: try again later")
      case 413 where isPublicRead: (.tooLarge, "Content Too Large", nil)
      case 413: (.tooLarge, "Content Too Large", "the server takes no file or chunk of this size: send less at once")
      case 422:
        (.unprocessable, "Unprocessable Content", "the server understood the request and refuses what it says")
      case 425: (.unexpectedStatus(425), "Too Early", "try again later")
      case 429: (.tooManyRequests, "Too Many Requests", "wait before the next run")
      case 507: (.serverError(507), "Insufficient Storage", "the server's or the account's storage is full")
      case 500...599: (.serverError(status), "server error", "the trouble is on the server's side: try again later")
      default: (.unexpectedStatus(status), "unexpected status", nil)
      }
    let said = excerpt.isEmpty ? "" : ", and the server says: \(excerpt)"
    self.init(kind, tried: tried, came: "\(status) \(name)\(said)", hint: hint)
  }

  init(_ error: TransportError, tried: String, redactor: Redactor) {
    let detail = redactor.excerpt(error.detail.utf8)
    switch error.kind {
    case .cancelled:
      self.init(.cancelled, tried: tried, came: "cancelled")
    case .badFile:
      self.init(.unreadableFile, tried: tried, came: detail, hint: "don't change files while they are published")
    default:
      let came = TransportError(error.kind, detail).description
      self.init(.transport(error.kind), tried: tried, came: came, hint: error.kind.hint)
    }
  }
}

extension TransportError.Kind {
  fileprivate var hint: String? {
    switch self {
    case .couldNotResolve: "check the base URL and the network"
    case .couldNotConnect: "check that the server runs, the base URL, and the proxy settings"
    case .tls(.expired): "check this machine's clock; otherwise the server's owner has to renew the certificate"
    case .tls(.untrusted):
      "check the base URL; a proxy of your network may need its certificate installed here (or named in SSL_CERT_FILE)"
    case .tls(.certificates): "check SSL_CERT_FILE; without it the system's own certificates are trusted"
    case .tls(.notSpoken): "check the base URL: a port that speaks http is not addressed with https://"
    case .notHTTP: "check the base URL's host and port"
    case .proxyRefused(407): "the proxy wants a login: HTTPS_PROXY=http://user:password@proxy:port"
    case .proxyRefused: "check the proxy settings (HTTPS_PROXY, NO_PROXY), or ask who runs the proxy"
    case .tls(.other): "check that the base URL's port speaks https"
    case .timedOut, .stalled, .connectionLost, .cutShort: "check the network, and try again"
    default: nil
    }
  }
}

extension DStorError.Kind {
  /// Whether, and why, the request may be tried again. All requests of the client are safe to repeat: reads, tokens, and uploads, which are
  /// equal by content.
  var trouble: RetryPolicy.Trouble? {
    switch self {
    case .transport(let kind): kind.trouble
    case .tooManyRequests: .passing
    case .unexpectedStatus(let status), .serverError(let status): RetryPolicy.Trouble(status: status)
    case .chunkRefused: .passing
    case .emptyAnswer, .notJSON, .cutShort, .missingField, .badField: .unreadable
    default: nil
    }
  }
}
