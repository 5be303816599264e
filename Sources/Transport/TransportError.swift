/// Why no answer, or no whole answer, came. Its text names hosts at most: no URL with credentials, no header, no body.
public struct TransportError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Kind: Sendable, Hashable {
    case couldNotResolve
    case couldNotConnect
    /// The connection was not made, or the answer not complete, in the time allowed.
    case timedOut
    /// Too little moved for too long (`HTTPRequest.Timeouts.stall`).
    case stalled
    /// Reset or closed before an answer.
    case connectionLost
    /// Closed in the middle of the answer.
    case cutShort
    case tls(TLS)
    /// The proxy does not let the request through; by the status of its answer.
    case proxyRefused(Int)
    /// What answers speaks another protocol.
    case notHTTP
    /// The answer is larger than `HTTPRequest.maxAnswerBytes`, or its header fields than 256 KiB.
    case tooLarge
    case cancelled
    /// The request's sink said stop.
    case stoppedBySink
    /// The request cannot be sent as it is: a line break in a header field, a scheme other than http and https, …
    case badRequest
    /// A file to be sent is missing, or has another size than was said.
    case badFile
    case other
  }

  public enum TLS: Sendable, Hashable {
    case expired, untrusted
    /// The file of certificates to be trusted, `SSL_CERT_FILE`, cannot be read.
    case certificates
    /// What answers does not speak TLS: probably plain http.
    case notSpoken
    case other
  }

  public let kind: Kind
  public let detail: String

  public init(_ kind: Kind, _ detail: String = "") {
    self.kind = kind
    self.detail = detail
  }

  public var description: String { detail.isEmpty ? kind.text : "\(kind.text) (\(detail))" }
}

extension TransportError.Kind {
  var text: String {
    switch self {
    case .couldNotResolve: "the host's name has no address"
    case .couldNotConnect: "no connection could be made"
    case .timedOut: "the time allowed is over"
    case .stalled: "the transfer stalled"
    case .connectionLost: "the connection was lost before an answer came"
    case .cutShort: "the answer was cut short"
    case .tls(.expired): "the server's certificate has expired or is not valid yet"
    case .tls(.untrusted): "the server's certificate is not trusted"
    case .tls(.certificates): "the file of trusted certificates cannot be read"
    case .tls(.notSpoken): "what answers there does not speak https"
    case .notHTTP: "what answers there does not speak HTTP"
    case .tls(.other): "no secure connection could be made"
    case .proxyRefused(let status): "the proxy refused with \(status)"
    case .tooLarge: "the answer is larger than allowed"
    case .cancelled: "cancelled"
    case .stoppedBySink: "the reader of the answer stopped it"
    case .badRequest: "the request cannot be sent"
    case .badFile: "a file to be sent is not as it was"
    case .other: "the transfer broke"
    }
  }
}

extension HTTPRequest {
  /// Refuses what would let a value leave its place: line breaks and NUL in names, values and file names, and other schemes.
  func validate() throws(TransportError) {
    func isToken(_ text: String) -> Bool {
      !text.isEmpty
        && text.utf8.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
          default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
          }
        }
    }
    func isOneLine(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
    guard isToken(method) else { throw TransportError(.badRequest, "the method is no HTTP token") }
    guard let address = WebAddress(url), !address.hasUserInfo else {
      throw TransportError(.badRequest, "the address is no http or https URL without a user")
    }
    for field in headers.fields {
      guard isToken(field.name) else {
        throw TransportError(.badRequest, "the name of a header field is no HTTP token")
      }
      guard isOneLine(field.value) else {
        throw TransportError(.badRequest, "header field \(field.name) holds a line break or control character")
      }
    }
    guard case .multipart(let parts) = body else { return }
    for part in parts {
      guard isOneLine(part.field), isOneLine(part.filename ?? ""), isOneLine(part.contentType ?? "") else {
        throw TransportError(.badRequest, "a file's name or type holds a line break or control character")
      }
    }
  }
}
