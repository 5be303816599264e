import Files
import Templates

/// A tag of a shortcode, and what stands in it.
struct ShortcodeTag {
  enum Kind { case open, close, escaped }

  var kind: Kind
  var shortcode: Shortcode
  /// `{{< name />}}`: has no closing tag.
  var isClosed = false
}

/// Reads the tags in a piece of text, one at a time, and says what is wrong with them.
struct ShortcodeTagReader {
  private let source: SourceText
  private let range: Range<Int>
  var bytes: [UInt8] { source.bytes }
  private(set) var diagnostics: [Diagnostic] = []
  /// What is wrong with a tag in code is no mistake.
  var reports = true
  /// Delimiters of escaped tags that have no end in what is left of the text: it is not looked for again.
  private var unended: Set<UInt8> = []
  /// Why arguments that begin at a place lead to no end of their tag, by place and delimiter: a tag that comes there is none either. So
  /// tags in the quotes of others cost no more than those beside each other.
  private var failures: [Place: Failure] = [:]

  private struct Place: Hashable {
    var index: Int
    var delimiter: UInt8
  }

  private enum Failure {
    case noEnd
    case noArgument(at: Int)
  }

  init(_ source: SourceText, _ range: Range<Int>) {
    self.source = source
    self.range = range
  }

  /// The tag at `start`, where `isTag`; nil where what stands there is none after all.
  mutating func tag(at start: Int) -> ShortcodeTag? {
    let delimiter = bytes[start + 2]
    let closing: [UInt8] = [
      delimiter == UInt8(ascii: "<") ? UInt8(ascii: ">") : delimiter, UInt8(ascii: "}"), UInt8(ascii: "}"),
    ]
    var index = start + 3
    skipSpace(&index)
    let isEscaped =
      index + 1 < range.upperBound && bytes[index] == UInt8(ascii: "/") && bytes[index + 1] == UInt8(ascii: "*")
    if isEscaped {
      guard !unended.contains(delimiter) else { return nil }
      guard let end = find(Array("*/".utf8) + closing, in: bytes, from: index + 2, before: range.upperBound) else {
        unended.insert(delimiter)
        return nil
      }
      let tag = Shortcode(isMarkdown: false, name: "", range: start..<end + 5)
      return ShortcodeTag(kind: .escaped, shortcode: tag)
    }
    let isClosing = index < range.upperBound && bytes[index] == UInt8(ascii: "/")
    if isClosing {
      index += 1
      skipSpace(&index)
    }
    var shortcode = Shortcode(isMarkdown: delimiter == UInt8(ascii: "%"), name: word(&index), range: start..<start)
    guard !shortcode.name.isEmpty else { return nil }
    var passed: [Place] = []
    while true {
      skipSpace(&index)
      let place = Place(index: index, delimiter: delimiter)
      if let failure = failures[place] { return fail(failure, passed, shortcode, start, delimiter) }
      passed.append(place)
      // Where another tag begins, this one has ended without its end: a text of nothing but beginnings is read once.
      guard index < range.upperBound, !isTag(at: index) else {
        return fail(.noEnd, passed, shortcode, start, delimiter)
      }
      var isSelfClosed = false
      var end = index
      if bytes[end] == UInt8(ascii: "/") {
        isSelfClosed = true
        end += 1
      }
      if bytes[end...].starts(with: closing), end + 3 <= range.upperBound {
        shortcode.range = start..<end + 3
        return ShortcodeTag(kind: isClosing ? .close : .open, shortcode: shortcode, isClosed: isSelfClosed)
      }
      guard argument(&index, into: &shortcode) else {
        return fail(.noArgument(at: index), passed, shortcode, start, delimiter)
      }
    }
  }

  private mutating func fail(
    _ failure: Failure, _ passed: [Place], _ shortcode: Shortcode, _ start: Int, _ delimiter: UInt8
  ) -> ShortcodeTag? {
    for place in passed { failures[place] = failure }
    switch failure {
    case .noEnd:
      report(
        "shortcode-syntax", "{{\(Character(Unicode.Scalar(delimiter))) \(shortcode.name) has no end", at: start, 3)
    case .noArgument(let index):
      report(
        "shortcode-syntax", "arguments are words, \"texts\" and name=value", at: index, 1,
        hint: "{{< figure src=\"a.png\" >}}")
    }
    return nil
  }

  /// Whether `{{<` or `{{%` stands there.
  func isTag(at index: Int) -> Bool {
    index + 2 < range.upperBound && bytes[index] == UInt8(ascii: "{") && bytes[index + 1] == UInt8(ascii: "{")
      && (bytes[index + 2] == UInt8(ascii: "<") || bytes[index + 2] == UInt8(ascii: "%"))
  }

  private func skipSpace(_ index: inout Int) {
    while index < range.upperBound,
      bytes[index] == 0x20 || bytes[index] == 0x09 || bytes[index] == 0x0A || bytes[index] == 0x0D
    {
      index += 1
    }
  }

  private func isWordByte(_ byte: UInt8) -> Bool {
    Self.isNameByte(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/")
  }

  private func word(_ index: inout Int) -> String {
    let start = index
    while index < range.upperBound, isWordByte(bytes[index]),
      !(bytes[index] == UInt8(ascii: "/") && isEnd(after: index))
    { index += 1 }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  /// The slash of `/>}}` ends a word.
  private func isEnd(after index: Int) -> Bool {
    index + 1 < range.upperBound && (bytes[index + 1] == UInt8(ascii: ">") || bytes[index + 1] == UInt8(ascii: "%"))
  }

  private func argument(_ index: inout Int, into shortcode: inout Shortcode) -> Bool {
    let start = index
    guard let first = value(&index) else { return false }
    guard case .string(let name) = first, index < range.upperBound, bytes[index] == UInt8(ascii: "=") else {
      shortcode.positional.append(first)
      return true
    }
    // In a URL is an equals sign too.
    if !Self.isQuote(bytes[start]), !name.utf8.allSatisfy(Self.isNameByte) {
      index = start
      guard let word = value(&index, endsAtEquals: false) else { return false }
      shortcode.positional.append(word)
      return true
    }
    index += 1
    guard let value = value(&index) else { return false }
    shortcode.named.append((name, value))
    return true
  }

  /// `"text"`, `` `text` ``, a number, `true`, `false`, or a word. Words hold what a URL holds.
  private func value(_ index: inout Int, endsAtEquals: Bool = true) -> Value? {
    guard index < range.upperBound else { return nil }
    let quote = bytes[index]
    if Self.isQuote(quote) {
      var text: [UInt8] = []
      var end = index + 1
      while end < range.upperBound, bytes[end] != quote {
        if bytes[end] == UInt8(ascii: "\\"), quote == UInt8(ascii: "\""), end + 1 < range.upperBound { end += 1 }
        text.append(bytes[end])
        end += 1
      }
      guard end < range.upperBound else { return nil }
      index = end + 1
      return .string(String(decoding: text, as: UTF8.self))
    }
    let start = index
    let stops: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: "\""), UInt8(ascii: ">")]
    while index < range.upperBound, !stops.contains(bytes[index]), !isTag(at: index) {
      if endsAtEquals, bytes[index] == UInt8(ascii: "=") { break }
      if bytes[index] == UInt8(ascii: "/"), isEnd(after: index) { break }
      if bytes[index] == UInt8(ascii: "%"), bytes[index...].starts(with: Array("%}}".utf8)) { break }
      index += 1
    }
    guard index > start else { return nil }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    if text == "true" || text == "false" { return .bool(text == "true") }
    return Int(text).map { .int($0) } ?? .string(text)
  }

  private static func isQuote(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "`") || byte == UInt8(ascii: "'")
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte >= 0x80
  }

  mutating func report(_ id: String, _ message: String, at offset: Int, _ length: Int, hint: String? = nil) {
    guard reports else { return }
    diagnostics.append(source.diagnostic(id: id, message, at: offset, length: length, hint: hint))
  }
}
