import Files
import Glibc
import Markdown
import Templates

/// One shortcode of a text, as `{{< figure src="a.png" >}}` or `{{% note %}}…{{% /note %}}`.
struct Shortcode {
  /// `{{% … %}}`: what it gives is Markdown, not HTML.
  var isMarkdown: Bool
  var name: String
  /// Arguments without a name, in order.
  var positional: [Value] = []
  var named: [(name: String, value: Value)] = []
  /// Of the opening tag, or of the whole shortcode where it has a closing one.
  var range: Range<Int>
  /// The text between the tags; nil where there is no closing tag.
  var inner: Range<Int>?
}

/// The shortcodes at the top level of a piece of text, and the escaped ones in it.
///
/// Nothing is looked for in code. `{{</* name */>}}` stands for the text `{{< name >}}`, in code too.
/// Source of the forms: Hugo's documentation, "Shortcodes".
struct ShortcodeReader {
  private enum Tag { case open, close, escaped }

  private struct Found {
    var tag: Tag
    var shortcode: Shortcode
    /// `{{< name />}}`: has no closing tag.
    var isClosed = false
  }

  private let source: SourceText
  private let range: Range<Int>
  private var code: CodeCursor
  private var bytes: [UInt8] { source.bytes }
  private(set) var shortcodes: [Shortcode] = []
  /// Tags whose `/*` and `*/` are to be taken out.
  private(set) var escaped: [Range<Int>] = []
  private(set) var diagnostics: [Diagnostic] = []
  /// What is wrong with a tag in code is no mistake.
  private var reports = true
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

  /// - Parameters:
  ///   - range: of `source`; tags outside are not looked at.
  ///   - code: where code stands in the text that `range` is a part of.
  ///   - isInner: whether it stands between the tags of a shortcode, where what is indented need not be code.
  init(_ source: SourceText, _ range: Range<Int>, code: [CodeRange], isInner: Bool = false) {
    self.source = source
    self.range = range
    self.code = CodeCursor(code, from: range.lowerBound, isInner: isInner)
    scan()
  }

  /// Whether a text can hold a shortcode at all: one fast look.
  static func mayContain(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.withUnsafeBufferPointer { text in
      var rest = text[...]
      while let base = text.baseAddress, !rest.isEmpty,
        let found = memchr(base + rest.startIndex, Int32(UInt8(ascii: "{")), rest.count)
      {
        rest = text[(UnsafeRawPointer(found) - UnsafeRawPointer(base))...].dropFirst()
        guard rest.first == UInt8(ascii: "{") else { continue }
        let delimiter = rest.dropFirst().first
        if delimiter == UInt8(ascii: "<") || delimiter == UInt8(ascii: "%") { return true }
      }
      return false
    }
  }

  // MARK: Tags

  private mutating func scan() {
    var pairs = Pairs()
    var index = range.lowerBound
    while index + 2 < range.upperBound {
      guard isTag(at: index) else {
        index += 1
        continue
      }
      let code = code.range(at: index)
      reports = code == nil
      guard let tag = tag(at: index, bytes[index + 2]), mayStand(tag, in: code, &pairs) else {
        index += 3
        continue
      }
      index = tag.shortcode.range.upperBound
      if tag.tag != .escaped { self.code.pass(index) }
      if tag.tag == .close, !pairs.isOpen(tag.shortcode.name) {
        report(
          "shortcode-syntax", "\(tag.shortcode.name) is closed here, it was not opened",
          at: tag.shortcode.range.lowerBound, tag.shortcode.range.count)
      } else {
        pairs.add(tag)
      }
    }
    collect(pairs)
  }

  /// Whether a tag counts. In code, escaped ones do, and what closes a shortcode that began before the code: backticks and indentation between
  /// its tags need not be Markdown's.
  private func mayStand(_ tag: Found, in code: CodeRange?, _ pairs: inout Pairs) -> Bool {
    guard let code, tag.tag != .escaped else { return true }
    guard code.kind != .fenced, tag.shortcode.range.upperBound <= code.range.upperBound else { return false }
    let name = tag.shortcode.name
    switch tag.tag {
    case .open:
      if !tag.isClosed { pairs.noteOpen(name, in: code) }
      return false
    case .close:
      return !pairs.closes(name, in: code) && pairs.isOpen(name) && beginsLine(tag.shortcode.range.lowerBound)
    case .escaped: return true
    }
  }

  private func beginsLine(_ index: Int) -> Bool {
    bytes[range.lowerBound..<index].last { $0 != 0x20 && $0 != 0x09 && $0 != UInt8(ascii: ">") } == 0x0A
  }

  /// The tag at `start`; nil where what stands there is none.
  private mutating func tag(at start: Int, _ delimiter: UInt8) -> Found? {
    let closing: [UInt8] = [
      delimiter == UInt8(ascii: "<") ? UInt8(ascii: ">") : delimiter, UInt8(ascii: "}"), UInt8(ascii: "}"),
    ]
    var index = start + 3
    skipSpace(&index)
    let isEscaped =
      index + 1 < range.upperBound && bytes[index] == UInt8(ascii: "/") && bytes[index + 1] == UInt8(ascii: "*")
    if isEscaped {
      guard !unended.contains(delimiter) else { return nil }
      guard let end = find(Array("*/".utf8) + closing, in: bytes, from: index + 2), end + 5 <= range.upperBound else {
        unended.insert(delimiter)
        return nil
      }
      let tag = Shortcode(isMarkdown: false, name: "", range: start..<end + 5)
      return Found(tag: .escaped, shortcode: tag)
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
        return Found(tag: isClosing ? .close : .open, shortcode: shortcode, isClosed: isSelfClosed)
      }
      guard argument(&index, into: &shortcode) else {
        return fail(.noArgument(at: index), passed, shortcode, start, delimiter)
      }
    }
  }

  private mutating func fail(
    _ failure: Failure, _ passed: [Place], _ shortcode: Shortcode, _ start: Int, _ delimiter: UInt8
  ) -> Found? {
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
  private func isTag(at index: Int) -> Bool {
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
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"), 0x80...0xFF:
      true
    default: false
    }
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

  private mutating func report(_ id: String, _ message: String, at offset: Int, _ length: Int, hint: String? = nil) {
    guard reports else { return }
    diagnostics.append(source.diagnostic(id: id, message, at: offset, length: length, hint: hint))
  }

  // MARK: Pairs

  private mutating func collect(_ pairs: Pairs) {
    var end = range.lowerBound
    for (number, tag) in pairs.tags.enumerated() where tag.shortcode.range.lowerBound >= end {
      switch tag.tag {
      case .escaped: escaped.append(tag.shortcode.range)
      case .close: continue
      case .open:
        var shortcode = tag.shortcode
        if let closing = pairs.partners[number].map({ pairs.tags[$0].shortcode.range }) {
          shortcode.inner = shortcode.range.upperBound..<closing.lowerBound
          shortcode.range = shortcode.range.lowerBound..<closing.upperBound
        }
        shortcodes.append(shortcode)
        end = shortcode.range.upperBound
      }
    }
  }

  /// A closing tag belongs to the nearest open one of its name; what stands open between them has no closing tag.
  private struct Pairs {
    private(set) var tags: [Found] = []
    /// Of opening tags the number of the closing one.
    private(set) var partners: [Int: Int] = [:]
    private var open: [Int] = []
    /// Those of them that have a name, so that none is looked for in vain.
    private var openByName: [String: Int] = [:]
    /// Those that were opened in the code that is being read.
    private var openInCode: (code: CodeRange, byName: [String: Int])?

    func isOpen(_ name: String) -> Bool { openByName[name, default: 0] > 0 }

    mutating func add(_ tag: Found) {
      tags.append(tag)
      let name = tag.shortcode.name
      switch tag.tag {
      case .open where !tag.isClosed:
        open.append(tags.count - 1)
        openByName[name, default: 0] += 1
      case .close:
        while let opening = open.popLast() {
          let other = tags[opening].shortcode.name
          openByName[other, default: 0] -= 1
          guard name == other else { continue }
          partners[opening] = tags.count - 1
          break
        }
      case .open, .escaped: break
      }
    }

    mutating func noteOpen(_ name: String, in code: CodeRange) {
      if openInCode?.code != code { openInCode = (code, [:]) }
      openInCode?.byName[name, default: 0] += 1
    }

    /// Whether the tag closes one that was opened in the same code.
    mutating func closes(_ name: String, in code: CodeRange) -> Bool {
      guard openInCode?.code == code, let count = openInCode?.byName[name], count > 0 else { return false }
      openInCode?.byName[name] = count - 1
      return true
    }
  }
}

/// The code of a text, asked for in ascending order.
private struct CodeCursor {
  private let code: [CodeRange]
  private let isInner: Bool
  private var next: Int
  /// Code that begins before is none: it would begin in a tag, or between the tags of another shortcode.
  private var floor: Int

  init(_ code: [CodeRange], from start: Int, isInner: Bool) {
    self.code = code
    self.isInner = isInner
    next = code.partitioningIndex { $0.range.upperBound > start }
    floor = start
  }

  /// A tag ends at `index`.
  mutating func pass(_ index: Int) { floor = index }

  mutating func range(at index: Int) -> CodeRange? {
    while next < code.count, code[next].range.upperBound <= index { next += 1 }
    guard next < code.count, code[next].range.contains(index), code[next].range.lowerBound >= floor else { return nil }
    return isInner && code[next].kind == .indented ? nil : code[next]
  }
}
