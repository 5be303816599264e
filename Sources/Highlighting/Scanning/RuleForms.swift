// What each form of rule does at its opening delimiter. False: it is something else after all, nothing was read.
extension Scanner {
  mutating func apply(_ rule: Rule, _ grammar: Grammar) -> Bool {
    let from = position
    switch rule.form {
    case .lineComment:
      // `afterValue` stays: a comment is as good as a blank.
      position = lineEnd(from: from)
      emit(rule.kind, from, position)
    case .blockComment: scanBlockComment(rule)
    case .string:
      if rule.traits.contains(.hashes) { return scanHashedString(rule, grammar) }
      scanString(rule, hashes: 0, kind: kind(of: rule), from: from, contentFrom: from + rule.open.count, grammar)
    case .preprocessor: scanPreprocessor(rule)
    case .prefixedName: return scanPrefixedName(rule, grammar)
    case .bracketed: scanBracketed(rule)
    case .characterOrLabel: return scanCharacterOrLabel(rule, grammar)
    case .slashRegex: return scanSlashRegex(rule, grammar)
    case .heredoc: return scanHeredocStart(rule, grammar)
    case .percentLiteral: return scanPercentLiteral(rule, grammar)
    case .quoteLike:
      if byte(position + rule.open.count).isName { return false }
      position += rule.open.count
      if scanQuoteLike(word: from, parts: rule.close.count, kind: rule.kind) { return true }
      position = from
      return false
    case .sigil: return scanSigil(rule, grammar)
    case .longBracket: return scanLongBracket(rule)
    case .rawParentheses: return false
    case .shellExpansion: scanShellExpansion(rule, grammar)
    case .shellQuote:
      position += 1
      afterValue = true
      emit(.backtick, from, position)
    case .lineBlock: return scanLineBlock(rule)
    case .fixed, .escaped:
      position = min(from + rule.open.count + (rule.form == .escaped ? 1 : 0), end)
      afterValue = true
      emit(rule.kind, from, position)
    case .questionCharacter: return scanQuestionCharacter(rule)
    }
    return true
  }

  private func kind(of rule: Rule) -> Kind {
    rule.traits.contains(.docstring) && isAtLineStart(position) && !afterValue ? .docstring : rule.kind
  }

  private mutating func scanBlockComment(_ rule: Rule) {
    let from = position
    position += rule.open.count
    var level = 1
    while position < end {
      if text[position] == rule.close.first, matches(rule.close, at: position) {
        position += rule.close.count
        level -= 1
        if level == 0 { break }
      } else if rule.traits.contains(.nested), text[position] == rule.open.first, matches(rule.open, at: position) {
        position += rule.open.count
        level += 1
      } else {
        position &+= 1
      }
    }
    emit(rule.kind, from, position)
  }

  /// `#include <stdio.h>` names a file; all other directives go to the end of their logical line or to a comment.
  private mutating func scanPreprocessor(_ rule: Rule) {
    let from = position
    var index = skipBlanks(from: position + rule.open.count)
    let word = index
    while byte(index).isLetter { index += 1 }
    if matches("include", at: word) || matches("import", at: word) {
      emit(.preprocessor, from, index)
      let name = skipBlanks(from: index)
      let close: UInt8 = byte(name) == "<" ? UInt8(ascii: ">") : byte(name) == "\"" ? .quote : 0
      index = name
      if close != 0 {
        index += 1
        while index < end, text[index] != close, text[index] != .lineFeed { index += 1 }
        if byte(index) == close { index += 1 }
        emit(.includedFile, name, index)
      }
      position = index
      return
    }
    while index < end {
      let byte = text[index]
      if byte == .backslash {
        index += self.byte(index + 1) == "\r" && self.byte(index + 2) == "\n" ? 3 : 2
        continue
      }
      if byte == .lineFeed || (byte == "/" && (self.byte(index + 1) == "/" || self.byte(index + 1) == "*")) { break }
      index &+= 1
    }
    position = min(index, end)
    emit(rule.kind, from, position)
  }

  private mutating func scanPrefixedName(_ rule: Rule, _ grammar: Grammar) -> Bool {
    let from = position
    var index = from + rule.open.count
    let first = byte(index)
    guard index < end, first.isLetter || first == "_" || first >= 0x80 else { return false }
    let dotted = rule.traits.contains(.dotted)
    while index < end, text[index].isName || (dotted && text[index] == "." && byte(index + 1).isName) { index &+= 1 }
    if byte(index) == "?" || byte(index) == "!", rule.kind == .symbol { index += 1 }
    // A word of the language may have the delimiter in it: Objective-C's `@interface`, Zig's `@import`.
    let value = grammar.words.value(text + from, index - from, readable: end - from)
    position = index
    afterValue = rule.kind != .decorator
    expected = .plain
    if value != 0, let kind = Kind(rawValue: UInt8(truncatingIfNeeded: value)) {
      expected = Kind(rawValue: UInt8(truncatingIfNeeded: value &>> 8)) ?? .plain
      emit(kind, from, index)
    } else {
      emit(rule.kind, from, index)
    }
    return true
  }

  private mutating func scanBracketed(_ rule: Rule) {
    // Strings inside are tokens of their own.
    var part = position
    position += rule.open.count
    var level = 1
    while position < end, level > 0 {
      let byte = text[position]
      if byte == "[" { level += 1 }
      if byte == "]" { level -= 1 }
      if byte == .quote {
        emit(rule.kind, part, position)
        let string = position
        position += 1
        while position < end, text[position] != .quote { position += text[position] == .backslash ? 2 : 1 }
        position = min(position + 1, end)
        emit(.string, string, position)
        part = position
        continue
      }
      position += 1
    }
    emit(rule.kind, part, position)
    afterValue = false
  }

  /// `'x'`, `'\n'`, `'\u{1F600}'` are characters; in Rust `'name` is a lifetime.
  private mutating func scanCharacterOrLabel(_ rule: Rule, _ grammar: Grammar) -> Bool {
    let from = position
    var index = from + rule.open.count
    if byte(index) == .backslash {
      index += 2
      while index < end, index < from + 14, text[index] != .apostrophe, text[index] != .lineFeed { index += 1 }
    } else if index < end, text[index] != .lineFeed, text[index] != .apostrophe {
      let lead = text[index]
      index += lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    }
    if byte(index) == .apostrophe, index > from + 1 {
      position = index + 1
      afterValue = true
      emit(rule.kind, from, position)
      return true
    }
    guard rule.kind == .character, rule.traits.contains(.atWordStart) == false else { return false }
    index = from + 1
    guard byte(index).isLetter || byte(index) == "_", !rule.traits.contains(.notAfterValue) else { return false }
    while index < end, text[index].isName { index += 1 }
    position = index
    afterValue = true
    emit(.label, from, index)
    return true
  }

  /// `/…/flags` where a value may stand; it ends on its line or is a division.
  private mutating func scanSlashRegex(_ rule: Rule, _ grammar: Grammar) -> Bool {
    guard !afterValue, position >= futileUntil else { return false }
    let from = position
    var index = from + rule.open.count
    guard byte(index) != "*", byte(index) != "/" else { return false }
    var inClass = false
    while index < end, text[index] != .lineFeed {
      let byte = text[index]
      if byte == .backslash {
        index += 2
        continue
      }
      if byte == "[" { inClass = true } else if byte == "]" { inClass = false }
      if byte == "/", !inClass {
        index += 1
        while self.byte(index).isLetter { index += 1 }
        position = min(index, end)
        afterValue = true
        emit(.regex, from, position)
        return true
      }
      index &+= 1
    }
    futileUntil = min(index, end)
    return false
  }

  /// Lua's `[[…]]` and `[==[…]==]`, and the same after `--`.
  private mutating func scanLongBracket(_ rule: Rule) -> Bool {
    let from = position
    var index = from + rule.open.count
    guard index > from, position >= futileUntil || rule.open.count > 1 else { return false }
    var level = 0
    while byte(index) == "=" {
      level += 1
      index += 1
    }
    guard byte(index) == "[" else { return false }
    index += 1
    while index < end {
      if text[index] == "]" {
        var equals = index + 1
        while byte(equals) == "=", equals - index <= level { equals += 1 }
        if equals - index - 1 == level, byte(equals) == "]" {
          index = equals + 1
          break
        }
        index = max(equals, index + 1)
      } else {
        index &+= 1
      }
    }
    position = min(index, end)
    if rule.kind == .string { afterValue = true }
    emit(rule.kind, from, position)
    return true
  }

  /// From a line that starts with the opening delimiter to the line that starts with the closing one, both included.
  private mutating func scanLineBlock(_ rule: Rule) -> Bool {
    let from = position
    guard from == start || text[from - 1] == .lineFeed, rule.open.count > 1 || byte(from + 1).isLetter else {
      return false
    }
    position = lineEnd(from: position)
    while position < end {
      let line = position + 1
      position = lineEnd(from: line)
      if matches(rule.close, at: line) { break }
    }
    emit(rule.kind, from, position)
    return true
  }

  private mutating func scanQuestionCharacter(_ rule: Rule) -> Bool {
    guard !afterValue, position + 1 < end, !text[position + 1].isSpace else { return false }
    let from = position
    position = min(position + (text[position + 1] == .backslash ? 3 : 2), end)
    while position < end, text[position] & 0xC0 == 0x80 { position += 1 }
    afterValue = true
    emit(rule.kind, from, position)
    return true
  }
}
