import Testing

@testable import SiteBuilder

struct XMLCharacterTests {
  /// Wherever it stands among the eight bytes that are looked at together.
  @Test(arguments: ["\u{0}", "\u{B}", "\u{1F}", "\u{FFFE}", "\u{FFFF}"]) func forbiddenCharactersAreDropped(
    _ text: String
  ) {
    for length in 0..<20 {
      let around = String(repeating: "a\n\té\u{F000}\u{FFFD}", count: 3)
      let before = String(repeating: "x", count: length)
      var bytes = Array((before + text + around + text + text).utf8)
      bytes.dropCharactersForbiddenInXML()
      #expect(String(decoding: bytes, as: UTF8.self) == before + around)
    }
  }

  @Test func othersStay() {
    let text = "a\t\r\n \u{7F}\u{80}ï¿½ \u{EFFF}\u{F000}\u{FFFD}\u{10000}\u{10FFFF}".unicodeScalars.map(String.init)
    for start in text.indices {
      let bytes = Array(text[start...].joined().utf8)
      var kept = bytes
      kept.dropCharactersForbiddenInXML()
      #expect(kept == bytes)
    }
  }
}
