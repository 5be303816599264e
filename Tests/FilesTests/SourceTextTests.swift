import Files
import Testing

@Suite struct SourceTextTests {
  private func source(_ text: String) -> SourceText { SourceText(path: "a.md", bytes: Array(text.utf8)) }

  @Test(arguments: [
    (0, 1, 1), (1, 1, 2), (2, 1, 3), (3, 2, 1), (4, 3, 1), (6, 3, 3), (7, 3, 4), (99, 3, 4), (-5, 1, 1),
  ])
  func locations(_ offset: Int, _ line: Int, _ column: Int) {
    let location = source("ab\n\né!").location(at: offset, length: 2)
    #expect(location == SourceLocation(path: "a.md", line: line, column: column, length: 2))
  }

  @Test func lines() {
    let text = source("one\r\ntwo\n\nlast")
    #expect(text.lineCount == 4)
    #expect((0...5).map { text.line($0) } == [nil, "one", "two", "", "last", nil])
    #expect(source("a\n").lineCount == 2)
    #expect(source("a\n").line(2) == "")
    #expect(source("").line(1) == "")
    #expect(source("").location(at: 0).line == 1)
    #expect(SourceText(path: "x", bytes: [0x61, 0xFF]).line(1) == "a\u{FFFD}")
  }

  /// Every offset's line and column lead back to it.
  @Test func everyOffset() {
    let text = "a\n\r\n\n日本\nx"
    let source = source(text)
    var starts = [0]
    for (index, byte) in text.utf8.enumerated() where byte == 0x0A { starts.append(index + 1) }
    for offset in 0...text.utf8.count {
      let place = source.location(at: offset)
      #expect(starts[place.line - 1] + place.column - 1 == offset)
    }
  }

  @Test func diagnostics() {
    let found = source("one\ntwo").diagnostic(.warning, id: "x-y", "a rule", at: 5, length: 2, hint: "h", notes: ["n"])
    #expect(found.location == SourceLocation(path: "a.md", line: 2, column: 2, length: 2))
    #expect(found.sourceLine == "two")
    #expect(found.severity == .warning)
    #expect(found.hint == "h")
    #expect(found.notes == ["n"])
  }
}

@Suite struct DiagnosticTests {
  private func at(_ path: String, _ line: Int, _ column: Int, _ id: String = "a", _ message: String = "m") -> Diagnostic
  {
    Diagnostic(id: id, message, at: SourceLocation(path: path, line: line, column: column))
  }

  @Test func order() {
    let sorted = [
      Diagnostic(id: "z", "no place"), at("a", 1, 2), at("a", 2, 1, "a"), at("a", 2, 1, "b", "a"),
      at("a", 2, 1, "b", "b"),
      at("a", 10, 1), at("b", 1, 1),
    ]
    #expect(Diagnostics(sorted.reversed()).all == sorted)
  }

  @Test func stopping() throws {
    let warning = Diagnostic(.warning, id: "w", "doubtful")
    let error = Diagnostic(id: "e", "wrong")
    try Diagnostics.stop(at: [])
    try Diagnostics.stop(at: [], strict: true)
    try Diagnostics.stop(at: [warning])
    let strict = #expect(throws: Diagnostics.self) { try Diagnostics.stop(at: [warning], strict: true) }
    #expect(strict?.all == [warning])
    let both = #expect(throws: Diagnostics.self) { try Diagnostics.stop(at: [warning, error]) }
    #expect(both?.all == [error, warning])
    #expect(Diagnostic.Severity.warning < .error)
  }
}

@Suite struct SuggestionTests {
  @Test(arguments: [
    ("titel", "title"), ("tittle", "title"), ("TITLE", "title"), ("dsecription", "description"), ("tag", "tags"),
    ("titlex", "title"),
  ])
  func near(_ word: String, _ name: String) {
    #expect(suggestion(for: word, among: ["description", "tags", "title"]) == name)
  }

  @Test(arguments: ["zebra", "", "ti", "completely-else"])
  func far(_ word: String) {
    #expect(suggestion(for: word, among: ["description", "title", "weights"]) == nil)
  }

  @Test func nearestThenFirst() {
    #expect(suggestion(for: "abcd", among: ["abxd", "abcx", "abc"]) == "abc")
    #expect(suggestion(for: "abcd", among: ["zbcd", "abcz", "abzd"]) == "abcz")
    #expect(suggestion(for: "abcd", among: ["abcz", "abcd"]) == "abcd")
    #expect(suggestion(for: "a", among: [String]()) == nil)
  }

  /// One word of a thousand letters among many must not take long.
  @Test func longWords() {
    let names = (0..<50).map { String(repeating: "x", count: 300) + "\($0)" }
    #expect(suggestion(for: String(repeating: "y", count: 300), among: names) == nil)
  }
}
