import Files

/// All templates of a set, compiled. Flat memory without reference counts, so that threads do not contend for it.
final class Program: @unchecked Sendable {
  struct LoopTable {
    /// The loop's operations, from the one that begins it to the one behind `else`.
    var code: Range<Int>
    var slots: Range<Int>
    var isRecursive: Bool
  }

  let units: UnsafePointer<Unit>
  let text: UnsafePointer<UInt8>
  let constants: UnsafePointer<Value>
  let names: UnsafePointer<String>
  let filters: UnsafePointer<TemplateFunction>
  let tests: UnsafePointer<TemplateFunction>
  let globals: UnsafePointer<Value>
  let nameLists: UnsafePointer<UnsafeBufferPointer<String>>
  let loops: UnsafePointer<LoopTable>
  let rootUnits: UnsafePointer<Int>
  let blocks: UnsafePointer<UnsafeBufferPointer<(symbol: Int32, unit: Int32)>>
  let locals: UnsafePointer<UnsafeBufferPointer<(symbol: Int32, slot: Int32)>>
  let captures: UnsafePointer<UnsafeBufferPointer<(outer: Int32, inner: Int32)>>

  let details: [UnitDetail]
  let sources: [SourceText]
  let templateNames: [String]
  let symbols: [String: Int]
  let globalNames: [String]
  let templateIndex: [String: Int]
  let filterIndex: [String: Int]
  let testIndex: [String: Int]
  private let release: [() -> Void]

  init(_ parts: ProgramParts) {
    var release: [() -> Void] = []
    func freeze<Element>(_ elements: [Element]) -> UnsafePointer<Element> {
      let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
      memory.initialize(from: elements, count: elements.count)
      release.append {
        memory.deinitialize(count: elements.count)
        memory.deallocate()
      }
      return UnsafePointer(memory)
    }
    func freezeBuffer<Element>(_ elements: [Element]) -> UnsafeBufferPointer<Element> {
      elements.isEmpty
        ? UnsafeBufferPointer(start: nil, count: 0)
        : UnsafeBufferPointer(start: freeze(elements), count: elements.count)
    }
    units = freeze(
      parts.units.map { unit in
        Unit(
          code: freeze(unit.code), codeCount: unit.code.count, slotCount: unit.slotCount, stackSize: unit.stackSize,
          template: unit.template, escapes: unit.escapes, resolves: freezeBuffer(unit.resolves),
          parameters: freezeBuffer(unit.parameters), callerSlot: unit.callerSlot, varargsSlot: unit.varargsSlot,
          kwargsSlot: unit.kwargsSlot, isRequiredBlock: unit.isRequiredBlock)
      })
    text = freeze(parts.text)
    constants = freeze(parts.constants)
    names = freeze(parts.names)
    filters = freeze(parts.filters)
    tests = freeze(parts.tests)
    globals = freeze(parts.names.map { parts.globals[$0] ?? .undefined })
    nameLists = freeze(parts.nameLists.map { freezeBuffer($0) })
    loops = freeze(parts.loops)
    rootUnits = freeze(parts.rootUnits)
    blocks = freeze(parts.blocks.map { freezeBuffer($0) })
    locals = freeze(parts.locals.map { freezeBuffer($0) })
    captures = freeze(parts.captures.map { freezeBuffer($0) })
    details = parts.units.map(\.detail)
    sources = parts.sources
    templateNames = parts.templateNames
    symbols = parts.symbols
    globalNames = parts.globals.keys
    templateIndex = parts.templateIndex
    filterIndex = parts.filterIndex
    testIndex = parts.testIndex
    self.release = release
  }

  deinit { for free in release { free() } }

  /// The unit of block `symbol` in one template.
  func block(_ symbol: Int32, in template: Int) -> Int? {
    for block in blocks[template] where block.symbol == symbol { return Int(block.unit) }
    return nil
  }
}

/// A program being put together.
struct ProgramParts {
  var units: [FinishedUnit] = []
  var text: [UInt8] = []
  var constants: [Value] = []
  var names: [String] = []
  var symbols: [String: Int] = [:]
  var filters: [TemplateFunction] = []
  var filterIndex: [String: Int] = [:]
  var tests: [TemplateFunction] = []
  var testIndex: [String: Int] = [:]
  var globals = ValueMap()
  var nameLists: [[String]] = []
  var loops: [Program.LoopTable] = []
  var sources: [SourceText] = []
  var templateNames: [String] = []
  var templateIndex: [String: Int] = [:]
  var rootUnits: [Int] = []
  var blocks: [[(symbol: Int32, unit: Int32)]] = []
  var locals: [[(symbol: Int32, slot: Int32)]] = []
  var captures: [[(outer: Int32, inner: Int32)]] = []

  mutating func symbol(_ name: String) -> Int32 {
    if let known = symbols[name] { return Int32(known) }
    symbols[name] = names.count
    names.append(name)
    return Int32(names.count - 1)
  }
}

/// A unit with all its code.
struct FinishedUnit {
  var code: [Instruction] = []
  var slotCount = 0
  var stackSize = 0
  var template = 0
  var escapes = false
  var resolves: [(slot: Int32, symbol: Int32)] = []
  var parameters: [String] = []
  var callerSlot = -1
  var varargsSlot = -1
  var kwargsSlot = -1
  var isRequiredBlock = false
  var detail = UnitDetail(kind: .template, places: [], operands: [:], slots: [:])
}
