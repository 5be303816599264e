import Files

/// Reads JSON (RFC 8259), strictly, with the place of every value. Keys given twice are an error.
func readJSON(_ text: DataText) throws(Diagnostic) -> Datum {
  var reader = JSONReader(text: text, index: text.range.lowerBound)
  let datum = try reader.value(depth: 0)
  reader.skipSpace()
  guard reader.index == text.range.upperBound else { throw reader.problem("JSON ends here, yet more follows") }
  return datum
}

struct JSONReader {
  let text: DataText
  var index: Int

  private var end: Int { text.range.upperBound }
  private var next: UInt8? { index < end ? text.source.bytes[index] : nil }

  init(text: DataText, index: Int) {
    self.text = text
    self.index = index
  }

  func problem(_ message: String, hint: String? = nil) -> Diagnostic {
    text.source.diagnostic(id: "json-syntax", message, at: index, hint: hint)
  }

  mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
  }

  private func place() -> Datum.Place {
    let location = text.source.location(at: index)
    return Datum.Place(line: Int32(location.line), column: Int32(location.column))
  }

  /// Reads one value; `index` then stands behind it.
  mutating func value(depth: Int) throws(Diagnostic) -> Datum {
    skipSpace()
    guard depth <= DataText.deepestNesting else {
      throw problem("JSON nests too deeply", hint: "at most \(DataText.deepestNesting) levels are read")
    }
    let place = place()
    switch next {
    case UInt8(ascii: "{"): return Datum(.map(try map(depth: depth)), at: place)
    case UInt8(ascii: "["): return Datum(.list(try list(depth: depth)), at: place)
    case UInt8(ascii: "\""): return Datum(.string(try string()), at: place)
    case nil: throw problem("JSON ends too early, a value is missing")
    default: return Datum(try literal(), at: place)
    }
  }

  private mutating func map(depth: Int) throws(Diagnostic) -> [Datum.Entry] {
    index += 1
    var entries: [Datum.Entry] = []
    var names: Set<String> = []
    skipSpace()
    if next == UInt8(ascii: "}") {
      index += 1
      return entries
    }
    while true {
      skipSpace()
      let keyPlace = place()
      guard next == UInt8(ascii: "\"") else {
        throw problem("a key in double quotes is missing", hint: "JSON has no comma behind the last entry")
      }
      let start = index
      let key = try string()
      guard names.insert(key).inserted else {
        index = start
        throw problem("\(key) is given twice", hint: "keep one of them")
      }
      skipSpace()
      guard next == UInt8(ascii: ":") else { throw problem("a colon is missing behind the key") }
      index += 1
      entries.append(Datum.Entry(key: key, keyPlace: keyPlace, datum: try value(depth: depth + 1)))
      if try endsList(with: UInt8(ascii: "}")) { return entries }
    }
  }

  private mutating func list(depth: Int) throws(Diagnostic) -> [Datum] {
    index += 1
    var items: [Datum] = []
    skipSpace()
    if next == UInt8(ascii: "]") {
      index += 1
      return items
    }
    while true {
      items.append(try value(depth: depth + 1))
      if try endsList(with: UInt8(ascii: "]")) { return items }
    }
  }

  private mutating func endsList(with closing: UInt8) throws(Diagnostic) -> Bool {
    skipSpace()
    guard let byte = next, byte == closing || byte == UInt8(ascii: ",") else {
      throw problem("a comma or a closing \(closing == UInt8(ascii: "}") ? "}" : "]") is missing")
    }
    index += 1
    return byte == closing
  }

  private mutating func literal() throws(Diagnostic) -> Datum.Value {
    let start = index
    while let byte = next, byte != 0x2C, byte != 0x7D, byte != 0x5D, byte > 0x20 { index += 1 }
    let word = String(decoding: text.source.bytes[start..<index], as: UTF8.self)
    switch word {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "null": return .null
    default: break
    }
    if Self.isNumber(word) {
      if let int = Int(word) { return .int(int) }
      if let double = Double(word), double.isFinite { return .double(double) }
    }
    index = start
    throw problem("\(word.isEmpty ? "a value" : word) is no JSON value", hint: "text needs double quotes")
  }

  /// RFC 8259, section 6: no leading zeros, digits on both sides of a point.
  private static func isNumber(_ word: String) -> Bool {
    var rest = Substring(word)
    func digits() -> Int {
      let count = rest.prefix { $0.isASCII && $0.isNumber }.count
      rest = rest.dropFirst(count)
      return count
    }
    if rest.first == "-" { rest.removeFirst() }
    let isZero = rest.first == "0"
    let whole = digits()
    if whole == 0 || (isZero && whole > 1) { return false }
    if rest.first == "." {
      rest.removeFirst()
      if digits() == 0 { return false }
    }
    if rest.first == "e" || rest.first == "E" {
      rest.removeFirst()
      if rest.first == "+" || rest.first == "-" { rest.removeFirst() }
      if digits() == 0 { return false }
    }
    return rest.isEmpty
  }

  private mutating func string() throws(Diagnostic) -> String {
    let start = index
    index += 1
    var bytes: [UInt8] = []
    while let byte = next {
      index += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(into: &bytes)
      case 0..<0x20:
        index -= 1
        throw problem("a line end or control character stands inside a text", hint: "write it as \\n or \\u00XX")
      default: bytes.append(byte)
      }
    }
    index = start
    throw problem("the closing double quote is missing")
  }

  private mutating func escape(into bytes: inout [UInt8]) throws(Diagnostic) {
    guard let byte = next else { throw problem("an escape is cut off") }
    index += 1
    switch byte {
    case UInt8(ascii: "n"): bytes.append(0x0A)
    case UInt8(ascii: "t"): bytes.append(0x09)
    case UInt8(ascii: "r"): bytes.append(0x0D)
    case UInt8(ascii: "b"): bytes.append(0x08)
    case UInt8(ascii: "f"): bytes.append(0x0C)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
    case UInt8(ascii: "u"): try unicodeEscape(into: &bytes)
    default:
      index -= 2
      throw problem("\\\(Character(Unicode.Scalar(byte))) is no escape of JSON")
    }
  }

  private mutating func unicodeEscape(into bytes: inout [UInt8]) throws(Diagnostic) {
    var code = try hexCode()
    if (0xD800..<0xDC00).contains(code), index + 1 < end, text.source.bytes[index] == UInt8(ascii: "\\"),
      text.source.bytes[index + 1] == UInt8(ascii: "u")
    {
      let behind = index
      index += 2
      let low = try hexCode()
      // Half a pair is no character, and what follows it is one of its own.
      if (0xDC00..<0xE000).contains(low) {
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      } else {
        index = behind
      }
    }
    let scalar = Unicode.Scalar(code) ?? "\u{FFFD}"
    bytes += Array(String(Character(scalar)).utf8)
  }

  private mutating func hexCode() throws(Diagnostic) -> UInt32 {
    // A sign would be read too.
    guard index + 4 <= end, ![UInt8(ascii: "+"), UInt8(ascii: "-")].contains(text.source.bytes[index]),
      let code = UInt32(String(decoding: text.source.bytes[index..<index + 4], as: UTF8.self), radix: 16)
    else { throw problem("\\u needs four hexadecimal digits") }
    index += 4
    return code
  }
}
