/// Reads source text once, from left to right, and lists its tokens in order.
///
/// One scanner serves all languages: `scanCode` for those that are described as data, one function each for the other formats.
/// A format that holds another (HTML a script, Markdown a code block) scans that part with the same scanner.
struct Scanner {
  let text: UnsafePointer<UInt8>
  /// The next byte to look at.
  var position: Int
  /// Where the text (or the part that is scanned as another language) ends.
  var end: Int
  /// Where it starts: nothing before is looked at.
  var start: Int
  var tokens: [Token] = []

  // State of `scanCode`.
  /// Whether a value stands before `position`, so that `/` divides and `?` asks.
  var afterValue = false
  /// The kind of the next name.
  var expected = Kind.plain
  /// The code inside of strings that are not finished yet, innermost last.
  var frames: [Frame] = []
  /// Before this place a search for the end of something was in vain already: keeps look-ahead linear.
  var futileUntil = 0
  /// Here documents whose bodies begin on the next line.
  var pendingHeredocs: [Heredoc] = []

  /// How many formats this one is inside of.
  var depth = 0
  /// The tags of a template language that may stand anywhere in HTML.
  var templates = Templates.none

  enum Templates { case none, jinja, php }

  static let deepestEmbedding = 6
  static let deepestInterpolation = 100

  init(_ text: UnsafeBufferPointer<UInt8>) {
    self.text = text.baseAddress ?? UnsafePointer(Self.nothing)
    position = 0
    start = 0
    end = text.count
    tokens.reserveCapacity(text.count / 8 + 8)
  }

  /// What an empty text points to.
  private static nonisolated(unsafe) let nothing = immortal([0 as UInt8])

  /// The byte at `index`, 0 past the end.
  @inline(__always) func byte(_ index: Int) -> UInt8 { index < end ? text[index] : 0 }

  @inline(__always) var next: UInt8 { position < end ? text[position] : 0 }

  @inline(__always)
  func matches(_ literal: Literal, at index: Int) -> Bool {
    if index &+ literal.count > end { return false }
    var offset = 0
    while offset < literal.count {
      if text[index &+ offset] != literal[offset] { return false }
      offset &+= 1
    }
    return true
  }

  /// As `matches`, for letters in either case; `literal` in lower case.
  func matchesFolded(_ literal: StaticString, at index: Int) -> Bool {
    if index + literal.utf8CodeUnitCount > end { return false }
    for offset in 0..<literal.utf8CodeUnitCount where text[index + offset] | 0x20 != literal.utf8Start[offset] | 0x20 {
      return false
    }
    return true
  }

  @inline(__always)
  mutating func emit(_ kind: Kind, _ from: Int, _ to: Int) {
    if from >= to || kind == .plain { return }
    if let last = tokens.indices.last, tokens[last].kind == kind, tokens[last].end == from {
      tokens[last].end = to
    } else {
      tokens.append(Token(kind: kind, start: from, end: to))
    }
  }

  /// The index of the next line end at or after `index`, or `end`.
  func lineEnd(from index: Int) -> Int {
    var index = index
    while index < end, text[index] != .lineFeed { index &+= 1 }
    return index
  }

  /// The first place at or after `index` where `literal` stands, or `limit`.
  func find(_ literal: Literal, from index: Int, before limit: Int) -> Int {
    var index = index
    while index < limit {
      if text[index] == literal.first, matches(literal, at: index) { return index }
      index &+= 1
    }
    return limit
  }

  func skipBlanks(from index: Int) -> Int {
    var index = index
    while index < end, text[index] == .space || text[index] == .tab || text[index] == .carriageReturn { index &+= 1 }
    return index
  }

  func skipSpace(from index: Int) -> Int {
    var index = index
    while index < end, text[index].isSpace { index &+= 1 }
    return index
  }

  /// Whether only blanks stand between the start of the line and `index`.
  func isAtLineStart(_ index: Int) -> Bool {
    var index = index
    while index > start, text[index - 1] == .space || text[index - 1] == .tab { index &-= 1 }
    return index == start || text[index - 1] == .lineFeed
  }

  /// Scans a part as another language, with a state of its own; afterwards `position` is the part's end.
  mutating func embed(_ language: Language, from: Int, to: Int) {
    embed(from: from, to: to) { $0.scan(language) }
  }

  mutating func embed(from: Int, to: Int, _ body: (inout Scanner) -> Void) {
    defer { position = to }
    guard from < to, depth < Self.deepestEmbedding else { return }
    let outer = (start, end, afterValue, expected, futileUntil, templates)
    let outerFrames = frames
    let outerHeredocs = pendingHeredocs
    (start, end, position, afterValue, expected, futileUntil) = (from, to, from, false, .plain, 0)
    frames = []
    pendingHeredocs = []
    depth += 1
    body(&self)
    depth -= 1
    (start, end, afterValue, expected, futileUntil, templates) = outer
    frames = outerFrames
    pendingHeredocs = outerHeredocs
  }
}

extension UInt8 {
  static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D
  static let space: UInt8 = 0x20
  static let tab: UInt8 = 0x09
  static let backslash: UInt8 = 0x5C
  static let quote: UInt8 = 0x22
  static let apostrophe: UInt8 = 0x27
  static let hash: UInt8 = 0x23
  static let dollar: UInt8 = 0x24

  @inline(__always) var isDigit: Bool { self &- 0x30 < 10 }
  @inline(__always) var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }
  @inline(__always) var isUppercase: Bool { self &- 0x41 < 26 }
  @inline(__always) var isHexDigit: Bool { isDigit || (self | 0x20) &- 0x61 < 6 }
  @inline(__always) var isName: Bool { isLetter || isDigit || self == 0x5F || self >= 0x80 }
  @inline(__always) var isSpace: Bool { self == 0x20 || self &- 0x09 < 5 }
}

/// Comparison of a byte with an ASCII character: `byte == "x"`.
@inline(__always) func == (left: UInt8, right: Unicode.Scalar) -> Bool { UInt32(left) == right.value }
@inline(__always) func != (left: UInt8, right: Unicode.Scalar) -> Bool { UInt32(left) != right.value }
