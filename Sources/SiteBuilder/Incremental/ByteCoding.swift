import Files

/// Appends values to bytes, for `ByteReader` to take off again in the same order. Little-endian; counts and small numbers are LEB128.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  /// - Parameter capacity: how many bytes there will be, about.
  init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  mutating func add(count: Int) {
    var rest = UInt64(bitPattern: Int64(count))
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func add(_ flag: Bool) { bytes.append(flag ? 1 : 0) }
  mutating func add(_ word: UInt64) { withUnsafeBytes(of: word.littleEndian) { bytes += $0 } }
  mutating func add(_ number: Int64) { add(UInt64(bitPattern: number)) }

  mutating func add(_ text: String) {
    var text = text
    text.withUTF8 {
      add(count: $0.count)
      bytes += $0
    }
  }

  mutating func add(_ array: [UInt8]) {
    add(count: array.count)
    bytes += array
  }

  mutating func add(_ array: [UInt32]) { addWords(array.map { $0.littleEndian }) }
  mutating func add(_ array: [UInt64]) { addWords(array.map { $0.littleEndian }) }

  private mutating func addWords(_ array: [some FixedWidthInteger]) {
    add(count: array.count)
    array.withUnsafeBytes { bytes += $0 }
  }

  mutating func add<Wrapped>(optional value: Wrapped?, _ write: (inout ByteWriter, Wrapped) -> Void) {
    add(value != nil)
    if let value { write(&self, value) }
  }

  mutating func add<Element>(each values: some Collection<Element>, _ write: (inout ByteWriter, Element) -> Void) {
    add(count: values.count)
    for value in values { write(&self, value) }
  }
}

/// Takes values off bytes that `ByteWriter` has put together.
///
/// - Throws: `Damaged` where the bytes end too early or are none that it writes.
struct ByteReader {
  struct Damaged: Error {}

  private let bytes: [UInt8]
  private var index: Int
  private let end: Int

  init(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    index = range.lowerBound
    end = range.upperBound
  }

  var isAtEnd: Bool { index == end }

  mutating func byte() throws(Damaged) -> UInt8 {
    guard index < end else { throw Damaged() }
    defer { index += 1 }
    return bytes[index]
  }

  mutating func number() throws(Damaged) -> Int {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let byte = try byte()
      guard shift < 64 else { throw Damaged() }
      value |= UInt64(byte & 0x7F) << shift
      shift += 7
      if byte < 0x80 { return Int(Int64(bitPattern: value)) }
    }
  }

  /// Of things that take at least `size` bytes each.
  private mutating func count(of size: Int) throws(Damaged) -> Int {
    let count = try number()
    guard count >= 0, count <= (end - index) / size else { throw Damaged() }
    return count
  }

  mutating func flag() throws(Damaged) -> Bool { try byte() == 1 }

  mutating func word() throws(Damaged) -> UInt64 {
    guard end - index >= 8 else { throw Damaged() }
    defer { index += 8 }
    return bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: index, as: UInt64.self)) }
  }

  mutating func signedWord() throws(Damaged) -> Int64 { Int64(bitPattern: try word()) }

  mutating func text() throws(Damaged) -> String {
    let count = try count(of: 1)
    defer { index += count }
    return bytes.withUnsafeBufferPointer { String(decoding: $0[index..<index + count], as: UTF8.self) }
  }

  /// How far it has read.
  var position: Int { index }

  /// Passes over `count` bytes, and says where they lie.
  mutating func skip(_ count: Int) throws(Damaged) -> Range<Int> {
    guard (0...end - index).contains(count) else { throw Damaged() }
    defer { index += count }
    return index..<index + count
  }

  mutating func array() throws(Damaged) -> [UInt8] {
    let count = try count(of: 1)
    defer { index += count }
    return Array(bytes[index..<index + count])
  }

  mutating func words() throws(Damaged) -> [UInt64] {
    let count = try count(of: 8)
    defer { index += count * 8 }
    return words(count)
  }

  mutating func halfWords() throws(Damaged) -> [UInt32] {
    let count = try count(of: 4)
    defer { index += count * 4 }
    return words(count)
  }

  private func words<Word: FixedWidthInteger>(_ count: Int) -> [Word] {
    bytes.withUnsafeBytes { buffer in
      [Word](unsafeUninitializedCapacity: count) { words, filled in
        let size = MemoryLayout<Word>.size
        for place in 0..<count {
          words[place] = Word(
            littleEndian: buffer.loadUnaligned(fromByteOffset: index + place * size, as: Word.self))
        }
        filled = count
      }
    }
  }

  mutating func optional<Wrapped>(
    _ read: (inout ByteReader) throws(Damaged) -> Wrapped
  ) throws(Damaged) -> Wrapped? {
    try flag() ? try read(&self) : nil
  }

  mutating func list<Element>(
    _ read: (inout ByteReader) throws(Damaged) -> Element
  ) throws(Damaged) -> [Element] {
    let count = try count(of: 1)
    var list: [Element] = []
    list.reserveCapacity(count)
    for _ in 0..<count { list.append(try read(&self)) }
    return list
  }

  mutating func path() throws(Damaged) -> TreePath {
    guard let path = TreePath(try text()) else { throw Damaged() }
    return path
  }
}
