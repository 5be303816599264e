/// A delimiter of at most eight bytes, held without reference counting.
struct Literal: Sendable, ExpressibleByStringLiteral {
  let packed: UInt64
  let count: Int

  init(stringLiteral text: String) { self.init(text) }

  init(_ text: String) {
    precondition(text.utf8.count <= 8, "bug: a delimiter longer than eight bytes: \(text)")
    var packed: UInt64 = 0
    for byte in text.utf8.reversed() { packed = packed << 8 | UInt64(byte) }
    self.packed = packed
    count = text.utf8.count
  }

  var first: UInt8 { UInt8(truncatingIfNeeded: packed) }
  @inline(__always) subscript(index: Int) -> UInt8 { UInt8(truncatingIfNeeded: packed &>> UInt64(index &* 8)) }
}

/// What a language does at one opening delimiter: a comment, a string, a variable, or a form with a scanner of its own.
struct Rule: Sendable {
  /// Which function of the scanner takes over.
  enum Form: UInt8, Sendable {
    case lineComment, blockComment, string
    /// `#include <x>`, `#define …` and their kin: to the end of the line, continued by a backslash.
    case preprocessor
    /// The delimiter and the name that follows it (`@decorator`, `$variable`, `:symbol`); no name, no token.
    case prefixedName
    /// A balanced bracket: Rust's `#[…]`, PHP's `#[…]`.
    case bracketed
    /// `'x'` or `'\n'` is a character, `'name` a label (Rust's lifetimes, Haskell's promoted names get nothing).
    case characterOrLabel
    case slashRegex, heredoc, percentLiteral, quoteLike, sigil, longBracket, rawParentheses, shellExpansion, shellQuote
    /// A line at the start of which the delimiter stands, up to a line that starts with the closing one (`=begin`, POD).
    case lineBlock
    /// The delimiter alone, or with the byte behind it.
    case fixed, escaped
    /// A character by its own value: Elixir's `?a`.
    case questionCharacter
  }

  struct Traits: OptionSet, Sendable {
    let rawValue: UInt32
    /// May go on over line ends; otherwise a line end closes it.
    static let multiline = Traits(rawValue: 1)
    static let nested = Traits(rawValue: 2)
    /// Only where nothing but blanks stands before it on its line.
    static let atLineStart = Traits(rawValue: 4)
    /// Only after white space, a bracket or a separator.
    static let atWordStart = Traits(rawValue: 8)
    static let backslash = Traits(rawValue: 16)
    /// The closing delimiter twice stands for itself.
    static let doubled = Traits(rawValue: 32)
    static let backtickEscape = Traits(rawValue: 64)
    /// `#` counted: as many after the end as before the start.
    static let hashes = Traits(rawValue: 128)
    static let backslashParenthesis = Traits(rawValue: 256)
    static let dollarBrace = Traits(rawValue: 512)
    static let hashBrace = Traits(rawValue: 1024)
    static let brace = Traits(rawValue: 2048)
    static let dollarName = Traits(rawValue: 4096)
    /// `$(…)` and backticks inside.
    static let shell = Traits(rawValue: 8192)
    /// A string that is a statement of its own is documentation.
    static let docstring = Traits(rawValue: 16384)
    /// Not when a value stands before it (`a ? b`, `x :y`).
    static let notAfterValue = Traits(rawValue: 32768)
    /// Nix: `''${` and `'''` are escapes.
    static let quoteEscape = Traits(rawValue: 65536)
    /// Dots belong to the name that follows.
    static let dotted = Traits(rawValue: 131072)
    /// Not when an operator stands directly behind it (Haskell's `-->`).
    static let notOperator = Traits(rawValue: 262144)

    /// Not directly behind a value; with a blank between it is fine (Ruby's `get :name`).
    static let afterBlank = Traits(rawValue: 524_288)

    static let interpolating: Traits = [.backslashParenthesis, .dollarBrace, .hashBrace, .brace, .dollarName, .shell]
  }

  var open: Literal
  var close: Literal = ""
  var kind: Kind
  var form: Form
  var traits: Traits = []

  static func line(_ open: Literal, _ kind: Kind = .lineComment, _ traits: Traits = []) -> Rule {
    Rule(open: open, kind: kind, form: .lineComment, traits: traits)
  }

  static func block(_ open: Literal, _ close: Literal, _ kind: Kind = .blockComment, _ traits: Traits = []) -> Rule {
    Rule(open: open, close: close, kind: kind, form: .blockComment, traits: traits)
  }

  /// A string in equal quotes unless `close` says otherwise.
  static func string(_ open: Literal, _ close: Literal? = nil, _ kind: Kind = .double, _ traits: Traits = .backslash)
    -> Rule
  {
    Rule(open: open, close: close ?? open, kind: kind, form: .string, traits: traits)
  }

  static func name(after open: Literal, _ kind: Kind, _ traits: Traits = []) -> Rule {
    Rule(open: open, kind: kind, form: .prefixedName, traits: traits)
  }

  static func form(_ form: Form, _ open: Literal, _ kind: Kind, close: Literal = "", _ traits: Traits = []) -> Rule {
    Rule(open: open, close: close, kind: kind, form: form, traits: traits)
  }
}
