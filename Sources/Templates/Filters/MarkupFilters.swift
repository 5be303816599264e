/// Filters about HTML, URLs and JSON.
let markupFilters: [String: TemplateFunction] = [
  "escape": plain { .safe($0.markup) },
  "e": plain { .safe($0.markup) },
  "xmlescape": plain { .safe($0.markup) },
  "forceescape": plain { .safe(escaped($0.text)) },
  "safe": plain { $0.isMarkup ? $0 : .safe($0.text) },
  "striptags": plain { .string(withoutTags($0.text)) },
  "plainify": plain { .string(withoutTags($0.text)) },
  "cdata": { _, arguments in
    // The one thing that a CDATA section can't hold is its own end.
    let text = try arguments[0].text.replacing("]]>", with: "]]]]><![CDATA[>")
    return .safe("<![CDATA[\(text)]]>")
  },
  "urlencode": { _, arguments in
    switch arguments[0] {
    case .map, .list, .tuple, .sequence, .object:
      let pairs =
        try mapEntries(arguments[0])?.map { ($0.name, $0.value.text) }
        ?? subjectItems(arguments).map { pair in
          guard let parts = pair.iterated, parts.count == 2 else {
            throw TemplateError.type("`urlencode` needs pairs of name and value")
          }
          return (parts[0].text, parts[1].text)
        }
      return .string(
        pairs.map { quoted($0.0, asQuery: true) + "=" + quoted($0.1, asQuery: true) }.joined(separator: "&"))
    default: return .string(quoted(arguments[0].text, asQuery: false))
    }
  },
  "xmlattr": { call, arguments in
    try arguments.check(["autospace"])
    guard let entries = mapEntries(arguments[0]) else { throw TemplateError.type("`xmlattr` needs a map") }
    var result: [String] = []
    for (name, value) in entries where !value.isNone && !value.isUndefined {
      if name.utf8.contains(where: { isSpace($0) || "/>=".utf8.contains($0) }) {
        throw TemplateError("attribute name \"\(name)\" has a character that ends it")
      }
      result.append("\(escaped(name))=\"\(value.markup)\"")
    }
    let text = result.joined(separator: " ")
    let hasSpace = (arguments.bool(1, "autospace") ?? true) && !text.isEmpty
    return call.result(hasSpace ? " " + text : text)
  },
  "tojson": { _, arguments in
    try arguments.check(["indent"])
    return .safe(try json(arguments[0], indent: jsonIndent(arguments), htmlSafe: true))
  },
  "json": { _, arguments in
    try arguments.check(["indent"])
    return .string(try json(arguments[0], indent: jsonIndent(arguments), htmlSafe: false))
  },
  "urlize": { call, arguments in
    try arguments.check(["trim_url_limit", "nofollow", "target", "rel", "extra_schemes"])
    var relations = Set((try arguments.string(4, "rel") ?? "").pythonSplit(nil))
    if arguments.bool(2, "nofollow") ?? false { relations.insert("nofollow") }
    relations.insert("noopener")
    let links = Urlizer(
      limit: try arguments.int(1, "trim_url_limit"), relations: relations.sorted().joined(separator: " "),
      target: try arguments.string(3, "target"),
      schemes: arguments.value(5, "extra_schemes")?.elements.compactMap(\.asText) ?? [])
    return call.result(links.linked(arguments[0].markup))
  },
]

private func jsonIndent(_ arguments: borrowing Arguments) throws -> Int? {
  guard let indent = try arguments.int(1, "indent") else { return nil }
  guard 0...16 ~= indent else { throw TemplateError.limit("indent is not 0 to 16") }
  return indent
}

/// Python's `urllib.parse.quote`: all but letters, digits and `_.-~/`; in queries `/` too, and spaces become `+`.
func quoted(_ text: String, asQuery: Bool) -> String {
  let hex = Array("0123456789ABCDEF".utf8)
  var bytes: [UInt8] = []
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"),
      UInt8(ascii: "~"):
      bytes.append(byte)
    case UInt8(ascii: "/") where !asQuery: bytes.append(byte)
    case UInt8(ascii: " ") where asQuery: bytes.append(UInt8(ascii: "+"))
    default: bytes += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}
