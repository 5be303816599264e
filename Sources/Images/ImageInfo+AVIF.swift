extension ImageReader {
  private struct Box {
    let name: String
    /// Of what it holds.
    let start: Int
    let end: Int
  }

  /// AVIF 1.1 on HEIF (ISO/IEC 23008-12): the size (`ispe`) and turn (`irot`) of the primary item (`pitm`), by `ipma` and `ipco`.
  mutating func avif() -> ImageInfo? {
    let top = boxes(0..<length)
    guard let kind = top.first, kind.name == "ftyp" else { return nil }
    var brands: Set<String> = []
    for offset in stride(from: kind.start, to: min(kind.end, kind.start + 256), by: 4) where offset != kind.start + 4 {
      if let brand = text(at: offset, 4) { brands.insert(brand) }
    }
    guard brands.contains("avif") || brands.contains("avis"), let meta = top.first(where: { $0.name == "meta" }) else {
      return nil
    }
    guard meta.start + 4 <= meta.end else { return nil }
    let parts = boxes(meta.start + 4..<meta.end)
    guard let primary = primaryItem(parts), let properties = parts.first(where: { $0.name == "iprp" }) else {
      return nil
    }
    let tables = boxes(properties.start..<properties.end)
    guard let list = tables.first(where: { $0.name == "ipco" }) else { return nil }
    let known = boxes(list.start..<list.end)
    var size: (width: Int, height: Int)?
    var isTurned = false
    for index in associations(of: primary, tables) where index >= 1 && index <= known.count {
      let property = known[index - 1]
      if property.name == "ispe", let width = number(at: property.start + 4, 4),
        let height = number(at: property.start + 8, 4)
      {
        size = (width, height)
      }
      if property.name == "irot", let angle = byte(at: property.start) { isTurned = angle & 1 == 1 }
    }
    guard let size else { return nil }
    let isAnimated = kind.start + 4 <= kind.end && text(at: kind.start, 4) == "avis"
    return isTurned
      ? ImageInfo(.avif, size.height, size.width, isAnimated: isAnimated)
      : ImageInfo(.avif, size.width, size.height, isAnimated: isAnimated)
  }

  /// The boxes that stand one after another in `range` (ISO/IEC 14496-12, section 4.2); those before a damaged one.
  private mutating func boxes(_ range: Range<Int>) -> [Box] {
    var found: [Box] = []
    var offset = range.lowerBound
    while found.count < 4096, offset + 8 <= range.upperBound, let size = number(at: offset, 4),
      let name = text(at: offset + 4, 4)
    {
      var head = 8
      var length = size
      if size == 1 {
        // A size of 64 bits; the first byte of one that fits a file is zero.
        guard byte(at: offset + 8) == 0, let large = number(at: offset + 9, 7) else { break }
        head = 16
        length = large
      } else if size == 0 {
        length = range.upperBound - offset
      }
      guard length >= head, length <= range.upperBound - offset else { break }
      found.append(Box(name: name, start: offset + head, end: offset + length))
      offset += length
    }
    return found
  }

  private mutating func primaryItem(_ parts: [Box]) -> Int? {
    guard let box = parts.first(where: { $0.name == "pitm" }), let version = byte(at: box.start) else { return nil }
    return number(at: box.start + 4, version == 0 ? 2 : 4)
  }

  /// The 1-based places in `ipco` of what describes `item`.
  private mutating func associations(of item: Int, _ tables: [Box]) -> [Int] {
    for box in tables where box.name == "ipma" {
      guard let version = byte(at: box.start), let flags = byte(at: box.start + 3),
        let count = number(at: box.start + 4, 4)
      else { continue }
      let width = flags & 1 == 0 ? 1 : 2
      var offset = box.start + 8
      for _ in 0..<min(count, 65536) where offset < box.end {
        let idSize = version < 1 ? 2 : 4
        guard let id = number(at: offset, idSize), let entries = byte(at: offset + idSize) else { break }
        offset += idSize + 1
        if id == item {
          return (0..<Int(entries)).compactMap { entry in
            number(at: offset + entry * width, width).map { $0 & (width == 1 ? 0x7F : 0x7FFF) }
          }
        }
        offset += Int(entries) * width
      }
    }
    return []
  }
}
