extension [UInt8] {
  /// Drops from UTF-8 what XML 1.0 has no way to write (<https://www.w3.org/TR/xml/#charsets>): most control characters, U+FFFE and U+FFFF.
  /// With one of them, out of a title or a text, no reader takes the file.
  mutating func dropCharactersForbiddenInXML() {
    guard let first = firstForbidden else { return }
    var kept = first
    var index = first
    while index < count {
      let length = forbiddenLength(at: index)
      if length > 0 {
        index += length
      } else {
        self[kept] = self[index]
        kept += 1
        index += 1
      }
    }
    removeSubrange(kept...)
  }

  private var firstForbidden: Int? {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var index = 0
    while index < count {
      // Nearly all is text: eight bytes at a time where none is below the space, and none begins one of the two others.
      if index + 8 <= count {
        let word = withUnsafeBytes { $0.loadUnaligned(fromByteOffset: index, as: UInt64.self) }
        let other = word ^ (ones &* 0xEF)
        if (((word &- ones &* 0x20) & ~word) | ((other &- ones) & ~other)) & (ones &* 0x80) == 0 {
          index += 8
          continue
        }
      }
      for index in index..<Swift.min(index + 8, count) where forbiddenLength(at: index) > 0 { return index }
      index += 8
    }
    return nil
  }

  /// How many bytes the character that begins at `index` has, where it is forbidden; 0 where it is not.
  private func forbiddenLength(at index: Int) -> Int {
    switch self[index] {
    case 0x09, 0x0A, 0x0D: 0
    case ..<0x20: 1
    // U+FFFE and U+FFFF.
    case 0xEF where index + 2 < count && self[index + 1] == 0xBF && self[index + 2] >= 0xBE: 3
    default: 0
    }
  }
}
