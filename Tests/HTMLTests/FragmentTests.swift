import TestSupport
import Testing

@testable import HTML

/// A piece of HTML that was looked through alone, in a document.
@Suite struct FragmentTests {
  /// Notes all that it is told, makes some URLs longer and some shorter, and gives images attributes.
  private struct Noting: HTMLVisitor {
    static let collectsImages = true
    var noted: [String] = []
    var edits: Bool

    mutating func url(
      _ bytes: UnsafeBufferPointer<UInt8>, _ kind: URLKind, replacement: inout [UInt8]
    ) -> QuickAnswer {
      guard bytes.first == UInt8(ascii: "/") else { return .unknown }
      noted.append("quick \(kind) \(String(decoding: bytes, as: UTF8.self))")
      if !edits { return .stays }
      replacement += "../..".utf8
      replacement += bytes
      return .replaced
    }

    mutating func url(_ found: FoundURL) -> String? {
      noted.append("\(found.kind) \(found.url)")
      return edits && found.url.count > 3 ? found.url.count > 6 ? "/x" : found.url + "/long&er" : nil
    }

    mutating func anchor(_ name: String, at range: Range<Int>) { noted.append("anchor \(name)") }
    mutating func imageWithoutAlt(at offset: Int) { noted.append("no alt") }

    mutating func image(_ tag: ImageTag) -> String? {
      noted.append("\(tag)")
      return edits && !tag.attributes.contains(.width) ? " width=\"32\" loading=\"lazy\"" : nil
    }
  }

  private static let parts = [
    "<p>text", "</p>\n", "<a href=\"/a/\">", "<a href=b.html>", "<a href='long/name/'>",
    "<img src=\"/i.png\" alt=\"\">",
    "<img src=i.png>", "<img src=\"picture.png\" srcset=\"a.png 1x, b.png 2x\" width=\"4\" />", "<h2 id=\"x\">",
    "<a name=y>",
    "<svg><a xlink:href='#s'>", "</svg>", "<title>", "</title>", "<script src=s.js>", "</script>", "<style>a{b:url(c)}",
    "</style>", "<!-- ", " -->", "<!doctype html>", "<", ">", "\"", "'", " id=z", "<a href", "<a href=\"a&amp;bcdef\">",
    "&lt;",
    "<textarea>", "</textarea>", "<iframe src=f.html>", "</iframe>", "\n", " ", "<base href=\"/b/\">",
    "<meta http-equiv=refresh content=\"5; url=later.html\">", "<p style=\"background: url(/p.png)\">",
    "<script type=module>", "import '/m.js'", "new URL('n.js', import.meta.url)", "<script type=importmap>",
    "{\"imports\": {\"/m.js\": \"./long/n.js\"}}",
  ]

  private func text(_ random: inout SeededGenerator, _ counts: ClosedRange<Int>) -> [UInt8] {
    (0..<Int.random(in: counts, using: &random)).flatMap { _ in
      Array((Self.parts.randomElement(using: &random) ?? "").utf8)
    }
  }

  @Test func isFoundAsInTheWholeDocument() {
    var random = SeededGenerator(seed: 7)
    var known = 0
    for _ in 0..<20_000 {
      var first = Noting(edits: Bool.random(using: &random))
      var fragment: HTMLFragment?
      let source = text(&random, 1...8)
      let piece = rewriteHTML(source, visitor: &first, fragment: &fragment)
      var alone = Noting(edits: first.edits)
      #expect(piece == rewriteHTML(source, visitor: &alone))
      #expect(first.noted == alone.noted)
      guard let fragment else { continue }
      known += 1
      let before = text(&random, 0...4)
      let document = before + piece + text(&random, 0...4)
      var whole = Noting(edits: Bool.random(using: &random))
      var held = Noting(edits: whole.edits)
      let wanted = rewriteHTML(document, visitor: &whole)
      let result = rewriteHTML(document, holding: fragment, at: before.count, visitor: &held)
      let shown = String(decoding: document, as: UTF8.self)
      #expect(result == wanted, "\(shown)")
      #expect(held.noted == whole.noted, "\(shown)")
    }
    #expect(known > 2_000)
  }

  @Test func isUnknownWhereItsEndIsOpen() {
    for source in ["<p>a <!-- b", "<script>a()", "<svg><path>", "<p", "<a href=\"b", "<title>t", "<plaintext>", "<p>"] {
      var visitor = Noting(edits: false)
      var fragment: HTMLFragment?
      _ = rewriteHTML(Array(source.utf8), visitor: &visitor, fragment: &fragment)
      #expect(fragment == nil, "\(source)")
    }
  }
}
