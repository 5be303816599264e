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

extension [UInt8] {
  mutating func append(escaped text: String) {
    var text = text
    text.withUTF8 { self.append(escaped: $0) }
  }

  mutating func append(escaped bytes: UnsafeBufferPointer<UInt8>) {
    var start = 0
    for index in 0..<bytes.count {
      // All five lie below "?", which most letters do not.
      guard bytes[index] < 63, let entity = entity(bytes[index]) else { continue }
      append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<index]))
      append(contentsOf: UnsafeBufferPointer(start: entity.utf8Start, count: entity.utf8CodeUnitCount))
      start = index + 1
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
  return String(decoding: bytes, as: UTF8.self)
}

extension Value {
  /// The value as markup: escaped unless it is markup already.
  var markup: String {
    if case .safe(let text) = self { return text }
    return escaped(text)
  }
}
