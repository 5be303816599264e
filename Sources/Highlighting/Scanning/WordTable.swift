/// A set of words with a number for each, looked up by bytes: open addressing over keys of at most 24 bytes, kept as three machine words.
///
/// The memory is never freed: tables are made once, as statics, and are read by all threads without reference counting.
struct WordTable: @unchecked Sendable {
  private struct Slot {
    var key = Key()
    var value: UInt16 = 0
  }

  private struct Key: Equatable {
    var first: UInt64 = 0
    var middle: UInt64 = 0
    var last: UInt64 = 0
    var count = 0

    var hash: UInt64 {
      var hash =
        (first ^ (last &<< 7) ^ (last &>> 57) ^ middle &+ UInt64(truncatingIfNeeded: count)) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash &>> 32
      return hash
    }
  }

  static let longestWord = 24

  private let slots: UnsafeMutablePointer<Slot>
  private let mask: UInt64
  /// 0x20 in every byte where ASCII case is ignored: letters become lower case, and no two characters of a name fall together.
  private let fold: UInt64
  let isEmpty: Bool

  init(_ words: [String: UInt16], ignoringCase: Bool = false) {
    var capacity = 8
    while capacity < words.count * 4 { capacity *= 2 }
    slots = .allocate(capacity: capacity)
    slots.initialize(repeating: Slot(), count: capacity)
    mask = UInt64(capacity - 1)
    fold = ignoringCase ? 0x2020_2020_2020_2020 : 0
    isEmpty = words.isEmpty
    for (word, value) in words.sorted(by: { $0.key < $1.key }) {
      let bytes = Array(word.utf8)
      precondition(
        (1...Self.longestWord).contains(bytes.count), "bug: a word of \(bytes.count) bytes in a table: \(word)")
      bytes.withUnsafeBufferPointer { buffer in
        guard let start = buffer.baseAddress else { return }
        let key = key(start, bytes.count, readable: bytes.count)
        var index = key.hash & mask
        while slots[Int(index)].key.count != 0, slots[Int(index)].key != key { index = (index + 1) & mask }
        slots[Int(index)] = Slot(key: key, value: value)
      }
    }
  }

  /// The number of the word of `count` bytes at `start`, 0 where it is not in the table. `readable`: how many bytes may be read from `start`.
  @inline(__always)
  func value(_ start: UnsafePointer<UInt8>, _ count: Int, readable: Int) -> UInt16 {
    if count > Self.longestWord || count <= 0 { return 0 }
    let key = key(start, count, readable: readable)
    var index = key.hash & mask
    while true {
      let slot = slots + Int(index)
      if slot.pointee.key.count == 0 { return 0 }
      if slot.pointee.key == key { return slot.pointee.value }
      index = (index &+ 1) & mask
    }
  }

  @inline(__always)
  private func key(_ start: UnsafePointer<UInt8>, _ count: Int, readable: Int) -> Key {
    let raw = UnsafeRawPointer(start)
    var key = Key(count: count)
    if count < 8 {
      let kept = (1 as UInt64) &<< UInt64(count &* 8) &- 1
      if readable >= 8 {
        key.first = (raw.loadUnaligned(as: UInt64.self).littleEndian | fold) & kept
      } else {
        var index = count
        while index > 0 {
          index &-= 1
          key.first = key.first &<< 8 | UInt64(start[index])
        }
        key.first = (key.first | fold) & kept
      }
      return key
    }
    key.first = raw.loadUnaligned(as: UInt64.self).littleEndian | fold
    if count > 8 { key.last = raw.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self).littleEndian | fold }
    if count > 16 { key.middle = raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self).littleEndian | fold }
    return key
  }
}
