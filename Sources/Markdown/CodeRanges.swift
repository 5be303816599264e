/// A part of a Markdown text that is code.
public struct CodeRange: Sendable, Equatable {
  public enum Kind: Sendable { case fenced, indented, span }
  public let kind: Kind
  /// Of a block, from its first mark to the end of its last line, with what its containers have before the lines between; of a span, with its
  /// backticks.
  public internal(set) var range: Range<Int>

  init(_ kind: Kind, _ range: Range<Int>) {
    self.kind = kind
    self.range = range
  }
}

/// Where code stands in a Markdown text, in order: what `renderMarkdown` would show as code.
///
/// Takes linear time, about as much as rendering the text; in raw HTML there is no code.
/// - Returns: ranges of the array that `source` is a slice of.
public func codeRanges(in source: ArraySlice<UInt8>, options: MarkdownOptions = .site) -> [CodeRange] {
  let isMarked = source.starts(with: [0xEF, 0xBB, 0xBF])
  let source = isMarked ? source.dropFirst(3) : source
  let first = source.startIndex
  return source.withUnsafeBufferPointer { text in
    var scanner = BlockScanner(text, options: options)
    scanner.notesCode = true
    scanner.scan()
    var found = scanner.plan.code
    var reader = Lowering(text, options: options, plan: scanner.plan, resolvesEmphasis: false)
    found += reader.readCodeSpans().map { CodeRange(.span, $0) }
    found.sort { $0.range.lowerBound < $1.range.lowerBound }
    return found.map { CodeRange($0.kind, $0.range.lowerBound + first..<$0.range.upperBound + first) }
  }
}

extension Lowering {
  /// The code spans of all paragraphs, headings and cells, in the source.
  fileprivate mutating func readCodeSpans() -> [Range<Int>] {
    var found: [Range<Int>] = []
    for unit in plan.units where unit.pieces.contains(where: { hasBacktick(plan.pieces[$0].content) }) {
      joined.truncate(0)
      var starts: [Int] = []
      for index in unit.pieces {
        if index > unit.pieces.lowerBound { joined.append(0x0A) }
        starts.append(joined.count)
        joined.append(source.slice(plan.pieces[index].contentStart, plan.pieces[index].end))
      }
      codeSpans = []
      read(
        joined.bytes, hasDefinitions: !unit.isATXHeading, isHeading: unit.isHeading, isTask: unit.isTask,
        alert: unit.alert)
      var line = 0
      /// Asked in ascending order.
      func place(_ offset: Int) -> Int {
        while line + 1 < starts.count, starts[line + 1] <= offset { line += 1 }
        return plan.pieces[unit.pieces.lowerBound + line].contentStart + offset - starts[line]
      }
      for span in codeSpans ?? [] {
        let start = place(span.lowerBound)
        found.append(start..<place(span.upperBound - 1) + 1)
      }
    }
    for cell in plan.cellSources where hasBacktick(cell) {
      codeSpans = []
      read(source.slice(cell.lowerBound, cell.upperBound), hasDefinitions: false)
      found += (codeSpans ?? []).map { $0.lowerBound + cell.lowerBound..<$0.upperBound + cell.lowerBound }
    }
    codeSpans = nil
    return found
  }

  private func hasBacktick(_ range: Range<Int>) -> Bool {
    source.slice(range.lowerBound, range.upperBound).index(of: ascii("`"), from: 0) < range.count
  }
}
