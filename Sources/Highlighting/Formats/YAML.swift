// YAML, line by line; flow collections may span lines.
extension Scanner {
  mutating func scanYAML() {
    var flowLevel = 0
    while position < end {
      let line = position
      let content = skipBlanks(from: line)
      if flowLevel == 0, matches("---", at: line) || matches("...", at: line), byte(line + 3).isSpace || line + 3 >= end
      {
        emit(.namespace, line, line + 3)
        position = line + 3
      } else if flowLevel == 0, byte(line) == "%" {
        position = lineEnd(from: line)
        emit(.preprocessor, line, position)
      } else {
        position = content
      }
      let stop = lineEnd(from: position)
      let indent = content - line
      scanYAMLLine(stop, indent, &flowLevel)
      if position < end, text[position] == .lineFeed { position += 1 }
    }
  }

  private mutating func scanYAMLLine(_ stop: Int, _ indent: Int, _ flowLevel: inout Int) {
    var valueAllowed = true
    while position < stop {
      let byte = text[position]
      let from = position
      switch byte {
      case .space, .tab, .carriageReturn: position &+= 1
      case .hash where from == start || text[from - 1].isSpace:
        position = stop
        emit(.lineComment, from, stop)
      case UInt8(ascii: "-") where isIndicator(from), UInt8(ascii: "?") where isIndicator(from):
        position += 1
      case UInt8(ascii: ":") where isIndicator(from) || flowLevel > 0:
        position += 1
        valueAllowed = true
      case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"):
        if (byte == "," && flowLevel == 0) || ((byte == "]" || byte == "}") && flowLevel == 0) {
          return scanPlainScalar(stop, flowLevel)
        }
        if byte == "[" || byte == "{" { flowLevel += 1 }
        if byte == "]" || byte == "}" { flowLevel -= 1 }
        position += 1
      case UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"):
        while position < stop, !text[position].isSpace, flowLevel == 0 || !",]}".utf8.contains(text[position]) {
          position &+= 1
        }
        emit(byte == "&" ? .label : byte == "*" ? .variable : .type, from, position)
      case .quote, .apostrophe:
        scanYAMLString(byte)
        // A string of several lines ends where its quote does.
        if position > stop { return scanYAMLLine(lineEnd(from: position), indent, &flowLevel) }
        if self.byte(skipBlanks(from: position)) == ":", let last = tokens.indices.last { tokens[last].kind = .tag }
      case UInt8(ascii: "|") where valueAllowed && flowLevel == 0,
        UInt8(ascii: ">") where valueAllowed && flowLevel == 0:
        return scanBlockScalar(stop, indent)
      default: scanPlainScalar(stop, flowLevel)
      }
    }
  }

  private func isIndicator(_ index: Int) -> Bool { index + 1 >= end || text[index + 1].isSpace }

  private mutating func scanYAMLString(_ quote: UInt8) {
    let from = position
    position += 1
    while position < end {
      if text[position] == quote {
        if quote == .apostrophe, byte(position + 1) == quote { position += 1 } else { break }
      } else if text[position] == .backslash, quote == .quote {
        position += 1
      }
      position += 1
    }
    position = min(position + 1, end)
    emit(quote == .quote ? .double : .single, from, position)
  }

  private mutating func scanPlainScalar(_ stop: Int, _ flowLevel: Int) {
    let from = position
    var isKey = false
    while position < stop {
      let byte = text[position]
      if byte == ":", isIndicator(position) || (flowLevel > 0 && ",]}[{".utf8.contains(text[position + 1])) {
        isKey = true
        break
      }
      if byte == .hash, position > from, text[position - 1].isSpace { break }
      if flowLevel > 0, ",[]{}".utf8.contains(byte) { break }
      position &+= 1
    }
    var last = position
    while last > from, text[last - 1].isSpace { last -= 1 }
    if position == from { position += 1 }
    emit(isKey ? .tag : kindOfScalar(from, last), from, last)
  }

  /// Numbers, dates and the words of YAML 1.1's and 1.2's core schema; all else has no span.
  private func kindOfScalar(_ from: Int, _ to: Int) -> Kind {
    let count = to - from
    if count <= 5, text[from].isLetter || text[from] == "~" {
      for word: StaticString in ["true", "false", "null", "yes", "no", "on", "off"]
      where word.utf8CodeUnitCount == count && matchesFolded(word, at: from) { return .constant }
      return count == 1 && text[from] == "~" ? .constant : .plain
    }
    var index = from
    if text[index] == "-" || text[index] == "+" { index += 1 }
    guard index < to, text[index].isDigit || (text[index] == "." && byte(index + 1).isDigit) else { return .plain }
    if index + 2 < to, text[index] == "0", text[index + 1] | 0x20 == "x" || text[index + 1] | 0x20 == "o" {
      for digit in index + 2..<to where !text[digit].isHexDigit { return .plain }
      return text[index + 1] | 0x20 == "x" ? .hexadecimal : .octal
    }
    var dots = 0
    var dashes = 0
    var exponents = 0
    while index < to {
      let byte = text[index]
      if byte == "." {
        dots += 1
      } else if byte == "-", exponents == 0 {
        dashes += 1
      } else if byte | 0x20 == "e" {
        exponents += 1
      } else if !byte.isDigit, byte != "_", !((byte == "-" || byte == "+") && exponents == 1) {
        return dashes == 2 && isTimestamp(from, to) ? .date : .plain
      }
      index += 1
    }
    if dashes == 2, dots == 0, count == 10 { return .date }
    if dashes > 0 || dots > 1 || exponents > 1 { return .plain }
    return dots + exponents > 0 ? .float : .integer
  }

  /// `2026-01-02T…` or `2026-01-02 …`.
  private func isTimestamp(_ from: Int, _ to: Int) -> Bool {
    guard to - from > 10, text[from + 10] | 0x20 == "t" || text[from + 10] == .space else { return false }
    return text[from + 4] == "-" && text[from + 7] == "-"
  }

  /// `|` or `>` and all lines that are indented more than the line they stand on.
  private mutating func scanBlockScalar(_ stop: Int, _ indent: Int) {
    position += 1
    while position < stop, "+-0123456789".utf8.contains(text[position]) { position += 1 }
    let comment = skipBlanks(from: position)
    if byte(comment) == .hash { emit(.lineComment, comment, stop) }
    var bodyEnd = stop
    var line = stop + 1
    while line < end {
      let content = skipBlanks(from: line)
      let lineEnd = lineEnd(from: content)
      if content < lineEnd {
        if content - line <= indent { break }
        bodyEnd = lineEnd
      }
      line = lineEnd + 1
    }
    let body = skipSpace(from: stop)
    if body < bodyEnd { emit(.string, body, bodyEnd) }
    position = max(bodyEnd, stop)
  }
}
