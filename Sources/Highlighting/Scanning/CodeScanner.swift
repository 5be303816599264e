/// Code that stands inside of a string: where to go on when its bracket closes.
struct Frame {
  /// The string's rule; nil where the code stands in no string (a shell's `${…}`, a template's braces).
  var rule: Rule?
  var hashes = 0
  /// The string's kind: the rule's, or `.docstring`.
  var kind = Kind.plain
  /// The kind of the brackets around the code.
  var bracket = Kind.interpolation
  var open: UInt8
  var close: UInt8
  /// Brackets of the same form inside.
  var depth = 0
}

// The scanner of all languages that are described as data.
extension Scanner {
  mutating func scanCode(_ grammar: Grammar) {
    if position == 0, next == "#", byte(1) == "!", byte(2) != "[" {
      position = lineEnd(from: 0)
      emit(.hashbang, 0, position)
    }
    while position < end {
      let byte = text[position]
      let firstRule = grammar.ruleStarts[Int(byte)]
      if firstRule != 0, applyRules(from: Int(firstRule) - 1, at: byte, grammar) { continue }
      switch grammar.actions[Int(byte)] {
      case .blank: position &+= 1
      case .newline: newline(grammar)
      case .name: scanName(grammar)
      case .digit: scanNumber(grammar)
      case .operation: scanOperator(byte, grammar)
      case .open:
        if let last = frames.indices.last, frames[last].open == byte { frames[last].depth += 1 }
        afterValue = false
        expected = .plain
        position &+= 1
      case .close:
        afterValue = true
        if let frame = frames.last, frame.close == byte { closeFrame(frame, grammar) } else { position &+= 1 }
      case .other:
        afterValue = false
        if expected != .namespace { expected = .plain }
        position &+= 1
      }
    }
  }

  private mutating func newline(_ grammar: Grammar) {
    position &+= 1
    expected = .plain
    afterValue = false
    if !pendingHeredocs.isEmpty { scanHeredocBodies(grammar) }
    // A string of one line ends with it, whatever is open inside.
    while let rule = frames.last?.rule, !rule.traits.contains(.multiline) {
      frames.removeLast()
      afterValue = true
    }
  }

  private mutating func closeFrame(_ frame: Frame, _ grammar: Grammar) {
    let last = frames.count - 1
    if frame.depth > 0 {
      frames[last].depth -= 1
      position &+= 1
      return
    }
    frames.removeLast()
    let from = position
    position &+= 1
    emit(frame.bracket, from, position)
    if let rule = frame.rule { scanString(rule, hashes: frame.hashes, kind: frame.kind, from: position, grammar) }
  }

  private mutating func applyRules(from first: Int, at byte: UInt8, _ grammar: Grammar) -> Bool {
    var index = first
    while index < grammar.ruleCount {
      let rule = grammar.rules[index]
      if rule.open.first != byte { return false }
      if matches(rule.open, at: position), isAllowed(rule, grammar), apply(rule, grammar) { return true }
      index &+= 1
    }
    return false
  }

  @inline(__always)
  private func isAllowed(_ rule: Rule, _ grammar: Grammar) -> Bool {
    let places: Rule.Traits = [.atLineStart, .atWordStart, .notAfterValue, .notOperator, .afterBlank]
    if rule.traits.isDisjoint(with: places) { return true }
    if rule.traits.contains(.atLineStart), !isAtLineStart(position) { return false }
    if rule.traits.contains(.atWordStart), position > start {
      let before = text[position - 1]
      if !before.isSpace, before != ";", before != "&", before != "|", before != "(", before != ")", before != "`" {
        return false
      }
    }
    if rule.traits.contains(.notAfterValue), afterValue { return false }
    if rule.traits.contains(.afterBlank), afterValue, position > start, !text[position - 1].isSpace { return false }
    if rule.traits.contains(.notOperator) {
      var index = position + rule.open.count
      while self.byte(index) == "-" { index += 1 }
      if index < end, grammar.actions[Int(text[index])] == .operation { return false }
    }
    return true
  }

  /// At a name.
  private mutating func scanName(_ grammar: Grammar) {
    let from = position
    var index = from &+ 1
    while index < end, grammar.nameBytes[Int(text[index])] { index &+= 1 }
    position = index
    let follower = byte(index)

    if !grammar.prefixes.isEmpty, follower == .quote || follower == .apostrophe || follower == .hash || follower == "`",
      scanPrefixedString(from, grammar)
    {
      return
    }
    let wasExpected = expected
    expected = .plain
    let isMember =
      grammar.traits.contains(.members) && from > start && text[from &- 1] == "."
      && !(from > start &+ 1 && text[from &- 2] == ".")
    if !isMember {
      let value = grammar.words.value(text + from, index &- from, readable: end &- from)
      if value != 0, let kind = Kind(rawValue: UInt8(truncatingIfNeeded: value)), kind != .softKeyword || governs(index)
      {
        if grammar.traits.contains(.colonSymbols), isColonSymbol(index) { return emitColonSymbol(from) }
        if value > 0xFF { expected = Kind(rawValue: UInt8(truncatingIfNeeded: value &>> 8)) ?? .plain }
        afterValue = kind == .constant || kind == .selfName || kind == .thisKeyword || kind == .type
        if grammar.traits.contains(.assignments), follower == "=", text[from].isName {
          return emit(.variable, from, index)
        }
        return emit(kind, from, index)
      }
    }
    afterValue = true
    emit(kindOfName(from, index, follower, wasExpected, grammar), from, position)
  }

  @inline(__always)
  private mutating func kindOfName(
    _ from: Int, _ index: Int, _ follower: UInt8, _ wasExpected: Kind, _ grammar: Grammar
  ) -> Kind {
    let traits = grammar.traits
    if wasExpected != .plain {
      if wasExpected == .namespace { expected = .namespace }
      return wasExpected
    }
    if traits.contains(.colonSymbols), isColonSymbol(index) {
      position = index &+ 1
      afterValue = false
      return .symbol
    }
    if traits.contains(.macros), follower == "!", byte(index &+ 1) != "=" {
      position = index &+ 1
      return .magicFunction
    }
    if traits.contains(.calls), follower == "(" { return .function }
    if traits.contains(.assignments), text[from].isName, follower == "=" || (follower == "+" && byte(index &+ 1) == "=")
    {
      return .variable
    }
    if traits.contains(.cmdlets), text[from] != "-" {
      for byte in UnsafeBufferPointer(start: text + from, count: index - from) where byte == "-" { return .builtin }
    }
    if text[from].isUppercase {
      if traits.contains(.capitalKeywordTypes) { return .type }
      if traits.contains(.capitalTypes) { return .typeName }
      if traits.contains(.capitalConstants) { return .constantName }
    }
    return .plain
  }

  /// Whether a word that ends at `index` has something behind it that a keyword would have.
  private func governs(_ index: Int) -> Bool {
    let blank = skipBlanks(from: index)
    guard blank > index else { return false }
    let byte = byte(blank)
    return byte.isName || "\"'`([{*@$<".utf8.contains(byte) || (byte == "-" && self.byte(blank + 1).isDigit)
  }

  private func isColonSymbol(_ index: Int) -> Bool {
    byte(index) == ":" && byte(index &+ 1) != ":" && (byte(index &+ 1).isSpace || byte(index &+ 1) == ",")
  }

  private mutating func emitColonSymbol(_ from: Int) {
    position &+= 1
    afterValue = false
    emit(.symbol, from, position)
  }

  private mutating func scanOperator(_ byte: UInt8, _ grammar: Grammar) {
    if byte == ".", self.byte(position &+ 1).isDigit, !afterValue { return scanNumber(grammar) }
    // The end of what a Python f-string prints: `:>10` and `!r` are the string's.
    if let frame = frames.last, frame.depth == 0, let rule = frame.rule, rule.traits.contains(.brace),
      byte == ":" || byte == "!",
      self.byte(position &+ 1) != "="
    {
      let from = position
      while position < end, text[position] != "}", text[position] != "{", text[position] != .lineFeed,
        text[position] != .quote
      {
        position &+= 1
      }
      return emit(.interpolation, from, position)
    }
    let from = position
    position &+= 1
    while position < end, grammar.actions[Int(text[position])] == .operation,
      grammar.ruleStarts[Int(text[position])] == 0
    { position &+= 1 }
    // A lone dot or colon is punctuation.
    let isPunctuation =
      byte == "." || byte == ":" ? position == from &+ 1 || (byte == ":" && text[from &+ 1] == byte) : false
    if !isPunctuation, !grammar.traits.contains(.bareOperators) { emit(.symbolOperator, from, position) }
    if byte == ".", position == from &+ 1 { return }
    afterValue = false
    if expected != .namespace && !(byte == "*" || byte == "&" || byte == ":" || byte == "-") { expected = .plain }
  }
}
