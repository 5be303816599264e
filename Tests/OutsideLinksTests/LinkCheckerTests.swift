import Files
import OutsideLinks
import Synchronization
import TestSupport
import Testing
import Transport

/// Other sites, as a script: what is asked is written down.
private final class Web: HTTPTransport {
  typealias Answer = @Sendable (HTTPRequest, Int) -> Result<HTTPResponse, TransportError>
  private let answers: [String: Answer]
  private let log = Mutex<[String]>([])
  private let counts = Mutex<[String: Int]>([:])

  init(_ answers: [String: Answer]) { self.answers = answers }

  /// `HEAD https://a.org/`.
  var asked: [String] { log.withLock { $0 } }

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    log.withLock { $0.append("\(request.method) \(request.url)") }
    let count = counts.withLock { counts in
      counts[request.url, default: 0] += 1
      return counts[request.url] ?? 0
    }
    guard let answer = answers[request.url] else { return HTTPResponse(status: 404) }
    return try answer(request, count).get()
  }
}

@Suite struct LinkCheckerTests {
  private func check(
    _ urls: [String], _ answers: [String: Web.Answer], memory: LinkMemory = LinkMemory(nil), now: Int = 1000,
    _ change: (inout LinkPolicy) -> Void = { _ in }
  ) async throws -> (results: [String: LinkResult.State], all: [LinkResult], asked: [String], slept: [Double]) {
    var policy = LinkPolicy()
    change(&policy)
    let web = Web(answers)
    let slept = Mutex<[Double]>([])
    let checker = LinkChecker(
      policy, transport: web, now: { now }, sleep: { seconds in slept.withLock { $0.append(seconds) } },
      random: { 0.5 })
    let results = try await checker.check(urls, memory)
    return (
      Dictionary(uniqueKeysWithValues: results.map { ($0.url, $0.state) }), results, web.asked, slept.withLock { $0 }
    )
  }

  private static func status(_ status: Int, _ headers: HTTPHeaders = [:]) -> Web.Answer {
    { _, _ in .success(HTTPResponse(status: status, headers: headers)) }
  }

  @Test func whatLivesIsAskedOnce() async throws {
    let url = "https://a.org/x"
    let found = try await check([url, url, url + "#part"], [url: Self.status(200)])
    #expect(found.results == [url: .alive, url + "#part": .alive])
    #expect(found.asked == ["HEAD https://a.org/x"])
  }

  @Test(arguments: [404, 410, 400, 418]) func whatIsGoneIsDead(_ status: Int) async throws {
    let url = "https://a.org/x"
    let found = try await check([url], [url: Self.status(status)])
    #expect(found.results == [url: .dead("the server answers \(status)")])
    // A server that knows no HEAD may say anything.
    #expect(found.asked == ["HEAD https://a.org/x", "GET https://a.org/x"])
    #expect(found.all.first?.problem?.severity == .error)
    #expect(found.all.first?.problem?.id == "dead-outside-link")
  }

  @Test(arguments: [403, 405, 406, 429, 451, 500, 503, 999]) func whatDoesNotTellIsAWarning(_ status: Int) async throws
  {
    let url = "https://a.org/x"
    let found = try await check([url], [url: Self.status(status)])
    #expect(found.results == [url: .unclear("the server answers \(status)")])
    #expect(found.all.first?.problem?.severity == .warning)
    #expect(found.all.first?.problem?.id == "unclear-outside-link")
  }

  @Test func aServerWithoutHEADIsAskedWithGET() async throws {
    let url = "https://a.org/x"
    let found = try await check(
      [url], [url: { request, _ in .success(HTTPResponse(status: request.method == "HEAD" ? 405 : 200)) }])
    #expect(found.results == [url: .alive])
  }

  @Test func troubleThatPassesIsWaitedFor() async throws {
    let url = "https://a.org/x"
    let found = try await check(
      [url],
      [
        url: { request, count in
          if count == 1 { return .failure(TransportError(.connectionLost)) }
          if request.method == "HEAD" { return .success(HTTPResponse(status: 500)) }
          return .success(HTTPResponse(status: count < 5 ? 503 : 200, headers: count < 5 ? ["Retry-After": "4"] : [:]))
        }
      ])
    #expect(found.results == [url: .alive])
    #expect(found.slept.count == 3)
    #expect(found.slept.contains { $0 > 4 })
  }

  @Test func aServerThatAsksForTooLongIsLeftAlone() async throws {
    let url = "https://a.org/x"
    let found = try await check([url], [url: Self.status(429, ["Retry-After": "3600"])])
    #expect(found.results == [url: .unclear("the server answers 429")])
    #expect(found.asked.count == 2)
    #expect(found.slept == [])
  }

  @Test func redirects() async throws {
    let found = try await check(
      ["https://a.org/old", "https://a.org/now", "https://a.org/loop", "https://a.org/none", "https://a.org/gone"],
      [
        "https://a.org/old": Self.status(301, ["Location": "/mid"]),
        "https://a.org/mid": Self.status(308, ["Location": "https://b.org/new"]),
        "https://b.org/new": Self.status(200),
        "https://a.org/now": Self.status(302, ["Location": "https://b.org/new"]),
        "https://a.org/loop": Self.status(301, ["Location": "/loop"]),
        "https://a.org/none": Self.status(301),
        "https://a.org/gone": Self.status(301, ["Location": "/nothing"]),
      ])
    #expect(found.results["https://a.org/old"] == .moved(to: "https://b.org/new"))
    #expect(found.results["https://a.org/now"] == .alive)
    #expect(found.results["https://a.org/loop"] == .unclear("it redirects in a circle"))
    #expect(found.results["https://a.org/none"] == .unclear("it redirects to nowhere"))
    #expect(found.results["https://a.org/gone"] == .dead("the server answers 404"))
  }

  /// One request after the other to a host, with a pause; a host that is down is asked no more.
  @Test func politeness() async throws {
    let alive = (0..<5).map { "https://a.org/\($0)" }
    let down = (0..<5).map { "https://down.org/\($0)" }
    var answers: [String: Web.Answer] = [:]
    for url in alive { answers[url] = Self.status(200) }
    for url in down { answers[url] = { _, _ in .failure(TransportError(.couldNotResolve)) } }
    let found = try await check(alive + down, answers) { $0.delay = 0.25 }
    #expect(found.slept.filter { $0 == 0.25 }.count == 4)
    #expect(found.asked.filter { $0.contains("down.org") }.count == 2)
    #expect(down.allSatisfy { found.results[$0] == .dead("the host's name has no address") })
  }

  /// One page that takes too long says nothing of the others; two in a row do.
  @Test func slowPages() async throws {
    let slow: Web.Answer = { _, _ in .failure(TransportError(.timedOut)) }
    let urls = (0..<8).map { "https://a.org/\($0)" }
    let answers = Dictionary(
      uniqueKeysWithValues: zip(urls, [slow, Self.status(200), slow, Self.status(200), slow, slow] as [Web.Answer]))
    let found = try await check(urls, answers)
    let late = LinkResult.State.unclear("the time allowed is over")
    #expect(urls.map { found.results[$0] } == [late, .alive, late, .alive, late, late, late, late])
    #expect(!found.asked.contains { $0.hasSuffix("/6") || $0.hasSuffix("/7") })
  }

  /// A page may be larger than is read for its anchors, and a PDF has none: neither is asked for each of its links.
  @Test func anchorsThatCannotBeLookedFor() async throws {
    let urls = ["large#a", "large#b", "pdf#page=1", "pdf#page=2", "slow#a", "slow#b"].map { "https://a.org/" + $0 }
    let found = try await check(
      urls,
      [
        "https://a.org/large": { request, _ in
          request.method == "GET" ? .failure(TransportError(.tooLarge)) : .success(HTTPResponse(status: 200))
        },
        "https://a.org/pdf": Self.status(200, ["Content-Type": "application/pdf"]),
        "https://a.org/slow": { _, _ in .failure(TransportError(.timedOut)) },
      ]
    ) {
      $0.checksAnchors = true; $0.retries.attempts = 1
    }
    #expect(urls.prefix(4).allSatisfy { found.results[$0] == .alive })
    #expect(
      found.asked == [
        "GET https://a.org/large", "HEAD https://a.org/large", "GET https://a.org/pdf", "GET https://a.org/slow",
      ])
  }

  @Test func noNetworkIsNoDeadLink() async throws {
    let urls = ["https://a.org/", "https://b.org/", "https://c.org/"]
    var answers: [String: Web.Answer] = [:]
    for url in urls { answers[url] = { _, _ in .failure(TransportError(.couldNotResolve)) } }
    await #expect(throws: NoNetwork.self) { _ = try await check(urls, answers) }
  }

  @Test func patterns() async throws {
    let urls = ["https://a.org/x", "https://b.org/private/y", "https://c.org/dead"]
    let found = try await check(urls, ["https://a.org/x": Self.status(200)]) { policy in
      policy.ignored = ["https://b.org/*", "*zzz*"]
      policy.allowed = ["*c.org*ad"]
    }
    #expect(found.results == ["https://a.org/x": .alive, "https://c.org/dead": .dead("the server answers 404")])
    #expect(found.all.allSatisfy { $0.problem == nil })
    #expect(!found.asked.contains { $0.contains("b.org") })
  }

  @Test func anchors() async throws {
    let html = HTTPResponse(
      status: 200, headers: ["Content-Type": "text/html; charset=utf-8"],
      body: Array("<h2 id=\"part\">x</h2><a name=\"user-content-readme\">".utf8))
    let urls = ["#part", "#readme", "#gone", "#", "#:~:text=x"].map { "https://a.org/x" + $0 }
    let found = try await check(
      urls + ["https://a.org/pdf#page=2"],
      [
        "https://a.org/x": { _, _ in .success(html) },
        "https://a.org/pdf": Self.status(200, ["Content-Type": "application/pdf"]),
      ]
    ) { $0.checksAnchors = true }
    #expect(found.results.filter { $0.value != .alive } == ["https://a.org/x#gone": .anchorMissing])
    #expect(found.asked.filter { $0 == "GET https://a.org/x" }.count == 1)
    #expect(found.all.first { $0.state == .anchorMissing }?.problem?.id == "dead-outside-anchor")
  }

  @Test func oddURLs() async throws {
    let urls = ["https://exämple.org/", "https://user:secret@a.org/", "http://", "https://a.org/ä b"]
    let found = try await check(urls, ["https://a.org/%C3%A4%20b": Self.status(200)])
    #expect(found.results["https://a.org/ä b"] == .alive)
    #expect(found.results["https://user:secret@a.org/"] == .unclear("it is no URL that can be asked"))
    #expect(!found.asked.contains { $0.contains("secret") })
  }

  @Test func answersAreRemembered() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/links.tsv"
    let answers: [String: Web.Answer] = [
      "https://a.org/x": Self.status(200), "https://a.org/old": Self.status(301, ["Location": "/x"]),
    ]
    let urls = ["https://a.org/x", "https://a.org/old", "https://a.org/dead"]
    let memory = LinkMemory(path)
    let first = try await check(urls, answers, memory: memory, now: 1000)
    try memory.save(since: 0)
    let second = try await check(urls, answers, memory: LinkMemory(path), now: 1000 + 7 * 86_400)
    #expect(second.results == first.results)
    // What was dead is asked anew.
    #expect(second.asked == ["HEAD https://a.org/dead", "GET https://a.org/dead"])
    #expect(second.all.filter(\.isRemembered).map(\.url) == ["https://a.org/old", "https://a.org/x"])
    let third = try await check(urls, answers, memory: LinkMemory(path), now: 1001 + 7 * 86_400)
    #expect(third.all.allSatisfy { !$0.isRemembered })
    // A file that is something else is no obstacle.
    try writeFile(path, Array("nonsense\n\tx\t\n12\n".utf8))
    #expect(try await check(urls, answers, memory: LinkMemory(path)).results == first.results)
  }
}
