import Files
import Glibc
import Testing

@testable import SiteBuilder

/// A save whose file is named is no look at the whole site.
@Suite struct LiveEditTests {
  private let files =
    [
      SiteFile("site.yaml", "title: T\nurl: https://example.com\nfeeds: [atom]\n"),
      SiteFile("content/_index.md", "Home"),
      SiteFile("content/posts/a.md", "---\ntitle: A\ndate: 2026-01-03\n---\nFirst.\n\nSecond.\n"),
      SiteFile("content/posts/b.md", "---\ntitle: B\ndate: 2026-01-02\n---\n[a](a.md#part)\n"),
      SiteFile("content/posts/d.md", "---\ntitle: Dune\naliases: [/old/d/]\n---\nD.\n"),
      SiteFile("content/posts/e.md", "# Eel\n\nE.\n"), SiteFile("content/posts/f.md", "---\ntitle: Fox\n---\nF.\n"),
      SiteFile("content/posts/c.md", "---\ntitle: C\ndate: 2026-01-01\n---\nC.\n"), SiteFile("static/x.txt", "x"),
    ]

  private func served(_ more: [SiteFile] = [], _ body: (SiteFolder, LiveSite) async throws -> Void) async throws {
    let folder = try SiteFolder()
    let given = files.filter { file in !more.contains { $0.path == file.path } }
    try folder.write(given + more)
    let live = try LiveSite(BuildOptions(folder: folder.site, workers: 2))
    _ = try await live.build(now: nil)
    try await body(folder, live)
  }

  private func save(_ path: String, _ text: String, in folder: SiteFolder) throws -> Set<String> {
    try folder.write([SiteFile(path, .bytes(Array(text.utf8)))])
    return [folder.site + "/" + path]
  }

  private let part = SiteFile("content/posts/a.md", "---\ntitle: A\ndate: 2026-01-03\n---\nFirst.\n\n## Part\n")

  @Test func nothingElseIsLookedAt() async throws {
    try await served([part]) { folder, live in
      // A change that nobody tells of.
      _ = try save("content/posts/c.md", "---\ntitle: Unseen\ndate: 2026-01-01\n---\nC.\n", in: folder)
      let text = "---\ntitle: A\ndate: 2026-01-03\n---\nFirst.\n\n## Part\n\nOther.\n"
      let (report, changed) = try await live.build(now: nil, changes: save("content/posts/a.md", text, in: folder))
      #expect(changed.map(\.string) == ["atom.xml", "posts/a/index.html", "posts/atom.xml"])
      #expect(report.changedFiles == 3)
      let (_, more) = try await live.build(now: nil)
      #expect(more.map(\.string).contains("posts/c/index.html"))
    }
  }

  @Test func aTitleIsWhereItIsShown() async throws {
    try await served([part]) { folder, live in
      _ = try save("content/posts/c.md", "---\ntitle: Unseen\ndate: 2026-01-01\n---\nC.\n", in: folder)
      let text = "---\ntitle: New\ndate: 2026-01-02\n---\nB.\n"
      let (report, changed) = try await live.build(now: nil, changes: save("content/posts/b.md", text, in: folder))
      #expect(
        changed.map(\.string) == [
          "404.html", "atom.xml", "index.html", "posts/a/index.html", "posts/atom.xml", "posts/b/index.html",
          "posts/c/index.html", "posts/index.html",
        ])
      #expect(report.pages.first { $0.source == "content/posts/b.md" }?.title == "New")
      let c = String(decoding: try readFile(live.output + "/posts/c/index.html"), as: UTF8.self)
      #expect(c.contains(">New<") || c.contains(" New<"))
      #expect(!c.contains("Unseen"))
    }
  }

  /// What an editor leaves behind is no part of the site, and a save that changes nothing makes nothing.
  @Test func copiesOfEditors() async throws {
    try await served([part]) { folder, live in
      let same = String(decoding: try readFile(folder.site + "/content/posts/a.md"), as: UTF8.self)
      let names = try save("content/posts/a.md", same, in: folder).union([folder.site + "/content/posts/4913"])
      _ = try save("content/posts/c.md", "---\ntitle: Unseen\n---\n", in: folder)
      #expect(try await live.build(now: nil, changes: names).changed.isEmpty)
    }
  }

  /// Whatever a save means beside a text, and whatever is wrong with it, comes out as in a build from nothing.
  @Test(arguments: [
    ("a title", "content/posts/a.md", "---\ntitle: New\ndate: 2026-01-03\n---\n## Part\n"),
    ("a title that changes the order", "content/posts/d.md", "---\ntitle: Zebra\n---\nD.\n"),
    ("a title that leaves the order", "content/posts/d.md", "---\ntitle: Earth\n---\nD.\n"),
    ("another date", "content/posts/a.md", "---\ntitle: A\ndate: 2025-01-03\n---\n## Part\n"),
    ("other tags", "content/posts/a.md", "---\ntitle: A\ndate: 2026-01-03\ntags: [x]\n---\n## Part\n"),
    ("a draft", "content/posts/a.md", "---\ntitle: A\ndate: 2026-01-03\ndraft: true\n---\n## Part\n"),
    ("a description", "content/posts/a.md", "---\ntitle: A\ndate: 2026-01-03\ndescription: D\n---\n## Part\n"),
    ("a title in the text", "content/posts/e.md", "# Other\n\nE.\n"),
    ("a key that is none", "content/posts/a.md", "---\ntitel: A\ndate: 2026-01-03\n---\n## Part\n"),
    (
      "a heading is gone that another page leads to", "content/posts/a.md",
      "---\ntitle: A\ndate: 2026-01-03\n---\nNo part\n"
    ),
    ("a dead link", "content/posts/a.md", "---\ntitle: A\ndate: 2026-01-03\n---\n## Part\n\n[x](nowhere.md)\n"),
    ("a dead anchor", "content/posts/a.md", "---\ntitle: A\ndate: 2026-01-03\n---\n## Part\n\n[x](#nowhere)\n"),
    (
      "an image without a text", "content/posts/a.md",
      "---\ntitle: A\ndate: 2026-01-03\n---\n## Part\n\n<img src=\"/x.png\">\n"
    ),
    ("a broken shortcode", "content/posts/a.md", "---\ntitle: A\ndate: 2026-01-03\n---\n## Part\n\n{{< nothing >}}\n"),
    ("front matter without an end", "content/posts/a.md", "---\ntitle: A\n"),
    ("a new page", "content/posts/new.md", "---\ntitle: New\ndate: 2026-02-01\n---\nNew.\n"),
    ("another configuration", "site.yaml", "title: Other\nurl: https://example.com\nfeeds: [atom]\n"),
    ("an asset", "static/x.txt", "y"),
    ("no UTF-8", "content/posts/a.md", "---\ntitle: A\ndate: 2026-01-03\n---\n\u{FFFD}"),
  ])
  func whatIsNoText(_ name: String, _ path: String, _ text: String) async throws {
    try await served([part]) { folder, live in
      let first = "---\ntitle: A\ndate: 2026-01-03\n---\n## Part\n\nOther.\n"
      _ = try await live.build(now: nil, changes: save("content/posts/a.md", first, in: folder))
      var changes = try save(path, text, in: folder)
      if name == "no UTF-8" {
        try writeFile(folder.site + "/" + path, Array(first.utf8) + [0xFF])
        changes = [folder.site + "/" + path]
      }
      try await compare(folder, live, changes)
      // And on from there.
      try await compare(folder, live, save("content/posts/a.md", first, in: folder))
      try await compare(folder, live, save("content/posts/a.md", first + "\nLast.\n", in: folder))
    }
  }

  /// Each alone would have kept its place.
  @Test func twoTitlesAtOnce() async throws {
    try await served([part]) { folder, live in
      let text = "---\ntitle: Ebb\naliases: [/old/d/]\n---\nD.\n"
      let changes = try save("content/posts/d.md", text, in: folder)
      try await compare(folder, live, changes.union(save("content/posts/e.md", "# Each\n\nE.\n", in: folder)))
    }
  }

  private func compare(_ folder: SiteFolder, _ live: LiveSite, _ changes: Set<String>) async throws {
    let clean = try await SiteBuild(BuildOptions(folder: folder.site, workers: 1))
    do {
      let warnings = try await live.build(now: nil, changes: changes).report.warnings
      #expect(warnings.map(SiteBuild.printed) == clean.diagnostics.map(SiteBuild.printed))
      try expect(live.output, holds: try #require(clean.tree))
    } catch let error as Diagnostics {
      #expect(error.all.map(SiteBuild.printed) == clean.diagnostics.map(SiteBuild.printed))
      #expect(clean.tree == nil)
    }
  }

  /// Two names of one file change together, though word comes of one.
  @Test func filesWithTwoNames() async throws {
    let folder = try SiteFolder()
    try folder.write(files)
    try #require(symlink("a.md", folder.site + "/content/posts/link.md") == 0)
    let live = try LiveSite(BuildOptions(folder: folder.site, workers: 2))
    try folder.write([part])
    _ = try await live.build(now: nil)
    let text = "---\ntitle: A\ndate: 2026-01-03\n---\n## Part\n\nOther.\n"
    let changed = try await live.build(now: nil, changes: save("content/posts/a.md", text, in: folder)).changed
    #expect(changed.map(\.string).contains("posts/link/index.html"))
  }
}
