import Glibc

@testable import Templates

/// Reads JSON into values, entries of maps in their order: what is iterated must come as Python saw it.
struct JSONReader {
  private let bytes: [UInt8]
  private var index = 0

  struct Malformed: Error { let offset: Int }

  static func read(_ bytes: [UInt8]) throws -> Value {
    var reader = JSONReader(bytes: bytes)
    let value = try reader.value()
    reader.skipSpace()
    guard reader.index == bytes.count else { throw Malformed(offset: reader.index) }
    return value
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func skipSpace() { while index < bytes.count, isSpace(bytes[index]) { index += 1 } }

  private mutating func take(_ byte: Unicode.Scalar) -> Bool {
    skipSpace()
    guard index < bytes.count, bytes[index] == UInt8(ascii: byte) else { return false }
    index += 1
    return true
  }

  private mutating func value() throws -> Value {
    skipSpace()
    guard index < bytes.count else { throw Malformed(offset: index) }
    switch Unicode.Scalar(bytes[index]) {
    case "{":
      index += 1
      var map = ValueMap()
      while !take("}") {
        if map.count > 0, !take(",") { throw Malformed(offset: index) }
        skipSpace()
        let name = try string()
        guard take(":") else { throw Malformed(offset: index) }
        map[name] = try value()
      }
      return .map(map)
    case "[":
      index += 1
      var items: [Value] = []
      while !take("]") {
        if !items.isEmpty, !take(",") { throw Malformed(offset: index) }
        items.append(try value())
      }
      return .list(items)
    case "\"": return .string(try string())
    default: return try word()
    }
  }

  private mutating func word() throws -> Value {
    let start = index
    while index < bytes.count, !isSpace(bytes[index]), !",]}".utf8.contains(bytes[index]) { index += 1 }
    let word = String(decoding: bytes[start..<index], as: UTF8.self)
    switch word {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "null": return .none
    default:
      if let number = Int(word) { return .int(number) }
      guard let number = Double(word) else { throw Malformed(offset: start) }
      return .double(number)
    }
  }

  private mutating func string() throws -> String {
    index += 1
    var result: [UInt8] = []
    while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
      guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else {
        result.append(bytes[index])
        index += 1
        continue
      }
      index += 2
      switch Unicode.Scalar(bytes[index - 1]) {
      case "n": result.append(10)
      case "r": result.append(13)
      case "t": result.append(9)
      case "b": result.append(8)
      case "f": result.append(12)
      case "u":
        guard index + 4 <= bytes.count,
          let code = UInt32(String(decoding: bytes[index..<(index + 4)], as: UTF8.self), radix: 16),
          let scalar = Unicode.Scalar(code)
        else { throw Malformed(offset: index) }
        result += Array(String(Character(scalar)).utf8)
        index += 4
      default: result.append(bytes[index - 1])
      }
    }
    guard index < bytes.count else { throw Malformed(offset: index) }
    index += 1
    return String(decoding: result, as: UTF8.self)
  }
}
