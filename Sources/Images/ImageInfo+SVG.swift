extension ImageReader {
  /// How far into the file the root element may begin and end.
  private static let svgHead = 65536

  /// SVG 2, section 8.2: `width` and `height` of the root element, as lengths in absolute units. A drawing without them has no size of its
  /// own: it fills the room that it is given, and saying a size would change that.
  mutating func svg() -> ImageInfo? {
    guard let head = bytes(at: 0, min(length, Self.svgHead)).map(Array.init), let tag = rootTag(head) else {
      return nil
    }
    guard let width = attribute("width", in: tag).flatMap(pixels),
      let height = attribute("height", in: tag).flatMap(pixels)
    else { return nil }
    return ImageInfo(.svg, Int(width.rounded()), Int(height.rounded()))
  }

  /// What stands between `<svg` and its `>`.
  private func rootTag(_ head: [UInt8]) -> ArraySlice<UInt8>? {
    var index = 0
    func skip(past end: String) -> Bool {
      let end = Array(end.utf8)
      while index + end.count <= head.count {
        if head[index] == end[0], head[index..<index + end.count].elementsEqual(end) {
          index += end.count
          return true
        }
        index += 1
      }
      return false
    }
    while let open = head[index...].firstIndex(of: UInt8(ascii: "<")), open + 4 < head.count {
      index = open
      let rest = head[open...]
      if rest.starts(with: "<!--".utf8) {
        guard skip(past: "-->") else { return nil }
      } else if rest.starts(with: "<?".utf8) || rest.starts(with: "<!".utf8) {
        guard skip(past: ">") else { return nil }
      } else {
        guard rest.starts(with: "<svg".utf8), Self.isSpace(head[open + 4]) else { return nil }
        var end = open + 4
        var quote: UInt8?
        while end < head.count, quote != nil || head[end] != UInt8(ascii: ">") {
          if quote == head[end] {
            quote = nil
          } else if quote == nil, head[end] == UInt8(ascii: "\"") || head[end] == UInt8(ascii: "'") {
            quote = head[end]
          }
          end += 1
        }
        return end < head.count ? head[open + 4..<end] : nil
      }
    }
    return nil
  }

  private func attribute(_ name: String, in tag: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    var index = tag.startIndex
    while index < tag.endIndex {
      while index < tag.endIndex, Self.isSpace(tag[index]) { index += 1 }
      let start = index
      while index < tag.endIndex, tag[index] != UInt8(ascii: "="), !Self.isSpace(tag[index]) { index += 1 }
      let isWanted = tag[start..<index].elementsEqual(name.utf8)
      while index < tag.endIndex, Self.isSpace(tag[index]) || tag[index] == UInt8(ascii: "=") { index += 1 }
      guard index < tag.endIndex, tag[index] == UInt8(ascii: "\"") || tag[index] == UInt8(ascii: "'") else {
        return nil
      }
      guard let end = tag[(index + 1)...].firstIndex(of: tag[index]) else { return nil }
      if isWanted { return tag[index + 1..<end] }
      index = end + 1
    }
    return nil
  }

  /// CSS Values 4, section 6.2: a length in absolute units as pixels; nil for percentages and what follows from a font.
  private func pixels(_ text: ArraySlice<UInt8>) -> Double? {
    let text = text.drop(while: Self.isSpace)
    let digits = text.prefix { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
    let unit = String(decoding: text.dropFirst(digits.count).prefix { !Self.isSpace($0) }, as: UTF8.self)
    let units = ["": 1, "px": 1, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4, "pt": 96.0 / 72, "pc": 16]
    guard let number = Double(String(decoding: digits, as: UTF8.self)), let factor = units[unit] else { return nil }
    let pixels = number * factor
    return pixels > 0 && pixels < 1e6 ? pixels : nil
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
