import Files

/// Statements → operations, for all templates of a set.
struct Compiler {
  var parts = ProgramParts()
  var found: [Diagnostic] = []
  var builder: UnitBuilder
  /// The template being compiled.
  var template = 0
  var blocks: [(symbol: Int32, unit: Int32)] = []
  /// Members of variables that are not assigned to anywhere.
  private var members: [String: [String]] = [:]
  private var unknownMembers: [UnknownMember] = []
  private var assigned: Set<String> = []

  /// - Returns: the program; nil where a diagnostic says why there is none.
  static func compile(
    _ sources: [TemplateSource], filters: [String: TemplateFunction], tests: [String: TemplateFunction],
    globals: ValueMap, members: [String: [String]], options: TemplateOptions
  ) -> (program: Program?, unknownMembers: [UnknownMember], found: [Diagnostic]) {
    var compiler = Compiler(builder: UnitBuilder(parent: nil, isMacro: false, isTopLevel: true, kind: .template))
    compiler.parts.globals = globals
    compiler.members = members
    for (name, filter) in filters.sorted(by: { $0.key < $1.key }) {
      compiler.parts.filterIndex[name] = compiler.parts.filters.count
      compiler.parts.filters.append(filter)
    }
    for (name, test) in tests.sorted(by: { $0.key < $1.key }) {
      compiler.parts.testIndex[name] = compiler.parts.tests.count
      compiler.parts.tests.append(test)
    }
    // So that `variable` finds them even where no template names them.
    for name in globals.keys { _ = compiler.parts.symbol(name) }
    for source in sources {
      compiler.parts.templateIndex[source.name] = compiler.parts.sources.count
      compiler.parts.templateNames.append(source.name)
      compiler.parts.sources.append(SourceText(path: source.path, bytes: source.bytes))
    }
    for index in sources.indices {
      let (statements, found) = Parser.parse(compiler.parts.sources[index], options)
      compiler.found += found
      compiler.compile(statements, template: index)
    }
    // What one template assigns, another that it includes may see.
    let unknown = compiler.unknownMembers.filter { !compiler.assigned.contains($0.variable) }
    return (compiler.found.isEmpty ? Program(compiler.parts) : nil, unknown, compiler.found)
  }

  mutating func noteAssigned(_ names: [String]) { assigned.formUnion(names) }

  /// `variable.name`, at `offset`.
  mutating func noteMember(_ name: String, of variable: String, at offset: Int, length: Int) {
    guard let known = members[variable], !known.contains(name) else { return }
    var warning = parts.sources[template].diagnostic(
      id: "unknown-member", "`\(variable)` has no member \(name)", at: offset, length: length,
      hint: suggestion(for: name, among: known).map { "did you mean \($0)?" })
    warning.severity = .warning
    unknownMembers.append(UnknownMember(variable: variable, member: name, warning: warning))
  }

  private mutating func compile(_ statements: [Statement], template: Int) {
    self.template = template
    blocks = []
    let root = unit(kind: .template, isTopLevel: true) { compiler in
      compiler.declareNames(in: statements, at: 0)
      compiler.emit(statements)
    }
    parts.rootUnits.append(root)
    parts.blocks.append(blocks)
  }

  private var escapes: Bool {
    let name = parts.templateNames[template].lowercased()
    return [".html", ".htm", ".xml", ".svg"].contains { name.hasSuffix($0) }
  }

  /// Compiles what `body` emits as a unit of its own.
  mutating func unit(
    kind: UnitDetail.Kind, parent: UnitBuilder? = nil, isMacro: Bool = false, isTopLevel: Bool = false,
    _ body: (inout Compiler) -> Void
  ) -> Int {
    let outer = builder
    builder = UnitBuilder(parent: parent, isMacro: isMacro, isTopLevel: isTopLevel, kind: kind)
    builder.unit.template = template
    builder.unit.escapes = escapes
    if case .block = kind { builder.isBlock = true }
    body(&self)
    parts.units.append(builder.unit)
    builder = outer
    return parts.units.count - 1
  }

  mutating func report(id: String, _ message: String, at offset: Int, length: Int, hint: String? = nil) {
    found.append(parts.sources[template].diagnostic(id: id, message, at: offset, length: length, hint: hint))
  }

  mutating func symbol(_ name: String) -> Int32 { parts.symbol(name) }

  mutating func slot(of name: String) -> Int {
    let builder = builder
    return builder.slot(of: name) { parts.symbol($0) }
  }

  mutating func declareNames(in statements: [Statement], at offset: Int) {
    let builder = builder
    let names = Self.storedNames(statements)
    noteAssigned(names)
    builder.declare(names, symbol: { parts.symbol($0) }, at: offset)
  }

  /// The names that statements assign in their own scope; bodies that are scopes of their own are left out.
  private static func storedNames(_ statements: [Statement]) -> [String] {
    var names: [String] = []
    for statement in statements {
      switch statement.kind {
      case .set(let target, _), .capture(let target, _, _): names += target.names
      case .macro(let macro): names.append(macro.name)
      case .module(_, let name, _): names.append(name)
      case .imports(_, let imported, _): names += imported.map(\.alias)
      case .condition(let branches, let otherwise):
        for branch in branches { names += storedNames(branch.body) }
        names += storedNames(otherwise)
      default: break
      }
    }
    return names
  }

  mutating func constant(_ value: Value) -> Int {
    parts.constants.append(value)
    return parts.constants.count - 1
  }

  /// The table of a call's argument names; -1 for none.
  mutating func nameList(_ names: [String]) -> Int {
    if names.isEmpty { return -1 }
    parts.nameLists.append(names)
    return parts.nameLists.count - 1
  }

  /// The table of the names that an include or scoped block takes along; -1 for none.
  mutating func localsTable() -> Int {
    let builder = builder
    let locals = builder.locals { parts.symbol($0) }
    if locals.isEmpty { return -1 }
    parts.locals.append(locals)
    return parts.locals.count - 1
  }
}
