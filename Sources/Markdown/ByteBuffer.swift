#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A growing buffer of bytes with one owner: appending is a copy and an addition, nothing else.
struct ByteBuffer: ~Copyable {
  private(set) var start: UnsafeMutablePointer<UInt8>
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int = 256) {
    self.capacity = max(capacity, 16)
    start = .allocate(capacity: self.capacity)
  }

  deinit { start.deallocate() }

  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

  func bytes(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: start + range.lowerBound, count: range.count)
  }

  var last: UInt8? { count == 0 ? nil : start[count - 1] }

  @inline(never)
  private mutating func grow(by extra: Int) {
    var wanted = capacity * 2
    while wanted < count + extra { wanted *= 2 }
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted)
    memcpy(larger, start, count)
    start.deallocate()
    start = larger
    capacity = wanted
  }

  mutating func reserve(_ extra: Int) {
    if capacity - count < extra { grow(by: extra) }
  }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    if count == capacity { grow(by: 1) }
    start[count] = byte
    count += 1
  }

  @inline(__always)
  mutating func append(_ source: UnsafePointer<UInt8>, _ length: Int) {
    if capacity - count < length { grow(by: length) }
    memcpy(start + count, source, length)
    count += length
  }

  @inline(__always)
  mutating func append(_ source: UnsafeBufferPointer<UInt8>) {
    if let base = source.baseAddress { append(base, source.count) }
  }

  @inline(__always)
  mutating func append(_ literal: StaticString) { append(literal.utf8Start, literal.utf8CodeUnitCount) }

  mutating func append(_ array: [UInt8]) { array.withUnsafeBufferPointer { append($0) } }

  mutating func append(text: String) {
    var text = text
    text.withUTF8 { append($0) }
  }

  mutating func append(_ byte: UInt8, repeated times: Int) {
    guard times > 0 else { return }
    reserve(times)
    memset(start + count, Int32(byte), times)
    count += times
  }

  mutating func append(number: Int) {
    if number < 10, number >= 0 { return append(UInt8(48 + number)) }
    append(text: String(number))
  }

  /// Drops everything from `length` on.
  mutating func truncate(_ length: Int) {
    if length < count { count = max(length, 0) }
  }

  func array(_ range: Range<Int>) -> [UInt8] { Array(bytes(range)) }

  func string(_ range: Range<Int>) -> String { String(decoding: bytes(range), as: UTF8.self) }
}
