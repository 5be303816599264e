import Transport

/// A temporary access token, as dStor gives it for a key or login: a JSON Web Token (RFC 7519), or whatever the server calls one.
public struct AccessToken: Sendable, Hashable {
  public let value: Secret
  /// Unix seconds by this machine's clock; nil where the token does not say, and then it is kept in memory only.
  public let expires: Int?
  /// Unix seconds.
  public let received: Int

  public init(value: Secret, expires: Int?, received: Int) {
    self.value = value
    self.expires = expires
    self.received = received
  }

  /// A token that just came. Its signature is the server's business and not checked.
  public init(_ value: Secret, receivedAt now: Int) {
    let claims = Self.claims(value.reveal())
    var expires = claims.expires
    // Over already at its birth: the clocks differ, its length of life still holds.
    if let end = expires, end <= now, let issued = claims.issued, issued < end, issued >= 0 {
      expires = now + (end - issued)
    }
    self.init(value: value, expires: expires, received: now)
  }

  /// Less than 60 s remain; of a token that lives less than two minutes, less than half of its life.
  public func needsRenewal(at now: Int) -> Bool {
    guard let expires else { return false }
    return expires - now < min(60, max(0, expires - received) / 2)
      || expires <= now
  }

  private static func claims(_ token: String) -> (expires: Int?, issued: Int?) {
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let bytes = base64URLDecoded(parts[1]), let claims = try? JSON(bytes) else {
      return (nil, nil)
    }
    return (claims["exp"].flatMap(seconds), claims["iat"].flatMap(seconds))
  }

  /// A NumericDate may have a fraction (RFC 7519, section 2); what no calendar holds is no date.
  private static func seconds(_ value: JSON) -> Int? {
    guard case .number(let text) = value, let number = Double(text), number >= 0, number < 1e11 else { return nil }
    return Int(number)
  }
}

/// Base64url without padding (RFC 4648, section 5); nil where a character is of another alphabet.
private func base64URLDecoded(_ text: Substring) -> [UInt8]? {
  var bytes: [UInt8] = []
  var bits: UInt32 = 0
  var count = 0
  for byte in text.utf8 {
    let value: UInt8
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0") + 52
    case UInt8(ascii: "-"): value = 62
    case UInt8(ascii: "_"): value = 63
    case UInt8(ascii: "="): continue
    default: return nil
    }
    bits = bits << 6 | UInt32(value)
    count += 6
    if count >= 8 {
      count -= 8
      bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
    }
  }
  return bytes
}
