/// All tests that `is` knows: Jinja2's.
let builtinTests: [String: TemplateFunction] = [
  "defined": { _, arguments in .bool(!arguments[0].isUndefined) },
  "undefined": { _, arguments in .bool(arguments[0].isUndefined) },
  "none": { _, arguments in .bool(arguments[0].isNone) },
  "boolean": { _, arguments in if case .bool = arguments[0] { true } else { false } },
  "true": { _, arguments in if case .bool(true) = arguments[0] { true } else { false } },
  "false": { _, arguments in if case .bool(false) = arguments[0] { true } else { false } },
  "integer": { _, arguments in if case .int = arguments[0] { true } else { false } },
  "float": { _, arguments in if case .double = arguments[0] { true } else { false } },
  "number": { _, arguments in .bool(arguments[0].number != nil) },
  "string": { _, arguments in .bool(arguments[0].asText != nil) },
  "mapping": { _, arguments in
    switch arguments[0] {
    case .map, .object: true
    default: false
    }
  },
  "sequence": { _, arguments in
    switch arguments[0] {
    case .string, .safe, .list, .tuple, .sequence, .map, .object: true
    default: false
    }
  },
  "iterable": { _, arguments in .bool(arguments[0].iterated != nil) },
  "callable": { _, arguments in .bool(arguments[0].isCallable) },
  "escaped": { _, arguments in .bool(arguments[0].isMarkup) },
  "lower": { _, arguments in .bool(isLower(arguments[0].text)) },
  "upper": { _, arguments in .bool(isUpper(arguments[0].text)) },
  "odd": { call, arguments in .bool(try remainder(arguments[0], .int(2)) == 1) },
  "even": { call, arguments in .bool(try remainder(arguments[0], .int(2)) == 0) },
  "divisibleby": { call, arguments in
    guard let divisor = arguments.value(1, "num") else { throw TemplateError("`divisibleby` needs a number") }
    return .bool(try remainder(arguments[0], divisor) == 0)
  },
  "sameas": { _, arguments in
    switch (arguments[0], arguments[1]) {
    case (.bool(let a), .bool(let b)): .bool(a == b)
    case (.bool, _), (_, .bool): false
    default: .bool(arguments[0] == arguments[1] && arguments[0].typeName == arguments[1].typeName)
    }
  },
  "in": { _, arguments in .bool(try contains(arguments[1], arguments[0])) },
  "filter": { call, arguments in
    .bool(arguments[0].asText.map { call.renderer.pointee.program.filterIndex[$0] != nil } ?? false)
  },
  "test": { call, arguments in
    .bool(arguments[0].asText.map { call.renderer.pointee.program.testIndex[$0] != nil } ?? false)
  },
  "eq": comparison(0), "equalto": comparison(0), "==": comparison(0),
  "ne": comparison(1), "!=": comparison(1),
  "lt": comparison(2), "lessthan": comparison(2), "<": comparison(2),
  "le": comparison(3), "<=": comparison(3),
  "gt": comparison(4), "greaterthan": comparison(4), ">": comparison(4),
  "ge": comparison(5), ">=": comparison(5),
]

private func comparison(_ code: UInt8) -> TemplateFunction {
  { _, arguments in .bool(try compare(code, arguments[0], arguments[1])) }
}

private func remainder(_ value: Value, _ divisor: Value) throws -> Value {
  guard value.number != nil else {
    throw value.isUndefined
      ? UndefinedUse() : TemplateError.type("test needs a number, not \(value.typeName)") as any Error
  }
  return try arithmetic(.modulo, value, divisor, escapes: false)
}
