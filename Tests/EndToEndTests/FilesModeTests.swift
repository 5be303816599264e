import Foundation
import Testing

/// Pages that are published one by one, each by its own hash.
@Suite struct FilesModeTests {
  /// Answers as a server does that knows no folders.
  static let noFolders = [Proxy.Rule(match: "[A-Z]+ /v1/upload/", action: "status", status: 404)]

  func publish(_ sandbox: Sandbox, _ node: NodeProcess) throws -> Published {
    let outcome = try sandbox.colophon(
      "publish", "site", "--json", "--mode", "files", environment: node.environment)
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try outcome.json()
  }

  /// No page may refer to another by a relative URL: there is no folder that it would be in.
  func expectAbsoluteLinks(_ sandbox: Sandbox, _ published: Published) throws {
    for file in try sandbox.receipt(published).files where file.path.hasSuffix(".html") {
      let page = try sandbox.curl(file.url).body
      let relative = page.matches(of: #/\s(?:href|src)="(?!https?:|#|mailto:|data:)[^"]*"/#).map { String($0.output) }
      #expect(relative == [], "\(file.path)")
    }
  }

  @Test func everyLinkWorksWithoutAnAddressOfTheSite() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.copyExampleSite()
    // Style sheets are rewritten: what pages say of their bytes must be right afterwards.
    try sandbox.write(try sandbox.readText("site/site.yaml") + "\nintegrity: true\n", to: "site/site.yaml")
    let node = try sandbox.node()
    let published = try publish(sandbox, node)
    #expect(published.entry == "\(node.url)/ipfs/\(published.root)?filename=index.html")
    let crawled = try sandbox.crawl(published)
    #expect(crawled.errors == [])
    #expect(crawled.integrities > 50)
    // What no page links to.
    #expect(crawled.unreached.filter { !$0.hasPrefix("search/") } == ["404.html", "robots.txt"])
    try expectAbsoluteLinks(sandbox, published)
    #expect(try publish(sandbox, node).uploaded == 0)
  }

  @Test func laterLinksLeadToTheAddressOfTheSite() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("title: T\nurl: https://site.test\n", to: "site/site.yaml")
    try sandbox.write("# Home\n", to: "site/content/_index.md")
    try sandbox.write("# List\n", to: "site/content/posts/_index.md")
    for name in ["one", "two"] {
      let text = "---\ntitle: \(name)\ndate: 2026-01-01\n---\n[one](one.md#x) [two](two.md)\n\n## X\n"
      try sandbox.write(text, to: "site/content/posts/\(name).md")
    }
    let node = try sandbox.node()
    let published = try publish(sandbox, node)
    let receipt = try sandbox.receipt(published)
    let post = try #require(receipt.files.first { $0.path == "posts/one/index.html" })
    let page = try sandbox.curl(post.url).body
    #expect(page.contains("href=\"https://site.test/posts/two/\""))
    #expect(page.contains("href=\"#x\""))
    #expect(!page.contains("data-later") && !page.contains("links.js"))
    let list = try #require(receipt.files.first { $0.path == "posts/index.html" })
    #expect(try sandbox.curl(list.url).body.contains("href=\"\(post.url)\""))
    #expect(!receipt.files.contains { $0.path.hasPrefix(".colophon") })
    try expectAbsoluteLinks(sandbox, published)
  }

  @Test func anEditedPostSendsWhatShowsItAndNothingElse() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.copyExampleSite()
    let node = try sandbox.node()
    _ = try publish(sandbox, node)
    let post = "site/content/posts/endpapers.md"
    try sandbox.write(try sandbox.readText(post) + "\nOne more sentence.\n", to: post)
    let second = try publish(sandbox, node)
    let sent = try sandbox.receipt(second).files.filter(\.sent).map(\.path)
    let lists = try sandbox.receipt(second).files.map(\.path).filter {
      $0.hasPrefix("tags/") || $0.hasSuffix("atom.xml") || $0 == "posts/index.html" || $0 == "404.html"
        || $0.hasPrefix("search/")
    }
    let allowed = Set(lists + ["posts/endpapers/index.html", "index.html", ".colophon/pages.js"])
    #expect(Set(sent).subtracting(allowed) == [])
    #expect(Set(["posts/endpapers/index.html", "posts/index.html", "index.html"]).subtracting(sent) == [])
    #expect(try sandbox.crawl(second).errors == [])
  }

  @Test func autoAsksOnceAndSaysWhatItChose() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("# Home\n[two](two.md)\n", to: "site/content/_index.md")
    try sandbox.write("# Two\n[home](_index.md)\n", to: "site/content/two.md")
    let node = try sandbox.node()
    let proxy = try sandbox.proxy(to: node.url, Self.noFolders)
    let environment = node.environment.merging(["COLOPHON_API": proxy.url]) { $1 }
    let outcome = try sandbox.colophon("publish", "site", "--json", environment: environment)
    try #require(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("takes no folders: publishing file by file"))
    let published: Published = try outcome.json()
    #expect(try sandbox.crawl(published).errors == [])
    let asked = try proxy.asked().count { $0.path.hasPrefix("/v1/upload/") }
    #expect(asked == 1)
    try sandbox.write("# Two\nmore\n", to: "site/content/two.md")
    let again = try sandbox.colophon("publish", "site", "--json", environment: environment)
    #expect(again.status == 0, "\(again.errors)")
    #expect(try proxy.asked().count { $0.path.hasPrefix("/v1/upload/") } == asked)
  }
}
