/// Tokenises CSS (<https://www.w3.org/TR/css-syntax-3/#tokenization>) as far as URLs need it.
struct CSSScanner {
  /// What the at-rule at hand makes of a string or URL before its `;` or `{`.
  private enum Prelude { case none, importURL, ignored, fontFace }

  private let bytes: Bytes
  private let end: Int
  private var position: Int
  private var found: [TextURL] = []
  private var prelude = Prelude.none
  private var depth = 0
  /// The depth inside the `@font-face` rule at hand.
  private var fontFaceDepth: Int?
  /// For each open parenthesis, whether a string directly in it is a URL.
  private var parentheses: [Bool] = []

  static func findings(in sheet: [UInt8]) -> [Finding] {
    sheet.withUnsafeBufferPointer { bytes in
      var findings = urls(in: bytes, 0..<bytes.count).map { $0.finding(at: $0.range, in: .file) }
      if let map = sourceMap(of: bytes), map.range.lowerBound >= findings.last?.range.upperBound ?? 0 {
        findings.append(map)
      }
      return findings
    }
  }

  /// The last comment of a style sheet may name its source map.
  private static func sourceMap(of bytes: Bytes) -> Finding? {
    guard let slash = bytes.indices.dropLast().last(where: { bytes.has("/*", at: $0, before: bytes.count) }) else {
      return nil
    }
    return sourceMapFinding(in: bytes, comment: slash..<bytes.count)
  }

  static func urls(in bytes: Bytes, _ range: Range<Int>) -> [TextURL] {
    var scanner = CSSScanner(bytes, range)
    scanner.run()
    return scanner.found
  }

  private init(_ bytes: Bytes, _ range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  private mutating func run() {
    while position < end {
      let byte = bytes[position]
      if isNameByte(byte) || byte == UInt8(ascii: "\\") {
        name()
        continue
      }
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "'"): string()
      case UInt8(ascii: "/"): slash()
      case UInt8(ascii: "@"): atRule()
      case UInt8(ascii: "#"):
        position += 1
        skipName()
      case UInt8(ascii: "("):
        parentheses.append(false)
        position += 1
      case UInt8(ascii: ")"):
        _ = parentheses.popLast()
        position += 1
      case UInt8(ascii: "{"):
        depth += 1
        if prelude == .fontFace { fontFaceDepth = depth }
        prelude = .none
        position += 1
      case UInt8(ascii: "}"):
        if fontFaceDepth == depth { fontFaceDepth = nil }
        depth = max(0, depth - 1)
        position += 1
      case UInt8(ascii: ";"):
        if parentheses.isEmpty { prelude = .none }
        position += 1
      default: position += 1
      }
    }
  }

  // MARK: Tokens

  private mutating func slash() {
    position += 1
    guard position < end, bytes[position] == UInt8(ascii: "*") else { return }
    position += 1
    let start = position
    while let close = bytes.first(UInt8(ascii: "/"), from: position, to: end) {
      position = close + 1
      if close > start, bytes[close - 1] == UInt8(ascii: "*") { return }
    }
    position = end
  }

  private mutating func atRule() {
    position += 1
    let start = position
    let hasEscape = skipName()
    guard parentheses.isEmpty else { return }
    let range = start..<position
    if isName("import", range, hasEscape) {
      prelude = depth == 0 ? .importURL : .ignored
    } else if isName("namespace", range, hasEscape) {
      prelude = .ignored
    } else {
      prelude = isName("font-face", range, hasEscape) ? .fontFace : .none
    }
  }

  /// An identifier, a function's name or a number with its unit.
  private mutating func name() {
    let start = position
    let hasEscape = skipName()
    if position == start { position += 1 }
    guard position < end, bytes[position] == UInt8(ascii: "("), !isDigit(bytes[start]) else { return }
    let range = start..<position
    if isName("url", range, hasEscape) {
      position += 1
      return url()
    }
    let takesURLs =
      isName("image-set", range, hasEscape) || isName("-webkit-image-set", range, hasEscape)
      || isName("image", range, hasEscape) || isName("cross-fade", range, hasEscape) || isName("src", range, hasEscape)
    parentheses.append(takesURLs)
    position += 1
  }

  /// - Returns: whether an escape was in it.
  @discardableResult
  private mutating func skipName() -> Bool {
    var hasEscape = false
    while position < end {
      if isNameByte(bytes[position]) {
        position += 1
      } else if isEscape(at: position) {
        hasEscape = true
        skipEscape()
      } else {
        break
      }
    }
    return hasEscape
  }

  private func isName(_ name: StaticString, _ range: Range<Int>, _ hasEscape: Bool) -> Bool {
    guard hasEscape else { return bytes.isText(name, range) }
    return unescaped(range).withUnsafeBufferPointer { $0.isText(name, 0..<$0.count) }
  }

  private mutating func string() {
    guard let (range, quote, hasEscape) = readString() else { return }
    if prelude == .importURL, parentheses.isEmpty {
      note(range, .cssImport, .cssString(quote: quote), hasEscape)
      prelude = .ignored
    } else if prelude == .none, parentheses.last == true {
      note(range, kindOfURL, .cssString(quote: quote), hasEscape)
    }
  }

  /// Reads the string at hand; nil where a line end cuts it short.
  private mutating func readString() -> (range: Range<Int>, quote: UInt8, hasEscape: Bool)? {
    let quote = bytes[position]
    position += 1
    let start = position
    var hasEscape = false
    while position < end {
      let byte = bytes[position]
      if byte == quote {
        position += 1
        return (start..<(position - 1), quote, hasEscape)
      }
      if byte == UInt8(ascii: "\\") {
        hasEscape = true
        skipEscape()
      } else if byte == 0x0A || byte == 0x0D || byte == 0x0C {
        return nil
      } else {
        position += 1
      }
    }
    return (start..<end, quote, hasEscape)
  }

  /// Stands behind `url(`.
  private mutating func url() {
    while position < end, isSpace(bytes[position]) { position += 1 }
    guard position < end else { return }
    if bytes[position] == UInt8(ascii: "\"") || bytes[position] == UInt8(ascii: "'") {
      parentheses.append(false)
      guard let (range, quote, hasEscape) = readString() else { return }
      return noteURL(range, .cssString(quote: quote), hasEscape)
    }
    let start = position
    var hasEscape = false
    while position < end {
      let byte = bytes[position]
      if byte == UInt8(ascii: ")") || isSpace(byte) { break }
      if isEscape(at: position) {
        hasEscape = true
        skipEscape()
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "(")
        || byte == UInt8(ascii: "\\") || byte < 0x20 && byte != 0 || byte == 0x7F
      {
        return skipBadURL()
      } else {
        position += 1
      }
    }
    let range = start..<position
    while position < end, isSpace(bytes[position]) { position += 1 }
    guard position == end || bytes[position] == UInt8(ascii: ")") else { return skipBadURL() }
    position = min(position + 1, end)
    noteURL(range, .cssUnquoted, hasEscape)
  }

  private mutating func skipBadURL() {
    while position < end, bytes[position] != UInt8(ascii: ")") {
      if isEscape(at: position) { skipEscape() } else { position += 1 }
    }
    position = min(position + 1, end)
  }

  // MARK: Notes

  private var kindOfURL: URLKind { fontFaceDepth == nil ? .cssURL : .cssFont }

  private mutating func noteURL(_ range: Range<Int>, _ form: Notation.Form, _ hasEscape: Bool) {
    switch prelude {
    case .ignored: break
    case .importURL:
      note(range, .cssImport, form, hasEscape)
      prelude = .ignored
    case .none, .fontFace: note(range, kindOfURL, form, hasEscape)
    }
  }

  private mutating func note(_ range: Range<Int>, _ kind: URLKind, _ form: Notation.Form, _ hasEscape: Bool) {
    let range = hasEscape ? range : bytes.trimmed(range)
    var decoded: String?
    if hasEscape || bytes[range].contains(where: { $0 <= 0x20 }) { decoded = urlText(unescaped(range)) }
    found.append(TextURL(range: range, kind: kind, form: form, decoded: decoded))
  }

  // MARK: Escapes

  /// A backslash before anything but a line end.
  private func isEscape(at index: Int) -> Bool {
    guard bytes[index] == UInt8(ascii: "\\"), index + 1 < end else { return false }
    let next = bytes[index + 1]
    return next != 0x0A && next != 0x0D && next != 0x0C
  }

  /// Skips the backslash and the byte behind it: all that tokens need to know of an escape.
  private mutating func skipEscape() {
    guard position + 1 < end else {
      position = end
      return
    }
    let isLineEnd = bytes[position + 1] == 0x0D && position + 2 < end && bytes[position + 2] == 0x0A
    let isNumber = hexValue(bytes[position + 1]) != nil
    position += isLineEnd ? 3 : 2
    guard isNumber else { return }
    var digits = 1
    while digits < 6, position < end, hexValue(bytes[position]) != nil {
      position += 1
      digits += 1
    }
    skipEscapeEnd()
  }

  /// One white space behind a number belongs to it.
  private mutating func skipEscapeEnd() {
    guard position < end, isSpace(bytes[position]) else { return }
    let isCarriageReturn = bytes[position] == 0x0D
    position += 1
    if isCarriageReturn, position < end, bytes[position] == 0x0A { position += 1 }
  }

  /// The bytes at `range` with escapes decoded; a backslash before a line end is nothing.
  private func unescaped(_ range: Range<Int>) -> [UInt8] {
    var output: [UInt8] = []
    var reader = self
    reader.position = range.lowerBound
    while reader.position < range.upperBound {
      let start = reader.position
      let byte = bytes[start]
      guard byte == UInt8(ascii: "\\") else {
        if byte == 0 { appendScalar(0xFFFD, to: &output) } else { output.append(byte) }
        reader.position += 1
        continue
      }
      reader.skipEscape()
      guard start + 1 < range.upperBound else { break }
      if hexValue(bytes[start + 1]) != nil {
        var value: UInt32 = 0
        var index = start + 1
        while index < min(start + 7, range.upperBound), let digit = hexValue(bytes[index]) {
          value = value << 4 | UInt32(digit)
          index += 1
        }
        appendScalar(value == 0 ? 0xFFFD : value, to: &output)
      } else if isEscape(at: start) {
        output += bytes[(start + 1)..<min(reader.position, range.upperBound)]
      }
    }
    return output
  }
}

/// Letters, digits, `-`, `_` and all beyond ASCII; one bit for each byte of ASCII, since this is asked for every byte.
@inline(__always)
private func isNameByte(_ byte: UInt8) -> Bool {
  let bits: UInt64 = byte < 64 ? 0x03FF_2000_0000_0000 : 0x07FF_FFFE_87FF_FFFE
  return byte >= 0x80 || bits >> UInt64(byte & 63) & 1 == 1
}
