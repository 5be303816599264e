import Foundation
import Testing

/// What a real situation ends with: 1 the site, 2 the world, 3 a hash.
@Suite struct ExitCodeTests {
  private func smallSite(_ sandbox: Sandbox) throws {
    try sandbox.write("---\ntitle: One\n---\n[to](two.md) ![p](p.png)\n", to: "site/content/_index.md")
    try sandbox.write("---\ntitle: Two\n---\ntext\n", to: "site/content/two.md")
    try sandbox.write(onePixel, to: "site/content/p.png")
  }

  @Test func nobodyListensIs2() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try smallSite(sandbox)
    let environment = ["COLOPHON_API": "http://127.0.0.1:\(try freePort())", "DSTOR_API_KEY": "k"]
    let outcome = try sandbox.colophon("publish", "site", "--json", environment: environment, limit: 30)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("no connection could be made"))
    let told = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    #expect((told?["error"] as? [String: Any])?["exitCode"] as? Int == 2)
  }

  /// A login that is half given would be none, a key with a space one that nobody can send.
  @Test(arguments: [
    (["COLOPHON_NODE_EMAIL": "a@example.org"], "COLOPHON_NODE_EMAIL is set, and COLOPHON_NODE_PASSWORD is not"),
    (["COLOPHON_NODE_PASSWORD": "p"], "COLOPHON_NODE_PASSWORD is set, and COLOPHON_NODE_EMAIL is not"),
    (["COLOPHON_NODE_KEY": "a b"], "COLOPHON_NODE_KEY is no API key"),
  ]) func aNodeWithHalfALoginIs64(_ environment: [String: String], _ message: String) throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let outcome = try sandbox.colophon("node", "--data", "node", "--port", "0", environment: environment, limit: 30)
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }

  /// A script that keeps what is printed is told that it has not got it.
  @Test func resultsThatCannotBeWrittenAre2() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try smallSite(sandbox)
    let publish = "publish site --json --port \(try freePort())"
    for arguments in [
      publish, "status --json site", "status site", "cid site", "cid --json site", "schema receipt", "history site",
      "build --json site",
    ] {
      let command = "exec \(Repository.binary) \(arguments) > /dev/full"
      let outcome = try sandbox.run(["sh", "-c", command], environment: sandbox.environment)
      #expect(outcome.status == 2, "\(arguments): \(outcome.errors)")
      #expect(
        outcome.errors.hasSuffix("colophon: standard output cannot be written: No space left on device\n"),
        "\(arguments): \(outcome.errors)")
    }
  }

  /// The output is read until all of it is there: no other build may change it under a publish, and none blames the server.
  @Test func aBuildDuringAPublishIsTurnedAway() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try smallSite(sandbox)
    let node = try sandbox.node()
    let proxy = try sandbox.proxy(to: node.url, [Proxy.Rule(match: "/api/v0/add", nth: 1, action: "hold-before")])
    let environment = node.environment.merging(["COLOPHON_API": proxy.url]) { $1 }
    let publishing = try sandbox.startColophon(["publish", "site", "--mode", "files"], environment: environment)
    let isHeld = try poll { try proxy.log().contains { $0.event == "holding" } ? true : nil }
    try #require(isHeld == true)
    try sandbox.write("---\ntitle: Two\n---\nother\n", to: "site/content/two.md")
    let build = try sandbox.colophon("build", "site")
    #expect(build.status == 2 && build.errors.contains("another build of "), "\(build.errors)")
    publishing.kill()
    // The lock ends with whoever held it.
    #expect(try sandbox.colophon("build", "site").status == 0)
  }

  @Test func aWrongKeyIs2() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try smallSite(sandbox)
    let node = try sandbox.node()
    let proxy = try sandbox.proxy(to: node.url)
    let outcome = try sandbox.colophon(
      "publish", "site", environment: ["COLOPHON_API": proxy.url, "DSTOR_API_KEY": "not-the-key"])
    #expect(outcome.status == 2)
    #expect(outcome.errors.lowercased().contains("key"), "\(outcome.errors)")
    // Asked once with each of the two headers: it would not become right.
    #expect(try proxy.asked().count <= 2)
    #expect(try node.uploads() == [])
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    var rule: Proxy.Rule
    var status: Int32
    var says: String
    var testDescription: String { "\(rule.match) \(rule.action) \(rule.status ?? 0)" }
  }

  private static let longer = String(repeating: "<script>0</script>", count: 5000)

  static let faults = [
    Fault(rule: Proxy.Rule(match: "/api/v0/add", action: "lie"), status: 3, says: "should hash to"),
    Fault(rule: Proxy.Rule(match: "/v1/upload/get-status", action: "lie"), status: 3, says: "should hash to"),
    Fault(rule: Proxy.Rule(match: "GET /ipfs/[^/]+/index.html", action: "corrupt"), status: 3, says: "hashes to"),
    // What somebody put in makes a page longer.
    Fault(
      rule: Proxy.Rule(match: "GET /ipfs/[^/]+/index.html", action: "status", status: 200, body: longer), status: 3,
      says: "hashes to something of more than "),
    Fault(
      rule: Proxy.Rule(match: "GET /ipfs/", action: "status", status: 404), status: 2, says: "does not come back"),
    Fault(
      rule: Proxy.Rule(match: "", action: "status", status: 500, headers: ["Retry-After": "0"], body: "oh dear"),
      status: 2, says: "500"),
    Fault(
      rule: Proxy.Rule(match: "/api/v0/add", action: "status", status: 503, headers: ["Retry-After": "86400"]),
      status: 2, says: "503"),
    Fault(rule: Proxy.Rule(match: "/api/v0/add", action: "status", status: 507), status: 2, says: "507"),
    Fault(rule: Proxy.Rule(match: "/api/v0/add", action: "status", status: 403), status: 2, says: "403"),
    Fault(rule: Proxy.Rule(match: "/api/v0/add", action: "status", status: 413), status: 2, says: "413"),
    Fault(
      rule: Proxy.Rule(
        match: "/v1/dev/temp-token", action: "status", status: 302, headers: ["Location": "http://example.invalid/"]),
      status: 2, says: "302"),
    Fault(rule: Proxy.Rule(match: "/v1/upload/get-token", action: "status", status: 404), status: 2, says: "folders"),
  ]

  @Test(arguments: faults) func aServerThatGoesWrong(_ fault: Fault) throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try smallSite(sandbox)
    let node = try sandbox.node()
    let proxy = try sandbox.proxy(to: node.url, [fault.rule])
    let outcome = try sandbox.colophon(
      "publish", "site", "--json",
      environment: ["COLOPHON_API": proxy.url, "DSTOR_API_KEY": node.key, "COLOPHON_WAIT_SCALE": "0.05"])
    #expect(outcome.status == fault.status, "\(outcome.errors)")
    let last = outcome.errors.components(separatedBy: "colophon: ").last ?? ""
    #expect(last.contains(fault.says), "\(outcome.errors)")
    if fault.status == 3 {
      // Nothing is called published that was not proven, and nothing refers to a wrong hash.
      #expect(!(try proxy.asked().contains { $0.parts.contains { $0.name == "colophon.json" } }))
    }
    // Once the server is well, the next run completes, and repeats nothing that was answered well.
    try proxy.heal()
    let published = try sandbox.publish(to: proxy.url, key: node.key)
    #expect(try sandbox.followBlocks(published, at: node).errors == [])
    if fault.rule.action == "status" {
      #expect(try proxy.repeatedUploads() == [])
    }
  }

  /// A gateway need not have at once what was uploaded.
  @Test func anUploadThatShowsLateIsWaitedFor() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try smallSite(sandbox)
    let node = try sandbox.node()
    // The front page, twice; then it and an asset come, and in the next run the front page does not again. A rule counts what none before it met.
    let late = [1, 1, 3, 3].map { Proxy.Rule(match: "GET /ipfs/", nth: $0, action: "status", status: 404) }
    let proxy = try sandbox.proxy(to: node.url, late)
    let waits = ["COLOPHON_WAIT_SCALE": "0.05"]
    let published = try sandbox.publish(to: proxy.url, key: node.key, environment: waits)
    #expect(published.entry.hasSuffix("/index.html"))
    #expect(try sandbox.publish(to: proxy.url, key: node.key, environment: waits).uploaded == 0)
    #expect(try proxy.log().count { $0.event == "answered" && $0.status == 404 } == late.count)
    #expect(try proxy.repeatedUploads() == [])
  }

  @Test func aFaultOfTheServerPasses() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try smallSite(sandbox)
    let node = try sandbox.node()
    let once = ["/v1/dev/temp-token", "/api/v0/add", "/v1/upload/?$", "/v1/upload/get-status", "GET /ipfs/"]
    let rules = once.map {
      Proxy.Rule(match: $0, nth: 1, action: "status", status: 503, headers: ["Retry-After": "0"])
    }
    let proxy = try sandbox.proxy(to: node.url, rules)
    let published = try sandbox.publish(to: proxy.url, key: node.key)
    #expect(try proxy.log().count { $0.event == "answered" && $0.status == 503 } == once.count)
    #expect(try sandbox.crawl(published).errors == [])
  }
}
