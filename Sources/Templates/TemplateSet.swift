import Files

/// One template: its name, as `extends` and `include` say it, and its text.
public struct TemplateSource: Sendable {
  public var name: String
  /// As diagnostics name the file.
  public var path: String
  public var bytes: [UInt8]

  public init(name: String, path: String? = nil, bytes: [UInt8]) {
    self.name = name
    self.path = path ?? name
    self.bytes = bytes
  }
}

/// How the text around tags is read; all off is Jinja2's default.
public struct TemplateOptions: Sendable {
  /// The line end behind a tag goes.
  public var trimBlocks = false
  /// Spaces before a tag that begins a line go.
  public var lstripBlocks = false
  /// The line end at the end of a template stays.
  public var keepTrailingNewline = false

  public init() {}
}

/// A member that a template asks of a variable whose members are known, and that it does not have.
public struct UnknownMember: Sendable {
  public let variable: String
  public let member: String
  /// With the known member that is nearest as a hint, where one is near.
  public let warning: Diagnostic
}

/// The templates of a site, compiled. Immutable; renders on any number of threads at once.
///
/// What is printed is escaped in templates whose name ends in `.html`, `.htm`, `.xml` or `.svg`.
public final class TemplateSet: Sendable {
  private let program: Program
  /// Nothing is wrong with the templates, but nothing comes of these.
  public let unknownMembers: [UnknownMember]

  /// Compiles all templates.
  ///
  /// Of several sources with one name the last wins.
  /// - Parameters:
  ///   - filters: beside or instead of the built-in ones; each gets the filtered value as its first argument.
  ///   - functions: global functions, beside or instead of `range`, `dict`, `namespace`, `cycler` and `joiner`.
  ///   - globals: global values; variables given to `render` come before them.
  ///   - members: of variables that are the same kind of object in all that is rendered, the names of all their members.
  /// - Throws: every mistake that can be found without data: syntax, unknown tags, filters, tests and template names.
  public init(
    _ sources: [TemplateSource], filters: [String: TemplateFunction] = [:], functions: [String: TemplateFunction] = [:],
    globals: ValueMap = [:], members: [String: [String]] = [:], options: TemplateOptions = TemplateOptions()
  ) throws(Diagnostics) {
    var last: [String: Int] = [:]
    for (index, source) in sources.enumerated() { last[source.name] = index }
    let sources = sources.enumerated().filter { last[$0.element.name] == $0.offset }.map(\.element)
    var all = builtinGlobals
    for (name, function) in functions.sorted(by: { $0.key < $1.key }) { all[name] = .function(name, function) }
    for index in 0..<globals.count { all[globals.entry(at: index).name] = globals.entry(at: index).value }
    let (program, unknownMembers, found) = Compiler.compile(
      sources, filters: builtinFilters.merging(filters) { $1 }, tests: builtinTests, globals: all, members: members,
      options: options)
    guard let program else { throw Diagnostics(found) }
    self.program = program
    self.unknownMembers = unknownMembers
  }

  public var names: [String] { program.templateNames.sorted() }

  public func contains(_ name: String) -> Bool { program.templateIndex[name] != nil }

  /// Appends what the template makes of `context` to `output`.
  /// - Throws: what is wrong, with its place and how it was reached as notes; `output` is as it was then.
  public func render(_ name: String, _ context: ValueMap, into output: inout [UInt8]) throws(Diagnostics) {
    guard let template = program.templateIndex[name] else { throw Diagnostics([Self.notFound(name, program)]) }
    let count = output.count
    var taken: [UInt8] = []
    swap(&taken, &output)
    var renderer = Renderer(program, context, template: template, output: taken)
    taken = []
    var failure: (any Error)?
    do { try renderer.runTemplate(template, in: renderer.context) } catch { failure = error }
    renderer.end()
    swap(&renderer.output, &output)
    guard let failure else { return }
    output.removeSubrange(count...)
    switch failure {
    case let located as LocatedError: throw Diagnostics([located.diagnostic])
    case let error as TemplateError: throw Diagnostics([Diagnostic(id: error.id, error.message, hint: error.hint)])
    default: throw Diagnostics([Diagnostic(id: "template-argument", "\(failure)")])
    }
  }

  public func render(_ name: String, _ context: ValueMap) throws(Diagnostics) -> String {
    var output: [UInt8] = []
    try render(name, context, into: &output)
    return String(decoding: output, as: UTF8.self)
  }

  static func notFound(_ name: String, _ program: Program) -> Diagnostic {
    let near = templateSuggestion(for: name, among: program.templateNames)
    return Diagnostic(
      id: "template-not-found", "\"\(name)\" is no template", hint: near.map { "did you mean \"\($0)\"?" })
  }
}

/// The template that a person most likely meant: one with a near name, whatever folder it is in; what all names have, folder and extension,
/// makes none near.
func templateSuggestion(for name: String, among names: [String]) -> String? {
  func stem(_ name: String) -> String {
    let file = name.pathParts.last ?? Substring(name)
    return String(file.lastIndex(of: ".").map { file[..<$0] } ?? file)
  }
  guard let near = suggestion(for: stem(name), among: names.map(stem)) else { return nil }
  return NearNames(names.filter { stem($0) == near }).nearest(to: name) ?? names.filter { stem($0) == near }.min()
}
