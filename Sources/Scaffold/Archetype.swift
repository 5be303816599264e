import Files

/// What the code of an archetype can ask for.
struct ArchetypeValues {
  var title: String
  /// RFC 3339.
  var date: String
  /// The file's name, without extension.
  var slug: String
  /// The first folder; empty at the top.
  var section: String
  /// Whether the title was given, not made of the name.
  var hasOwnTitle: Bool
}

/// Fills `{{ … }}` in. Ours are `title`, `date`, `slug` and `section`; of Hugo's archetypes, `.Name`, `.Date`, `.Title`, `.Type`, `.Section`,
/// `.File.ContentBaseName`, `now.Format` and the functions `replace`, `title`, `humanize`, `lower`, `upper`, `urlize`, `dateFormat` are understood.
///
/// - Returns: the text, and a warning for each piece of code that stays as it is.
func fillArchetype(_ source: SourceText, _ values: ArchetypeValues) -> (text: [UInt8], warnings: [Diagnostic]) {
  var filling = ArchetypeFilling(source, values)
  filling.fill()
  return (filling.edit.finish(), filling.warnings)
}

private struct ArchetypeFilling {
  var edit: TextEdit
  private(set) var warnings: [Diagnostic] = []
  private let source: SourceText
  private let values: ArchetypeValues
  /// Behind it, what looks like a key is text.
  private let bodyStart: Int
  /// Where the value began that was looked at last.
  private var lastPlainStart = -1
  private var opener = Finder("{{")
  private var closer = Finder("}}")

  init(_ source: SourceText, _ values: ArchetypeValues) {
    self.source = source
    self.values = values
    edit = TextEdit(source, from: 0)
    bodyStart = frontMatterParts(source.bytes).bodyStart
  }

  mutating func fill() {
    let bytes = source.bytes
    var index = 0
    var line = ArchetypeLine()
    while let range = nextCode(from: index) {
      line.read(bytes[index..<range.lowerBound])
      line.readCode(at: range.lowerBound)
      index = range.upperBound
      if index <= bodyStart, let start = line.plainStart, start > lastPlainStart {
        lastPlainStart = start
        if let value = plainValue(from: start) {
          edit.replace(value.range, value.text)
          index = value.range.upperBound
          continue
        }
      }
      let code = code(range)
      // Shortcodes belong to the page.
      if code.first == UInt8(ascii: "<") || code.first == UInt8(ascii: "%") { continue }
      var evaluation = ArchetypeExpression(code, values)
      if let value = evaluation.value() {
        let place = placed(value, range, behind: line)
        edit.replace(place.range, place.text)
      } else {
        warnings.append(
          source.diagnostic(
            .warning, id: "archetype-code",
            "\(trimmed(String(decoding: code, as: UTF8.self))) is not known in archetypes",
            at: range.lowerBound, length: range.count, hint: "known are title, date, slug and section"))
      }
    }
  }

  private mutating func nextCode(from index: Int) -> Range<Int>? {
    guard let open = opener.next(in: source.bytes, from: index),
      let close = closer.next(in: source.bytes, from: open + 2)
    else { return nil }
    return open..<close + 2
  }

  /// What stands between the marks, without those for white space.
  private func code(_ range: Range<Int>) -> ArraySlice<UInt8> {
    var code = source.bytes[(range.lowerBound + 2)..<(range.upperBound - 2)]
    if code.first == UInt8(ascii: "-") { code = code.dropFirst() }
    if code.last == UInt8(ascii: "-") { code = code.dropLast() }
    return code
  }

  /// A value of YAML's without quotes, all of it up to the end of its line, in the quotes that it needs once it is filled; nil where it needs
  /// none, or is more than a text.
  private func plainValue(from start: Int) -> (range: Range<Int>, text: String)? {
    let bytes = source.bytes
    guard !"[{|>&*!%@".utf8.contains(bytes[start]) || bytes[start...].starts(with: Array("{{".utf8)) else { return nil }
    var filling = self
    var end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
    while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
    var text = ""
    var index = start
    while index < end {
      let code = filling.nextCode(from: index).flatMap { $0.lowerBound < end ? $0 : nil }
      var literal = bytes[index..<(code?.lowerBound ?? end)]
      let comment = literal.indices.dropFirst().first {
        bytes[$0] == UInt8(ascii: "#") && bytes[$0 - 1] <= 0x20
      }
      if let comment {
        literal = literal[..<comment]
        while let last = literal.last, last <= 0x20 { literal.removeLast() }
        end = literal.endIndex
      }
      text += String(decoding: literal, as: UTF8.self)
      guard comment == nil, let code else { break }
      index = code.upperBound
      var evaluation = ArchetypeExpression(self.code(code), values)
      guard index <= end, let value = evaluation.value() else { return nil }
      text += value
    }
    return yamlDate(text) == text ? nil : (start..<end, quoted(text))
  }

  /// A value in its place: where quotes stand around it, it is quoted so that it reads back.
  ///
  /// - Parameter line: what stands before it in its line.
  private func placed(_ value: String, _ range: Range<Int>, behind line: ArchetypeLine) -> (
    range: Range<Int>, text: String
  ) {
    guard range.lowerBound < bodyStart else { return (range, value) }
    let bytes = source.bytes
    let before = range.lowerBound > 0 ? bytes[range.lowerBound - 1] : 0
    let after = range.upperBound < bytes.count ? bytes[range.upperBound] : 0
    let quotedValue = quoted(value)
    let needsEscape = quotedValue.utf8.count != value.utf8.count + 2 || value.contains("'")
    if before == after, before == UInt8(ascii: "\"") || before == UInt8(ascii: "'") {
      return needsEscape ? (range.lowerBound - 1..<range.upperBound + 1, quotedValue) : (range, value)
    }
    switch line.quote {
    case UInt8(ascii: "\""): return (range, String(quotedValue.dropFirst().dropLast()))
    // In TOML's there is no way to write one: the typographic one reads as well.
    case UInt8(ascii: "'"): return (range, replaced("'", by: line.isTOML ? "\u{2019}" : "''", in: value))
    default: break
    }
    // In a list: `tags: [{{ section }}, {{ title }}]`.
    let isItem = line.plainStart.map { bytes[$0] == UInt8(ascii: "[") } == true && isWholeItem(range)
    return (range, isItem && yamlDate(value) != value ? yamlScalar(value) : value)
  }

  private func isWholeItem(_ range: Range<Int>) -> Bool {
    let before = source.bytes[..<range.lowerBound].last { $0 != 0x20 }
    let after = source.bytes[range.upperBound...].first { $0 != 0x20 }
    return before.map { ",[".utf8.contains($0) } == true && after.map { ",]".utf8.contains($0) } == true
  }
}

/// One pipeline of an archetype: `replace .Name "-" " " | title`.
struct ArchetypeExpression {
  private let bytes: ArraySlice<UInt8>
  private var index: Int
  private let values: ArchetypeValues

  init(_ bytes: ArraySlice<UInt8>, _ values: ArchetypeValues) {
    self.bytes = bytes
    self.values = values
    index = bytes.startIndex
  }

  /// Nil where it is not understood.
  mutating func value() -> String? {
    guard let value = pipeline(depth: 0) else { return nil }
    return index == bytes.endIndex ? value : nil
  }

  private mutating func pipeline(depth: Int) -> String? {
    guard depth < 8 else { return nil }
    var value: String?
    repeat {
      var words: [String] = []
      var function: String?
      while let word = word(depth: depth) {
        if word.isName, function == nil, words.isEmpty { function = word.text } else { words.append(word.text) }
      }
      if let piped = value { words.append(piped) }
      let isAlone = value == nil && words.count == 1
      value = if let function { apply(function, words) } else { isAlone ? words[0] : nil }
      if value == nil { return nil }
    } while skip(UInt8(ascii: "|"))
    return value
  }

  private mutating func skip(_ byte: UInt8) -> Bool {
    while index < bytes.endIndex, bytes[index] <= 0x20 { index += 1 }
    guard index < bytes.endIndex, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  /// A text, a name, or a pipeline in parentheses; nil where the command ends.
  private mutating func word(depth: Int) -> (text: String, isName: Bool)? {
    if skip(UInt8(ascii: "(")) {
      guard let inner = pipeline(depth: depth + 1), skip(UInt8(ascii: ")")) else { return nil }
      return (inner, false)
    }
    guard index < bytes.endIndex else { return nil }
    let first = bytes[index]
    if "\"`'".utf8.contains(first) {
      guard let end = bytes[(index + 1)...].firstIndex(of: first) else { return nil }
      defer { index = end + 1 }
      return (String(decoding: bytes[(index + 1)..<end], as: UTF8.self), false)
    }
    let word = bytes[index...].prefix { isNameByte($0) || $0 == UInt8(ascii: ".") }
    guard !word.isEmpty else { return nil }
    index = word.endIndex
    let text = String(decoding: word, as: UTF8.self)
    if let value = variable(text) { return (value, false) }
    return (text, true)
  }

  private func variable(_ name: String) -> String? {
    switch name {
    case "title": index == bytes.endIndex || !isArgumentNext ? values.title : nil
    case "date", ".Date", "now": values.date
    case "slug", ".Name", ".File.ContentBaseName", ".File.BaseFileName", ".TranslationBaseName", ".Slug": values.slug
    case ".Title", ".LinkTitle": values.title
    case "section", ".Type", ".Section": values.section
    default: nil
    }
  }

  /// `title` alone is our value, with an argument or behind a pipe it is Hugo's function.
  private var isArgumentNext: Bool {
    let before = bytes[..<index].dropLast("title".utf8.count).last { $0 > 0x20 }
    let after = bytes[index...].first { $0 > 0x20 }
    return before == UInt8(ascii: "|") || (after != nil && after != UInt8(ascii: "|") && after != UInt8(ascii: ")"))
  }

  private func apply(_ function: String, _ arguments: [String]) -> String? {
    switch (function, arguments.count) {
    case ("replace", 3), ("strings.Replace", 3), ("replaceRE", 3):
      guard function != "replaceRE" || ["-", "_", "[-_]"].contains(arguments[0]) else { return nil }
      // A name turned into words is what a title is made of.
      let (text, from, to) =
        function == "replaceRE" ? (arguments[2], "-", arguments[1]) : (arguments[0], arguments[1], arguments[2])
      if values.hasOwnTitle, text == values.slug { return values.title }
      return from.isEmpty ? text : replaced(from, by: to, in: text)
    case ("title", 1), ("strings.Title", 1), ("humanize", 1):
      if values.hasOwnTitle { return values.title }
      return function == "humanize" ? titled(arguments[0]) : inTitleCase(arguments[0])
    case ("lower", 1): return arguments[0].lowercased()
    case ("upper", 1): return arguments[0].uppercased()
    case ("urlize", 1), ("anchorize", 1): return jekyllSlug(arguments[0])
    case ("dateFormat", 2), ("time.Format", 2): return formatted(arguments[1], arguments[0])
    case ("now.Format", 1), (".Date.Format", 1): return formatted(values.date, arguments[0])
    default: return nil
    }
  }

  private func inTitleCase(_ text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false)
      .map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: " ")
  }

  /// A date by a layout of Go's: `2006-01-02T15:04:05-07:00`.
  private func formatted(_ date: String, _ layout: String) -> String? {
    guard date == values.date, date.utf8.count >= 10 else { return nil }
    let parts = Array(date.utf8)
    func part(_ range: Range<Int>) -> String {
      range.upperBound <= parts.count ? String(decoding: parts[range], as: UTF8.self) : "00"
    }
    let zone = date.utf8.count > 19 ? String(date.dropFirst(19)) : "Z"
    let pieces = [
      ("2006", part(0..<4)), ("Z07:00", zone), ("-07:00", zone == "Z" ? "+00:00" : zone), ("01", part(5..<7)),
      ("02", part(8..<10)), ("15", part(11..<13)), ("04", part(14..<16)), ("05", part(17..<19)),
    ]
    var result = layout
    var marks: [(String, String)] = []
    // Placeholders first, so that a value that looks like a piece of a layout stays.
    for (number, piece) in pieces.enumerated() {
      let mark = "\u{1}\(UnicodeScalar(UInt8(0x61 + number)))"
      result = replaced(piece.0, by: mark, in: result)
      marks.append((mark, piece.1))
    }
    if result.utf8.contains(where: { isDigit($0) }) || result.contains("Jan") || result.contains("Mon") { return nil }
    for (mark, value) in marks { result = replaced(mark, by: value, in: result) }
    return result
  }
}
