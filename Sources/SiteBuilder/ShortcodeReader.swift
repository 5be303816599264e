import Files
import Glibc
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
/// Nothing is looked for in fenced code and code spans. `{{</* name */>}}` stands for the text `{{< name >}}`, in code too.
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
  private var bytes: [UInt8] { source.bytes }
  private(set) var shortcodes: [Shortcode] = []
  /// Tags whose `/*` and `*/` are to be taken out.
  private(set) var escaped: [Range<Int>] = []
  private(set) var diagnostics: [Diagnostic] = []
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

  /// - Parameter range: of `source`; tags outside are not looked at.
  init(_ source: SourceText, _ range: Range<Int>) {
    self.source = source
    self.range = range
    pair(scan())
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

  private mutating func scan() -> [Found] {
    var found: [Found] = []
    var code = CodeSpans(bytes: bytes, range: range)
    var index = range.lowerBound
    while index + 2 < range.upperBound {
      guard bytes[index] == UInt8(ascii: "{"), bytes[index + 1] == UInt8(ascii: "{") else {
        index += 1
        continue
      }
      let delimiter = bytes[index + 2]
      guard delimiter == UInt8(ascii: "<") || delimiter == UInt8(ascii: "%") else {
        index += 1
        continue
      }
      guard let tag = tag(at: index, delimiter), tag.tag == .escaped || !code.contains(index) else {
        index += 3
        continue
      }
      found.append(tag)
      index = tag.shortcode.range.upperBound
    }
    return found
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
      guard let end = find(Array("*/".utf8) + closing, in: bytes, from: index + 2), end < range.upperBound else {
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
    guard let first = value(&index) else { return false }
    guard case .string(let name) = first, index < range.upperBound, bytes[index] == UInt8(ascii: "=") else {
      shortcode.positional.append(first)
      return true
    }
    index += 1
    guard let value = value(&index) else { return false }
    shortcode.named.append((name, value))
    return true
  }

  /// `"text"`, `` `text` ``, a number, `true`, `false`, or a word. Words hold what a URL holds.
  private func value(_ index: inout Int) -> Value? {
    guard index < range.upperBound else { return nil }
    let quote = bytes[index]
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "`") || quote == UInt8(ascii: "'") {
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
    let stops: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: "="), UInt8(ascii: "\""), UInt8(ascii: ">")]
    while index < range.upperBound, !stops.contains(bytes[index]), !isTag(at: index) {
      if bytes[index] == UInt8(ascii: "/"), isEnd(after: index) { break }
      if bytes[index] == UInt8(ascii: "%"), bytes[index...].starts(with: Array("%}}".utf8)) { break }
      index += 1
    }
    guard index > start else { return nil }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    if text == "true" || text == "false" { return .bool(text == "true") }
    return Int(text).map { .int($0) } ?? .string(text)
  }

  private mutating func report(_ id: String, _ message: String, at offset: Int, _ length: Int, hint: String? = nil) {
    diagnostics.append(source.diagnostic(id: id, message, at: offset, length: length, hint: hint))
  }

  // MARK: Pairs

  /// A closing tag belongs to the nearest open one of its name; what stands open between them has no closing tag.
  private mutating func pair(_ found: [Found]) {
    var partner: [Int: Int] = [:]
    var open: [Int] = []
    // Those of them that have a name, so that none is looked for in vain.
    var openByName: [String: Int] = [:]
    for (number, tag) in found.enumerated() {
      switch tag.tag {
      case .escaped: continue
      case .open where tag.isClosed: continue
      case .open:
        open.append(number)
        openByName[tag.shortcode.name, default: 0] += 1
      case .close:
        guard openByName[tag.shortcode.name, default: 0] > 0 else {
          report(
            "shortcode-syntax", "\(tag.shortcode.name) is closed here, it was not opened",
            at: tag.shortcode.range.lowerBound,
            tag.shortcode.range.count)
          continue
        }
        while let opening = open.popLast() {
          let name = found[opening].shortcode.name
          openByName[name, default: 0] -= 1
          guard name == tag.shortcode.name else { continue }
          partner[opening] = number
          break
        }
      }
    }
    var end = range.lowerBound
    for (number, tag) in found.enumerated() where tag.shortcode.range.lowerBound >= end {
      switch tag.tag {
      case .escaped: escaped.append(tag.shortcode.range)
      case .close: continue
      case .open:
        var shortcode = tag.shortcode
        if let closing = partner[number].map({ found[$0].shortcode.range }) {
          shortcode.inner = shortcode.range.upperBound..<closing.lowerBound
          shortcode.range = shortcode.range.lowerBound..<closing.upperBound
        }
        shortcodes.append(shortcode)
        end = shortcode.range.upperBound
      }
    }
  }
}

/// Where code stands in a Markdown text: fenced blocks and code spans, found line by line. Asked in ascending order.
private struct CodeSpans {
  private var ranges: [Range<Int>] = []
  private var next = 0

  init(bytes: [UInt8], range: Range<Int>) {
    var fence: (byte: UInt8, length: Int, start: Int)?
    var line = range.lowerBound
    while line < range.upperBound {
      let end = bytes[line..<range.upperBound].firstIndex(of: 0x0A) ?? range.upperBound
      let first = bytes[line..<end].firstIndex { $0 != 0x20 && $0 != UInt8(ascii: ">") } ?? end
      let mark = first < end ? bytes[first] : 0
      let length = bytes[first..<end].prefix { $0 == mark }.count
      let isFence = (mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~")) && length >= 3
      if let open = fence {
        if isFence, mark == open.byte, length >= open.length { fence = nil }
        ranges.append(line..<end)
      } else if isFence, !bytes[first + length..<end].contains(mark) {
        fence = (mark, length, line)
        ranges.append(line..<end)
      } else {
        addSpans(bytes, first..<end)
      }
      line = end + 1
    }
  }

  private mutating func addSpans(_ bytes: [UInt8], _ line: Range<Int>) {
    var runs: [(start: Int, length: Int)] = []
    var index = line.lowerBound
    while index < line.upperBound {
      guard bytes[index] == UInt8(ascii: "`") else {
        index += 1
        continue
      }
      let length = bytes[index..<line.upperBound].prefix { $0 == UInt8(ascii: "`") }.count
      runs.append((index, length))
      index += length
    }
    // The next run of the same length.
    var partners = [Int?](repeating: nil, count: runs.count)
    var last: [Int: Int] = [:]
    for number in runs.indices.reversed() { partners[number] = last.updateValue(number, forKey: runs[number].length) }
    var open = 0
    while open < runs.count {
      guard let close = partners[open] else {
        open += 1
        continue
      }
      ranges.append(runs[open].start..<runs[close].start + runs[close].length)
      open = close + 1
    }
  }

  mutating func contains(_ offset: Int) -> Bool {
    while next < ranges.count, ranges[next].upperBound <= offset { next += 1 }
    return next < ranges.count && ranges[next].contains(offset)
  }
}
