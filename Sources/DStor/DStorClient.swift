import Files
import Transport

/// A client of one dStor account. Copies share their token, their connections and their patience.
public struct DStorClient: Sendable {
  public let configuration: DStorConfiguration
  /// Reads what was published, without the account's credentials.
  public let gateway: GatewayClient
  let session: Session
  private let tokens: TokenSource

  /// - Parameter tokens: where tokens are kept between runs.
  /// - Throws: `DStorError` of the kind `configuration`, before anything is sent.
  public init(
    _ configuration: DStorConfiguration, transport: any HTTPTransport, tokens: any TokenStore = MemoryTokenStore(),
    environment: ClientEnvironment = .system
  ) throws(DStorError) {
    try configuration.validate()
    self.configuration = configuration
    session = Session(
      retry: configuration.retry, concurrency: configuration.concurrency, secrets: [configuration.credentials.secret],
      credentialsSource: configuration.credentialsSource, transport: transport, environment: environment)
    self.tokens = TokenSource(session, configuration, store: tokens)
    gateway = GatewayClient(configuration.gateway, session, timeouts: configuration.timeouts)
  }

  /// Has a token, from the store or the server: a first look at whether the credentials are right.
  public func checkCredentials() async throws(DStorError) {
    _ = try await tokens.token()
  }

  /// Takes one of the retries that are left to the run, for an upload of several requests that is begun anew.
  ///
  /// - Returns: false where none is left.
  public func takeRetry() -> Bool { session.retries.take() }

  /// Text that the server chose, for what is kept or shown: one line, without the secrets of this run.
  public func withoutSecrets(_ text: String) -> String { session.redactor.excerpt(text.utf8, limit: 4096) }

  /// Performs a request with the account's token; where the server refuses that (401), once more with a new one.
  func authorized<Answer: Sendable>(
    _ method: String, _ path: String, headers: HTTPHeaders = [:], body: HTTPRequest.Body = .none,
    maxAnswerBytes: Int = 1 << 20, answersWithSecret: Bool = false, read: (Reader) throws(DStorError) -> Answer
  ) async throws(DStorError) -> Answer {
    let timeouts = if case .multipart = body { configuration.timeouts } else { configuration.timeouts.forSmallAnswers }
    var request = HTTPRequest(
      method, "\(configuration.api)\(path)", headers: headers, body: body, timeouts: timeouts,
      maxAnswerBytes: maxAnswerBytes)
    request.headers["Accept"] = "application/json"
    let token = try await tokens.token()
    request.headers["Authorization"] = "Bearer \(token.value.reveal())"
    do throws(DStorError) {
      return try await session.perform(Call(request: request, answersWithSecret: answersWithSecret), read: read)
    } catch  where error.kind == .unauthorized {
      let renewed = try await tokens.token(insteadOf: token)
      request.headers["Authorization"] = "Bearer \(renewed.value.reveal())"
      return try await session.perform(Call(request: request, answersWithSecret: answersWithSecret), read: read)
    }
  }

  /// dStor's rule for a comment, narrowed to what every server between takes: one line of printable ASCII, at most 512 bytes.
  static func validate(comment: String?) throws(DStorError) {
    guard let comment else { return }
    guard (1...512).contains(comment.utf8.count), isHeaderText(comment) else {
      throw DStorError(
        .invalidInput, came: "a comment is one line of printable ASCII, 1 to 512 bytes long, without spaces around it")
    }
  }

  /// Whether a header field carries `text` as it is (RFC 9110, section 5.5).
  static func isHeaderText(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && text.utf8.first != 0x20 && text.utf8.last != 0x20
  }
}

/// A file to upload.
public struct UploadFile: Sendable {
  /// The file's name; in a folder upload its path below the folder.
  public var name: String
  public var contentType: String
  public var contents: FileContents

  public init(name: String, contentType: String, contents: FileContents) {
    self.name = name
    self.contentType = contentType
    self.contents = contents
  }

  func part() throws(DStorError) -> HTTPRequest.Part {
    guard TreePath(name) != nil, name.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
      throw DStorError(.invalidInput, came: "a file's name is a path without control characters, \".\" and \"..\"")
    }
    let content: HTTPRequest.Part.Content
    switch contents {
    case .bytes(let bytes): content = .bytes(bytes)
    case .onDisk(let path, let size): content = .file(path: path, size: size)
    case .made(let make):
      do { content = .bytes(try make()) } catch {
        throw DStorError(.unreadableFile, came: "\(name) cannot be made: \(error)")
      }
    }
    return HTTPRequest.Part(field: "file", filename: name, contentType: contentType, content: content)
  }
}

/// What the server says it stored.
public struct AddedFile: Sendable, Hashable {
  public let name: String
  /// A CID as text, 1 to 128 letters and digits; whether it is the right one is for the caller to check.
  public let hash: String
  /// Bytes, as the server counts them; nil where it does not say.
  public let size: Int?

  public init(name: String, hash: String, size: Int?) {
    self.name = name
    self.hash = hash
    self.size = size
  }
}
