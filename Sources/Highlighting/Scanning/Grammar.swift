/// A language as data, made into tables that the code scanner runs on. Plain memory that is never freed: made once a language, read by all threads.
struct Grammar: @unchecked Sendable {
  /// What the main loop does at a byte.
  enum Action: UInt8 {
    case blank, newline, name, digit, operation, open, close, other
  }

  struct Traits: OptionSet, Sendable {
    let rawValue: UInt16
    /// A name directly before `(` is a function.
    static let calls = Traits(rawValue: 1)
    static let ignoringCase = Traits(rawValue: 2)
    /// A word after a dot is a name, whatever the tables say.
    static let members = Traits(rawValue: 4)
    /// Capitalised names are types (`nc`).
    static let capitalTypes = Traits(rawValue: 8)
    /// Capitalised names are types (`kt`), as in Haskell.
    static let capitalKeywordTypes = Traits(rawValue: 16)
    /// Capitalised names are constants (`no`), as in Ruby.
    static let capitalConstants = Traits(rawValue: 32)
    /// `name!` is a macro.
    static let macros = Traits(rawValue: 64)
    /// `'` may stand inside numbers.
    static let quoteInNumbers = Traits(rawValue: 128)
    /// A number is a whole word, as in a shell.
    static let wordNumbers = Traits(rawValue: 256)
    /// `name=` sets a variable.
    static let assignments = Traits(rawValue: 512)
    /// `name:` is a symbol (Elixir, Ruby) when no colon follows.
    static let colonSymbols = Traits(rawValue: 1024)
    /// `1.` is a number.
    static let trailingDot = Traits(rawValue: 2048)
    /// Operators get no span (shell).
    static let bareOperators = Traits(rawValue: 4096)
    /// `Verb-Noun` is a command (PowerShell).
    static let cmdlets = Traits(rawValue: 16384)
    /// `"key":` is a tag (`nt`), as in JSON.
    static let stringKeys = Traits(rawValue: 8192)
  }

  let actions: UnsafePointer<Action>
  /// Whether a byte goes on a name.
  let nameBytes: UnsafePointer<Bool>
  /// By first byte: one more than the index of the first rule, 0 where there is none. Rules of one first byte lie together, longest first.
  let ruleStarts: UnsafePointer<UInt8>
  let rules: UnsafePointer<Rule>
  let ruleCount: Int
  /// Kind in the low byte, the kind of the name that follows in the high byte.
  let words: WordTable
  /// Names that make a string of the quote behind them: one more than the index of the rule.
  let prefixes: WordTable
  let traits: Traits

  /// - Parameters:
  ///   - words: words separated by blanks, by kind.
  ///   - introducing: words after which a name is of that kind (`func` a function, `class` a type, `import` a namespace).
  ///   - nameStart, nameRest: bytes of names besides ASCII letters, `_` and all bytes above 0x7F; digits go on a name.
  ///   - prefixed: strings after a prefix of letters, as in Python's `rb"…"`: prefixes separated by blanks, and the rule at the quote.
  init(
    _ traits: Traits = [.calls, .members], words: KeyValuePairs<Kind, String>,
    introducing: KeyValuePairs<Kind, String> = [:], rules: [Rule],
    prefixed: [(String, Rule)] = [], operators: String = "+-*/%=<>!&|^~?:.", nameStart: String = "",
    nameRest: String = ""
  ) {
    self.traits = traits
    var table: [String: UInt16] = [:]
    func folded(_ word: Substring) -> String { traits.contains(.ignoringCase) ? word.lowercased() : String(word) }
    for (kind, list) in words {
      for word in list.split(whereSeparator: \.isWhitespace) { table[folded(word)] = UInt16(kind.rawValue) }
    }
    for (kind, list) in introducing {
      for word in list.split(whereSeparator: \.isWhitespace) {
        table[folded(word), default: 0] |= UInt16(kind.rawValue) << 8
      }
    }
    self.words = WordTable(table, ignoringCase: traits.contains(.ignoringCase))

    let sorted = rules.sorted { ($0.open.first, $1.open.count) < ($1.open.first, $0.open.count) }
    var starts = [UInt8](repeating: 0, count: 256)
    for (index, rule) in sorted.enumerated().reversed() { starts[Int(rule.open.first)] = UInt8(index + 1) }
    var prefixTable: [String: UInt16] = [:]
    var all = sorted
    // More than one rule may share a prefix (`r"` and `r"""`): they are tried in turn from the first.
    for (index, (list, _)) in prefixed.enumerated() {
      for word in list.split(separator: " ") where prefixTable[String(word)] == nil {
        prefixTable[String(word)] = UInt16(sorted.count + index + 1)
      }
    }
    all += prefixed.map(\.1)
    self.rules = UnsafePointer(immortal(all))
    ruleCount = all.count
    ruleStarts = UnsafePointer(immortal(starts))
    prefixes = WordTable(prefixTable)

    var actions = [Action](repeating: .other, count: 256)
    var names = [Bool](repeating: false, count: 256)
    for byte in 0..<256 where byte >= 0x80 || byte == 0x5F || (0x61...0x7A).contains(byte | 0x20) {
      actions[byte] = .name
    }
    for byte in nameStart.utf8 { actions[Int(byte)] = .name }
    for byte in 0..<256 where actions[byte] == .name { names[byte] = true }
    for byte in "0123456789".utf8 {
      actions[Int(byte)] = .digit
      names[Int(byte)] = true
    }
    for byte in nameRest.utf8 { names[Int(byte)] = true }
    for byte in operators.utf8 { actions[Int(byte)] = .operation }
    for byte in " \t\r\u{B}\u{C}".utf8 { actions[Int(byte)] = .blank }
    for byte in "([{".utf8 { actions[Int(byte)] = .open }
    for byte in ")]}".utf8 { actions[Int(byte)] = .close }
    actions[0x0A] = .newline
    self.actions = UnsafePointer(immortal(actions))
    nameBytes = UnsafePointer(immortal(names))
  }
}

/// Memory that is never freed, for tables that live as long as the program.
func immortal<Element>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
  let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
  for (index, element) in elements.enumerated() { (memory + index).initialize(to: element) }
  return memory
}
