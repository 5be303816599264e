// Numbers, as nearly all languages write them: `12`, `1_000`, `0xFF`, `0b1010`, `0o17`, `1.5e-3`, `0x1p-2`, and a suffix of letters.
extension Scanner {
  mutating func scanNumber(_ grammar: Grammar) {
    let from = position
    var kind = Kind.integer
    var index = position
    let separator: UInt8 = grammar.traits.contains(.quoteInNumbers) ? .apostrophe : UInt8(ascii: "_")
    let radix = byte(index) == "0" ? byte(index + 1) | 0x20 : 0
    if radix == "x" || radix == "b" || radix == "o", byte(index + 2).isHexDigit || byte(index + 2) == "_" {
      kind = radix == "x" ? .hexadecimal : radix == "b" ? .binary : .octal
      index += 2
      while index < end, isDigit(text[index], hexadecimal: radix == "x") || text[index] == separator { index &+= 1 }
      if radix == "x", byte(index) == ".", byte(index + 1).isHexDigit {
        kind = .float
        index += 1
        while index < end, text[index].isHexDigit { index &+= 1 }
      }
      if radix == "x", byte(index) | 0x20 == "p" {
        kind = .float
        index = afterExponent(index) ?? index
      }
    } else {
      while index < end, isDecimal(index, separator) { index &+= 1 }
      if byte(index) == ".", byte(index + 1).isDigit || isTrailingDot(index, grammar) {
        kind = .float
        index += 1
        while index < end, isDecimal(index, separator) { index &+= 1 }
      }
      if byte(index) | 0x20 == "e", let after = afterExponent(index) {
        kind = .float
        index = after
        while index < end, isDecimal(index, separator) { index &+= 1 }
      }
    }
    let digitsEnd = index
    while index < end, grammar.nameBytes[Int(text[index])] { index &+= 1 }
    position = index
    afterValue = true
    expected = .plain
    if index > digitsEnd {
      // A word that starts with digits is no number in a shell; elsewhere the letters are the number's suffix.
      if grammar.traits.contains(.wordNumbers) { return }
      let suffix = text[digitsEnd] | 0x20
      if kind == .integer, index == digitsEnd + 1, suffix == "f" || suffix == "d" { kind = .float }
    }
    emit(kind, from, index)
  }

  @inline(__always)
  private func isDecimal(_ index: Int, _ separator: UInt8) -> Bool {
    let byte = text[index]
    return byte.isDigit || byte == "_" || (byte == separator && self.byte(index &+ 1).isDigit)
  }

  @inline(__always)
  private func isDigit(_ byte: UInt8, hexadecimal: Bool) -> Bool {
    hexadecimal ? byte.isHexDigit || byte == "_" : byte.isDigit || byte == "_"
  }

  private func isTrailingDot(_ index: Int, _ grammar: Grammar) -> Bool {
    let after = byte(index + 1)
    return grammar.traits.contains(.trailingDot) && after != "." && !after.isName
  }

  /// Past `e+12`; nil where no exponent stands at `index`.
  private func afterExponent(_ index: Int) -> Int? {
    var index = index + 1
    if byte(index) == "+" || byte(index) == "-" { index += 1 }
    guard byte(index).isDigit else { return nil }
    while index < end, text[index].isDigit { index &+= 1 }
    return index
  }
}
