import Files

/// One rendering: the output, the stack of values, and the variables that are seen. Lives on one thread.
struct Renderer: ~Copyable {
  unowned(unsafe) let program: Program
  let user: ValueMap
  var output: [UInt8]
  var context: ContextFrame
  /// Whether what is printed now is escaped.
  var escapes = true
  /// How many units run inside each other.
  var depth: Int
  /// How deep the recursive loop is that begins next.
  var loopDepth = 0
  var currentTemplate: Int
  private var chunks: [Chunk] = []
  private var free: UnsafeMutablePointer<Value>
  private var limit: UnsafeMutablePointer<Value>
  private var contexts: [ContextFrame] = []
  var modules: [Int: Module] = [:]

  /// A stretch of memory for slots and stacks.
  private struct Chunk {
    let memory: UnsafeMutablePointer<Value>
    let size: Int
  }

  /// How many templates, blocks and macros may run inside each other.
  static let depthLimit = 150
  /// The longest text and list that an operator may make, in bytes and elements.
  static let textLimit = 1 << 24
  static let listLimit = 1 << 20

  init(_ program: Program, _ user: ValueMap, template: Int, output: [UInt8], depth: Int = 0) {
    self.program = program
    self.user = user
    self.output = output
    self.depth = depth
    currentTemplate = template
    context = ContextFrame(template: template)
    let size = 1024
    let memory = UnsafeMutablePointer<Value>.allocate(capacity: size)
    chunks = [Chunk(memory: memory, size: size)]
    free = memory
    limit = memory + size
  }

  deinit {
    for chunk in chunks { chunk.memory.deallocate() }
  }

  /// Macros refer to the context that holds them: breaks these circles.
  mutating func end() {
    context.variables = []
    for context in contexts { context.variables = [] }
    for module in modules.values { module.context.variables = [] }
  }

  var currentTemplateName: String { program.templateNames[currentTemplate] }

  // MARK: Variables

  func variable(_ name: String) -> Value {
    if let symbol = program.symbols[name] { return resolve(Int32(symbol)) }
    return user[name] ?? .undefined
  }

  func resolve(_ symbol: Int32) -> Value {
    var frame = context
    while true {
      if let value = frame.own(symbol) { return value }
      for local in frame.locals where local.symbol == symbol { return local.value }
      guard let parent = frame.parent else { break }
      frame = parent
    }
    if frame.seesContext, let value = user[program.names[Int(symbol)]] { return value }
    return program.globals[Int(symbol)]
  }

  func locals(_ table: Int32, _ frame: UnsafeMutablePointer<Value>) -> [(symbol: Int32, value: Value)] {
    table < 0 ? [] : program.locals[Int(table)].map { ($0.symbol, frame[Int($0.slot)]) }
  }

  // MARK: Units

  /// Runs a unit in a frame of its own.
  /// - Parameters:
  ///   - given: a bit for each parameter of a macro that has an argument.
  ///   - escaping: whether the unit escapes, where that is not known from its template.
  ///   - fill: gives slots their first values.
  mutating func run(
    _ index: Int, given: UInt64 = 0, escapes escaping: Bool? = nil,
    _ fill: (UnsafeMutablePointer<Value>) -> Void = { _ in }
  ) throws {
    guard depth < Self.depthLimit else {
      throw TemplateError(
        id: "template-depth", "templates, blocks and macros run inside each other more than \(Self.depthLimit) deep",
        hint: "something includes or calls itself without end")
    }
    let unit = program.units + index
    let need = unit.pointee.slotCount + unit.pointee.stackSize + 8
    let (savedFree, savedLimit, chunkCount) = (free, limit, chunks.count)
    if free + need > limit { addChunk(need) }
    let frame = free
    let slotCount = unit.pointee.slotCount
    frame.initialize(repeating: .undefined, count: slotCount)
    free += need
    depth += 1
    let (outerEscapes, outerTemplate) = (escapes, currentTemplate)
    escapes = escaping ?? unit.pointee.escapes
    currentTemplate = unit.pointee.template
    defer {
      frame.deinitialize(count: slotCount)
      escapes = outerEscapes
      currentTemplate = outerTemplate
      depth -= 1
      (free, limit) = (savedFree, savedLimit)
      while chunks.count > chunkCount { chunks.removeLast().memory.deallocate() }
    }
    fill(frame)
    for (slot, symbol) in unit.pointee.resolves { frame[Int(slot)] = resolve(symbol) }
    try execute(index, 0..<unit.pointee.codeCount, frame, frame + slotCount, given: given)
  }

  private mutating func addChunk(_ need: Int) {
    let size = max(need, 4096)
    let memory = UnsafeMutablePointer<Value>.allocate(capacity: size)
    chunks.append(Chunk(memory: memory, size: size))
    free = memory
    limit = memory + size
  }

  /// Runs a template from its top level on, with the templates that it extends.
  mutating func runTemplate(_ index: Int, in frame: ContextFrame) throws {
    let outer = context
    context = frame
    defer { context = outer }
    contexts.append(frame)
    var template = index
    while true {
      frame.extended = nil
      try run(program.rootUnits[template])
      guard let extended = frame.extended else { return }
      output.removeLast(output.count - extended.mark)
      template = extended.template
      frame.chain.append(template)
    }
  }

  /// - Throws: where the template would be the 33rd of a chain.
  func refuseExtensionsWithoutEnd(_ template: Int) throws(TemplateError) {
    guard context.chain.count >= 32 else { return }
    let circle = context.chain.lastIndex(of: template).map { Set(context.chain[$0...]) } ?? []
    let names = circle.map { "\"\(program.templateNames[$0])\"" }.sorted()
    let hint = names.count == 1 ? "\(names[0]) extends itself" : "\(names.joined(separator: " and ")) extend each other"
    throw TemplateError(
      id: "template-depth", "templates extend each other more than 32 times", hint: circle.isEmpty ? nil : hint)
  }

  /// What runs in `body` is put out; returned is the text.
  mutating func capture(_ body: (inout Renderer) throws -> Void) throws -> String {
    let mark = output.count
    try body(&self)
    return takeOutput(from: mark)
  }

  mutating func takeOutput(from mark: Int) -> String {
    let text = output.withUnsafeBufferPointer { bytes in
      String(decoding: UnsafeBufferPointer(rebasing: bytes[mark...]), as: UTF8.self)
    }
    output.removeLast(output.count - mark)
    return text
  }

  // MARK: Printing

  @inline(__always)
  mutating func print(_ value: Value) {
    switch value {
    case .string(let text):
      if escapes { output.append(escaped: text) } else { output.append(text) }
    case .safe(let text): output.append(text)
    case .int(let number): output.append(decimal: number)
    case .undefined: break
    default: printOther(value)
    }
  }

  @inline(never)
  private mutating func printOther(_ value: Value) {
    switch value {
    case .special(let module as Module): output.append(module.description)
    case .list, .tuple, .map, .sequence, .object, .special:
      if escapes { output.append(escaped: value.text) } else { value.write(to: &output) }
    default: value.write(to: &output)
    }
  }

  // MARK: Functions

  mutating func apply(_ function: TemplateFunction, _ arguments: borrowing Arguments) throws -> Value {
    // Nothing else touches `self` while the function runs: it goes through the pointer.
    try withUnsafeMutablePointer(to: &self) { pointer in
      var call = TemplateCall(renderer: pointer)
      return try function(&call, arguments)
    }
  }

  /// Calls with arguments that are in arrays.
  mutating func apply(_ function: TemplateFunction, _ values: [Value], names: [String] = []) throws -> Value {
    try values.withUnsafeBufferPointer { values in
      try names.withUnsafeBufferPointer { names in try apply(function, Arguments(values, names: names)) }
    }
  }

  mutating func call(_ callee: Value, _ arguments: borrowing Arguments) throws -> Value {
    guard case .special(let special) = callee else {
      throw callee.isUndefined ? UndefinedUse() : TemplateError.type("\(callee.typeName) can't be called") as any Error
    }
    return try special.call(&self, arguments)
  }
}

/// Thrown where something undefined is used as if it were there; what it is called is found at the place of the operation.
struct UndefinedUse: Error {}
