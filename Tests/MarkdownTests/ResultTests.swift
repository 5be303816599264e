import Testing

@testable import Markdown

@Suite struct ResultTests {
  private func rendered(
    _ markdown: String, _ options: MarkdownOptions = .site, _ hooks: MarkdownHooks = MarkdownHooks(),
    firstLine: Int = 1
  ) -> RenderedMarkdown {
    renderMarkdown(Array(markdown.utf8), options: options, hooks: hooks, firstLine: firstLine)
  }

  @Test func `the summary ends at its marker, which is gone`() {
    for marker in ["<!-- more -->", "<!--more-->", "<!-- MORE -->"] {
      let result = rendered("one\n\n\(marker)\n\ntwo\n")
      #expect(String(decoding: result.html, as: UTF8.self) == "<p>one</p>\n<p>two</p>\n")
      #expect(result.summaryEnd == 11)
    }
    #expect(rendered("one\n").summaryEnd == nil)
  }

  @Test func `the first paragraph is one of the document's own`() throws {
    let result = rendered("# a\n\n> b\n\nc *d*\n\ne\n")
    let range = try #require(result.firstParagraph)
    #expect(String(decoding: result.html[range], as: UTF8.self) == "<p>c <em>d</em></p>")
  }

  @Test func `the outline`() {
    let result = rendered("\n# A `b` & c\n\n> ## [D](e)\n\nF[^1]\n---\n\n[^1]: g\n", firstLine: 5)
    #expect(
      result.outline == [
        OutlineHeading(level: 1, id: "a-b--c", html: "A <code>b</code> &amp; c", text: "A b & c", line: 6),
        OutlineHeading(level: 2, id: "d", html: "<a href=\"e\">D</a>", text: "D", line: 8),
        OutlineHeading(
          level: 2, id: "f",
          html: "F<sup class=\"footnote-ref\"><a href=\"#fn-1\" id=\"fnref-1\" data-footnote-ref>1</a></sup>",
          text: "F",
          line: 10),
      ])
    #expect(result.footnoteCount == 1)
  }

  @Test func `references with the lines of the file`() {
    let markdown = """
      [a](b.md "t") and
      ![c](d%20e.png) [f][g] https://h.i/j_k

      | x |
      |---|
      | [l](m) |

      n[^1] <o@p.q> r@s.tu

      [g]: /u&amp;v
      [^1]: [w](x)
      """
    let references = rendered(markdown, .gfm, firstLine: 11).references
    #expect(
      references.map { "\($0.kind == .image ? "!" : "")\($0.destination):\($0.line)" } == [
        "b.md:11", "!d%20e.png:12", "/u&v:12", "https://h.i/j_k:12", "m:16", "mailto:o@p.q:18", "mailto:r@s.tu:18",
        "x:21",
      ])
  }

  @Test func `lines, where nothing needs lowering`() {
    #expect(rendered("a\n[b](c)\n\n- d\n  [e](f)\n", .commonMark, firstLine: 3).references.map(\.line) == [4, 7])
  }

  @Test func words() {
    #expect(rendered("one *two*three `four five`\nsix\n\n    not these\n\n- seven eight-nine\n").wordCount == 7)
    #expect(rendered("averyverylongword another andathird1 2 3\n").wordCount == 5)
  }

  @Test func `plain text`() {
    let text = rendered("# A\n\nb *c* &amp; `<d>`[^1]\n\n<script>no</script>\n\n[^1]: e\n").plainText
    #expect(String(decoding: text, as: UTF8.self) == "A b c & <d> e ↩")
  }

  @Test func `the destination hook`() {
    var seen: [String] = []
    var hooks = MarkdownHooks()
    hooks.destination = { destination, kind, line in
      seen.append("\(destination) \(kind) \(line)")
      return destination.hasSuffix(".md") ? "/" + destination.dropLast(3) + "/" : nil
    }
    let result = rendered("[a](b.md) ![c](d.png)\n[e](f)\n", .commonMark, hooks)
    #expect(
      String(decoding: result.html, as: UTF8.self)
        == "<p><a href=\"/b/\">a</a> <img src=\"d.png\" alt=\"c\" />\n<a href=\"f\">e</a></p>\n")
    #expect(seen == ["b.md link 1", "d.png image 1", "f link 2"])
    #expect(result.references.map(\.destination) == ["b.md", "d.png", "f"])
  }

  @Test func `the code hook gets the whole info string`() {
    var hooks = MarkdownHooks()
    hooks.codeBlock = { block in
      if block.language == "text" { return nil }
      let code = String(decoding: block.code, as: UTF8.self)
      return Array("<code \(block.language)|\(block.info)|\(code.count)|\(block.line)>".utf8)
    }
    let result = rendered("a\n\n```swift {3,5-7} title=\"x\"\nlet a\n```\n\n~~~text\nb\n~~~\n", .site, hooks)
    #expect(
      String(decoding: result.html, as: UTF8.self)
        == "<p>a</p>\n<code swift|swift {3,5-7} title=\"x\"|6|3>\n<pre><code class=\"language-text\">b\n</code></pre>\n"
    )
  }

  @Test func `render templates`() {
    var hooks = MarkdownHooks()
    hooks.link = {
      Array("[\($0.destination)|\($0.title)|\(String(decoding: $0.html, as: UTF8.self))|\($0.line)]".utf8)
    }
    hooks.image = { Array("(\($0.destination)|\($0.title)|\($0.alternative)|\($0.attributes.classes))".utf8) }
    hooks.heading = { $0.level == 1 ? nil : Array("{\($0.id)|\($0.text)|\($0.attributes.classes)}".utf8) }
    hooks.blockQuote = { Array("Q\($0.alert?.title ?? "-"):\(String(decoding: $0.html, as: UTF8.self))".utf8) }
    hooks.table = { Array("T\($0.line):\($0.html.count)".utf8) }
    let markdown = """
      # A
      ## B {.c}

      [d *e*](f "g") ![h & *i*](j "k"){.l} http://m.n

      > o

      > [!TIP]
      > p

      | q |
      |---|
      """
    #expect(
      String(decoding: rendered(markdown, .site, hooks).html, as: UTF8.self) == """
        <h1 id="a">A</h1>
        {b|B|["c"]}
        <p>[f|g|d <em>e</em>|4] (j|k|h & i|["l"]) [http://m.n||http://m.n|4]</p>
        Q-:<p>o</p>
        QTip:<p>p</p>
        T11:39

        """)
  }

  @Test func `inline Markdown`() {
    func inline(_ text: String) -> String { String(decoding: renderInlineMarkdown(Array(text.utf8)), as: UTF8.self) }
    #expect(inline("a *b* `c`") == "a <em>b</em> <code>c</code>")
    #expect(inline("a\n\nb") == "<p>a</p>\n<p>b</p>")
    #expect(inline("a\n\n<p class=b>c</p>\n") == "<p>a</p>\n<p class=b>c</p>")
    #expect(inline("") == "")
  }

  @Test(arguments: [
    ("a<SCRIPT>b < c</Script>d", "ad"), ("a<style>b</STYLE>c", "ac"), ("<style-guide>a</style-guide>", "a"),
    ("<script src=x></script>a", "a"), ("a<style>b", "a"), ("a<sup class=\"footnote-ref\">2</sup> b", "a b"),
  ])
  func `plain text of raw HTML`(html: String, expected: String) {
    #expect(String(decoding: plainText(ofHTML: Array(html.utf8)[...]), as: UTF8.self) == expected)
  }

  @Test func `slugs`() {
    #expect(githubID("What's new in 2.0?") == "whats-new-in-20")
    #expect(githubID("  a_b - c") == "--a_b---c")
  }
}
