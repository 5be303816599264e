/// Filters that make or change numbers, and `default`.
let numberFilters: [String: TemplateFunction] = [
  "abs": { _, arguments in
    try arguments.check([])
    switch arguments[0] {
    case .int(let number):
      if number == Int.min { throw TemplateError.limit("number is too large") }
      return .int(abs(number))
    case .double(let number): return .double(abs(number))
    case .bool(let flag): return .int(flag ? 1 : 0)
    default: throw TemplateError.type("`abs` needs a number, not \(arguments[0].typeName)")
    }
  },
  "int": { _, arguments in
    try arguments.check(["default", "base"])
    let standard = arguments.value(1, "default") ?? .int(0)
    let base = try arguments.int(2, "base") ?? 10
    guard base == 0 || 2...36 ~= base else { throw TemplateError("base is 2 to 36") }
    switch arguments[0] {
    case .int: return arguments[0]
    case .bool(let flag): return .int(flag ? 1 : 0)
    case .double(let number): return Int(exactly: number.rounded(.towardZero)).map { .int($0) } ?? standard
    case .string(let text), .safe(let text): return integer(text, base).map { .int($0) } ?? standard
    case .undefined: throw UndefinedUse()
    default: return standard
    }
  },
  "float": { _, arguments in
    try arguments.check(["default"])
    if arguments[0].isUndefined { throw UndefinedUse() }
    if let number = arguments[0].number { return .double(number) }
    if let text = arguments[0].asText, let number = float(text) { return .double(number) }
    return arguments.value(1, "default") ?? .double(0)
  },
  "round": { _, arguments in
    try arguments.check(["precision", "method"])
    let method = try arguments.string(2, "method") ?? "common"
    let precision = min(max(try arguments.int(1, "precision") ?? 0, -300), 300)
    guard let number = arguments[0].number else {
      throw TemplateError.type("`round` needs a number, not \(arguments[0].typeName)")
    }
    switch method {
    case "common":
      if case .int(let number) = arguments[0], precision >= 0 { return .int(number) }
      let result = rounded(number, precision)
      if case .int = arguments[0] { return Int(exactly: result).map { .int($0) } ?? .double(result) }
      return .double(result)
    case "ceil", "floor":
      let factor = realPower(10, Double(precision))
      let scaled = (number * factor).rounded(method == "ceil" ? .up : .down)
      return .double(scaled / factor)
    default: throw TemplateError("`method` is \"common\", \"ceil\" or \"floor\"")
    }
  },
  "filesizeformat": { _, arguments in
    try arguments.check(["binary"])
    let isBinary = arguments.bool(1, "binary") ?? false
    guard let bytes = arguments[0].number ?? arguments[0].asText.flatMap(float) else {
      throw TemplateError.type("`filesizeformat` needs a number, not \(arguments[0].typeName)")
    }
    return .string(try fileSize(bytes, isBinary: isBinary))
  },
  "default": standard,
  "d": standard,
  "numberformat": { _, arguments in
    try arguments.check(["decimals", "point", "separator"])
    guard let number = arguments[0].number, number.isFinite else {
      throw TemplateError.type("`numberformat` needs a number, not \(arguments[0].typeName)")
    }
    let decimals = min(max(try arguments.int(1, "decimals") ?? 0, 0), 20)
    let point = try arguments.string(2, "point") ?? "."
    let separator = try arguments.string(3, "separator") ?? ","
    var digits = fixed(abs(number), decimals)
    if case .int(let whole) = arguments[0], decimals == 0 { digits = String(whole.magnitude) }
    let parts = digits.split(separator: ".")
    var whole = ""
    for (index, digit) in parts[0].enumerated() {
      if index > 0, (parts[0].count - index) % 3 == 0 { whole += separator }
      whole.append(digit)
    }
    let isNegative = number < 0 && digits.contains { $0 != "0" && $0 != "." }
    return .string((isNegative ? "-" : "") + whole + (parts.count > 1 ? point + parts[1] : ""))
  },
]

private let standard: TemplateFunction = { _, arguments in
  try arguments.check(["default_value", "boolean"])
  let isMissing = arguments[0].isUndefined || (arguments.bool(2, "boolean") ?? false) && !arguments[0].isTrue
  return isMissing ? arguments.value(1, "default_value") ?? .string("") : arguments[0]
}

/// Python's `int(text, base)`, or failing that, the whole part of a float.
private func integer(_ text: String, _ base: Int) -> Int? {
  var digits = text.stripped.lowercased()
  let isNegative = digits.hasPrefix("-")
  if isNegative || digits.hasPrefix("+") { digits.removeFirst() }
  var radix = base
  for (prefix, value) in [("0x", 16), ("0o", 8), ("0b", 2)]
  where digits.hasPrefix(prefix) && (base == value || base == 0) {
    digits.removeFirst(2)
    radix = value
  }
  if radix == 0 { radix = 10 }
  let plain = digits.first != "_" && digits.last != "_" ? digits.filter { $0 != "_" } : ""
  if plain.first?.isHexDigit == true || plain.first?.isLetter == true,
    let number = Int((isNegative ? "-" : "") + plain, radix: radix)
  {
    return number
  }
  guard let number = float(text), number.isFinite else { return nil }
  return Int(exactly: number.rounded(.towardZero))
}

/// Python's `float(text)`.
private func float(_ text: String) -> Double? {
  let plain = text.stripped.lowercased()
  switch plain {
  case "inf", "+inf", "infinity", "+infinity": return .infinity
  case "-inf", "-infinity": return -.infinity
  case "nan", "+nan", "-nan": return .nan
  default:
    guard let first = plain.utf8.first, first != UInt8(ascii: "_"), plain.utf8.last != UInt8(ascii: "_") else {
      return nil
    }
    // Swift would take hexadecimal floats too.
    let known = Set("0123456789+-.e_".utf8)
    guard plain.utf8.allSatisfy({ known.contains($0) }) else { return nil }
    return Double(plain.filter { $0 != "_" })
  }
}

/// Python's `round`: halves go to the even neighbour, decided on the number's exact decimal expansion.
private func rounded(_ number: Double, _ precision: Int) -> Double {
  guard number.isFinite else { return number }
  if precision == 0 { return number.rounded(.toNearestOrEven) }
  if precision > 0 { return Double(fixed(number, precision)) ?? number }
  let factor = realPower(10, Double(-precision))
  return (number / factor).rounded(.toNearestOrEven) * factor
}

private func fileSize(_ bytes: Double, isBinary: Bool) throws -> String {
  let base = isBinary ? 1024.0 : 1000.0
  if bytes == 1 { return "1 Byte" }
  if bytes < base {
    guard bytes.isFinite else { throw TemplateError.limit("number is too large") }
    let whole = bytes.rounded(.towardZero)
    return "\(Int(exactly: whole).map(String.init) ?? fixed(whole, 0)) Bytes"
  }
  let units =
    isBinary
    ? ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"] : ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"]
  var unit = base
  for (index, name) in units.enumerated() {
    unit *= base
    if bytes < unit || index == units.count - 1 { return "\(fixed(base * bytes / unit, 1)) \(name)" }
  }
  return ""
}
