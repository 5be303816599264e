import Files

/// A page of the old site: its front matter as read, what shall change in it, and its text.
///
/// Front matter is edited line by line: what needs no change stays byte for byte, comments included.
struct SourcePage {
  /// The file; not byte for byte where `repeated` has keys, so offsets are those of this one.
  let source: SourceText
  /// Nil where the page has no front matter.
  let format: SettingFormat?
  /// Without the fences.
  let range: Range<Int>
  let bodyStart: Int
  /// As it was written; changes do not show here.
  let settings: Setting
  /// Keys that are given again further down, where the page can be read for all that; they are comments in `source`.
  let repeated: [RepeatedKey]
  private var removed: Set<String> = []
  private var added: [(key: String, setting: Setting)] = []

  /// - Throws: a `Diagnostic` where the front matter is not well formed.
  init(_ source: SourceText) throws(Diagnostic) {
    let parts = frontMatterParts(source.bytes)
    format = parts.format
    guard let format else {
      self.source = source
      range = parts.range
      bodyStart = parts.bodyStart
      settings = Setting(.map([]))
      repeated = []
      return
    }
    let read = try readLeniently(source, parts.range, format)
    self.source = read.source
    range = read.range
    bodyStart = parts.bodyStart + read.range.count - parts.range.count
    repeated = read.repeated
    let settings = read.settings
    self.settings = if case .map = settings.value { settings } else { Setting(.map([])) }
  }

  var body: ArraySlice<UInt8> { source.bytes[bodyStart...] }

  /// What the page says now, changes included.
  func now(_ key: String) -> Setting? {
    if let change = added.last(where: { $0.key == key }) { return change.setting }
    guard let entry = settings.entry(key), !removed.contains(entry.key) else { return nil }
    return entry.setting
  }

  /// Where a key stands, for notes.
  func place(of key: String) -> SourceLocation {
    SourceLocation(path: source.path, line: settings.entry(key)?.line ?? 1, column: 1)
  }

  mutating func remove(_ key: String) {
    added.removeAll { $0.key == key }
    removed.insert(settings.entry(key)?.key ?? key)
  }

  mutating func set(_ key: String, _ setting: Setting) {
    remove(key)
    added.append((key, setting))
  }

  /// Says that a key is written in another way; its place stays.
  mutating func rename(_ key: String, to new: String) {
    guard let entry = settings.entry(key) else { return }
    removed.insert(entry.key)
    added.append((new, entry.setting))
  }

  /// The page with its changes and a new text.
  func written(body: [UInt8]) -> [UInt8] {
    guard let format else {
      guard !added.isEmpty else { return body }
      return Array("---\n".utf8) + lines(added, .yaml) + Array("---\n\n".utf8) + body
    }
    if removed.isEmpty, added.isEmpty, closesAsUsual { return Array(source.bytes[..<bodyStart]) + body }
    guard let statements = statements(format) else {
      var changed = settings
      for key in removed { changed.remove(key) }
      for change in added { changed.set(change.key, change.setting) }
      let text = changed.entries.isEmpty ? "" : changed.yamlLines().joined(separator: "\n") + "\n"
      return Array("---\n\(text)---\n".utf8) + (format == .json ? body.drop { $0 == 0x0A || $0 == 0x0D } : body[...])
    }
    let fence = Array(format == .toml ? "+++\n".utf8 : "---\n".utf8)
    // A change takes the place of its key; what is new comes first, where no table has begun yet.
    let fresh = added.filter { change in !statements.contains { $0.key == change.key } }
    var result = fence + lines(fresh, format)
    var position = range.lowerBound
    for statement in statements where removed.contains(statement.key) {
      result += source.bytes[position..<statement.range.lowerBound]
      result += lines(added.filter { $0.key == statement.key }, format)
      position = statement.range.upperBound
    }
    result += source.bytes[position..<range.upperBound]
    if let last = result.last, last != UInt8(ascii: "\n") { result.append(UInt8(ascii: "\n")) }
    return result + fence + body
  }

  /// Jekyll also ends front matter with `...`.
  private var closesAsUsual: Bool {
    guard format == .yaml else { return true }
    return source.bytes[range.upperBound...].starts(with: Array("---".utf8))
  }

  private func lines(_ changes: [(key: String, setting: Setting)], _ format: SettingFormat) -> [UInt8] {
    var text = ""
    for change in changes {
      if format == .toml, let value = tomlValue(change.setting) {
        text += change.key + " = " + value + "\n"
      } else {
        text +=
          Setting(.map([Setting.Entry(key: change.key, line: 0, setting: change.setting)])).yamlLines()
          .joined(separator: "\n") + "\n"
      }
    }
    return Array(text.utf8)
  }

  private func tomlValue(_ setting: Setting) -> String? {
    switch setting.value {
    case .string(let string): quoted(string)
    case .list(let items): "[" + items.compactMap { tomlValue($0) }.joined(separator: ", ") + "]"
    case .map(let entries):
      "{ "
        + entries.compactMap { entry in tomlValue(entry.setting).map { quoted(entry.key) + " = " + $0 } }
        .joined(separator: ", ") + " }"
    case .null: nil
    case .bool, .int, .double: setting.text
    }
  }

  /// The bytes of each key of the top level with its value; nil where they cannot be told apart by lines, or a key to remove is a table.
  private func statements(_ format: SettingFormat) -> [(key: String, range: Range<Int>)]? {
    var found: [(key: String, range: Range<Int>)] = []
    switch format {
    case .json: return nil
    case .toml:
      for statement in tomlStatements(source.bytes[range]) where statement.table.isEmpty {
        found.append((statement.key, statement.range))
      }
    case .yaml:
      let entries = settings.entries
      var starts: [Int] = []
      var line = source.location(at: range.lowerBound).line
      var offset = range.lowerBound
      for entry in entries {
        while line < entry.line {
          guard let end = source.bytes[offset..<range.upperBound].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
          offset = end + 1
          line += 1
        }
        // A key that is indented cannot be changed by itself: all keys of the map stand as deep.
        guard offset != starts.last, !"{ \t".utf8.contains(source.bytes[offset]) else { return nil }
        starts.append(offset)
      }
      for (index, entry) in entries.enumerated() {
        let next = index + 1 < starts.count ? starts[index + 1] : range.upperBound
        found.append((entry.key, starts[index]..<withoutTrailingComments(starts[index]..<next)))
      }
    }
    let keys = Set(found.map(\.key))
    let isWhole = removed.allSatisfy { keys.contains($0) || settings.entry($0) == nil }
    return isWhole ? found : nil
  }

  private func withoutTrailingComments(_ lines: Range<Int>) -> Int {
    var end = lines.lowerBound
    var start = lines.lowerBound
    while start < lines.upperBound {
      let next = source.bytes[start..<lines.upperBound].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 }
      let line = source.bytes[start..<(next ?? lines.upperBound)]
      let first = line.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }
      if let first, first != UInt8(ascii: "\n"), first != UInt8(ascii: "#") { end = line.endIndex }
      start = line.endIndex
    }
    return end
  }
}

/// Finds YAML between `---` (or `---` and `...`), TOML between `+++`, or a JSON object at the start of a page.
func frontMatterParts(_ bytes: [UInt8]) -> (format: SettingFormat?, range: Range<Int>, bodyStart: Int) {
  let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  let none = (format: SettingFormat?.none, range: start..<start, bodyStart: start)
  guard start < bytes.count else { return none }
  if bytes[start] == UInt8(ascii: "{") {
    guard start + 1 < bytes.count, !"{%#".utf8.contains(bytes[start + 1]), let end = endOfObject(bytes, start) else {
      return none
    }
    return (.json, start..<end, end)
  }
  let format: SettingFormat
  let fences: [[UInt8]]
  switch bytes[start] {
  case UInt8(ascii: "-"): (format, fences) = (.yaml, [Array("---".utf8), Array("...".utf8)])
  case UInt8(ascii: "+"): (format, fences) = (.toml, [Array("+++".utf8)])
  default: return none
  }
  func lineEnd(_ from: Int) -> Int { bytes[from...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count }
  func isFence(_ line: Range<Int>, _ fences: [[UInt8]]) -> Bool {
    fences.contains { bytes[line].starts(with: $0) }
      && bytes[line].dropFirst(3).allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
  }
  let first = lineEnd(start)
  guard isFence(start..<first, [fences[0]]) else { return none }
  var line = first + 1
  while line < bytes.count {
    let end = lineEnd(line)
    if isFence(line..<end, fences) { return (format, first + 1..<line, min(end + 1, bytes.count)) }
    line = end + 1
  }
  return none
}

/// Behind the bracket that closes the JSON object at `start`; nil where none does.
private func endOfObject(_ bytes: [UInt8], _ start: Int) -> Int? {
  var depth = 0
  var isString = false
  var index = start
  while index < bytes.count {
    switch bytes[index] {
    case UInt8(ascii: "\\") where isString: index += 1
    case UInt8(ascii: "\""): isString.toggle()
    case UInt8(ascii: "{") where !isString, UInt8(ascii: "[") where !isString: depth += 1
    case UInt8(ascii: "}") where !isString, UInt8(ascii: "]") where !isString:
      depth -= 1
      if depth == 0 { return index + 1 }
    default: break
    }
    index += 1
  }
  return nil
}
