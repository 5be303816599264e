import ContentAddressing
import TestSupport
import Testing

@Suite struct CIDTests {
  static let v0 = "QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH"

  @Test func versions() throws {
    let old = try CID(Self.v0)
    #expect(old.version == .v0 && old.codec == .dagPB)
    #expect(old.text == Self.v0 && "\(old)" == Self.v0)
    #expect(old.bytes.count == 34 && old.byteCount == 34)
    let new = old.asV1
    #expect(new.version == .v1 && new != old && new.asV0 == old && new.multihash == old.multihash)
    #expect(new.text == "bafybeif7ztnhq65lumvvtr4ekcwd2ifwgm3awq4zfr3srh462rwyinlb4y")
    #expect(try CID(new.text) == new)
    #expect(new.bytes.count == 36 && new.bytes.starts(with: [0x01, 0x70, 0x12, 0x20]))
    let raw = try CID("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku")
    #expect(raw.codec == .raw && raw.asV0 == nil && raw.matches([]) && !raw.matches([0]))
  }

  /// Written by another implementation (Python: hashlib, base64 and integer arithmetic).
  @Test(arguments: [
    "f01551220e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku",
    "k2cwueebp9wws0fnm29jatrrbqocjaivp132efhd99cd5phw2odywbit",
    "zb2rhmy65F3REf8SZp7De11gxtECBGgUKaLdiDj7MCGCHxbDW",
    "uAVUSIOOwxEKY_BwUmvv0yJlvuSQnrkHkZJuTTKSVmRt4UrhV",
  ])
  func bases(_ text: String) throws {
    let cid = try CID("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku")
    #expect(try CID(text) == cid)
    #expect(Multibase.allCases.map { cid.text(in: $0) }.contains(text))
  }

  @Test func roundTripsInEveryBase() throws {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<200 {
      let block = (0..<8).map { _ in UInt8.random(in: 0...255, using: &generator) }
      for cid in [
        CID.v0(SHA256Digest(of: block)), .v1(.dagPB, SHA256Digest(of: block)), .v1(.raw, SHA256Digest(of: block)),
      ] {
        #expect(try CID(cid.text) == cid)
        #expect(try CID(bytes: cid.bytes) == cid)
        for base in Multibase.allCases { #expect(try CID(cid.text(in: base)) == cid.asV1) }
        #expect(cid.matches(block))
      }
    }
  }

  @Test func identity() throws {
    let cid = try CID(bytes: [0x01, 0x55, 0x00, 0x03, 1, 2, 3])
    #expect(cid.multihash == .identity([1, 2, 3]) && cid.codec == .raw && cid.asV0 == nil)
    #expect(cid.matches([1, 2, 3]) && !cid.matches([1, 2]))
    #expect(try CID(cid.text) == cid)
    #expect(cid.bytes == [0x01, 0x55, 0x00, 0x03, 1, 2, 3] && cid.byteCount == 7)
    let longest = [0x01, 0x55, 0x00, 0x80, 0x01] + [UInt8](repeating: 0, count: 128)
    let long = try CID(bytes: longest)
    for base in Multibase.allCases { #expect(try CID(long.text(in: base)) == long) }
    #expect(try readAll(cid) == [1, 2, 3])
    #expect(throws: CIDError.identityTooLong(129)) {
      try CID(bytes: [0x01, 0x55, 0x00, 0x81, 0x01] + [UInt8](repeating: 0, count: 129))
    }
  }

  private func readAll(_ cid: CID) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try readFile(cid, from: { _ in nil }, to: { bytes += $0 })
    return bytes
  }

  /// Bytes in hexadecimal, and how many times the byte 7 follows them.
  private static let malformedBytes: [(String, Int, CIDError)] = [
    ("", 0, .empty),
    ("12", 0, .unsupportedVersion(18)),
    ("1220", 0, .truncated),
    ("1220", 31, .truncated),
    ("1220", 33, .trailingBytes(1)),
    ("00701220", 32, .unsupportedVersion(0)),
    ("02701220", 32, .unsupportedVersion(2)),
    ("1221", 33, .unsupportedVersion(18)),
    ("0170121f", 31, .wrongDigestLength(31)),
    ("01701320", 32, .unsupportedHash(0x13)),
    ("01701220", 31, .truncated),
    ("01701220", 33, .trailingBytes(1)),
    ("01f0001220", 32, .malformedNumber("a number longer than need be")),
    ("01ffffffffffffffffff", 0, .malformedNumber("a number of more than 63 bits")),
    ("015500050102", 0, .truncated),
  ]

  @Test(arguments: malformedBytes)
  func refusedBytes(_ hex: String, _ sevens: Int, _ error: CIDError) throws {
    let head = try #require(hexadecimalBytes(hex))
    #expect(throws: error) { try CID(bytes: head + [UInt8](repeating: 7, count: sevens)) }
    #expect(!error.description.isEmpty)
  }

  private static let malformedTexts: [(String, CIDError)] = [
    ("", .empty),
    ("Qm", .unknownMultibase("Q")),
    (String(v0.dropLast()), .unknownMultibase("Q")),
    (v0 + "x", .unknownMultibase("Q")),
    (String(v0.dropLast()) + "0", .invalidCharacter("0", offset: 45)),
    (String(v0.dropLast()) + "l", .invalidCharacter("l", offset: 45)),
    ("z" + v0, .multibaseVersion0),
    ("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvykU", .invalidCharacter("U", offset: 57)),
    ("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvykv", .strayBits),
    ("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvy", .truncated),
    ("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvykua", .strayBits),
    ("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvykuaa", .trailingBytes(1)),
    ("b", .empty),
    ("f", .empty),
    ("z", .empty),
    ("f0", .strayBits),
    ("f015512", .truncated),
    (" " + v0, .unknownMultibase(" ")),
    ("é", .unknownMultibase("Ã")),
    (String(repeating: "z", count: 5000), .textTooLong(5000)),
  ]

  @Test(arguments: malformedTexts)
  func refusedTexts(_ text: String, _ error: CIDError) {
    #expect(throws: error) { try CID(text) }
  }

  @Test func profilesByName() {
    #expect(UnixFSProfile.names == ["v0", "v1", "v1_2025"])
    for name in UnixFSProfile.names { #expect(UnixFSProfile(named: name)?.name == name) }
    #expect(UnixFSProfile(named: "v2") == nil)
    #expect(UnixFSProfile.v0.chunkSize == 262_144 && UnixFSProfile.v1_2025.maxLinks == 1024)
  }
}
