import Files
import TOMLKit
import Yams

/// A value of another generator's configuration or front matter, with the line it was written on. Dates stay text.
struct Setting: Sendable, Hashable {
  enum Value: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case list([Setting])
    case map([Entry])
  }

  struct Entry: Sendable, Hashable {
    var key: String
    /// 1-based line of the file; 0 where it is not known.
    var line: Int
    var setting: Setting
  }

  var value: Value
  var line: Int

  init(_ value: Value, line: Int = 0) {
    self.value = value
    self.line = line
  }

  static func text(_ text: String) -> Setting { Setting(.string(text)) }
  static func list(_ texts: [String]) -> Setting { Setting(.list(texts.map { .text($0) })) }

  var isNull: Bool { value == .null }

  var isScalar: Bool {
    switch value {
    case .list, .map: false
    default: true
    }
  }

  var entries: [Entry] {
    if case .map(let entries) = value { entries } else { [] }
  }

  var items: [Setting] {
    if case .list(let items) = value { items } else { [] }
  }

  /// A scalar as text.
  var text: String? {
    switch value {
    case .string(let string): string
    case .int(let int): String(int)
    case .double(let double): String(double)
    case .bool(let bool): bool ? "true" : "false"
    case .null, .list, .map: nil
    }
  }

  var bool: Bool? {
    if case .bool(let bool) = value { bool } else { nil }
  }

  var int: Int? {
    if case .int(let int) = value { int } else { nil }
  }

  /// The texts of a list, or the one text.
  var texts: [String] { text.map { [$0] } ?? items.compactMap(\.text) }

  /// The value of `key`, whose case does not matter (Hugo reads its configuration so); null counts as not given.
  subscript(key: String) -> Setting? { entry(key)?.setting }

  func entry(_ key: String) -> Entry? {
    let wanted = key.lowercased()
    return entries.first { $0.key == key || $0.key.lowercased() == wanted }.flatMap { $0.setting.isNull ? nil : $0 }
  }

  /// Sets the value of a key of a map; a key that is there keeps its place.
  mutating func set(_ key: String, _ setting: Setting) {
    var entries = entries
    if let index = entries.firstIndex(where: { $0.key == key }) {
      entries[index].setting = setting
    } else {
      entries.append(Entry(key: key, line: setting.line, setting: setting))
    }
    value = .map(entries)
  }

  mutating func remove(_ key: String) { value = .map(entries.filter { $0.key != key }) }

  /// Lays `other` over this: maps are merged, anything else is replaced.
  mutating func merge(_ other: Setting) {
    guard case .map = other.value, case .map = value else {
      self = other
      return
    }
    var map = SettingMap(entries)
    for entry in other.entries { map.merge(entry) }
    value = .map(map.entries)
  }
}

/// Notation of configuration and front matter. JSON is read as the YAML that it is.
enum SettingFormat: Sendable {
  case yaml, toml, json

  init?(fileExtension: String) {
    switch fileExtension.lowercased() {
    case "yaml", "yml": self = .yaml
    case "toml": self = .toml
    case "json": self = .json
    default: return nil
    }
  }

  var name: String {
    switch self {
    case .yaml: "YAML"
    case .toml: "TOML"
    case .json: "JSON"
    }
  }
}

/// How deep values may nest, and how many there may be.
private let deepestNesting = 64
private let mostValues = 1_000_000

/// Reads a piece of a file.
///
/// - Throws: a `Diagnostic` where it is not well formed.
func readSettings(_ source: SourceText, _ range: Range<Int>, _ format: SettingFormat) throws(Diagnostic) -> Setting {
  do {
    return try parseSettings(source, range, format)
  } catch {
    throw error.diagnostic
  }
}

/// Why settings cannot be read.
struct SettingError: Error {
  var diagnostic: Diagnostic
  /// A key is given twice, which others read for all that.
  var isRepeatedKey = false
}

/// As `readSettings`, for who may go on with what is not well formed.
func parseSettings(
  _ source: SourceText, _ range: Range<Int>, _ format: SettingFormat
) throws(SettingError) -> Setting {
  let firstLine = source.location(at: range.lowerBound).line
  let text = String(decoding: source.bytes[range], as: UTF8.self)
  func problem(_ message: String, line: Int) -> SettingError {
    let line = min(max(firstLine + line - 1, 1), source.lineCount)
    return SettingError(
      diagnostic: Diagnostic(
        id: format.name.lowercased() + "-syntax", message, at: SourceLocation(path: source.path, line: line),
        sourceLine: source.line(line)))
  }
  func lineOf(_ offset: Int) -> Int {
    source.bytes[range.lowerBound..<offset].count { $0 == UInt8(ascii: "\n") } + 1
  }
  if format == .toml, let offset = deepKey(inTOML: source.bytes[range], deepest: 200) {
    throw problem("values nest too deeply", line: lineOf(offset))
  }
  if format == .toml, let offset = misnamedTable(inTOML: source.bytes[range]) {
    throw problem("TOML: a table has a name, as in [params]", line: lineOf(offset))
  }
  do {
    guard format == .toml else {
      guard let node = try Yams.compose(yaml: text) else { return Setting(.map([]), line: firstLine) }
      var count = 0
      return try setting(node, firstLine: firstLine, depth: 0, count: &count)
    }
    let lines = tomlKeyLines(source.bytes[range])
    return setting(try TOMLTable(string: text), lines: lines, path: "", firstLine: firstLine, depth: 0)
  } catch let error as TOMLParseError {
    throw problem("TOML: \(error.description)", line: error.source.begin.line)
  } catch let error as YamlError {
    switch error {
    case .scanner(_, let message, let mark, _), .parser(_, let message, let mark, _),
      .composer(_, let message, let mark, _):
      throw problem("\(format.name): \(message)", line: mark.line)
    case .duplicatedKeysInMapping(let keys, let context):
      var error = problem(
        "\(keys.joined(separator: ", ")) \(keys.count == 1 ? "is" : "are") given twice", line: context.mark.line)
      error.isRepeatedKey = true
      throw error
    default: throw problem("\(format.name) cannot be read", line: 1)
    }
  } catch {
    throw problem("values nest too deeply or are repeated too often", line: 1)
  }
}

/// More than could be read without a deep stack.
private struct TooLarge: Error {}

private func setting(_ node: Node, firstLine: Int, depth: Int, count: inout Int) throws -> Setting {
  count += 1
  if count > mostValues || depth > deepestNesting { throw TooLarge() }
  let line = firstLine + (node.mark?.line ?? 1) - 1
  switch node {
  case .scalar(let scalar):
    return Setting(scalar.style == .plain ? plainValue(scalar.string) : .string(scalar.string), line: line)
  case .sequence(let sequence):
    var items: [Setting] = []
    for item in sequence { items.append(try setting(item, firstLine: firstLine, depth: depth + 1, count: &count)) }
    return Setting(.list(items), line: line)
  case .mapping(let mapping):
    var entries: [Setting.Entry] = []
    for (key, value) in mapping {
      guard let name = key.scalar?.string else { continue }
      let keyLine = firstLine + (key.mark?.line ?? 1) - 1
      let inner = try setting(value, firstLine: firstLine, depth: depth + 1, count: &count)
      entries.append(Setting.Entry(key: name, line: keyLine, setting: inner))
    }
    return Setting(.map(entries), line: line)
  case .alias: return Setting(.null, line: line)
  }
}

/// YAML 1.2.2, section 10.3.2 (core schema), for scalars without quotes.
private func plainValue(_ text: String) -> Setting.Value {
  switch text {
  case "", "~", "null", "Null", "NULL": return .null
  case "true", "True", "TRUE": return .bool(true)
  case "false", "False", "FALSE": return .bool(false)
  default: break
  }
  guard let first = text.utf8.first, isDigit(first) || "+-.".utf8.contains(first) else { return .string(text) }
  if let int = Int(text), first != UInt8(ascii: "+") { return .int(int) }
  let isNumber = text.utf8.allSatisfy { isDigit($0) || "+-.eE".utf8.contains($0) }
  if isNumber, let double = Double(text) { return .double(double) }
  return .string(text)
}

private func setting(
  _ table: TOMLTable, lines: [String: Int], path: String, firstLine: Int, depth: Int
) -> Setting {
  func inner(_ value: any TOMLValueConvertible, _ path: String, _ line: Int, _ depth: Int) -> Setting {
    guard depth < deepestNesting else { return Setting(.null, line: line) }
    if let table = value.table {
      return setting(table, lines: lines, path: path, firstLine: firstLine, depth: depth + 1)
    }
    if let array = value.array { return Setting(.list(array.map { inner($0, path, line, depth + 1) }), line: line) }
    if let bool = value.bool { return Setting(.bool(bool), line: line) }
    if let int = value.int { return Setting(.int(int), line: line) }
    if let double = value.double { return Setting(.double(double), line: line) }
    if let string = value.string { return Setting(.string(string), line: line) }
    return Setting(.string(tomlMoment(value)), line: line)
  }
  var entries: [Setting.Entry] = []
  for key in table.keys {
    guard let value = table[key] else { continue }
    let place = path.isEmpty ? key : path + "." + key
    let line = lines[place].map { firstLine + $0 - 1 } ?? 0
    entries.append(Setting.Entry(key: key, line: line, setting: inner(value, place, line, depth)))
  }
  // The library sorts keys by their text; the writer's order is that of the lines.
  let sorted = entries.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }
  return Setting(.map(sorted.map(\.element)), line: lines[path].map { firstLine + $0 - 1 } ?? 0)
}

private func tomlMoment(_ value: any TOMLValueConvertible) -> String {
  func date(_ date: TOMLDate) -> String {
    padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2)
  }
  func time(_ time: TOMLTime) -> String {
    padded(time.hour, 2) + ":" + padded(time.minute, 2) + ":" + padded(time.second, 2)
  }
  if let moment = value.dateTime {
    guard let minutes = moment.offset?.offset else { return date(moment.date) + "T" + time(moment.time) }
    let zone = (minutes < 0 ? "-" : "+") + padded(abs(minutes) / 60, 2) + ":" + padded(abs(minutes) % 60, 2)
    return date(moment.date) + "T" + time(moment.time) + (minutes == 0 ? "Z" : zone)
  }
  return value.date.map(date) ?? value.time.map(time) ?? ""
}
