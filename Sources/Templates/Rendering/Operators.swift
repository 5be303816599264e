func wrongOperand(_ value: Value, _ name: String) -> any Error {
  value.isUndefined ? UndefinedUse() : TemplateError.type("`\(name)` does not take \(value.typeName)")
}

private func wrongOperands(_ left: Value, _ right: Value, _ name: String) -> any Error {
  if left.isUndefined || right.isUndefined { return UndefinedUse() }
  return TemplateError.type("`\(name)` does not take \(left.typeName) and \(right.typeName)")
}

private let tooLarge = TemplateError.limit("number is too large")

private enum Numbers {
  case ints(Int, Int)
  case doubles(Double, Double)

  init?(_ left: Value, _ right: Value) {
    switch (left, right) {
    case (.int(let a), .int(let b)): self = .ints(a, b)
    case (.bool(let a), .int(let b)): self = .ints(a ? 1 : 0, b)
    case (.int(let a), .bool(let b)): self = .ints(a, b ? 1 : 0)
    case (.bool(let a), .bool(let b)): self = .ints(a ? 1 : 0, b ? 1 : 0)
    default:
      guard let a = left.number, let b = right.number else { return nil }
      self = .doubles(a, b)
    }
  }
}

/// Python's arithmetic, with integers of 64 bits.
func arithmetic(_ operation: Instruction.Operation, _ left: Value, _ right: Value, escapes: Bool) throws -> Value {
  guard let numbers = Numbers(left, right) else { return try otherArithmetic(operation, left, right, escapes) }
  func checked(_ result: (partialValue: Int, overflow: Bool)) throws -> Value {
    if result.overflow { throw tooLarge }
    return .int(result.partialValue)
  }
  switch (operation, numbers) {
  case (.add, .ints(let a, let b)): return try checked(a.addingReportingOverflow(b))
  case (.subtract, .ints(let a, let b)): return try checked(a.subtractingReportingOverflow(b))
  case (.multiply, .ints(let a, let b)): return try checked(a.multipliedReportingOverflow(by: b))
  case (.add, .doubles(let a, let b)): return .double(a + b)
  case (.subtract, .doubles(let a, let b)): return .double(a - b)
  case (.multiply, .doubles(let a, let b)): return .double(a * b)
  case (.power, .ints(let a, let b)) where b >= 0: return .int(try power(a, b))
  case (.power, .ints(let a, let b)): return .double(try power(Double(a), Double(b)))
  case (.power, .doubles(let a, let b)): return .double(try power(a, b))
  default: break
  }
  let divisorIsZero =
    switch numbers {
    case .ints(_, let b): b == 0
    case .doubles(_, let b): b == 0
    }
  if divisorIsZero { throw TemplateError.type("division by zero") }
  switch (operation, numbers) {
  case (.divide, .ints(let a, let b)): return .double(Double(a) / Double(b))
  case (.divide, .doubles(let a, let b)): return .double(a / b)
  case (.floorDivide, .ints(let a, let b)):
    let (quotient, overflow) = a.dividedReportingOverflow(by: b)
    if overflow { throw tooLarge }
    return .int(a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient)
  case (.floorDivide, .doubles(let a, let b)): return .double((a / b).rounded(.down))
  case (.modulo, .ints(let a, let b)):
    if b == -1 { return .int(0) }
    return .int(a % b != 0 && (a < 0) != (b < 0) ? a % b + b : a % b)
  case (.modulo, .doubles(let a, let b)):
    let rest = a.truncatingRemainder(dividingBy: b)
    return .double(rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest)
  default: preconditionFailure("bug: \(operation) is no arithmetic")
  }
}

private func power(_ base: Int, _ exponent: Int) throws -> Int {
  var (result, factor, rest) = (1, base, exponent)
  while rest > 0 {
    if rest & 1 == 1 {
      let (product, overflow) = result.multipliedReportingOverflow(by: factor)
      if overflow { throw tooLarge }
      result = product
    }
    rest >>= 1
    if rest > 0 {
      let (square, overflow) = factor.multipliedReportingOverflow(by: factor)
      // With a base of 0, 1 or -1 nothing overflows; with any other the result would.
      if overflow { throw tooLarge }
      factor = square
    }
  }
  return result
}

private func power(_ base: Double, _ exponent: Double) throws -> Double {
  if base == 0, exponent < 0 { throw TemplateError.type("division by zero") }
  if exponent == exponent.rounded(), abs(exponent) <= 1024 {
    var result = 1.0
    for _ in 0..<Int(abs(exponent)) { result *= base }
    return exponent < 0 ? 1 / result : result
  }
  guard base >= 0 else { throw TemplateError.type("root of a negative number") }
  return realPower(base, exponent)
}

/// Operators on text and lists.
private func otherArithmetic(
  _ operation: Instruction.Operation, _ left: Value, _ right: Value, _ escapes: Bool
) throws -> Value {
  switch (operation, left, right) {
  case (.add, _, _): return try sum(left, right)
  case (.multiply, _, .int(let count)), (.multiply, .int(let count), _):
    if case .int = left { return try repeated(right, count) }
    return try repeated(left, count)
  case (.modulo, .string(let format), _):
    return .string(try percentFormat(format, formatArguments(right), escape: false))
  case (.modulo, .safe(let format), _): return .safe(try percentFormat(format, formatArguments(right), escape: true))
  default: throw wrongOperands(left, right, symbol(operation))
  }
}

private func symbol(_ operation: Instruction.Operation) -> String {
  switch operation {
  case .add: "+"
  case .subtract: "-"
  case .multiply: "*"
  case .divide: "/"
  case .floorDivide: "//"
  case .modulo: "%"
  default: "**"
  }
}

private func sum(_ left: Value, _ right: Value) throws -> Value {
  func joined(_ a: String, _ b: String) throws -> String {
    if a.utf8.count + b.utf8.count > Renderer.textLimit { throw TemplateError.limit("text is too long") }
    return a + b
  }
  switch (left, right) {
  case (.string(let a), .string(let b)): return .string(try joined(a, b))
  case (.safe(let a), .safe(let b)): return .safe(try joined(a, b))
  case (.safe(let a), .string(let b)): return .safe(try joined(a, escaped(b)))
  case (.string(let a), .safe(let b)): return .safe(try joined(escaped(a), b))
  case (.tuple(let a), .tuple(let b)): return .tuple(a + b)
  case (.list, .list), (.list, .sequence), (.sequence, .list), (.sequence, .sequence):
    let (a, b) = (left.elements, right.elements)
    if a.count + b.count > Renderer.listLimit { throw TemplateError.limit("list is too long") }
    return .list(a + b)
  default: throw wrongOperands(left, right, "+")
  }
}

private func repeated(_ value: Value, _ count: Int) throws -> Value {
  let count = max(0, count)
  func check(_ size: Int, _ limit: Int) throws {
    if size > 0, count > limit / size { throw TemplateError.limit("result of `*` is too long") }
  }
  switch value {
  case .string(let text), .safe(let text):
    try check(text.utf8.count, Renderer.textLimit)
    let result = text.isEmpty ? "" : String(repeating: text, count: count)
    return value.isMarkup ? .safe(result) : .string(result)
  case .list(let items), .tuple(let items):
    try check(items.count, Renderer.listLimit)
    var result: [Value] = []
    if !items.isEmpty { for _ in 0..<count { result += items } }
    if case .tuple = value { return .tuple(result) }
    return .list(result)
  default: throw wrongOperands(value, .int(count), "*")
  }
}

func negated(_ value: Value) throws -> Value {
  switch value {
  case .int(let number):
    if number == Int.min { throw tooLarge }
    return .int(-number)
  case .double(let number): return .double(-number)
  case .bool(let flag): return .int(flag ? -1 : 0)
  default: throw wrongOperand(value, "-")
  }
}

/// `a ~ b`: where output is escaped and one part is markup, the result is markup and the others are escaped.
func concatenate(_ values: UnsafeBufferPointer<Value>, escapes: Bool) throws -> Value {
  let isMarkup = escapes && values.contains { $0.isMarkup }
  var bytes: [UInt8] = []
  for value in values {
    if !isMarkup {
      value.write(to: &bytes)
    } else if case .safe(let text) = value {
      bytes.append(text)
    } else {
      bytes.append(escaped: value.text)
    }
    if bytes.count > Renderer.textLimit { throw TemplateError.limit("text is too long") }
  }
  let text = String(decoding: bytes, as: UTF8.self)
  return isMarkup ? .safe(text) : .string(text)
}

/// - Parameter operation: as the compiler numbers comparisons.
func compare(_ operation: UInt8, _ left: Value, _ right: Value) throws -> Bool {
  switch operation {
  case 0: return left == right
  case 1: return left != right
  case 6: return try contains(right, left)
  case 7: return try !contains(right, left)
  default: break
  }
  if left.isUndefined || right.isUndefined { throw UndefinedUse() }
  // Nothing is less or greater than what is no number.
  if let a = left.number, let b = right.number, a.isNaN || b.isNaN { return false }
  let order = try Value.order(left, right)
  switch operation {
  case 2: return order < 0
  case 3: return order <= 0
  case 4: return order > 0
  default: return order >= 0
  }
}

/// Python's `in`.
func contains(_ container: Value, _ item: Value) throws -> Bool {
  switch container {
  case .undefined: return false
  case .string(let text), .safe(let text):
    guard let part = item.asText else {
      throw wrongOperand(item, "in")
    }
    return find(part, in: text) != nil
  case .map(let map): return item.asText.map { map[$0] != nil } ?? false
  case .object(let object): return item.asText.map { !object.member($0).isUndefined } ?? false
  case .list(let items), .tuple(let items): return items.contains(item)
  case .sequence(let sequence):
    for index in 0..<sequence.count where sequence.element(at: index) == item { return true }
    return false
  default: throw TemplateError.type("`in` does not look into \(container.typeName)")
  }
}

/// The byte offset of the first occurrence of `part`.
func find(_ part: String, in text: String, from start: Int = 0) -> Int? {
  var (part, text) = (part, text)
  return part.withUTF8 { part in text.withUTF8 { text in find(part, in: text, from: start) } }
}

func find(_ part: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
  guard let first = part.first else { return start <= text.count ? start : nil }
  guard text.count - start >= part.count else { return nil }
  var index = start
  while index <= text.count - part.count {
    if text[index] == first, (1..<part.count).allSatisfy({ text[index + $0] == part[$0] }) { return index }
    index += 1
  }
  return nil
}
