/// Filters that Jinja2 lacks and sites need.
let siteFilters: [String: TemplateFunction] = [
  "date": dateFilter { _ in .english },
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
