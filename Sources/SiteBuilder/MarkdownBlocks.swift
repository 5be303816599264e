/// The parts of a Markdown text between its empty lines, without those that are code.
struct MarkdownBlocks {
  private let bytes: [UInt8]
  private var index: Int
  /// Whether the text may still be in a list, where what is indented is no code.
  private var isInList = false
  private var isBehindEmptyLine = true

  init(_ bytes: [UInt8], from start: Int) {
    self.bytes = bytes
    index = start
  }

  mutating func next() -> Range<Int>? {
    var start = index
    while index < bytes.count {
      let line = Line(bytes, index)
      if let fence = line.fence {
        if start < index { return start..<index }
        skip(fence)
        start = index
      } else if line.isEmpty {
        let end = index
        index = line.end
        isBehindEmptyLine = true
        if start < end { return start..<end }
        start = index
      } else if line.indent >= 4, isBehindEmptyLine, !isInList {
        // Code goes on to the next line that is neither indented nor empty.
        index = line.end
        start = index
      } else {
        if line.isListItem { isInList = true } else if line.indent == 0, isBehindEmptyLine { isInList = false }
        isBehindEmptyLine = false
        index = line.end
      }
    }
    return start < index ? start..<index : nil
  }

  private mutating func skip(_ fence: Line.Fence) {
    index = Line(bytes, index).end
    while index < bytes.count {
      let line = Line(bytes, index)
      index = line.end
      if let closing = line.fence, closing.byte == fence.byte, closing.length >= fence.length, !closing.hasInfo {
        return
      }
    }
  }

  /// A line without the marks of quotes and lists before it.
  private struct Line {
    struct Fence {
      let byte: UInt8
      let length: Int
      let hasInfo: Bool
    }

    /// Behind its line end.
    let end: Int
    private(set) var indent = 0
    private(set) var isListItem = false
    private(set) var isEmpty = false
    private(set) var fence: Fence?

    init(_ bytes: [UInt8], _ start: Int) {
      let lineEnd = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      end = min(lineEnd + 1, bytes.count)
      var index = start
      while index < lineEnd {
        switch bytes[index] {
        case 0x20: if !isListItem { indent += 1 }
        case 0x09: if !isListItem { indent += 4 }
        case UInt8(ascii: ">"): break
        case UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "+"):
          guard index + 1 < lineEnd, bytes[index + 1] == 0x20 else { return }
          isListItem = true
        case 0x30...0x39:
          let mark = bytes[index..<lineEnd].prefix { (0x30...0x39).contains($0) }.endIndex
          guard mark + 1 < lineEnd, ".)".utf8.contains(bytes[mark]), bytes[mark + 1] == 0x20 else { return }
          isListItem = true
          index = mark
        case 0x0D where index + 1 == lineEnd: break
        case UInt8(ascii: "`"), UInt8(ascii: "~"):
          let ticks = bytes[index..<lineEnd].prefix { $0 == bytes[index] }
          let info = bytes[ticks.endIndex..<lineEnd]
          if ticks.count >= 3, bytes[index] == UInt8(ascii: "~") || !info.contains(UInt8(ascii: "`")) {
            fence = Fence(byte: bytes[index], length: ticks.count, hasInfo: info.contains { $0 > 0x20 })
          }
          return
        default: return
        }
        index += 1
      }
      isEmpty = !isListItem
    }
  }
}
