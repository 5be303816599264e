import ContentAddressing
import Files
import Testing

@testable import Publisher

/// What publishing warns of: files that cannot have an address of their own, or that nobody would find at it.
@Suite struct WarningTests {
  private func printed(_ diagnostics: [Diagnostic]) -> [String] {
    diagnostics.map { diagnostic in
      "\(diagnostic.location?.path ?? "") \(diagnostic.severity) \(diagnostic.id) \(diagnostic.message)"
        + (diagnostic.hint.map { " [\($0)]" } ?? "")
    }
  }

  private func traced(_ tree: FileTree) async throws -> [String] {
    printed(try await trace(tree, siteURL: "", workers: 2).warnings)
  }

  @Test func assetsThatLeadToPages() async throws {
    let tree: FileTree = [
      "index.html": "<img src=map.svg><link rel=stylesheet href=a.css>", "about/index.html": "",
      "map.svg": "<svg xmlns='http://www.w3.org/2000/svg'><a href='about/'/></svg>",
      "a.css": "a { background: url(map.svg) }",
    ]
    #expect(
      try await traced(tree) == [
        "a.css warning asset-with-pages a.css is published with the pages, not by its own hash: "
          + "it refers to map.svg, which stays there too",
        "map.svg warning asset-with-pages map.svg is published with the pages, not by its own hash: "
          + "it links to the page about/index.html",
      ])
  }

  @Test func assetsThatReferToEachOther() async throws {
    let tree: FileTree = [
      "index.html": "<link rel=stylesheet href=a.css>", "a.css": "@import 'b.css';", "b.css": "@import 'a.css';",
    ]
    let warnings = try await traced(tree)
    #expect(!warnings.isEmpty && warnings.allSatisfy { $0.contains(" warning asset-with-pages ") }, "\(warnings)")
  }

  @Test func nothingToWarnOf() async throws {
    let tree: FileTree = [
      "index.html": "<link rel=stylesheet href=a.css>", "a.css": "a { background: url(b.png) }", "b.png": "png",
    ]
    #expect(try await traced(tree) == [])
  }

  /// A script that loads data beside its page does not find it where every page has an address of its own.
  @Test(arguments: [PublishMode.files, .folder]) func filesThatOnlyScriptsName(_ mode: PublishMode) async throws {
    let tree: FileTree = [
      "index.html": "<a href=search/>search</a>", "search/index.html": "<script src=search.js></script>",
      "search/search.js": "fetch('0.json')", "search/0.json": "{}", "search/1.json": "{}", "top.json": "{}",
    ]
    let source = EditionSource(tree: tree, name: "a", url: "", sources: [:], commit: nil, time: 0, version: "1")
    let pages = try await rewritePages(
      try await trace(tree, siteURL: "", workers: 2), of: source, FileURLs(), mode: mode, workers: 2
    ) { cid, name in "https://gateway.example/ipfs/\(cid.text)?filename=\(name)" }
    let expected = [
      "search/0.json warning file-out-of-reach search/0.json and 1 more beside it: no page names it, and a script that looks for it "
        + "beside its page does not find it where pages are published one by one [publish as a folder, or name the file in a page]"
    ]
    #expect(printed(filesOutOfReach(pages, tree)) == (mode == .files ? expected : []))
  }
}
