import Files

/// Source bytes → tokens, in one pass; whitespace control is applied here, so that text tokens are what is printed.
struct Lexer {
  private let source: SourceText
  private let bytes: [UInt8]
  private let end: Int
  private let options: TemplateOptions
  private var position = 0
  private var tokens: [Token] = []
  private var open: [UInt8] = []
  private(set) var found: [Diagnostic] = []

  init(_ source: SourceText, _ options: TemplateOptions) {
    self.source = source
    self.options = options
    bytes = source.bytes
    var end = bytes.count
    if !options.keepTrailingNewline, end > 0, bytes[end - 1] == newline || bytes[end - 1] == carriageReturn {
      end -= bytes[end - 1] == newline && end > 1 && bytes[end - 2] == carriageReturn ? 2 : 1
    }
    self.end = end
  }

  static func tokens(_ source: SourceText, _ options: TemplateOptions) -> (tokens: [Token], found: [Diagnostic]) {
    var lexer = Lexer(source, options)
    lexer.tokenize()
    lexer.tokens.append(Token(kind: .end, start: lexer.end, end: lexer.end))
    return (lexer.tokens, lexer.found)
  }

  private func byte(_ index: Int) -> UInt8 { index < end ? bytes[index] : 0 }

  private mutating func add(_ kind: Token.Kind, _ start: Int, _ stop: Int) {
    tokens.append(Token(kind: kind, start: start, end: stop))
  }

  private mutating func report(_ message: String, at offset: Int, length: Int = 1, hint: String? = nil) {
    found.append(source.diagnostic(id: "template-syntax", message, at: offset, length: length, hint: hint))
  }

  private mutating func tokenize() {
    while position < end {
      let start = position
      while position < end, !opensTag(position) { position += 1 }
      addText(from: start, to: position)
      guard position < end else { return }
      let opened = position
      let kind = bytes[position + 1]
      position += 2
      let sign = byte(position)
      if sign == minus || sign == plus { position += 1 }
      switch kind {
      case UInt8(ascii: "#"): if !skipComment(opened) { return }
      case UInt8(ascii: "{"):
        add(.printBegin, opened, position)
        if !readTag(opened, closing: UInt8(ascii: "}")) { return }
      default:
        if let body = rawBegin(position) {
          if !readRaw(opened, body) { return }
        } else {
          add(.tagBegin, opened, position)
          if !readTag(opened, closing: UInt8(ascii: "%")) { return }
        }
      }
    }
  }

  private func opensTag(_ index: Int) -> Bool {
    guard bytes[index] == UInt8(ascii: "{"), index + 1 < end else { return false }
    let next = bytes[index + 1]
    return next == UInt8(ascii: "{") || next == UInt8(ascii: "%") || next == UInt8(ascii: "#")
  }

  /// Text up to a tag at `stop`, or to the end; the tag's sign and `lstripBlocks` decide what whitespace before it stays.
  private mutating func addText(from start: Int, to stop: Int) {
    var last = stop
    if stop < end {
      let sign = byte(stop + 2)
      if sign == minus {
        while last > start, isSpace(bytes[last - 1]) { last -= 1 }
      } else if sign != plus, options.lstripBlocks, bytes[stop + 1] != UInt8(ascii: "{") {
        var lineStart = stop
        while lineStart > start, isSpace(bytes[lineStart - 1]), bytes[lineStart - 1] != newline { lineStart -= 1 }
        let isAtLineStart = lineStart == 0 || bytes[lineStart - 1] == newline
        if isAtLineStart { last = lineStart }
      }
    }
    if last > start { add(.text, start, last) }
  }

  /// Behind `-%}` all whitespace goes, behind `%}` one line end where blocks are trimmed.
  private mutating func skipSpace(afterSign sign: UInt8, trims: Bool) {
    if sign == minus {
      while position < end, isSpace(bytes[position]) { position += 1 }
    } else if trims, sign != plus, options.trimBlocks {
      if byte(position) == carriageReturn, byte(position + 1) == newline { position += 1 }
      if byte(position) == newline { position += 1 }
    }
  }

  private mutating func skipComment(_ opened: Int) -> Bool {
    let start = position
    var index = start
    while index + 1 < end {
      if bytes[index] == UInt8(ascii: "#"), bytes[index + 1] == UInt8(ascii: "}") {
        let sign = index > start ? bytes[index - 1] : 0
        position = index + 2
        skipSpace(afterSign: sign, trims: true)
        return true
      }
      index += 1
    }
    report("comment is never closed", at: opened, length: 2, hint: "write #} where it ends")
    return false
  }

  /// The offset behind `raw` and its `%}` where a raw block begins at `index`, and whether space behind goes.
  private func rawBegin(_ index: Int) -> (start: Int, sign: UInt8)? {
    word(UInt8(ascii: "r"), "raw", index)
  }

  private func word(_ first: UInt8, _ word: StaticString, _ index: Int) -> (start: Int, sign: UInt8)? {
    var index = index
    while isSpace(byte(index)), index < end { index += 1 }
    guard byte(index) == first, index + word.utf8CodeUnitCount <= end else { return nil }
    for offset in 0..<word.utf8CodeUnitCount where bytes[index + offset] != word.utf8Start[offset] { return nil }
    index += word.utf8CodeUnitCount
    while isSpace(byte(index)), index < end { index += 1 }
    let sign = byte(index) == minus || byte(index) == plus ? byte(index) : 0
    if sign != 0 { index += 1 }
    guard byte(index) == UInt8(ascii: "%"), byte(index + 1) == UInt8(ascii: "}") else { return nil }
    return (index + 2, sign)
  }

  private mutating func readRaw(_ opened: Int, _ body: (start: Int, sign: UInt8)) -> Bool {
    position = body.start
    if body.sign == minus { skipSpace(afterSign: minus, trims: false) }
    let start = position
    var index = start
    while index + 1 < end {
      if bytes[index] == UInt8(ascii: "{"), bytes[index + 1] == UInt8(ascii: "%") {
        let sign = byte(index + 2)
        let inside = sign == minus || sign == plus ? index + 3 : index + 2
        if let after = word(UInt8(ascii: "e"), "endraw", inside) {
          addText(from: start, to: index)
          position = after.start
          skipSpace(afterSign: after.sign, trims: true)
          return true
        }
      }
      index += 1
    }
    report("raw block is never closed", at: opened, length: 2, hint: "write {% endraw %} where it ends")
    return false
  }

  /// The tokens of one tag, up to and with its end. False where the rest of the template can't be read.
  private mutating func readTag(_ opened: Int, closing: UInt8) -> Bool {
    open.removeAll(keepingCapacity: true)
    while position < end {
      let start = position
      let first = bytes[position]
      if isSpace(first) {
        position += 1
        continue
      }
      if open.isEmpty {
        let signed = first == minus || (first == plus && closing == UInt8(ascii: "%"))
        let index = signed ? position + 1 : position
        if byte(index) == closing, byte(index + 1) == UInt8(ascii: "}"), index + 1 < end {
          position = index + 2
          add(closing == UInt8(ascii: "%") ? .tagEnd : .printEnd, start, position)
          skipSpace(afterSign: signed ? first : 0, trims: closing == UInt8(ascii: "%"))
          return true
        }
      }
      switch first {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): readNumber()
      case UInt8(ascii: "'"), UInt8(ascii: "\""):
        if !readString(first) { return false }
      case _ where isNameByte(first):
        while position < end, isNameByte(bytes[position]) { position += 1 }
        add(.name, start, position)
      default:
        if !readOperator() { skipBrokenTag(opened, closing) }
      }
    }
    let mark = closing == UInt8(ascii: "%") ? "%}" : "}}"
    report("tag is never closed", at: opened, length: 2, hint: "write \(mark) where it ends")
    return false
  }

  /// After something that can't be read: goes to where the tag seems to end.
  private mutating func skipBrokenTag(_ opened: Int, _ closing: UInt8) {
    let start = position
    while position < end {
      if byte(position) == closing, byte(position + 1) == UInt8(ascii: "}") { break }
      position += 1
    }
    if position > start, bytes[position - 1] == minus { position -= 1 }
    open.removeAll(keepingCapacity: true)
    add(.broken, start, position)
  }

  private mutating func readString(_ quote: UInt8) -> Bool {
    let start = position
    position += 1
    while position < end {
      switch bytes[position] {
      case UInt8(ascii: "\\"): position += 2
      case quote:
        position += 1
        add(.string, start, position)
        return true
      default: position += 1
      }
    }
    position = end
    report("string is never closed", at: start)
    return false
  }

  private mutating func readNumber() {
    let start = position
    func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
    func digits(from index: Int, _ isDigit: (UInt8) -> Bool) -> Int {
      var index = index
      while isDigit(byte(index)) || (byte(index) == UInt8(ascii: "_") && isDigit(byte(index + 1))) { index += 1 }
      return index
    }
    if bytes[start] == UInt8(ascii: "0") {
      let isHex: (UInt8) -> Bool = { isDigit($0) || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0 | 32 }
      let radix: ((UInt8) -> Bool)? =
        switch byte(start + 1) | 32 {
        case UInt8(ascii: "x"): isHex
        case UInt8(ascii: "o"): { UInt8(ascii: "0")...UInt8(ascii: "7") ~= $0 }
        case UInt8(ascii: "b"): { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "1") }
        default: nil
        }
      if let radix, digits(from: start + 2, radix) > start + 2 {
        position = digits(from: start + 2, radix)
        return add(.integer, start, position)
      }
    }
    position = digits(from: start, isDigit)
    var isFloat = false
    let afterDot = tokens.last?.kind == .dot && tokens.last?.end == start
    if !afterDot, byte(position) == UInt8(ascii: "."), isDigit(byte(position + 1)) {
      isFloat = true
      position = digits(from: position + 1, isDigit)
    }
    if !afterDot, byte(position) | 32 == UInt8(ascii: "e") {
      let signed = byte(position + 1) == plus || byte(position + 1) == minus
      let exponent = position + (signed ? 2 : 1)
      if isDigit(byte(exponent)) {
        isFloat = true
        position = digits(from: exponent, isDigit)
      }
    }
    add(isFloat ? .float : .integer, start, position)
  }

  private mutating func readOperator() -> Bool {
    let start = position
    let next = byte(start + 1)
    func two(_ second: StaticString, _ kind: Token.Kind, else single: Token.Kind?) -> Token.Kind? {
      guard next == second.utf8Start[0] else { return single }
      position += 1
      return kind
    }
    let kind: Token.Kind? =
      switch Unicode.Scalar(bytes[start]) {
      case "+": .add
      case "-": .subtract
      case "*": two("*", .power, else: .multiply)
      case "/": two("/", .floorDivide, else: .divide)
      case "%": .modulo
      case "~": .tilde
      case "=": two("=", .equal, else: .assign)
      case "!": two("=", .notEqual, else: nil)
      case "<": two("=", .lessOrEqual, else: .less)
      case ">": two("=", .greaterOrEqual, else: .greater)
      case ".": .dot
      case ":": .colon
      case "|": .pipe
      case ",": .comma
      case ";": .semicolon
      case "(": .openParenthesis
      case ")": .closeParenthesis
      case "[": .openBracket
      case "]": .closeBracket
      case "{": .openBrace
      case "}": .closeBrace
      default: nil
      }
    guard let kind else {
      let shown = Unicode.Scalar(bytes[start]).isASCII ? "\"\(Character(Unicode.Scalar(bytes[start])))\" " : ""
      let hint =
        bytes[start] == UInt8(ascii: "&") ? "write `and`" : bytes[start] == UInt8(ascii: "!") ? "write `not`" : nil
      report("character \(shown)has no meaning in an expression", at: start, hint: hint)
      return false
    }
    switch kind {
    case .openParenthesis: open.append(UInt8(ascii: ")"))
    case .openBracket: open.append(UInt8(ascii: "]"))
    case .openBrace: open.append(UInt8(ascii: "}"))
    case .closeParenthesis, .closeBracket, .closeBrace:
      let shown = Character(Unicode.Scalar(bytes[start]))
      guard let expected = open.popLast() else {
        report("\"\(shown)\" closes nothing", at: start)
        return false
      }
      guard expected == bytes[start] else {
        report("\"\(shown)\" stands where \"\(Character(Unicode.Scalar(expected)))\" is needed", at: start)
        return false
      }
    default: break
    }
    position += 1
    add(kind, start, position)
    return true
  }
}

let newline = UInt8(ascii: "\n")
let carriageReturn = UInt8(ascii: "\r")
private let minus = UInt8(ascii: "-")
private let plus = UInt8(ascii: "+")

/// ASCII whitespace as Python's `\s` has it.
func isSpace(_ byte: UInt8) -> Bool { byte == 32 || 9...13 ~= byte || 28...31 ~= byte }

/// Letters, digits, the underscore, and every byte of a character outside ASCII.
private func isNameByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 128...:
    true
  default: false
  }
}
