/// Filters on lists and maps.
let listFilters: [String: TemplateFunction] = [
  "length": length,
  "count": length,
  "list": { _, arguments in
    try arguments.check([])
    if case .list = arguments[0] { return arguments[0] }
    return .list(try subjectItems(arguments))
  },
  "first": { call, arguments in
    try arguments.check([])
    switch arguments[0] {
    case .list, .tuple, .sequence: return try call.renderer.pointee.item(arguments[0], .int(0))
    default: return try subjectItems(arguments).first ?? .undefined
    }
  },
  "last": { call, arguments in
    try arguments.check([])
    switch arguments[0] {
    case .list, .tuple, .sequence: return try call.renderer.pointee.item(arguments[0], .int(-1))
    default: return try subjectItems(arguments).last ?? .undefined
    }
  },
  "reverse": { _, arguments in
    try arguments.check([])
    if let text = arguments[0].asText {
      let reversed = String(Scalars(text.unicodeScalars.reversed()))
      return arguments[0].isMarkup ? .safe(reversed) : .string(reversed)
    }
    return .list(try subjectItems(arguments).reversed())
  },
  "join": joined,
  "items": { _, arguments in
    try arguments.check([])
    if arguments[0].isUndefined { return .list([]) }
    guard let entries = mapEntries(arguments[0]) else { throw TemplateError.type("`items` needs a map") }
    return .list(entries.map { .tuple([.string($0.name), $0.value]) })
  },
  "dictsort": { _, arguments in
    try arguments.check(["case_sensitive", "by", "reverse"])
    guard let entries = mapEntries(arguments[0]) else { throw TemplateError.type("`dictsort` needs a map") }
    let caseSensitive = arguments.bool(1, "case_sensitive") ?? false
    let by = try arguments.string(2, "by") ?? "key"
    guard by == "key" || by == "value" else { throw TemplateError("`by` is \"key\" or \"value\"") }
    let pairs = entries.map { Value.tuple([.string($0.name), $0.value]) }
    return .list(
      try sorted(pairs, reverse: arguments.bool(3, "reverse") ?? false) {
        [folded($0.elements[by == "key" ? 0 : 1], caseSensitive: caseSensitive)]
      })
  },
  "sort": { call, arguments in
    try arguments.check(["reverse", "case_sensitive", "attribute", "by"])
    let attributes = Attribute.several(arguments.value(3, "attribute") ?? arguments["by"])
    let caseSensitive = arguments.bool(2, "case_sensitive") ?? false
    let call = call
    return .list(
      try sorted(subjectItems(arguments), reverse: arguments.bool(1, "reverse") ?? false) { item in
        try attributes.map { folded(try $0.of(item, call), caseSensitive: caseSensitive) }
      })
  },
  "unique": { call, arguments in
    try arguments.check(["case_sensitive", "attribute"])
    let attribute = Attribute(arguments.value(2, "attribute"))
    let caseSensitive = arguments.bool(1, "case_sensitive") ?? false
    var seen: Set<ValueKey> = []
    return .list(
      try subjectItems(arguments).filter {
        seen.insert(ValueKey(value: folded(try attribute.of($0, call), caseSensitive: caseSensitive))).inserted
      })
  },
  "min": { call, arguments in try extreme(&call, arguments, isMaximum: false) },
  "max": { call, arguments in try extreme(&call, arguments, isMaximum: true) },
  "sum": { call, arguments in
    try arguments.check(["attribute", "start"])
    let attribute = Attribute(arguments.value(1, "attribute"))
    var total = arguments.value(2, "start") ?? .int(0)
    for item in try subjectItems(arguments) {
      total = try arithmetic(.add, total, attribute.of(item, call), escapes: call.autoescape)
    }
    return total
  },
  "batch": { _, arguments in
    try arguments.check(["linecount", "fill_with"])
    let size = try positive(arguments, "linecount")
    let items = try subjectItems(arguments)
    var rows = stride(from: 0, to: items.count, by: size).map { Array(items[$0..<min($0 + size, items.count)]) }
    if let fill = arguments.value(2, "fill_with"), !fill.isNone, let last = rows.last {
      if size > Renderer.listLimit { throw TemplateError.limit("list is too long") }
      rows[rows.count - 1] += Array(repeating: fill, count: size - last.count)
    }
    return .list(rows.map { .list($0) })
  },
  "slice": { _, arguments in
    try arguments.check(["slices", "fill_with"])
    let count = try positive(arguments, "slices")
    if count > 100_000 { throw TemplateError.limit("more than 100000 slices") }
    let items = try subjectItems(arguments)
    var columns: [Value] = []
    var start = 0
    for index in 0..<count {
      let end = start + items.count / count + (index < items.count % count ? 1 : 0)
      var column = Array(items[start..<end])
      if let fill = arguments.value(2, "fill_with"), !fill.isNone, index >= items.count % count { column.append(fill) }
      columns.append(.list(column))
      start = end
    }
    return .list(columns)
  },
  "groupby": { call, arguments in
    try arguments.check(["attribute", "default", "case_sensitive"])
    guard let path = arguments.value(1, "attribute") else { throw TemplateError("`groupby` needs an attribute") }
    let attribute = Attribute(path, standard: arguments.value(2, "default"))
    let caseSensitive = arguments.bool(3, "case_sensitive") ?? false
    let call = call
    let items = try sorted(subjectItems(arguments), reverse: false) {
      [folded(try attribute.of($0, call), caseSensitive: caseSensitive)]
    }
    var groups: [(key: Value, items: [Value])] = []
    for item in items {
      let key = folded(try attribute.of(item, call), caseSensitive: caseSensitive)
      if let last = groups.last, last.key == key {
        groups[groups.count - 1].items.append(item)
      } else {
        groups.append((key, [item]))
      }
    }
    return .list(try groups.map { .sequence(Group(try attribute.of($0.items[0], call), $0.items)) })
  },
]

private let length: TemplateFunction = { _, arguments in
  try arguments.check([])
  guard let length = arguments[0].length else { throw TemplateError.type("\(arguments[0].typeName) has no length") }
  return .int(length)
}

private func positive(_ arguments: borrowing Arguments, _ name: String) throws -> Int {
  guard let number = try arguments.int(1, name), number > 0 else {
    throw TemplateError("`\(name)` is a number above zero")
  }
  return number
}

private let joined: TemplateFunction = { call, arguments in
  try arguments.check(["d", "attribute"])
  let separator = arguments.value(1, "d") ?? .string("")
  let attribute = arguments.value(2, "attribute").map { Attribute($0) }
  var items = try subjectItems(arguments)
  if let attribute { items = try items.map { try attribute.of($0, call) } }
  let isMarkup = call.autoescape && (separator.isMarkup || items.contains { $0.isMarkup })
  let between = isMarkup ? separator.markup : separator.text
  var output: [UInt8] = []
  for (index, item) in items.enumerated() {
    if index > 0 { output.append(between) }
    if isMarkup { output.append(item.markup) } else { item.write(to: &output) }
    if output.count > Renderer.textLimit { throw TemplateError.limit("text is too long") }
  }
  let text = String(decoding: output, as: UTF8.self)
  return isMarkup ? .safe(text) : .string(text)
}

private func extreme(_ call: inout TemplateCall, _ arguments: borrowing Arguments, isMaximum: Bool) throws -> Value {
  try arguments.check(["case_sensitive", "attribute"])
  let attribute = Attribute(arguments.value(2, "attribute"))
  let caseSensitive = arguments.bool(1, "case_sensitive") ?? false
  var best: (item: Value, key: Value)?
  for item in try subjectItems(arguments) {
    let key = folded(try attribute.of(item, call), caseSensitive: caseSensitive)
    guard let known = best else {
      best = (item, key)
      continue
    }
    let order = try Value.order(key, known.key)
    if isMaximum ? order > 0 : order < 0 { best = (item, key) }
  }
  return best?.item ?? .undefined
}
