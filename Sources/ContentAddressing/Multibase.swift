/// The bases that CIDs are written in (https://github.com/multiformats/multibase).
public enum Multibase: CaseIterable, Sendable {
  /// `f`, lower case.
  case base16
  /// `b`: RFC 4648, lower case, without padding.
  case base32
  /// `k`, lower case.
  case base36
  /// `z`.
  case base58btc
  /// `u`: RFC 4648, without padding.
  case base64url

  init?(prefix: UInt8) {
    guard let base = Multibase.allCases.first(where: { $0.prefix == prefix }) else { return nil }
    self = base
  }

  var prefix: UInt8 {
    switch self {
    case .base16: UInt8(ascii: "f")
    case .base32: UInt8(ascii: "b")
    case .base36: UInt8(ascii: "k")
    case .base58btc: UInt8(ascii: "z")
    case .base64url: UInt8(ascii: "u")
    }
  }

  private var alphabet: Alphabet {
    switch self {
    case .base16: .base16
    case .base32: .base32
    case .base36: .base36
    case .base58btc: .base58btc
    case .base64url: .base64url
    }
  }

  /// Bits a character holds; nil where a text is one long number instead.
  private var bits: Int? {
    switch self {
    case .base16: 4
    case .base32: 5
    case .base64url: 6
    case .base36, .base58btc: nil
    }
  }

  /// Without the prefix.
  func encode(_ bytes: [UInt8]) -> [UInt8] {
    guard let bits else { return alphabet.encodeNumber(bytes) }
    return alphabet.encode(bytes, bits: bits)
  }

  /// - Parameter characters: without the prefix. Time for base36 and base58btc is quadratic: callers limit the length.
  func decode(_ characters: ArraySlice<UInt8>) throws(CIDError) -> [UInt8] {
    guard let bits else { return try alphabet.decodeNumber(characters) }
    return try alphabet.decode(characters, bits: bits)
  }
}

private struct Alphabet: Sendable {
  static let base16 = Alphabet("0123456789abcdef")
  static let base32 = Alphabet("abcdefghijklmnopqrstuvwxyz234567")
  static let base36 = Alphabet("0123456789abcdefghijklmnopqrstuvwxyz")
  static let base58btc = Alphabet("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")
  static let base64url = Alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

  let characters: [UInt8]
  /// 255 where a byte is no digit.
  let values: [UInt8]

  init(_ text: String) {
    characters = Array(text.utf8)
    var values = [UInt8](repeating: 255, count: 256)
    for (value, character) in characters.enumerated() { values[Int(character)] = UInt8(value) }
    self.values = values
  }

  func value(_ characters: ArraySlice<UInt8>, at index: Int) throws(CIDError) -> UInt64 {
    let value = values[Int(characters[index])]
    guard value != 255 else {
      let character = Character(Unicode.Scalar(characters[index]))
      throw .invalidCharacter(character, offset: index - characters.startIndex)
    }
    return UInt64(value)
  }
}

// MARK: - Groups of bits (RFC 4648)

extension Alphabet {
  func encode(_ bytes: [UInt8], bits: Int) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 8 / bits + 1)
    var held = 0
    var count = 0
    for byte in bytes {
      held = held << 8 | Int(byte)
      count += 8
      while count >= bits {
        count -= bits
        text.append(characters[held >> count])
        held &= 1 << count - 1
      }
    }
    if count > 0 { text.append(characters[held << (bits - count)]) }
    return text
  }

  func decode(_ text: ArraySlice<UInt8>, bits: Int) throws(CIDError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count * bits / 8)
    var held = 0
    var count = 0
    for index in text.indices {
      held = held << bits | Int(try value(text, at: index))
      count += bits
      guard count >= 8 else { continue }
      count -= 8
      bytes.append(UInt8(held >> count))
      held &= 1 << count - 1
    }
    guard held == 0, count < bits else { throw .strayBits }
    return bytes
  }
}

// MARK: - One long number

extension Alphabet {
  private var base: UInt64 { UInt64(characters.count) }
  /// Digits are worked on five at a time: 58^5 and 2^32 multiplied still fit into 64 bits.
  private var fiveDigits: UInt64 { base * base * base * base * base }

  func encodeNumber(_ bytes: [UInt8]) -> [UInt8] {
    let zeros = bytes.prefix { $0 == 0 }.count
    let words = groups(of: 4, in: bytes[zeros...].map { UInt64($0) }, base: 256)
    var text: [UInt8] = []
    for group in rebase(words, from: 1 << 32, to: fiveDigits) {
      var rest = group
      for _ in 0..<5 {
        text.append(characters[Int(rest % base)])
        rest /= base
      }
    }
    while text.last == characters[0] { text.removeLast() }
    text += repeatElement(characters[0], count: zeros)
    return text.reversed()
  }

  func decodeNumber(_ text: ArraySlice<UInt8>) throws(CIDError) -> [UInt8] {
    let zeros = text.prefix { $0 == characters[0] }.count
    var digits: [UInt64] = []
    digits.reserveCapacity(text.count)
    for index in text.indices.dropFirst(zeros) { digits.append(try value(text, at: index)) }
    var bytes: [UInt8] = []
    for word in rebase(groups(of: 5, in: digits, base: base), from: fiveDigits, to: 1 << 32) {
      for shift in [0, 8, 16, 24] as [UInt64] { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
    }
    while bytes.last == 0 { bytes.removeLast() }
    bytes += repeatElement(0, count: zeros)
    return bytes.reversed()
  }

  /// Digits put together from the end, so that only the first group may hold fewer than `size`.
  private func groups(of size: Int, in digits: [UInt64], base: UInt64) -> [UInt64] {
    var groups: [UInt64] = []
    var group: UInt64 = 0
    for (index, digit) in digits.enumerated() {
      group = group * base + digit
      if (digits.count - index - 1) % size == 0 {
        groups.append(group)
        group = 0
      }
    }
    return groups
  }

  /// - Parameter digits: the most significant first.
  /// - Returns: the least significant first.
  private func rebase(_ digits: [UInt64], from: UInt64, to: UInt64) -> [UInt64] {
    var result: [UInt64] = []
    for digit in digits {
      var carry = digit
      for index in result.indices {
        let value = result[index] * from + carry
        result[index] = value % to
        carry = value / to
      }
      while carry > 0 {
        result.append(carry % to)
        carry /= to
      }
    }
    return result
  }
}
