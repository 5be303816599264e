// CSS, SCSS and Less: whether a word is a selector or a property shows at the `{` or `;` behind it.
extension Scanner {
  mutating func scanCSS(lineComments: Bool) {
    var isSelector = true
    var isAtRule = false
    // Where the statement that `isSelector` speaks of ends; nothing is decided twice, so that this stays linear.
    var decidedUntil = position
    while position < end {
      let byte = text[position]
      let from = position
      if byte == "/", self.byte(from + 1) == "*" {
        emitThrough("*/", .blockComment)
        continue
      }
      if byte == "/", lineComments, self.byte(from + 1) == "/" {
        position = lineEnd(from: from)
        emit(.lineComment, from, position)
        continue
      }
      if byte.isSpace {
        position &+= 1
        continue
      }
      if position >= decidedUntil {
        (isSelector, decidedUntil) = statement(from: position)
        isAtRule = isSelector && byte == "@"
        if !isSelector, !(byte == "@") { scanProperty() }
        if position > from { continue }
      }
      switch byte {
      case .quote, .apostrophe: scanCSSString(byte)
      case UInt8(ascii: "@"): scanCSSName(.keyword)
      case UInt8(ascii: "#"):
        if isSelector { scanCSSName(.namespace) } else { scanCSSColor() }
      case UInt8(ascii: "."):
        if self.byte(from + 1).isDigit { scanCSSNumber() } else { scanCSSName(isSelector ? .typeName : .plain) }
      case UInt8(ascii: ":"):
        if isSelector {
          while next == ":" { position += 1 }
          if !isAtRule, next.isName || next == "-" { scanCSSWord(.decorator, from: from) }
        } else {
          position += 1
        }
      case UInt8(ascii: "$"): scanCSSName(.variable)
      case UInt8(ascii: "!"): scanCSSName(.keyword)
      case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ";"):
        position += 1
      case UInt8(ascii: ">"), UInt8(ascii: "~"), UInt8(ascii: "+"), UInt8(ascii: "*"), UInt8(ascii: "&"):
        position += 1
        if byte == "+", self.byte(position).isDigit { scanCSSNumber() } else { emit(.symbolOperator, from, position) }
      case UInt8(ascii: "-")
      where self.byte(from + 1).isDigit || (self.byte(from + 1) == "." && self.byte(from + 2).isDigit): scanCSSNumber()
      default:
        if byte.isDigit {
          scanCSSNumber()
        } else if byte == "-", !self.byte(from + 1).isName, self.byte(from + 1) != "-" {
          position += 1
          emit(.symbolOperator, from, position)
        } else if byte.isName || byte == "-" {
          scanCSSWord(kindOfCSSWord(from, isSelector, isAtRule), from: from)
        } else {
          position += 1
        }
      }
    }
  }

  private func kindOfCSSWord(_ from: Int, _ isSelector: Bool, _ isAtRule: Bool) -> Kind {
    if matches("--", at: from) { return .variable }
    if isAtRule { return .plain }
    if isSelector { return from > start && text[from - 1] == "[" ? .attribute : .tag }
    return .constant
  }

  /// Whether the statement at `index` is a rule's head (`{` comes first) and where that is known from.
  private func statement(from index: Int) -> (isSelector: Bool, until: Int) {
    var index = index
    var parentheses = 0
    while index < end {
      switch text[index] {
      case UInt8(ascii: "{"):
        // `#{$x}` of SCSS is no block.
        if index > start, text[index - 1] == .hash {
          while index < end, text[index] != "}", text[index] != .lineFeed { index += 1 }
        } else {
          return (true, index)
        }
      case UInt8(ascii: ";") where parentheses <= 0: return (false, index)
      case UInt8(ascii: "}"): return (false, index)
      case UInt8(ascii: "("): parentheses += 1
      case UInt8(ascii: ")"): parentheses -= 1
      case .quote, .apostrophe:
        let quote = text[index]
        index += 1
        while index < end, text[index] != quote, text[index] != .lineFeed { index += text[index] == .backslash ? 2 : 1 }
      case UInt8(ascii: "/") where byte(index + 1) == "*":
        index = find("*/", from: index + 2, before: end)
      default: break
      }
      index += 1
    }
    return (false, end)
  }

  /// `name` before a colon.
  private mutating func scanProperty() {
    let from = position
    var index = from
    if byte(index) == .dollar { index += 1 }
    while index < end, text[index].isName || text[index] == "-" { index &+= 1 }
    guard index > from, byte(skipSpace(from: index)) == ":" else { return }
    position = index
    emit(text[from] == .dollar || matches("--", at: from) ? .variable : .keyword, from, index)
  }

  private mutating func scanCSSName(_ kind: Kind) {
    let from = position
    position += 1
    while position < end, text[position].isName || text[position] == "-" { position &+= 1 }
    if position > from + 1 { emit(kind, from, position) }
  }

  private mutating func scanCSSWord(_ kind: Kind, from: Int) {
    while position < end, text[position].isName || text[position] == "-" { position &+= 1 }
    if position == from {
      position += 1
      return
    }
    if next == "(", kind == .constant || kind == .plain {
      emit(.function, from, position)
      // What an unquoted address holds is text.
      if position - from == 3, matchesFolded("url", at: from), byte(position + 1) != .quote,
        byte(position + 1) != .apostrophe
      {
        let address = position + 1
        position = address
        while position < end, text[position] != ")", text[position] != .lineFeed { position &+= 1 }
        emit(.otherString, address, position)
      }
    } else {
      emit(kind, from, position)
    }
  }

  private mutating func scanCSSColor() {
    let from = position
    position += 1
    while position < end, text[position].isHexDigit { position &+= 1 }
    emit(.hexadecimal, from, position > from + 1 ? position : from)
  }

  private mutating func scanCSSNumber() {
    let from = position
    if next == "-" || next == "+" { position += 1 }
    var kind = Kind.integer
    while position < end, text[position].isDigit || (text[position] == "." && byte(position + 1).isDigit) {
      if text[position] == "." { kind = .float }
      position &+= 1
    }
    emit(kind, from, position)
    let unit = position
    if next == "%" { position += 1 } else { while position < end, text[position].isLetter { position &+= 1 } }
    emit(.type, unit, position)
  }

  private mutating func scanCSSString(_ quote: UInt8) {
    let from = position
    position += 1
    while position < end, text[position] != quote, text[position] != .lineFeed {
      position += text[position] == .backslash ? 2 : 1
    }
    position = min(position, end)
    if next == quote, position < end { position += 1 }
    emit(quote == .quote ? .double : .single, from, position)
  }
}
