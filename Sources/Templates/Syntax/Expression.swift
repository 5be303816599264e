/// An expression as written.
final class Expression {
  enum Operator { case add, subtract, multiply, divide, floorDivide, modulo, power }
  enum Comparison { case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, contained, notContained }

  enum Kind {
    case constant(Value)
    case name(String)
    case list([Expression])
    case tuple([Expression])
    case map([(key: Expression, value: Expression)])
    case member(Expression, String)
    case item(Expression, Expression)
    case slice(Expression, start: Expression?, stop: Expression?, step: Expression?)
    case call(Expression, CallArguments)
    /// No operand in filter blocks: the operand is the block's output.
    case filter(Expression?, String, CallArguments)
    case test(Expression, String, CallArguments)
    case not(Expression)
    case negate(Expression)
    case plus(Expression)
    case binary(Operator, Expression, Expression)
    case and(Expression, Expression)
    case or(Expression, Expression)
    case compare(Expression, [(comparison: Comparison, operand: Expression)])
    case concatenate([Expression])
    case conditional(test: Expression, then: Expression, otherwise: Expression?)
  }

  let kind: Kind
  /// Byte offset of what a message about this expression points to.
  let offset: Int
  let length: Int
  /// Where the expression's text begins and ends.
  let range: Range<Int>
  /// How many expressions lie inside each other, this one included.
  let depth: Int

  init(_ kind: Kind, at offset: Int, length: Int, range: Range<Int>, depth: Int) {
    self.kind = kind
    self.offset = offset
    self.length = length
    self.range = range
    self.depth = depth
  }
}

struct CallArguments {
  var positional: [Expression] = []
  var named: [(name: String, value: Expression)] = []
  /// `*arguments`
  var list: Expression?
  /// `**arguments`
  var map: Expression?

  var all: [Expression] { positional + named.map(\.value) + [list, map].compactMap { $0 } }
}
