extension Parser {
  mutating func integer(_ token: Token) throws(Mistake) -> Int {
    let digits = text(token).filter { $0 != "_" }.lowercased()
    let radix = digits.hasPrefix("0x") ? 16 : digits.hasPrefix("0o") ? 8 : digits.hasPrefix("0b") ? 2 : 10
    guard let number = Int(radix == 10 ? Substring(digits) : digits.dropFirst(2), radix: radix) else {
      throw fail("integer is too large", at: token)
    }
    return number
  }

  /// Python's escapes.
  mutating func unescaped(_ token: Token) throws(Mistake) -> String {
    let bytes = source.bytes[(token.start + 1)..<(token.end - 1)]
    guard bytes.contains(where: { $0 == UInt8(ascii: "\\") || $0 == carriageReturn }) else {
      return String(decoding: bytes, as: UTF8.self)
    }
    var result: [UInt8] = []
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      index += 1
      if byte == carriageReturn {
        if index >= bytes.endIndex || bytes[index] != newline { result.append(newline) }
        continue
      }
      guard byte == UInt8(ascii: "\\"), index < bytes.endIndex else {
        result.append(byte)
        continue
      }
      let code = bytes[index]
      index += 1
      switch Unicode.Scalar(code) {
      case "\n": break
      case "\\", "'", "\"": result.append(code)
      case "a": result.append(7)
      case "b": result.append(8)
      case "f": result.append(12)
      case "n": result.append(10)
      case "r": result.append(13)
      case "t": result.append(9)
      case "v": result.append(11)
      case "0", "1", "2", "3", "4", "5", "6", "7":
        var number = UInt32(code - UInt8(ascii: "0"))
        var count = 1
        while count < 3, index < bytes.endIndex, UInt8(ascii: "0")...UInt8(ascii: "7") ~= bytes[index] {
          number = number * 8 + UInt32(bytes[index] - UInt8(ascii: "0"))
          index += 1
          count += 1
        }
        result.append(Unicode.Scalar(number).map { String(Character($0)) } ?? "")
      case "x", "u", "U":
        let count = code == UInt8(ascii: "x") ? 2 : code == UInt8(ascii: "u") ? 4 : 8
        let digits = String(decoding: bytes[index..<min(index + count, bytes.endIndex)], as: UTF8.self)
        guard digits.utf8.count == count, let number = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(number)
        else { throw fail("string has an escape that names no character", at: token) }
        result.append(String(Character(scalar)))
        index += count
      default: result += [UInt8(ascii: "\\"), code]
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
