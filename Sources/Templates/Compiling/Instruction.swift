/// One operation on a stack of values and the slots of a unit. What `a`, `b`, `c` mean depends on the operation.
struct Instruction {
  enum Operation: UInt8 {
    /// Appends `b` bytes of the program's text from `a` on.
    case text
    /// Print the value on top, escaped as the template says; the same, never escaped.
    case print, printMarkup
    /// Print slot `a`; print member `b` of slot `a`.
    case printSlot, printMember
    /// Push: constant `a`; slot `a`; member `b` of slot `a`; none.
    case constant, slot, slotMember, undefined
    /// Replace the top by its member `a`; the two on top by an item; the four on top by a slice.
    case member, item, slice
    /// Pop into slot `a`; copy slot `a` to the context's variable `b`; look variable `b` up into slot `a`; copy slot `b` to `a`.
    case store, export, resolve, copy
    case pop
    /// Pop `a` values (for a map: keys and values in turn) and push what they make.
    case list, tuple, map
    /// Pop one element of each into the stack: unpacks the top into `a` values, the first one on top.
    case unpack
    /// Set member `b` of the namespace in slot `a` to the top.
    case setMember
    case add, subtract, multiply, divide, floorDivide, modulo, power
    case negate, plus, not
    /// Join the `a` values on top as text.
    case concatenate
    /// Compare the two on top, `flag` says how. In a chain: where false, jump to `a` with false on top; else only the left operand goes.
    case compare, compareChain
    case jump
    /// Pop, and jump to `a` where false; jump where false or pop; jump where true or pop.
    case jumpIfFalse, jumpIfFalseElsePop, jumpIfTrueElsePop
    /// Apply filter or test `a` to `b` positional and the named arguments of list `c`.
    case filter, test
    case isDefined, isUndefined
    /// Call the value below `b` positional and the named arguments of list `c`; call its method `a`.
    case call, callMethod
    /// As above, for calls with `*` or `**`: a list and a map lie on top (`flag`: 0 call, 1 filter, 2 test).
    case spreadCall
    /// Pop what to iterate; loop state goes to slot `a`; details are in loop table `b`.
    case loopBegin
    /// The next element into slot `c`, or on the stack where `c` is negative; jump to `b` at the end. `a` is the state's slot.
    case loopNext
    /// Jump to `b` where the loop of slot `a` ran; clear the slot.
    case loopEnd
    /// For filtered loops: pop a truth; where true, append the loop's element to the list in slot `b`.
    case loopKeep
    /// Push the mark of the output; pop it and push what was put out since.
    case captureBegin, captureEnd
    /// Block `a`, with the locals of table `b`.
    case block
    /// Push `super`, `self`.
    case superBlock, selfReference
    /// Template `b`, or the name(s) on the stack where negative; locals of table `a`; `flag`: 1 ignores missing, 2 with context.
    case include, module, extends
    /// Push a macro of unit `a`, capturing as table `b` says.
    case macro
    /// Jump to `b` where argument `a` was given.
    case ifGiven
    /// Pop a truth and set autoescape, keeping the old setting in slot `a`; set it back.
    case setEscape, restoreEscape
  }

  var operation: Operation
  var flag: UInt8 = 0
  var a: Int32 = 0
  var b: Int32 = 0
  var c: Int32 = 0
}

/// A piece of code with slots of its own: a template's top level, a block, a macro, the body of a `call`.
struct Unit {
  var code: UnsafePointer<Instruction>
  var codeCount: Int
  var slotCount: Int
  var stackSize: Int
  var template: Int
  var escapes: Bool
  /// Variables looked up in the context before the first operation.
  var resolves: UnsafeBufferPointer<(slot: Int32, symbol: Int32)>
  /// Of a macro: its parameters have the first slots.
  var parameters: UnsafeBufferPointer<String>
  /// Slots of `caller`, `varargs`, `kwargs` and of the macro itself; negative where not used.
  var callerSlot: Int
  var varargsSlot: Int
  var kwargsSlot: Int
  var isRequiredBlock: Bool
}

/// What errors need of a unit.
struct UnitDetail {
  enum Kind { case template, block(String), macro(String), call }

  var kind: Kind
  /// Of each operation: where it stands in the source.
  var places: [(offset: Int32, length: Int32)]
  /// What an operation works on, where a message may name it; slots of the names in it.
  var operands: [Int: Expression]
  var slots: [String: Int]
}
