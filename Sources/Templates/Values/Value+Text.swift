extension Value {
  /// Appends what Python's `str` gives for the value, unescaped.
  public func write(to output: inout [UInt8]) {
    switch self {
    case .undefined: break
    case .none: output.append("None")
    case .bool(let flag): output.append(flag ? "True" : "False")
    case .int(let number): output.append(decimal: number)
    case .double(let number): output.append(Self.python(number))
    case .string(let text), .safe(let text): output.append(text)
    case .date(let date): output.append(date.description)
    case .list, .tuple, .map, .sequence, .object, .special: writeRepresentation(to: &output)
    }
  }

  /// What Python's `str` gives.
  public var text: String {
    switch self {
    case .string(let text), .safe(let text): return text
    default:
      var bytes: [UInt8] = []
      write(to: &bytes)
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  /// What Python's `repr` gives.
  var representation: String {
    var bytes: [UInt8] = []
    writeRepresentation(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Python's `repr` of a float: Swift's shortest digits are the same ones.
  static func python(_ number: Double) -> String {
    if number.isNaN { return "nan" }
    return number.description
  }

  private func writeRepresentation(to output: inout [UInt8]) {
    writeRepresentation(to: &output, depth: 0, end: output.count + Renderer.textLimit)
  }

  /// - Parameter end: how long `output` may become; a list that holds another one twice, and so on, has no end.
  private func writeRepresentation(to output: inout [UInt8], depth: Int, end: Int) {
    guard depth < Self.depthLimit, output.count < end else { return output.append("...") }
    switch self {
    case .undefined: output.append("Undefined")
    case .string(let text): Self.writeQuoted(text, to: &output)
    case .safe(let text):
      output.append("Markup(")
      Self.writeQuoted(text, to: &output)
      output.append(")")
    case .list(let items): Self.write(items, between: ("[", "]"), to: &output, depth: depth, end: end)
    case .tuple(let items):
      Self.write(items, between: ("(", items.count == 1 ? ",)" : ")"), to: &output, depth: depth, end: end)
    case .sequence(let sequence):
      if let range = sequence as? RangeSequence { return output.append(range.description) }
      Self.write(elements, between: ("[", "]"), to: &output, depth: depth, end: end)
    case .map(let map):
      output.append("{")
      for index in 0..<map.count {
        let (name, value) = map.entry(at: index)
        if index > 0 { output.append(", ") }
        Self.writeQuoted(name, to: &output)
        output.append(": ")
        value.writeRepresentation(to: &output, depth: depth + 1, end: end)
      }
      output.append("}")
    case .object: output.append("<object>")
    case .special(let namespace as Namespace):
      namespace.write(to: &output) { $0.writeRepresentation(to: &$1, depth: depth + 1, end: end) }
    case .special(let special): output.append(special.description)
    case .none, .bool, .int, .double, .date: write(to: &output)
    }
  }

  private static func write(
    _ items: [Value], between marks: (String, String), to output: inout [UInt8], depth: Int, end: Int
  ) {
    output.append(marks.0)
    for (index, item) in items.enumerated() {
      if index > 0 { output.append(", ") }
      item.writeRepresentation(to: &output, depth: depth + 1, end: end)
    }
    output.append(marks.1)
  }

  /// Single quotes, unless there are single and no double ones inside.
  private static func writeQuoted(_ text: String, to output: inout [UInt8]) {
    let single = UInt8(ascii: "'")
    let double = UInt8(ascii: "\"")
    let quote = text.utf8.contains(single) && !text.utf8.contains(double) ? double : single
    output.append(quote)
    for byte in text.utf8 {
      switch byte {
      case quote, UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): output.append("\\n")
      case UInt8(ascii: "\r"): output.append("\\r")
      case UInt8(ascii: "\t"): output.append("\\t")
      case 0..<32, 127:
        let hex = Array("0123456789abcdef".utf8)
        output += [UInt8(ascii: "\\"), UInt8(ascii: "x"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
      default: output.append(byte)
      }
    }
    output.append(quote)
  }
}

extension [UInt8] {
  @inline(__always)
  mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { self.append(contentsOf: $0) }
  }

  mutating func append(decimal number: Int) {
    if number < 0 { append(UInt8(ascii: "-")) }
    append(number.magnitude, width: 1, padding: 0)
  }

  /// A number that is not negative, with at least `width` digits.
  mutating func append(_ number: Int, width: Int, padding: UInt8 = UInt8(ascii: "0")) {
    append(number.magnitude, width: width, padding: padding)
  }

  private mutating func append(_ number: UInt, width: Int, padding: UInt8) {
    var power: UInt = 1
    var digits = 1
    while number / power >= 10 {
      power *= 10
      digits += 1
    }
    while digits < width {
      append(padding)
      digits += 1
    }
    while power > 0 {
      append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / power % 10))
      power /= 10
    }
  }
}
