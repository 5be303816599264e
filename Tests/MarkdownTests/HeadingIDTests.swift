import Testing

@testable import Markdown

/// Ids of headings as other generators made them: what each gives for a heading was read from its own code and from sites it built.
@Suite struct HeadingIDTests {
  private func ids(_ markdown: String, _ style: HeadingIDStyle, smart: Bool = true) -> [String] {
    var options = MarkdownOptions.site
    options.headingIDStyle = style
    options.smart = smart
    return renderMarkdown(Array(markdown.utf8), options: options).outline.map(\.id)
  }

  private typealias Style = HeadingIDStyle

  @Test(arguments: [
    (Style.github, "What's next?", "whats-next"),
    (.github, "2.1 Key Pair: _Generation_ & Use", "21-key-pair-generation--use"),
    (.github, "Über [uns](/about/)", "über-uns"),
    (.github, "क्या", "क्या"),
    (.hugo, "What's next?", "whats-next"),
    (.hugo, "2.1 Key Pair: _Generation_ & Use", "21-key-pair-_generation_--use"),
    (.hugo, "Über [uns](/about/)", "über-unsabout"),
    (.hugo, "`code` & more", "code--more"),
    // A vowel sign is a combining mark.
    (.hugo, "की", "क"),
    (.hugo, "★", "heading"),
    (.hugoASCII, "Über Ångström, Łódź", "uber-angstrom-odz"),
    (.hugoASCII, "日本 one", "-one"),
    (.blackfriday, "What's next?", "what-s-next"),
    (.blackfriday, "  4.2.1. Performing (identification)", "4-2-1-performing-identification"),
    (.blackfriday, "snake_case", "snake-case"),
    (.kramdown, "3. What's next?", "whats-next"),
    (.kramdown, "a  b_c - d", "a--bc---d"),
    (.kramdown, "Über", "ber"),
    (.kramdown, "123", "section"),
    (.zola, "What's next?", "what-s-next"),
    (.zola, "-Zcheck-cfg", "zcheck-cfg"),
    (.zola, "Debugging initiatives 🦀", "debugging-initiatives-crab"),
    (.zola, "Faster builds 👩‍💻🛠", "faster-builds-woman-computer-tools"),
    (.zola, "Æúű--cool?", "aeuu-cool"),
    (.zola, "Straße für Łukasz", "strasse-fur-lukasz"),
    (.zola, "Объект: жизнь щёк", "ob-ekt-zhizn-shchiok"),
    (.zola, "Καλημέρα ψυχή ς", "kalemera-psukhe-s"),
    (.zola, "カタカナ ひらがな", "katakana-hiragana"),
    (.zola, "a… – b™", "a-btm"),
    (.zola, "x² ½", "x2-1-2"),
    // Zola has a dictionary of Chinese; here the characters stay.
    (.zola, "日本", "日本"),
    (.zolaSafe, "What is it?", "What_is_it?"),
    (.zolaSafe, "héhé two", "héhé_two"),
  ]) private func ofOneHeading(_ style: HeadingIDStyle, _ text: String, _ id: String) {
    #expect(ids("## \(text)\n", style, smart: style != .zolaSafe) == [id])
  }

  @Test func `equal ones are numbered`() {
    let markdown = "# A b\n\n# A b\n\n# A b-1\n\n# A b\n"
    for style in HeadingIDStyle.allCases where style != .zolaSafe {
      #expect(ids(markdown, style) == ["a-b", "a-b-1", "a-b-1-1", "a-b-2"], "\(style)")
    }
    #expect(ids(markdown, .zolaSafe) == ["A_b", "A_b-1", "A_b-1-1", "A_b-2"])
  }

  @Test func `ids that are given go before`() {
    for style in HeadingIDStyle.allCases { #expect(ids("## [A](b) c {#own .x}\n", style) == ["own"]) }
  }

  @Test func `what is given and what footnotes have, is taken`() {
    #expect(ids("## A\n\n## A\n\n## X {#a}\n\n## Y {#a-1}\n\n## A\n", .github) == ["a-2", "a-3", "a", "a-1", "a-4"])
    #expect(ids("## A\n\n![x](y.png){#a}\n", .github) == ["a-1"])
    #expect(
      ids("## fn 1\n\n## fnref 1\n\n## fnref 1-2\n\n## fn 2\n\na[^1] b[^1]\n\n[^1]: c\n[^2]: d\n", .github)
        == ["fn-1-1", "fnref-1-1", "fnref-1-2-1", "fn-2"])
  }

  @Test(arguments: [
    ("## A {#a}\n\n## B {#a}\n\nc ![d](e.png){#a}\n", [RepeatedID(id: "a", line: 3), RepeatedID(id: "a", line: 5)]),
    ("b[^1]\n\n## A {#fn-1}\n\n[^1]: c\n", [RepeatedID(id: "fn-1", line: 3)]),
    ("## A\n\n## A\n\n## B {#a}\n", []),
  ])
  func `ids given twice`(_ markdown: String, _ repeated: [RepeatedID]) {
    #expect(renderMarkdown(Array(markdown.utf8)).repeatedIDs == repeated)
  }

  /// Rules about the heading's Markdown find it in quotations, lists and below tables, however it is marked.
  @Test func `as it is written`() {
    let markdown = """
      | a |
      |---|
      | b |

      > ## A [b](c) ##

      - ## A *d* {.x}

      A [e](f)
      --------

      two
      lines [g](h)
      ===

      ### G ~~h~~

      [^1]: ## I [j](k)

      l[^1]
      """
    #expect(ids(markdown, .hugo) == ["a-bc", "a-d", "a-ef", "two-lines-g", "g-h", "i-jk"])
    #expect(ids(markdown, .github) == ["a-b", "a-d", "a-e", "two-lines-g", "g-h", "i-j"])
  }

  @Test(arguments: HeadingIDStyle.allCases) func `any bytes`(_ style: HeadingIDStyle) {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let bytes =
        Array("## ".utf8)
        + (0..<Int.random(in: 0..<60, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      var options = MarkdownOptions.site
      options.headingIDStyle = style
      for heading in renderMarkdown(bytes, options: options).outline { #expect(!heading.id.isEmpty) }
    }
  }
}
