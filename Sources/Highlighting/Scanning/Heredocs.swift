/// A here document that was announced on a line: its body begins on the next one.
struct Heredoc {
  /// Where the word that ends it stands, by offset.
  var word: Int
  var count: Int
  /// The last line may be indented.
  var indented: Bool
  var rule: Rule
  /// Nothing inside is code.
  var literal: Bool
}

// Here documents (`<<EOF`, `<<~RUBY`, `<<<PHP`), and the quote-like literals of Ruby, Perl and Elixir.
extension Scanner {
  mutating func scanHeredocStart(_ rule: Rule, _ grammar: Grammar) -> Bool {
    // `a << B` shifts; `<<B` right after a blank where no value is needed is a heredoc only in a shell.
    var index = position + rule.open.count
    if rule.open.count == 2, byte(index) == "<" { return false }
    var indented = rule.open.count == 3
    if byte(index) == "-" || byte(index) == "~" {
      indented = true
      index += 1
    } else if afterValue, !rule.traits.contains(.shell), rule.open.count == 2 {
      return false
    }
    if rule.open.count == 3 || rule.traits.contains(.shell) { index = skipBlanks(from: index) }
    let quote: UInt8 = byte(index) == .quote || byte(index) == .apostrophe ? byte(index) : 0
    if quote != 0 { index += 1 }
    if rule.traits.contains(.shell), byte(index) == .backslash { index += 1 }
    let word = index
    guard byte(index).isLetter || byte(index) == "_" else { return false }
    while byte(index).isName { index += 1 }
    let count = index - word
    if quote != 0 {
      guard byte(index) == quote else { return false }
      index += 1
    }
    emit(.symbolOperator, position, position + rule.open.count)
    emit(.heredoc, position + rule.open.count, index)
    position = index
    afterValue = true
    let literal = quote == .apostrophe || (quote != 0 && rule.traits.contains(.shell))
    pendingHeredocs.append(Heredoc(word: word, count: count, indented: indented, rule: rule, literal: literal))
    return true
  }

  /// At the first byte of the line after the one that announced them.
  mutating func scanHeredocBodies(_ grammar: Grammar) {
    let announced = pendingHeredocs
    pendingHeredocs = []
    for heredoc in announced {
      var line = position
      var bodyEnd = end
      var after = end
      while line < end {
        let lineEnd = lineEnd(from: line)
        let word = heredoc.indented ? skipBlanks(from: line) : line
        if isTerminator(heredoc, at: word) {
          (bodyEnd, after) = (word, word + heredoc.count)
          break
        }
        line = lineEnd + 1
      }
      emitHeredoc(heredoc, position, bodyEnd)
      emit(.heredoc, bodyEnd, after)
      position = after
    }
    afterValue = true
  }

  private func isTerminator(_ heredoc: Heredoc, at index: Int) -> Bool {
    guard index + heredoc.count <= end, !byte(index + heredoc.count).isName else { return false }
    for offset in 0..<heredoc.count where text[index + offset] != text[heredoc.word + offset] { return false }
    return true
  }

  /// The body, with variables; code in braces is not looked into.
  private mutating func emitHeredoc(_ heredoc: Heredoc, _ from: Int, _ to: Int) {
    guard !heredoc.literal, heredoc.rule.traits.contains(.dollarName) else { return emit(.heredoc, from, to) }
    var chunk = from
    var index = from
    while index < to {
      if text[index] == .backslash {
        index += 2
        continue
      }
      if text[index] == .dollar, byte(index + 1).isLetter || byte(index + 1) == "_" || byte(index + 1) == "{" {
        emit(.heredoc, chunk, index)
        let start = index
        let braced = byte(index + 1) == "{"
        index += braced ? 2 : 1
        while index < to, text[index].isName { index += 1 }
        if braced {
          while index < to, text[index] != "}", text[index] != .lineFeed { index += 1 }
          if index < to, text[index] == "}" { index += 1 }
        }
        emit(.variable, start, index)
        chunk = index
        continue
      }
      index &+= 1
    }
    emit(.heredoc, chunk, to)
  }

  /// Ruby's `%w[…]`, `%i(…)`, `%q{…}`, `%r!…!`.
  mutating func scanPercentLiteral(_ rule: Rule, _ grammar: Grammar) -> Bool {
    guard !afterValue else { return false }
    let letter = byte(position + 1)
    let index = letter.isLetter ? position + 2 : position + 1
    if letter.isLetter, !"wWiIqQrsx".utf8.contains(letter) { return false }
    let kind: Kind = letter == "r" ? .regex : letter == "i" || letter == "I" || letter == "s" ? .symbol : .otherString
    guard index < end, !text[index].isName, !text[index].isSpace, letter.isLetter || text[index] != "=" else {
      return false
    }
    scanDelimited(at: index, kind, parts: 1, flags: letter == "r")
    return true
  }

  /// Perl's `q// qq// qw// qr// m// s/// tr/// y///`; `position` is past the word.
  mutating func scanQuoteLike(word from: Int, parts: Int, kind: Kind) -> Bool {
    var index = position
    if byte(index) == " " { index = skipBlanks(from: index) }
    let opening = byte(index)
    guard index < end, !opening.isName, !opening.isSpace, !"=,;)}>.".utf8.contains(opening),
      opening != .hash || index == position
    else {
      return false
    }
    position = from
    scanDelimited(at: index, kind, parts: parts, flags: kind == .regex)
    return true
  }

  /// Elixir's `~r/…/i`, `~s(…)`, `~S"""…"""`.
  mutating func scanSigil(_ rule: Rule, _ grammar: Grammar) -> Bool {
    guard byte(position + 1).isLetter else { return false }
    var index = position + 2
    while byte(index).isUppercase { index += 1 }
    let kind: Kind = byte(position + 1) | 0x20 == "r" ? .regex : .otherString
    if matches("\"\"\"", at: index) || matches("'''", at: index) {
      let from = position
      let close: Literal = byte(index) == .quote ? "\"\"\"" : "'''"
      position = min(find(close, from: index + 3, before: end) + 3, end)
      emit(kind, from, position)
      afterValue = true
      return true
    }
    guard index < end, "/|\"'([{<".utf8.contains(text[index]) else { return false }
    scanDelimited(at: index, kind, parts: 1, flags: true)
    return true
  }

  /// From `position`, with its first delimiter at `index`: brackets nest, other delimiters close themselves.
  private mutating func scanDelimited(at index: Int, _ kind: Kind, parts: Int, flags: Bool) {
    let from = position
    var index = index
    var left = parts
    while left > 0, index < end {
      let opening = text[index]
      let closing = Self.closing(opening)
      var level = 1
      index += 1
      while index < end {
        let byte = text[index]
        if byte == .backslash {
          index += 2
          continue
        }
        if byte == closing { level -= 1 } else if byte == opening { level += 1 }
        if level == 0 { break }
        index &+= 1
      }
      left -= 1
      // `s/a/b/` shares the middle delimiter, `s{a}{b}` does not.
      if left > 0, closing != opening { index = skipSpace(from: index + 1) }
    }
    index = min(index + 1, end)
    if flags { while byte(index).isLetter { index += 1 } }
    position = index
    afterValue = true
    emit(kind, from, position)
  }

  private static func closing(_ opening: UInt8) -> UInt8 {
    switch opening {
    case UInt8(ascii: "("): UInt8(ascii: ")")
    case UInt8(ascii: "["): UInt8(ascii: "]")
    case UInt8(ascii: "{"): UInt8(ascii: "}")
    case UInt8(ascii: "<"): UInt8(ascii: ">")
    default: opening
    }
  }

  /// A shell's `${`, `$((`, `$(`: code up to its bracket.
  mutating func scanShellExpansion(_ rule: Rule, _ grammar: Grammar) {
    let from = position
    position += rule.open.count
    emit(rule.kind, from, position)
    afterValue = false
    guard frames.count < Self.deepestInterpolation else { return }
    let braces = rule.open[1] == "{"
    frames.append(
      Frame(
        rule: nil, bracket: rule.kind, open: UInt8(ascii: braces ? "{" : "("), close: UInt8(ascii: braces ? "}" : ")")))
    if braces { scanExpandedName() }
  }
}
