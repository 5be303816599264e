import Files

/// Reads CSV (RFC 4180): the first record names the columns, each further one becomes a map from those names to texts.
///
/// Line ends may be LF alone. Empty lines between records are left out.
///
/// - Throws: a `Diagnostic` at the first place that is no CSV.
func readCSV(_ source: SourceText) throws(Diagnostic) -> Datum {
  if let problem = source.encodingProblem { throw problem }
  var reader = CSVReader(source)
  guard let header = try reader.record() else { return Datum(.list([])) }
  var names: Set<String> = []
  for (index, name) in header.enumerated() {
    if name.text.isEmpty {
      throw source.diagnostic(
        id: "csv-syntax", "column \(index + 1) has a name in the first line", at: name.offset, hint: "name,size,price")
    }
    if !names.insert(name.text).inserted {
      throw source.diagnostic(id: "csv-syntax", "two columns are called \(name.text)", at: name.offset)
    }
  }
  var rows: [Datum] = []
  while let record = try reader.record() {
    guard record.count == header.count else {
      throw source.diagnostic(
        id: "csv-syntax", "a line has \(header.count) fields as the first one, this has \(record.count)",
        at: record[0].offset, hint: "a field with a comma in it stands in double quotes")
    }
    let entries = zip(header, record).map { name, field in
      Datum.Entry(key: name.text, keyPlace: .unknown, datum: Datum(.string(field.text)))
    }
    rows.append(Datum(.map(entries)))
  }
  return Datum(.list(rows))
}

private struct CSVReader {
  struct Field {
    var text: String
    /// Of its first byte.
    var offset: Int
  }

  let source: SourceText
  private var index: Int
  private var bytes: [UInt8] { source.bytes }

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")

  init(_ source: SourceText) {
    self.source = source
    index = source.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// The next record; nil at the end.
  mutating func record() throws(Diagnostic) -> [Field]? {
    while index < bytes.count, isLineEnd(bytes[index]) { index += 1 }
    guard index < bytes.count else { return nil }
    var fields = [try field()]
    while index < bytes.count, bytes[index] == Self.comma {
      index += 1
      fields.append(try field())
    }
    return fields
  }

  /// One field; `index` is at the comma, the line end or the end behind it then.
  private mutating func field() throws(Diagnostic) -> Field {
    let start = index
    guard index < bytes.count, bytes[index] == Self.quote else {
      while index < bytes.count, bytes[index] != Self.comma, !isLineEnd(bytes[index]) {
        if bytes[index] == Self.quote {
          throw source.diagnostic(
            id: "csv-syntax", "a field with a double quote in it stands in double quotes", at: index,
            hint: "\"a \"\"quoted\"\" word\"")
        }
        index += 1
      }
      return Field(text: String(decoding: bytes[start..<index], as: UTF8.self), offset: start)
    }
    var text: [UInt8] = []
    index += 1
    while true {
      guard let end = bytes[index...].firstIndex(of: Self.quote) else {
        throw source.diagnostic(id: "csv-syntax", "a field that begins with a double quote ends with one", at: start)
      }
      text += bytes[index..<end]
      index = end + 1
      guard index < bytes.count, bytes[index] == Self.quote else { break }
      text.append(Self.quote)
      index += 1
    }
    if index < bytes.count, bytes[index] != Self.comma, !isLineEnd(bytes[index]) {
      throw source.diagnostic(
        id: "csv-syntax", "behind the closing quote of a field stands a comma or the end of the line", at: index,
        hint: "a double quote in a quoted field is written twice")
    }
    return Field(text: String(decoding: text, as: UTF8.self), offset: start)
  }

  private func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
}
