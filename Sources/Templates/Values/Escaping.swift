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
    var start = 0
    var index = 0
    while index < bytes.count {
      // Most text has nothing to escape: eight bytes at a time.
      if index + 8 <= bytes.count, !mayNeedEscape(raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)) {
        index += 8
        continue
      }
      let end = Swift.min(index + 8, bytes.count)
      while index < end {
        // All five lie below "?", which most letters do not.
        if bytes[index] < 63, let entity = entity(bytes[index]) {
          append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<index]))
          append(contentsOf: UnsafeBufferPointer(start: entity.utf8Start, count: entity.utf8CodeUnitCount))
          start = index + 1
        }
        index += 1
      }
    }
    append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start...]))
  }
}

/// `&`, `<`, `>`, `'` and `"` become character references.
func escaped(_ text: String) -> String {
  var needed = false
  for byte in text.utf8 where byte < 63 && entity(byte) != nil {
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
