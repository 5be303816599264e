/// Why bytes or a text are no CID, or none that is understood here.
public enum CIDError: Error, Hashable, Sendable, CustomStringConvertible {
  case empty
  /// In bytes of the text.
  case textTooLong(Int)
  case unknownMultibase(Character)
  /// `offset` in bytes of the text behind the multibase prefix.
  case invalidCharacter(Character, offset: Int)
  /// The last character carries bits that no byte holds, or there is one too many.
  case strayBits
  /// A version 0 CID with a multibase prefix.
  case multibaseVersion0
  case truncated
  case trailingBytes(Int)
  case malformedNumber(String)
  case unsupportedVersion(Int)
  /// A multihash code other than SHA-256 and identity.
  case unsupportedHash(Int)
  /// Of a SHA-256 that has not 32 bytes.
  case wrongDigestLength(Int)
  case identityTooLong(Int)

  public var description: String {
    switch self {
    case .empty: "an empty CID"
    case .textTooLong(let count): "a text of \(count) bytes is too long for a CID"
    case .unknownMultibase(let character):
      "no CID begins with \"\(character)\": it is Qm… with 46 characters, or has the multibase prefix b, z, f, u or k"
    case .invalidCharacter(let character, let offset):
      "the character \"\(character)\" at offset \(offset) does not occur in the CID's base"
    case .strayBits: "the CID's last character carries stray bits"
    case .multibaseVersion0: "a CID of version 0 takes no multibase prefix"
    case .truncated: "the CID ends too early"
    case .trailingBytes(let count): "\(count) bytes follow the CID"
    case .malformedNumber(let reason): "the CID holds \(reason)"
    case .unsupportedVersion(let version): "the CID has version \(version); 0 and 1 are known"
    case .unsupportedHash(let code):
      "the CID's hash function 0x\(String(code, radix: 16)) is neither SHA-256 (0x12) nor identity (0x0)"
    case .wrongDigestLength(let length): "the CID's SHA-256 has \(length) bytes instead of 32"
    case .identityTooLong(let length):
      "the CID holds \(length) bytes of data; \(Multihash.longestIdentity) are the most"
    }
  }
}
