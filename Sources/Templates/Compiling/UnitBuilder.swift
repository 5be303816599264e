/// A unit being compiled: its code, its slots, and the names that are known at the place reached.
final class UnitBuilder {
  /// Names that begin and end together: a template's top level, a loop's body, …
  struct Scope {
    var slots: [String: Int] = [:]
    /// At a template's top level: assignments are seen by blocks, macros and importers, through the context.
    var isTopLevel = false
  }

  var unit = FinishedUnit()
  var scopes: [Scope]
  /// The unit around a macro or call body.
  let parent: UnitBuilder?
  /// Names of the context that have a slot, filled when the unit begins.
  private var free: [String: Int] = [:]
  /// Slots of the unit around that a macro takes along.
  private(set) var captures: [(outer: Int32, inner: Int32)] = []
  private var captured: [String: Int] = [:]
  let isMacro: Bool
  var isBlock = false
  /// Behind `extends` nothing is put out.
  var isSilent = false
  /// How many `if`s are open: `extends` in one is not certain.
  var conditions = 0
  private var height = 0

  init(parent: UnitBuilder?, isMacro: Bool, isTopLevel: Bool, kind: UnitDetail.Kind) {
    self.parent = parent
    self.isMacro = isMacro
    scopes = [Scope(isTopLevel: isTopLevel)]
    unit.detail.kind = kind
  }

  // MARK: Code

  var position: Int { unit.code.count }

  /// - Parameter change: by how much the operation changes the height of the stack.
  @discardableResult
  func emit(
    _ operation: Instruction.Operation, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0, flag: UInt8 = 0, change: Int,
    at offset: Int, _ length: Int
  ) -> Int {
    unit.code.append(
      Instruction(
        operation: operation, flag: flag, a: Int32(truncatingIfNeeded: a), b: Int32(truncatingIfNeeded: b),
        c: Int32(truncatingIfNeeded: c)))
    unit.detail.places.append((Int32(truncatingIfNeeded: offset), Int32(truncatingIfNeeded: length)))
    height += change
    unit.stackSize = max(unit.stackSize, height + 1)
    return unit.code.count - 1
  }

  /// Two branches meet: the height is that of one of them.
  func adjust(_ change: Int) { height += change }

  /// Notes what the operation emitted last works on, for messages.
  func note(_ operand: Expression) { unit.detail.operands[unit.code.count - 1] = operand }

  /// Makes a jump emitted before go to the place reached.
  func land(_ jump: Int) {
    switch unit.code[jump].operation {
    case .loopNext, .loopEnd, .ifGiven: unit.code[jump].b = Int32(position)
    default: unit.code[jump].a = Int32(position)
    }
  }

  // MARK: Names

  func newSlot() -> Int {
    unit.slotCount += 1
    return unit.slotCount - 1
  }

  /// The slot of a name declared in this unit; nil where there is none.
  private func declared(_ name: String, besideTopLevel: Bool = false) -> Int? {
    for scope in scopes.reversed() where !(besideTopLevel && scope.isTopLevel) {
      if let slot = scope.slots[name] { return slot }
    }
    return captured[name]
  }

  /// The slot that `name` is read from here.
  func slot(of name: String, symbol: (String) -> Int32) -> Int {
    if let slot = declared(name) { return slot }
    if isMacro {
      switch name {
      case "caller": return special(\.callerSlot)
      case "varargs": return special(\.varargsSlot)
      case "kwargs": return special(\.kwargsSlot)
      default: break
      }
    }
    if let slot = capture(name) { return slot }
    if let slot = free[name] { return slot }
    let slot = newSlot()
    free[name] = slot
    unit.detail.slots[name] = slot
    unit.resolves.append((Int32(slot), symbol(name)))
    return slot
  }

  private func special(_ path: WritableKeyPath<FinishedUnit, Int>) -> Int {
    if unit[keyPath: path] < 0 { unit[keyPath: path] = newSlot() }
    return unit[keyPath: path]
  }

  /// The slot for a name of the unit around, its value taken along when the macro is made.
  private func capture(_ name: String) -> Int? {
    guard let parent, let outer = parent.declared(name, besideTopLevel: true) ?? parent.capture(name) else {
      return nil
    }
    let inner = newSlot()
    captured[name] = inner
    captures.append((Int32(outer), Int32(inner)))
    return inner
  }

  /// Declares names in the innermost scope, each with the value it has outside.
  func declare(_ names: [String], symbol: (String) -> Int32, at offset: Int) {
    for name in names where scopes[scopes.count - 1].slots[name] == nil {
      let outer = declared(name) ?? capture(name)
      let slot = newSlot()
      scopes[scopes.count - 1].slots[name] = slot
      unit.detail.slots[name] = slot
      if let outer {
        emit(.copy, slot, outer, change: 0, at: offset, 0)
      } else {
        emit(.resolve, slot, Int(symbol(name)), change: 0, at: offset, 0)
      }
    }
  }

  /// Declares a name whose value is about to be stored.
  func declare(parameter name: String) -> Int {
    let slot = newSlot()
    scopes[scopes.count - 1].slots[name] = slot
    unit.detail.slots[name] = slot
    return slot
  }

  /// What an include or a scoped block takes along: all names that the context does not know.
  func locals(symbol: (String) -> Int32) -> [(symbol: Int32, slot: Int32)] {
    var slots = captured
    for scope in scopes where !scope.isTopLevel { slots.merge(scope.slots) { $1 } }
    return slots.sorted { $0.key < $1.key }.map { (symbol($0.key), Int32($0.value)) }
  }
}
