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
    let reason = "is published with the pages, not by its own hash: it refers to itself through a.css → b.css"
    #expect(
      try await traced(tree) == [
        "a.css warning asset-with-pages a.css \(reason)", "b.css warning asset-with-pages b.css \(reason)",
      ])
  }

  /// Every file of a circle stays, by whichever way it is in it, and so does what leads there; what it leads to does not.
  @Test func circlesInCircles() async throws {
    let tree: FileTree = [
      "index.html": "<link rel=stylesheet href=0.css>", "0.css": "@import '1.css';",
      "1.css": "@import '2.css'; @import '4.css';", "2.css": "@import '3.css';",
      "3.css": "@import '2.css'; @import '1.css'; @import '5.css';", "4.css": "@import '3.css';", "5.css": "",
    ]
    #expect(try await traced(tree).map { $0.prefix(5) } == ["0.css", "1.css", "2.css", "3.css", "4.css"])
    #expect(try await trace(tree, siteURL: "", workers: 2).assets == ["5.css"])
  }

  @Test(.timeLimit(.minutes(1))) func aLongCircleIsToldInFewWords() async throws {
    let count = 3000
    var files: FileTree = [:]
    for number in 0..<count {
      // Each also leads back to all before it that are powers of two.
      let others = (0..<12).map { "@import '\(1 << $0).css';" }.joined()
      let text = "@import '\((number + 1) % count).css';" + others
      files[try #require(TreePath("\(number).css"))] = .bytes(Array(text.utf8))
    }
    files["index.html"] = .bytes(Array("<link rel=stylesheet href=0.css>".utf8))
    let warnings = try await traced(files)
    #expect(warnings.count == count)
    #expect(warnings.map(\.utf8.count).reduce(0, +) < count * 250)
    #expect(warnings.first?.hasSuffix("0.css → 1.css → 2.css → 3.css → 4.css and 2995 more") == true, "\(warnings[0])")
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
