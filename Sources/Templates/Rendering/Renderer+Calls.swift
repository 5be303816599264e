import Files

extension Renderer {
  // MARK: Macros

  mutating func call(_ macro: Macro, _ arguments: borrowing Arguments) throws -> Value {
    let unit = program.units[macro.unit]
    let parameters = unit.parameters
    let positional = arguments.count
    var given: UInt64 = 0
    var extraNames: [Int] = []
    for index in 0..<min(positional, parameters.count) { given |= 1 << UInt64(index) }
    var named: [(parameter: Int, argument: Int)] = []
    for index in 0..<arguments.names.count {
      let name = arguments.names[index]
      if let parameter = parameters.firstIndex(of: name) {
        if given & (1 << UInt64(parameter)) != 0 {
          throw TemplateError("argument `\(name)` of macro `\(macro.name)` is given twice")
        }
        given |= 1 << UInt64(parameter)
        named.append((parameter, positional + index))
      } else if name == "caller" {
        guard unit.callerSlot >= 0 || unit.kwargsSlot >= 0 else {
          throw TemplateError(
            "macro `\(macro.name)` does not use `caller`, so it can't be called with a body")
        }
        if unit.callerSlot < 0 { extraNames.append(index) }
      } else if unit.kwargsSlot >= 0 {
        extraNames.append(index)
      } else {
        let near = suggestion(for: name, among: parameters)
        throw TemplateError(
          "macro `\(macro.name)` has no parameter `\(name)`", hint: near.map { "did you mean `\($0)`?" })
      }
    }
    if positional > parameters.count, unit.varargsSlot < 0 {
      throw TemplateError("macro `\(macro.name)` takes at most \(parameters.count) arguments, not \(positional)")
    }
    let values = arguments.values
    let names = arguments.names
    let outer = context
    context = macro.context
    defer { context = outer }
    let isMarkup = escapes
    let mark = output.count
    try run(macro.unit, given: given, escapes: macro.escapes) { frame in
      for index in 0..<min(positional, parameters.count) { frame[index] = values[index] }
      for (parameter, argument) in named { frame[parameter] = values[argument] }
      for (slot, value) in macro.captured { frame[slot] = value }
      if unit.callerSlot >= parameters.count, let index = names.firstIndex(of: "caller") {
        frame[unit.callerSlot] = values[positional + index]
      }
      if unit.varargsSlot >= 0 {
        frame[unit.varargsSlot] = .tuple(Array(values[min(positional, parameters.count)..<positional]))
      }
      if unit.kwargsSlot >= 0 {
        frame[unit.kwargsSlot] = .map(ValueMap(extraNames.map { (names[$0], values[positional + $0]) }))
      }
    }
    let text = takeOutput(from: mark)
    return isMarkup ? .safe(text) : .string(text)
  }

  /// A call whose arguments are a list and a list, a map and a map on the stack, below them what is called.
  mutating func spreadCall(_ operation: Instruction, _ top: UnsafeMutablePointer<Value>) throws -> Value {
    guard case .list(var values) = top[-4], case .map(var named) = top[-2] else {
      preconditionFailure("bug: spread call without arguments")
    }
    guard let more = top[-3].iterated else { throw TemplateError.type("`*` needs a list, not \(top[-3].typeName)") }
    values += more
    switch top[-1] {
    case .map(let map):
      for index in 0..<map.count {
        let (name, value) = map.entry(at: index)
        if named[name] != nil { throw TemplateError("argument `\(name)` is given twice") }
        named[name] = value
      }
    case .undefined, .none: break
    default: throw TemplateError.type("`**` needs a map, not \(top[-1].typeName)")
    }
    values += named.values
    let callee = top[-5]
    return try values.withUnsafeBufferPointer { values in
      try named.keys.withUnsafeBufferPointer { names in
        let arguments = Arguments(values, names: names)
        switch operation.flag {
        case 1: return try apply(program.filters[Int(operation.a)], arguments)
        case 2: return try apply(program.tests[Int(operation.a)], arguments)
        default: return try call(callee, arguments)
        }
      }
    }
  }

  /// Runs a recursive loop again over other items, in the same frame.
  mutating func recurse(_ recursion: LoopState.Recursion, over items: Value, depth loopDepth: Int) throws -> Value {
    guard depth < Self.depthLimit else {
      throw TemplateError(id: "template-depth", "loops call themselves more than \(Self.depthLimit) deep")
    }
    depth += 1
    defer { depth -= 1 }
    let saved = recursion.slots.map { recursion.frame[$0] }
    defer { for (slot, value) in zip(recursion.slots, saved) { recursion.frame[slot] = value } }
    let unit = program.units[recursion.unit]
    let stack = UnsafeMutablePointer<Value>.allocate(capacity: unit.stackSize + 8)
    defer { stack.deallocate() }
    stack.initialize(to: items)
    self.loopDepth = loopDepth
    let mark = output.count
    try execute(recursion.unit, recursion.code, recursion.frame, stack, filled: 1)
    let text = takeOutput(from: mark)
    return escapes ? .safe(text) : .string(text)
  }

  // MARK: Blocks

  mutating func runBlock(_ operation: Instruction, _ frame: UnsafeMutablePointer<Value>) throws {
    guard operation.b >= 0 else { return try runBlock(operation.a, from: 0) }
    let outer = context
    context = ContextFrame(deriving: outer, locals: locals(operation.b, frame))
    defer { context = outer }
    try runBlock(operation.a, from: 0)
  }

  private mutating func runBlock(_ symbol: Int32, from position: Int) throws {
    for place in position..<max(position, context.chain.count) {
      let template = context.chain[place]
      guard let unit = program.block(symbol, in: template) else { continue }
      if program.units[unit].isRequiredBlock {
        throw TemplateError(
          id: "required-block", "block `\(program.names[Int(symbol)])` is required and not given",
          hint: "define it in \"\(program.templateNames[context.chain[0]])\"")
      }
      return try run(unit)
    }
    throw TemplateError("there is no parent block `\(program.names[Int(symbol)])`")
  }

  mutating func captureBlock(_ symbol: Int32, from position: Int, _ frame: ContextFrame) throws -> Value {
    let outer = context
    context = frame
    defer { context = outer }
    let isMarkup = escapes
    let text = try capture { renderer throws in try renderer.runBlock(symbol, from: position) }
    return isMarkup ? .safe(text) : .string(text)
  }

  /// `super` in the block of unit `index`.
  func superBlock(_ index: Int) -> Value {
    for (position, template) in context.chain.enumerated() where template == program.units[index].template {
      for block in program.blocks[template] where Int(block.unit) == index {
        // The next template that has the block, if there is one.
        let rest = (position + 1)..<context.chain.count
        guard let next = rest.first(where: { program.block(block.symbol, in: context.chain[$0]) != nil }) else { break }
        return .special(BlockReference(symbol: block.symbol, position: next, context: context))
      }
    }
    return .undefined
  }

  // MARK: Other templates

  /// The template that a name, or the first one of several names, stands for; -1 where there is none and that is fine.
  func chosenTemplate(_ value: Value, optional: Bool) throws -> Int {
    if let name = value.asText {
      if let index = program.templateIndex[name] { return index }
      if optional { return -1 }
      throw TemplateSet.notFound(name, program)
    }
    if value.isUndefined {
      if optional { return -1 }
      throw UndefinedUse()
    }
    guard let names = value.iterated else {
      throw TemplateError.type("template name is a string, not \(value.typeName)")
    }
    for name in names {
      if let name = name.asText, let index = program.templateIndex[name] { return index }
    }
    if optional { return -1 }
    throw TemplateError(id: "template-not-found", "none of \(value.text) is a template")
  }

  mutating func include(_ template: Int, _ operation: Instruction, _ frame: UnsafeMutablePointer<Value>) throws {
    let withContext = operation.flag & 2 != 0
    let included = ContextFrame(
      template: template, parent: withContext ? context : nil, locals: locals(operation.a, frame),
      seesContext: withContext)
    try runTemplate(template, in: included)
  }

  mutating func module(
    _ template: Int, _ operation: Instruction, _ frame: UnsafeMutablePointer<Value>
  ) throws -> Value {
    let withContext = operation.flag & 2 != 0
    if !withContext, let known = modules[template] { return .special(known) }
    let imported = ContextFrame(
      template: template, parent: withContext ? context : nil, locals: locals(operation.a, frame),
      seesContext: withContext)
    let output = try capture { renderer throws in try renderer.runTemplate(template, in: imported) }
    let module = Module(imported, program, output: output)
    if !withContext { modules[template] = module }
    return .special(module)
  }
}
