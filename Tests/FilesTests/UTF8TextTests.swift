import Files
import Testing

@Suite struct UTF8TextTests {
  private static let valid = [
    "", "plain", "é", "日本", "😀", String(repeating: "x", count: 17) + "é",
    String(repeating: "x", count: 75) + "é",
  ]
  private static let invalid: [[UInt8]] = [
    [0x80], [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE6],
  ]

  @Test(arguments: valid)
  func invalidUTF8IsFoundWhereItIs(_ valid: String) {
    #expect(firstInvalidUTF8(Array(valid.utf8)) == nil)
    for bad in Self.invalid {
      #expect(firstInvalidUTF8(Array(valid.utf8) + bad + Array("after it".utf8)) == valid.utf8.count)
      #expect(firstInvalidUTF8(Array(valid.utf8) + bad) == valid.utf8.count)
    }
  }

  @Test(arguments: valid)
  func aTextIsReadAsTheStandardLibraryReadsIt(_ valid: String) {
    #expect(String(text: Array(valid.utf8)) == valid)
    for bad in Self.invalid {
      let bytes = Array(valid.utf8) + bad + Array("after it".utf8)
      #expect(String(text: bytes) == String(decoding: bytes, as: UTF8.self))
    }
  }
}
