import Files

/// Filters that pick or change elements by a filter, a test or an attribute.
let selectionFilters: [String: TemplateFunction] = [
  "map": mapped,
  "select": { call, arguments in try selected(&call, arguments, byAttribute: false, keeps: true) },
  "reject": { call, arguments in try selected(&call, arguments, byAttribute: false, keeps: false) },
  "selectattr": { call, arguments in try selected(&call, arguments, byAttribute: true, keeps: true) },
  "rejectattr": { call, arguments in try selected(&call, arguments, byAttribute: true, keeps: false) },
  "attr": { call, arguments in
    try arguments.check(["name"])
    guard let name = arguments.value(1, "name") else { throw TemplateError("`attr` needs a name") }
    if case .map = arguments[0] { return .undefined }
    return arguments[0].isUndefined ? .undefined : try call.renderer.pointee.item(arguments[0], name)
  },
  "where": filtered,
  "limit": { _, arguments in
    try arguments.check(["count"])
    guard let count = try arguments.int(1, "count"), count >= 0 else { throw TemplateError("`limit` needs a count") }
    return try part(arguments[0], from: 0, count: count)
  },
  "offset": { _, arguments in
    try arguments.check(["count"])
    guard let count = try arguments.int(1, "count"), count >= 0 else { throw TemplateError("`offset` needs a count") }
    return try part(arguments[0], from: count, count: Int.max)
  },
]

private func part(_ value: Value, from start: Int, count: Int) throws -> Value {
  if case .sequence(let sequence) = value {
    let first = min(start, sequence.count)
    return .sequence(SequenceSlice(sequence, offset: first, count: min(count, sequence.count - first)))
  }
  guard let items = value.iterated else { throw TemplateError.type("\(value.typeName) can't be iterated") }
  return .list(Array(items.dropFirst(start).prefix(count)))
}

private let mapped: TemplateFunction = { call, arguments in
  if arguments.count == 1, let path = arguments["attribute"] {
    try arguments.check(["attribute", "default"])
    let attribute = Attribute(path, standard: arguments["default"])
    let call = call
    return .list(try subjectItems(arguments).map { try attribute.of($0, call) })
  }
  guard arguments.count > 1 else { throw TemplateError("`map` needs a filter or an attribute") }
  let function = try namedFunction(&call, arguments[1], isTest: false)
  var values = Array(arguments.positional.dropFirst())
  values += arguments.named.map(\.value)
  let names = arguments.named.map(\.name)
  var result: [Value] = []
  for item in try subjectItems(arguments) {
    values[0] = item
    result.append(try call.renderer.pointee.apply(function, values, names: names))
  }
  return .list(result)
}

private func namedFunction(_ call: inout TemplateCall, _ name: Value, isTest: Bool) throws -> TemplateFunction {
  let program = call.renderer.pointee.program
  guard let text = name.asText else { throw TemplateError.type("name of a \(isTest ? "test" : "filter") is a string") }
  if isTest, let index = program.testIndex[text] { return program.tests[index] }
  if !isTest, let index = program.filterIndex[text] { return program.filters[index] }
  let near = suggestion(for: text, among: isTest ? program.testIndex.keys : program.filterIndex.keys)
  throw TemplateError(
    id: isTest ? "unknown-test" : "unknown-filter", "`\(text)` is no \(isTest ? "test" : "filter")",
    hint: near.map { "did you mean `\($0)`?" })
}

private func selected(
  _ call: inout TemplateCall, _ arguments: borrowing Arguments, byAttribute: Bool, keeps: Bool
) throws -> Value {
  let testPlace = byAttribute ? 2 : 1
  if byAttribute, arguments.count < 2 { throw TemplateError("name of an attribute is needed") }
  let attribute = Attribute(byAttribute ? arguments[1] : nil)
  let test = arguments.count > testPlace ? try namedFunction(&call, arguments[testPlace], isTest: true) : nil
  var values = Array(arguments.positional.dropFirst(testPlace))
  if values.isEmpty { values = [.undefined] }
  values += arguments.named.map(\.value)
  let names = arguments.named.map(\.name)
  var result: [Value] = []
  for item in try subjectItems(arguments) {
    var value = try attribute.of(item, call)
    if let test {
      values[0] = value
      value = try call.renderer.pointee.apply(test, values, names: names)
    }
    if value.isTrue == keeps { result.append(item) }
  }
  return .list(result)
}

/// `where("draft", false)`, `where("weight", ">", 3)`, `where("tags", "contains", "swift")`, `where("section")`.
private let filtered: TemplateFunction = { call, arguments in
  guard arguments.named.isEmpty, 2...4 ~= arguments.count else {
    throw TemplateError("`where` needs an attribute, perhaps a comparison, and a value")
  }
  let attribute = Attribute(arguments[1])
  let operation = arguments.count == 4 ? try arguments.string(2, "comparison") ?? "==" : "=="
  let wanted = arguments[arguments.count - 1]
  let justTrue = arguments.count == 2
  let names = ["==", "!=", "<", "<=", ">", ">=", "in", "not in", "contains", "not contains"]
  guard let code = names.firstIndex(of: operation) else {
    throw TemplateError("`\(operation)` is no comparison", hint: "known are \(names.joined(separator: ", "))")
  }
  var result: [Value] = []
  for item in try subjectItems(arguments) {
    let value = try attribute.of(item, call)
    let holds: Bool
    switch code {
    case _ where justTrue: holds = value.isTrue
    case 8, 9: holds = try contains(value, wanted) == (code == 8)
    // What is not there is not less or greater than anything.
    case 2...5 where value.isUndefined || value.isNone: holds = false
    default: holds = try compare(UInt8(code), value, wanted)
    }
    if holds { result.append(item) }
  }
  return .list(result)
}
