extension ImageReader {
  /// PNG, third edition: section 11.2.1 for the head, 11.3.6.1 for `acTL`, which stands before the pixels of an animation.
  mutating func png() -> ImageInfo? {
    guard text(at: 12, 4) == "IHDR", let width = number(at: 16, 4), let height = number(at: 20, 4) else { return nil }
    var offset = 33
    // Chunks before the pixels are few; a file of nothing else is none that a browser waits for.
    for _ in 0..<1000 {
      guard let size = number(at: offset, 4), let name = text(at: offset + 4, 4), name != "IDAT" else { break }
      if name == "acTL" { return ImageInfo(.png, width, height, isAnimated: true) }
      offset += size + 12
    }
    return ImageInfo(.png, width, height)
  }

  /// GIF 89a, sections 18 to 23: it is animated where a second image follows.
  mutating func gif() -> ImageInfo? {
    guard let width = littleNumber(at: 6, 2), let height = littleNumber(at: 8, 2), let flags = byte(at: 10) else {
      return littleNumber(at: 6, 2).flatMap { width in littleNumber(at: 8, 2).map { ImageInfo(.gif, width, $0) } }
    }
    var offset = 13 + (flags & 0x80 == 0 ? 0 : 3 << (Int(flags & 7) + 1))
    var frames = 0
    while frames < 2, let introducer = byte(at: offset) {
      switch introducer {
      case 0x21: offset += 2
      case 0x2C:
        frames += 1
        guard let local = byte(at: offset + 9) else { return ImageInfo(.gif, width, height) }
        offset += 11 + (local & 0x80 == 0 ? 0 : 3 << (Int(local & 7) + 1))
      default: return ImageInfo(.gif, width, height)
      }
      while let size = byte(at: offset), size > 0 { offset += Int(size) + 1 }
      offset += 1
    }
    return ImageInfo(.gif, width, height, isAnimated: frames > 1)
  }

  /// WebP, RFC 9649: section 2.5 and 2.6 for the simple forms, 2.7 for the extended one.
  mutating func webp() -> ImageInfo? {
    switch text(at: 12, 4) {
    case "VP8X":
      guard let flags = byte(at: 20), let width = littleNumber(at: 24, 3), let height = littleNumber(at: 27, 3) else {
        return nil
      }
      return ImageInfo(.webp, width + 1, height + 1, isAnimated: flags & 0x02 != 0)
    case "VP8L":
      guard let bits = littleNumber(at: 21, 4) else { return nil }
      return ImageInfo(.webp, bits & 0x3FFF + 1, bits >> 14 & 0x3FFF + 1)
    case "VP8 ":
      guard let width = littleNumber(at: 26, 2), let height = littleNumber(at: 28, 2) else { return nil }
      return ImageInfo(.webp, width & 0x3FFF, height & 0x3FFF)
    default: return nil
    }
  }

  /// JPEG, ITU T.81: section B.1.1.4 for segments, B.2.2 for the frame's head. Exif (CIPA DC-008) stands before it.
  mutating func jpeg() -> ImageInfo? {
    var offset = 2
    var isTurned = false
    while let first = byte(at: offset), first == 0xFF, let marker = byte(at: offset + 1) {
      if marker == 0xFF {
        offset += 1
        continue
      }
      // SOF0 to SOF15 without DHT, JPG and DAC.
      if (0xC0...0xCF).contains(marker), ![0xC4, 0xC8, 0xCC].contains(marker) {
        guard let height = number(at: offset + 5, 2), let width = number(at: offset + 7, 2) else { return nil }
        return isTurned ? ImageInfo(.jpeg, height, width) : ImageInfo(.jpeg, width, height)
      }
      guard let size = number(at: offset + 2, 2), size >= 2 else { return nil }
      if marker == 0xE1, text(at: offset + 4, 6) == "Exif\0\0" {
        // Orientations 5 to 8 lie on their side (table 6 of the TIFF part).
        isTurned = orientation(at: offset + 10, end: offset + 2 + size).map { $0 >= 5 && $0 <= 8 } ?? false
      }
      offset += 2 + size
    }
    return nil
  }

  /// The orientation of a TIFF head (TIFF 6.0, section 2): tag 0x0112 of the first directory.
  private mutating func orientation(at start: Int, end: Int) -> Int? {
    let order = text(at: start, 2)
    guard order == "II" || order == "MM" else { return nil }
    let isLittle = order == "II"
    func value(_ file: inout ImageReader, _ offset: Int, _ count: Int) -> Int? {
      guard offset + count <= end else { return nil }
      return isLittle ? file.littleNumber(at: offset, count) : file.number(at: offset, count)
    }
    guard let directory = value(&self, start + 4, 4), let count = value(&self, start + directory, 2) else { return nil }
    for index in 0..<count {
      let entry = start + directory + 2 + 12 * index
      guard let tag = value(&self, entry, 2) else { return nil }
      if tag == 0x0112 { return value(&self, entry + 8, 2) }
    }
    return nil
  }
}
