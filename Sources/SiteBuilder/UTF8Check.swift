/// The offset of the first byte that is no UTF-8 (RFC 3629); nil where all is.
func firstInvalidUTF8(_ bytes: [UInt8]) -> Int? {
  bytes.withUnsafeBufferPointer { bytes in
    let raw = UnsafeRawBufferPointer(bytes)
    var index = 0
    while index < bytes.count {
      // Most text is ASCII: eight bytes at a time.
      if index + 8 <= bytes.count,
        raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
      {
        index += 8
        continue
      }
      guard let length = scalarLength(bytes, index) else { return index }
      index += length
    }
    return nil
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
