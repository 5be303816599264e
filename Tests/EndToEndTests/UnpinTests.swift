import Foundation
import Testing

/// Old editions are given up, on a Kubo; what is kept stays whole.
@Suite struct UnpinTests {
  struct Unpinned: Decodable {
    struct Target: Decodable {
      struct Edition: Decodable { let build: String }

      let editions: [Edition]
      let files: Int
      let removed: Int
      let done: Bool
    }

    let targets: [Target]
  }

  private func publish(_ sandbox: Sandbox) throws -> Published {
    let outcome = try sandbox.colophon("publish", "site", "--json")
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try outcome.json()
  }

  /// A node has one pin for a hash: what one site gives up may be what another one is made of.
  @Test(arguments: ["folder", "files"]) func otherSitesStayWhole(_ mode: String) throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let kubo = try sandbox.kubo()
    let settings = "title: T\npublish:\n  target: kubo\n  mode: \(mode)\n  api: \(kubo.url)\n"
    for site in ["site", "other"] {
      try sandbox.write(settings + "  name: \(site)\n", to: site + "/site.yaml")
      try sandbox.write("# Home\n![p](p.png)\n", to: site + "/content/_index.md")
      try sandbox.write(onePixel, to: site + "/content/p.png")
    }
    _ = try publish(sandbox)
    let outcome = try sandbox.colophon("publish", "other", "--json")
    try #require(outcome.status == 0, "\(outcome.errors)")
    let other: Published = try outcome.json()
    // Same pages, same picture: all that `site` gives up is the other one's too.
    try sandbox.write("# New\n", to: "site/content/_index.md")
    try FileManager.default.removeItem(atPath: sandbox.path("site/content/p.png"))
    _ = try publish(sandbox)
    let done = try sandbox.colophon("unpin", "site", "--keep", "1")
    #expect(done.status == 0, "\(done.errors)")
    #expect(done.output.contains(mode == "folder" ? "assets stay" : "1 edition sent file by file not touched"))
    #expect(try sandbox.curl("-X", "POST", kubo.url + "/api/v0/repo/gc").status == 200)
    #expect(try sandbox.crawl(other).errors == [])
    // Whoever asks for all gets all, later too, and once.
    let whole: Unpinned = try sandbox.colophon("unpin", "site", "--keep", "1", "--single-files", "--json").json()
    #expect(whole.targets.map { $0.editions.count } == [1] && whole.targets.allSatisfy { $0.removed > 0 })
    #expect(try sandbox.curl("-X", "POST", kubo.url + "/api/v0/repo/gc").status == 200)
    let asset = try #require(try sandbox.receipt(other).assets.first { $0.path.hasSuffix("png") })
    #expect(try sandbox.curl(asset.url).status == 404)
    let again: Unpinned = try sandbox.colophon("unpin", "site", "--keep", "1", "--single-files", "--json").json()
    #expect(again.targets.allSatisfy { $0.editions.isEmpty })
  }

  @Test(arguments: ["folder", "files"]) func theNewestAreKept(_ mode: String) throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let kubo = try sandbox.kubo()
    try sandbox.write(
      "title: T\npublish:\n  target: kubo\n  mode: \(mode)\n  api: \(kubo.url)\n", to: "site/site.yaml")
    try sandbox.write("# Home\n[two](two.md) ![p](p.png)\n", to: "site/content/_index.md")
    try sandbox.write(onePixel, to: "site/content/p.png")
    var editions: [Published] = []
    for text in ["first", "second", "third"] {
      try sandbox.write("# Two\n\(text) ![q](q.png)\n", to: "site/content/two.md")
      try sandbox.write(onePixel + Data(text.utf8), to: "site/content/q.png")
      editions.append(try publish(sandbox))
    }
    // The oldest becomes the current one: it is kept although two are newer.
    let back = try sandbox.colophon("rollback", "last~2", "--site", "site")
    try #require(back.status == 0, "\(back.errors)")
    let before = try sandbox.state(of: kubo)
    let plan: Unpinned = try sandbox.colophon("unpin", "site", "--keep", "2", "--single-files", "--dry-run", "--json")
      .json()
    #expect(plan.targets.map { $0.editions.count } == [1] && plan.targets.allSatisfy { !$0.done && $0.removed == 0 })
    #expect(try sandbox.state(of: kubo).pins == before.pins)
    let done: Unpinned = try sandbox.colophon("unpin", "site", "--keep", "2", "--single-files", "--json").json()
    let target = try #require(done.targets.first)
    #expect(try target.editions.map(\.build) == [sandbox.receipt(editions[1]).build])
    #expect(target.removed > 2 && target.done)

    // The node throws away what nothing holds.
    #expect(try sandbox.curl("-X", "POST", kubo.url + "/api/v0/repo/gc").status == 200)
    let after = try sandbox.state(of: kubo)
    #expect(after.blocks < before.blocks)
    #expect(after.paths["/" + editions[1].edition] == nil)
    for kept in [editions[0], editions[2]] { #expect(try sandbox.crawl(kept).errors == []) }
    #expect(try sandbox.curl(editions[1].entry).status == 404)
    let history = try sandbox.colophon("history", "site")
    #expect(history.output.split(separator: "\n").filter { $0.hasSuffix("unpinned") }.count == 1)
    // Nothing more to do; the same published again comes back whole.
    let again: Unpinned = try sandbox.colophon("unpin", "site", "--keep", "2", "--single-files", "--json").json()
    #expect(again.targets.allSatisfy { $0.editions.isEmpty })
    try sandbox.write("# Two\nsecond ![q](q.png)\n", to: "site/content/two.md")
    try sandbox.write(onePixel + Data("second".utf8), to: "site/content/q.png")
    let republished = try publish(sandbox)
    #expect(republished.root == editions[1].root && republished.uploaded > 1)
    #expect(try sandbox.crawl(republished).errors == [])
  }

  @Test func whatWasNotDoneIsNotTold() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let kubo = try sandbox.kubo()
    let proxy = try sandbox.proxy(to: kubo.url, [Proxy.Rule(match: "pin/rm", action: "status", status: 403)])
    try sandbox.write("publish:\n  target: kubo\n  api: \(proxy.url)\n", to: "site/site.yaml")
    for text in ["first", "second"] {
      try sandbox.write("# Home\n\(text)\n", to: "site/content/_index.md")
      _ = try publish(sandbox)
    }
    let outcome = try sandbox.colophon("unpin", "site", "--keep", "1")
    #expect(outcome.status == 2 && !outcome.output.contains("Unpinned"), "\(outcome.output)\(outcome.errors)")
  }

  @Test func whatHasNoPinsSaysSo() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("# Home\n", to: "site/content/_index.md")
    let none = try sandbox.colophon("unpin", "site", "--keep", "1")
    #expect(none.status == 64 && none.errors.contains("no edition was published from here"))
    let node = try sandbox.node()
    _ = try sandbox.publish(to: node)
    let outcome = try sandbox.colophon("unpin", "site", "--keep", "1")
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("dStor has no call that takes content away"))
  }

  /// Without HOME the user's folder is the one that the system knows, and none that somebody else could have made.
  @Test func theNodesFolderIsTheUsersOwn() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("# Home\n", to: "site/content/_index.md")
    let published = try sandbox.colophon("publish", "site", "--port", String(try freePort()))
    try #require(published.status == 0, "\(published.errors)")
    func folder(_ environment: [String: String]) throws -> String? {
      let unset = ["COLOPHON_NODE_DATA": "", "XDG_DATA_HOME": "", "HOME": ""]
      let outcome = try sandbox.colophon("unpin", "site", "--keep", "1", environment: unset.merging(environment) { $1 })
      #expect(outcome.status == 64 && outcome.errors.contains("the local node keeps all that it is given"))
      return outcome.errors.components(separatedBy: "stop it and remove ").last
    }
    #expect(try folder(["HOME": "/a"]) == "/a/.local/share/colophon/node\n")
    #expect(try folder(["HOME": "/a", "XDG_DATA_HOME": "/b"]) == "/b/colophon/node\n")
    #expect(try folder(["COLOPHON_NODE_DATA": "/c"]) == "/c\n")
    if let home = getpwuid(getuid())?.pointee.pw_dir.map({ String(cString: $0) }) {
      #expect(try folder([:]) == "\(home)/.local/share/colophon/node\n")
    }
  }
}
