/// The functions that every set has: Jinja2's, less `lipsum`, which is random.
let builtinGlobals: ValueMap = [
  "range": .function("range") { _, arguments in
    try .sequence(range(arguments))
  },
  "dict": .function("dict") { _, arguments in
    var map = ValueMap()
    if arguments.count > 0 {
      if let entries = mapEntries(arguments[0]) {
        for (name, value) in entries { map[name] = value }
      } else {
        for pair in arguments[0].elements {
          let parts = pair.elements
          guard parts.count == 2, let name = parts[0].asText else {
            throw TemplateError.type("`dict` needs a map, or pairs of name and value")
          }
          map[name] = parts[1]
        }
      }
    }
    for (name, value) in arguments.named { map[name] = value }
    return .map(map)
  },
  "namespace": .function("namespace") { _, arguments in
    let namespace = Namespace()
    if arguments.count > 0 { for (name, value) in mapEntries(arguments[0]) ?? [] { namespace.members[name] = value } }
    for (name, value) in arguments.named { namespace.members[name] = value }
    return .special(namespace)
  },
  "cycler": .function("cycler") { _, arguments in
    guard arguments.count > 0 else { throw TemplateError("`cycler` needs something to choose from") }
    return .special(Cycler(arguments.positional))
  },
  "joiner": .function("joiner") { _, arguments in
    .special(Joiner(arguments.value(0, "sep") ?? .string(", ")))
  },
]

/// As in Jinja2's sandbox, a range has a limit.
private let rangeLimit = 100_000

private func range(_ arguments: borrowing Arguments) throws -> RangeSequence {
  guard 1...3 ~= arguments.count else { throw TemplateError("`range` takes one to three numbers") }
  var numbers: [Int] = []
  for index in 0..<arguments.count { numbers.append(try arguments.exactInt(index, "range") ?? 0) }
  let (start, stop) = numbers.count == 1 ? (0, numbers[0]) : (numbers[0], numbers[1])
  let step = numbers.count == 3 ? numbers[2] : 1
  if step == 0 { throw TemplateError("step of `range` is not zero") }
  if step > 0 ? stop <= start : stop >= start { return RangeSequence(start, stop, step, count: 0) }
  // Of two numbers in order, the difference fits without a sign.
  let distance = step > 0 ? UInt(bitPattern: stop &- start) : UInt(bitPattern: start &- stop)
  let count = (distance - 1) / step.magnitude + 1
  guard count <= rangeLimit else { throw TemplateError.limit("range has more than \(rangeLimit) numbers") }
  return RangeSequence(start, stop, step, count: Int(count))
}
