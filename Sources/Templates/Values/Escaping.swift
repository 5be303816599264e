/// What a byte becomes in HTML text and attribute values, as MarkupSafe writes it; nil for bytes that stay.
@inline(__always)
private func entity(_ byte: UInt8) -> StaticString? {
  switch byte {
  case UInt8(ascii: "&"): "&amp;"
  case UInt8(ascii: "<"): "&lt;"
  case UInt8(ascii: ">"): "&gt;"
  case UInt8(ascii: "'"): "&#39;"
  case UInt8(ascii: "\""): "&#34;"
  default: nil
  }
}

/// In bytes.
private let longestEntity = 5

/// All that do lie below "?", which most letters do not.
@inline(__always)
private func needsEscape(_ byte: UInt8) -> Bool { byte < 63 && 0x5000_00C4_0000_0000 >> UInt64(byte) & 1 == 1 }

/// Whether one of eight bytes is `"`, `&`, `'`, `<` or `>`; now and then also for `#`, `*`, `+` and `.`, which look much like them.
@inline(__always)
private func mayNeedEscape(_ word: UInt64) -> Bool {
  let ones: UInt64 = 0x0101_0101_0101_0101
  func zeroBytes(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & ones &* 0x80 }
  // `<` and `>` differ in one bit; `"`, `#`, `&` and `'` in two.
  return zeroBytes((word | ones &* 0x02) ^ ones &* 0x3E) | zeroBytes((word | ones &* 0x05) ^ ones &* 0x27) != 0
}

extension [UInt8] {
  mutating func append(escaped text: String) {
    var text = text
    text.withUTF8 { self.append(escaped: $0) }
  }

  mutating func append(escaped bytes: UnsafeBufferPointer<UInt8>) {
    let raw = UnsafeRawBufferPointer(bytes)
    var index = 0
    while index < bytes.count {
      // Most text has nothing to escape: eight bytes at a time.
      if index + 8 <= bytes.count, !mayNeedEscape(raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)) {
        index += 8
        continue
      }
      let end = Swift.min(index + 8, bytes.count)
      while index < end, !needsEscape(bytes[index]) { index += 1 }
      if index < end { break }
    }
    append(contentsOf: UnsafeBufferPointer(rebasing: bytes[..<index]))
    // Where there is one, others are near: byte by byte, in pieces, so that room for the longest entities is no matter.
    while index < bytes.count {
      let end = Swift.min(index + 256, bytes.count)
      append(addingCapacity: (end - index) * longestEntity) { span in
        span.withUnsafeMutableBufferPointer { target, count in
          for byte in bytes[index..<end] {
            guard needsEscape(byte), let entity = entity(byte) else {
              target[count] = byte
              count += 1
              continue
            }
            for place in 0..<entity.utf8CodeUnitCount { target[count + place] = entity.utf8Start[place] }
            count += entity.utf8CodeUnitCount
          }
        }
      }
      index = end
    }
  }
}

/// `&`, `<`, `>`, `'` and `"` become character references.
func escaped(_ text: String) -> String {
  var needed = false
  for byte in text.utf8 where needsEscape(byte) {
    needed = true
    break
  }
  guard needed else { return text }
  var bytes: [UInt8] = []
  bytes.append(escaped: text)
  return String(text: bytes)
}

extension Value {
  /// The value as markup: escaped unless it is markup already.
  var markup: String {
    if case .safe(let text) = self { return text }
    return escaped(text)
  }
}
