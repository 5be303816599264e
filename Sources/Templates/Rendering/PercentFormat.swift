import Glibc

func realPower(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

/// What stands right of `%`, or behind the format in the filter `format`.
enum FormatArguments {
  case values([Value])
  case names(ValueMap)
}

func formatArguments(_ value: Value) -> FormatArguments {
  switch value {
  case .tuple(let items): .values(items)
  case .map(let map): .names(map)
  default: .values([value])
  }
}

/// Python's `%`: `%s`, `%r`, `%d`, `%f`, `%e`, `%g`, `%x`, `%o`, `%c`, `%%`, with flags, width, precision and `%(name)s`.
func percentFormat(_ format: String, _ arguments: FormatArguments, escape: Bool) throws -> String {
  var output: [UInt8] = []
  let bytes = Array(format.utf8)
  var index = 0
  var nextArgument = 0
  func take() throws -> Value {
    switch arguments {
    case .values(let values):
      guard nextArgument < values.count else { throw TemplateError("format has more places than there are arguments") }
      nextArgument += 1
      return values[nextArgument - 1]
    case .names(let map): return .map(map)
    }
  }
  func number() throws -> Int? {
    if index < bytes.count, bytes[index] == UInt8(ascii: "*") {
      index += 1
      guard case .int(let width) = try take(), width.magnitude <= 1000 else {
        throw TemplateError("width is not usable")
      }
      return width
    }
    var result: Int?
    while index < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[index] {
      result = (result ?? 0) * 10 + Int(bytes[index] - UInt8(ascii: "0"))
      if let result, result > 1000 { throw TemplateError.limit("width or precision above 1000") }
      index += 1
    }
    return result
  }
  while index < bytes.count {
    guard bytes[index] == UInt8(ascii: "%") else {
      output.append(bytes[index])
      index += 1
      continue
    }
    index += 1
    var value: Value?
    if index < bytes.count, bytes[index] == UInt8(ascii: "(") {
      guard let close = bytes[index...].firstIndex(of: UInt8(ascii: ")")), case .names(let map) = arguments else {
        throw TemplateError("format names an argument, so a map is needed")
      }
      let name = String(decoding: bytes[(index + 1)..<close], as: UTF8.self)
      guard let found = map[name] else { throw TemplateError("format argument `\(name)` is not given") }
      value = found
      index = close + 1
    }
    var flags: Set<UInt8> = []
    while index < bytes.count, "-+ 0#".utf8.contains(bytes[index]) {
      flags.insert(bytes[index])
      index += 1
    }
    var width = try number() ?? 0
    if width < 0 {
      flags.insert(UInt8(ascii: "-"))
      width = -width
    }
    var precision: Int?
    if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
      index += 1
      precision = try number() ?? 0
    }
    while index < bytes.count, "hlL".utf8.contains(bytes[index]) { index += 1 }
    guard index < bytes.count else { throw TemplateError("format is incomplete") }
    let code = Unicode.Scalar(bytes[index])
    index += 1
    if code == "%" {
      output.append(UInt8(ascii: "%"))
      continue
    }
    let piece = try formatted(value ?? (try take()), code, flags, width, precision, escape: escape)
    output.append(piece)
    if output.count > Renderer.textLimit { throw TemplateError.limit("text is too long") }
  }
  if case .values(let values) = arguments, nextArgument < values.count {
    throw TemplateError("format has fewer places than there are arguments")
  }
  return String(decoding: output, as: UTF8.self)
}

private func formatted(
  _ value: Value, _ code: Unicode.Scalar, _ flags: Set<UInt8>, _ width: Int, _ precision: Int?, escape: Bool
) throws -> String {
  func padded(_ sign: String, _ digits: String, zeros: Bool) -> String {
    let missing = width - sign.unicodeScalars.count - digits.unicodeScalars.count
    if missing <= 0 { return sign + digits }
    if flags.contains(UInt8(ascii: "-")) { return sign + digits + String(repeating: " ", count: missing) }
    if zeros, flags.contains(UInt8(ascii: "0")) { return sign + String(repeating: "0", count: missing) + digits }
    return String(repeating: " ", count: missing) + sign + digits
  }
  func sign(_ isNegative: Bool) -> String {
    isNegative ? "-" : flags.contains(UInt8(ascii: "+")) ? "+" : flags.contains(UInt8(ascii: " ")) ? " " : ""
  }
  switch code {
  case "s", "r", "a":
    var text = code == "s" ? value.text : value.representation
    if escape, !value.isMarkup { text = escaped(text) }
    if let precision { text = String(String.UnicodeScalarView(text.unicodeScalars.prefix(precision))) }
    return padded("", text, zeros: false)
  case "c":
    if let text = value.asText, text.unicodeScalars.count == 1 { return padded("", text, zeros: false) }
    guard case .int(let number) = value, let scalar = UInt32(exactly: number).flatMap(Unicode.Scalar.init) else {
      throw TemplateError.type("`%c` needs a character")
    }
    return padded("", String(Character(scalar)), zeros: false)
  case "d", "i", "u", "x", "X", "o":
    let number: Int
    switch value {
    case .int(let value): number = value
    case .bool(let flag): number = flag ? 1 : 0
    case .double(let value) where code == "d" || code == "i" || code == "u":
      guard let whole = Int(exactly: value.rounded(.towardZero)) else { throw tooLargeToFormat }
      number = whole
    default:
      throw value.isUndefined
        ? UndefinedUse() : TemplateError.type("`%\(code)` needs a number, not \(value.typeName)") as any Error
    }
    let radix = code == "o" ? 8 : code == "x" || code == "X" ? 16 : 10
    var digits = String(number.magnitude, radix: radix, uppercase: code == "X")
    if let precision, digits.utf8.count < precision {
      digits = String(repeating: "0", count: precision - digits.utf8.count) + digits
    }
    let prefix =
      flags.contains(UInt8(ascii: "#")) ? (code == "o" ? "0o" : code == "x" ? "0x" : code == "X" ? "0X" : "") : ""
    return padded(sign(number < 0) + prefix, digits, zeros: true)
  case "f", "F", "e", "E", "g", "G":
    guard let number = value.number else {
      throw value.isUndefined
        ? UndefinedUse() : TemplateError.type("`%\(code)` needs a number, not \(value.typeName)") as any Error
    }
    guard number.isFinite else { return padded(sign(number < 0), number.isNaN ? "nan" : "inf", zeros: false) }
    let digits = fixed(abs(number), precision ?? 6, code)
    return padded(sign(number.sign == .minus), digits, zeros: true)
  default: throw TemplateError("format has no code `%\(Character(code))`")
  }
}

private let tooLargeToFormat = TemplateError.limit("number is too large")

/// A number as C's `printf` writes it: `code` is one of `f`, `e`, `g` and their capitals.
func fixed(_ number: Double, _ precision: Int, _ code: Unicode.Scalar = "f") -> String {
  var buffer = [CChar](repeating: 0, count: 1500)
  let format = "%.\(min(max(precision, 0), 1000))\(Character(code))"
  let count = withVaList([number]) { vsnprintf(&buffer, buffer.count, format, $0) }
  return String(decoding: buffer.prefix(max(0, Int(count))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
