/// Reads the inline content of one paragraph, heading or cell and replaces what only extensions know by tokens.
/// It must know where code spans, raw HTML and links are (CommonMark 0.30, section 6), because nothing in them counts.
extension Lowering {
  /// - Parameter hasDefinitions: whether link reference definitions may come first, as in a paragraph.
  mutating func read(
    _ content: Bytes, hasDefinitions: Bool = true, isHeading: Bool = false, isTask: Bool = false, alert: Int? = nil
  ) {
    lexed.truncate(0)
    lineBreaks.removeAll(keepingCapacity: true)
    brackets.removeAll(keepingCapacity: true)
    openImages = 0
    inactiveBrackets = 0
    tildeOpeners.removeAll(keepingCapacity: true)
    lastBackticks.removeAll(keepingCapacity: true)
    noMathAfter = .max
    noMarkupEndAfter.removeAll(keepingCapacity: true)
    copied = 0
    lineIndex = 0
    guard sentinels != nil else { return flush(content, to: content.count) }

    var text = content
    while let last = text.last, isWhitespace(last) { text = text.slice(0, text.count - 1) }
    var at = 0
    if isTask {
      let isDone = content.at(1) != 0x20
      addToken(.init(kind: isDone ? .taskDone : .taskOpen, text: 0..<0), content, 0..<3)
      at = 3
    } else if let alert {
      at = content.firstIndex(of: 0x0A) ?? content.count
      if codeSpans != nil { readTitle(content.slice(0, at)) }
      addToken(.init(kind: .alert, text: 0..<0, value: alert), content, 0..<at)
    } else if hasDefinitions {
      while at < text.count, let found = LinkScanner.definition(text, at: at) { at = found.end }
    }
    var headingAttributes: (Attributes, Range<Int>)?
    if isHeading, options.attributes, let found = trailingAttributes(text) {
      headingAttributes = found
      text = text.slice(0, found.1.lowerBound)
    }
    while at < text.count { at = readOne(text, at) }
    if let (found, range) = headingAttributes {
      addAttributes(found, content, range)
    }
    flush(content, to: content.count)
  }

  /// The title of an alert, a text of its own, for the code in it.
  private mutating func readTitle(_ title: Bytes) {
    var at = 0
    while at < title.count { at = readOne(title, at) }
    brackets.removeAll(keepingCapacity: true)
    lastBackticks.removeAll(keepingCapacity: true)
    noMathAfter = .max
    noMarkupEndAfter.removeAll(keepingCapacity: true)
  }

  /// Copies what was read up to `end` and is none of ours.
  mutating func flush(_ content: Bytes, to end: Int) {
    guard copied < end else { return }
    let part = content.slice(copied, end)
    part.forEachIndex(of: 0x0A) { _ in
      lineIndex += 1
      lineBreaks.append(lineIndex)
    }
    lexed.append(part)
    copied = end
  }

  /// Puts a token in place of `range`, which begins at or behind everything that was copied.
  mutating func addToken(_ token: Token, _ content: Bytes, _ range: Range<Int>) {
    guard let sentinels else { return }
    flush(content, to: range.lowerBound)
    var token = token
    let start = tokenText.count
    tokenText.append(content.slice(range.lowerBound, range.upperBound))
    token.text = start..<tokenText.count
    for byte in tokenText.bytes(token.text) where byte == 0x0A { lineIndex += 1 }
    let first = content.at(range.lowerBound)
    let last = content.at(range.upperBound - 1)
    sentinels.append(isPunctuation: isPunctuation(first), to: &lexed)
    lexed.append(number: tokens.count)
    sentinels.append(isPunctuation: isPunctuation(last), to: &lexed)
    tokens.append(token)
    copied = range.upperBound
  }

  /// Reads what begins at `at`: the index behind it.
  private mutating func readOne(_ text: Bytes, _ at: Int) -> Int {
    switch text[at] {
    case ascii("\\"): return at + (isPunctuation(text.at(at + 1)) && at + 1 < text.count ? 2 : 1)
    case ascii("`"): return codeSpanEnd(text, at)
    case ascii("<"): return htmlEnd(text, at)
    case ascii("["):
      pushBracket(text, at, isImage: false)
      return at + 1
    case ascii("!"):
      guard text.at(at + 1) == ascii("["), !(options.footnotes && text.at(at + 2) == ascii("^")) else { return at + 1 }
      guard openImages < Self.mostOpenImages else {
        flush(text, to: at + 1)
        lexed.append("\\[")
        copied = at + 2
        return at + 2
      }
      pushBracket(text, at, isImage: true)
      return at + 2
    case ascii("]"): return closeBracket(text, at)
    case ascii("*"), ascii("_"): return resolvesEmphasis ? readDelimiters(text, at) : at + 1
    case ascii("~"): return options.strikethrough ? readDelimiters(text, at) : at + 1
    case ascii("w"): return options.autolinks && brackets.isEmpty ? webLink(text, at) : at + 1
    case ascii(":"):
      if options.autolinks, brackets.isEmpty, let end = urlLink(text, at) { return end }
      return options.emoji ? shortCode(text, at) : at + 1
    case ascii("$"): return options.math ? math(text, at) : at + 1
    default: return at + 1
    }
  }

  // MARK: Code spans and raw HTML

  private mutating func codeSpanEnd(_ text: Bytes, _ at: Int) -> Int {
    var start = at
    while start < text.count, text[start] == ascii("`") { start += 1 }
    let length = start - at
    guard length <= 80 else { return start }
    if lastBackticks.isEmpty { findBackticks(text) }
    guard lastBackticks[length] >= start else { return start }
    var index = start
    while index < text.count {
      guard text[index] == ascii("`") else {
        index += 1
        continue
      }
      let runStart = index
      while index < text.count, text[index] == ascii("`") { index += 1 }
      if index - runStart == length {
        codeSpans?.append(at..<index)
        return index
      }
    }
    return start
  }

  private mutating func findBackticks(_ text: Bytes) {
    lastBackticks = Array(repeating: -1, count: 81)
    var index = 0
    while index < text.count {
      let start = index
      while index < text.count, text[index] == ascii("`") { index += 1 }
      if index > start, index - start <= 80 { lastBackticks[index - start] = start }
      index += 1
    }
  }

  private mutating func htmlEnd(_ text: Bytes, _ at: Int) -> Int {
    if let end = HTMLScanner.autolink(text, at: at + 1) ?? HTMLScanner.tag(text, at: at + 1) { return end }
    let next = text.at(at + 1)
    guard next == ascii("!") || next == ascii("?") else { return at + 1 }
    let kind: MarkupKind
    var from = at + 2
    if next == ascii("?") {
      kind = .instruction
    } else if text.hasPrefix("--", at: from) {
      kind = .comment
      from += 2
      if text.at(from) == ascii(">") || text.hasPrefix("->", at: from) { return at + 1 }
    } else if text.hasPrefix("[CDATA[", at: from) {
      kind = .characterData
    } else if text.at(from) &- 0x41 < 26 {
      kind = .declaration
    } else {
      return at + 1
    }
    guard noMarkupEndAfter.isEmpty || at < noMarkupEndAfter[kind.rawValue] else { return at + 1 }
    guard let end = HTMLScanner.find(kind.end, in: text, from: from) else {
      if noMarkupEndAfter.isEmpty { noMarkupEndAfter = MarkupKind.allCases.map { _ in .max } }
      noMarkupEndAfter[kind.rawValue] = at
      return at + 1
    }
    return end + kind.end.utf8CodeUnitCount
  }

  // MARK: Brackets

  /// Labels of links and footnotes are shorter: CommonMark 0.30, section 4.7.
  private static let longestLabel = 1000

  private mutating func pushBracket(_ text: Bytes, _ at: Int, isImage: Bool) {
    if let last = brackets.indices.last { brackets[last].hasBracketAfter = true }
    flush(text, to: at)
    if isImage { openImages += 1 }
    brackets.append(
      .init(
        isImage: isImage, contentStart: at + (isImage ? 2 : 1), lexedStart: lexed.count,
        tokenCount: tokens.count, line: (lineIndex, lineBreaks.count)))
  }

  /// Decides what a `]` ends: a link, an image, a footnote reference or nothing.
  private mutating func closeBracket(_ text: Bytes, _ at: Int) -> Int {
    guard let opener = brackets.popLast() else { return at + 1 }
    let isActive = opener.isImage || brackets.count >= inactiveBrackets
    inactiveBrackets = min(inactiveBrackets, brackets.count)
    if opener.isImage { openImages -= 1 }
    guard isActive else { return at + 1 }
    var end = LinkScanner.inlineTail(text, at: at + 1)
    /// The label of a collapsed or shortcut reference.
    var shortLabel: Range<Int>?
    if end == nil, !plan.references.isEmpty {
      let labelEnd = LinkScanner.label(text, at: at + 1)
      var label = labelEnd.map { at + 2..<$0 - 1 }
      let isShort = label?.isEmpty ?? true
      if isShort { label = opener.hasBracketAfter ? nil : opener.contentStart..<at }
      if let label, label.count < Self.longestLabel,
        plan.references.contains(LinkScanner.normalized(text.slice(label.lowerBound, label.upperBound)))
      {
        end = labelEnd ?? at + 1
        if isShort { shortLabel = label }
      }
    }
    if let end {
      if let label = shortLabel, tokens.count > opener.tokenCount {
        // Its text is its label, and has tokens now: the label is written out behind it.
        flush(text, to: at + 1)
        lexed.append(ascii("["))
        for byte in text.slice(label.lowerBound, label.upperBound) { lexed.append(isLineEnd(byte) ? 0x20 : byte) }
        lexed.append(ascii("]"))
        copied = end
      }
      if opener.isImage {
        var attributesEnd = 0
        if options.attributes, let found = Attributes(text, at: end, end: &attributesEnd) {
          addAttributes(found, text, end..<attributesEnd)
          return attributesEnd
        }
      } else {
        inactiveBrackets = brackets.count
      }
      return end
    }
    if options.footnotes, !opener.isImage, text.at(opener.contentStart) == ascii("^"), at > opener.contentStart + 1,
      at - opener.contentStart <= Self.longestLabel
    {
      let start = opener.contentStart - 1
      let number = footnoteNumbers[LinkScanner.normalized(text.slice(opener.contentStart + 1, at))]
      // As cmark-gfm has it, what only looks like a reference is text, and nothing in it counts.
      if number != nil || !text.slice(start, at).contains(0x0A) {
        lexed.truncate(opener.lexedStart)
        lineBreaks.removeSubrange(opener.line.breaks...)
        lineIndex = opener.line.index
        dropTokens(from: opener.tokenCount)
        while let last = codeSpans?.last, last.lowerBound >= start { codeSpans?.removeLast() }
        copied = start
        addToken(
          .init(kind: number == nil ? .literal : .footnote, text: 0..<0, value: number ?? 0), text, start..<at + 1)
      }
    }
    return at + 1
  }

  /// Forgets the tokens of what is read anew.
  private mutating func dropTokens(from first: Int) {
    guard first < tokens.count else { return }
    tokenText.truncate(tokens[first].text.lowerBound)
    tokens.removeSubrange(first...)
  }

  // MARK: Delimiters

  private mutating func readDelimiters(_ text: Bytes, _ at: Int) -> Int {
    let mark = text[at]
    var end = at
    while end < text.count, text[end] == mark { end += 1 }
    let before: Unicode.Scalar = at == 0 ? "\n" : text.scalar(before: at)
    let after: Unicode.Scalar = end == text.count ? "\n" : text.scalar(at: end)
    let spaceBefore = isUnicodeWhitespace(before)
    let spaceAfter = isUnicodeWhitespace(after)
    let markBefore = isUnicodePunctuation(before)
    let markAfter = isUnicodePunctuation(after)
    let isLeft = !spaceAfter && (!markAfter || spaceBefore || markBefore)
    let isRight = !spaceBefore && (!markBefore || spaceAfter || markAfter)
    var token = Token(kind: .delimiters, text: 0..<0, value: end - at, delimiter: mark)
    if mark == ascii("_") {
      token.canOpen = isLeft && (!isRight || markBefore)
      token.canClose = isRight && (!isLeft || markAfter)
    } else {
      token.canOpen = isLeft
      token.canClose = isRight
    }
    if mark == ascii("~") {
      guard end - at <= 2 else { return end }
      if token.canClose, tildeOpeners.contains(end - at) { hasStrikethrough = true }
      if token.canOpen { tildeOpeners.insert(end - at) }
    }
    if resolvesEmphasis { addToken(token, text, at..<end) }
    return end
  }

  // MARK: Math, short codes, attributes

  /// A formula: `$` around it in a line, `$$` around one for itself. Prices, paths and variables of a shell have such signs as well, so those
  /// count only where no such thing is likely, as Pandoc and GitHub have it, and the first one behind an opening one closes the formula or
  /// there is none.
  private mutating func math(_ text: Bytes, _ at: Int) -> Int {
    var start = at
    while start < text.count, text[start] == ascii("$") { start += 1 }
    let length = start - at
    guard length <= 2, start < text.count, mayOpenMath(text, at), length == 2 || !isWhitespace(text[start]) else {
      return start
    }
    guard let end = mathEnd(text, start, length), length == 2 || !isWhitespace(text[end - 1]),
      mayCloseMath(text, end + length)
    else { return start }
    addToken(.init(kind: length == 2 ? .mathDisplay : .mathInline, text: 0..<0), text, at..<end + length)
    return end + length
  }

  /// Where the formula whose text begins at `start` may end; nil where it does not, and where a code span comes before that in a line.
  private mutating func mathEnd(_ text: Bytes, _ start: Int, _ length: Int) -> Int? {
    guard length == 1 || start < noMathAfter else { return nil }
    var index = start
    while index < text.count {
      switch text[index] {
      case ascii("\\"): index += 2
      case ascii("`") where length == 1: return nil
      case ascii("$") where length == 1 || text.at(index + 1) == ascii("$"):
        return text.at(index + length) == ascii("$") ? nil : index
      default: index += 1
      }
    }
    if length == 2 { noMathAfter = start }
    return nil
  }

  private func mayOpenMath(_ text: Bytes, _ at: Int) -> Bool {
    guard at > 0 else { return true }
    let before = text[at - 1]
    return !isPartOfWord(before, text.scalar(before: at)) && before != ascii("/") && before != ascii(":")
      && before != ascii("=")
  }

  private func mayCloseMath(_ text: Bytes, _ end: Int) -> Bool {
    guard end < text.count else { return true }
    return !isPartOfWord(text[end], text.scalar(at: end)) && text[end] != ascii("/")
  }

  /// Whether a letter or digit; those of scripts without capitals, of which many are written without spaces, are no part of a price or a name.
  private func isPartOfWord(_ byte: UInt8, _ scalar: Unicode.Scalar) -> Bool {
    byte < 0x80 ? isAlphanumeric(byte) : scalar.properties.isCased
  }

  private mutating func shortCode(_ text: Bytes, _ at: Int) -> Int {
    var end = at + 1
    while end < text.count, end - at <= 40 {
      let byte = text[end]
      guard isAlphanumeric(byte) || byte == ascii("_") || byte == ascii("+") || byte == ascii("-") else { break }
      end += 1
    }
    guard end < text.count, text[end] == ascii(":"), end > at + 1,
      let found = emojiShortCodes[String(decoding: text.slice(at + 1, end), as: UTF8.self)]
    else { return at + 1 }
    emoji.append(found)
    addToken(.init(kind: .emoji, text: 0..<0, value: emoji.count - 1), text, at..<end + 1)
    return end + 1
  }

  private mutating func addAttributes(_ found: Attributes, _ text: Bytes, _ range: Range<Int>) {
    attributes.append(options.rawHTML ? found : found.withoutHandlers)
    addToken(.init(kind: .attributes, text: 0..<0, value: attributes.count - 1), text, range)
  }

  /// The attributes at the end of a heading, with the white space before them; a closing `##` may follow.
  private func trailingAttributes(_ text: Bytes) -> (Attributes, Range<Int>)? {
    var end = text.count
    while end > 0, isWhitespace(text[end - 1]) { end -= 1 }
    let withMarks = end
    while end > 0, text[end - 1] == ascii("#") { end -= 1 }
    if end < withMarks, end > 0, !isSpaceOrTab(text[end - 1]) { end = withMarks }
    while end > 0, isWhitespace(text[end - 1]) { end -= 1 }
    guard end > 0, text[end - 1] == ascii("}") else { return nil }
    var start = end - 1
    while start >= 0, text[start] != ascii("{"), !isLineEnd(text[start]) { start -= 1 }
    guard start >= 0, text[start] == ascii("{"), start == 0 || text[start - 1] != ascii("\\") else { return nil }
    var parsedEnd = 0
    guard let found = Attributes(text, at: start, end: &parsedEnd), parsedEnd == end else { return nil }
    while start > 0, isSpaceOrTab(text[start - 1]) { start -= 1 }
    return (found, start..<end)
  }
}
