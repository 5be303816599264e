/// A fixed set of names by their places in it: one look at a table and one comparison, for what templates ask a million times.
struct MemberTable: Sendable {
  private let names: [String]
  /// Place + 1 of the name that belongs here; 0 where none does.
  private let slots: [UInt8]
  private let factor: UInt64
  private let shift: UInt64

  /// - Parameter names: at most 255, all different.
  init(_ names: [String]) {
    precondition(names.count < 256 && Set(names).count == names.count, "bug: not a small set of names")
    self.names = names
    var bits: UInt64 = 4
    while 1 << bits < names.count * 2 { bits += 1 }
    // Factors are tried until no two names share a slot; a larger table makes that likelier.
    var factor: UInt64 = 0x9E37_79B9_7F4A_7C15
    for attempt in 1... {
      if attempt % 256 == 0 { bits += 1 }
      precondition(bits < 20, "bug: two names look alike to the table")
      factor = factor &* 0x5851_F42D_4C95_7F2D &+ 1
      var slots = [UInt8](repeating: 0, count: 1 << Int(bits))
      var isPerfect = true
      for (place, name) in names.enumerated() {
        let slot = Self.slot(name, factor, 64 - bits)
        isPerfect = isPerfect && slots[slot] == 0
        slots[slot] = UInt8(place + 1)
      }
      guard isPerfect else { continue }
      (self.slots, self.factor, self.shift) = (slots, factor, 64 - bits)
      return
    }
    preconditionFailure("bug: the loop ends inside")
  }

  /// The place of `name`; nil where it is none of the names.
  subscript(name: String) -> Int? {
    let place = Int(slots[Self.slot(name, factor, shift)]) - 1
    return place >= 0 && names[place] == name ? place : nil
  }

  /// By the first eight bytes and the length.
  @inline(__always)
  private static func slot(_ name: String, _ factor: UInt64, _ shift: UInt64) -> Int {
    let word =
      name.utf8.withContiguousStorageIfAvailable { bytes -> UInt64 in
        var word = UInt64(bytes.count)
        for place in 0..<min(bytes.count, 8) { word = word << 8 ^ word >> 56 ^ UInt64(bytes[place]) }
        return word
      } ?? 0
    return Int((word &* factor) >> shift)
  }
}
