import Glibc
import Transport

/// Which Kubo, and with how much patience.
public struct KuboConfiguration: Sendable {
  public var api: BaseURL
  /// Nil where the API is open to this machine.
  public var authorization: KuboAuthorization?
  public var timeouts = HTTPRequest.Timeouts()
  public var retry = RetryPolicy()
  /// Waits so many seconds; throws where the task is cancelled.
  public var sleep: @Sendable (Double) async throws -> Void
  /// From 0 up to, not including, 1.
  public var random: @Sendable () -> Double
  /// Seconds since 1970, for servers that say when to come again as a date.
  public var now: @Sendable () -> Int

  public init(
    api: BaseURL, authorization: KuboAuthorization? = nil,
    sleep: @escaping @Sendable (Double) async throws -> Void = {
      try await Task.sleep(nanoseconds: UInt64(min(max($0, 0), 1e6) * 1e9))
    },
    random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
    now: @escaping @Sendable () -> Int = { time(nil) }
  ) {
    self.api = api
    self.authorization = authorization
    self.sleep = sleep
    self.random = random
    self.now = now
  }
}

/// A client of one Kubo's RPC (<https://docs.ipfs.tech/reference/kubo/rpc/>). Copies share their patience.
public struct KuboClient: Sendable {
  public let configuration: KuboConfiguration
  private let transport: any HTTPTransport
  private let redactor: Redactor
  private let retries: Retries

  /// - Throws: `KuboError` of the kind `configuration` where credentials would go over plain http to another machine.
  public init(_ configuration: KuboConfiguration, transport: any HTTPTransport) throws(KuboError) {
    self.configuration = configuration
    self.transport = transport
    retries = Retries(configuration.retry, sleep: configuration.sleep, random: configuration.random)
    redactor = Redactor(configuration.authorization?.secrets ?? [])
    let address = configuration.api.address
    guard configuration.authorization == nil || address.scheme == "https" || address.isLoopback else {
      throw KuboError(
        kind: .configuration, tried: "\(configuration.api)",
        came: "http shows the credentials to everyone on the way; use https://")
    }
  }

  // MARK: Blocks

  /// What became of a root of an imported CAR.
  public struct ImportedRoot: Sendable, Hashable {
    public let cid: String
    /// Why it was not pinned; nil where it was, or nobody asked for it.
    public let pinProblem: String?
  }

  /// Puts the blocks of a CAR in (`dag/import`). It may hold only what the node does not have yet; a root that leads to a block that is in
  /// neither is answered with 200 and a problem.
  ///
  /// - Parameter pinsRoots: asks for a pin on each root, with all that it leads to.
  public func importCAR(_ car: [UInt8], pinsRoots: Bool) async throws(KuboError) -> [ImportedRoot] {
    let part = HTTPRequest.Part(
      field: "file", filename: "blocks.car", contentType: "application/vnd.ipld.car", content: .bytes(car))
    let query = [("pin-roots", pinsRoots ? "true" : "false"), ("stats", "true")]
    return try await call("dag/import", query, body: .multipart([part]), timeouts: configuration.timeouts) {
      lines throws(KuboError) in
      var roots: [ImportedRoot] = []
      var isComplete = false
      for line in lines {
        if let root = line["Root"] {
          guard let cid = root["Cid"]?["/"]?.string else { throw unreadable("dag/import", "a root without a CID") }
          let problem = root["PinErrorMsg"]?.string ?? ""
          roots.append(ImportedRoot(cid: cid, pinProblem: problem.isEmpty ? nil : redactor.excerpt(problem.utf8)))
        }
        if line["Stats"] != nil { isComplete = true }
      }
      // The status is 200 before the blocks are read: only the last line says that all were.
      guard isComplete else { throw unreadable("dag/import", "an answer that ends in the middle") }
      return roots
    }
  }

  /// Adds one file as dStor does: CIDv0, chunks of 262,144 bytes, 174 links a node (`add`); for files that are too large to hold.
  ///
  /// - Returns: its CID, as the node says it.
  public func add(_ name: String, _ content: HTTPRequest.Part.Content, pins: Bool) async throws(KuboError) -> String {
    let part = HTTPRequest.Part(
      field: "file", filename: percentEncodedStrictly(name), contentType: "application/octet-stream", content: content)
    let query = [
      ("cid-version", "0"), ("raw-leaves", "false"), ("chunker", "size-262144"), ("pin", pins ? "true" : "false"),
    ]
    return try await call("add", query, body: .multipart([part]), timeouts: configuration.timeouts) {
      lines throws(KuboError) in
      guard let hash = lines.last?["Hash"]?.string else { throw unreadable("add", "an answer without a hash") }
      return redactor.excerpt(hash.utf8)
    }
  }

  // MARK: Pins and paths

  /// Gives the pin on `cid` a name (`pin/add`); it may be pinned already.
  public func pin(_ cid: String, name: String) async throws(KuboError) {
    try await call("pin/add", [("arg", cid), ("name", name)]) { _ throws(KuboError) in }
  }

  /// Whether there is a pin on `cid` and all below it (`pin/ls`).
  public func isPinned(_ cid: String) async throws(KuboError) -> Bool {
    do throws(KuboError) {
      return try await call("pin/ls", [("arg", cid), ("type", "recursive")]) { _ throws(KuboError) in true }
    } catch  where error.kind == .refused {
      return false
    }
  }

  /// Takes the pin off (`pin/rm`); its blocks go with the next garbage collection. False where there was none.
  public func unpin(_ cid: String) async throws(KuboError) -> Bool {
    do throws(KuboError) {
      return try await call("pin/rm", [("arg", cid)]) { _ throws(KuboError) in true }
    } catch  where error.kind == .refused && error.came.contains("not pinned") {
      return false
    }
  }

  /// Has `/ipfs/<cid>` stand at `path` in the node's file system (`files/cp`), whatever was there before.
  public func link(_ cid: String, at path: String) async throws(KuboError) {
    if try await linked(at: path) == cid { return }
    try await unlink(path)
    try await call("files/cp", [("arg", "/ipfs/\(cid)"), ("arg", path), ("parents", "true")]) { _ throws(KuboError) in }
  }

  /// Takes away what stands at `path` in the node's file system (`files/rm`); nothing may.
  public func unlink(_ path: String) async throws(KuboError) {
    do throws(KuboError) {
      let query = [("arg", path), ("recursive", "true"), ("force", "true")]
      try await call("files/rm", query) { _ throws(KuboError) in }
    } catch  where error.kind == .refused && error.came.contains("does not exist") {
      // There was nothing.
    }
  }

  /// The CID of what stands at `path` in the node's file system; nil where nothing does.
  public func linked(at path: String) async throws(KuboError) -> String? {
    do throws(KuboError) {
      return try await call("files/stat", [("arg", path)]) { lines throws(KuboError) in lines.first?["Hash"]?.string }
    } catch  where error.kind == .refused {
      return nil
    }
  }

  // MARK: Calls

  /// All of Kubo's calls are POSTs, and all of these may be repeated.
  private func call<Answer: Sendable>(
    _ name: String, _ query: [(String, String)] = [], body: HTTPRequest.Body = .none,
    timeouts: HTTPRequest.Timeouts? = nil, read: ([JSON]) throws(KuboError) -> Answer
  ) async throws(KuboError) -> Answer {
    let fields = query.map { "\($0)=\(percentEncodedStrictly($1))" }.joined(separator: "&")
    var request = HTTPRequest(
      "POST", "\(configuration.api)/api/v0/\(name)\(fields.isEmpty ? "" : "?" + fields)", body: body,
      timeouts: timeouts ?? configuration.timeouts.forSmallAnswers)
    if let field = configuration.authorization?.field { request.headers["Authorization"] = field.reveal() }
    return try await repeating(request) { response throws(KuboError) in
      try read(try lines(of: response, name))
    }
  }

  private func repeating<Answer: Sendable>(
    _ request: HTTPRequest, read: (HTTPResponse) throws(KuboError) -> Answer
  ) async throws(KuboError) -> Answer {
    var attempt = 1
    while true {
      var failure: KuboError
      var wait: Double?
      do throws(KuboError) {
        let response = try await send(request)
        wait = retryAfter(response.headers, now: configuration.now())
        guard response.isSuccess else { throw error(response, request) }
        let answer = try read(response)
        retries.succeed()
        return answer
      } catch {
        failure = error
      }
      failure.attempts = attempt
      let reason: RetryPolicy.Reason?
      do { reason = try await retries.wait(after: attempt, failure.trouble, retryAfter: wait) } catch {
        throw KuboError(kind: .cancelled, tried: request.description, came: "cancelled")
      }
      if reason != nil { throw failure }
      attempt += 1
    }
  }

  private func send(_ request: HTTPRequest) async throws(KuboError) -> HTTPResponse {
    do throws(TransportError) {
      return try await transport.send(request)
    } catch {
      let kind = error.kind == .cancelled ? KuboError.Kind.cancelled : .transport(error.kind)
      throw KuboError(kind: kind, tried: request.description, came: redactor.excerpt(error.description.utf8))
    }
  }

  private func error(_ response: HTTPResponse, _ request: HTTPRequest) -> KuboError {
    let message = (try? JSON(response.body))?["Message"]?.string
    let said = redactor.excerpt(message.map { Array($0.utf8) } ?? response.body)
    let kind: KuboError.Kind =
      switch response.status {
      case 401, 403: .forbidden
      case 404: .notFound
      case 500 where message != nil: .refused
      default: .status(response.status)
      }
    return KuboError(
      kind: kind, tried: request.description,
      came: "\(response.status)" + (said.isEmpty ? "" : ", and it says: \(said)"))
  }

  /// An answer is JSON values one after the other, a line each; an error may come as the last of them.
  private func lines(of response: HTTPResponse, _ name: String) throws(KuboError) -> [JSON] {
    var values: [JSON] = []
    for line in response.body.split(separator: 0x0A) {
      guard let value = try? JSON(Array(line)) else { throw unreadable(name, "an answer that is no JSON") }
      if let message = value["Message"]?.string, value["Type"]?.string == "error" {
        throw KuboError(
          kind: .refused, tried: "POST \(configuration.api)/api/v0/\(name)", came: redactor.excerpt(message.utf8))
      }
      values.append(value)
    }
    return values
  }

  private func unreadable(_ name: String, _ what: String) -> KuboError {
    KuboError(kind: .unreadableAnswer, tried: "POST \(configuration.api)/api/v0/\(name)", came: what)
  }
}
