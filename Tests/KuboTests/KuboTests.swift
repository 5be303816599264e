import Kubo
import Synchronization
import Testing
import Transport

/// A transport whose answers a test writes, in order, the last one for ever.
final class Script: HTTPTransport {
  private let state = Mutex<(sent: [HTTPRequest], answers: [Result<HTTPResponse, TransportError>])>(([], []))

  init(_ answers: Result<HTTPResponse, TransportError>...) { state.withLock { $0.answers = answers } }

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    try state.withLock { state in
      state.sent.append(request)
      return state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
    }.get()
  }

  var sent: [HTTPRequest] { state.withLock { $0.sent } }
}

private func answer(_ body: String, _ status: Int = 200) -> Result<HTTPResponse, TransportError> {
  .success(HTTPResponse(status: status, body: Array(body.utf8)))
}

private func refusal(_ message: String) -> Result<HTTPResponse, TransportError> {
  answer("{\"Message\":\"\(message)\",\"Code\":0,\"Type\":\"error\"}", 500)
}

@Suite struct KuboTests {
  let key = "MARKED-TOKEN"

  func client(_ script: Script) throws -> KuboClient {
    try KuboClient(
      KuboConfiguration(
        api: BaseURL("https://kubo.test"), authorization: .bearer(Secret(key)), sleep: { _ in }, random: { 0.5 }),
      transport: script)
  }

  func failure(_ body: () async throws -> Void) async -> KuboError? {
    do {
      try await body()
      return nil
    } catch { return error as? KuboError }
  }

  @Test func importAsksForPinsAndSaysWhichFailed() async throws {
    let script = Script(
      answer(
        "{\"Root\":{\"Cid\":{\"/\":\"QmA\"},\"PinErrorMsg\":\"\"}}\n{\"Root\":{\"Cid\":{\"/\":\"QmB\"},\"PinErrorMsg\":\"not found\"}}\n"
          + "{\"Stats\":{\"BlockCount\":1}}\n"))
    let roots = try await client(script).importCAR([1, 2], pinsRoots: true)
    #expect(roots.map(\.cid) == ["QmA", "QmB"] && roots.map(\.pinProblem) == [nil, "not found"])
    #expect(script.sent[0].url == "https://kubo.test/api/v0/dag/import?pin-roots=true&stats=true")
    #expect(script.sent[0].headers["Authorization"] == "Bearer \(key)")
    guard case .multipart(let parts) = script.sent[0].body, case .bytes(let bytes) = parts[0].content else {
      Issue.record("no multipart body")
      return
    }
    #expect(bytes == [1, 2])
  }

  /// Kubo says 200 before it has read the blocks.
  @Test func anImportThatEndsEarlyIsNone() async throws {
    let cut = Script(answer("{\"Root\":{\"Cid\":{\"/\":\"QmA\"},\"PinErrorMsg\":\"\"}}\n"))
    #expect(await failure { _ = try await client(cut).importCAR([], pinsRoots: true) }?.kind == .unreadableAnswer)
    let late = Script(answer("{\"Message\":\"unexpected EOF\",\"Code\":0,\"Type\":\"error\"}\n"))
    let error = await failure { _ = try await client(late).importCAR([], pinsRoots: true) }
    #expect(error?.kind == .refused && error?.came == "unexpected EOF" && late.sent.count == 1)
  }

  @Test func whatPassesIsTriedAgain() async throws {
    let script = Script(answer("", 503), .failure(TransportError(.connectionLost)), answer("{\"Pins\":[\"QmA\"]}"))
    try await client(script).pin("QmA", name: "a")
    #expect(script.sent.count == 3)
    for (reply, kind) in [
      (answer("403 Forbidden", 403), KuboError.Kind.forbidden), (answer("404 page not found", 404), .notFound),
      (refusal("no"), .refused), (answer("<html>", 400), .status(400)),
    ] {
      let script = Script(reply)
      #expect(await failure { try await client(script).pin("QmA", name: "a") }?.kind == kind)
      #expect(script.sent.count == 1)
    }
  }

  /// A server that stays down is not asked for ever: the retries of a run are counted together.
  @Test func theBudgetIsTheRuns() async throws {
    let script = Script(answer("", 503))
    var configuration = try KuboConfiguration(api: BaseURL("https://kubo.test"), sleep: { _ in }, random: { 0.5 })
    configuration.retry.budget = 9
    let client = try KuboClient(configuration, transport: script)
    for _ in 0..<3 { #expect(await failure { try await client.pin("QmA", name: "a") }?.kind == .status(503)) }
    #expect(script.sent.count == 9 + 3)
  }

  @Test func aDateToComeAgainIsReckonedFromNow() async throws {
    let slept = Mutex<[Double]>([])
    let later = HTTPResponse(status: 429, headers: ["Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT"])
    let script = Script(.success(later), answer("{\"Pins\":[\"QmA\"]}"))
    let configuration = try KuboConfiguration(
      api: BaseURL("https://kubo.test"), sleep: { seconds in slept.withLock { $0.append(seconds) } }, random: { 0 },
      now: { 784_111_777 - 7 })
    try await KuboClient(configuration, transport: script).pin("QmA", name: "a")
    #expect(slept.withLock { $0 } == [7])
  }

  @Test func pinsAreAskedFor() async throws {
    let script = Script(
      refusal("path 'QmA' is not pinned"), answer("{\"Keys\":{\"QmA\":{\"Type\":\"recursive\"}}}"),
      refusal("not pinned or pinned indirectly"), answer("{\"Pins\":[\"QmA\"]}"))
    let client = try client(script)
    #expect(try await !client.isPinned("QmA"))
    #expect(try await client.isPinned("QmA"))
    #expect(script.sent[0].url.hasSuffix("pin/ls?arg=QmA&type=recursive"))
    #expect(try await !client.unpin("QmA"))
    #expect(try await client.unpin("QmA"))
  }

  @Test func onlyWhatIsNotThereNeedNotBeUnlinked() async throws {
    try await client(Script(refusal("file does not exist"))).unlink("/a")
    let error = await failure { try await client(Script(refusal("cannot delete root"))).unlink("/a") }
    #expect(error?.kind == .refused)
  }

  @Test func aPathIsLinkedOnce() async throws {
    let there = Script(answer("{\"Hash\":\"QmA\"}"))
    try await client(there).link("QmA", at: "/a/b")
    #expect(there.sent.count == 1)
    let other = Script(answer("{\"Hash\":\"QmB\"}"), answer(""))
    try await client(other).link("QmA", at: "/a b")
    #expect(
      other.sent.map { $0.url.split(separator: "?")[0].split(separator: "/").last ?? "" } == ["stat", "rm", "cp"])
    #expect(other.sent[2].url.hasSuffix("arg=%2Fipfs%2FQmA&arg=%2Fa%20b&parents=true"))
  }

  /// A server may repeat what it refuses in a form of its own: without the scheme, or taken apart.
  @Test(arguments: [KuboAuthorization.bearer(Secret("MARKED-TOKEN")), .basic(Secret("ann:MARKED-TOKEN"))])
  func noErrorHoldsTheCredentials(_ authorization: KuboAuthorization) async throws {
    let login = "YW5uOk1BUktFRC1UT0tFTg=="
    for said in [key, "Bearer \(key)", "ann:\(key)", "Basic \(login)", login, String(login.dropLast(2))] {
      let isBasic = authorization == .basic(Secret("ann:\(key)"))
      guard isBasic || said.hasSuffix(key) else { continue }
      for reply in [
        answer("token \(said) refused", 403), answer("{\"Message\":\"\(said): no\",\"Type\":\"error\"}", 500),
      ] {
        let script = Script(reply)
        var configuration = try KuboConfiguration(api: BaseURL("https://kubo.test"), sleep: { _ in }, random: { 0.5 })
        configuration.authorization = authorization
        let client = try KuboClient(configuration, transport: script)
        let error = await failure { try await client.pin("QmA", name: "n") }
        let shown = "\(error as Any)"
        #expect(error != nil && !shown.contains(key) && !shown.contains(login.dropLast(2)), "\(shown)")
        #expect(script.sent[0].headers["Authorization"] == (isBasic ? "Basic \(login)" : "Bearer \(key)"))
      }
    }
  }

  @Test func credentialsDoNotGoOverPlainHTTP() throws {
    #expect(throws: KuboError.self) {
      try KuboClient(
        KuboConfiguration(
          api: BaseURL("http://kubo.test"), authorization: .bearer(Secret("x"))),
        transport: Script(answer("")))
    }
  }
}
