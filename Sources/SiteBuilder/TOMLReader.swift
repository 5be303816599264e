import Files
import TOMLKit

/// Reads TOML 1.0. The library keeps no positions of values, so those of keys are found by a scan of the lines.
func readTOML(_ text: DataText) throws(Diagnostic) -> Datum {
  if let offset = misnamedTable(inTOML: text.source.bytes[text.range]) {
    throw text.source.diagnostic(
      id: "toml-syntax", "TOML: the name of a table has letters, digits, - and _, or stands in quotes", at: offset,
      hint: "[params]")
  }
  // Far more than is taken in the end, and far less than a stack holds.
  if let offset = deepKey(inTOML: text.source.bytes[text.range], deepest: 4 * DataText.deepestNesting) {
    throw text.source.diagnostic(id: "data-too-large", "values nest too deeply", at: offset)
  }
  do {
    let table = try TOMLTable(string: text.string)
    let reader = TOMLReader(text: text, places: keyPlaces(text))
    return try reader.datum(table, path: "", depth: 0)
  } catch let diagnostic as Diagnostic {
    throw diagnostic
  } catch let error as TOMLParseError {
    let line = min(text.firstLine + error.source.begin.line - 1, text.source.lineCount)
    throw text.diagnostic(
      "toml-syntax", "TOML: \(error.description)", line: line,
      column: byteColumn(text.source, line: line, scalarColumn: error.source.begin.column))
  } catch {
    throw text.diagnostic("toml-syntax", "TOML cannot be read: \(error)", line: text.firstLine, column: 0)
  }
}

private struct TOMLReader {
  let text: DataText
  let places: [String: Datum.Place]

  func datum(_ table: TOMLTable, path: String, depth: Int) throws(Diagnostic) -> Datum {
    let place = places[path] ?? Datum.Place(line: Int32(text.firstLine), column: 0)
    guard depth <= DataText.deepestNesting else {
      throw text.diagnostic(
        "data-too-large", "values nest too deeply", line: Int(place.line), column: Int(place.column))
    }
    var entries: [Datum.Entry] = []
    for key in table.keys {
      guard let value = table[key] else { continue }
      let inner = path.isEmpty ? key : path + "." + key
      let keyPlace = places[inner] ?? place
      entries.append(
        Datum.Entry(key: key, keyPlace: keyPlace, datum: try datum(value, path: inner, at: keyPlace, depth: depth)))
    }
    // The library sorts keys by their text; the writer's order is that of the places.
    entries.sort { ($0.keyPlace.line, $0.keyPlace.column) < ($1.keyPlace.line, $1.keyPlace.column) }
    return Datum(.map(entries), at: place)
  }

  private func datum(
    _ value: any TOMLValueConvertible, path: String, at place: Datum.Place, depth: Int
  ) throws(Diagnostic) -> Datum {
    if let table = value.table { return try datum(table, path: path, depth: depth + 1) }
    if let array = value.array {
      var items: [Datum] = []
      for item in array { items.append(try datum(item, path: path, at: place, depth: depth + 1)) }
      return Datum(.list(items), at: place)
    }
    if let bool = value.bool { return Datum(.bool(bool), at: place) }
    if let int = value.int { return Datum(.int(int), at: place) }
    if let double = value.double { return Datum(.double(double), at: place) }
    if let string = value.string { return Datum(.string(string), at: place) }
    if let moment = value.dateTime { return Datum(.string(text(of: moment)), at: place) }
    if let date = value.date { return Datum(.string(text(of: date)), at: place) }
    if let time = value.time { return Datum(.string(text(of: time)), at: place) }
    return Datum(.null, at: place)
  }

  private func text(of date: TOMLDate) -> String {
    "\(padded(date.year, 4))-\(padded(date.month))-\(padded(date.day))"
  }

  private func text(of time: TOMLTime) -> String {
    "\(padded(time.hour)):\(padded(time.minute)):\(padded(time.second))"
  }

  private func text(of moment: TOMLDateTime) -> String {
    let local = text(of: moment.date) + "T" + text(of: moment.time)
    guard let minutes = moment.offset?.offset else { return local }
    if minutes == 0 { return local + "Z" }
    let sign = minutes < 0 ? "-" : "+"
    return local + sign + padded(abs(minutes) / 60) + ":" + padded(abs(minutes) % 60)
  }

  private func padded(_ number: Int, _ width: Int = 2) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

/// Where each key stands, by its path with dots (`publish.api`): tables `[a.b]`, keys `c = …` and dotted keys at line starts.
/// What stands inside inline tables gets the place of its line.
private func keyPlaces(_ text: DataText) -> [String: Datum.Place] {
  var places: [String: Datum.Place] = [:]
  var table = ""
  var line = text.firstLine
  var start = text.range.lowerBound
  let bytes = text.source.bytes
  while start < text.range.upperBound {
    let end = bytes[start..<text.range.upperBound].firstIndex(of: UInt8(ascii: "\n")) ?? text.range.upperBound
    let content = bytes[start..<end]
    if let first = content.firstIndex(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) {
      let place = Datum.Place(line: Int32(line), column: Int32(first - start + 1))
      if bytes[first] == UInt8(ascii: "[") {
        let name = content[first...].drop { $0 == UInt8(ascii: "[") }.prefix { $0 != UInt8(ascii: "]") }
        table = dottedKey(name)
        if places[table] == nil { places[table] = place }
      } else if bytes[first] != UInt8(ascii: "#"), let equals = content.firstIndex(of: UInt8(ascii: "=")) {
        let key = dottedKey(content[first..<equals])
        let path = table.isEmpty ? key : table + "." + key
        // Of the tables that a dotted key implies, each is where the key is.
        var name = path[...]
        while !name.isEmpty {
          if places[String(name)] == nil { places[String(name)] = place }
          name = name[..<(name.utf8.lastIndex(of: UInt8(ascii: ".")) ?? name.startIndex)]
        }
      }
    }
    line += 1
    start = end + 1
  }
  return places
}

/// `a . "b c"` → `a.b c`.
private func dottedKey(_ bytes: ArraySlice<UInt8>) -> String {
  String(decoding: bytes.filter { $0 != 0x20 && $0 != 0x09 && $0 != 0x22 && $0 != 0x27 }, as: UTF8.self)
}
