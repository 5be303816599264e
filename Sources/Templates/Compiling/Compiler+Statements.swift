import Files

extension Compiler {
  mutating func emit(_ statements: [Statement]) {
    for statement in statements { emit(statement) }
  }

  private mutating func emit(_ statement: Statement) {
    let (at, length) = (statement.offset, statement.length)
    switch statement.kind {
    case .text(let bytes):
      if builder.isSilent || bytes.isEmpty { return }
      builder.emit(.text, parts.text.count, bytes.count, change: 0, at: at, length)
      parts.text += bytes
    case .print(let expression): if !builder.isSilent { emitPrint(expression) }
    case .loop(let loop): emitLoop(loop, at, length)
    case .condition(let branches, let otherwise): emitCondition(branches, otherwise)
    case .set(let target, let value):
      emit(value)
      emitStore(target, at, length)
    case .capture(let target, let filter, let body):
      emitCapture(body, at, length)
      if let filter { emitFilters(filter) }
      emitStore(target, at, length)
    case .scope(let assignments, let body):
      // All values are computed outside of the new scope.
      for assignment in assignments { emit(assignment.value) }
      inScope { compiler in
        for assignment in assignments.reversed() {
          guard case .name(let name) = assignment.target else { continue }
          compiler.noteAssigned([name])
          let slot = compiler.builder.declare(parameter: name)
          compiler.builder.emit(.store, slot, change: -1, at: at, length)
        }
        compiler.declareNames(in: body, at: at)
        compiler.emit(body)
      }
    case .macro(let macro):
      emitMacro(kind: .macro(macro.name), macro.parameters, macro.body, ownName: macro.name, at, length)
      emitStore(.name(macro.name), at, length)
    case .call(let call, let parameters, let body):
      guard case .call(let callee, let arguments) = call.kind else {
        preconditionFailure("bug: call block without a call")
      }
      emitCall(callee, arguments, call, extraNames: ["caller"]) { compiler in
        compiler.emitMacro(kind: .call, parameters, body, ownName: nil, at, length)
      }
      builder.emit(.printMarkup, change: -1, at: at, length)
    case .filter(let filter, let body):
      emitCapture(body, at, length)
      emitFilters(filter)
      builder.emit(.print, change: -1, at: at, length)
    case .include(let name, let ignoresMissing, let withContext):
      if builder.isSilent { return }
      let template = emitTemplate(name, optional: ignoresMissing)
      builder.emit(
        .include, withContext ? localsTable() : -1, template, flag: (ignoresMissing ? 1 : 0) | (withContext ? 2 : 0),
        change: template < 0 ? -1 : 0, at: name.offset, name.length)
    case .module(let template, let name, let withContext):
      emitModule(template, withContext)
      emitStore(.name(name), at, length)
    case .imports(let template, let names, let withContext):
      emitModule(template, withContext)
      let slot = builder.newSlot()
      builder.emit(.store, slot, change: -1, at: at, length)
      for (name, alias) in names {
        builder.emit(.slotMember, slot, Int(symbol(name)), change: 1, at: at, length)
        emitStore(.name(alias), at, length)
      }
    case .extends(let name):
      let template = emitTemplate(name, optional: false)
      builder.emit(.extends, -1, template, change: template < 0 ? -1 : 0, at: name.offset, name.length)
      if builder.conditions == 0, builder.scopes.count == 1, !builder.isBlock, !builder.isMacro {
        builder.isSilent = true
      }
    case .block(let block): emitBlock(block, at, length)
    case .autoescape(let setting, let body):
      let slot = builder.newSlot()
      emit(setting)
      builder.emit(.setEscape, slot, change: -1, at: at, length)
      inScope { compiler in
        compiler.declareNames(in: body, at: at)
        compiler.emit(body)
      }
      builder.emit(.restoreEscape, slot, change: 0, at: at, length)
    case .evaluate(let expression):
      emit(expression)
      builder.emit(.pop, change: -1, at: at, length)
    }
  }

  private mutating func emitPrint(_ expression: Expression) {
    let (at, length) = (expression.offset, expression.length)
    emit(expression)
    guard let last = builder.unit.code.last, last.operation == .slot || last.operation == .slotMember,
      isName(expression)
    else {
      builder.emit(.print, change: -1, at: at, length)
      return
    }
    // Straight from the slot, without the stack.
    builder.unit.code[builder.position - 1].operation = last.operation == .slot ? .printSlot : .printMember
    builder.adjust(-1)
  }

  /// A name or a member of one, whose value the operation emitted last pushes.
  private func isName(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .name: true
    case .member(let operand, _): if case .name = operand.kind { true } else { false }
    default: false
    }
  }

  private mutating func inScope(_ body: (inout Compiler) -> Void) {
    builder.scopes.append(UnitBuilder.Scope())
    body(&self)
    builder.scopes.removeLast()
  }

  private mutating func emitStore(_ target: Statement.Target, _ at: Int, _ length: Int) {
    switch target {
    case .name(let name):
      let scope = builder.scopes.count - 1
      guard let slot = builder.scopes[scope].slots[name] else {
        preconditionFailure("bug: \(name) is assigned without being declared")
      }
      builder.emit(.store, slot, change: -1, at: at, length)
      if builder.scopes[scope].isTopLevel {
        builder.emit(.export, slot, Int(symbol(name)), change: 0, at: at, length)
      }
    case .namespace(let name, let member):
      builder.emit(.setMember, slot(of: name), Int(symbol(member)), change: -1, at: at, length)
    case .tuple(let targets):
      builder.emit(.unpack, targets.count, change: targets.count - 1, at: at, length)
      for target in targets { emitStore(target, at, length) }
    }
  }

  private mutating func emitCapture(_ body: [Statement], _ at: Int, _ length: Int) {
    let isSilent = builder.isSilent
    builder.isSilent = false
    builder.emit(.captureBegin, change: 1, at: at, length)
    inScope { compiler in
      compiler.declareNames(in: body, at: at)
      compiler.emit(body)
    }
    builder.emit(.captureEnd, change: 0, at: at, length)
    builder.isSilent = isSilent
  }

  /// Filters whose innermost operand is on the stack already.
  private mutating func emitFilters(_ expression: Expression) {
    guard case .filter(let operand, let name, let arguments) = expression.kind else { return }
    if let operand { emitFilters(operand) }
    emitFilter(name, arguments, expression)
  }

  private mutating func emitCondition(
    _ branches: [(test: Expression, body: [Statement])], _ otherwise: [Statement]
  ) {
    builder.conditions += 1
    var toEnd: [Int] = []
    for (index, branch) in branches.enumerated() {
      let (at, length) = (branch.test.offset, branch.test.length)
      emit(branch.test)
      let toNext = builder.emit(.jumpIfFalse, change: -1, at: at, length)
      emit(branch.body)
      if index < branches.count - 1 || !otherwise.isEmpty {
        toEnd.append(builder.emit(.jump, change: 0, at: at, length))
      }
      builder.land(toNext)
    }
    emit(otherwise)
    for jump in toEnd { builder.land(jump) }
    builder.conditions -= 1
  }

  private mutating func emitLoop(_ loop: Statement.Loop, _ at: Int, _ length: Int) {
    builder.conditions += 1
    defer { builder.conditions -= 1 }
    emit(loop.items)
    let table = parts.loops.count
    parts.loops.append(Program.LoopTable(code: 0..<0, slots: 0..<0, isRecursive: loop.isRecursive))
    let firstCode = builder.position
    let firstSlot = builder.unit.slotCount
    if let filter = loop.filter { emitLoopFilter(loop.target, filter, at, length) }
    let state = builder.newSlot()
    builder.emit(.loopBegin, state, table, change: -1, at: loop.items.offset, loop.items.length)
    builder.note(loop.items)
    inScope { compiler in
      compiler.builder.scopes[compiler.builder.scopes.count - 1].slots["loop"] = state
      let next = compiler.emitNext(loop.target, state, at, length)
      compiler.declareNames(in: loop.body, at: at)
      compiler.emit(loop.body)
      compiler.builder.emit(.jump, next, change: 0, at: at, length)
      compiler.builder.land(next)
    }
    let end = builder.emit(.loopEnd, state, change: 0, at: at, length)
    inScope { compiler in
      compiler.declareNames(in: loop.otherwise, at: at)
      compiler.emit(loop.otherwise)
    }
    builder.land(end)
    parts.loops[table].code = firstCode..<builder.position
    parts.loops[table].slots = firstSlot..<builder.unit.slotCount
  }

  /// Emits the operation that takes the next element, and what stores it. Returns the operation's place.
  private mutating func emitNext(_ target: Statement.Target, _ state: Int, _ at: Int, _ length: Int) -> Int {
    noteAssigned(target.names)
    for name in target.names { _ = builder.declare(parameter: name) }
    if case .name(let name) = target, let slot = builder.scopes[builder.scopes.count - 1].slots[name] {
      return builder.emit(.loopNext, state, 0, slot, change: 0, at: at, length)
    }
    let next = builder.emit(.loopNext, state, 0, -1, change: 1, at: at, length)
    emitStore(target, at, length)
    return next
  }

  /// Replaces what is on the stack by the list of those elements that pass.
  private mutating func emitLoopFilter(_ target: Statement.Target, _ filter: Expression, _ at: Int, _ length: Int) {
    let (state, kept) = (builder.newSlot(), builder.newSlot())
    let table = parts.loops.count
    parts.loops.append(Program.LoopTable(code: 0..<0, slots: 0..<0, isRecursive: false))
    builder.emit(.list, 0, change: 1, at: at, length)
    builder.emit(.store, kept, change: -1, at: at, length)
    builder.emit(.loopBegin, state, table, change: -1, at: at, length)
    inScope { compiler in
      let next = compiler.emitNext(target, state, at, length)
      compiler.emit(filter)
      compiler.builder.emit(.loopKeep, state, kept, change: -1, at: filter.offset, filter.length)
      compiler.builder.emit(.jump, next, change: 0, at: at, length)
      compiler.builder.land(next)
    }
    let end = builder.emit(.loopEnd, state, change: 0, at: at, length)
    builder.land(end)
    builder.emit(.slot, kept, change: 1, at: at, length)
  }

  /// Pushes a macro made of `body`.
  private mutating func emitMacro(
    kind: UnitDetail.Kind, _ parameters: [Statement.Parameter], _ body: [Statement], ownName: String?, _ at: Int,
    _ length: Int
  ) {
    var captures: [(outer: Int32, inner: Int32)] = []
    let index = unit(kind: kind, parent: builder, isMacro: true) { compiler in
      compiler.builder.unit.parameters = parameters.map(\.name)
      compiler.noteAssigned(parameters.map(\.name))
      for parameter in parameters {
        let slot = compiler.builder.declare(parameter: parameter.name)
        if parameter.name == "caller" { compiler.builder.unit.callerSlot = slot }
      }
      for (position, parameter) in parameters.enumerated() {
        guard let standard = parameter.standard else { continue }
        let given = compiler.builder.emit(
          .ifGiven, position, change: 0, at: standard.offset, standard.length)
        compiler.emit(standard)
        compiler.builder.emit(.store, position, change: -1, at: standard.offset, standard.length)
        compiler.builder.land(given)
      }
      compiler.builder.scopes.append(UnitBuilder.Scope())
      compiler.declareNames(in: body, at: at)
      compiler.emit(body)
      captures = compiler.builder.captures
    }
    var table = -1
    if !captures.isEmpty {
      table = parts.captures.count
      parts.captures.append(captures)
    }
    builder.emit(.macro, index, table, Int(symbol(ownName ?? "caller")), change: 1, at: at, length)
  }

  private mutating func emitBlock(_ block: Statement.Block, _ at: Int, _ length: Int) {
    let symbol = symbol(block.name)
    if !builder.isSilent {
      let locals = block.isScoped ? localsTable() : -1
      builder.emit(.block, Int(symbol), locals, change: 0, at: at, length)
    }
    let index = unit(kind: .block(block.name)) { compiler in
      compiler.builder.unit.isRequiredBlock = block.isRequired
      compiler.declareNames(in: block.body, at: at)
      compiler.emit(block.body)
    }
    blocks.append((symbol, Int32(index)))
  }

  private mutating func emitModule(_ template: Expression, _ withContext: Bool) {
    let index = emitTemplate(template, optional: false)
    builder.emit(
      .module, withContext ? localsTable() : -1, index, flag: withContext ? 2 : 0, change: index < 0 ? 0 : 1,
      at: template.offset, template.length)
  }

  /// The index of a template that is named literally, which must exist unless `optional`; else pushes the name and returns -1.
  private mutating func emitTemplate(_ name: Expression, optional: Bool) -> Int {
    if case .constant(.string(let text)) = name.kind {
      if let index = parts.templateIndex[text] { return index }
      if !optional {
        let near = templateSuggestion(for: text, among: parts.templateNames)
        report(
          id: "template-not-found", "\"\(text)\" is no template", at: name.offset, length: name.length,
          hint: near.map { "did you mean \"\($0)\"?" })
      }
    }
    emit(name)
    return -1
  }
}
