/// The offset of the first byte that is no UTF-8 (RFC 3629); nil where all is.
public func firstInvalidUTF8(_ bytes: [UInt8]) -> Int? { bytes.withUnsafeBufferPointer(firstInvalidUTF8) }

private func firstInvalidUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
  let raw = UnsafeRawBufferPointer(bytes)
  let highBits: UInt64 = 0x8080_8080_8080_8080
  func word(_ index: Int) -> UInt64 { raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) }
  var index = 0
  while index < bytes.count {
    // Most text is ASCII: 32 bytes at a time, or eight.
    if index + 32 <= bytes.count, (word(index) | word(index + 8) | word(index + 16) | word(index + 24)) & highBits == 0
    {
      index += 32
      continue
    }
    if index + 8 <= bytes.count, word(index) & highBits == 0 {
      index += 8
      continue
    }
    guard let length = scalarLength(bytes, index) else { return index }
    index += length
  }
  return nil
}

extension String {
  /// As `String(decoding: bytes, as: UTF8.self)`, for long texts: the standard library looks at every single byte of one that is not ASCII
  /// alone, which takes several times as long.
  public init(text bytes: [UInt8]) {
    self = bytes.withUnsafeBufferPointer { bytes in
      guard firstInvalidUTF8(bytes) == nil else { return String(decoding: bytes, as: UTF8.self) }
      return String(copying: UTF8Span(unchecked: bytes.span))
    }
  }
}

/// How many bytes the scalar at `index` has; nil where none begins there. RFC 3629, section 4.
@inline(__always)
private func scalarLength(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int? {
  func isBetween(_ offset: Int, _ low: UInt8, _ high: UInt8) -> Bool {
    index + offset < bytes.count && bytes[index + offset] >= low && bytes[index + offset] <= high
  }
  let first = bytes[index]
  switch first {
  case 0..<0x80: return 1
  case 0xC2...0xDF: return isBetween(1, 0x80, 0xBF) ? 2 : nil
  case 0xE0...0xEF:
    let low: UInt8 = first == 0xE0 ? 0xA0 : 0x80
    let high: UInt8 = first == 0xED ? 0x9F : 0xBF
    return isBetween(1, low, high) && isBetween(2, 0x80, 0xBF) ? 3 : nil
  case 0xF0...0xF4:
    let low: UInt8 = first == 0xF0 ? 0x90 : 0x80
    let high: UInt8 = first == 0xF4 ? 0x8F : 0xBF
    return isBetween(1, low, high) && isBetween(2, 0x80, 0xBF) && isBetween(3, 0x80, 0xBF) ? 4 : nil
  default: return nil
  }
}
