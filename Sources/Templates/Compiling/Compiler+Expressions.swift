import Files

extension Compiler {
  /// Emits operations that push the expression's value.
  mutating func emit(_ expression: Expression) {
    let (at, length) = (expression.offset, expression.length)
    switch expression.kind {
    case .constant(let value): builder.emit(.constant, constant(value), change: 1, at: at, length)
    case .name(let name): emitName(name, expression)
    case .list(let items): emit(items, .list, expression)
    case .tuple(let items): emit(items, .tuple, expression)
    case .map(let entries):
      for entry in entries {
        emit(entry.key)
        emit(entry.value)
      }
      builder.emit(.map, entries.count * 2, change: 1 - entries.count * 2, at: at, length)
    case .member(let operand, let name):
      if case .name(let variable) = operand.kind, !isSpecialName(variable) {
        noteMember(name, of: variable, at: at, length: length)
        builder.emit(.slotMember, slot(of: variable), Int(symbol(name)), change: 1, at: at, length)
      } else {
        emit(operand)
        builder.emit(.member, Int(symbol(name)), change: 0, at: at, length)
      }
      builder.note(operand)
    case .item(let operand, let key):
      emit(operand)
      emit(key)
      builder.emit(.item, change: -1, at: at, length)
      builder.note(operand)
    case .slice(let operand, let start, let stop, let step):
      emit(operand)
      for part in [start, stop, step] {
        if let part { emit(part) } else { builder.emit(.constant, constant(.none), change: 1, at: at, length) }
      }
      builder.emit(.slice, change: -3, at: at, length)
      builder.note(operand)
    case .call(let callee, let arguments): emitCall(callee, arguments, expression, extraNames: [])
    case .filter(let operand, let name, let arguments):
      guard let operand else { preconditionFailure("bug: filter without operand outside of a filter block") }
      emit(operand)
      emitFilter(name, arguments, expression)
    case .test(let operand, let name, let arguments): emitTest(operand, name, arguments, expression)
    case .not(let operand):
      emit(operand)
      builder.emit(.not, change: 0, at: at, length)
    case .negate(let operand):
      emit(operand)
      builder.emit(.negate, change: 0, at: at, length)
      builder.note(operand)
    case .plus(let operand):
      emit(operand)
      builder.emit(.plus, change: 0, at: at, length)
      builder.note(operand)
    case .binary(let kind, let left, let right):
      emit(left)
      emit(right)
      builder.emit(operation(kind), change: -1, at: at, length)
      builder.note(expression)
    case .and(let left, let right): emitShortcut(.jumpIfFalseElsePop, left, right, expression)
    case .or(let left, let right): emitShortcut(.jumpIfTrueElsePop, left, right, expression)
    case .compare(let first, let operands): emitComparison(first, operands, expression)
    case .concatenate(let items): emit(items, .concatenate, expression)
    case .conditional(let test, let then, let otherwise):
      emit(test)
      let toElse = builder.emit(.jumpIfFalse, change: -1, at: at, length)
      emit(then)
      let toEnd = builder.emit(.jump, change: 0, at: at, length)
      builder.adjust(-1)
      builder.land(toElse)
      if let otherwise { emit(otherwise) } else { builder.emit(.undefined, change: 1, at: at, length) }
      builder.land(toEnd)
    }
  }

  private mutating func emit(_ items: [Expression], _ operation: Instruction.Operation, _ expression: Expression) {
    for item in items { emit(item) }
    builder.emit(operation, items.count, change: 1 - items.count, at: expression.offset, expression.length)
  }

  /// `self`, and `super` in a block, unless a variable has the name.
  private func isSpecialName(_ name: String) -> Bool {
    (name == "self" || name == "super" && builder.isBlock) && !builder.scopes.contains { $0.slots[name] != nil }
  }

  private mutating func emitName(_ name: String, _ expression: Expression) {
    let (at, length) = (expression.offset, expression.length)
    if isSpecialName(name) {
      builder.emit(name == "self" ? .selfReference : .superBlock, change: 1, at: at, length)
    } else {
      builder.emit(.slot, slot(of: name), change: 1, at: at, length)
    }
  }

  private func operation(_ kind: Expression.Operator) -> Instruction.Operation {
    switch kind {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .floorDivide: .floorDivide
    case .modulo: .modulo
    case .power: .power
    }
  }

  private mutating func emitShortcut(
    _ operation: Instruction.Operation, _ left: Expression, _ right: Expression, _ expression: Expression
  ) {
    emit(left)
    let toEnd = builder.emit(operation, change: -1, at: expression.offset, expression.length)
    emit(right)
    builder.land(toEnd)
  }

  private mutating func emitComparison(
    _ first: Expression, _ operands: [(comparison: Expression.Comparison, operand: Expression)],
    _ expression: Expression
  ) {
    emit(first)
    var toEnd: [Int] = []
    for (index, (comparison, operand)) in operands.enumerated() {
      emit(operand)
      let isLast = index == operands.count - 1
      let jump = builder.emit(
        isLast ? .compare : .compareChain, flag: UInt8(code(comparison)), change: -1, at: expression.offset,
        expression.length)
      builder.note(expression)
      if !isLast { toEnd.append(jump) }
    }
    for jump in toEnd { builder.land(jump) }
  }

  private func code(_ comparison: Expression.Comparison) -> Int {
    switch comparison {
    case .equal: 0
    case .notEqual: 1
    case .less: 2
    case .lessOrEqual: 3
    case .greater: 4
    case .greaterOrEqual: 5
    case .contained: 6
    case .notContained: 7
    }
  }

  // MARK: Calls

  /// Pushes arguments. Where they spread, a list and a map, else one by one.
  private mutating func emitArguments(_ arguments: CallArguments, operandOnStack: Bool, _ at: Int, _ length: Int)
    -> Bool
  {
    let spreads = arguments.list != nil || arguments.map != nil
    for argument in arguments.positional { emit(argument) }
    guard spreads else {
      for argument in arguments.named { emit(argument.value) }
      return false
    }
    let count = arguments.positional.count + (operandOnStack ? 1 : 0)
    builder.emit(.list, count, change: 1 - count, at: at, length)
    if let list = arguments.list { emit(list) } else { builder.emit(.list, 0, change: 1, at: at, length) }
    for argument in arguments.named {
      builder.emit(.constant, constant(.string(argument.name)), change: 1, at: at, length)
      emit(argument.value)
    }
    builder.emit(.map, arguments.named.count * 2, change: 1 - arguments.named.count * 2, at: at, length)
    if let map = arguments.map { emit(map) } else { builder.emit(.map, 0, change: 1, at: at, length) }
    return true
  }

  /// - Parameter extraNames: names of arguments that `extra` pushes behind the written ones.
  mutating func emitCall(
    _ callee: Expression, _ arguments: CallArguments, _ expression: Expression, extraNames: [String],
    extra: ((inout Compiler) -> Void)? = nil
  ) {
    let (at, length) = (expression.offset, expression.length)
    var method: Int?
    if case .member(let receiver, let name) = callee.kind, arguments.list == nil, arguments.map == nil {
      emit(receiver)
      method = Int(symbol(name))
    } else {
      emit(callee)
    }
    let spreads = emitArguments(arguments, operandOnStack: false, at, length)
    if spreads {
      extra?(&self)
      if extra != nil {
        // The body of a call block becomes one more entry of the map on top.
        builder.emit(.spreadCall, -1, flag: 3, change: -1, at: at, length)
      }
      builder.emit(.spreadCall, -1, flag: 0, change: -4, at: at, length)
      builder.note(callee)
      return
    }
    extra?(&self)
    let names = arguments.named.map(\.name) + extraNames
    let total = arguments.positional.count + names.count
    let list = nameList(names)
    if let method {
      builder.emit(.callMethod, method, arguments.positional.count, list, change: -total, at: at, length)
    } else {
      builder.emit(.call, 0, arguments.positional.count, list, change: -total, at: at, length)
    }
    builder.note(callee)
  }

  /// The operand is on the stack.
  mutating func emitFilter(_ name: String, _ arguments: CallArguments, _ expression: Expression) {
    let (at, length) = (expression.offset, expression.length)
    guard let index = parts.filterIndex[name] else {
      let near = suggestion(for: name, among: parts.filterIndex.keys)
      return report(
        id: "unknown-filter", "`\(name)` is no filter", at: at, length: length,
        hint: near.map { "did you mean `\($0)`?" } ?? Self.leftOutHint(name))
    }
    if emitArguments(arguments, operandOnStack: true, at, length) {
      builder.emit(.spreadCall, index, flag: 1, change: -3, at: at, length)
    } else {
      let names = arguments.named.map(\.name)
      builder.emit(
        .filter, index, arguments.positional.count + 1, nameList(names),
        change: -arguments.positional.count - names.count, at: at, length)
    }
    if case .filter(let operand?, _, _) = expression.kind { builder.note(operand) }
  }

  private static func leftOutHint(_ name: String) -> String? {
    name == "random" ? "a site is built the same way each time, so nothing is random" : nil
  }

  private mutating func emitTest(
    _ operand: Expression, _ name: String, _ arguments: CallArguments, _ expression: Expression
  ) {
    let (at, length) = (expression.offset, expression.length)
    emit(operand)
    if arguments.all.isEmpty, name == "defined" || name == "undefined" {
      builder.emit(name == "defined" ? .isDefined : .isUndefined, change: 0, at: at, length)
      return
    }
    guard let index = parts.testIndex[name] else {
      let near = suggestion(for: name, among: parts.testIndex.keys)
      return report(
        id: "unknown-test", "`\(name)` is no test", at: at, length: length, hint: near.map { "did you mean `\($0)`?" })
    }
    if emitArguments(arguments, operandOnStack: true, at, length) {
      builder.emit(.spreadCall, index, flag: 2, change: -3, at: at, length)
    } else {
      let names = arguments.named.map(\.name)
      builder.emit(
        .test, index, arguments.positional.count + 1, nameList(names),
        change: -arguments.positional.count - names.count, at: at, length)
    }
    builder.note(operand)
  }
}
