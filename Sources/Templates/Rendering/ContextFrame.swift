/// The variables that one template sees beside its own slots, and the templates it extends.
///
/// Lives for one rendering on one thread.
final class ContextFrame {
  // One thread renders: the checks for overlapping access would find nothing.
  /// Names that the template has set at its top level.
  @exclusivity(unchecked) var variables: [(symbol: Int32, value: Value)] = []
  /// Names that an include or a scoped block takes along from inside a loop or macro.
  let locals: [(symbol: Int32, value: Value)]
  let parent: ContextFrame?
  /// Whether the variables given to `render` are seen.
  let seesContext: Bool
  /// The template and those it extends, the first one first.
  @exclusivity(unchecked) var chain: [Int]
  /// Set by `extends`: which template goes on, and where the output ends that stays.
  @exclusivity(unchecked) var extended: (template: Int, mark: Int)?

  init(
    template: Int, parent: ContextFrame? = nil, locals: [(symbol: Int32, value: Value)] = [], seesContext: Bool = true
  ) {
    chain = [template]
    self.parent = parent
    self.locals = locals
    self.seesContext = seesContext
  }

  /// For scoped blocks: the same templates, with more variables.
  init(deriving parent: ContextFrame, locals: [(symbol: Int32, value: Value)]) {
    chain = parent.chain
    self.parent = parent
    self.locals = locals
    seesContext = parent.seesContext
  }

  func set(_ symbol: Int32, _ value: Value) {
    for index in variables.indices where variables[index].symbol == symbol {
      variables[index].value = value
      return
    }
    variables.append((symbol, value))
  }

  func own(_ symbol: Int32) -> Value? {
    for variable in variables where variable.symbol == symbol { return variable.value }
    return nil
  }
}

/// A macro, or the body of a `call` block.
final class Macro: Special, @unchecked Sendable {
  let unit: Int
  let name: String
  let context: ContextFrame
  /// Values of the slots around the macro that it uses, by its own slots.
  let captured: [(slot: Int, value: Value)]
  let escapes: Bool

  init(unit: Int, name: String, context: ContextFrame, captured: [(slot: Int, value: Value)], escapes: Bool) {
    (self.unit, self.name, self.context, self.captured, self.escapes) = (unit, name, context, captured, escapes)
  }

  override var typeName: String { "a macro" }
  override var description: String { "<Macro '\(name)'>" }
  override var memberNames: [String] { ["name"] }
  override func member(_ name: String) -> Value { name == "name" ? .string(self.name) : .undefined }

  override func call(_ renderer: inout Renderer, _ arguments: borrowing Arguments) throws -> Value {
    try renderer.call(self, arguments)
  }
}

/// A block as a value: `super`, `self.name`.
final class BlockReference: Special, @unchecked Sendable {
  let symbol: Int32
  /// From which template of the chain on the block is looked for.
  let position: Int
  let context: ContextFrame

  init(symbol: Int32, position: Int, context: ContextFrame) {
    (self.symbol, self.position, self.context) = (symbol, position, context)
  }

  override var typeName: String { "a block" }
  override var memberNames: [String] { ["super"] }

  override func member(_ name: String) -> Value {
    name == "super" ? .special(BlockReference(symbol: symbol, position: position + 1, context: context)) : .undefined
  }

  override func call(_ renderer: inout Renderer, _ arguments: borrowing Arguments) throws -> Value {
    try renderer.captureBlock(symbol, from: position, context)
  }
}

/// `self`: the blocks of the template by name.
final class SelfReference: Special, @unchecked Sendable {
  private let context: ContextFrame
  private let program: Program

  init(_ context: ContextFrame, _ program: Program) { (self.context, self.program) = (context, program) }

  override var typeName: String { "the template itself" }
  override var isCallable: Bool { false }

  override func member(_ name: String) -> Value {
    guard let symbol = program.symbols[name],
      context.chain.contains(where: { program.block(Int32(symbol), in: $0) != nil })
    else { return .undefined }
    return .special(BlockReference(symbol: Int32(symbol), position: 0, context: context))
  }
}

/// An imported template: its macros and top-level variables.
final class Module: Special, @unchecked Sendable {
  let context: ContextFrame
  let program: Program
  private let output: String

  init(_ context: ContextFrame, _ program: Program, output: String) {
    (self.context, self.program, self.output) = (context, program, output)
  }

  override var typeName: String { "an imported template" }
  override var isCallable: Bool { false }
  override var description: String { output }
  override var memberNames: [String] {
    context.variables.map { program.names[Int($0.symbol)] }.filter { !$0.hasPrefix("_") }
  }

  override func member(_ name: String) -> Value {
    guard !name.hasPrefix("_"), let symbol = program.symbols[name] else { return .undefined }
    return context.own(Int32(symbol)) ?? .undefined
  }
}
