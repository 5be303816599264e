import Files
import Testing

@Suite struct TextTests {
  @Test(arguments: [
    ("a b/é 漢.txt", "a b/é 漢.txt"), ("a\tb\r\n", "a\\tb\\r\\n"), ("\u{1B}]0;x\u{7}", "\\u{1b}]0;x\\u{7}"),
    ("\u{202E}a\u{9B}", "\\u{202e}a\\u{9b}"), ("", ""),
  ])
  func whatATerminalWouldActOnIsVisible(_ name: String, _ expected: String) {
    #expect(visible(name) == expected)
  }

  @Test(arguments: [(" \ta b\t ", "a b"), ("a\n", "a\n"), (" \t", ""), ("", ""), (" é", "é")])
  func spacesAndTabsAtTheEnds(_ text: String, _ expected: String) {
    #expect(text.trimmingSpaces == expected)
  }
}
