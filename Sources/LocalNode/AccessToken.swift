import CCrypto
import Foundation

/// Base64url without padding (RFC 4648, section 5).
func base64URL(_ bytes: [UInt8]) -> String {
  var text = Data(bytes).base64EncodedString()
  while text.utf8.last == UInt8(ascii: "=") { text.removeLast() }
  return String(
    decoding: text.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "+"): UInt8(ascii: "-")
      case UInt8(ascii: "/"): UInt8(ascii: "_")
      default: byte
      }
    }, as: UTF8.self)
}

/// - Returns: nil for what `base64URL` never writes.
func base64URLDecoded(_ text: some StringProtocol) -> [UInt8]? {
  var bytes: [UInt8] = []
  var buffer: UInt32 = 0
  var bits = 0
  for byte in text.utf8 {
    let value: UInt8
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0") + 52
    case UInt8(ascii: "-"): value = 62
    case UInt8(ascii: "_"): value = 63
    default: return nil
    }
    buffer = buffer << 6 | UInt32(value)
    bits += 6
    if bits >= 8 {
      bits -= 8
      bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
      buffer &= 1 << UInt32(bits) - 1
    }
  }
  // A single character left over, or bits that are not zero, belong to no encoding.
  return bits < 6 && buffer == 0 ? bytes : nil
}

/// HMAC with SHA-256 (RFC 2104).
func hmacSHA256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
  var mac = [UInt8](repeating: 0, count: 32)
  var length: UInt32 = 0
  let done = HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &mac, &length)
  precondition(done != nil && length == 32, "bug: HMAC-SHA-256 gave no 32 bytes")
  return mac
}

/// Compares without telling by its time where the first difference is.
func isSameSecret(_ left: [UInt8], _ right: [UInt8]) -> Bool {
  left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}

/// Bytes of the system's generator for keys.
func randomBytes(_ count: Int) -> [UInt8] {
  var bytes = [UInt8](repeating: 0, count: count)
  precondition(RAND_bytes(&bytes, Int32(count)) == 1, "bug: libcrypto gave no random bytes")
  return bytes
}

/// Makes and checks access tokens: JWTs (RFC 7519) signed with HS256 (RFC 7515, RFC 7518 section 3.2), with the claims of dStor's own.
struct TokenSigner: Sendable {
  private let key: [UInt8]

  init(key: [UInt8]) {
    self.key = key
  }

  func token(account: String, issuedAt: Int, expiresAt: Int) -> String {
    let claims = JSONValue.object([
      ("d", .bool(false)), ("o", .bool(false)), ("s", .bool(false)), ("t", .null),
      ("iat", .int(issuedAt)), ("exp", .int(expiresAt)),
      ("aud", .string("dstor.cloud")), ("iss", .string("dstor.cloud")), ("sub", .string(account)),
    ])
    return signed(header: Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8), payload: claims.encoded)
  }

  /// The compact form of a JWS (RFC 7515, section 3.1).
  func signed(header: [UInt8], payload: [UInt8]) -> String {
    let message = base64URL(header) + "." + base64URL(payload)
    return message + "." + base64URL(hmacSHA256(key: key, Array(message.utf8)))
  }

  /// The payload of a JWS whose signature is right; no algorithm but HS256 is taken, whatever the header asks for.
  func verifiedPayload(_ token: String) -> [UInt8]? {
    guard token.utf8.count <= 4096 else { return nil }
    let parts = token.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 3, let header = base64URLDecoded(parts[0]), let payload = base64URLDecoded(parts[1]),
      let signature = base64URLDecoded(parts[2])
    else { return nil }
    let message = Array("\(parts[0]).\(parts[1])".utf8)
    guard isSameSecret(signature, hmacSHA256(key: key, message)) else { return nil }
    struct Header: Decodable {
      var alg: String
      var crit: [String]?
    }
    guard let header = try? JSONDecoder().decode(Header.self, from: Data(header)), header.alg == "HS256",
      header.crit == nil
    else { return nil }
    return payload
  }

  /// The account a token was made for; nil where it is not ours, damaged or expired.
  func account(of token: String, now: Double) -> String? {
    struct Claims: Decodable {
      var exp: Double
      var aud: String
      var iss: String
      var sub: String
    }
    guard let payload = verifiedPayload(token),
      let claims = try? JSONDecoder().decode(Claims.self, from: Data(payload)),
      claims.aud == "dstor.cloud", claims.iss == "dstor.cloud", claims.exp > now
    else { return nil }
    return claims.sub
  }
}
