/// A script without comments (but those that begin with `/*!` or `//#`), indentation and needless white space. Names stay, line ends stay
/// where a statement could end at one.
///
/// By ECMAScript 2025, section 12 (<https://tc39.es/ecma262/#sec-ecmascript-language-lexical-grammar>).
/// - Returns: the same bytes where only a parser could tell what they mean: a `/` behind a `}`, comments in HTML's form, literals that do
///   not end.
public func minifyScript(_ text: [UInt8]) -> [UInt8] {
  let minified = text.withUnsafeBufferPointer { bytes in
    var minifier = ScriptMinifier(bytes)
    return minifier.run() ? minifier.output : nil
  }
  return minified ?? text
}

private struct ScriptMinifier {
  /// What came last, as far as it says whether a `/` divides or begins a regular expression.
  private enum Last {
    case nothing
    /// A value ends here: a name, a number, a string, a `]`: `/` divides.
    case value
    /// A value must follow: `/` begins a regular expression.
    case operation
    /// Nobody knows without a parser.
    case unknown
  }

  private enum Bracket {
    /// Whether a statement follows the closing one, as behind `if (…)`.
    case round(beforeStatement: Bool)
    case square
    case curly
    /// `${` of a template.
    case template
  }

  let bytes: Bytes
  var output: [UInt8] = []
  private var position = 0
  private var last = Last.nothing
  private var brackets: [Bracket] = []
  /// The last name, where it is what came last.
  private var isBeforeCondition = false
  private var isBehindDot = false

  init(_ bytes: Bytes) {
    self.bytes = bytes
    output.reserveCapacity(bytes.count)
  }

  /// - Returns: false where the text is left alone.
  mutating func run() -> Bool {
    if bytes.has("#!", at: 0) {
      while position < bytes.count, bytes[position] != 0x0A { position += 1 }
      output += bytes[..<position]
      if position < bytes.count { output.append(0x0A) }
    }
    while position < bytes.count {
      guard skipBetweenTokens() else { return false }
      guard position < bytes.count else { break }
      guard token() else { return false }
    }
    return brackets.isEmpty
  }

  // MARK: Between tokens

  /// White space and comments become nothing, a space or a line end.
  private mutating func skipBetweenTokens() -> Bool {
    var isSeparated = false
    var hasLineEnd = false
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 0x0A || byte == 0x0D {
        hasLineEnd = true
        position += 1
      } else if byte == 0x20 || byte == 0x09 || byte == 0x0B || byte == 0x0C {
        isSeparated = true
        position += 1
      } else if bytes.has("//", at: position) {
        let start = position
        while position < bytes.count, bytes[position] != 0x0A, bytes[position] != 0x0D {
          // U+2028 and U+2029 end a line too.
          if bytes.has("\u{2028}", at: position) || bytes.has("\u{2029}", at: position) { return false }
          position += 1
        }
        // `//# sourceMappingURL` and its old form speak to tools.
        if bytes.has("//#", at: start) || bytes.has("//@", at: start) {
          separate(isSeparated, hasLineEnd, before: 0)
          output += bytes[start..<position]
          output.append(0x0A)
        }
        isSeparated = true
      } else if bytes.has("/*", at: position) {
        guard let end = bytes.first("*/", from: position + 2) else { return false }
        let comment = bytes[position..<end + 2]
        if bytes.has("/*!", at: position) {
          separate(isSeparated, hasLineEnd, before: 0)
          output += comment
          hasLineEnd = false
        }
        if comment.contains(where: { $0 == 0x0A || $0 == 0x0D }) || comment.contains(0xE2) { hasLineEnd = true }
        isSeparated = true
        position = end + 2
      } else {
        break
      }
    }
    // What browsers take for a comment, for the sake of pages from 1995.
    if bytes.has("<!--", at: position) || (hasLineEnd || output.isEmpty) && bytes.has("-->", at: position) {
      return false
    }
    if position < bytes.count { separate(isSeparated, hasLineEnd, before: bytes[position]) }
    return true
  }

  private mutating func separate(_ isSeparated: Bool, _ hasLineEnd: Bool, before next: UInt8) {
    guard isSeparated || hasLineEnd, let last = output.last, last != 0x0A else { return }
    if hasLineEnd {
      if !isOpening(last), !isClosing(next) { output.append(0x0A) }
    } else if !isOpening(last), !isClosing(next), last != UInt8(ascii: "="), next != UInt8(ascii: "="),
      last != UInt8(ascii: ")"), last != UInt8(ascii: "}"), next != UInt8(ascii: "("), next != UInt8(ascii: "{"),
      next != UInt8(ascii: "["), last != UInt8(ascii: "]")
    {
      output.append(0x20)
    }
  }

  /// Behind these no statement ends, whatever follows.
  private func isOpening(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: ","), UInt8(ascii: ";"): true
    default: false
    }
  }

  /// Before these a line end means nothing.
  private func isClosing(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "}"), UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: ","), UInt8(ascii: ";"): true
    default: false
    }
  }

  // MARK: Tokens

  private mutating func token() -> Bool {
    let byte = bytes[position]
    if isNameStart(byte) { return name() }
    if isDigit(byte) || (byte == UInt8(ascii: ".") && position + 1 < bytes.count && isDigit(bytes[position + 1])) {
      return number()
    }
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return string(byte)
    case UInt8(ascii: "`"):
      position += 1
      return template(from: position - 1)
    case UInt8(ascii: "/"): return slash()
    default: return punctuator(byte)
    }
  }

  private func isNameStart(_ byte: UInt8) -> Bool {
    isLetter(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$") || byte == UInt8(ascii: "#")
      || byte == UInt8(ascii: "@") || byte >= 0x80 || byte == UInt8(ascii: "\\")
  }

  private static let beforeValue: Set<String> = [
    "return", "typeof", "case", "in", "delete", "void", "instanceof", "new", "do", "else", "throw", "extends",
  ]

  private mutating func name() -> Bool {
    let start = position
    var isASCII = true
    while position < bytes.count, isNameStart(bytes[position]) || isDigit(bytes[position]) {
      if bytes[position] >= 0x80 { isASCII = false }
      position += 1
    }
    output += bytes[start..<position]
    defer { isBehindDot = false }
    let wasBeforeCondition = isBeforeCondition
    isBeforeCondition = false
    if !isASCII {
      // White space and line ends of Unicode may be among it.
      last = .unknown
      return true
    }
    if isBehindDot || position - start > 10 {
      last = .value
      return true
    }
    let word = String(decoding: bytes[start..<position], as: UTF8.self)
    if Self.beforeValue.contains(word) {
      last = .operation
    } else if ["of", "yield", "await"].contains(word) {
      last = .unknown
      // `for await (…)`
      isBeforeCondition = word == "await" && wasBeforeCondition
    } else {
      isBeforeCondition = ["if", "while", "for", "with"].contains(word)
      last = .value
    }
    return true
  }

  private mutating func number() -> Bool {
    let start = position
    while position < bytes.count,
      isLetter(bytes[position]) || isDigit(bytes[position])
        || bytes[position] == UInt8(ascii: ".") || bytes[position] == UInt8(ascii: "_")
    {
      position += 1
    }
    output += bytes[start..<position]
    return ended(.value)
  }

  private mutating func string(_ quote: UInt8) -> Bool {
    let start = position
    position += 1
    while position < bytes.count {
      switch bytes[position] {
      case quote:
        position += 1
        output += bytes[start..<position]
        return ended(.value)
      case UInt8(ascii: "\\"): position += 2
      case 0x0A, 0x0D: return false
      default: position += 1
      }
    }
    return false
  }

  /// The characters of a template from its backtick, or from the `}` that goes on with it, up to the next `${` or its end.
  private mutating func template(from start: Int) -> Bool {
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "`"):
        position += 1
        output += bytes[start..<position]
        return ended(.value)
      case UInt8(ascii: "\\"): position += 2
      case UInt8(ascii: "$") where bytes.has("${", at: position):
        position += 2
        output += bytes[start..<position]
        brackets.append(.template)
        return ended(.operation)
      default: position += 1
      }
    }
    return false
  }

  private mutating func slash() -> Bool {
    switch last {
    case .unknown: return false
    case .value:
      output.append(UInt8(ascii: "/"))
      position += 1
      return ended(.operation)
    case .nothing, .operation: break
    }
    let start = position
    var isInClass = false
    position += 1
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\\"): position += 1
      case UInt8(ascii: "["): isInClass = true
      case UInt8(ascii: "]"): isInClass = false
      case UInt8(ascii: "/") where !isInClass:
        position += 1
        while position < bytes.count, isLetter(bytes[position]) { position += 1 }
        output += bytes[start..<position]
        return ended(.value)
      case 0x0A, 0x0D: return false
      default: break
      }
      position += 1
    }
    return false
  }

  private mutating func punctuator(_ byte: UInt8) -> Bool {
    position += 1
    switch byte {
    case UInt8(ascii: "("): brackets.append(.round(beforeStatement: isBeforeCondition))
    case UInt8(ascii: "["): brackets.append(.square)
    case UInt8(ascii: "{"): brackets.append(.curly)
    case UInt8(ascii: ")"):
      guard case .round(let beforeStatement)? = brackets.popLast() else { return false }
      output.append(byte)
      return ended(beforeStatement ? .operation : .value)
    case UInt8(ascii: "]"):
      guard case .square? = brackets.popLast() else { return false }
      output.append(byte)
      return ended(.value)
    case UInt8(ascii: "}"):
      switch brackets.popLast() {
      case .curly:
        output.append(byte)
        return ended(.unknown)
      case .template: return template(from: position - 1)
      case .round, .square, nil: return false
      }
    case UInt8(ascii: "."):
      output.append(byte)
      _ = ended(.operation)
      // `...` is followed by a value, one dot by a name.
      isBehindDot = !bytes.has("..", at: position - 2)
      return true
    case UInt8(ascii: "+") where bytes.has("++", at: position - 1),
      UInt8(ascii: "-") where bytes.has("--", at: position - 1):
      output += [byte, byte]
      position += 1
      return ended(.unknown)
    default: break
    }
    output.append(byte)
    return ended(.operation)
  }

  private mutating func ended(_ new: Last) -> Bool {
    last = new
    isBeforeCondition = false
    isBehindDot = false
    return true
  }
}
