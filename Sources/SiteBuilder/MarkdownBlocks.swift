import Markdown

/// The parts of a Markdown text between its empty lines, without blocks of code, and the code spans in them.
struct MarkdownBlocks {
  private let bytes: [UInt8]
  private let code: [CodeRange]
  private let spans: [Range<Int>]
  private var index: Int
  private var nextCode = 0
  private var nextSpan = 0

  init(_ bytes: [UInt8], from start: Int) {
    let found = codeRanges(in: bytes[start...])
    self.bytes = bytes
    code = found.filter { $0.kind != .span }
    spans = found.filter { $0.kind == .span }.map(\.range)
    index = start
  }

  mutating func next() -> Range<Int>? {
    var start = index
    while index < bytes.count {
      let line = index..<min((bytes[index...].firstIndex(of: 0x0A) ?? bytes.count) + 1, bytes.count)
      var end = line.upperBound
      if nextCode < code.count, code[nextCode].range.lowerBound < line.upperBound {
        end = code[nextCode].range.lowerBound
        index = code[nextCode].range.upperBound
        nextCode += 1
      } else {
        index = line.upperBound
        guard bytes[line].allSatisfy({ $0 <= 0x20 || $0 == UInt8(ascii: ">") }) else { continue }
        end = line.lowerBound
      }
      if start < end { return start..<end }
      start = index
    }
    return start < index ? start..<index : nil
  }

  /// Behind the code span that begins at `start`, a backtick; behind its run of backticks where none does. Asked in ascending order.
  mutating func codeEnd(at start: Int) -> Int {
    while nextSpan < spans.count, spans[nextSpan].lowerBound < start { nextSpan += 1 }
    if nextSpan < spans.count, spans[nextSpan].lowerBound == start { return spans[nextSpan].upperBound }
    return bytes[start...].firstIndex { $0 != UInt8(ascii: "`") } ?? bytes.count
  }
}
