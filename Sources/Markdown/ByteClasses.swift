import Glibc

/// What a byte can mean to the scanners here.
@inline(__always) func isSpaceOrTab(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
@inline(__always) func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
/// CommonMark's white space that is one byte: space, tab, line feed, vertical tab, form feed, carriage return.
@inline(__always) func isWhitespace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }
@inline(__always) func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
@inline(__always) func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
@inline(__always) func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }
@inline(__always) func lowercased(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

/// CommonMark's ASCII punctuation: what a backslash can escape.
@inline(__always) func isPunctuation(_ byte: UInt8) -> Bool {
  (byte >= 0x21 && byte <= 0x2F) || (byte >= 0x3A && byte <= 0x40) || (byte >= 0x5B && byte <= 0x60)
    || (byte >= 0x7B && byte <= 0x7E)
}

/// The byte of an ASCII character.
@inline(__always) func ascii(_ character: Unicode.Scalar) -> UInt8 { UInt8(truncatingIfNeeded: character.value) }

typealias Bytes = UnsafeBufferPointer<UInt8>

extension UnsafeBufferPointer where Element == UInt8 {
  /// The byte at `index`, a line feed behind the end: most scanners stop there anyway.
  @inline(__always) func at(_ index: Int) -> UInt8 { index >= 0 && index < count ? self[index] : 0x0A }

  func slice(_ start: Int, _ end: Int) -> Bytes {
    guard start < end, let base = baseAddress else { return Bytes(start: nil, count: 0) }
    return Bytes(start: base + start, count: end - start)
  }

  /// The next index of `byte` from `index` on; the end where there is none.
  @inline(__always)
  func index(of byte: UInt8, from index: Int) -> Int {
    guard index < count, let base = baseAddress,
      let found = memchr(base + index, Int32(byte), count - index)
    else { return count }
    return UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - base
  }

  func forEachIndex(of byte: UInt8, _ body: (Int) -> Void) {
    var at = index(of: byte, from: 0)
    while at < count {
      body(at)
      at = index(of: byte, from: at + 1)
    }
  }

  func hasPrefix(_ literal: StaticString, at index: Int) -> Bool {
    let length = literal.utf8CodeUnitCount
    guard index >= 0, index + length <= count else { return false }
    for offset in 0..<length where self[index + offset] != literal.utf8Start[offset] { return false }
    return true
  }

  /// ASCII case is ignored; `literal` is in lower case.
  func hasPrefixIgnoringCase(_ literal: StaticString, at index: Int) -> Bool {
    let length = literal.utf8CodeUnitCount
    guard index >= 0, index + length <= count else { return false }
    for offset in 0..<length where lowercased(self[index + offset]) != literal.utf8Start[offset] { return false }
    return true
  }

  /// The code point that begins at `index`, or U+FFFD.
  func scalar(at index: Int) -> Unicode.Scalar {
    let byte = at(index)
    if byte < 0x80 { return Unicode.Scalar(byte) }
    var iterator = slice(index, Swift.min(index + 4, count)).makeIterator()
    var decoder = UTF8()
    if case .scalarValue(let scalar) = decoder.decode(&iterator) { return scalar }
    return "\u{FFFD}"
  }

  /// The code point that ends before `index`, or U+FFFD.
  func scalar(before index: Int) -> Unicode.Scalar {
    var start = index - 1
    while start > 0, index - start < 4, at(start) & 0xC0 == 0x80 { start -= 1 }
    return scalar(at: start)
  }
}

/// Unicode white space in CommonMark's sense: category Zs, tab, line feed, form feed, carriage return.
func isUnicodeWhitespace(_ scalar: Unicode.Scalar) -> Bool {
  if scalar.value < 0x80 { return scalar == " " || (scalar.value >= 9 && scalar.value <= 13 && scalar.value != 11) }
  return scalar.properties.generalCategory == .spaceSeparator
}

/// Unicode punctuation in CommonMark 0.30's sense: ASCII punctuation and the categories P*.
func isUnicodePunctuation(_ scalar: Unicode.Scalar) -> Bool {
  if scalar.value < 0x80 { return isPunctuation(UInt8(truncatingIfNeeded: scalar.value)) }
  switch scalar.properties.generalCategory {
  case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
    .finalPunctuation, .otherPunctuation:
    return true
  default: return false
  }
}
