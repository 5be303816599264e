extension BlockScanner {
  /// How deep footnotes and definitions may lie: each repeats the prefixes of all containers around it.
  static let maximumDepth = 100

  /// Opens what begins on this line, then adds what is left of it to the innermost block.
  mutating func openBlocks(matched: Int, leafMatches: Bool) {
    switch leaf {
    case .indentedCode, .fenced, .html:
      if leafMatches {
        extendCode()
        return continueVerbatim()
      }
    default: break
    }
    let wasParagraph = leaf == .paragraph
    var isInParagraph = leafMatches && wasParagraph
    var mayBeLazy = wasParagraph
    var hasOpened = false

    /// Ends what this line does not continue, the first time that something opens.
    func close(_ scanner: inout BlockScanner) {
      if !hasOpened { scanner.closeUnmatched(matched) }
      hasOpened = true
      isInParagraph = false
      mayBeLazy = false
      scanner.noteChild(.other)
    }

    while true {
      cursor.findNonspace(line)
      let start = cursor.firstNonspace
      let isIndented = cursor.isIndented
      let byte = line.at(start)
      if isIndented {
        guard !mayBeLazy, !cursor.isBlank else { break }
        close(&self)
        leaf = .indentedCode
        noteCode(.indented)
        return emitVerbatim()
      }
      if cursor.isBlank { break }
      if byte == ascii(">") {
        let isFirst = !hasOpened
        close(&self)
        // It would become part of the quotation that stands for what has just ended.
        if isFirst, endedLowered { emitMarker(.separator, before: cursor.offset) }
        cursor.advance(line, to: start + 1)
        if isSpaceOrTab(line.at(cursor.offset)) { cursor.advance(line, columns: 1) }
        containers.append(Container(kind: .quote))
        continue
      }
      if byte == ascii("#"), let content = headingContent(start) {
        close(&self)
        emitText(from: content)
        let piece = plan.pieces.count - 1
        plan.units.append(.init(pieces: piece..<piece + 1, isHeading: true, isATXHeading: true))
        return
      }
      if byte == ascii("`") || byte == ascii("~"), let length = openingFence(start) {
        close(&self)
        leaf = .fenced(mark: byte, length: min(length, 255), offset: start - cursor.offset)
        noteCode(.fenced)
        return emitVerbatim()
      }
      if byte == ascii("<") {
        var kind = HTMLScanner.blockStart(line, at: start)
        if kind == 0, !isInParagraph, !mayBeLazy, HTMLScanner.isLoneTag(line, at: start) { kind = 7 }
        if kind > 0 {
          close(&self)
          leaf = .html(kind: kind)
          return continueVerbatim()
        }
      }
      if isInParagraph, isSetextUnderline(start) {
        if source.at(plan.pieces[paragraphStart].contentStart) != ascii("[") || readDefinitions() {
          endParagraph(isHeading: true)
          return emitVerbatim()
        }
        // Nothing but reference definitions so far: no heading, and no header for a table either.
        hasTriedTable = true
      }
      if isThematicBreak(start) {
        close(&self)
        return emitVerbatim()
      }
      if byte == ascii("["), options.footnotes, containers.count < Self.maximumDepth, let label = footnoteLabel(start) {
        close(&self)
        openFootnote(label)
        continue
      }
      if let marker = listMarker(start, interruptsParagraph: isInParagraph) {
        close(&self)
        openItem(markerLength: marker)
        if options.taskLists, isTaskMarker() {
          noteChild(.other)
          startParagraph()
          paragraphIsTask = true
          return emitText(from: cursor.firstNonspace)
        }
        continue
      }
      if byte == ascii(":"), options.definitionLists, containers.count < Self.maximumDepth,
        isDefinition(start, matched, isInParagraph: isInParagraph)
      {
        // It is loose as well where a blank line parts two of its blocks: see `noteChild`.
        let isTight = isInParagraph || blankLines == 0
        close(&self)
        openDefinition(isTight: isTight)
        continue
      }
      if byte == ascii("|") || byte == ascii(":") || byte == ascii("-"), isInParagraph, options.tables,
        openTable(start)
      {
        return
      }
      if leaf == .table, leafMatches, !hasOpened, addTableRow() { return }
      if byte == ascii("$"), options.math, !isInParagraph, !mayBeLazy, isMathStart(start) {
        close(&self)
        emitMarker(.math, payload: plan.mathBlocks.count, before: start)
        leaf = .math
        plan.mathBlocks.append(plan.mathText.count..<plan.mathText.count)
        return addMathLine(from: start + 2)
      }
      break
    }
    addText(matched: matched, leafMatches: leafMatches, hasOpened: hasOpened, wasParagraph: wasParagraph)
  }

  private mutating func addText(matched: Int, leafMatches: Bool, hasOpened: Bool, wasParagraph: Bool) {
    if cursor.isBlank {
      if !hasOpened { closeUnmatched(matched) }
      return emitVerbatim()
    }
    if !hasOpened, wasParagraph { return emitText(from: cursor.firstNonspace) }
    if !hasOpened { closeUnmatched(matched) }
    startParagraph()
    if options.alerts, let container = containers.last, container.kind == .quote, !container.hasChild {
      paragraphAlert = alert(cursor.firstNonspace)
    }
    noteChild(.paragraph)
    emitText(from: cursor.firstNonspace)
  }

  /// A line of code or HTML.
  private mutating func continueVerbatim() {
    if case .html(let kind) = leaf, HTMLScanner.ends(kind, line, from: cursor.firstNonspace) { leaf = .none }
    emitVerbatim()
  }

  /// Ends the leaf, and the containers from `matched` on.
  private mutating func closeUnmatched(_ matched: Int) {
    endParagraph()
    leaf = .none
    guard matched < containers.count else { return }
    endedLowered = containers[matched].isLowered
    containers.removeLast(containers.count - matched)
  }

  /// Something became a child of the innermost container.
  mutating func noteChild(_ child: Child) {
    if let last = containers.indices.last {
      // Several are noted on a line that opens one in the other.
      if containers[last].kind == .definition, containers[last].hasChild, blankLines > 0,
        containers[last].lastChildLine < lineNumber
      {
        plan.definitionsAreTight[containers[last].definition] = false
      }
      containers[last].hasChild = true
      containers[last].lastChild = child
      containers[last].lastChildLine = lineNumber
    } else {
      root.lastChild = child
    }
  }

  // MARK: What begins a block

  private func headingContent(_ start: Int) -> Int? {
    var at = start
    while at < line.count, line[at] == ascii("#") { at += 1 }
    guard at - start <= 6 else { return nil }
    if at >= line.count { return at }
    guard isSpaceOrTab(line[at]) else { return nil }
    while at < line.count, isSpaceOrTab(line[at]) { at += 1 }
    return at
  }

  private func openingFence(_ start: Int) -> Int? {
    let mark = line[start]
    var at = start
    while at < line.count, line[at] == mark { at += 1 }
    let length = at - start
    guard length >= 3 else { return nil }
    if mark == ascii("`"), line.slice(at, line.count).contains(mark) { return nil }
    return length
  }

  private func isSetextUnderline(_ start: Int) -> Bool {
    let mark = line.at(start)
    guard mark == ascii("=") || mark == ascii("-") else { return false }
    var at = start
    while at < line.count, line[at] == mark { at += 1 }
    while at < line.count, isSpaceOrTab(line[at]) { at += 1 }
    return at >= line.count
  }

  private mutating func isThematicBreak(_ start: Int) -> Bool {
    let mark = line.at(start)
    guard mark == ascii("*") || mark == ascii("-") || mark == ascii("_"), start >= noBreakBefore else { return false }
    var count = 0
    var at = start
    while at < line.count {
      if line[at] == mark {
        count += 1
      } else if !isSpaceOrTab(line[at]) {
        noBreakBefore = at
        return false
      }
      at += 1
    }
    return count >= 3
  }

  /// The length of a bullet or a number with its delimiter.
  private func listMarker(_ start: Int, interruptsParagraph: Bool) -> Int? {
    var at = start
    let byte = line.at(at)
    if byte == ascii("*") || byte == ascii("-") || byte == ascii("+") {
      at += 1
    } else if isDigit(byte) {
      while at < line.count, isDigit(line[at]), at - start < 9 { at += 1 }
      if interruptsParagraph {
        var number = 0
        for digit in line.slice(start, at) { number = number * 10 + Int(digit - 0x30) }
        guard number == 1 else { return nil }
      }
      guard line.at(at) == ascii(".") || line.at(at) == ascii(")") else { return nil }
      at += 1
    } else {
      return nil
    }
    guard at >= line.count || isWhitespace(line[at]) else { return nil }
    if interruptsParagraph {
      var content = at
      while content < line.count, isSpaceOrTab(line[content]) { content += 1 }
      guard content < line.count else { return nil }
    }
    return at - start
  }

  private mutating func openItem(markerLength: Int) {
    let indent = cursor.indent
    cursor.advance(line, to: cursor.firstNonspace + markerLength)
    let saved = cursor
    while cursor.column - saved.column <= 5, isSpaceOrTab(line.at(cursor.offset)) { cursor.advance(line, columns: 1) }
    let spaces = cursor.column - saved.column
    var padding = markerLength + spaces
    if spaces >= 5 || spaces < 1 || cursor.offset >= line.count {
      padding = markerLength + 1
      cursor = saved
      if spaces > 0 { cursor.advance(line, columns: 1) }
    }
    containers.append(Container(kind: .item, width: indent + padding))
  }

  /// `[ ]` or `[x]` and white space, where an item's content begins.
  private mutating func isTaskMarker() -> Bool {
    cursor.findNonspace(line)
    let at = cursor.firstNonspace
    guard !cursor.isIndented, line.at(at) == ascii("["), line.at(at + 2) == ascii("]"), at + 3 < line.count else {
      return false
    }
    // "At least one white space character before any other content": there must be some.
    guard HTMLScanner.skipWhitespace(line, at + 3) < line.count else { return false }
    let state = line.at(at + 1)
    guard state == 0x20 || state | 0x20 == ascii("x") else { return false }
    return isWhitespace(line.at(at + 3))
  }

  /// `[!NOTE]` alone, as GitHub has it, or with a title behind it, as Hugo and Obsidian have it. Obsidian's `+` and `-` fold nothing here.
  private func alert(_ start: Int) -> Int? {
    guard line.hasPrefix("[!", at: start) else { return nil }
    var end = start + 2
    while end < line.count, isLetter(line[end]) { end += 1 }
    guard line.at(end) == ascii("]") else { return nil }
    let name = String(decoding: line.slice(start + 2, end), as: UTF8.self).lowercased()
    end += 1
    if line.at(end) == ascii("+") || line.at(end) == ascii("-") { end += 1 }
    guard end >= line.count || isSpaceOrTab(line[end]) else { return nil }
    return AlertKind.allCases.firstIndex { $0.rawValue == name }
  }
}
