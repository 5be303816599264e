import Files
import Glibc
import Synchronization
import TestSupport
import Testing
import Transport

@testable import DStor

@Suite struct TokenTests {
  @Test func oneTokenServesManyUploadsAndRuns() async throws {
    let time = FakeTime()
    let store = MemoryTokenStore()
    let token = jwt("{\"exp\": \(time.now + 3600)}")
    let script = Script { request, _ in request.path == "/v1/dev/temp-token" ? .token(token) : .added }
    for _ in 0..<2 {
      let client = try DStorClient.scripted(script, time, tokens: store)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<20 { group.addTask { _ = try await client.add(hello) } }
        try await group.waitForAll()
      }
    }
    #expect(script.sent(to: "/v1/dev/temp-token").count == 1)
    #expect(script.sent(to: "/api/v0/add").count == 40)
    #expect(script.sent(to: "/api/v0/add").allSatisfy { $0.headers["authorization"] == "Bearer \(token)" })
    #expect(script.sent[0].headers["api-key"] == markedKey)
    #expect(script.sent.dropFirst().allSatisfy { $0.headers["api-key"] == nil })
  }

  @Test func renewedBeforeItEnds() async throws {
    let time = FakeTime()
    let script = Script { request, index in
      request.path == "/v1/dev/temp-token" ? .token(jwt("{\"exp\": \(time.now + 3600), \"n\": \(index)}")) : .added
    }
    let client = try DStorClient.scripted(script, time)
    for (pass, tokens) in [(0, 1), (3540, 1), (1, 2), (10, 2)] {
      time.pass(Double(pass))
      _ = try await client.add(hello)
      #expect(script.sent(to: "/v1/dev/temp-token").count == tokens, "after \(pass) s")
    }
  }

  @Test func refusedTokenIsRenewedOnce() async throws {
    let script = Script { request, index in
      if request.path == "/v1/dev/temp-token" { return .token("token-\(index)") }
      return request.headers["Authorization"] == "Bearer token-0" ? .status(401) : .added
    }
    let client = try DStorClient.scripted(script)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<10 { group.addTask { _ = try await client.add(hello) } }
      try await group.waitForAll()
    }
    #expect(script.sent(to: "/v1/dev/temp-token").count == 2)
  }

  @Test func refusedTwiceIsAnError() async throws {
    let script = Script(.status(401, [:], "no"))
    let client = try DStorClient.scripted(script) { $0.credentialsSource = "variable DSTOR_API_KEY" }
    let error = await failure { () throws(DStorError) in _ = try await client.add(hello) }
    #expect(error?.kind == .unauthorized)
    #expect(error?.description.contains("(variable DSTOR_API_KEY)") == true)
    #expect(script.sent.map(\.path) == ["/v1/dev/temp-token", "/api/v0/add", "/v1/dev/temp-token", "/api/v0/add"])
  }

  @Test func keyGoesInTheOtherHeaderOnce() async throws {
    let script = Script { request, index in
      if request.path != "/v1/dev/temp-token" { return index < 4 ? .status(401) : .added }
      return request.headers["x-api-key"] == markedKey ? .token("t\(index)") : .status(403)
    }
    let client = try DStorClient.scripted(script)
    _ = try await client.add(hello)
    let asked = script.sent(to: "/v1/dev/temp-token")
    #expect(asked.map { $0.headers["x-api-key"] != nil } == [false, true, true])
    #expect(asked.map { $0.headers["api-key"] != nil } == [true, false, false])
  }

  @Test func wrongKeyIsAskedForOnce() async throws {
    let script = Script { _, _ in .status(401) }
    let client = try DStorClient.scripted(script)
    for _ in 0..<3 {
      let error = await failure { () throws(DStorError) in try await client.checkCredentials() }
      #expect(error?.kind == .unauthorized)
      #expect(error?.came.contains("api-key, then as x-api-key") == true)
    }
    #expect(script.sent.count == 2)
  }

  @Test func loginFallsBackToTheOtherPath() async throws {
    let script = Script { request, _ in request.path == "/dev/temp-token" ? .token("t") : .status(404) }
    let client = try DStorClient.scripted(script, credentials: .login(email: "a\"@b", Secret("p\\w")))
    try await client.checkCredentials()
    #expect(script.sent.map(\.path) == ["/v1/dev/temp-token", "/dev/temp-token"])
    #expect(script.sent[1].text == #"{"email": "a\"@b", "password": "p\\w"}"#)
    #expect(script.sent[1].headers["Content-Type"] == "application/json")
  }

  @Test func lifetimeIsAskedForInWholeSeconds() async throws {
    let time = FakeTime()
    let script = Script { _, _ in .token("t") }
    let client = try DStorClient.scripted(script, time) { $0.tokenLifetime = 3600 }
    try await client.checkCredentials()
    #expect(script.sent[0].headers["x-expiration"] == String(time.now + 3600))
  }

  @Test func lifeOfAToken() {
    func token(_ claims: String, now: Int = 1000) -> AccessToken { AccessToken(Secret(jwt(claims)), receivedAt: now) }
    #expect(token("{\"exp\": 4600}").expires == 4600)
    #expect(token("{\"exp\": 4600.75}").expires == 4600)
    #expect(token("{\"exp\": 1e30}").expires == nil && token("{}").expires == nil && token("[").expires == nil)
    #expect(AccessToken(Secret("opaque"), receivedAt: 0).expires == nil)
    // This clock is ahead of the server's: the length of life counts.
    #expect(token("{\"iat\": 100, \"exp\": 700}").expires == 1600)
    let long = token("{\"exp\": 4600}")
    #expect(!long.needsRenewal(at: 4540) && long.needsRenewal(at: 4541))
    // A short life is not renewed from its first second on.
    let short = token("{\"exp\": 1030}")
    #expect(!short.needsRenewal(at: 1010) && short.needsRenewal(at: 1016) && short.needsRenewal(at: 1030))
    #expect(!AccessToken(Secret("opaque"), receivedAt: 0).needsRenewal(at: 1 << 40))
  }

  @Test(arguments: [
    ("{}", DStorError.Kind.missingField("access_token")), ("{\"access_token\": null}", .missingField("access_token")),
    ("{\"access_token\": 1}", .badField("access_token")), ("{\"access_token\": \"a b\"}", .badField("access_token")),
    ("{\"access_token\": \"a\\r\\nX: y\"}", .badField("access_token")), ("", .emptyAnswer), ("[]", .notJSON),
    ("{\"access_token\": \"hidden-token", .cutShort), ("<html>", .htmlAnswer),
  ])
  func answersThatAreNoToken(_ body: String, _ kind: DStorError.Kind) async throws {
    let client = try DStorClient.scripted(Script { _, _ in .json(body) })
    let error = await failure { () throws(DStorError) in try await client.checkCredentials() }
    #expect(error?.kind == kind)
    #expect(error?.description.contains("hidden-token") == false)
  }

  @Test func cancelledWaiterLeavesTheOthersTheirToken() async throws {
    let transport = SlowTokens()
    let client = try transport.client()
    let cancelled = Task { await failure { () throws(DStorError) in try await client.checkCredentials() } }
    let other = Task { await failure { () throws(DStorError) in try await client.checkCredentials() } }
    await transport.untilAsked()
    try await Task.sleep(nanoseconds: 20_000_000)
    cancelled.cancel()
    #expect(await other.value == nil)
    #expect(transport.asked == 1)
  }

  @Test func questionIsGivenUpWithTheLastWaiter() async throws {
    let transport = SlowTokens(firstTakes: 60_000_000_000)
    let client = try transport.client()
    let tasks = (0..<3).map { _ in
      Task { await failure { () throws(DStorError) in try await client.checkCredentials() } }
    }
    await transport.untilAsked()
    try await Task.sleep(nanoseconds: 20_000_000)
    for task in tasks { task.cancel() }
    for task in tasks { #expect(await task.value?.kind == .cancelled) }
    try await client.checkCredentials()
    #expect(transport.asked == 2)
  }
}

/// Gives a token after a fifth of a second, unless cancelled; the first question may take longer.
private final class SlowTokens: HTTPTransport {
  private let count = Mutex(0)
  private let firstTakes: UInt64

  init(firstTakes: UInt64 = 200_000_000) { self.firstTakes = firstTakes }

  var asked: Int { count.withLock { $0 } }

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    let number = count.withLock { count in
      count += 1
      return count
    }
    do { try await Task.sleep(nanoseconds: number == 1 ? firstTakes : 200_000_000) } catch {
      throw TransportError(.cancelled)
    }
    return HTTPResponse(status: 200, body: Array("{\"access_token\": \"t\"}".utf8))
  }

  func client() throws -> DStorClient {
    let configuration = try DStorConfiguration(api: BaseURL("https://dstor.test"), credentials: .apiKey(Secret("k")))
    return try DStorClient(configuration, transport: self)
  }

  func untilAsked() async {
    while asked == 0 { await Task.yield() }
  }
}

@Suite struct DiskTokenStoreTests {
  private let temporary: TemporaryFolder
  /// Not there yet, nor what it lies in.
  private var folder: String { temporary.path + "/deep/tokens" }
  let account: TokenAccount
  let token = AccessToken(value: Secret("kept-token"), expires: 2000, received: 1000)

  init() throws {
    temporary = try TemporaryFolder()
    account = TokenAccount(api: try BaseURL("https://h"), credentials: .apiKey(Secret(markedKey)))
  }

  func mode(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
  }

  @Test func keepsWhatItIsGivenForItsOwnerOnly() throws {
    let store = DiskTokenStore(folder: folder)
    #expect(store.load(account) == nil)
    try store.save(token, for: account)
    try store.save(token, for: account)
    #expect(store.load(account) == token)
    let names = try listFolder(folder).map(\.name)
    #expect(names == ["\(account.digest).json"])
    #expect(!names[0].contains(markedKey) && account.digest.utf8.count == 64)
    #expect(mode(folder) == 0o700)
    #expect(mode("\(folder)/\(names[0])") == 0o600)
    let text = String(decoding: try readFile("\(folder)/\(names[0])"), as: UTF8.self)
    #expect(!text.contains(markedKey))
    store.remove(account)
    #expect(store.load(account) == nil)
  }

  @Test func tokenWithoutEndIsNotKept() throws {
    let store = DiskTokenStore(folder: folder)
    try store.save(AccessToken(Secret("opaque"), receivedAt: 0), for: account)
    #expect(store.load(account) == nil)
  }

  @Test(arguments: [
    "", "{", "{\"version\": 1}", "{\"version\": 2, \"token\": \"t\", \"expires\": 1, \"received\": 0}",
    "{\"version\": 1, \"token\": \"a\\nb\", \"expires\": 1, \"received\": 0}",
    "{\"version\": 1, \"token\": \"t\", \"expires\": -9, \"received\": 0}",
    "{\"version\": 1, \"token\": \"t\", \"expires\": 9999999999999999999999, \"received\": 0}",
  ])
  func damagedFileIsNone(_ text: String) throws {
    let store = DiskTokenStore(folder: folder)
    try store.save(token, for: account)
    try writeFile("\(folder)/\(account.digest).json", Array(text.utf8))
    #expect(store.load(account) == nil)
    try store.save(token, for: account)
    #expect(store.load(account) == token)
  }

  @Test func fileThatOthersCanReadIsNone() throws {
    let store = DiskTokenStore(folder: folder)
    try store.save(token, for: account)
    chmod("\(folder)/\(account.digest).json", 0o644)
    #expect(store.load(account) == nil)
  }

  @Test func storeThatCannotBeWrittenDoesNotStopARun() async throws {
    let time = FakeTime()
    let script = Script { _, _ in .token(jwt("{\"exp\": 9999999999}")) }
    let client = try DStorClient.scripted(script, time, tokens: DiskTokenStore(folder: "/dev/null/tokens"))
    try await client.checkCredentials()
    let complaints = time.events.filter { if case .tokenNotKept = $0 { true } else { false } }
    #expect(complaints.count == 1)
  }

  @Test func accountsDiffer() throws {
    let key = Credentials.apiKey(Secret("k"))
    let one = TokenAccount(api: try BaseURL("https://a"), credentials: key)
    #expect(one == TokenAccount(api: try BaseURL("https://a/"), credentials: key))
    #expect(one != TokenAccount(api: try BaseURL("https://b"), credentials: key))
    #expect(one != TokenAccount(api: try BaseURL("https://a"), credentials: .apiKey(Secret("l"))))
    #expect(one != TokenAccount(api: try BaseURL("https://a"), credentials: .login(email: "k", Secret("p"))))
  }
}
