import Files

extension Parser {
  private static let tagNames = [
    "autoescape", "block", "call", "do", "extends", "filter", "for", "from", "if", "import", "include", "macro",
    "print",
    "raw", "set", "with",
  ]

  private static let closingNames = [
    "elif", "else", "endautoescape", "endblock", "endcall", "endfilter", "endfor", "endif", "endmacro", "endraw",
    "endset", "endwith",
  ]

  /// One statement, from its name on; empty where it can't be read.
  mutating func statement(_ ends: [StaticString]) -> [Statement.Kind] {
    let opened = current
    guard opened.kind == .name else {
      return tag { parser throws(Mistake) in
        throw parser.fail("tag name is expected, not \(parser.describe(opened))")
      } ?? []
    }
    let name = text(opened)
    guard depth < Self.depthLimit || Self.closingNames.contains(name) else {
      return tag { parser throws(Mistake) in
        throw parser.fail("tags are nested more than \(Self.depthLimit) deep", id: "template-depth")
      } ?? []
    }
    advance()
    switch name {
    case "for": return [loop(opened)]
    case "if": return [condition(opened)]
    case "set": return [set(opened)].compactMap { $0 }
    case "with": return [with(opened)]
    case "macro": return [macro(opened)]
    case "call": return [callBlock(opened)]
    case "filter": return [filterBlock(opened)]
    case "block": return [block(opened)]
    case "autoescape": return [autoescape(opened)]
    case "include": return [include()].compactMap { $0 }
    case "import": return [module()].compactMap { $0 }
    case "from": return [imports()].compactMap { $0 }
    case "extends": return [tag { p throws(Mistake) in .extends(try p.expression()) }].compactMap { $0 }
    case "do": return [tag { p throws(Mistake) in .evaluate(try p.expressionOrTuple()) }].compactMap { $0 }
    case "print": return printed()
    default:
      _ = tag { parser throws(Mistake) in throw parser.unknownTag(name, opened, ends) }
      return []
    }
  }

  private mutating func unknownTag(_ name: String, _ token: Token, _ ends: [StaticString]) -> Mistake {
    if Self.closingNames.contains(name) {
      let expected = ends.map { "`\($0)`" }.joined(separator: " or ")
      return fail(
        ends.isEmpty ? "`\(name)` closes nothing" : "`\(name)` stands where \(expected) is needed", at: token,
        id: "unknown-tag")
    }
    let near = suggestion(for: name, among: Self.tagNames + Self.closingNames)
    return fail(
      "`\(name)` is no tag", at: token, hint: near.map { "did you mean `\($0)`?" }, id: "unknown-tag")
  }

  private mutating func printed() -> [Statement.Kind] {
    tag { parser throws(Mistake) in
      var result: [Statement.Kind] = []
      while parser.current.kind != .tagEnd {
        if !result.isEmpty { _ = try parser.expect(.comma, "\",\"") }
        result.append(.print(try parser.expression()))
      }
      return result
    } ?? []
  }

  /// Stands for an expression that can't be read.
  private var unread: Expression {
    Expression(.constant(.undefined), at: current.start, length: 0, range: current.start..<current.start, depth: 1)
  }

  // MARK: Targets

  private mutating func target(until end: StaticString? = nil, namespaces: Bool = false) throws(Mistake)
    -> Statement.Target
  {
    var items: [Statement.Target] = []
    var isTuple = false
    while true {
      if let end, isName(current, end) { break }
      if current.kind == .tagEnd || current.kind == .closeParenthesis || current.kind == .assign { break }
      if skip(.openParenthesis) {
        guard depth < Self.depthLimit else { throw fail("targets are nested too deeply", id: "template-depth") }
        depth += 1
        defer { depth -= 1 }
        items.append(try target())
        _ = try expect(.closeParenthesis, "\")\"")
      } else {
        items.append(try singleTarget(namespaces: namespaces))
      }
      guard skip(.comma) else { break }
      isTuple = true
    }
    if items.isEmpty { throw fail("name to assign to is expected, not \(describe(current))") }
    return isTuple ? .tuple(items) : items[0]
  }

  private mutating func singleTarget(namespaces: Bool = false) throws(Mistake) -> Statement.Target {
    let name = try assignedName()
    if namespaces, skip(.dot) { return .namespace(name, try expectName("member name")) }
    return .name(name)
  }

  private mutating func assignedName() throws(Mistake) -> String {
    let token = current
    let name = try expectName("name to assign to")
    if ["true", "false", "none", "True", "False", "None"].contains(name) {
      throw fail("`\(name)` can't be assigned to", at: token)
    }
    return name
  }

  private mutating func parameters() throws(Mistake) -> [Statement.Parameter] {
    let opened = try expect(.openParenthesis, "\"(\"")
    var result: [Statement.Parameter] = []
    while current.kind != .closeParenthesis {
      if !result.isEmpty { _ = try expect(.comma, "\",\"") }
      let token = current
      let name = try assignedName()
      if result.contains(where: { $0.name == name }) { throw fail("parameter `\(name)` is named twice", at: token) }
      var standard: Expression?
      if skip(.assign) {
        standard = try expression()
      } else if let last = result.last, last.standard != nil {
        throw fail("parameter without a default follows one with a default", at: token)
      }
      if name == "caller", standard == nil { throw fail("parameter `caller` needs a default", at: token) }
      result.append(Statement.Parameter(name: name, standard: standard))
    }
    advance()
    if result.count > 60 { throw fail("more than 60 parameters", at: opened) }
    return result
  }

  // MARK: Tags with a body

  private mutating func loop(_ opened: Token) -> Statement.Kind {
    let head = tag { parser throws(Mistake) in
      let target = try parser.target(until: "in")
      try parser.expect("in")
      let items = try parser.expressionOrTuple(conditional: false, until: "recursive")
      let filter = parser.skip("if") ? try parser.expression() : nil
      return (target, items, filter, parser.skip("recursive"))
    }
    let body = statements(until: ["else", "endfor"], opened: opened)
    var otherwise: [Statement] = []
    if current.kind == .tagBegin, isName(next, "else") {
      closeTag("else")
      otherwise = statements(until: ["endfor"], opened: opened)
    }
    closeTag("endfor")
    guard let (target, items, filter, isRecursive) = head else { return .scope([], body: body + otherwise) }
    return .loop(
      Statement.Loop(
        target: target, items: items, filter: filter, isRecursive: isRecursive, body: body, otherwise: otherwise))
  }

  private mutating func condition(_ opened: Token) -> Statement.Kind {
    var branches: [(test: Expression, body: [Statement])] = []
    var otherwise: [Statement] = []
    while true {
      let test = tag { parser throws(Mistake) in try parser.expressionOrTuple(conditional: false) }
      let body = statements(until: ["elif", "else", "endif"], opened: opened)
      // A branch whose condition can't be read is kept, so that mistakes in its body are found.
      branches.append((test ?? unread, body))
      guard current.kind == .tagBegin, isName(next, "elif") else { break }
      advance()
      advance()
    }
    if current.kind == .tagBegin, isName(next, "else") {
      closeTag("else")
      otherwise = statements(until: ["endif"], opened: opened)
    }
    closeTag("endif")
    return .condition(branches, otherwise: otherwise)
  }

  private mutating func set(_ opened: Token) -> Statement.Kind? {
    enum Head { case value(Statement.Target, Expression), capture(Statement.Target, Expression?), nothing }
    let head: Head =
      tag { parser throws(Mistake) in
        let target = try parser.target(namespaces: true)
        if parser.skip(.assign) { return .value(target, try parser.expressionOrTuple()) }
        guard parser.current.kind == .pipe || parser.current.kind == .tagEnd else {
          throw parser.fail("\"=\" is expected, not \(parser.describe(parser.current))")
        }
        return .capture(target, parser.current.kind == .pipe ? try parser.filters() : nil)
      } ?? .nothing
    switch head {
    case .nothing: return nil
    case .value(let target, let value): return .set(target, value)
    case .capture(let target, let filter):
      let body = statements(until: ["endset"], opened: opened)
      closeTag("endset")
      return .capture(target, filter: filter, body: body)
    }
  }

  /// `|a|b(c)`, the operand left out.
  private mutating func filters() throws(Mistake) -> Expression? {
    var result: Expression?
    while skip(.pipe) { result = try filter(result) }
    return result
  }

  private mutating func with(_ opened: Token) -> Statement.Kind {
    let head = tag { parser throws(Mistake) in
      var result: [(target: Statement.Target, value: Expression)] = []
      while parser.current.kind != .tagEnd {
        if !result.isEmpty { _ = try parser.expect(.comma, "\",\"") }
        let target = try parser.singleTarget()
        _ = try parser.expect(.assign, "\"=\"")
        result.append((target, try parser.expression()))
      }
      return result
    }
    let body = statements(until: ["endwith"], opened: opened)
    closeTag("endwith")
    return .scope(head ?? [], body: body)
  }

  private mutating func macro(_ opened: Token) -> Statement.Kind {
    let head = tag { parser throws(Mistake) in (try parser.assignedName(), try parser.parameters()) }
    let body = statements(until: ["endmacro"], opened: opened)
    closeTag("endmacro", followedBy: head?.0)
    guard let (name, parameters) = head else { return .scope([], body: body) }
    return .macro(Statement.Macro(name: name, parameters: parameters, body: body))
  }

  private mutating func callBlock(_ opened: Token) -> Statement.Kind {
    let head = tag { parser throws(Mistake) in
      let parameters = parser.current.kind == .openParenthesis ? try parser.parameters() : []
      let start = parser.current
      let call = try parser.expression()
      guard case .call = call.kind else { throw parser.fail("call of a macro is expected", at: start) }
      return (call, parameters)
    }
    let body = statements(until: ["endcall"], opened: opened)
    closeTag("endcall")
    guard let (call, parameters) = head else { return .scope([], body: body) }
    return .call(call, parameters: parameters, body: body)
  }

  private mutating func filterBlock(_ opened: Token) -> Statement.Kind {
    let head = tag { parser throws(Mistake) in
      var result = try parser.filter(nil)
      while parser.skip(.pipe) { result = try parser.filter(result) }
      return result
    }
    let body = statements(until: ["endfilter"], opened: opened)
    closeTag("endfilter")
    return head.map { .filter($0, body: body) } ?? .scope([], body: body)
  }

  private mutating func block(_ opened: Token) -> Statement.Kind {
    let head = tag { parser throws(Mistake) in
      let token = parser.current
      let name = try parser.expectName("block name")
      let isScoped = parser.skip("scoped")
      let isRequired = parser.skip("required")
      if parser.current.kind == .subtract {
        throw parser.fail("block name has a hyphen", hint: "write an underscore instead")
      }
      parser.declareBlock(token)
      return (name, isScoped, isRequired)
    }
    let body = statements(until: ["endblock"], opened: opened)
    closeTag("endblock", followedBy: head?.0)
    guard let (name, isScoped, isRequired) = head else { return .scope([], body: body) }
    if isRequired {
      for statement in body {
        if case .text(let bytes) = statement.kind, bytes.allSatisfy(isSpace) { continue }
        _ = fail("required block `\(name)` may hold comments and whitespace only", at: opened)
        break
      }
    }
    return .block(Statement.Block(name: name, isScoped: isScoped, isRequired: isRequired, body: body))
  }

  private mutating func autoescape(_ opened: Token) -> Statement.Kind {
    let head = tag { parser throws(Mistake) in try parser.expression() }
    let body = statements(until: ["endautoescape"], opened: opened)
    closeTag("endautoescape")
    return head.map { .autoescape($0, body: body) } ?? .scope([], body: body)
  }

  // MARK: Other templates

  private mutating func context(_ standard: Bool) -> Bool {
    guard isName(next, "context") else { return standard }
    let isWith = isName(current, "with")
    guard isWith || isName(current, "without") else { return standard }
    advance()
    advance()
    return isWith
  }

  private mutating func include() -> Statement.Kind? {
    tag { parser throws(Mistake) in
      let name = try parser.expression()
      var ignoresMissing = false
      if parser.isName(parser.current, "ignore"), parser.isName(parser.next, "missing") {
        parser.advance()
        parser.advance()
        ignoresMissing = true
      }
      return .include(name, ignoresMissing: ignoresMissing, withContext: parser.context(true))
    }
  }

  private mutating func module() -> Statement.Kind? {
    tag { parser throws(Mistake) in
      let template = try parser.expression()
      try parser.expect("as")
      let name = try parser.assignedName()
      return .module(template, name: name, withContext: parser.context(false))
    }
  }

  private mutating func imports() -> Statement.Kind? {
    tag { parser throws(Mistake) in
      let template = try parser.expression()
      try parser.expect("import")
      var names: [(name: String, alias: String)] = []
      var withContext = false
      while true {
        let isContext = parser.isName(parser.next, "context")
        if isContext, parser.isName(parser.current, "with") || parser.isName(parser.current, "without") { break }
        let token = parser.current
        let name = try parser.assignedName()
        if name.hasPrefix("_") { throw parser.fail("names that begin with an underscore can't be imported", at: token) }
        names.append((name, parser.skip("as") ? try parser.assignedName() : name))
        guard parser.skip(.comma) else { break }
      }
      withContext = parser.context(false)
      return .imports(template, names: names, withContext: withContext)
    }
  }
}
