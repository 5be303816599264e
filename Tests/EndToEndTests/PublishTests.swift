import Foundation
import Testing

@Suite struct PublishTests {
  @Test func aCrawlerFindsEveryLinkOfTheExampleSiteAlive() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.copyExampleSite()
    let node = try sandbox.node()
    let published = try sandbox.publish(to: node)
    #expect(published.entry == "\(node.url)/ipfs/\(published.root)/index.html")
    let crawled = try sandbox.crawl(published)
    #expect(crawled.errors == [])
    // What no page links to: found by its name alone, or by the script of the search page.
    let unreached = Set(crawled.unreached).subtracting(["404.html", "robots.txt", "sitemap.xml"])
    #expect(unreached.filter { !$0.hasPrefix("search/") } == [])
    #expect(crawled.visited > 50)
    for type in ["html", "css", "svg", "woff2", "png", "jpg", "zip"] { #expect(crawled.types[type] != nil) }
    #expect(crawled.types["css"] == "text/css")
    #expect(crawled.types["woff2"] == "font/woff2")
    #expect(crawled.types["svg"] == "image/svg+xml")
  }

  @Test func theEmbeddedNodeKeepsWhatWasPublished() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.copyExampleSite()
    try sandbox.write(
      try sandbox.readText("site/site.yaml") + "\nintegrity: true\nsocial_cards: true\n", to: "site/site.yaml")
    let port = try freePort()
    let outcome = try sandbox.colophon("publish", "site", "--port", String(port), "--json")
    try #require(outcome.status == 0, "\(outcome.errors)")
    let published: Published = try outcome.json()
    #expect(published.entry.hasPrefix("http://127.0.0.1:\(port)/ipfs/"))
    // The node ended with the program; one started by hand goes on with its data.
    _ = try sandbox.node(port: port)
    let crawled = try sandbox.crawl(published)
    #expect(crawled.errors == [])
    #expect(crawled.integrities > 50)
    // And a publish that finds it running uses it.
    let again = try sandbox.colophon("publish", "site", "--port", String(port), "--json")
    #expect(again.status == 0, "\(again.errors)")
    #expect(try again.json(Published.self).uploaded == 0)
  }

  /// The browser gets its page from a node that would have ended with the program.
  @Test func whatIsOpenedCanBeRead() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("# Home\n", to: "site/content/_index.md")
    try sandbox.write("#!/bin/sh\necho \"$1\" > new; mv new opened\n", to: "bin/xdg-open")
    chmod(sandbox.path("bin/xdg-open"), 0o755)
    let path = sandbox.path("bin") + ":" + (sandbox.environment["PATH"] ?? "/usr/bin:/bin")
    let running = try sandbox.startColophon(
      ["publish", "site", "--open", "--port", String(try freePort())], environment: ["PATH": path])
    let opened = try #require(poll { try? sandbox.readText("opened") }, "\(running.errors)")
    #expect(poll { running.errors.contains("Serving until Ctrl-C") ? true : nil } == true)
    #expect(try sandbox.curl(opened.trimmingCharacters(in: .newlines)).status == 200)
    running.signal(SIGINT)
    #expect(running.wait().status == 0)
  }

  /// Nothing is asked that needs them, once it is known how the target takes pages.
  @Test func aPlanNeedsNoCredentials() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("# Home\n", to: "site/content/_index.md")
    let node = try sandbox.node()
    let environment = ["COLOPHON_API": node.url]
    let before = try sandbox.colophon("publish", "site", "--plan", environment: environment)
    #expect(before.status == 64 && before.errors.contains("needs credentials"), "\(before.errors)")
    _ = try sandbox.publish(to: node)
    let plan = try sandbox.colophon("publish", "site", "--plan", environment: environment)
    #expect(plan.status == 0, "\(plan.errors)")
  }

  /// One of them runs the node and ends when it is done; none of the others fails for it.
  @Test func severalSitesPublishAtOnceWithOneNode() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let port = String(try freePort())
    let sites = (0..<4).map { "site-\($0)" }
    for (number, site) in sites.enumerated() {
      try sandbox.write("---\ntitle: \(site)\n---\n![b](b.bin)\n", to: site + "/content/_index.md")
      try sandbox.write(someBytes(1000 + number * 2_000_000, seed: number), to: site + "/content/b.bin")
    }
    let running = try sites.map {
      try sandbox.startColophon(["publish", $0, "--json", "--port", port], environment: ["COLOPHON_WAIT_SCALE": "0.1"])
    }
    let published = try running.map { process in
      let outcome = process.wait()
      try #require(outcome.status == 0, "\(outcome.errors)")
      return try outcome.json(Published.self)
    }
    _ = try sandbox.node(port: Int(port) ?? 0)
    for edition in published { #expect(try sandbox.crawl(edition).errors == []) }
  }

  @Test func aNodeOnAnotherPortIsNamed() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("# Home\n", to: "site/content/_index.md")
    _ = try sandbox.node()
    let port = try freePort()
    let outcome = try sandbox.colophon("publish", "site", "--port", String(port))
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("/node, and none answers on port \(port)\n  hint: name the port of that node"))
  }

  @Test func theCrawlerSeesWhatIsBroken() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("---\ntitle: One\n---\n[to](two.md) ![p](p.png)\n", to: "site/content/_index.md")
    try sandbox.write("---\ntitle: Two\n---\ntext\n", to: "site/content/two.md")
    try sandbox.write(onePixel, to: "site/content/p.png")
    let node = try sandbox.node()
    let rules = [
      Proxy.Rule(match: "GET /ipfs/[^/]+/two/index.html", action: "status", status: 404),
      Proxy.Rule(match: "GET /ipfs/[^/]+\\?filename=p.png", action: "corrupt"),
    ]
    let proxy = try sandbox.proxy(to: node.url, rules)
    let crawled = try sandbox.crawl(try sandbox.publish(to: proxy.url, key: node.key))
    #expect(crawled.errors.contains { $0.contains("/two/index.html") && $0.contains("status 404") })
    #expect(crawled.errors.contains { $0.contains("p.png") && $0.contains("bytes hash to") })
  }

  @Test func publishingAgainSendsNothing() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.copyExampleSite()
    let node = try sandbox.node()
    let proxy = try sandbox.proxy(to: node.url)
    let first = try sandbox.publish(to: proxy.url, key: node.key)
    #expect(first.uploaded == first.assets + (try sandbox.receipt(first)).pages.count + 1)
    let rows = try node.uploads()
    let asked = try proxy.asked().count
    let receipt = try Data(contentsOf: URL(fileURLWithPath: first.receipt))

    let second = try sandbox.publish(to: proxy.url, key: node.key)
    #expect(second.uploaded == 0)
    #expect(second.entry == first.entry && second.root == first.root && second.edition == first.edition)
    #expect(second.pages == first.pages && second.assets == first.assets && second.receipt == first.receipt)
    #expect(try node.uploads() == rows)
    // The front page is looked for; nothing else is asked, and no token.
    #expect(try proxy.asked().dropFirst(asked).allSatisfy { $0.method != "POST" && $0.path.hasPrefix("/ipfs/") })
    #expect(try Data(contentsOf: URL(fileURLWithPath: second.receipt)) == receipt)

    let said = try sandbox.colophon(
      "publish", "site", environment: node.environment.merging(["COLOPHON_API": proxy.url]) { $1 })
    #expect(said.output.contains("Nothing to send"))
    #expect(said.output.contains(first.entry))
  }

  @Test func anEditedPostSendsNoAsset() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.copyExampleSite()
    let node = try sandbox.node()
    let first = try sandbox.publish(to: node)
    let rows = try node.uploads().count
    let post = "site/content/posts/endpapers.md"
    try sandbox.write(try sandbox.readText(post) + "\nOne more sentence.\n", to: post)
    let second = try sandbox.publish(to: node)
    #expect(second.root != first.root)
    #expect(second.edition != first.edition)
    let added = try node.uploads().dropFirst(rows)
    #expect(!added.isEmpty)
    #expect(!added.contains { $0.path.contains("/assets/") && $0.kind == "file" })
    let receipt = try sandbox.receipt(second)
    #expect(receipt.assets.allSatisfy { !$0.sent })
    #expect(try sandbox.crawl(second).errors == [])
    // The edition before stays where it was.
    #expect(try sandbox.crawl(first).errors == [])
  }

  @Test func jsonIsOneObjectOnStandardOutput() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.copyExampleSite()
    let node = try sandbox.node()
    let outcome = try sandbox.colophon("publish", "site", "--json", environment: node.environment)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    for key in ["entry", "root", "edition", "receipt"] { #expect(object[key] is String, "\(key)") }
    for key in ["pages", "assets", "uploaded"] { #expect(object[key] is Int, "\(key)") }
    #expect(!outcome.errors.isEmpty)
    #expect(!outcome.errors.contains(try #require(object["entry"] as? String)))
    #expect(!outcome.errors.contains("\u{1B}"))
    let published: Published = try outcome.json()
    let html = sandbox.files(below: "site/public").filter { $0.hasSuffix(".html") }
    #expect(published.pages == html.count)
    #expect(try sandbox.receipt(published).assets.count == published.assets)
    // For a failure too.
    let failed = try sandbox.colophon("publish", "nowhere", "--json", environment: node.environment)
    #expect(failed.status == 1)
    let told = try #require(try JSONSerialization.jsonObject(with: Data(failed.output.utf8)) as? [String: Any])
    #expect((told["error"] as? [String: Any])?["exitCode"] as? Int == 1)
  }
}

/// A PNG of one pixel.
let onePixel =
  Data(
    base64Encoded: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
  ?? Data()

/// A port that was free a moment ago.
func freePort() throws -> Int {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let isBound = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
    }
  }
  try #require(isBound)
  return Int(UInt16(bigEndian: address.sin_port))
}
