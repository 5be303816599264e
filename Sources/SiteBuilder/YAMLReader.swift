import Files
import Yams

/// Reads YAML 1.2 (core schema, with YAML 1.1's `yes`/`no` left as text): positions from libyaml, scalars resolved here.
func readYAML(_ text: DataText) throws(Diagnostic) -> Datum {
  if let flat = readFlatYAML(text) { return flat }
  return try readAnyYAML(text)
}

/// As `readYAML`, by libyaml whatever the text.
func readAnyYAML(_ text: DataText) throws(Diagnostic) -> Datum {
  // Yams nests by recursion; libyaml sees to it that it goes no deeper than 1,000 levels.
  do {
    // The encoding said, or Yams asks the environment for it each time.
    guard let node = try Yams.compose(yaml: text.string, .default, .default, .utf8) else { return Datum(.null) }
    var reader = YAMLReader(text: text)
    return try reader.datum(node, depth: 0)
  } catch let diagnostic as Diagnostic {
    throw diagnostic
  } catch {
    throw yamlDiagnostic(error, text)
  }
}

private struct YAMLReader {
  let text: DataText
  /// Counts what aliases expand to, so that a small file cannot ask for an endless value.
  var count = 0
  private var columns = ColumnTable()

  init(text: DataText) { self.text = text }

  mutating func datum(_ node: Node, depth: Int) throws(Diagnostic) -> Datum {
    let place = place(node.mark)
    count += 1
    if count > DataText.mostValues || depth > DataText.deepestNesting {
      throw text.diagnostic(
        "data-too-large", "values nest too deeply or are repeated too often", line: Int(place.line),
        column: Int(place.column), hint: "use fewer aliases and at most \(DataText.deepestNesting) levels")
    }
    switch node {
    case .scalar(let scalar):
      let tag = scalar.tag.description
      if !tag.isEmpty { try refuse(tag, at: place) }
      let isText = scalar.style != .plain || tag == "!" || tag == Self.tagPrefix + "str"
      return Datum(isText ? .string(scalar.string) : plainScalar(scalar.string), at: place)
    case .sequence(let sequence):
      try refuse(sequence.tag.description, at: place)
      var items: [Datum] = []
      for item in sequence { items.append(try datum(item, depth: depth + 1)) }
      return Datum(.list(items), at: place)
    case .mapping(let mapping):
      try refuse(mapping.tag.description, at: place)
      var entries: [Datum.Entry] = []
      var merged: (place: Int, entries: [Datum.Entry])?
      for (key, value) in mapping {
        let keyPlace = self.place(key.mark)
        guard let name = key.scalar?.string else {
          throw text.diagnostic(
            "data-key", "keys are plain text, not lists or maps", line: Int(keyPlace.line), column: Int(keyPlace.column)
          )
        }
        let entry = Datum.Entry(key: name, keyPlace: keyPlace, datum: try datum(value, depth: depth + 1))
        if name == "<<", key.scalar?.style == .plain {
          merged = (entries.count, try self.merged(entry))
        } else {
          entries.append(entry)
        }
      }
      if let merged { entries.insert(contentsOf: entries.missing(from: merged.entries), at: merged.place) }
      return Datum(.map(entries), at: place)
    case .alias:
      return Datum(.null, at: place)
    }
  }

  /// What `<<: *base` or `<<: [*first, *second]` adds to a map, beside the map's own keys; of several, the first has its way. YAML 1.2 has
  /// dropped it, and people write it all the same: <https://yaml.org/type/merge.html>
  private func merged(_ entry: Datum.Entry) throws(Diagnostic) -> [Datum.Entry] {
    let maps = if case .list(let items) = entry.datum.value { items } else { [entry.datum] }
    var known: Set<String> = []
    var merged: [Datum.Entry] = []
    for map in maps {
      guard case .map(let entries) = map.value else {
        throw text.diagnostic(
          "data-key", "<< takes over the keys of a map, or of a list of maps, not of \(map.kind)",
          line: Int(entry.keyPlace.line), column: Int(entry.keyPlace.column),
          hint: "<<: *base, or \"<<\" in quotes for a key of that name")
      }
      for entry in entries where known.insert(entry.key).inserted { merged.append(entry) }
    }
    return merged
  }

  private static let tagPrefix = "tag:yaml.org,2002:"

  /// YAML's own tags say what a value is anyway; those of programs mean nothing here (YAML 1.2.2, section 6.8.1).
  private func refuse(_ tag: String, at place: Datum.Place) throws(Diagnostic) {
    guard !tag.isEmpty, tag != "!", !tag.hasPrefix(Self.tagPrefix) else { return }
    throw text.diagnostic(
      "yaml-tag", "\(tag) is a tag of YAML and no part of the text, it means nothing here", line: Int(place.line),
      column: Int(place.column), hint: "text that begins with an exclamation mark needs quotes")
  }

  /// libyaml counts columns in code points; they are turned into bytes of the line.
  mutating func place(_ mark: Mark?) -> Datum.Place {
    guard let mark else { return .unknown }
    let line = text.firstLine + mark.line - 1
    let column = columns.byteColumn(text.source, line: line, scalarColumn: mark.column)
    return Datum.Place(line: Int32(line), column: Int32(column))
  }
}

/// `byteColumn` for many places: of a long line, every so many code points are remembered, or a file of one line would be read once a value.
private struct ColumnTable {
  private static let step = 256
  /// The byte columns of code points 1, 257, 513, … of each line that is long.
  private var known: [Int: [Int]] = [:]

  mutating func byteColumn(_ source: SourceText, line: Int, scalarColumn: Int) -> Int {
    guard scalarColumn > Self.step, let range = source.range(ofLine: line) else {
      return SiteBuilder.byteColumn(source, line: line, scalarColumn: scalarColumn)
    }
    let marks = known[line] ?? Self.marks(source.bytes[range])
    known[line] = marks
    var (place, rest) = (scalarColumn - 1).quotientAndRemainder(dividingBy: Self.step)
    if place >= marks.count { (place, rest) = (marks.count - 1, .max) }
    var offset = range.lowerBound + marks[place] - 1
    while rest > 0, offset < range.upperBound {
      offset += 1
      while offset < range.upperBound, Self.isContinuation(source.bytes[offset]) { offset += 1 }
      rest -= 1
    }
    return offset - range.lowerBound + 1
  }

  private static func marks(_ line: ArraySlice<UInt8>) -> [Int] {
    var marks: [Int] = []
    var scalars = 0
    for (offset, byte) in line.enumerated() where !isContinuation(byte) {
      if scalars % step == 0 { marks.append(offset + 1) }
      scalars += 1
    }
    return marks.isEmpty ? [1] : marks
  }

  private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}

/// The 1-based byte column of the 1-based `scalarColumn`th code point of a line.
func byteColumn(_ source: SourceText, line: Int, scalarColumn: Int) -> Int {
  guard let text = source.line(line) else { return scalarColumn }
  var column = 1
  for scalar in text.unicodeScalars.prefix(max(scalarColumn - 1, 0)) { column += UTF8.width(scalar) }
  return column
}

/// YAML 1.2.2, section 10.3.2 (core schema), for scalars without quotes.
func plainScalar(_ text: String) -> Datum.Value {
  switch text {
  case "", "~", "null", "Null", "NULL": return .null
  case "true", "True", "TRUE": return .bool(true)
  case "false", "False", "FALSE": return .bool(false)
  default: break
  }
  guard let first = text.utf8.first, first == 0x2B || first == 0x2D || first == 0x2E || isDigit(first)
  else { return .string(text) }
  if text.hasPrefix("0x"), let int = Int(text.dropFirst(2), radix: 16) { return .int(int) }
  if text.hasPrefix("0o"), let int = Int(text.dropFirst(2), radix: 8) { return .int(int) }
  if let int = Int(text) { return .int(int) }
  let isNumber = text.utf8.allSatisfy { byte in
    isDigit(byte) || byte == 0x2B || byte == 0x2D || byte == 0x2E || byte == 0x65 || byte == 0x45
  }
  if isNumber, let double = Double(text) { return .double(double) }
  return .string(text)
}
