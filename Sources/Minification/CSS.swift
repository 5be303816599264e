/// A style sheet without comments (but those that begin with `/*!`) and needless white space.
///
/// By CSS Syntax 3 (<https://www.w3.org/TR/css-syntax-3/>). Strings, `url()` and the values of custom properties stay as they are.
/// - Returns: the same bytes where the text is not what it seems: a block, string or comment that does not end.
public func minifyCSS(_ text: [UInt8]) -> [UInt8] {
  let minified = text.withUnsafeBufferPointer { bytes in
    var minifier = CSSMinifier(bytes)
    return minifier.run() ? minifier.output : nil
  }
  return minified ?? text
}

private struct CSSMinifier {
  /// What a part of the text says about its white space.
  private enum Part {
    /// In front of a block: a selector, or a rule that begins with `@`.
    case prelude
    case declaration
  }

  let bytes: Bytes
  var output: [UInt8] = []
  private var position = 0
  private var depth = 0
  private var isBehindFirstColon = false
  /// `\,` is a letter of a name.
  private var isBehindEscape = false

  init(_ bytes: Bytes) {
    self.bytes = bytes
    output.reserveCapacity(bytes.count)
  }

  /// - Returns: false where the text is left alone.
  mutating func run() -> Bool {
    while true {
      guard skipSpaceAndComments() else { return false }
      guard position < bytes.count else { return depth == 0 }
      switch bytes[position] {
      case UInt8(ascii: "}"):
        guard depth > 0 else { return false }
        depth -= 1
        position += 1
        if output.last == UInt8(ascii: ";") { output.removeLast() }
        output.append(UInt8(ascii: "}"))
      case UInt8(ascii: ";"):
        position += 1
        if depth == 0 || output.last != UInt8(ascii: ";") { output.append(UInt8(ascii: ";")) }
      default: guard statement() else { return false }
      }
    }
  }

  /// Between statements.
  private mutating func skipSpaceAndComments() -> Bool {
    while position < bytes.count {
      if isSpace(bytes[position]) {
        position += 1
      } else if bytes.has("/*", at: position) {
        guard let end = endOfComment() else { return false }
        if bytes.has("/*!", at: position) { output += bytes[position..<end] }
        position = end
      } else {
        return true
      }
    }
    return true
  }

  private func endOfComment() -> Int? { bytes.first("*/", from: position + 2).map { $0 + 2 } }

  /// One statement, up to and with its `;` or `{`, or up to the `}` behind it.
  private mutating func statement() -> Bool {
    let isCustom = depth > 0 && bytes.has("--", at: position)
    guard let end = endOfStatement(isCustom: isCustom) else { return false }
    let isBlock = end < bytes.count && bytes[end] == UInt8(ascii: "{")
    if isCustom, !isBlock {
      // Scripts can read the value of a custom property, white space and comments included.
      output += bytes[position..<end]
      position = end
      // An empty value and the end of a block would be something else without the `;`.
      if end < bytes.count, bytes[end] == UInt8(ascii: ";") {
        output.append(UInt8(ascii: ";"))
        position += 1
        guard skipSpaceAndComments() else { return false }
        if position < bytes.count, bytes[position] == UInt8(ascii: "}"), depth > 0 {
          depth -= 1
          position += 1
          output.append(UInt8(ascii: "}"))
        }
      }
      return true
    }
    let isRule = bytes[position] == UInt8(ascii: "@")
    copy(until: end, isBlock || isRule ? .prelude : .declaration)
    if end < bytes.count, bytes[end] != UInt8(ascii: "}") {
      output.append(bytes[end])
      position = end + 1
      if isBlock { depth += 1 }
    }
    return true
  }

  /// Where the statement at `position` ends: at `;`, `{` or `}` outside brackets, or with the text.
  private func endOfStatement(isCustom: Bool) -> Int? {
    var index = position
    var brackets: [UInt8] = []
    var hasColon = false
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        guard let end = endOfString(at: index) else { return nil }
        index = end
        continue
      case UInt8(ascii: "\\"): index += 1
      case UInt8(ascii: "/") where bytes.has("/*", at: index):
        guard let end = bytes.first("*/", from: index + 2) else { return nil }
        index = end + 2
        continue
      case UInt8(ascii: "("):
        if let end = endOfURL(openedAt: index) {
          guard end <= bytes.count else { return nil }
          index = end
          continue
        }
        brackets.append(UInt8(ascii: ")"))
      case UInt8(ascii: "["): brackets.append(UInt8(ascii: "]"))
      case UInt8(ascii: "{") where !brackets.isEmpty || (isCustom && hasColon): brackets.append(UInt8(ascii: "}"))
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
        if brackets.isEmpty, byte == UInt8(ascii: "}") { return index }
        guard brackets.popLast() == byte else { return nil }
      case UInt8(ascii: ":") where brackets.isEmpty: hasColon = true
      case UInt8(ascii: ";") where brackets.isEmpty, UInt8(ascii: "{") where brackets.isEmpty: return index
      default: break
      }
      index += 1
    }
    return brackets.isEmpty ? bytes.count : nil
  }

  /// The offset behind a string; nil where it is not closed on its line.
  private func endOfString(at start: Int) -> Int? {
    let quote = bytes[start]
    var index = start + 1
    while index < bytes.count {
      switch bytes[index] {
      case quote: return index + 1
      case UInt8(ascii: "\\"): index += 2
      case 0x0A, 0x0C, 0x0D: return nil
      default: index += 1
      }
    }
    return nil
  }

  /// The offset behind the `)` of an unquoted `url(`, which lies behind the text where there is none; nil for other functions and for
  /// `url("…")`.
  private func endOfURL(openedAt open: Int) -> Int? {
    guard open >= 3, bytes[open - 1] | 0x20 == UInt8(ascii: "l"), bytes[open - 2] | 0x20 == UInt8(ascii: "r"),
      bytes[open - 3] | 0x20 == UInt8(ascii: "u"), open == 3 || !isNameByte(bytes[open - 4])
    else { return nil }
    var index = open + 1
    while index < bytes.count, isSpace(bytes[index]) { index += 1 }
    if index < bytes.count, bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'") { return nil }
    while index < bytes.count, bytes[index] != UInt8(ascii: ")") {
      index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return index < bytes.count ? index + 1 : .max
  }

  private func isNameByte(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte >= 0x80
      || byte == UInt8(ascii: "\\")
  }

  /// Copies the statement from `position` to `end` without what is needless in it.
  private mutating func copy(until end: Int, _ part: Part) {
    let start = output.count
    isBehindFirstColon = false
    // White space or a comment that was passed and not yet written.
    var isSeparated = false
    var hasComment = false
    var hasColon = false
    while position < end {
      let byte = bytes[position]
      if isSpace(byte) {
        isSeparated = true
        position += 1
        continue
      }
      if bytes.has("/*", at: position), let close = endOfComment() {
        if bytes.has("/*!", at: position) {
          if isSeparated { output.append(0x20) }
          isSeparated = false
          output += bytes[position..<close]
        } else {
          hasComment = true
        }
        position = close
        continue
      }
      let isFirstColon = byte == UInt8(ascii: ":") && part == .declaration && !hasColon
      if isSeparated || hasComment, output.count > start {
        let last = output[output.count - 1]
        let isNeedless =
          byte == UInt8(ascii: ",") || byte == UInt8(ascii: ")") || isFirstColon || isBehindFirstColon
          || !isBehindEscape && (last == UInt8(ascii: ",") || last == UInt8(ascii: "("))
        if !isNeedless {
          // A comment alone keeps tokens apart and is no white space.
          output += isSeparated ? Array(" ".utf8) : Array("/**/".utf8)
        }
      }
      isSeparated = false
      hasComment = false
      isBehindFirstColon = isFirstColon
      if isFirstColon { hasColon = true }
      copyToken(until: end)
    }
    position = end
  }

  /// A string, an unquoted URL, an escape, or one byte.
  private mutating func copyToken(until end: Int) {
    let start = position
    let byte = bytes[position]
    isBehindEscape = byte == UInt8(ascii: "\\")
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): position = endOfString(at: position) ?? position + 1
    case UInt8(ascii: "("): position = endOfURL(openedAt: position) ?? position + 1
    case UInt8(ascii: "\\"):
      // One white space ends an escape of hexadecimal digits and belongs to it.
      position += 1
      var digits = 0
      while digits < 6, position < end, isHexDigit(bytes[position]) {
        position += 1
        digits += 1
      }
      if digits == 0 {
        position += 1
      } else if bytes.has("\r\n", at: position) {
        position += 2
      } else if position < end, isSpace(bytes[position]) {
        position += 1
      }
    default: position += 1
    }
    position = min(position, end)
    output += bytes[start..<position]
  }
}
