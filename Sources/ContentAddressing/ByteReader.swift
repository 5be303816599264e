/// What is wrong with the form of some bytes, and where.
struct FormatError: Error {
  let reason: String
  /// In bytes, from the start of what is read.
  let offset: Int
  /// The bytes end too early; more of them might be well formed.
  var isTruncation = false
}

/// Reads bytes from front to back. Every length is checked before it is used.
struct ByteReader {
  let bytes: [UInt8]
  private(set) var offset: Int
  let end: Int

  init(_ bytes: [UInt8]) {
    self.init(bytes, in: 0..<bytes.count)
  }

  init(_ bytes: [UInt8], in range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "bug: a reader outside its bytes")
    self.bytes = bytes
    offset = range.lowerBound
    end = range.upperBound
  }

  var isAtEnd: Bool { offset == end }
  var remaining: Int { end - offset }

  func failure(_ reason: String) -> FormatError { FormatError(reason: reason, offset: offset) }

  mutating func byte() throws(FormatError) -> UInt8 {
    guard offset < end else { throw FormatError(reason: "ends too early", offset: offset, isTruncation: true) }
    defer { offset += 1 }
    return bytes[offset]
  }

  /// The range of the next `count` bytes.
  mutating func take(_ count: Int) throws(FormatError) -> Range<Int> {
    guard count >= 0, count <= remaining else {
      throw FormatError(reason: "\(count) bytes announced, \(remaining) left", offset: offset, isTruncation: true)
    }
    defer { offset += count }
    return offset..<offset + count
  }

  /// An unsigned LEB128 number in its shortest form, of at most 63 bits (https://github.com/multiformats/unsigned-varint).
  mutating func uvarint() throws(FormatError) -> Int {
    let start = offset
    var value = 0
    for index in 0..<9 {
      let byte = try byte()
      value |= Int(byte & 0x7f) << (7 * index)
      guard byte & 0x80 == 0 else { continue }
      if byte == 0, index > 0 { throw FormatError(reason: "a number longer than need be", offset: start) }
      return value
    }
    throw FormatError(reason: "a number of more than 63 bits", offset: start)
  }
}

extension [UInt8] {
  /// LEB128.
  mutating func appendUvarint(_ value: Int) {
    var rest = UInt(bitPattern: value)
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }
}

/// How many bytes `appendUvarint` writes.
func uvarintLength(_ value: Int) -> Int {
  max(1, (UInt.bitWidth - UInt(bitPattern: value).leadingZeroBitCount + 6) / 7)
}
