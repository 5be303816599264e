/// Follows the block structure of a document, line by line, as CommonMark's appendix "A parsing strategy" has it, and makes the
/// plan by which it is lowered: which lines hold inline content, and where the blocks are that only extensions know.
struct BlockScanner: ~Copyable {
  struct Container {
    enum Kind { case quote, item, footnote, definition }
    var kind: Kind
    /// How many columns a line must be indented to belong to it; quotations aside.
    var width = 0
    var hasChild = false
    var lastChild = Child.none
    /// On which line that began.
    var lastChildLine = -1
    /// Among the definitions of the plan.
    var definition = 0

    var isLowered: Bool { kind == .footnote || kind == .definition }
  }

  enum Child { case none, paragraph, definition, other }

  enum Leaf: Equatable {
    case none, paragraph, indentedCode, table, math
    case fenced(mark: UInt8, length: Int, offset: Int)
    case html(kind: Int)
  }

  let source: Bytes
  let options: MarkdownOptions
  private let hasCarriageReturns: Bool
  /// Whether the plan is to say where code stands.
  var notesCode = false
  var plan = LoweringPlan()
  var root = Container(kind: .quote)
  var containers: [Container] = []
  var leaf = Leaf.none
  /// The first piece of the open paragraph.
  var paragraphStart = 0
  var paragraphAlert: Int?
  var paragraphIsTask = false
  /// A delimiter row in this paragraph did not fit its header: GFM's reference parser tries once.
  var hasTriedTable = false
  var blankLines = 0

  // The current line.
  var line = Bytes(start: nil, count: 0)
  var lineStart = 0
  var nextLine = 0
  var lineNumber = -1
  var cursor = LineCursor()
  /// Where the prefix in `plan.scratch` begins, when the line has one of its own.
  var prefixStart = 0
  var isRewritten = false
  /// Up to which byte of the line the prefix stands for.
  var prefixEnd = 0
  /// Up to which byte no thematic break can begin; keeps `* * * * a` linear.
  var noBreakBefore = 0
  /// Up to which byte of the source the end of a math block was looked for in vain.
  var noMathEndBefore = 0
  /// A footnote or definition ended with this line.
  var endedLowered = false
  var row: [Range<Int>] = []

  init(_ source: Bytes, options: MarkdownOptions) {
    self.source = source
    self.options = options
    hasCarriageReturns = source.index(of: 0x0D, from: 0) < source.count
  }

  /// Reads the whole source.
  mutating func scan() {
    while nextLine < source.count {
      readLine()
      scanLine()
    }
    endParagraph()
  }

  private mutating func readLine() {
    lineStart = nextLine
    var end = source.index(of: 0x0A, from: lineStart)
    if hasCarriageReturns { end = min(end, source.slice(0, end).index(of: 0x0D, from: lineStart)) }
    line = source.slice(lineStart, end)
    if end < source.count {
      end += source[end] == 0x0D && end + 1 < source.count && source[end + 1] == 0x0A ? 2 : 1
    }
    nextLine = end
    lineNumber += 1
    cursor = LineCursor()
    isRewritten = false
    prefixEnd = 0
    noBreakBefore = 0
    endedLowered = false
  }

  private mutating func scanLine() {
    var matched = 0
    while matched < containers.count {
      cursor.findNonspace(line)
      guard continues(containers[matched], at: matched) else { break }
      matched += 1
    }
    cursor.findNonspace(line)
    var leafMatches = false
    if matched == containers.count, leaf != .none {
      guard let result = continueLeaf() else { return }
      leafMatches = result
    }
    openBlocks(matched: matched, leafMatches: leafMatches)
    blankLines = cursor.isBlank ? blankLines + 1 : 0
  }

  /// Whether this line belongs to an open container; consumes the prefix.
  private mutating func continues(_ container: Container, at depth: Int) -> Bool {
    switch container.kind {
    case .quote:
      guard cursor.indent <= 3, cursor.firstNonspace < line.count, line[cursor.firstNonspace] == ascii(">") else {
        return false
      }
      cursor.advance(line, columns: cursor.indent + 1)
      if isSpaceOrTab(line.at(cursor.offset)) { cursor.advance(line, columns: 1) }
      return true
    case .item:
      if cursor.indent >= container.width {
        cursor.advance(line, columns: container.width)
        return true
      }
      guard cursor.isBlank, container.hasChild else { return false }
      cursor.advance(line, to: cursor.firstNonspace)
      return true
    case .footnote, .definition:
      guard cursor.isBlank || cursor.indent >= container.width else { return false }
      if cursor.isBlank {
        // A blank line need not be indented: it gets the prefix that it could have.
        isRewritten = true
        prefixStart = plan.scratch.count
        appendPrefix(of: containers[..<depth])
        cursor.advance(line, to: cursor.firstNonspace)
        appendLoweredPrefix(container.width)
        prefixEnd = cursor.offset
      } else {
        rewritePrefix(upTo: cursor.offset)
        cursor.advance(line, columns: container.width)
        appendLoweredPrefix(container.width)
        prefixEnd = cursor.offset
        if cursor.isInsideTab {
          plan.scratch.append(0x20, repeated: 4 - cursor.column % 4)
          prefixEnd += 1
        }
      }
      return true
    }
  }

  /// Copies what the line has before `offset` into a prefix of its own.
  private mutating func rewritePrefix(upTo offset: Int) {
    if !isRewritten {
      isRewritten = true
      prefixStart = plan.scratch.count
      prefixEnd = 0
    }
    plan.scratch.append(line.slice(prefixEnd, offset))
    plan.scratch.append(0x20, repeated: cursor.column - cursor.byteColumn)
    prefixEnd = max(prefixEnd, offset)
  }

  /// What a line needs to belong to all of `containers`.
  mutating func appendPrefix(of containers: ArraySlice<Container>) {
    for container in containers {
      switch container.kind {
      case .quote: plan.scratch.append("> ")
      case .item: plan.scratch.append(0x20, repeated: container.width)
      case .footnote, .definition: appendLoweredPrefix(container.width)
      }
    }
  }

  /// A block quote's mark, as wide as what it stands for, so that tabs behind it reach where they did.
  mutating func appendLoweredPrefix(_ width: Int) {
    plan.scratch.append(0x20, repeated: min(max(width - 2, 0), 3))
    plan.scratch.append("> ")
  }

  /// Whether this line belongs to the open leaf; nil where the leaf took the whole line.
  private mutating func continueLeaf() -> Bool? {
    switch leaf {
    case .none: return false
    case .paragraph: return !cursor.isBlank
    case .indentedCode: return cursor.isIndented || cursor.isBlank
    case .html(let kind): return kind <= 5 || !cursor.isBlank
    case .fenced(let mark, let length, _):
      if cursor.indent <= 3, isClosingFence(mark, length) {
        extendCode()
        leaf = .none
        emitVerbatim()
        blankLines = 0
        return nil
      }
      return true
    case .table:
      return Self.cutTableRow(line, from: cursor.firstNonspace, into: &row)
    case .math:
      addMathLine(from: cursor.offset)
      return nil
    }
  }

  private func isClosingFence(_ mark: UInt8, _ length: Int) -> Bool {
    var at = cursor.firstNonspace
    while at < line.count, line[at] == mark { at += 1 }
    guard at - cursor.firstNonspace >= length else { return false }
    while at < line.count, isSpaceOrTab(line[at]) { at += 1 }
    return at >= line.count
  }

  // MARK: Code

  /// A block of code begins on this line.
  mutating func noteCode(_ kind: CodeRange.Kind) {
    if notesCode { plan.code.append(CodeRange(kind, lineStart + cursor.firstNonspace..<nextLine)) }
  }

  /// The open block of code, if the leaf is one, goes on with this line.
  mutating func extendCode() {
    guard notesCode, let last = plan.code.indices.last else { return }
    if case .html = leaf { return }
    plan.code[last].range = plan.code[last].range.lowerBound..<nextLine
  }

  // MARK: Pieces

  mutating func emitVerbatim() {
    let start = lineStart + prefixEnd
    if isRewritten {
      plan.pieces.append(
        .init(
          kind: .verbatim, prefix: prefixStart..<plan.scratch.count, start: start, contentStart: start, end: nextLine,
          line: lineNumber))
    } else if let last = plan.pieces.indices.last, plan.pieces[last].kind == .verbatim,
      plan.pieces[last].end == lineStart, plan.pieces[last].line + plan.pieces[last].lineCount == lineNumber
    {
      plan.pieces[last].end = nextLine
      plan.pieces[last].lineCount += 1
    } else {
      plan.pieces.append(
        .init(kind: .verbatim, prefix: 0..<0, start: start, contentStart: start, end: nextLine, line: lineNumber))
    }
  }

  mutating func emitText(from content: Int) {
    plan.pieces.append(
      .init(
        kind: .text, prefix: isRewritten ? prefixStart..<plan.scratch.count : 0..<0, start: lineStart + prefixEnd,
        contentStart: lineStart + max(content, prefixEnd), end: lineStart + line.count, line: lineNumber))
  }

  mutating func emitMarker(_ marker: LoweringPlan.Marker, payload: Int = 0, before content: Int) {
    let end = lineStart + max(content, prefixEnd)
    plan.pieces.append(
      .init(
        kind: .marker, prefix: isRewritten ? prefixStart..<plan.scratch.count : 0..<0, start: lineStart + prefixEnd,
        contentStart: end, end: end, line: lineNumber, marker: marker, payload: payload))
  }

  // MARK: Paragraphs

  mutating func startParagraph() {
    leaf = .paragraph
    paragraphStart = plan.pieces.count
    paragraphIsTask = false
    paragraphAlert = nil
    hasTriedTable = false
  }

  /// Makes a unit of the open paragraph's pieces.
  mutating func endParagraph(isHeading: Bool = false) {
    guard leaf == .paragraph else { return }
    leaf = .none
    guard paragraphStart < plan.pieces.count else { return }
    plan.units.append(
      .init(
        pieces: paragraphStart..<plan.pieces.count, isHeading: isHeading, alert: paragraphAlert,
        isTask: paragraphIsTask))
    let first = plan.pieces[paragraphStart]
    if source.at(first.contentStart) == ascii("[") { _ = readDefinitions() }
  }

  /// Notes the reference definitions that the paragraph since `paragraphStart` begins with; whether anything follows them.
  mutating func readDefinitions() -> Bool {
    var content = ByteBuffer()
    for piece in plan.pieces[paragraphStart...] {
      content.append(source.slice(piece.contentStart, piece.end))
      content.append(0x0A)
    }
    var at = 0
    while at < content.count, let found = LinkScanner.definition(content.bytes, at: at) {
      plan.references.insert(LinkScanner.normalized(content.bytes(found.label)))
      at = found.end
    }
    return HTMLScanner.skipWhitespace(content.bytes, at) < content.count
  }
}
