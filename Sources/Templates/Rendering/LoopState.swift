/// What a `for` goes through: elements stored or made on demand.
enum LoopItems {
  case stored([Value])
  case sequence(any TemplateSequence)

  /// - Throws: where the value can't be iterated.
  init(_ value: Value) throws(TemplateError) {
    switch value {
    case .list(let items), .tuple(let items): self = .stored(items)
    case .sequence(let sequence): self = .sequence(sequence)
    default:
      guard let items = value.iterated else { throw .type("\(value.typeName) can't be iterated") }
      self = .stored(items)
    }
  }

  var count: Int {
    switch self {
    case .stored(let items): items.count
    case .sequence(let sequence): sequence.count
    }
  }

  subscript(index: Int) -> Value {
    switch self {
    case .stored(let items): items[index]
    case .sequence(let sequence): sequence.element(at: index)
    }
  }
}

/// A running `for`; what templates see as `loop`.
final class LoopState: Special, @unchecked Sendable {
  /// Where the code of a recursive loop lies, to run it again over other items.
  struct Recursion {
    let unit: Int
    /// The operations from the loop's first to the one behind its last.
    let code: Range<Int>
    /// The frame the loop runs in, and the slots that belong to the loop.
    let frame: UnsafeMutablePointer<Value>
    let slots: Range<Int>
  }

  let items: LoopItems
  let count: Int
  let depth: Int
  var index = -1
  var recursion: Recursion?
  private var changed: [Value]?

  init(_ items: LoopItems, depth: Int) {
    self.items = items
    self.depth = depth
    count = items.count
  }

  override var typeName: String { "a loop" }
  override var isCallable: Bool { true }
  override var length: Int? { count }

  override var memberNames: [String] {
    [
      "index", "index0", "first", "last", "length", "revindex", "revindex0", "previtem", "nextitem", "depth", "depth0",
      "cycle", "changed",
    ]
  }

  override func member(_ name: String) -> Value {
    switch name {
    case "index": .int(index + 1)
    case "index0": .int(index)
    case "first": .bool(index == 0)
    case "last": .bool(index == count - 1)
    case "length": .int(count)
    case "revindex": .int(count - index)
    case "revindex0": .int(count - index - 1)
    case "previtem": index > 0 ? items[index - 1] : .undefined
    case "nextitem": index + 1 < count ? items[index + 1] : .undefined
    case "depth": .int(depth + 1)
    case "depth0": .int(depth)
    case "cycle", "changed": .function(name) { [self] _, arguments in try call(name, arguments) ?? .undefined }
    default: .undefined
    }
  }

  /// Calls one of the loop's functions; nil where there is none of this name.
  func call(_ name: String, _ arguments: borrowing Arguments) throws -> Value? {
    switch name {
    case "cycle":
      guard arguments.count > 0 else { throw TemplateError("`loop.cycle` needs something to choose from") }
      return arguments[index % arguments.count]
    case "changed": return .bool(hasChanged(arguments.positional))
    default: return nil
    }
  }

  private func hasChanged(_ values: [Value]) -> Bool {
    if let changed, changed == values { return false }
    changed = values
    return true
  }

  override func call(
    member name: String, _ renderer: inout Renderer, _ arguments: borrowing Arguments
  ) throws -> Value {
    try call(name, arguments) ?? renderer.call(member(name), arguments)
  }

  override func call(_ renderer: inout Renderer, _ arguments: borrowing Arguments) throws -> Value {
    guard let recursion else {
      throw TemplateError.type(
        "`loop` is called in a loop that is not recursive", hint: "write `recursive` at the end of the for tag")
    }
    return try renderer.recurse(recursion, over: arguments[0], depth: depth + 1)
  }
}
