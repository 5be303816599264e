/// The methods of Python's strings, lists, maps and dates that templates use.
private let textMethods: Set<String> = [
  "upper", "lower", "capitalize", "title", "strip", "lstrip", "rstrip", "split", "rsplit", "splitlines", "replace",
  "startswith", "endswith", "join", "find", "rfind", "index", "count", "isdigit", "isalpha", "isalnum", "isspace",
  "isupper", "islower", "center", "ljust", "rjust", "zfill", "removeprefix", "removesuffix", "swapcase", "format",
  "partition", "rpartition", "casefold", "istitle", "isnumeric", "isdecimal",
]
private let mapMethods: Set<String> = ["items", "keys", "values", "get", "copy"]
private let listMethods: Set<String> = ["index", "count", "copy"]
private let dateMethods: Set<String> = ["strftime", "isoformat", "weekday", "timestamp"]

func hasMethod(_ name: String, _ value: Value) -> Bool {
  switch value {
  case .string, .safe: textMethods.contains(name)
  case .map, .object: mapMethods.contains(name)
  case .list, .tuple, .sequence: listMethods.contains(name)
  case .date: dateMethods.contains(name)
  case .special(let special): special is Namespace && mapMethods.contains(name)
  default: false
  }
}

/// - Returns: nil where the value has no such method.
func callMethod(
  _ name: String, of receiver: Value, _ arguments: borrowing Arguments, _ escapes: Bool
) throws -> Value? {
  guard hasMethod(name, receiver) else { return nil }
  switch receiver {
  case .string(let text): return try callTextMethod(name, text, isMarkup: false, arguments)
  case .safe(let text): return try callTextMethod(name, text, isMarkup: true, arguments)
  case .map, .object, .special: return try callMapMethod(name, receiver, arguments)
  case .list, .tuple, .sequence:
    switch name {
    case "count": return .int(receiver.elements.count { $0 == arguments[0] })
    case "copy": return receiver
    default:
      guard let index = receiver.elements.firstIndex(of: arguments[0]) else {
        throw TemplateError("\(arguments[0].representation) is not in the list")
      }
      return .int(index)
    }
  case .date(let date):
    switch name {
    case "strftime": return .string(date.formatted(try arguments.string(0, "format") ?? ""))
    case "weekday": return .int(date.weekday)
    case "timestamp": return .double(Double(date.secondsSince1970))
    default: return .string(date.formatted("rfc3339"))
    }
  default: return nil
  }
}

private func callMapMethod(_ name: String, _ receiver: Value, _ arguments: borrowing Arguments) throws -> Value {
  let entries = mapEntries(receiver) ?? []
  switch name {
  case "items": return .list(entries.map { .tuple([.string($0.name), $0.value]) })
  case "keys": return .list(entries.map { .string($0.name) })
  case "values": return .list(entries.map(\.value))
  case "get":
    guard let key = arguments[0].asText else { return arguments.value(1, "default") ?? .none }
    let found: Value? =
      switch receiver {
      case .map(let map): map[key]
      case .object(let object): object.member(key).isUndefined ? nil : object.member(key)
      default: entries.first { $0.name == key }?.value
      }
    return found ?? arguments.value(1, "default") ?? .none
  default: return receiver
  }
}

/// Names and values of anything that is like a map; nil for everything else.
func mapEntries(_ value: Value) -> [(name: String, value: Value)]? {
  switch value {
  case .map(let map): (0..<map.count).map { map.entry(at: $0) }
  case .object(let object): object.memberNames.map { ($0, object.member($0)) }
  case .special(let namespace as Namespace): (0..<namespace.members.count).map { namespace.members.entry(at: $0) }
  default: nil
  }
}

/// A method of text. What it gives is markup where the text is; arguments that are put into markup are escaped.
private func callTextMethod(
  _ name: String, _ text: String, isMarkup: Bool, _ arguments: borrowing Arguments
) throws -> Value {
  func result(_ text: String) -> Value { isMarkup ? .safe(text) : .string(text) }
  func argument(_ index: Int) throws -> String {
    guard let text = arguments[index].asText else {
      throw TemplateError.type("`\(name)` needs a string, not \(arguments[index].typeName)")
    }
    return isMarkup && !arguments[index].isMarkup ? escaped(text) : text
  }
  func plain(_ index: Int) throws -> String {
    guard let text = arguments[index].asText else {
      throw TemplateError.type("`\(name)` needs a string, not \(arguments[index].typeName)")
    }
    return text
  }
  func width() throws -> Int {
    let width = try arguments.int(0, "width") ?? 0
    if width > 100_000 { throw TemplateError.limit("width above 100000") }
    return width
  }
  func all(_ test: (Unicode.Scalar) -> Bool) -> Value {
    .bool(!text.isEmpty && text.unicodeScalars.allSatisfy(test))
  }
  switch name {
  case "upper": return result(text.uppercased())
  case "lower", "casefold": return result(text.lowercased())
  case "capitalize": return result(text.pythonCapitalized)
  case "title": return result(text.pythonTitle)
  case "swapcase":
    return result(
      text.unicodeScalars.map {
        $0.properties.isUppercase ? $0.properties.lowercaseMapping : $0.properties.uppercaseMapping
      }.joined())
  case "strip", "lstrip", "rstrip":
    let drop = try arguments.string(0, "chars").map { Set($0.unicodeScalars) }
    return result(
      text.stripped(start: name != "rstrip", end: name != "lstrip") { drop?.contains($0) ?? $0.isSpace })
  case "split", "rsplit":
    let separator = try arguments.string(0, "sep")
    if separator == "" { throw TemplateError("separator is empty") }
    let limit = try arguments.int(1, "maxsplit") ?? -1
    return .list(split(text, separator, limit, fromEnd: name == "rsplit").map(result))
  case "splitlines": return .list(text.pythonLines.map(result))
  case "replace":
    return result(try text.replacing(argument(0), with: argument(1), limit: arguments.int(2, "count") ?? -1))
  case "startswith", "endswith":
    let candidates = arguments[0].asText.map { [$0] } ?? arguments[0].elements.compactMap(\.asText)
    if candidates.isEmpty { _ = try plain(0) }
    return .bool(
      candidates.contains {
        name == "startswith" ? text.utf8.starts(with: $0.utf8) : text.utf8.reversed().starts(with: $0.utf8.reversed())
      })
  case "removeprefix":
    let part = try plain(0)
    return result(text.utf8.starts(with: part.utf8) ? String(text.unicodeScalars.dropFirst(part.scalarCount)) : text)
  case "removesuffix":
    let part = try plain(0)
    let ends = text.utf8.reversed().starts(with: part.utf8.reversed())
    return result(ends ? String(text.unicodeScalars.dropLast(part.scalarCount)) : text)
  case "join":
    guard let items = arguments[0].iterated else { throw TemplateError.type("`join` needs a list") }
    var output: [UInt8] = []
    for (index, item) in items.enumerated() {
      guard let piece = item.asText else { throw TemplateError.type("`join` needs strings, not \(item.typeName)") }
      if index > 0 { output.append(text) }
      if isMarkup, !item.isMarkup { output.append(escaped: piece) } else { output.append(piece) }
    }
    return result(String(decoding: output, as: UTF8.self))
  case "find", "rfind", "index":
    let place = try position(of: plain(0), in: text, last: name == "rfind")
    if place < 0, name == "index" { throw TemplateError("text to find is not there") }
    return .int(place)
  case "count":
    let part = try plain(0)
    return .int(part.isEmpty ? text.scalarCount + 1 : text.pythonSplit(part).count - 1)
  case "partition", "rpartition":
    let separator = try plain(0)
    if separator.isEmpty { throw TemplateError("separator is empty") }
    let parts = split(text, separator, 1, fromEnd: name == "rpartition")
    if parts.count == 2 { return .tuple([result(parts[0]), result(separator), result(parts[1])]) }
    return .tuple(name == "partition" ? [result(text), "", ""] : ["", "", result(text)])
  case "isdigit", "isnumeric", "isdecimal": return all { $0.properties.numericType != nil }
  case "isalpha": return all { $0.properties.isAlphabetic }
  case "isalnum": return all { $0.properties.isAlphabetic || $0.properties.numericType != nil }
  case "isspace": return all { $0.isSpace }
  case "isupper": return .bool(isUpper(text))
  case "islower": return .bool(isLower(text))
  case "istitle": return .bool(text.unicodeScalars.contains { $0.isCased } && text == text.pythonTitle)
  case "center", "ljust", "rjust":
    let padding = try arguments.string(1, "fillchar") ?? " "
    guard padding.scalarCount == 1 else { throw TemplateError("padding is one character") }
    let width = try width()
    if name == "center" { return result(text.centered(width, padding)) }
    let fill = String(repeating: padding, count: max(0, width - text.scalarCount))
    return result(name == "ljust" ? text + fill : fill + text)
  case "zfill":
    let missing = String(repeating: "0", count: max(0, try width() - text.scalarCount))
    guard let first = text.unicodeScalars.first, first == "-" || first == "+" else { return result(missing + text) }
    return result(String(Character(first)) + missing + String(text.unicodeScalars.dropFirst()))
  case "format": return result(try braceFormat(text, arguments, escape: isMarkup))
  default: return .undefined
  }
}

private func split(_ text: String, _ separator: String?, _ limit: Int, fromEnd: Bool) -> [String] {
  if !fromEnd || limit < 0 { return text.pythonSplit(separator, limit: limit) }
  func reversed(_ text: String) -> String { String(Scalars(text.unicodeScalars.reversed())) }
  return reversed(text).pythonSplit(separator.map(reversed), limit: limit).map(reversed).reversed()
}

/// In scalars; -1 where there is none.
private func position(of part: String, in text: String, last: Bool) -> Int {
  var found = -1
  var start = 0
  while let place = find(part, in: text, from: start) {
    found = place
    if !last || part.isEmpty { break }
    start = place + 1
  }
  guard found > 0 else { return found }
  return String(decoding: text.utf8.prefix(found), as: UTF8.self).scalarCount
}

func isUpper(_ text: String) -> Bool {
  text.unicodeScalars.contains { $0.isCased }
    && text.unicodeScalars.allSatisfy { !$0.isCased || $0.properties.isUppercase }
}

func isLower(_ text: String) -> Bool {
  text.unicodeScalars.contains { $0.isCased }
    && text.unicodeScalars.allSatisfy { !$0.isCased || $0.properties.isLowercase }
}

/// Python's `str.format` with `{}`, `{0}`, `{name}`, `{{`, `}}` and a format of fill-less width, precision and type (`{:05.1f}`).
private func braceFormat(_ format: String, _ arguments: borrowing Arguments, escape: Bool) throws -> String {
  var output: [UInt8] = []
  let bytes = Array(format.utf8)
  var index = 0
  var nextArgument = 0
  let (open, close) = (UInt8(ascii: "{"), UInt8(ascii: "}"))
  while index < bytes.count {
    let byte = bytes[index]
    if byte == open || byte == close, index + 1 < bytes.count, bytes[index + 1] == byte {
      output.append(byte)
      index += 2
      continue
    }
    guard byte == open else {
      if byte == close { throw TemplateError("format has a single \"}\"") }
      output.append(byte)
      index += 1
      continue
    }
    guard let end = bytes[index...].firstIndex(of: close) else { throw TemplateError("format has a single \"{\"") }
    let field = String(decoding: bytes[(index + 1)..<end], as: UTF8.self)
    let parts = field.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts.first.map(String.init) ?? ""
    let value: Value
    if name.isEmpty || Int(name) != nil {
      let place = Int(name) ?? nextArgument
      if name.isEmpty { nextArgument += 1 }
      guard 0..<arguments.count ~= place else { throw TemplateError("format has more places than there are arguments") }
      value = arguments[place]
    } else {
      guard let found = arguments[name] else { throw TemplateError("format argument `\(name)` is not given") }
      value = found
    }
    var piece = value.text
    if parts.count == 2, !parts[1].isEmpty {
      let isTyped = parts[1].last.map { $0.isLetter } ?? false
      let code = isTyped ? String(parts[1]) : String(parts[1]) + (value.number == nil ? "s" : "g")
      piece = try percentFormat("%" + code, .values([value]), escape: false)
    }
    output.append(escape && !value.isMarkup ? escaped(piece) : piece)
    index = end + 1
  }
  return String(decoding: output, as: UTF8.self)
}
