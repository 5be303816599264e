/// Where a script puts an address together that nobody can know before it runs, relative to its own.
public struct BuiltURL: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable {
    /// `import(name)`
    case dynamicImport = "import() of what is no string"
    /// Anything but `new URL("x", import.meta.url)`
    case moduleURL = "import.meta.url"
    /// `import.meta.resolve(name)`
    case resolved = "import.meta.resolve() of what is no string"
    /// `document.currentScript.src`
    case currentScript = "document.currentScript.src"
  }

  public let kind: Kind
  /// 1-based.
  public let line: Int
}

/// The first place where a script builds such an address; nil where it does not, as far as its tokens tell.
public func builtURL(inModule bytes: [UInt8]) -> BuiltURL? { ModuleScanner.builtURL(in: bytes) }

/// Reads JavaScript as tokens, as far as the specifiers of imports need it: <https://tc39.es/ecma262/#sec-modules>.
///
/// What a `/` begins is guessed from the token before it. Specifiers that are put together at run time are not seen.
struct ModuleScanner {
  private let bytes: Bytes
  private var position = 0
  private var findings: [Finding] = []
  /// For each open brace, whether it is the `${` of a template.
  private var braces: [Bool] = []
  /// Inside an import or export clause, where `from "x"` may follow.
  private var isInClause = false
  private var mayDivide = false
  /// The first place where an address is put together at run time.
  private var built: BuiltURL?

  static func builtURL(in module: [UInt8]) -> BuiltURL? {
    module.withUnsafeBufferPointer { bytes in
      var scanner = ModuleScanner(bytes)
      scanner.run()
      return scanner.built
    }
  }

  static func findings(in module: [UInt8]) -> [Finding] { module.withUnsafeBufferPointer { findings(in: $0) } }

  static func findings(in module: Bytes) -> [Finding] {
    var scanner = ModuleScanner(module)
    scanner.run()
    return scanner.findings
  }

  private init(_ bytes: Bytes) { self.bytes = bytes }

  private mutating func run() {
    if bytes.has("#!", at: 0, before: bytes.count) { skipLine() }
    while position < bytes.count {
      let byte = bytes[position]
      if isNameByte(byte) {
        name()
        continue
      }
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        _ = readString()
        mayDivide = true
      case UInt8(ascii: "`"):
        position += 1
        template()
      case UInt8(ascii: "/"): slash()
      case UInt8(ascii: "{"):
        braces.append(false)
        punctuator(staysInClause: true)
      case UInt8(ascii: "}"):
        punctuator(staysInClause: true)
        if braces.popLast() == true { template() }
      case UInt8(ascii: "*"), UInt8(ascii: ","): punctuator(staysInClause: true)
      case UInt8(ascii: ")"), UInt8(ascii: "]"):
        punctuator(staysInClause: false)
        mayDivide = true
      default:
        if byte > 0x20 { punctuator(staysInClause: false) } else { position += 1 }
      }
    }
  }

  private mutating func punctuator(staysInClause: Bool) {
    position += 1
    mayDivide = false
    if !staysInClause { isInClause = false }
  }

  private mutating func name() {
    let start = position
    let isProperty =
      start > 0 && bytes[start - 1] == UInt8(ascii: ".") && !(start > 1 && bytes[start - 2] == UInt8(ascii: "."))
    while position < bytes.count, isNameByte(bytes[position]) { position += 1 }
    let word = start..<position
    mayDivide = true
    if isProperty {
      if word.count == 13, isWord("currentScript", word),
        bytes.has(".src", at: position, before: bytes.count) || bytes.has("?.src", at: position, before: bytes.count)
      {
        noteBuilt(.currentScript, at: start)
      }
      return
    }
    switch word.count {
    case 2...10 where isOneOf(Self.wordsBeforeExpressions, word): mayDivide = false
    case 4 where isInClause && isWord("from", word): specifier()
    case 6 where isWord("import", word): importKeyword(at: start)
    case 6 where isWord("export", word): isInClause = true
    case 3 where isWord("URL", word): urlConstructor()
    default: break
    }
  }

  private mutating func noteBuilt(_ kind: BuiltURL.Kind, at place: Int) {
    guard built == nil else { return }
    built = BuiltURL(kind: kind, line: 1 + bytes[..<place].count { $0 == 0x0A })
  }

  private mutating func importKeyword(at start: Int) {
    skipSpace()
    guard position < bytes.count else { return }
    switch bytes[position] {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): specifier()
    case UInt8(ascii: "("): argument(of: .dynamicImport, at: start)
    case UInt8(ascii: "."):
      if bytes.has(".meta.url", at: position, before: bytes.count) { noteBuilt(.moduleURL, at: start) }
      if bytes.has(".meta.resolve(", at: position, before: bytes.count) {
        position += 13
        argument(of: .resolved, at: start)
      }
    default: isInClause = true
    }
  }

  /// Notes the string in the parentheses at hand, or that there is none.
  private mutating func argument(of kind: BuiltURL.Kind, at start: Int) {
    position += 1
    mayDivide = false
    if let string = nextString(), endsArgument() { note(string) } else { noteBuilt(kind, at: start) }
  }

  /// Notes the string that follows, if one does.
  private mutating func specifier() {
    guard let string = nextString() else { return }
    isInClause = false
    note(string)
  }

  /// A name is no URL.
  private mutating func note(_ specifier: ScriptString) {
    if specifier.isURL { findings.append(specifier.finding(.moduleImport)) }
  }

  /// The string that follows; nil where none does, or one that cannot be read.
  private mutating func nextString() -> ScriptString? {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") || bytes[position] == UInt8(ascii: "'") else {
      return nil
    }
    let quote = bytes[position]
    mayDivide = true
    return readString().flatMap { ScriptString(bytes, $0, quote: quote) }
  }

  private mutating func endsArgument() -> Bool {
    skipSpace()
    return position < bytes.count && (bytes[position] == UInt8(ascii: ")") || bytes[position] == UInt8(ascii: ","))
  }

  /// Notes the string of `URL("x", import.meta.url)`: what bundlers take for a file beside the module. What a script looks for in a folder is
  /// not known.
  private mutating func urlConstructor() {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: "(") else { return }
    position += 1
    mayDivide = false
    guard let string = nextString(), endsArgument(), bytes[position] == UInt8(ascii: ",") else { return }
    position += 1
    mayDivide = false
    skipSpace()
    let base = position
    guard bytes.has("import.meta.url", at: base, before: bytes.count) else { return }
    position += 15
    mayDivide = true
    guard endsArgument() else {
      // More is made of it.
      position = base
      mayDivide = false
      return
    }
    if string.namesFolder { noteBuilt(.moduleURL, at: base) }
    if !string.range.isEmpty { findings.append(string.finding(.moduleFile)) }
  }

  /// Notes the URL of the comment at `start..<position`, if it says `# sourceMappingURL=`: <https://tc39.es/ecma426/#sec-linking-inline>.
  private mutating func sourceMap(_ start: Int) {
    if let finding = sourceMapFinding(in: bytes, comment: start..<position) { findings.append(finding) }
  }

  // MARK: Tokens

  /// Reads the string at hand; nil where a line end or the end cuts it short.
  private mutating func readString() -> Range<Int>? {
    let quote = bytes[position]
    position += 1
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 0x0A || byte == 0x0D { return nil }
      position += byte == UInt8(ascii: "\\") ? 2 : 1
      if byte == quote { return start..<(position - 1) }
    }
    position = bytes.count
    return nil
  }

  /// Stands behind the backtick, or behind the `}` that goes back to it.
  private mutating func template() {
    while position < bytes.count {
      let byte = bytes[position]
      position += byte == UInt8(ascii: "\\") ? 2 : 1
      if byte == UInt8(ascii: "`") {
        mayDivide = true
        isInClause = false
        return
      }
      if byte == UInt8(ascii: "$"), position < bytes.count, bytes[position] == UInt8(ascii: "{") {
        position += 1
        braces.append(true)
        mayDivide = false
        return
      }
    }
    position = bytes.count
  }

  private mutating func slash() {
    if skipComment() { return }
    position += 1
    isInClause = false
    guard !mayDivide else {
      mayDivide = false
      return
    }
    var isInClass = false
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 0x0A || byte == 0x0D { break }
      position += byte == UInt8(ascii: "\\") ? 2 : 1
      if byte == UInt8(ascii: "[") { isInClass = true }
      if byte == UInt8(ascii: "]") { isInClass = false }
      if byte == UInt8(ascii: "/"), !isInClass { break }
    }
    position = min(position, bytes.count)
    mayDivide = true
  }

  private mutating func skipSpace() {
    while position < bytes.count {
      if bytes[position] <= 0x20 { position += 1 } else if !skipComment() { return }
    }
  }

  /// Skips the comment at hand; false where there is none.
  private mutating func skipComment() -> Bool {
    if bytes.has("//", at: position, before: bytes.count) {
      let start = position
      skipLine()
      sourceMap(start)
      return true
    }
    guard bytes.has("/*", at: position, before: bytes.count) else { return false }
    position += 2
    let start = position
    while let close = bytes.first(UInt8(ascii: "/"), from: position, to: bytes.count) {
      position = close + 1
      if close > start, bytes[close - 1] == UInt8(ascii: "*") { return true }
    }
    position = bytes.count
    return true
  }

  private mutating func skipLine() {
    while position < bytes.count, bytes[position] != 0x0A, bytes[position] != 0x0D { position += 1 }
  }

  /// Behind these a `/` begins a regular expression.
  private static let wordsBeforeExpressions: [StaticString] = [
    "return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else", "do", "instanceof", "await",
    "yield",
  ]

  private func isOneOf(_ words: [StaticString], _ range: Range<Int>) -> Bool { words.contains { isWord($0, range) } }

  /// Exact: JavaScript knows case.
  private func isWord(_ word: StaticString, _ range: Range<Int>) -> Bool {
    guard range.count == word.utf8CodeUnitCount else { return false }
    return range.indices.allSatisfy { bytes[$0] == word.utf8Start[$0 - range.lowerBound] }
  }
}

@inline(__always)
private func isNameByte(_ byte: UInt8) -> Bool {
  isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$") || byte >= 0x80
}

/// The URL of `//# sourceMappingURL=x.map` or `/*# sourceMappingURL=x.map */`; nil where the comment says nothing like that.
func sourceMapFinding(in bytes: Bytes, comment: Range<Int>) -> Finding? {
  var start = comment.lowerBound + 2
  let end = comment.upperBound
  guard start < end, bytes[start] == UInt8(ascii: "#") || bytes[start] == UInt8(ascii: "@") else { return nil }
  start += 1
  while start < end, isSpace(bytes[start]) { start += 1 }
  guard bytes.has("sourcemappingurl=", at: start, before: end) else { return nil }
  start += 17
  var last = start
  while last < end, bytes[last] > 0x20, bytes[last] != UInt8(ascii: "*") { last += 1 }
  guard last > start else { return nil }
  return Finding(what: .url(.sourceMap, Notation(form: .plain, host: .file)), range: start..<last, decoded: nil)
}
