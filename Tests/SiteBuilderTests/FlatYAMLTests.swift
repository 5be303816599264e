import Files
import TestSupport
import Testing

@testable import SiteBuilder

/// The reader of simple front matter against libyaml: where it reads a text at all, values and places are the same.
@Suite struct FlatYAMLTests {
  @Test(arguments: [
    "title: Hello\n", "title: \"A: b # c\"\ndate: 2026-11-22T10:30:00Z\n", "tags: [swift, web, c]\ndraft: false",
    "# a comment\n\ntitle: Don't stop\nweight: -5\nratio: 0.5\n",
    "a: 'single'   \nb-c_1: [\"x\", 'y z', 3, true, null]\n",
    "url: https://example.com/a#b\nempty: []\n", "title: Größe – naïve 日本 😀\nnull_: null\n",
    "a: /b/c\nb: c#d\nc: [ a , b/c ]\n", "hex: 0x10\noctal: 0o7\nbig: 99999999999999999999\n", "a: b:c\n",
  ])
  func simpleTexts(_ text: String) throws {
    let flat = readFlatYAML(Self.data(text))
    #expect(flat != nil, "not read: \(text)")
    #expect(try flat == readAnyYAML(Self.data(text)))
  }

  @Test(arguments: [
    "", "# nothing\n", "title:\n", "title: a: b\n", "title: a # comment\n", "a: b\n  c\n", "tags:\n  - a\n",
    "a: &x b\n",
    "a: b\na: c\n", "a: \"b\\n\"\n", "a: 'it''s'\n", "a: [b, [c]]\n", "a: [b,]\n", "a: {b: c}\n", "a: |\n  b\n",
    "a: b\u{2028}c\n", "a: b\r\n", "a:\tb\n", "- a\n", "a: \"b\n  c\"\n", "a: [b: c]\n", "a: [b\n  c]\n", "a: @b\n",
    "a: \"\n",
    "a: \u{FEFF}b\n", "a: b:\n", "a: [a?b]\n", "a: [, b]\n",
  ])
  func textsForLibyaml(_ text: String) { #expect(readFlatYAML(Self.data(text)) == nil, "read: \(text)") }

  @Test func textsByChance() throws {
    var seed = SeededGenerator(seed: 0xF1A7)
    let pieces = [
      "a", "title", ": ", ":", " ", "\n", "[", "]", ", ", "\"", "'", "#", " # ", "b c", "-", "1", "0.5", "true", "é",
      "/", "{",
      "}", "?", "!", "&", "*", "|", "\u{85}", "~", "%", ".", "\nkey: ", "\nkey2: [", "\\",
    ]
    var read = 0
    for _ in 0..<20000 {
      var text = seed.next() % 2 == 0 ? "first: 1\nkey: " : ""
      for _ in 0...seed.below(9) { text += pieces[seed.below(pieces.count)] }
      guard let flat = readFlatYAML(Self.data(text)) else { continue }
      read += 1
      #expect(try flat == readAnyYAML(Self.data(text)), "\(text.debugDescription)")
    }
    #expect(read > 500)
  }

  private static func data(_ text: String) -> DataText {
    // Behind a first line, as front matter is.
    let source = SourceText(path: "content/a.md", bytes: Array(("---\n" + text).utf8))
    return DataText(source: source, range: 4..<source.bytes.count)
  }
}
