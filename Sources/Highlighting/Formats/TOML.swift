// TOML: tables, keys, and values that may span lines.
extension Scanner {
  mutating func scanTOML() {
    var brackets = 0
    var isKey = true
    while position < end {
      let byte = text[position]
      let from = position
      switch byte {
      case .lineFeed:
        position += 1
        if brackets == 0 { isKey = true }
      case .hash:
        position = lineEnd(from: from)
        emit(.lineComment, from, position)
      case UInt8(ascii: "[") where brackets == 0 && isKey:
        let stop = lineEnd(from: from)
        while position < stop, text[position] != "]" { position += 1 }
        while position < stop, text[position] == "]" { position += 1 }
        isKey = false
        emit(.keyword, from, position)
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        brackets += 1
        position += 1
        isKey = byte == "{"
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        brackets = max(brackets - 1, 0)
        position += 1
      case UInt8(ascii: ","):
        position += 1
        // In an inline table a key follows; in an array a value that looks like none.
        isKey = brackets > 0
      case UInt8(ascii: "="):
        position += 1
        emit(.symbolOperator, from, position)
        isKey = false
      case .quote, .apostrophe:
        scanTOMLString(byte)
        if self.byte(skipBlanks(from: position)) == "=", let last = tokens.indices.last {
          tokens[last].kind = .attribute
        }
      default:
        if byte.isName || byte == "-" || byte == "+" { scanTOMLWord(isKey) } else { position &+= 1 }
      }
    }
  }

  private mutating func scanTOMLString(_ quote: UInt8) {
    let from = position
    let kind: Kind = quote == .quote ? .double : .single
    if byte(from + 1) == quote, byte(from + 2) == quote {
      position = from + 3
      while position < end, !(text[position] == quote && byte(position + 1) == quote && byte(position + 2) == quote) {
        position += text[position] == .backslash && quote == .quote ? 2 : 1
      }
      position = min(position + 3, end)
      while next == quote, position < end { position += 1 }
    } else {
      position += 1
      while position < end, text[position] != quote, text[position] != .lineFeed {
        position += text[position] == .backslash && quote == .quote ? 2 : 1
      }
      position = min(position, end)
      if next == quote, position < end { position += 1 }
    }
    emit(kind, from, position)
  }

  private mutating func scanTOMLWord(_ isKey: Bool) {
    let from = position
    position += 1
    while position < end, text[position].isName || "-+.:".utf8.contains(text[position]) { position &+= 1 }
    // A date and a time may have a blank between them.
    if position - from == 10, text[from + 4] == "-", next == " ", byte(position + 1).isDigit, byte(position + 3) == ":"
    {
      position += 1
      while position < end, text[position].isDigit || "-+.:Zz".utf8.contains(text[position]) { position &+= 1 }
    }
    if isKey, byte(skipBlanks(from: position)) == "=" { return emit(.attribute, from, position) }
    if isConstant(from) {
      return emit(text[from] | 0x20 == "t" || text[from] | 0x20 == "f" ? .constant : .float, from, position)
    }
    guard text[from].isDigit || ((text[from] == "-" || text[from] == "+") && byte(from + 1).isDigit) else { return }
    var kind = Kind.integer
    let radix = byte(from + 1)
    if text[from] == "0", radix == "x" || radix == "o" || radix == "b" {
      kind = radix == "x" ? .hexadecimal : radix == "o" ? .octal : .binary
    } else {
      for index in from + 1..<position {
        if text[index] == ":" || (text[index] == "-" && text[index - 1].isDigit) {
          kind = .date
          break
        }
        if text[index] == "." || text[index] | 0x20 == "e" { kind = .float }
      }
    }
    emit(kind, from, position)
  }

  private func isConstant(_ from: Int) -> Bool {
    let word = text[from].isLetter ? from : from + 1
    for constant: StaticString in ["true", "false", "inf", "nan"]
    where position - word == constant.utf8CodeUnitCount && matchesFolded(constant, at: word) { return true }
    return false
  }
}
