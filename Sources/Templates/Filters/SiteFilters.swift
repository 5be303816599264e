/// Filters that Jinja2 lacks and sites need.
let siteFilters: [String: TemplateFunction] = [
  "date": dateFilter { _ in .english },
  "slugify": { _, arguments in .string(slug(arguments[0].text)) },
  "truncatewords": { _, arguments in
    try arguments.check(["count", "end"])
    guard let count = try arguments.int(1, "count"), count >= 0 else {
      throw TemplateError("`truncatewords` needs a count")
    }
    let end = try arguments.string(2, "end") ?? "…"
    let words = arguments[0].text.pythonSplit(nil, limit: count)
    if words.count <= count { return arguments[0] }
    return arguments[0].map { _ in words.prefix(count).joined(separator: " ") + end }
  },
]

/// The filter `date`, for sites that write dates in several languages.
///
/// - Parameter names: those of the language that the call is made in.
public func dateFilter(_ names: @escaping @Sendable (TemplateCall) -> DateNames) -> TemplateFunction {
  return { call, arguments in
    try arguments.check(["format"])
    let format = try arguments.string(1, "format") ?? "%Y-%m-%d"
    let date: TemplateDate
    switch arguments[0] {
    case .date(let given): date = given
    case .string(let text), .safe(let text):
      guard let parsed = TemplateDate.parse(text) else {
        throw TemplateError("\"\(text)\" is no date", hint: "write it as 2026-11-22 or 2026-11-22T10:30:00+01:00")
      }
      date = parsed
    case .int(let seconds): date = TemplateDate(secondsSince1970: seconds)
    case .undefined, .none: return .string("")
    default: throw TemplateError.type("`date` needs a date, not \(arguments[0].typeName)")
    }
    return .string(date.formatted(format, names: names(call)))
  }
}

/// Lower case; letters and digits of any script stay, everything else becomes one hyphen.
func slug(_ text: String) -> String {
  var result: [UInt8] = []
  result.reserveCapacity(text.utf8.count)
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): result.append(byte)
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): result.append(byte | 32)
    case UInt8(ascii: "'"): break
    case 128...: return unicodeSlug(text)
    default: if let last = result.last, last != UInt8(ascii: "-") { result.append(UInt8(ascii: "-")) }
    }
  }
  if result.last == UInt8(ascii: "-") { result.removeLast() }
  return String(decoding: result, as: UTF8.self)
}

private func unicodeSlug(_ text: String) -> String {
  var result = Scalars()
  for scalar in text.lowercased().unicodeScalars {
    switch scalar {
    case "_": if let last = result.last, last != "-" { result.append("-") }
    case "'", "’": break
    case _ where scalar.isWord || scalar.properties.generalCategory == .nonspacingMark: result.append(scalar)
    default: if let last = result.last, last != "-" { result.append("-") }
    }
  }
  if result.last == "-" { result.removeLast() }
  return String(result)
}
