import Testing

@testable import Highlighting

@Suite struct LanguageTests {
  @Test(arguments: [
    ("swift", "swift"), ("Swift", "swift"), ("PY", "python"), ("js", "javascript"), ("jsx", "javascript"),
    ("mjs", "javascript"), ("ts", "typescript"),
    ("tsx", "typescript"), ("c++", "cpp"), ("c#", "csharp"), ("C", "c"), ("sh", "bash"), ("svg", "xml"),
    ("yml", "yaml"), ("jsonc", "json"),
    ("html+jinja", "jinja2"), ("objc", "objective-c"), ("docker", "dockerfile"), ("golang", "go"),
    ("shell-session", "console"), ("plain", "text"),
  ])
  func hasAliases(_ alias: String, _ name: String) {
    #expect(Language.named(alias)?.name == name)
  }

  @Test(arguments: ["", "swif", "swiftt", "brainfuck", String(repeating: "x", count: 100), "é"])
  func unknownNamesHaveNone(_ name: String) {
    #expect(Language.named(name) == nil)
    var output: [UInt8] = [1]
    #expect(!highlight(Array("x".utf8), language: name, into: &output))
    #expect(output == [1])
  }

  @Test func namesAreUnique() {
    #expect(Set(Language.known).count == Language.known.count)
    #expect(Language.known == Language.known.sorted())
    for name in Language.known { #expect(Language.named(name) != nil) }
  }

  @Test func appendsAndTakesAnySequence() {
    var output = Array("x".utf8)
    #expect(highlight("if".utf8.lazy.map { $0 }, language: "c", into: &output))
    #expect(String(decoding: output, as: UTF8.self) == "x<span class=\"k\">if</span>")
  }
}

@Suite struct WordTableTests {
  private func value(_ table: WordTable, _ word: String, followedBy rest: String = "") -> UInt16 {
    Array((word + rest).utf8).withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { table.value($0, word.utf8.count, readable: buffer.count) } ?? 0
    }
  }

  @Test func findsWordsOfAllLengths() {
    let words = (1...WordTable.longestWord).map { String("abcdefghijklmnopqrstuvwxyz".prefix($0)) }
    let table = WordTable(Dictionary(uniqueKeysWithValues: zip(words, 1...)))
    for (word, number) in zip(words, UInt16(1)...) {
      #expect(value(table, word) == number)
      #expect(value(table, word, followedBy: "zzzzzzzzzzzzzzzz") == number)
      #expect(value(table, word.dropLast() + "_") == 0)
      #expect(value(table, word.uppercased()) == 0)
    }
    #expect(value(table, String(repeating: "a", count: 25)) == 0)
  }

  @Test func ignoresCaseWhereAsked() {
    let table = WordTable(["select": 1, "current_timestamp": 2, "if": 3], ignoringCase: true)
    #expect(value(table, "SELECT") == 1)
    #expect(value(table, "Current_TimeStamp", followedBy: "(") == 2)
    #expect(value(table, "iF") == 3)
    #expect(value(table, "CURRENT_TIMESTAMPS") == 0)
  }
}
