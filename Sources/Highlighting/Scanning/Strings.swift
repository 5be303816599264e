// Strings: escapes, code inside, counted delimiters.
extension Scanner {
  /// A string whose opening delimiter stands at `from`.
  mutating func scanString(_ rule: Rule, hashes: Int, kind: Kind, from: Int, contentFrom: Int, _ grammar: Grammar) {
    position = min(contentFrom, end)
    scanString(rule, hashes: hashes, kind: kind, from: from, grammar)
  }

  /// Goes on with a string from `position`; what lies between `from` and `position` belongs to it.
  mutating func scanString(_ rule: Rule, hashes: Int, kind: Kind, from: Int, _ grammar: Grammar) {
    let traits = rule.traits
    let multiline = traits.contains(.multiline)
    let interpolates = !traits.isDisjoint(with: .interpolating)
    let escape: UInt8 =
      traits.contains(.backtickEscape) ? UInt8(ascii: "`") : traits.contains(.backslash) ? .backslash : 0
    let closing = rule.close.first
    var chunk = from
    defer {
      afterValue = true
      expected = .plain
    }
    while position < end {
      let byte = text[position]
      if byte == closing, matches(rule.close, at: position), hasHashes(hashes, at: position + rule.close.count) {
        if traits.contains(.quoteEscape),
          self.byte(position + 2) == "'" || self.byte(position + 2) == "\\"
            || (self.byte(position + 2) == "$" && self.byte(position + 3) == "{")
        {
          emit(kind, chunk, position)
          emit(.escape, position, min(position + 4, end))
          position = min(position + (self.byte(position + 2) == "'" ? 3 : 4), end)
          chunk = max(position, tokens.last?.end ?? position)
          position = chunk
          continue
        }
        if traits.contains(.doubled), matches(rule.close, at: position + rule.close.count) {
          position += rule.close.count * 2
          continue
        }
        position += rule.close.count + hashes
        return closeString(kind, chunk, grammar)
      }
      if byte == .lineFeed, !multiline { break }
      if byte == escape, escape != 0, hasHashes(hashes, at: position + 1) {
        if traits.contains(.backslashParenthesis), self.byte(position + 1 + hashes) == "(" {
          if open(rule, hashes, kind, chunk, upTo: position + 2 + hashes, "(", ")") { return }
        }
        // A line end that is escaped goes on the string.
        let after = escapeEnd(hashes)
        emit(kind, chunk, position)
        emit(.escape, position, after)
        position = after
        chunk = after
        continue
      }
      if interpolates, byte == .dollar || byte == .hash || byte == "{" || byte == "`" {
        if byte == "{", traits.contains(.brace) {
          if self.byte(position + 1) == "{" {
            position += 2
            continue
          }
          if open(rule, hashes, kind, chunk, upTo: position + 1, "{", "}") { return }
        } else if byte == .dollar, traits.contains(.dollarBrace), self.byte(position + 1) == "{" {
          if open(rule, hashes, kind, chunk, upTo: position + 2, "{", "}") { return }
        } else if byte == .dollar, traits.contains(.shell), self.byte(position + 1) == "(" {
          if open(rule, hashes, kind, chunk, upTo: position + 2, "(", ")") { return }
        } else if byte == .hash, traits.contains(.hashBrace), self.byte(position + 1) == "{" {
          if open(rule, hashes, kind, chunk, upTo: position + 2, "{", "}") { return }
        } else if byte == .dollar, traits.contains(.dollarName), let after = dollarNameEnd(traits) {
          emit(kind, chunk, position)
          emit(.variable, position, after)
          position = after
          chunk = after
          continue
        }
      }
      position &+= 1
    }
    emit(kind, chunk, position)
  }

  private mutating func closeString(_ kind: Kind, _ chunk: Int, _ grammar: Grammar) {
    let isKey = grammar.traits.contains(.stringKeys) && byte(skipSpace(from: position)) == ":"
    emit(isKey ? .tag : kind, chunk, position)
  }

  /// Enters code inside of a string; false where that is too deep.
  private mutating func open(
    _ rule: Rule, _ hashes: Int, _ kind: Kind, _ chunk: Int, upTo after: Int, _ opening: Unicode.Scalar,
    _ closing: Unicode.Scalar
  ) -> Bool {
    guard frames.count < Self.deepestInterpolation else { return false }
    emit(kind, chunk, position)
    let bracket: Kind = rule.traits.contains(.shell) && opening == "(" ? .keyword : .interpolation
    emit(bracket, position, after)
    frames.append(
      Frame(
        rule: rule, hashes: hashes, kind: kind, bracket: bracket, open: UInt8(ascii: opening),
        close: UInt8(ascii: closing)))
    position = after
    if rule.traits.contains(.shell), opening == "{" { scanExpandedName() }
    return true
  }

  /// The name right after a shell's `${`.
  mutating func scanExpandedName() {
    if next == .hash || next == "!" { position += 1 }
    let from = position
    while position < end, text[position].isName { position &+= 1 }
    emit(.variable, from, position)
  }

  @inline(__always)
  private func hasHashes(_ count: Int, at index: Int) -> Bool {
    if count == 0 { return true }
    if index + count > end { return false }
    for offset in 0..<count where text[index + offset] != .hash { return false }
    return true
  }

  /// Past the escape at `position`: `\n`, `\x41`, `\u{1F600}`, `\u00e9`, `\012`.
  private func escapeEnd(_ hashes: Int) -> Int {
    var index = position + 1 + hashes
    let letter = byte(index)
    index += 1
    if letter == "u" || letter == "x" || letter == "U" {
      if byte(index) == "{" {
        var close = index + 1
        while byte(close).isHexDigit, close < index + 10 { close += 1 }
        if byte(close) == "}" { index = close + 1 }
      } else {
        let limit = index + (letter == "x" ? 2 : letter == "u" ? 4 : 8)
        while index < limit, byte(index).isHexDigit { index += 1 }
      }
    } else if letter &- 0x30 < 8 {
      let limit = index + 2
      while index < limit, byte(index) &- 0x30 < 8 { index += 1 }
    }
    // Not into the middle of a character.
    while index < end, text[index] & 0xC0 == 0x80 { index += 1 }
    return min(index, end)
  }

  /// Past `$name` (in a shell also `$1`, `$?`); nil where the dollar stands for itself.
  private func dollarNameEnd(_ traits: Rule.Traits) -> Int? {
    var index = position + 1
    let first = byte(index)
    if first.isLetter || first == "_" || first >= 0x80 {
      while index < end, text[index].isName { index += 1 }
      return index
    }
    guard traits.contains(.shell), first.isDigit || "@*#?$!-".utf8.contains(first) else { return nil }
    return index + 1
  }

  /// `#"…"#`, `##"""…"""##`: the rule's opening delimiter is `#` and tells nothing yet of the quote.
  mutating func scanHashedString(_ rule: Rule, _ grammar: Grammar) -> Bool {
    guard position >= futileUntil else { return false }
    var index = position
    while byte(index) == .hash { index += 1 }
    let hashes = index - position
    if byte(index) != .quote { futileUntil = index }
    guard matches(rule.close, at: index) else { return false }
    scanString(rule, hashes: hashes, kind: rule.kind, from: position, contentFrom: index + rule.close.count, grammar)
    return true
  }

  /// After a name that ends at `position` where a quote (or `#`) stands: a string if the name is one of the language's prefixes.
  mutating func scanPrefixedString(_ from: Int, _ grammar: Grammar) -> Bool {
    let value = Int(grammar.prefixes.value(text + from, position - from, readable: end - from))
    guard value > 0 else { return false }
    var index = value - 1
    // The rules of one prefix differ in the quote; the table names the first of them, and rules behind that share its first letter.
    while index < grammar.ruleCount {
      let rule = grammar.rules[index]
      if rule.form == .rawParentheses, byte(position) == .quote { return scanRawParentheses(rule, from) }
      if rule.traits.contains(.hashes) {
        var quote = position
        while byte(quote) == .hash { quote += 1 }
        if matches(rule.close, at: quote) {
          scanString(
            rule, hashes: quote - position, kind: rule.kind, from: from, contentFrom: quote + rule.close.count, grammar)
          return true
        }
        return false
      }
      if matches(rule.open, at: position) {
        let isDocumentation = rule.traits.contains(.docstring) && isAtLineStart(from) && !afterValue
        let after = position + rule.open.count
        emit(.affix, from, position)
        scanString(
          rule, hashes: 0, kind: isDocumentation ? .docstring : rule.kind, from: position, contentFrom: after, grammar)
        return true
      }
      index += 1
    }
    return false
  }

  /// C++'s and R's raw strings: `R"name(…)name"`, also with `[` and `{` in R. `position` is at the quote.
  private mutating func scanRawParentheses(_ rule: Rule, _ from: Int) -> Bool {
    let name = position + 1
    var index = name
    while index < end, index - name <= 16, !"([{\"\\\n )".utf8.contains(text[index]) { index += 1 }
    let count = index - name
    let close: UInt8
    switch byte(index) {
    case UInt8(ascii: "("): close = UInt8(ascii: ")")
    case UInt8(ascii: "["): close = UInt8(ascii: "]")
    case UInt8(ascii: "{"): close = UInt8(ascii: "}")
    default: return false
    }
    index += 1
    search: while index < end {
      if text[index] == close, byte(index + count + 1) == text[name - 1] {
        var isEnd = true
        for offset in 0..<count where byte(index + 1 + offset) != text[name + offset] { isEnd = false }
        if isEnd {
          index += count + 2
          break search
        }
      }
      index &+= 1
    }
    position = min(index, end)
    afterValue = true
    emit(rule.kind, from, position)
    return true
  }
}
