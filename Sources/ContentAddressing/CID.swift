/// The hash of a block, or the block itself (https://github.com/multiformats/multihash).
public enum Multihash: Hashable, Sendable {
  /// Code 0x12.
  case sha256(SHA256Digest)
  /// Code 0x00: the bytes of the block, at most `longestIdentity` of them.
  case identity([UInt8])

  /// As in Kubo's verifier (boxo `verifcid`).
  public static let longestIdentity = 128

  var byteCount: Int {
    switch self {
    case .sha256: 34
    case .identity(let bytes): 1 + uvarintLength(bytes.count) + bytes.count
    }
  }
}

/// A content identifier: what a block is (codec) and what it hashes to (https://github.com/multiformats/cid).
public struct CID: Hashable, Sendable, CustomStringConvertible {
  public enum Version: Int, Sendable { case v0 = 0, v1 = 1 }

  /// The format of the block: a code of https://github.com/multiformats/multicodec.
  public struct Codec: RawRepresentable, Hashable, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    public static let raw = Codec(rawValue: 0x55)
    public static let dagPB = Codec(rawValue: 0x70)
  }

  public let codec: Codec
  public let multihash: Multihash
  public let version: Version

  private init(_ version: Version, _ codec: Codec, _ multihash: Multihash) {
    self.version = version
    self.codec = codec
    self.multihash = multihash
  }

  /// A version 0 CID: always a dag-pb block.
  public static func v0(_ digest: SHA256Digest) -> CID { CID(.v0, .dagPB, .sha256(digest)) }

  public static func v1(_ codec: Codec, _ digest: SHA256Digest) -> CID { CID(.v1, codec, .sha256(digest)) }

  /// The same block in version 1.
  public var asV1: CID { CID(.v1, codec, multihash) }

  /// The same block in version 0; nil where that has no form for it (other than dag-pb with SHA-256).
  public var asV0: CID? {
    guard codec == .dagPB, case .sha256 = multihash else { return nil }
    return CID(.v0, codec, multihash)
  }

  /// Whether `block` is what this CID names.
  public func matches(_ block: [UInt8]) -> Bool {
    switch multihash {
    case .sha256(let digest): SHA256Digest(of: block) == digest
    case .identity(let bytes): bytes == block
    }
  }

  /// Version 0 in base58btc (`Qm…`), version 1 in base32 (`b…`).
  public var description: String { text }
}

// MARK: - Binary form

extension CID {
  /// The binary form: 34 bytes in version 0, 36 for the usual codecs in version 1.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount)
    append(to: &bytes)
    return bytes
  }

  /// How many bytes the binary form has.
  public var byteCount: Int {
    version == .v0 ? 34 : 1 + uvarintLength(codec.rawValue) + multihash.byteCount
  }

  func append(to bytes: inout [UInt8]) {
    if version == .v1 {
      bytes.append(1)
      bytes.appendUvarint(codec.rawValue)
    }
    switch multihash {
    case .sha256(let digest):
      bytes.append(0x12)
      bytes.append(32)
      digest.withUnsafeBytes { bytes.append(contentsOf: $0) }
    case .identity(let data):
      bytes.append(0)
      bytes.appendUvarint(data.count)
      bytes += data
    }
  }

  /// Reads the binary form; nothing may follow it.
  public init(bytes: [UInt8]) throws(CIDError) {
    var reader = ByteReader(bytes)
    self = try CID.read(&reader)
    guard reader.isAtEnd else { throw .trailingBytes(reader.remaining) }
  }

  /// Reads one CID and leaves the reader behind it.
  static func read(_ reader: inout ByteReader) throws(CIDError) -> CID {
    guard !reader.isAtEnd else { throw .empty }
    // Version 0 has no version: its first bytes are those of the multihash.
    if reader.remaining >= 2, reader.bytes[reader.offset] == 0x12, reader.bytes[reader.offset + 1] == 32 {
      return CID(.v0, .dagPB, try multihash(&reader))
    }
    let version = try number(&reader)
    guard version == 1 else { throw .unsupportedVersion(version) }
    let codec = Codec(rawValue: try number(&reader))
    return CID(.v1, codec, try multihash(&reader))
  }

  private static func multihash(_ reader: inout ByteReader) throws(CIDError) -> Multihash {
    let code = try number(&reader)
    let length = try number(&reader)
    switch code {
    case 0x12:
      guard length == SHA256Digest.length else { throw .wrongDigestLength(length) }
      guard let digest = SHA256Digest(bytes: reader.bytes[try take(length, &reader)]) else { throw .truncated }
      return .sha256(digest)
    case 0:
      guard length <= Multihash.longestIdentity else { throw .identityTooLong(length) }
      return .identity(Array(reader.bytes[try take(length, &reader)]))
    default:
      throw .unsupportedHash(code)
    }
  }

  private static func number(_ reader: inout ByteReader) throws(CIDError) -> Int {
    do {
      return try reader.uvarint()
    } catch {
      throw error.isTruncation ? .truncated : .malformedNumber(error.reason)
    }
  }

  private static func take(_ count: Int, _ reader: inout ByteReader) throws(CIDError) -> Range<Int> {
    do {
      return try reader.take(count)
    } catch {
      throw .truncated
    }
  }
}

// MARK: - Text form

extension CID {
  /// Enough for the longest identity in base16, with its prefix.
  static let longestText = 2 * (Multihash.longestIdentity + 32) + 1

  /// Reads version 0 (46 characters, `Qm…`) or version 1 with a multibase prefix `b`, `z`, `f`, `u` or `k`.
  public init(_ text: String) throws(CIDError) {
    let characters = Array(text.utf8)
    guard let first = characters.first else { throw .empty }
    guard characters.count <= CID.longestText else { throw .textTooLong(characters.count) }
    if characters.count == 46, characters.starts(with: "Qm".utf8) {
      try self.init(bytes: try Multibase.base58btc.decode(characters[...]))
      return
    }
    guard let base = Multibase(prefix: first) else { throw .unknownMultibase(Character(Unicode.Scalar(first))) }
    let bytes = try base.decode(characters.dropFirst())
    // "CIDv0 CIDs may not be multibase encoded and there will be no CIDv18": the CID specification's decoding algorithm.
    if bytes.first == 0x12 { throw .multibaseVersion0 }
    try self.init(bytes: bytes)
  }

  /// The usual text form: base58btc without prefix for version 0, base32 for version 1.
  public var text: String {
    version == .v0 ? String(decoding: Multibase.base58btc.encode(bytes), as: UTF8.self) : text(in: .base32)
  }

  /// The text of the version 1 form in `base`, with its multibase prefix.
  public func text(in base: Multibase) -> String {
    String(decoding: [base.prefix] + base.encode(asV1.bytes), as: UTF8.self)
  }
}
