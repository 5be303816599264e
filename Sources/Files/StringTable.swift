import Glibc

/// Texts by their bytes, for what is looked up so often that it is not worth a `String`: each is found by its place among those given.
///
/// Flat memory without reference counts, so that threads do not contend for it.
public final class StringTable: @unchecked Sendable {
  // Written in `init` alone.
  private let text: UnsafeMutablePointer<UInt8>
  private let entries: UnsafeMutablePointer<Entry>
  /// Indices of entries plus one, by hash; 0 where there is none.
  private let slots: UnsafeMutablePointer<UInt32>
  private let mask: Int

  private struct Entry {
    let start: Int
    let count: Int
    let hash: UInt64
  }

  /// - Parameter strings: all different.
  public init(_ strings: [String]) {
    var bytes: [UInt8] = []
    var entries: [Entry] = []
    entries.reserveCapacity(strings.count)
    for string in strings {
      let start = bytes.count
      bytes += string.utf8
      entries.append(
        Entry(start: start, count: bytes.count - start, hash: bytes[start...].withUnsafeBufferPointer(hash)))
    }
    var size = 16
    while size < entries.count * 2 { size *= 2 }
    mask = size - 1
    slots = .allocate(capacity: size)
    slots.initialize(repeating: 0, count: size)
    text = .allocate(capacity: max(1, bytes.count))
    text.initialize(from: bytes, count: bytes.count)
    self.entries = .allocate(capacity: max(1, entries.count))
    self.entries.initialize(from: entries, count: entries.count)
    for (index, entry) in entries.enumerated() {
      var slot = Int(truncatingIfNeeded: entry.hash) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(index + 1)
    }
  }

  deinit {
    text.deallocate()
    entries.deallocate()
    slots.deallocate()
  }

  /// The place of the text; nil where it is none of them.
  public subscript(bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let start = bytes.baseAddress, bytes.count > 0 else { return nil }
    let hash = hash(bytes)
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      let index = Int(slots[slot]) - 1
      let entry = entries[index]
      if entry.hash == hash, entry.count == bytes.count, memcmp(text + entry.start, start, bytes.count) == 0 {
        return index
      }
      slot = (slot + 1) & mask
    }
    return nil
  }
}

/// Eight bytes at a time, multiplied and folded; good enough for names that nobody chooses to collide within one site.
private func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
  let raw = UnsafeRawBufferPointer(bytes)
  var hash = UInt64(bytes.count)
  func mix(_ word: UInt64) {
    let (high, low) = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    hash = high ^ low
  }
  var index = 0
  while index + 8 <= bytes.count {
    mix(raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
    index += 8
  }
  var rest: UInt64 = 0
  while index < bytes.count {
    rest = rest << 8 | UInt64(bytes[index])
    index += 1
  }
  mix(rest)
  return hash
}
