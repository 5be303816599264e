extension BlockScanner {
  // MARK: Footnotes and definitions

  /// `[^label]:` at `start`: where the label lies.
  func footnoteLabel(_ start: Int) -> Range<Int>? {
    guard line.at(start + 1) == ascii("^") else { return nil }
    var at = start + 2
    while at < line.count, line[at] != ascii("]"), !isWhitespace(line[at]), line[at] != 0 { at += 1 }
    guard at > start + 2, line.at(at) == ascii("]"), line.at(at + 1) == ascii(":") else { return nil }
    return start + 2..<at
  }

  mutating func openFootnote(_ label: Range<Int>) {
    let bytes = line.slice(label.lowerBound, label.upperBound)
    let footnote = LoweringPlan.Footnote(
      label: LinkScanner.normalized(bytes), rawLabel: Array(bytes), line: lineNumber)
    plan.footnotes.append(footnote)
    openLowered(
      Container(kind: .footnote, width: 4), .footnote, payload: plan.footnotes.count - 1,
      contentFrom: label.upperBound + 2)
  }

  /// Whether a `:` begins a definition: below a paragraph or another definition, with at most one blank line between.
  func isDefinition(_ start: Int, _ matched: Int, isInParagraph: Bool) -> Bool {
    guard isSpaceOrTab(line.at(start + 1)), start + 1 < line.count, blankLines <= 1 else { return false }
    if isInParagraph { return true }
    if matched < containers.count, containers[matched].kind == .definition { return true }
    guard matched == containers.count, leaf == .none else { return false }
    let last = containers.last?.lastChild ?? root.lastChild
    return last == .paragraph || last == .definition
  }

  mutating func openDefinition(isTight: Bool) {
    noteChild(.definition)
    plan.definitionsAreTight.append(isTight)
    let colon = cursor.firstNonspace
    var probe = cursor
    probe.advance(line, to: colon + 1)
    probe.findNonspace(line)
    let spaces = probe.isBlank || probe.indent > 4 ? 1 : probe.indent
    let content = probe.isBlank || probe.indent > 4 ? colon + 2 : probe.firstNonspace
    var container = Container(kind: .definition, width: cursor.indent + 1 + spaces)
    container.definition = plan.definitionsAreTight.count - 1
    openLowered(container, .definition, payload: container.definition, contentFrom: content)
  }

  /// Opens a container that reaches libcmark as a block quote below a marker.
  private mutating func openLowered(
    _ container: Container, _ marker: LoweringPlan.Marker, payload: Int, contentFrom content: Int
  ) {
    emitMarker(marker, payload: payload, before: cursor.firstNonspace)
    isRewritten = true
    prefixStart = plan.scratch.count
    appendPrefix(of: containers[...])
    appendLoweredPrefix(container.width)
    var content = content
    if container.kind == .footnote {
      while content < line.count, isSpaceOrTab(line[content]) { content += 1 }
    }
    cursor.advance(line, to: content)
    prefixEnd = content
    endedLowered = false
    containers.append(container)
  }

  // MARK: Tables

  /// Cuts a row at its pipes; false where it has no cell. GFM 4.10: a pipe behind a backslash is content.
  static func cutTableRow(_ text: Bytes, from start: Int, into cells: inout [Range<Int>]) -> Bool {
    cells.removeAll(keepingCapacity: true)
    var at = start
    func skipSpace() { while at < text.count, isWhitespace(text[at]) { at += 1 } }
    if at < text.count, text[at] == ascii("|") {
      at += 1
      skipSpace()
    }
    while at < text.count {
      let cellStart = at
      while at < text.count, text[at] != ascii("|") || (at > cellStart && text[at - 1] == ascii("\\")) { at += 1 }
      if at >= text.count, cellStart == at { break }
      var end = at
      var begin = cellStart
      while end > begin, isWhitespace(text[end - 1]) { end -= 1 }
      while begin < end, isWhitespace(text[begin]) { begin += 1 }
      cells.append(begin..<end)
      guard cells.count <= 65535 else { return false }
      if at < text.count {
        at += 1
        skipSpace()
      }
    }
    return !cells.isEmpty
  }

  /// The columns of a delimiter row, nil where the line is none.
  private func delimiterRow(_ start: Int) -> [LoweringPlan.Table.Alignment]? {
    var columns: [LoweringPlan.Table.Alignment] = []
    var at = start
    func skipSpace() { while at < line.count, isWhitespace(line[at]) { at += 1 } }
    if line.at(at) == ascii("|") { at += 1 }
    while true {
      skipSpace()
      let isLeft = line.at(at) == ascii(":")
      if isLeft { at += 1 }
      let dashes = at
      while at < line.count, line[at] == ascii("-") { at += 1 }
      guard at > dashes else { return nil }
      let isRight = line.at(at) == ascii(":")
      if isRight { at += 1 }
      skipSpace()
      columns.append(isLeft ? (isRight ? .center : .left) : (isRight ? .right : .none))
      if at >= line.count { return columns }
      guard line[at] == ascii("|"), columns.count <= 65535 else { return nil }
      at += 1
      var rest = at
      while rest < line.count, isWhitespace(line[rest]) { rest += 1 }
      if rest >= line.count { return columns }
    }
  }

  /// Makes the paragraph's last line a table header, if this line is a delimiter row that fits it.
  mutating func openTable(_ start: Int) -> Bool {
    guard !hasTriedTable, let alignments = delimiterRow(start), let header = plan.pieces.last else { return false }
    let text = source.slice(header.contentStart, header.end)
    guard Self.cutTableRow(text, from: 0, into: &row), row.count == alignments.count else {
      hasTriedTable = true
      return false
    }
    plan.pieces.removeLast()
    let isWholeParagraph = plan.pieces.count == paragraphStart
    endParagraph()
    leaf = .table
    noteChild(.other)
    if isWholeParagraph {
      var marker = header
      marker.kind = .marker
      marker.marker = .table
      marker.payload = plan.tables.count
      marker.end = marker.contentStart
      plan.pieces.append(marker)
    } else {
      emitMarker(.table, payload: plan.tables.count, before: start)
    }
    plan.tables.append(.init(alignments: alignments, rows: [], line: header.line))
    addCells(text, from: header.contentStart, line: header.line)
    return true
  }

  /// Adds the row that `continueLeaf` has cut; false where the table would become too large.
  mutating func addTableRow() -> Bool {
    guard let last = plan.tables.indices.last else { return false }
    let columns = plan.tables[last].alignments.count
    // GFM's reference parser stops at as many cells that no row filled in.
    let rows = plan.tables[last].rows.count
    let filled = plan.cells.count - (plan.tables[last].rows.first?.lowerBound ?? 0)
    guard rows * columns - filled <= 0x80000 else { return false }
    if row.count > columns { row.removeLast(row.count - columns) }
    addCells(line, from: lineStart, line: lineNumber)
    return true
  }

  /// Keeps the cells of `row` with `\|` as `|`; `text` begins at `textStart`.
  private mutating func addCells(_ text: Bytes, from textStart: Int, line: Int) {
    let first = plan.cells.count
    for cell in row {
      if notesCode { plan.cellSources.append(textStart + cell.lowerBound..<textStart + cell.upperBound) }
      let start = plan.scratch.count
      var at = cell.lowerBound
      while at < cell.upperBound {
        if text[at] == ascii("\\"), at + 1 < cell.upperBound, text[at + 1] == ascii("|") { at += 1 }
        plan.scratch.append(text[at])
        at += 1
      }
      plan.cells.append(.init(content: start..<plan.scratch.count, line: line))
    }
    plan.tables[plan.tables.count - 1].rows.append(first..<plan.cells.count)
  }

  // MARK: Math

  /// `$$` with its end on a later line, before any blank one.
  mutating func isMathStart(_ start: Int) -> Bool {
    guard line.hasPrefix("$$", at: start), HTMLScanner.find("$$", in: line, from: start + 2) == nil,
      nextLine >= noMathEndBefore
    else { return false }
    var at = nextLine
    var isBlank = true
    while at < source.count {
      let byte = source[at]
      if byte == ascii("$"), source.at(at + 1) == ascii("$") { return true }
      if isLineEnd(byte) {
        if isBlank { break }
        isBlank = !(byte == 0x0D && source.at(at + 1) == 0x0A)
      } else if !isSpaceOrTab(byte) {
        isBlank = false
      }
      at += 1
    }
    noMathEndBefore = at
    return false
  }

  mutating func addMathLine(from start: Int) {
    guard let last = plan.mathBlocks.indices.last else { return }
    let end = HTMLScanner.find("$$", in: line, from: start)
    plan.mathText.append(line.slice(start, end ?? line.count))
    if end == nil { plan.mathText.append(0x0A) } else { leaf = .none }
    plan.mathBlocks[last] = plan.mathBlocks[last].lowerBound..<plan.mathText.count
  }
}
