import Files

/// Tokens → statements. A mistake is noted and its tag skipped, so that one reading finds them all.
struct Parser {
  /// Thrown to leave a tag; the diagnostic has been noted.
  struct Mistake: Error {}

  let source: SourceText
  let tokens: [Token]
  var index = 0
  private(set) var found: [Diagnostic]
  private var blockNames: Set<String> = []
  /// How deep expressions and statements lie inside each other now.
  var depth = 0

  static let depthLimit = 100
  private static let foundLimit = 50

  private init(_ source: SourceText, _ options: TemplateOptions) {
    self.source = source
    (tokens, found) = Lexer.tokens(source, options)
  }

  static func parse(
    _ source: SourceText, _ options: TemplateOptions
  ) -> (statements: [Statement], found: [Diagnostic]) {
    var parser = Parser(source, options)
    let statements = parser.statements(until: [], opened: nil)
    return (statements, Array(parser.found.prefix(foundLimit)))
  }

  // MARK: Tokens

  var current: Token { tokens[index] }
  var next: Token { tokens[min(index + 1, tokens.count - 1)] }

  mutating func advance() { if index < tokens.count - 1 { index += 1 } }

  func text(_ token: Token) -> String { String(decoding: source.bytes[token.start..<token.end], as: UTF8.self) }

  func isName(_ token: Token, _ name: StaticString) -> Bool {
    guard token.kind == .name, token.length == name.utf8CodeUnitCount else { return false }
    for offset in 0..<token.length where source.bytes[token.start + offset] != name.utf8Start[offset] { return false }
    return true
  }

  mutating func skip(_ kind: Token.Kind) -> Bool {
    guard current.kind == kind else { return false }
    advance()
    return true
  }

  mutating func skip(_ name: StaticString) -> Bool {
    guard isName(current, name) else { return false }
    advance()
    return true
  }

  func describe(_ token: Token) -> String {
    switch token.kind {
    case .tagEnd, .printEnd: "the end of the tag"
    case .end: "the end of the template"
    case .text: "text"
    default: "\"\(text(token))\""
    }
  }

  /// Notes a mistake, unless it follows from one that was noted before.
  func mistake(_ message: String, at token: Token, hint: String? = nil, id: String = "template-syntax") -> Diagnostic? {
    if token.kind == .broken || token.kind == .end && !found.isEmpty { return nil }
    return source.diagnostic(id: id, message, at: token.start, length: token.length, hint: hint)
  }

  mutating func fail(
    _ message: String, at token: Token? = nil, hint: String? = nil, id: String = "template-syntax"
  ) -> Mistake {
    if found.count < Self.foundLimit, let diagnostic = mistake(message, at: token ?? current, hint: hint, id: id) {
      found.append(diagnostic)
    }
    return Mistake()
  }

  mutating func expect(_ kind: Token.Kind, _ what: String) throws(Mistake) -> Token {
    let token = current
    guard token.kind == kind else { throw fail("\(what) is expected, not \(describe(token))") }
    advance()
    return token
  }

  mutating func expect(_ name: StaticString) throws(Mistake) {
    guard skip(name) else { throw fail("`\(name)` is expected, not \(describe(current))") }
  }

  mutating func expectName(_ what: String) throws(Mistake) -> String { text(try expect(.name, what)) }

  /// Goes behind the end of the tag that `index` is in.
  private mutating func skipTag() {
    while current.kind != .tagEnd, current.kind != .printEnd, current.kind != .end, current.kind != .text { advance() }
    if current.kind != .end, current.kind != .text { advance() }
  }

  /// Parses the inside of a tag up to its end; after a mistake the rest of the tag is skipped.
  mutating func tag<Result>(_ parse: (inout Parser) throws(Mistake) -> Result) -> Result? {
    let depth = depth
    do {
      let result = try parse(&self)
      // As Python's templates may, a statement that opens a body may end with a colon.
      _ = skip(.colon)
      _ = try expect(.tagEnd, "the end of the tag")
      return result
    } catch {
      self.depth = depth
      skipTag()
      return nil
    }
  }

  // MARK: Statements

  /// Statements up to one of the tags `ends` (which is left unread) or the end of the template.
  mutating func statements(until ends: [StaticString], opened: Token?) -> [Statement] {
    var result: [Statement] = []
    depth += 1
    defer { depth -= 1 }
    while true {
      let token = current
      switch token.kind {
      case .text:
        advance()
        result.append(Statement(kind: .text(plainText(token)), offset: token.start, length: token.length))
      case .printBegin:
        advance()
        do {
          let expression = try expressionOrTuple()
          _ = try expect(.printEnd, "the end of the expression")
          result.append(Statement(kind: .print(expression), offset: expression.offset, length: expression.length))
        } catch { skipTag() }
      case .tagBegin:
        if ends.contains(where: { isName(next, $0) }) { return result }
        advance()
        let name = current
        for kind in statement(ends) { result.append(Statement(kind: kind, offset: name.start, length: name.length)) }
      case .end:
        if let opened {
          _ = fail(
            "`\(text(opened))` is never closed", at: opened,
            hint: ends.last.map { "write {% \($0) %} where it ends" })
        }
        return result
      default: skipTag()
      }
    }
  }

  /// Line ends become `\n`.
  private func plainText(_ token: Token) -> [UInt8] {
    let bytes = source.bytes[token.start..<token.end]
    guard bytes.contains(carriageReturn) else { return Array(bytes) }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for index in bytes.indices {
      if bytes[index] != carriageReturn {
        result.append(bytes[index])
      } else if index + 1 >= source.bytes.count || source.bytes[index + 1] != newline {
        result.append(newline)
      }
    }
    return result
  }

  /// A tag that ends a body, without what may follow its name.
  mutating func closeTag(_ name: StaticString, followedBy optional: String? = nil) {
    guard current.kind == .tagBegin else { return }
    advance()
    _ = tag { parser throws(Mistake) in
      try parser.expect(name)
      if let optional, parser.current.kind == .name, parser.text(parser.current) == optional { parser.advance() }
    }
  }

  mutating func declareBlock(_ name: Token) {
    if !blockNames.insert(text(name)).inserted {
      _ = fail("block `\(text(name))` is defined twice", at: name)
    }
  }
}
