extension Parser {
  /// An expression, or several with commas between them: a tuple.
  mutating func expressionOrTuple(
    conditional: Bool = true, until end: StaticString? = nil, inParentheses: Bool = false
  ) throws(Mistake) -> Expression {
    let start = current
    var items: [Expression] = []
    var isTuple = false
    while true {
      if isTupleEnd(until: end) { break }
      items.append(try expression(conditional: conditional))
      guard skip(.comma) else { break }
      isTuple = true
    }
    if !isTuple {
      if let item = items.first { return item }
      if !inParentheses { throw fail("expression is expected, not \(describe(current))") }
    }
    return make(.tuple(items), items, from: start)
  }

  private func isTupleEnd(until end: StaticString?) -> Bool {
    switch current.kind {
    case .printEnd, .tagEnd, .closeParenthesis: return true
    default: return end.map { isName(current, $0) } ?? false
    }
  }

  /// The end of what has been read.
  private var readEnd: Int { index > 0 ? tokens[index - 1].end : 0 }

  mutating func make(
    _ kind: Expression.Kind, _ parts: [Expression], from start: Token, at place: Token? = nil
  ) -> Expression {
    make(kind, parts, from: start.start, at: place ?? start)
  }

  func make(_ kind: Expression.Kind, _ parts: [Expression], from start: Int, at place: Token) -> Expression {
    let depth = (parts.lazy.map(\.depth).max() ?? 0) + 1
    return Expression(
      kind, at: place.start, length: place.length, range: start..<max(readEnd, start), depth: depth)
  }

  /// A chain of operators or filters may be longer than parentheses are deep, yet not endless: the compiler walks it.
  mutating func checkDepth(_ expression: Expression) throws(Mistake) {
    if expression.depth > 4 * Self.depthLimit {
      throw fail("expression has more than \(4 * Self.depthLimit) parts in a chain", id: "template-depth")
    }
  }

  mutating func expression(conditional: Bool = true) throws(Mistake) -> Expression {
    guard depth < Self.depthLimit else {
      throw fail("expressions are nested more than \(Self.depthLimit) deep", id: "template-depth")
    }
    depth += 1
    defer { depth -= 1 }
    var result = try or()
    while conditional, isName(current, "if") {
      let place = current
      advance()
      let test = try or()
      var otherwise: Expression?
      if skip("else") { otherwise = try expression() }
      let parts = [result, test] + (otherwise.map { [$0] } ?? [])
      result = make(
        .conditional(test: test, then: result, otherwise: otherwise), parts, from: result.range.lowerBound, at: place)
      try checkDepth(result)
    }
    return result
  }

  private mutating func or() throws(Mistake) -> Expression {
    var left = try and()
    while isName(current, "or") {
      let place = current
      advance()
      let right = try and()
      left = make(.or(left, right), [left, right], from: left.range.lowerBound, at: place)
      try checkDepth(left)
    }
    return left
  }

  private mutating func and() throws(Mistake) -> Expression {
    var left = try not()
    while isName(current, "and") {
      let place = current
      advance()
      let right = try not()
      left = make(.and(left, right), [left, right], from: left.range.lowerBound, at: place)
      try checkDepth(left)
    }
    return left
  }

  private mutating func not() throws(Mistake) -> Expression {
    var places: [Token] = []
    while isName(current, "not") {
      places.append(current)
      advance()
    }
    var result = try comparison()
    for place in places.reversed() {
      result = make(.not(result), [result], from: place)
      try checkDepth(result)
    }
    return result
  }

  private mutating func comparison() throws(Mistake) -> Expression {
    let first = try sum()
    var operands: [(comparison: Expression.Comparison, operand: Expression)] = []
    var place = current
    while true {
      let token = current
      let comparison: Expression.Comparison? =
        switch token.kind {
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        case .name where isName(token, "in"): .contained
        case .name where isName(token, "not") && isName(next, "in"): .notContained
        default: nil
        }
      guard let comparison else { break }
      if operands.isEmpty { place = token }
      advance()
      if comparison == .notContained { advance() }
      operands.append((comparison, try sum()))
    }
    if operands.isEmpty { return first }
    return make(
      .compare(first, operands), [first] + operands.map(\.operand), from: first.range.lowerBound, at: place)
  }

  private mutating func sum() throws(Mistake) -> Expression {
    var left = try concatenation()
    while current.kind == .add || current.kind == .subtract {
      let place = current
      advance()
      let right = try concatenation()
      left = make(
        .binary(place.kind == .add ? .add : .subtract, left, right), [left, right], from: left.range.lowerBound,
        at: place)
      try checkDepth(left)
    }
    return left
  }

  private mutating func concatenation() throws(Mistake) -> Expression {
    var parts = [try product()]
    let place = current
    while skip(.tilde) { parts.append(try product()) }
    if parts.count == 1 { return parts[0] }
    return make(.concatenate(parts), parts, from: parts[0].range.lowerBound, at: place)
  }

  private mutating func product() throws(Mistake) -> Expression {
    var left = try power()
    while true {
      let place = current
      let kind: Expression.Operator
      switch place.kind {
      case .multiply: kind = .multiply
      case .divide: kind = .divide
      case .floorDivide: kind = .floorDivide
      case .modulo: kind = .modulo
      default: return left
      }
      advance()
      let right = try power()
      left = make(.binary(kind, left, right), [left, right], from: left.range.lowerBound, at: place)
      try checkDepth(left)
    }
  }

  private mutating func power() throws(Mistake) -> Expression {
    var left = try unary()
    while current.kind == .power {
      let place = current
      advance()
      let right = try unary()
      left = make(.binary(.power, left, right), [left, right], from: left.range.lowerBound, at: place)
      try checkDepth(left)
    }
    return left
  }

  /// Signs bind closer than filters, and looser than members and calls: `-x.y|abs` is `(-(x.y))|abs`.
  private mutating func unary() throws(Mistake) -> Expression {
    var signs: [Token] = []
    while current.kind == .subtract || current.kind == .add {
      signs.append(current)
      advance()
    }
    var result = try postfix(try primary())
    for sign in signs.reversed() {
      result = make(sign.kind == .subtract ? .negate(result) : .plus(result), [result], from: sign)
      try checkDepth(result)
    }
    if !signs.isEmpty { result = try postfix(result) }
    return try filtersAndTests(result)
  }

  mutating func primary() throws(Mistake) -> Expression {
    let token = current
    switch token.kind {
    case .name:
      let name = text(token)
      advance()
      switch name {
      case "true", "True": return make(.constant(.bool(true)), [], from: token)
      case "false", "False": return make(.constant(.bool(false)), [], from: token)
      case "none", "None": return make(.constant(.none), [], from: token)
      default: return make(.name(name), [], from: token)
      }
    case .string:
      var value = ""
      while current.kind == .string {
        value += try unescaped(current)
        advance()
      }
      return make(.constant(.string(value)), [], from: token)
    case .integer:
      advance()
      return make(.constant(.int(try integer(token))), [], from: token)
    case .float:
      advance()
      let digits = text(token).filter { $0 != "_" }
      return make(.constant(.double(Double(digits) ?? 0)), [], from: token)
    case .openParenthesis:
      advance()
      let result = try expressionOrTuple(inParentheses: true)
      _ = try expect(.closeParenthesis, "\")\"")
      return result
    case .openBracket:
      advance()
      var items: [Expression] = []
      while current.kind != .closeBracket {
        if !items.isEmpty { _ = try expect(.comma, "\",\"") }
        if current.kind == .closeBracket { break }
        items.append(try expression())
      }
      advance()
      return make(.list(items), items, from: token)
    case .openBrace:
      advance()
      var entries: [(key: Expression, value: Expression)] = []
      while current.kind != .closeBrace {
        if !entries.isEmpty { _ = try expect(.comma, "\",\"") }
        if current.kind == .closeBrace { break }
        let key = try expression()
        _ = try expect(.colon, "\":\"")
        entries.append((key, try expression()))
      }
      advance()
      return make(.map(entries), entries.flatMap { [$0.key, $0.value] }, from: token)
    default: throw fail("expression is expected, not \(describe(token))", at: token)
    }
  }
}
