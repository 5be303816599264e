/// JSON as Python's `json.dumps` writes it with sorted keys: `, ` and `: ` between, ASCII only.
///
/// - Parameters:
///   - indent: spaces a level; nil keeps everything on one line.
///   - htmlSafe: `<`, `>`, `&` and `'` become escapes, so that the text can stand in a script element.
func json(_ value: Value, indent: Int? = nil, htmlSafe: Bool) throws -> String {
  var writer = JSONWriter(indent: indent, htmlSafe: htmlSafe)
  try writer.write(value, depth: 0)
  return String(decoding: writer.output, as: UTF8.self)
}

private struct JSONWriter {
  let indent: Int?
  let htmlSafe: Bool
  var output: [UInt8] = []

  mutating func write(_ value: Value, depth: Int) throws {
    guard depth < Value.depthLimit else { throw TemplateError.limit("value is nested too deeply for JSON") }
    switch value {
    case .none: output.append("null")
    case .bool(let flag): output.append(flag ? "true" : "false")
    case .int(let number): output.append(decimal: number)
    case .double(let number):
      output.append(
        number.isNaN ? "NaN" : number.isInfinite ? (number < 0 ? "-Infinity" : "Infinity") : Value.python(number))
    case .string(let text), .safe(let text): write(text)
    case .date(let date): write(date.formatted("rfc3339"))
    case .list, .tuple, .sequence:
      try write(value.elements, between: "[", "]", depth) { writer, item in
        try writer.write(item, depth: depth + 1)
      }
    case .map, .object:
      let entries = (mapEntries(value) ?? []).sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
      try write(entries, between: "{", "}", depth) { writer, entry in
        writer.write(entry.name)
        writer.output.append(": ")
        try writer.write(entry.value, depth: depth + 1)
      }
    case .undefined: throw TemplateError(id: "undefined-value", "something undefined can't be written as JSON")
    case .special(let special): throw TemplateError.type("\(special.typeName) can't be written as JSON")
    }
  }

  private mutating func write<Item>(
    _ items: [Item], between open: String, _ close: String, _ depth: Int,
    _ body: (inout JSONWriter, Item) throws -> Void
  ) throws {
    output.append(open)
    for (index, item) in items.enumerated() {
      if index > 0 { output.append(indent == nil ? ", " : ",") }
      breakLine(depth + 1)
      try body(&self, item)
    }
    if !items.isEmpty { breakLine(depth) }
    output.append(close)
    if output.count > Renderer.textLimit { throw TemplateError.limit("text is too long") }
  }

  private mutating func breakLine(_ depth: Int) {
    guard let indent else { return }
    output.append(newline)
    for _ in 0..<(indent * depth) { output.append(UInt8(ascii: " ")) }
  }

  private mutating func write(_ text: String) {
    output.append(UInt8(ascii: "\""))
    for unit in text.utf16 {
      switch unit {
      case 0x22: output.append("\\\"")
      case 0x5C: output.append("\\\\")
      case 0x0A: output.append("\\n")
      case 0x0D: output.append("\\r")
      case 0x09: output.append("\\t")
      case 0x08: output.append("\\b")
      case 0x0C: output.append("\\f")
      case 0x26, 0x27, 0x3C, 0x3E: htmlSafe ? writeEscape(unit) : output.append(UInt8(unit))
      case 0x20..<0x7F: output.append(UInt8(unit))
      default: writeEscape(unit)
      }
    }
    output.append(UInt8(ascii: "\""))
  }

  private mutating func writeEscape(_ unit: UInt16) {
    let hex = Array("0123456789abcdef".utf8)
    output.append("\\u")
    for shift in [12, 8, 4, 0] { output.append(hex[Int(unit >> UInt16(shift)) & 15]) }
  }
}
