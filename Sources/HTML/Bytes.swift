import Glibc

typealias Bytes = UnsafeBufferPointer<UInt8>

/// White space as HTML and CSS have it (tab, line feed, form feed, carriage return, space).
@inline(__always)
func isSpace(_ byte: UInt8) -> Bool {
  byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D || byte == 0x0C
}

@inline(__always)
func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

@inline(__always)
func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

@inline(__always)
func lowercased(_ byte: UInt8) -> UInt8 { byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte }

func hexValue(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}

extension Bytes {
  /// The first place of `byte` in `start..<end`.
  @inline(__always)
  func first(_ byte: UInt8, from start: Int, to end: Int) -> Int? {
    guard start < end, let base = baseAddress, let found = memchr(base + start, Int32(byte), end - start) else {
      return nil
    }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  /// Whether `text` (in lowercase) stands at `start`, case ignored.
  func has(_ text: StaticString, at start: Int, before end: Int) -> Bool {
    let length = text.utf8CodeUnitCount
    guard end - start >= length else { return false }
    for index in 0..<length where lowercased(self[start + index]) != text.utf8Start[index] { return false }
    return true
  }

  /// Whether the bytes at `range` are `text` (in lowercase), case ignored.
  func isText(_ text: StaticString, _ range: Range<Int>) -> Bool {
    range.count == text.utf8CodeUnitCount && has(text, at: range.lowerBound, before: range.upperBound)
  }

  /// `range` without bytes up to and including the space at its ends: what the URL standard trims.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, self[start] <= 0x20 { start += 1 }
    while end > start, self[end - 1] <= 0x20 { end -= 1 }
    return start..<end
  }

  func text(_ range: Range<Int>) -> String { String(decoding: self[range], as: UTF8.self) }
}

/// `bytes` as the URL standard reads them: control characters and spaces off the ends, tabs and line ends out.
func urlText(_ bytes: [UInt8]) -> String {
  bytes.withUnsafeBufferPointer { buffer in
    let range = buffer.trimmed(0..<buffer.count)
    guard buffer[range].contains(where: { $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }) else { return buffer.text(range) }
    return String(decoding: buffer[range].filter { $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
  }
}

/// Appends the UTF-8 of a code point; what is no Unicode scalar becomes U+FFFD.
func appendScalar(_ value: UInt32, to output: inout [UInt8]) {
  output += String(Unicode.Scalar(value) ?? "\u{FFFD}").utf8
}
