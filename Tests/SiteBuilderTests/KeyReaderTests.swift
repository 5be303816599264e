import Files
import Testing

@testable import SiteBuilder

@Suite struct KeyReaderTests {
  /// Letters beyond ASCII have several spellings, of other lengths.
  @Test(arguments: ["th\u{E9}mes", "the\u{301}mes"], ["th\u{E9}mes", "the\u{301}mes"])
  func keysAreTheSameInAnySpelling(_ written: String, _ asked: String) throws {
    let text = DataText(whole: SourceText(path: "a", bytes: Array("b: 1\n\(written): x\n".utf8)))
    var reader = KeyReader(try readYAML(text), in: text.source, name: "a")
    #expect(reader.string(asked) == "x")
    #expect(reader.int("c", "b") == 1)
    reader.refuseRest()
    #expect(reader.diagnostics.isEmpty)
  }
}
