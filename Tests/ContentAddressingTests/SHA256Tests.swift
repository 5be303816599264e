import ContentAddressing
import Testing

@Suite struct SHA256Tests {
  /// FIPS 180-4's examples and the empty message.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func examples(_ text: String, _ hex: String) {
    #expect(SHA256Digest(of: Array(text.utf8)).hex == hex)
    var hasher = SHA256Hasher()
    for _ in 0..<2 {
      for byte in text.utf8 { hasher.update([byte]) }
      #expect(hasher.finish().hex == hex)
    }
    #expect(SHA256Digest(hex: hex.uppercased()) == SHA256Digest(of: text.utf8))
    #expect(SHA256Digest(hex: hex)?.bytes.count == 32)
  }

  @Test func refusedForms() {
    #expect(SHA256Digest(bytes: [1, 2, 3]) == nil)
    #expect(SHA256Digest(hex: "abc") == nil)
    #expect(hexadecimalBytes("0") == nil && hexadecimalBytes("0g") == nil && hexadecimalBytes("é") == nil)
    #expect(hexadecimalBytes("00fF") == [0, 255] && hexadecimal([0, 255, 16]) == "00ff10")
  }
}
