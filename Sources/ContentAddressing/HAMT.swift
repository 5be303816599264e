/// A directory as a hash array mapped trie (boxo `ipld/unixfs/hamt`): each level takes some bits of the hash of a name, from the front;
/// a slot with one entry holds it, a slot with more holds a node of the next level.
struct HAMT {
  /// The multicodec of murmur3-x64-64, the only hash function in use.
  static let murmur3Code = 0x22

  private let entries: [DirectoryEntry]
  /// Entries by hash, ascending, so that what shares a slot stands together on every level.
  private let order: [(hash: UInt64, index: Int)]
  private let profile: UnixFSProfile
  private let slots: HAMTSlots

  init(entries: [DirectoryEntry], profile: UnixFSProfile) {
    self.entries = entries
    self.profile = profile
    slots = HAMTSlots(fanout: profile.fanout)
    order = entries.indices.map { (hash: murmur3(entries[$0].name), index: $0) }
      .sorted { ($0.hash, $0.index) < ($1.hash, $1.index) }
  }

  /// - Throws: `DirectoryError.collidingNames`, and what the sink throws.
  func build(sink: BlockSink?) throws -> DAGLink {
    try shard(order.indices, level: 0, sink: sink)
  }

  /// The node of the entries in `range`, which share their hashes up to `level`. It recurses at most `slots.levels` deep.
  private func shard(_ range: Range<Int>, level: Int, sink: BlockSink?) throws -> DAGLink {
    var bitfield = [UInt8](repeating: 0, count: profile.fanout / 8)
    var block: [UInt8] = []
    var links: [DAGLink] = []
    var start = range.lowerBound
    while start < range.upperBound {
      let slot = slots.slot(of: order[start].hash, level: level)
      var end = start + 1
      while end < range.upperBound, slots.slot(of: order[end].hash, level: level) == slot { end += 1 }
      let first = entries[order[start].index]
      var name = slots.prefix(slot)
      var link = first.link
      if end - start == 1 {
        name += first.name
      } else if level + 1 < slots.levels {
        link = try shard(start..<end, level: level + 1, sink: sink)
      } else {
        throw DirectoryError.collidingNames(first.name, entries[order[start + 1].index].name)
      }
      PBLink.append(to: &block, name: name, link: link)
      links.append(link)
      bitfield[bitfield.count - 1 - slot / 8] |= 1 << UInt8(slot % 8)
      start = end
    }
    block.appendPBData(UnixFSData.shard(bitfield: bitfield.drop { $0 == 0 }, fanout: profile.fanout))
    return try emit(block, linking: links, profile: profile, sink: sink)
  }
}

/// Which slot of a HAMT node a hash belongs to, and how links say so.
struct HAMTSlots {
  let bits: Int
  /// Digits of the slot at the front of a link's name.
  let prefixLength: Int

  /// - Parameter fanout: a power of two, 8 to 1024.
  init(fanout: Int) {
    bits = fanout.trailingZeroBitCount
    prefixLength = (bits + 3) / 4
  }

  /// How many levels a 64-bit hash is good for.
  var levels: Int { 64 / bits }

  func slot(of hash: UInt64, level: Int) -> Int {
    Int((hash << UInt64(level * bits)) >> UInt64(64 - bits))
  }

  /// The slot in upper-case hexadecimal.
  func prefix(_ slot: Int) -> String {
    let digits = String(slot, radix: 16, uppercase: true)
    return String(repeating: "0", count: prefixLength - digits.utf8.count) + digits
  }
}

/// The first half of MurmurHash3's x64_128 with seed 0, over the UTF-8 of `name`
/// (https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp). Its bytes go into a HAMT the most significant first.
func murmur3(_ name: String) -> UInt64 {
  var name = name
  return name.withUTF8 { bytes in
    let first: UInt64 = 0x87c3_7b91_1142_53d5
    let second: UInt64 = 0x4cf5_ad43_2745_937f
    func word(_ offset: Int) -> UInt64 {
      UInt64(littleEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    func mixed(_ word: UInt64, _ one: UInt64, _ rotation: UInt64, _ other: UInt64) -> UInt64 {
      rotated(word &* one, rotation) &* other
    }
    var low: UInt64 = 0
    var high: UInt64 = 0
    let whole = bytes.count & ~15
    for offset in stride(from: 0, to: whole, by: 16) {
      low = (rotated(low ^ mixed(word(offset), first, 31, second), 27) &+ high) &* 5 &+ 0x52dc_e729
      high = (rotated(high ^ mixed(word(offset + 8), second, 33, first), 31) &+ low) &* 5 &+ 0x3849_5ab5
    }
    var tail: (low: UInt64, high: UInt64) = (0, 0)
    for index in whole..<bytes.count {
      let shift = UInt64((index - whole) % 8 * 8)
      if index - whole < 8 { tail.low |= UInt64(bytes[index]) << shift }
      if index - whole >= 8 { tail.high |= UInt64(bytes[index]) << shift }
    }
    low ^= mixed(tail.low, first, 31, second) ^ UInt64(bytes.count)
    high ^= mixed(tail.high, second, 33, first) ^ UInt64(bytes.count)
    low &+= high
    high &+= low
    return finalMix(low) &+ finalMix(high)
  }
}

private func rotated(_ word: UInt64, _ count: UInt64) -> UInt64 { word << count | word >> (64 - count) }

private func finalMix(_ word: UInt64) -> UInt64 {
  var word = word
  word = (word ^ word >> 33) &* 0xff51_afd7_ed55_8ccd
  word = (word ^ word >> 33) &* 0xc4ce_b9fe_1a85_ec53
  return word ^ word >> 33
}
