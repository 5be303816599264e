import Foundation
import Testing

/// Runs after something has changed or gone wrong in between.
@Suite struct LaterRunTests {
  /// A small site: two pages, one picture.
  private func writeSite(_ sandbox: Sandbox) throws {
    try sandbox.write("---\ntitle: One\n---\n[to](two.md) ![p](p.png)\n", to: "site/content/_index.md")
    try sandbox.write("---\ntitle: Two\n---\ntext\n", to: "site/content/two.md")
    try sandbox.write(onePixel, to: "site/content/p.png")
  }

  @Test(arguments: [SIGINT, SIGTERM]) func anInterruptedRunIsNoSuccess(_ signal: Int32) throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try writeSite(sandbox)
    let node = try sandbox.node()
    let proxy = try sandbox.proxy(to: node.url, [Proxy.Rule(match: "/v1/upload/?$", nth: 2, action: "hold-before")])
    let environment = ["COLOPHON_API": proxy.url, "DSTOR_API_KEY": node.key]
    let run = try sandbox.startColophon(["publish", "site", "--json"], environment: environment)
    try #require(try poll { try proxy.log().first { $0.event == "holding" } } != nil, "\(run.errors)")
    run.signal(signal)
    let outcome = run.wait()
    #expect(outcome.status != 0)
    #expect((try? outcome.json(Published.self)) == nil)
    let published = try sandbox.publish(to: proxy.url, key: node.key)
    #expect(published.uploaded > 0)
    #expect(try sandbox.crawl(published).errors == [])
  }

  /// An upload that takes no more is begun anew in the same run; one whose every chunk is refused is not.
  @Test(arguments: [(2, 409, 0, 2), (nil, 409, 2, 3), (nil, 400, 2, 1)] as [(Int?, Int, Int32, Int)])
  func anUploadThatTakesNoMore(_ nth: Int?, _ status: Int, _ exit: Int32, _ uploads: Int) throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try writeSite(sandbox)
    let node = try sandbox.node()
    let rule = Proxy.Rule(match: "POST /v1/upload/?$", nth: nth, action: "status", status: status)
    let proxy = try sandbox.proxy(to: node.url, [rule])
    let outcome = try sandbox.colophon(
      "publish", "site", "--json", "--mode", "folder",
      environment: node.environment.merging(["COLOPHON_API": proxy.url]) { $1 })
    #expect(outcome.status == exit, "\(outcome.errors)")
    #expect(try proxy.asked().filter { $0.path == "/v1/upload/get-token/" }.count == uploads)
    if exit == 0 { #expect(try sandbox.crawl(try outcome.json()).errors == []) }
  }

  /// Receipts are what an edition is known by: one that was damaged is made again by the next publish, not taken for one.
  @Test(arguments: ["", "{}", "other"]) func aDamagedReceiptIsWrittenAnew(_ text: String) throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try writeSite(sandbox)
    let node = try sandbox.node()
    let first = try sandbox.publish(to: node)
    let files = try sandbox.receipt(first).files.map(\.cid)
    let whole = try sandbox.readText("site/content/two.md")
    let receipt = try #require(sandbox.files(below: "site/.colophon/receipts").first { $0.hasSuffix(".json") })
    let name = "site/.colophon/receipts/" + receipt
    if text == "other" {
      // One of another edition.
      try sandbox.write(whole + "more\n", to: "site/content/two.md")
      let second = try sandbox.publish(to: node)
      let other = try String(contentsOfFile: second.receipt, encoding: .utf8)
      try sandbox.write(other, to: name)
      try sandbox.write(whole, to: "site/content/two.md")
    } else {
      try sandbox.write(text, to: name)
    }
    let plan = try sandbox.colophon("publish", "site", "--plan", environment: node.environment)
    #expect(plan.status == 0 && !plan.output.contains("Nothing to send"), "\(plan.output)")
    let again = try sandbox.colophon("publish", "site", "--json", environment: node.environment)
    try #require(again.status == 0, "\(again.errors)")
    #expect(again.errors.contains("/\(receipt) is no receipt of this edition: it is written anew\n"))
    let published: Published = try again.json()
    #expect(published.root == first.root && published.receipt == first.receipt)
    #expect(try sandbox.receipt(published).files.map(\.cid) == files)
    let proof = try sandbox.colophon("verify", "last", "--all", "--site", "site")
    #expect(proof.status == 0, "\(proof.errors)")
    #expect(try sandbox.publish(to: node).uploaded == 0)
  }

  /// The ledger is a cache: a damaged one costs time, never an edition.
  @Test func aDamagedLedgerIsSetAside() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try writeSite(sandbox)
    let node = try sandbox.node()
    let first = try sandbox.publish(to: node)
    try sandbox.write("no database\n" + String(repeating: "x", count: 9000), to: "site/.colophon/ledger.sqlite")
    let again = try sandbox.colophon("publish", "site", "--json", environment: node.environment)
    try #require(again.status == 0, "\(again.errors)")
    let published: Published = try again.json()
    #expect(published.root == first.root && published.receipt == first.receipt)
    let name = sandbox.path("site/.colophon/ledger.sqlite")
    #expect(again.errors.contains("\(name) is damaged and was renamed to \(name).damaged: "))
    #expect(try sandbox.readText("site/.colophon/ledger.sqlite.damaged").hasPrefix("no database"))
    #expect(try sandbox.publish(to: node).uploaded == 0)
    // What stops it later is told with the file's name.
    var bytes = try sandbox.read("site/.colophon/ledger.sqlite")
    try #require(bytes.count > 8192)
    bytes.replaceSubrange(4096..<bytes.count, with: Data(repeating: 0x5A, count: bytes.count - 4096))
    try sandbox.write(bytes, to: "site/.colophon/ledger.sqlite")
    for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: name + suffix) }
    let torn = try sandbox.colophon("publish", "site", "--json", environment: node.environment)
    let says = torn.status == 0 ? "\(name) is damaged and was renamed" : "the ledger \(name) cannot be used: "
    #expect(torn.errors.contains(says), "\(torn.errors)")
  }

  /// What was published once, and comes back, is not sent again.
  @Test func anEditTakenBackIsTheEditionBefore() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try writeSite(sandbox)
    let node = try sandbox.node()
    let first = try sandbox.publish(to: node)
    let page = try sandbox.readText("site/content/two.md")
    try sandbox.write(page + "more\n", to: "site/content/two.md")
    let second = try sandbox.publish(to: node)
    #expect(second.root != first.root)
    try sandbox.write(page, to: "site/content/two.md")
    let third = try sandbox.publish(to: node)
    #expect(third.uploaded == 0)
    #expect(third.entry == first.entry && third.edition == first.edition && third.receipt == first.receipt)
  }

  /// Without the state folder nothing is known here; a node that answers at once is asked.
  @Test(arguments: ["folder", "files", "kubo"]) func whatTheNodeHoldsIsNotSentAgain(_ way: String) throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try writeSite(sandbox)
    var arguments = ["publish", "site", "--json", "--mode", way == "files" ? "files" : "folder"]
    if way == "kubo" {
      try sandbox.write("publish: {target: kubo, api: \(try sandbox.kubo().url)}\n", to: "site/site.yaml")
    } else {
      arguments += ["--port", String(try #require(Int(try sandbox.node().url.split(separator: ":").last ?? "")))]
    }
    func publish() throws -> Published {
      let outcome = try sandbox.startColophon(arguments).wait()
      try #require(outcome.status == 0, "\(outcome.errors)")
      return try outcome.json()
    }
    /// The plan knows what publishing finds out.
    func planned() throws -> Set<String> {
      let outcome = try sandbox.startColophon(arguments + ["--plan"]).wait()
      try #require(outcome.status == 0, "\(outcome.errors)")
      return try outcome.json(TargetTests.Plan.self).sent
    }
    #expect(try planned().count > 3)
    let first = try publish()
    #expect(first.uploaded > 3)
    try FileManager.default.removeItem(atPath: sandbox.path("site/.colophon"))
    #expect(try planned() == [])
    let second = try publish()
    // Nothing but the receipt.
    #expect(second.root == first.root && second.uploaded == 1)
    #expect(try sandbox.crawl(second).errors == [])
    #expect(try publish().uploaded == 0)
    try FileManager.default.removeItem(atPath: sandbox.path("site/.colophon"))
    try sandbox.write("---\ntitle: Two\n---\nother text\n", to: "site/content/two.md")
    let plan = try planned()
    let third = try publish()
    #expect(try plan == Set(sandbox.receipt(third).files.filter(\.sent).map(\.path)))
    #expect(try !sandbox.receipt(third).files.contains { $0.sent && $0.path == "p.png" })
    #expect(try sandbox.crawl(third).errors == [])
  }

  @Test func aNodeThatLostItsDataGetsItAgain() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try writeSite(sandbox)
    let node = try sandbox.node("first")
    let first = try sandbox.publish(to: node)
    node.process.kill()
    let port = try #require(Int(node.url.split(separator: ":").last ?? ""))
    let empty = try sandbox.node("second", port: port)
    // What was sent may take a while to show: it is asked for some seconds.
    let second = try sandbox.publish(
      to: empty.url, key: empty.key, environment: ["COLOPHON_WAIT_SCALE": "0.01"])
    #expect(second.root == first.root)
    #expect(second.uploaded == first.uploaded)
    #expect(try sandbox.crawl(second).errors == [])
  }

  /// A receipt is the only copy of what it says: where it is gone, publishing writes it again.
  @Test func aReceiptThatIsGoneComesAgain() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try writeSite(sandbox)
    let node = try sandbox.node()
    let first = try sandbox.publish(to: node)
    try FileManager.default.removeItem(atPath: sandbox.path("site/.colophon/receipts"))
    let second = try sandbox.publish(to: node)
    #expect(second.root == first.root && second.receipt == first.receipt && second.uploaded > 0)
    #expect(try sandbox.colophon("verify", "last", "--all", "--site", "site").status == 0)
    #expect(try sandbox.publish(to: node).uploaded == 0)
  }

  @Test func withoutItsStateItPublishesTheSame() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try writeSite(sandbox)
    let node = try sandbox.node()
    let time = ["SOURCE_DATE_EPOCH": "1835479800"]
    let first = try sandbox.publish(to: node.url, key: node.key, environment: time)
    let receipt = try Data(contentsOf: URL(fileURLWithPath: first.receipt))
    for gone in ["site/.colophon", "site/public", "home/state"] {
      try FileManager.default.removeItem(atPath: sandbox.path(gone))
    }
    let second = try sandbox.publish(to: node.url, key: node.key, environment: time)
    #expect(second.entry == first.entry && second.edition == first.edition)
    // The receipt of the same edition, made at the same time, is the same file unless less was sent.
    if second.uploaded == first.uploaded {
      #expect(try Data(contentsOf: URL(fileURLWithPath: second.receipt)) == receipt)
    }
    #expect(try sandbox.crawl(second).errors == [])
  }

  /// The gateway may be another server than the API: then pages link there.
  @Test func pagesLinkToTheGateway() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try writeSite(sandbox)
    let node = try sandbox.node()
    let gateway = try sandbox.proxy(to: node.url)
    let published = try sandbox.publish(
      to: node.url, key: node.key, environment: ["COLOPHON_GATEWAY": gateway.url + "/ipfs"])
    #expect(published.entry.hasPrefix(gateway.url + "/ipfs/"))
    #expect(try sandbox.curl(published.entry).body.contains(gateway.url + "/ipfs/Qm"))
    #expect(try gateway.asked().allSatisfy { $0.method == "GET" && $0.headers["authorization"] == nil })
    #expect(try sandbox.crawl(published).errors == [])
  }

  /// A folder that the program did not write is not replaced, and the site's own never.
  @Test(arguments: ["mine", "site", "site/content", "site/..", "."]) func otherFoldersAreNotReplaced(
    _ output: String
  ) throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try writeSite(sandbox)
    try sandbox.write("precious", to: "mine/sub/file.txt")
    let before = sandbox.files(below: "")
    let outcome = try sandbox.colophon("build", "site", "--output", output)
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("hint:"))
    #expect(Set(before).subtracting(sandbox.files(below: "")) == [])
    #expect(try sandbox.readText("mine/sub/file.txt") == "precious")
  }

  @Test func aSecondNodeKeepsOut() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let node = try sandbox.node()
    let second = try sandbox.colophon("node", "--port", "0", "--data", node.folder, limit: 20)
    #expect(second.status == 2)
    #expect(second.errors.contains(node.folder), "\(second.errors)")
    let port = try #require(node.url.split(separator: ":").last.map(String.init))
    let third = try sandbox.colophon("node", "--port", port, "--data", sandbox.path("other"), limit: 20)
    #expect(third.status == 2)
    #expect(third.errors.contains(port), "\(third.errors)")
  }
}
