import Files
import HTML
import Testing

@testable import Publisher

/// What is known of a link by its bytes is what `Reference` says of it, in all it says.
@Suite struct PlainLinksTests {
  private static let tree: FileTree = [
    "index.html": "", "404.html": "", "a/index.html": "", "a/b/index.html": "", "a/b.html": "", "a/b/c.txt": "",
    "b": "", "css/a.css": "", "feed.xml": "", "a/100%/index.html": "", "a/é/index.html": "", "...": "",
    "a/x:y/index.html": "",
  ]
  private static let parts = [
    "a", "b", "c.txt", "css", "a.css", "index.html", "é", "100%25", "..", ".", "", "...", "/", "/", "/", "#", "#top",
    "?q", "%2e", "x:y", "http:",
    "https://a.example/", "mailto:", "feed.xml", "404.html", " ", "&",
  ]

  /// Every path of the tree, from every page, and thousands of links that nobody would write.
  @Test func asReferencesAre() throws {
    let links = PlainLinks(Self.tree, siteURL: "")
    var urls = Self.tree.paths.flatMap {
      [$0.string, "/" + $0.string, "../" + $0.string, "/" + $0.string + "#x", $0.string + "/"]
    }
    for number in 0..<3000 {
      // Digits of a number that runs through all kinds, in base `parts.count`.
      var digits = number * 2_654_435_761 % 10_000_019
      var url = ""
      while digits > 0 {
        url += Self.parts[digits % Self.parts.count]
        digits /= Self.parts.count
      }
      urls.append(url)
    }
    var known = 0
    for page in Self.tree.paths {
      let pageBytes = Array(page.string.utf8)
      for url in urls {
        var room: [UInt8] = []
        let target = Array(url.utf8).withUnsafeBufferPointer { links.follow($0, .link, from: pageBytes, &room) }
        let reference = Reference.resolve(url, in: page)
        switch target {
        case .unknown: continue
        case .fragment:
          guard case .fragment = reference else { Issue.record("\(url) on \(page): \(reference)"); continue }
        case .elsewhere:
          guard case .external = reference else { Issue.record("\(url) on \(page): \(reference)"); continue }
        case .file(let file, let end):
          let found = reference.indexCandidates.first { Self.tree.contains($0) }
          #expect(found == links.paths[file], "\(url) on \(page)")
          guard case .file(_, nil, let fragment) = reference else {
            Issue.record("\(url) on \(page): \(reference)"); continue
          }
          let rest = String(decoding: url.utf8.dropFirst(end), as: UTF8.self)
          #expect(rest == (fragment.map { "#" + $0 } ?? ""), "\(url) on \(page)")
        }
        known += 1
      }
    }
    #expect(known > 5000)
  }

  /// A page goes up the same, whether its links are followed by their bytes or as texts: written with a query, none is plain.
  @Test func pagesAreRewrittenAlike() async throws {
    var tree: FileTree = Self.tree
    let plain = Self.tree.paths.flatMap { path in
      ["", "#x"].map {
        "<a href=\"\(path.reference(from: "a/b/index.html"))\($0)\">x</a><img src=\"/\(path.urlEncoded)\($0)\">"
      }
    }
    let text =
      plain.joined(separator: "\n")
      + "<a href=http-b%C3%A4r/>bear</a> <a href=https://x.test/>elsewhere</a>"
      + "<a href=../>up</a> <a href='..'>up</a><a href=/>top</a><a href=#x>x</a><a href=\"\">self</a>"
    tree["a/b/http-bär/index.html"] = .bytes([])
    tree["a/b/index.html"] = .bytes(Array(text.utf8))
    let source = EditionSource(tree: tree, name: "s", url: "", sources: [:], commit: nil, time: 0, version: "1")
    let edition = try await addressedEdition(source, .folder, workers: 2, { _ in }) { cid, name in
      "http://g/ipfs/\(cid.text)?filename=\(name)"
    }
    let page = try #require(edition.pages.pages.first { $0.path == "a/b/index.html" })
    let sent = String(decoding: try page.contents.bytes(), as: UTF8.self)
    var urls = FileURLs()
    for asset in edition.assets {
      urls.add(asset.path, "http://g/ipfs/\(asset.file.cid.text)?filename=\(asset.path.name)")
    }
    let rewriter = FolderRewriter(
      page: "a/b/index.html", tree: tree, siteURL: "", urls: urls, links: PlainLinks(tree, siteURL: ""))
    let slow = String(decoding: rewriteHTML(Array(text.utf8)) { rewriter.url($0) }, as: UTF8.self)
    #expect(sent == slow)
    #expect(
      sent.contains("href=\"../../index.html\"") && sent.contains("href=../index.html")
        && !sent.contains("href=\"../b.html/"))
    #expect(sent.contains("http-b%C3%A4r/index.html") && sent.contains("href=https://x.test/>"))
  }
}
