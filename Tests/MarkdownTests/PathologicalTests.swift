import TestSupport
import Testing

@testable import Markdown

/// Input made to be slow or to break something: all of it must end, and soon.
@Suite struct PathologicalTests {
  private static let count = 2_000

  private static func many(_ text: String) -> String { String(repeating: text, count: count) }

  @Test(arguments: [
    many("> ") + "a", many("- ") + "a", many("1. ") + "a", many("[") + "a" + many("]"), many("![[]()"),
    many("*a **b_ "),
    many("~~a ~b~ *c~~ "), many("$a "), many("$a$ "), many("$a`"), many("$$a "), many("$$a $b "), many("$$\na\n"),
    many("[^a]") + "\n\n[^a]: b", many("[^a]: "),
    many("[^a]: b\n"), "|a|b|\n|-|-|\n" + many("|c|d|\n"), "|" + many("a|") + "\n|" + many("-|"), many("a\n|-\n"),
    many("* ") + "a", many("{>}<!--\n"), many("{>}<?"), many("<a "), many("<!-- "), many("<?"), many("<![CDATA["),
    many("&"), many("http://a"),
    many("www."), many("a@"), many("mailto:") + "@", many("![a](b){"), many("a\n: b\n"), "a\n" + many(": ") + "b",
    many("[a](b"), many("[a](b \""), many("[a](<b"), many("\\"), many("> [!NOTE]\n"), many("- [ ] "),
    many("[a]: b\n") + "===\n", many("[a]: b\n===\n"), "http://a" + many(")"), "http://a" + many("&a;"), many("`a``"),
    many("\u{0}"), many("# {"), many("\t"), many("- -|"),
  ])
  func ends(markdown: String) {
    let options = MarkdownOptions.site
    #expect(renderMarkdown(Array(markdown.utf8), options: options).html.count <= 400 * markdown.utf8.count)
  }

  /// Each of these once took a time that grew with the square of the length.
  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      String(repeating: "![](b){a=", count: 20_000),
      String(repeating: "[^", count: 30_000) + "a" + String(repeating: "]", count: 30_000),
      String(repeating: "- ", count: 10_000) + "a\n"
        + String(repeating: String(repeating: " ", count: 20_000) + "~a~\n", count: 10),
    ])
  func linearTime(markdown: String) {
    #expect(renderMarkdown(Array(markdown.utf8)).html.count <= 20 * markdown.utf8.count)
  }

  /// libcmark alone takes a minute for the last of these.
  @Test(.timeLimit(.minutes(1)), arguments: [MarkdownOptions.site, .gfm, .commonMark], [1, 200, 300, 100_000])
  func imagesThatStayOpen(_ options: MarkdownOptions, _ count: Int) {
    let text = String(repeating: "![[]()", count: count)
    let link = "![<a href=\"\"></a>"
    #expect(html(text, options) == "<p>" + String(repeating: link, count: count) + "</p>\n")
  }

  /// Many images are no trouble, and what stands in code stays as it is.
  @Test func manyImages() {
    let images = String(repeating: "![a](b)\n", count: 300)
    #expect(html(images, .commonMark).split(separator: "<img").count == 301)
    let code = "    " + String(repeating: "![", count: 400) + "\n"
    #expect(html(code, .site) == "<pre><code>" + String(repeating: "![", count: 400) + "\n</code></pre>\n")
    let span = "`" + String(repeating: "![", count: 400) + "`\n"
    #expect(html(span, .site) == "<p><code>" + String(repeating: "![", count: 400) + "</code></p>\n")
    let inner = String(repeating: "![", count: 100) + "a" + String(repeating: "](b)", count: 100) + images
    #expect(html(inner, .site).hasPrefix("<p><img src=\"b\" alt=\"a\" /><img"))
  }

  @Test func `bytes that are no UTF-8 become U+FFFD`() {
    let result = renderMarkdown([0x61, 0xFF, 0x62, 0x00, 0x7C, 0x0A, 0x2D, 0x7C], options: .gfm)
    #expect(String(validating: result.html, as: UTF8.self)?.contains("a\u{FFFD}b\u{FFFD}") == true)
  }

  @Test func `nothing comes of nothing`() {
    for text in ["", "\n", " \n\t\n", "\u{FEFF}", "[^1]: a\n"] {
      #expect(renderMarkdown(Array(text.utf8)).html.isEmpty)
    }
    #expect(html("\u{FEFF}# a\n\n~~b~~\n", .gfm) == "<h1>a</h1>\n<p><del>b</del></p>\n")
  }

  /// The code points that stand around tokens may be in the source.
  @Test func `sentinels in the source`() {
    let all = String(String.UnicodeScalarView((0x10FFC0...0x10FFFD).compactMap { Unicode.Scalar($0) }))
    let most = String(all.unicodeScalars.dropLast())
    #expect(html("~~a~~ \(most)12\(most)\n", .gfm) == "<p><del>a</del> \(most)12\(most)</p>\n")
    #expect(html("~~a~~ \(all)1\(all)\n", .gfm).contains(all + "1" + all))
    #expect(html("~~a~~ \u{12470}0\u{12470}\n", .gfm) == "<p><del>a</del> \u{12470}0\u{12470}</p>\n")
  }

  /// A line is no fence because of a backtick further on, in what becomes a link or stays text.
  @Test func `backticks in tokens`() {
    let fences = ["```` http://a.b```", "```[^a`]", "```` $a`b$ http://a`"]
    for fence in fences {
      for text in [fence, "a\n\(fence)\nb", "a ``` b\n\(fence)\n\n~~c~~"] {
        let result = html(text + "\n", .site)
        #expect(
          !result.contains("<pre>") && !result.unicodeScalars.contains { $0.value >= 0x10FFC0 }, "\(text): \(result)")
      }
    }
  }

  /// What was read of a footnote's label before that was known to be one is read anew, its lines as well.
  @Test func `tokens and lines in labels of footnotes`() {
    let note = "<sup class=\"footnote-ref\"><a href=\"#fn-$x$\" id=\"fnref-$x$\" data-footnote-ref>1</a></sup>"
    for (behind, expected) in [("", "</p>"), (" b\n~~c~~\n", " b\n<del>c</del></p>")] {
      let result = html("a [^\n$x$]\(behind)\n\n[^$x$]: d\n", .site)
      #expect(result.hasPrefix("<p>a \(note)\(expected)\n"), "\(result)")
    }
  }

  /// Random documents from words that mean something: the outcome is UTF-8, and the same each time.
  @Test func `random documents end`() {
    let words = [
      "a", " ", "\n", "\n\n", "*", "**", "_", "~~", "`", "[", "]", "(", ")", "[^1]", "[^1]: ", "|", "|-|", "\n|-|-|\n",
      "- ", "1. ", "> ", "# ", "```", "<b>", "<!--", "-->", "www.a.b", "http://c", "d@e.f", "&amp;", "\\", "!", "](x)",
      "\t", "$", "$$", "{.a}", ": ", "[!NOTE]", "[ ] ", ":tada:", "é", "\r\n", "    ", "===", "---",
    ]
    var options = MarkdownOptions.site
    options.emoji = true
    var random = SeededGenerator(seed: 42)
    for _ in 0..<4000 {
      let text = (0..<random.below(40)).map { _ in words[random.below(words.count)] }.joined()
      let first = renderMarkdown(Array(text.utf8), options: options).html
      #expect(String(validating: first, as: UTF8.self) != nil)
      #expect(first == renderMarkdown(Array(text.utf8), options: options).html, "\(text)")
    }
  }
}
