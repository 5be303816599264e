/// A JSON value (RFC 8259), as servers answer it. Of equal names in an object the last one counts.
public enum JSON: Sendable, Hashable {
  case null
  case bool(Bool)
  /// As written.
  case number(String)
  case string(String)
  case array([JSON])
  case object([String: JSON])

  public enum Failure: Error { case cutShort, malformed }

  /// Reads one value with nothing but white space around it, in time linear in the input.
  public init(_ bytes: [UInt8]) throws(Failure) {
    var reader = JSONReader(bytes: bytes)
    self = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.isAtEnd else { throw .malformed }
  }

  /// Reads an object with an array that may be long: the elements of the member `name` are handed out one by one and not kept; in the
  /// object that is returned the array is empty. They come as they are read, so before it is known whether all of it is JSON.
  ///
  /// - Returns: the object, and where the array stands in `bytes`; nil where there is none.
  public static func object(
    _ bytes: [UInt8], elementsOf name: String, _ each: (JSON) -> Void
  ) throws(Failure) -> (object: JSON, array: Range<Int>?) {
    var reader = JSONReader(bytes: bytes)
    var array: Range<Int>?
    let value = try reader.object(elementsOf: name, each) { array = $0 }
    reader.skipSpace()
    guard reader.isAtEnd else { throw .malformed }
    return (value, array)
  }

  public subscript(name: String) -> JSON? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  public var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  public var isNull: Bool { self == .null }

  /// A whole number, written as one or as a string of digits.
  public var int: Int? {
    switch self {
    case .number(let text): Int(text)
    case .string(let text): text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    default: nil
    }
  }
}

/// `text` as the inside of a JSON string.
public func jsonEscaped(_ text: String) -> String {
  let hex = Array("0123456789abcdef".utf8)
  var bytes: [UInt8] = []
  bytes.reserveCapacity(text.utf8.count)
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
    case 0..<0x20: bytes += Array("\\u00".utf8) + [hex[Int(byte >> 4)], hex[Int(byte & 15)]]
    default: bytes.append(byte)
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}

private struct JSONReader {
  let bytes: [UInt8]
  var index = 0

  /// Deeper than any answer, shallow enough for any stack.
  static let maxDepth = 64

  var isAtEnd: Bool { index == bytes.count }

  mutating func skipSpace() {
    while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
  }

  private mutating func next() throws(JSON.Failure) -> UInt8 {
    guard index < bytes.count else { throw .cutShort }
    defer { index += 1 }
    return bytes[index]
  }

  private mutating func peekPastSpace() throws(JSON.Failure) -> UInt8 {
    skipSpace()
    guard index < bytes.count else { throw .cutShort }
    return bytes[index]
  }

  mutating func value(depth: Int) throws(JSON.Failure) -> JSON {
    guard depth < Self.maxDepth else { throw .malformed }
    switch try peekPastSpace() {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  private mutating func word(_ text: StaticString, _ value: JSON) throws(JSON.Failure) -> JSON {
    for offset in 0..<text.utf8CodeUnitCount {
      guard try next() == text.utf8Start[offset] else { throw .malformed }
    }
    return value
  }

  private mutating func object(depth: Int) throws(JSON.Failure) -> JSON {
    var members: [String: JSON] = [:]
    try readMembers { (reader, name) throws(JSON.Failure) in members[name] = try reader.value(depth: depth + 1) }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(JSON.Failure) -> JSON {
    var elements: [JSON] = []
    try readElements { (reader) throws(JSON.Failure) in elements.append(try reader.value(depth: depth + 1)) }
    return .array(elements)
  }

  /// Any value, where the member `name` of an object is an array that is handed out.
  mutating func object(
    elementsOf name: String, _ each: (JSON) -> Void, _ place: (Range<Int>) -> Void
  ) throws(JSON.Failure) -> JSON {
    guard try peekPastSpace() == UInt8(ascii: "{") else { return try value(depth: 0) }
    var members: [String: JSON] = [:]
    try readMembers { (reader, member) throws(JSON.Failure) in
      guard member == name, try reader.peekPastSpace() == UInt8(ascii: "[") else {
        members[member] = try reader.value(depth: 1)
        return
      }
      let start = reader.index
      try reader.readElements { (reader) throws(JSON.Failure) in each(try reader.value(depth: 2)) }
      place(start..<reader.index)
      members[member] = .array([])
    }
    return .object(members)
  }

  private mutating func readMembers(
    _ value: (inout JSONReader, String) throws(JSON.Failure) -> Void
  ) throws(JSON.Failure) {
    index += 1
    if try peekPastSpace() == UInt8(ascii: "}") {
      index += 1
      return
    }
    repeat {
      guard try peekPastSpace() == UInt8(ascii: "\"") else { throw .malformed }
      let name = try string()
      guard try peekPastSpace() == UInt8(ascii: ":") else { throw .malformed }
      index += 1
      try value(&self, name)
    } while try !isListEnd(UInt8(ascii: "}"))
  }

  private mutating func readElements(_ value: (inout JSONReader) throws(JSON.Failure) -> Void) throws(JSON.Failure) {
    index += 1
    if try peekPastSpace() == UInt8(ascii: "]") {
      index += 1
      return
    }
    repeat { try value(&self) } while try !isListEnd(UInt8(ascii: "]"))
  }

  private mutating func isListEnd(_ end: UInt8) throws(JSON.Failure) -> Bool {
    let byte = try peekPastSpace()
    guard byte == end || byte == UInt8(ascii: ",") else { throw .malformed }
    index += 1
    return byte == end
  }

  private mutating func number() throws(JSON.Failure) -> String {
    let start = index
    if bytes[index] == UInt8(ascii: "-") { index += 1 }
    let firstDigit = index
    try digits()
    guard index == firstDigit + 1 || bytes[firstDigit] != UInt8(ascii: "0") else { throw .malformed }
    if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
      index += 1
      try digits()
    }
    if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") { index += 1 }
      try digits()
    }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func digits() throws(JSON.Failure) {
    guard index < bytes.count else { throw .cutShort }
    let start = index
    while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
    guard index > start else { throw .malformed }
  }

  private mutating func string() throws(JSON.Failure) -> String {
    index += 1
    // Most have no escapes.
    let start = index
    while index < bytes.count, bytes[index] >= 0x20, bytes[index] != UInt8(ascii: "\""),
      bytes[index] != UInt8(ascii: "\\")
    {
      index += 1
    }
    var text = Array(bytes[start..<index])
    while true {
      let byte = try next()
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else { throw .malformed }
        return string
      case UInt8(ascii: "\\"): try escape(into: &text)
      case 0..<0x20: throw .malformed
      default: text.append(byte)
      }
    }
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSON.Failure) {
    let byte = try next()
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var unit = try fourHexDigits()
      if (0xD800..<0xDC00).contains(unit) {
        guard try next() == UInt8(ascii: "\\"), try next() == UInt8(ascii: "u") else { throw .malformed }
        let low = try fourHexDigits()
        guard (0xDC00..<0xE000).contains(low) else { throw .malformed }
        unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(unit) else { throw .malformed }
      text += Array(UTF8.encode(scalar).map(Array.init) ?? [])
    default: throw .malformed
    }
  }

  private mutating func fourHexDigits() throws(JSON.Failure) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      let byte = try next()
      switch byte {
      case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
      case 0x41...0x46: value = value << 4 | UInt32(byte - 0x41 + 10)
      case 0x61...0x66: value = value << 4 | UInt32(byte - 0x61 + 10)
      default: throw .malformed
      }
    }
    return value
  }
}
