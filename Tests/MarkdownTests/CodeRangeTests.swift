import Testing

@testable import Markdown

@Suite struct CodeRangeTests {
  private func ranges(_ markdown: String, _ options: MarkdownOptions = .site) -> [CodeRange] {
    codeRanges(in: Array(markdown.utf8)[...], options: options)
  }

  private func code(_ markdown: String) -> [String] {
    let bytes = Array(markdown.utf8)
    return ranges(markdown).map { String(decoding: bytes[$0.range], as: UTF8.self) }
  }

  /// What is between `<code>` and `</code>`.
  private func shown(_ html: String) -> [String] {
    html.split(separator: "<code", omittingEmptySubsequences: false).dropFirst().map { part in
      let text = part.drop { $0 != ">" }.dropFirst()
      return String(text[..<(text.firstRange(of: "</code>")?.lowerBound ?? text.endIndex)])
        .replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
        .replacing("&amp;", with: "&")
    }
  }

  /// Without what the marks of code and of its containers are made of.
  private func reduced(_ text: some StringProtocol) -> String {
    String(text.filter { !$0.isWhitespace && !">`~|\\\0\u{FFFD}".contains($0) })
  }

  static let files: [(String, MarkdownOptions)] = [
    ("commonmark-spec-0.30.txt", .commonMark), ("gfm-spec-extensions.txt", .gfm),
    ("cmark-gfm-extensions.txt", .gfm), ("golden-gfm.txt", .gfm),
  ]

  /// Raw HTML has code of its own, and the text of an image none; footnotes are shown elsewhere, or nowhere.
  @Test(arguments: files) func `as much code is found as is shown`(_ file: (name: String, options: MarkdownOptions)) {
    for example in SpecExample.all(in: file.name)
    where !["<code", "<pre", "![", "[^"].contains(where: { example.markdown.contains($0) }) {
      let bytes = Array(example.markdown.utf8)
      let found = ranges(example.markdown, file.options).map {
        reduced(String(decoding: bytes[$0.range], as: UTF8.self))
      }
      let shown = shown(example.html).map(reduced)
      let description = "\(example.testDescription): \(example.markdown)"
      #expect(found.count == shown.count, "\(description)")
      for (found, shown) in zip(found, shown) {
        #expect(shown.isEmpty || found.contains(shown), "\(description)")
      }
    }
  }

  static let texts: [(String, [String])] = [
    ("a\n\n- ```sh\n  b\n  ```\n\nc", ["```sh\n  b\n  ```\n"]),
    ("> ```\n> a\n\nb", ["```\n> a\n"]),
    ("Term\n: ```\n  a\n  ```\n\nb", ["```\n  a\n  ```\n"]),
    ("a[^1]\n\n[^1]: ```\n    b\n    ```\n\nc", ["```\n    b\n    ```\n"]),
    ("- [ ] `a`\n- b\n\n\t```\n\tc\n\t```\n", ["`a`", "```\n\tc\n\t```\n"]),
    ("````\n```\n````\n```\na\n```\n", ["````\n```\n````\n", "```\na\n```\n"]),
    ("a\n\n    b\n\n    c\nd", ["b\n\n    c\n"]),
    ("a\n    b `c\nd` e", ["`c\nd`"]),
    ("| a | b |\n|--|--|\n| `c` | ``d \\| ` e`` |\n", ["`c`", "``d \\| ` e``"]),
    ("> `a\n> b`\r\n> c", ["`a\n> b`"]),
    ("<pre>\n```\n</pre>\n\n`a`\n\n<div>\n`b`\n</div>", ["`a`"]),
    ("\\`a` <a href=\"`\"> <http://a`> [b](`) `c`", ["` <a href=\"`", "`c`"]),
    ("Setext `a`\n===\n\n# ATX `b`\n\n[c]: /d '`'\n`e`", ["`a`", "`b`", "`e`"]),
    ("$$\n`a`\n$$\n\n$`b`$ [^`c`] `d`", ["`b`", "`d`"]),
    ("> [!NOTE]\n> `a`", ["`a`"]), ("> [!TIP] A `b` [`\n> `c`", ["`b`", "`c`"]),
    ("```\na", ["```\na"]), ("", []), ("\u{FEFF}`a`", ["`a`"]),
  ]

  @Test(arguments: texts) func `where code stands`(_ text: (markdown: String, code: [String])) {
    #expect(code(text.markdown) == text.code)
  }

  @Test func `a part of a text is read alone`() {
    let bytes = Array("```\n`a` `b` `".utf8)
    #expect(codeRanges(in: bytes[4..<11]) == [CodeRange(.span, 4..<7), CodeRange(.span, 8..<11)])
  }

  @Test(
    .timeLimit(.minutes(1)), arguments: ["`", "``` ", "`a ", "[`", "> ", "    a\n\n", "```\n", "a`b\n", "<`", "|`"])
  func `any text takes linear time`(_ part: String) { _ = ranges(String(repeating: part, count: 100_000)) }
}
