/// What the info string of a fenced code block asks for.
///
/// Understood are the forms of
/// - this program: `swift {3,5-7} linenos=true start=10 title="Sources/x.swift"`,
/// - Hugo: `go {linenos=table,hl_lines=[1,"3-5"],linenostart=199}` (https://gohugo.io/content-management/syntax-highlighting/),
/// - Zola: `rust,linenos,hl_lines=3 8-9,hide_lines=1,name=mod.rs` (https://www.getzola.org/documentation/content/syntax-highlighting/),
/// - Pandoc: `{.python .numberLines startFrom="5"}`, and Docusaurus' `showLineNumbers`.
public struct CodeBlockOptions: Sendable, Hashable {
  public enum LineNumbers: String, Sendable, Hashable {
    case none, inline
    /// Asked for as a table; written as `inline` is, since the numbers can't be selected there either.
    case table
  }

  /// The first word as it was written; empty where there is none.
  public var language: String
  /// Also `name=`, `file=`, `filename=`, `caption=`.
  public var title: String?
  public var lineNumbers: LineNumbers
  /// The number of the first line.
  public var firstLine: Int
  /// Lines of the block, 1-based whatever `firstLine` is; sorted by nothing, may overlap.
  public var highlightedLines: [ClosedRange<Int>]
  /// Lines that are left out, 1-based.
  public var hiddenLines: [ClosedRange<Int>]
  /// What means nothing here, as it was written, for diagnostics.
  public var unknown: [String] = []

  public init(
    language: String = "", title: String? = nil, lineNumbers: LineNumbers = .none, firstLine: Int = 1,
    highlightedLines: [ClosedRange<Int>] = [], hiddenLines: [ClosedRange<Int>] = []
  ) {
    self.language = language
    self.title = title
    self.lineNumbers = lineNumbers
    self.firstLine = firstLine
    self.highlightedLines = highlightedLines
    self.hiddenLines = hiddenLines
  }

  public init(info: String) { self.init(info: info.utf8) }

  /// - Parameter info: the info string, its entities and backslash escapes resolved as CommonMark does.
  public init(info: some Sequence<UInt8>) {
    self.init()
    var parser = InfoParser(bytes: Array(info))
    language = parser.language()
    var listed = InfoParser.List.none
    while let item = parser.next() { apply(item, &listed) }
  }

  private mutating func apply(_ item: InfoParser.Item, _ listed: inout InfoParser.List) {
    guard let value = item.value else { return applyWord(item, &listed) }
    listed = .none
    switch item.name.lowercased() {
    case "title", "name", "file", "filename", "caption": title = value.isEmpty ? nil : value
    case "linenos", "linenumbers", "numberlines", "showlinenumbers":
      switch value.lowercased() {
      case "true", "inline", "1", "yes", "on": lineNumbers = .inline
      case "table": lineNumbers = .table
      case "false", "none", "0", "no", "off": lineNumbers = .none
      default: unknown.append(item.text)
      }
    case "start", "linenostart", "startfrom", "linenumberstart":
      if let number = Int(value), abs(number) <= InfoParser.largestLine {
        firstLine = number
      } else {
        unknown.append(item.text)
      }
    case "hl_lines", "highlight", "mark", "hl":
      listed = .highlighted
      add(value, to: \.highlightedLines, item)
    case "hide_lines":
      listed = .hidden
      add(value, to: \.hiddenLines, item)
    case "lang", "language": if language.isEmpty { language = value }
    default: unknown.append(item.text)
    }
  }

  private mutating func applyWord(_ item: InfoParser.Item, _ listed: inout InfoParser.List) {
    // `hl_lines=3 8-9` goes on; in braces bare numbers are highlighted lines.
    if let range = InfoParser.range(item.name) {
      switch listed {
      case .highlighted: highlightedLines.append(range)
      case .hidden: hiddenLines.append(range)
      case .none where item.inBraces: highlightedLines.append(range)
      case .none: unknown.append(item.text)
      }
      return
    }
    listed = .none
    switch item.name.lowercased() {
    case "linenos", "linenumbers", "showlinenumbers", "numberlines", ".numberlines", ".linenos": lineNumbers = .inline
    // Zola's button is a matter of the theme.
    case "copy": break
    default:
      if item.inBraces, language.isEmpty, item.name.hasPrefix("."), item.name.utf8.count > 1 {
        language = String(item.name.dropFirst())
      } else {
        unknown.append(item.text)
      }
    }
  }

  private mutating func add(
    _ list: String, to lines: WritableKeyPath<CodeBlockOptions, [ClosedRange<Int>]>, _ item: InfoParser.Item
  ) {
    for word in list.utf8.split(whereSeparator: { " ,[]\"'\t".utf8.contains($0) }) {
      if let range = InfoParser.range(String(Substring(word))) {
        self[keyPath: lines].append(range)
      } else {
        unknown.append(item.text)
      }
    }
  }
}

/// Splits an info string into words and `name=value` pairs.
struct InfoParser {
  struct Item {
    var name: String
    var value: String?
    var inBraces: Bool
    var text: String { value.map { "\(name)=\($0)" } ?? name }
  }

  enum List { case none, highlighted, hidden }

  static let largestLine = 10_000_000

  let bytes: [UInt8]
  var position = 0
  var inBraces = false

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func language() -> String {
    while position < bytes.count, bytes[position].isSpace { position += 1 }
    let from = position
    while position < bytes.count, !bytes[position].isSpace, bytes[position] != ",", bytes[position] != "{" {
      position += 1
    }
    // `{.python}` names it inside; `title=x` alone names none.
    if bytes[from..<position].contains(UInt8(ascii: "=")) {
      position = from
      return ""
    }
    return String(decoding: bytes[from..<position], as: UTF8.self)
  }

  mutating func next() -> Item? {
    while position < bytes.count {
      let byte = bytes[position]
      if byte == "{" {
        inBraces = true
      } else if byte == "}" {
        inBraces = false
      } else if !byte.isSpace, byte != "," {
        break
      }
      position += 1
    }
    guard position < bytes.count else { return nil }
    let from = position
    if bytes[position] == .quote || bytes[position] == .apostrophe {
      return Item(name: value(), inBraces: inBraces)
    }
    while position < bytes.count, !isSeparator(bytes[position]), bytes[position] != "=" { position += 1 }
    let name = String(decoding: bytes[from..<position], as: UTF8.self)
    guard position < bytes.count, bytes[position] == "=" else { return Item(name: name, inBraces: inBraces) }
    position += 1
    return Item(name: name, value: value(), inBraces: inBraces)
  }

  private func isSeparator(_ byte: UInt8) -> Bool { byte.isSpace || byte == "," || byte == "{" || byte == "}" }

  /// In quotes, in brackets, or up to a separator.
  private mutating func value() -> String {
    guard position < bytes.count else { return "" }
    let first = bytes[position]
    if first == .quote || first == .apostrophe || first == "[" {
      let close = first == "[" ? UInt8(ascii: "]") : first
      position += 1
      var value: [UInt8] = []
      while position < bytes.count, bytes[position] != close {
        if bytes[position] == .backslash, position + 1 < bytes.count, bytes[position + 1] == close { position += 1 }
        value.append(bytes[position])
        position += 1
      }
      position = min(position + 1, bytes.count)
      return String(decoding: value, as: UTF8.self)
    }
    let from = position
    while position < bytes.count, !isSeparator(bytes[position]) { position += 1 }
    return String(decoding: bytes[from..<position], as: UTF8.self)
  }

  /// `3` or `5-7`; nil for anything else, for 0, and for a range that runs backwards.
  static func range(_ word: String) -> ClosedRange<Int>? {
    let parts = word.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let first = line(parts[0]), let last = line(parts[parts.count - 1]),
      first <= last
    else {
      return nil
    }
    return first...last
  }

  private static func line(_ digits: Substring.UTF8View) -> Int? {
    guard !digits.isEmpty, digits.count <= 8, digits.allSatisfy(\.isDigit), let number = Int(Substring(digits)),
      number >= 1,
      number <= largestLine
    else { return nil }
    return number
  }
}
