/// One `key = value` of a TOML text.
struct TOMLStatement {
  /// The table it stands in, with dots; empty at the top level.
  var table: String
  var key: String
  /// 1-based, of the text.
  var line: Int
  /// From the key's line to the end of the value's last line.
  var range: Range<Int>
}

/// The statements of a TOML text; values over several lines (strings, arrays) belong to theirs. Headers of tables are none.
func tomlStatements(_ bytes: ArraySlice<UInt8>) -> [TOMLStatement] {
  var statements: [TOMLStatement] = []
  scanTOML(bytes, header: { _, _ in }, statement: { statements.append($0) })
  return statements
}

/// The 1-based line of each key and table, by its path with dots.
func tomlKeyLines(_ bytes: ArraySlice<UInt8>) -> [String: Int] {
  var lines: [String: Int] = [:]
  func note(_ path: String, _ line: Int) {
    var path = path[...]
    var steps = 0
    while !path.isEmpty, steps < 8 {
      if lines[String(path)] == nil { lines[String(path)] = line }
      guard let dot = path.lastIndex(of: ".") else { break }
      path = path[..<dot]
      steps += 1
    }
  }
  scanTOML(
    bytes, header: { name, line in note(name, line) },
    statement: { note($0.table.isEmpty ? $0.key : $0.table + "." + $0.key, $0.line) })
  return lines
}

private func scanTOML(
  _ bytes: ArraySlice<UInt8>, header: (String, Int) -> Void, statement: (TOMLStatement) -> Void
) {
  var table = ""
  var line = 1
  var start = bytes.startIndex
  while start < bytes.endIndex {
    let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.endIndex
    let content = bytes[start..<end].drop { $0 == 0x20 || $0 == 0x09 }
    if content.first == UInt8(ascii: "[") {
      table = dottedKey(content.drop { $0 == UInt8(ascii: "[") }.prefix { $0 != UInt8(ascii: "]") })
      header(table, line)
    } else if let first = content.first, !"#\r\n".utf8.contains(first),
      let equals = content.firstIndex(of: UInt8(ascii: "="))
    {
      let valueEnd = endOfValue(bytes, equals + 1)
      statement(
        TOMLStatement(table: table, key: dottedKey(content[..<equals]), line: line, range: start..<valueEnd))
      for byte in bytes[start..<valueEnd] where byte == UInt8(ascii: "\n") { line += 1 }
      start = valueEnd
      continue
    }
    line += 1
    start = end
  }
}

/// Behind the line end that ends the value that begins at `start`.
private func endOfValue(_ bytes: ArraySlice<UInt8>, _ start: Int) -> Int {
  var depth = 0
  var index = start
  while index < bytes.endIndex {
    let byte = bytes[index]
    switch byte {
    case UInt8(ascii: "\n") where depth <= 0: return index + 1
    case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
    case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
    case UInt8(ascii: "#"):
      while index < bytes.endIndex, bytes[index] != UInt8(ascii: "\n") { index += 1 }
      continue
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      index = endOfString(bytes, index, quote: byte)
      continue
    default: break
    }
    index += 1
  }
  return bytes.endIndex
}

private func endOfString(_ bytes: ArraySlice<UInt8>, _ start: Int, quote: UInt8) -> Int {
  let isLong = start + 2 < bytes.endIndex && bytes[start + 1] == quote && bytes[start + 2] == quote
  var index = start + (isLong ? 3 : 1)
  while index < bytes.endIndex {
    if bytes[index] == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
      index += 2
      continue
    }
    if bytes[index] == UInt8(ascii: "\n"), !isLong { return index }
    if bytes[index] == quote {
      if !isLong { return index + 1 }
      if index + 2 < bytes.endIndex, bytes[index + 1] == quote, bytes[index + 2] == quote { return index + 3 }
    }
    index += 1
  }
  return bytes.endIndex
}

/// `a . "b c"` → `a.b c`.
private func dottedKey(_ bytes: ArraySlice<UInt8>) -> String {
  String(decoding: bytes.filter { $0 != 0x20 && $0 != 0x09 && $0 != 0x22 && $0 != 0x27 }, as: UTF8.self)
}
