/// What stands behind an operand: members, items, calls, filters, tests.
extension Parser {
  mutating func postfix(_ operand: Expression) throws(Mistake) -> Expression {
    var result = operand
    while true {
      switch current.kind {
      case .dot: result = try member(of: result)
      case .openBracket: result = try item(of: result)
      case .openParenthesis: result = try call(result)
      default: return result
      }
      try checkDepth(result)
    }
  }

  mutating func filtersAndTests(_ operand: Expression) throws(Mistake) -> Expression {
    var result = operand
    while true {
      switch current.kind {
      case .pipe:
        advance()
        result = try filter(result)
      case .openParenthesis: result = try call(result)
      case .name where isName(current, "is"): result = try test(result)
      default: return result
      }
      try checkDepth(result)
    }
  }

  private mutating func member(of operand: Expression) throws(Mistake) -> Expression {
    advance()
    let token = current
    switch token.kind {
    case .name:
      advance()
      return make(.member(operand, text(token)), [operand], from: operand.range.lowerBound, at: token)
    case .integer:
      advance()
      let key = make(.constant(.int(try integer(token))), [], from: token)
      return make(.item(operand, key), [operand], from: operand.range.lowerBound, at: token)
    default: throw fail("member name is expected behind the dot, not \(describe(token))")
    }
  }

  private mutating func item(of operand: Expression) throws(Mistake) -> Expression {
    let place = current
    advance()
    func part(_ parser: inout Parser) throws(Mistake) -> Expression? {
      switch parser.current.kind {
      case .colon, .closeBracket, .comma: return nil
      default: return try parser.expression()
      }
    }
    let start = try part(&self)
    if skip(.colon) {
      let stop = try part(&self)
      let step = skip(.colon) ? try part(&self) : nil
      _ = try expect(.closeBracket, "\"]\"")
      let parts = [operand, start, stop, step].compactMap { $0 }
      return make(
        .slice(operand, start: start, stop: stop, step: step), parts, from: operand.range.lowerBound, at: place)
    }
    guard let key = start else { throw fail("expression is expected, not \(describe(current))") }
    _ = try expect(.closeBracket, "\"]\"")
    return make(.item(operand, key), [operand, key], from: operand.range.lowerBound, at: place)
  }

  private mutating func call(_ callee: Expression) throws(Mistake) -> Expression {
    let place = index > 0 && tokens[index - 1].kind == .name ? tokens[index - 1] : current
    let arguments = try callArguments()
    return make(.call(callee, arguments), [callee] + arguments.all, from: callee.range.lowerBound, at: place)
  }

  mutating func callArguments() throws(Mistake) -> CallArguments {
    let opened = try expect(.openParenthesis, "\"(\"")
    var arguments = CallArguments()
    var isFirst = true
    while current.kind != .closeParenthesis {
      if !isFirst {
        _ = try expect(.comma, "\",\"")
        if current.kind == .closeParenthesis { break }
      }
      isFirst = false
      let token = current
      if skip(.multiply) {
        guard arguments.list == nil, arguments.map == nil else {
          throw fail("arguments are in the wrong order", at: token)
        }
        arguments.list = try expression()
      } else if skip(.power) {
        guard arguments.map == nil else { throw fail("arguments are in the wrong order", at: token) }
        arguments.map = try expression()
      } else if token.kind == .name, next.kind == .assign {
        guard arguments.map == nil else { throw fail("arguments are in the wrong order", at: token) }
        advance()
        advance()
        let name = text(token)
        if arguments.named.contains(where: { $0.name == name }) {
          throw fail("argument `\(name)` is given twice", at: token)
        }
        arguments.named.append((name, try expression()))
      } else {
        guard arguments.list == nil, arguments.map == nil, arguments.named.isEmpty else {
          throw fail("positional argument comes before named ones", at: token)
        }
        arguments.positional.append(try expression())
      }
    }
    advance()
    guard arguments.positional.count + arguments.named.count <= 200 else {
      throw fail("call has more than 200 arguments", at: opened)
    }
    return arguments
  }

  /// From the filter's name on; further filters are left to the caller.
  mutating func filter(_ operand: Expression?) throws(Mistake) -> Expression {
    let token = current
    let name = try dottedName("filter name")
    let arguments = current.kind == .openParenthesis ? try callArguments() : CallArguments()
    let parts = (operand.map { [$0] } ?? []) + arguments.all
    return make(
      .filter(operand, name, arguments), parts, from: operand?.range.lowerBound ?? token.start, at: token)
  }

  private mutating func dottedName(_ what: String) throws(Mistake) -> String {
    var name = try expectName(what)
    while skip(.dot) { name += "." + (try expectName(what)) }
    return name
  }

  private mutating func test(_ operand: Expression) throws(Mistake) -> Expression {
    let place = current
    advance()
    let isNegated = skip("not")
    let token = current
    let name = try dottedName("test name")
    var arguments = CallArguments()
    switch current.kind {
    case .openParenthesis: arguments = try callArguments()
    case .name where isName(current, "else") || isName(current, "or") || isName(current, "and"): break
    case .name where isName(current, "is"): throw fail("tests can't be chained with `is`")
    // `x is defined if y` and `for a in b if a is odd recursive` go on behind the test.
    case .name where isName(current, "if") || isName(current, "recursive"): break
    case .name where isName(current, "not") || isName(current, "in"): break
    case .name, .string, .integer, .float, .openBracket, .openBrace:
      guard depth < Self.depthLimit else {
        throw fail("expressions are nested more than \(Self.depthLimit) deep", id: "template-depth")
      }
      depth += 1
      defer { depth -= 1 }
      arguments.positional = [try postfix(try primary())]
    default: break
    }
    let parts = [operand] + arguments.all
    let result = make(.test(operand, name, arguments), parts, from: operand.range.lowerBound, at: token)
    if !isNegated { return result }
    return make(.not(result), [result], from: operand.range.lowerBound, at: place)
  }
}
