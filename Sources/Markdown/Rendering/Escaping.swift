extension ByteBuffer {
  /// Escapes `"`, `&`, `<` and `>`.
  @inline(__always)
  mutating func append(escaping source: UnsafePointer<UInt8>, _ length: Int) {
    reserve(length)
    var runStart = 0
    var index = 0
    while index < length {
      // Most text has nothing to escape: eight bytes at a time.
      if index + 8 <= length, !hasSpecialByte(load(source + index)) {
        index += 8
        continue
      }
      // The last bytes together with some before them, which have been looked at.
      if index + 8 > length, length >= 8, !hasSpecialByte(load(source + length - 8)) { break }
      let end = min(index + 8, length)
      while index < end {
        let entity: StaticString
        switch source[index] {
        case 0x26: entity = "&amp;"
        case 0x3C: entity = "&lt;"
        case 0x3E: entity = "&gt;"
        case 0x22: entity = "&quot;"
        default:
          index += 1
          continue
        }
        append(run: source, runStart, index, entity)
        index += 1
        runStart = index
      }
    }
    append(source + runStart, length - runStart)
  }

  @inline(never)
  private mutating func append(run source: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ entity: StaticString) {
    append(source + start, end - start)
    append(entity)
  }

  mutating func append(escaping bytes: Bytes) {
    if let base = bytes.baseAddress { append(escaping: base, bytes.count) }
  }

  mutating func append(escaping text: String) {
    var text = text
    text.withUTF8 { append(escaping: $0) }
  }

  /// Escapes a URL for an attribute, as cmark does: what cannot stand in a URL becomes `%XX`.
  mutating func append(escapingURL bytes: Bytes) {
    for byte in bytes {
      if isAlphanumeric(byte) {
        append(byte)
        continue
      }
      switch byte {
      case ascii("-"), ascii("_"), ascii("."), ascii("+"), ascii("!"), ascii("*"), ascii("("), ascii(")"), ascii(","),
        ascii("%"), ascii("#"), ascii("@"), ascii("?"), ascii("="), ascii(";"), ascii(":"), ascii("/"), ascii("$"),
        ascii("~"):
        append(byte)
      case ascii("&"): append("&amp;")
      case ascii("'"): append("&#x27;")
      default:
        append(ascii("%"))
        append(hexDigit(byte >> 4))
        append(hexDigit(byte & 15))
      }
    }
  }

  private func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }
}

/// Eight bytes as a number, the first one lowest.
@inline(__always)
func load(_ source: UnsafePointer<UInt8>) -> UInt64 {
  UInt64(littleEndian: UnsafeRawPointer(source).loadUnaligned(as: UInt64.self))
}

private let ones: UInt64 = 0x0101_0101_0101_0101
private let highBits: UInt64 = 0x8080_8080_8080_8080

@inline(__always)
private func hasZeroByte(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & highBits }

/// Whether one of eight bytes is `"`, `&`, `<` or `>`.
@inline(__always)
private func hasSpecialByte(_ word: UInt64) -> Bool {
  // `<` and `>` differ in one bit, `"` and `&` in another.
  hasZeroByte((word | (ones &* 0x02)) ^ (ones &* 0x3E)) | hasZeroByte((word | (ones &* 0x04)) ^ (ones &* 0x26)) != 0
}

/// How many of the high bits of its bytes a word has that has no others. Without a processor's own instruction, which not all have,
/// `nonzeroBitCount` takes four times as long.
@inline(__always)
private func highBitCount(_ word: UInt64) -> Int { Int(truncatingIfNeeded: ((word >> 7) &* ones) >> 56) }

/// Counts where a word begins: a byte above the space behind one that is not.
@inline(__always)
func countWordStarts(_ source: UnsafePointer<UInt8>, _ length: Int, isInWord: inout Bool) -> Int {
  var words = 0
  var index = 0
  var carry: UInt64 = isInWord ? 0x80 : 0
  while index + 8 <= length {
    let word = load(source + index)
    // The high bit of each byte that is above 0x20.
    let inside = (((word & ~highBits) &+ (ones &* 0x5F)) | word) & highBits
    words &+= highBitCount(inside & ~(inside << 8 | carry))
    carry = inside >> 56
    index += 8
  }
  if index < length, length >= 8 {
    // The bytes that are left, with spaces behind them.
    let left = UInt64(length - index) * 8
    let word = load(source + length - 8) >> (64 - left)
    let inside = (((word & ~highBits) &+ (ones &* 0x5F)) | word) & highBits
    words &+= highBitCount(inside & ~(inside << 8 | carry))
    isInWord = inside >> (left - 1) != 0
    return words
  }
  var wasInside = carry != 0
  while index < length {
    let isInside = source[index] > 0x20
    if isInside, !wasInside { words &+= 1 }
    wasInside = isInside
    index += 1
  }
  isInWord = wasInside
  return words
}

/// URLs that can run code or reach local files (`javascript:`, `vbscript:`, `file:`, `data:` other than plain images).
func isDangerousURL(_ url: Bytes) -> Bool {
  if url.hasPrefixIgnoringCase("data:", at: 0) {
    return
      !(url.hasPrefixIgnoringCase("data:image/png", at: 0) || url.hasPrefixIgnoringCase("data:image/gif", at: 0)
      || url.hasPrefixIgnoringCase("data:image/jpeg", at: 0) || url.hasPrefixIgnoringCase("data:image/webp", at: 0))
  }
  return url.hasPrefixIgnoringCase("javascript:", at: 0) || url.hasPrefixIgnoringCase("vbscript:", at: 0)
    || url.hasPrefixIgnoringCase("file:", at: 0)
}
