/// A piece of a template's source, with its place as byte offsets.
struct Token {
  enum Kind: UInt8 {
    case text
    case printBegin, printEnd, tagBegin, tagEnd
    case name, string, integer, float
    case add, subtract, multiply, power, divide, floorDivide, modulo, tilde
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
    case assign, dot, colon, pipe, comma, semicolon
    case openParenthesis, closeParenthesis, openBracket, closeBracket, openBrace, closeBrace
    /// The rest of a tag that could not be read; said already.
    case broken
    case end
  }

  let kind: Kind
  let start: Int
  var end: Int

  var length: Int { end - start }
}
