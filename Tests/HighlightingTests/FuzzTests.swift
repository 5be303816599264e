import TestSupport
import Testing

@testable import Highlighting

/// Whatever the bytes are: the text comes back, tokens stay in order, and the time is linear.
@Suite struct FuzzTests {
  private func check(_ code: [UInt8], _ language: Language, _ what: @autoclosure () -> String) {
    let found = code.withUnsafeBufferPointer { tokens(of: $0, language: language) }
    var end = 0
    for token in found {
      if token.start < end || token.end <= token.start || token.end > code.count {
        Issue.record("token \(token) after \(end) in \(language.name): \(what())")
        return
      }
      end = token.end
    }
    var output: [UInt8] = []
    code.withUnsafeBufferPointer { highlight($0, language: language, into: &output) }
    if text(ofHTML: output) != code { Issue.record("other text in \(language.name): \(what())") }
  }

  private var languages: [Language] { Language.ID.allCases.map { Language(id: $0) } }

  @Test func cutSamples() {
    var numbers = SeededGenerator(seed: 1)
    for sample in Sample.all {
      guard let language = Language.named(sample.language) else { continue }
      for _ in 0..<24 {
        let from = Int.random(in: 0..<sample.source.count, using: &numbers)
        let to = Int.random(in: from...min(from + 200, sample.source.count), using: &numbers)
        check(Array(sample.source[from..<to]), language, "\(from)..<\(to)")
      }
    }
  }

  @Test func samplesOfOtherLanguages() {
    for sample in Sample.all {
      for language in languages { check(Array(sample.source.prefix(300)), language, "sample \(sample.language)") }
    }
  }

  @Test func randomBytes() {
    var numbers = SeededGenerator(seed: 2)
    // Mostly what opens or closes something.
    let alphabet = Array("\"'`#/*-<>{}[]()$@!%&|\\:;=.,~?+^_ \n\t\rabrRqmEOF09xeé".utf8) + [0, 0xFF, 0xC3, 0x80]
    for language in languages {
      for round in 0..<30 {
        let count = Int.random(in: 0...80, using: &numbers)
        let code = (0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &numbers)] }
        check(code, language, "round \(round): \(code)")
      }
    }
  }

  @Test func alteredSamples() {
    var numbers = SeededGenerator(seed: 3)
    for sample in Sample.all {
      guard let language = Language.named(sample.language) else { continue }
      for round in 0..<10 {
        var code = Array(sample.source.prefix(400))
        for _ in 0..<5 {
          let index = Int.random(in: 0..<code.count, using: &numbers)
          code[index] =
            Bool.random(using: &numbers)
            ? UInt8.random(in: 0...255, using: &numbers) : code[Int.random(in: 0..<code.count, using: &numbers)]
        }
        check(code, language, "round \(round)")
      }
    }
  }

  /// The same few bytes again and again, read as every language.
  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      "/", "[", "{", "(", "`", "\"", "'", "<", "#{", "${", "$(", "\\(", "{{", "{%", "/*", "(* ", "<!--", "<a ", "<<A\n",
      "%w[", "~r/", "r#\"", "R\"(",
      "--[[", "[[", "[=", "[a](", "*a ", "_a ", "**", "~~~\n", "&a", "a:", "- ", "  ", "@", "#", "f\"{", "\"\"\"",
      "'''", "''", "<?", "FROM a AS b\n",
      "s{", "a: |\n", "=x\n", "/[", "a b", "x\\\n", "#if\n", "`a ", "\"\\(", "a{b", "<b", "$a", "q(", "?", "<script>",
      "{a:{",
    ])
  func repeated(_ part: String) {
    let count = 3_000 / part.utf8.count
    let code = Array(String(repeating: part, count: count).utf8)
    for language in languages { _ = code.withUnsafeBufferPointer { tokens(of: $0, language: language) } }
  }

  /// Where a look-ahead in vain could be repeated at each byte: a quadratic scan of 60 KB would take much longer in any build.
  @Test(arguments: [
    ("css", "#{"), ("scss", "#{a}"), ("css", "a{"), ("css", "a:b "), ("toml", "[a]("), ("toml", "a "), ("swift", "#"),
    ("swift", "\"\\("), ("javascript", "/[ "),
    ("javascript", "`${"), ("markdown", "[a "), ("markdown", "*a "), ("markdown", "`a"), ("html", "<a "),
    ("html", "&a"), ("jinja2", "{{"),
    ("yaml", "a: |\n"), ("yaml", "[{"), ("yaml", "\"a\"\n"), ("dockerfile", "# \\\n"), ("dockerfile", "FROM a AS b\n"),
    ("makefile", "a\\\n"),
    ("bash", "<<A "), ("ruby", "<<~A\n"), ("rust", "r#"), ("cpp", "R\"("), ("lua", "[="), ("perl", "s{"),
    ("python", "f\"{"), ("json", "\"a\" "),
    ("haskell", "-"), ("php", "<?"), ("c", "  #"), ("elixir", "~s("),
  ])
  func trapIsLinear(_ language: String, _ part: String) throws {
    let code = Array(String(repeating: part, count: 60_000 / part.utf8.count).utf8)
    let language = try #require(Language.named(language))
    let seconds = processorSeconds { _ = code.withUnsafeBufferPointer { tokens(of: $0, language: language) } }
    #expect(seconds < 6)
  }

  @Test func emptyCode() {
    for language in languages { check([], language, "empty") }
  }
}
