import Files
import Testing

/// What is shown of a line has the place in it that is meant.
@Suite struct ExcerptTests {
  @Test(arguments: [
    ("short", 2, 3, "short", 1, 3), ("a\tb", 3, 1, "a b", 2, 1), ("äöü", 5, 2, "äöü", 2, 1),
    ("0123456789abcdefghij", 1, 2, "0123456789a…", 0, 2), ("0123456789abcdefghij", 11, 2, "…789abcdefg…", 4, 2),
    ("0123456789abcdefghij", 20, 5, "…9abcdefghij", 11, 1), ("0123456789abcdefghij", 30, 5, "…9abcdefghij", 12, 1),
    ("0123456789abcdefghij", 4, 20, "0123456789a…", 3, 9),
  ]) func showsTheColumn(
    _ line: String, _ column: Int, _ length: Int, _ text: String, _ indent: Int, _ carets: Int
  ) {
    let excerpt = Excerpt(line, SourceLocation(path: "a", line: 1, column: column, length: length), width: 12)
    #expect(excerpt.text == text)
    #expect(excerpt.indent == indent)
    #expect(excerpt.length == carets)
  }

  @Test func aLineAloneHasNoCaret() {
    #expect(Excerpt("abc", SourceLocation(path: "a", line: 1)).indent == nil)
  }
}
