import Images
import TestSupport
import Testing

@Suite struct ImageInfoTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let hex: String
    let expected: ImageInfo?

    init(_ name: String, _ hex: String, _ expected: ImageInfo?) {
      self.name = name
      self.hex = hex
      self.expected = expected
    }

    var testDescription: String { name }
    var bytes: [UInt8] {
      let digits = hex.utf8.compactMap { byte -> UInt8? in
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        default: nil
        }
      }
      return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
  }

  static let png = "89504E47 0D0A1A0A 0000000D 49484452 00000140 000000F0 08060000 00 00000000"
  /// Little-endian TIFF head with one entry: orientation 6.
  static let turned = "FFE10022 457869660000 49492A00 08000000 0100 1201 0300 01000000 06000000 00000000"
  static let frame = "FFC0001108 00F0 0140 03"
  static let ftyp = "00000014 66747970 61766966 00000000 61766966"

  /// `meta` with the primary item 1, whose properties are `ispe` 320 × 240 and, where `irot`, a quarter turn.
  static func avif(irot: Bool) -> String {
    let ispe = "00000014 69737065 00000000 00000140 000000F0"
    let turn = "00000009 69726F74 01"
    // A thumbnail's size, which belongs to no item here.
    let other = "00000014 69737065 00000000 00000010 00000010"
    let ipco = irot ? "00000039 6970636F \(other) \(ispe) \(turn)" : "00000030 6970636F \(other) \(ispe)"
    let ipma =
      irot ? "00000015 69706D61 00000000 00000001 0001 02 82 03" : "00000014 69706D61 00000000 00000001 0001 01 82"
    let size = irot ? "00000056" : "0000004C"
    let iprp = "\(size) 69707270 \(ipco) \(ipma)"
    let pitm = "0000000E 7069746D 00000000 0001"
    let meta = irot ? "00000070" : "00000066"
    return "\(ftyp) \(meta) 6D657461 00000000 \(pitm) \(iprp)"
  }

  static let cases = [
    Case("PNG", png, ImageInfo(.png, 320, 240)),
    Case("PNG that moves", png + "00000008 6163544C 00000002 00000000", ImageInfo(.png, 320, 240, isAnimated: true)),
    Case("PNG of no width", "89504E47 0D0A1A0A 0000000D 49484452 00000000 000000F0", nil),
    Case("PNG that ends", "89504E47 0D0A1A0A 0000000D 49484452 00000140 0000", nil),
    Case("JPEG", "FFD8 FFE00004AAAA \(frame)", ImageInfo(.jpeg, 320, 240)),
    Case("JPEG with fill bytes", "FFD8 FFFFFFE00004AAAA \(frame)", ImageInfo(.jpeg, 320, 240)),
    Case("JPEG on its side", "FFD8 \(turned) \(frame)", ImageInfo(.jpeg, 240, 320)),
    Case("JPEG whose Exif is cut", "FFD8 FFE1000C 457869660000 49492A00 \(frame)", ImageInfo(.jpeg, 320, 240)),
    Case("JPEG with a segment of no size", "FFD8 FFE00000 \(frame)", nil),
    Case("JPEG that ends", "FFD8 FFE00004AAAA", nil),
    Case("GIF", "474946383961 4001 F000 00 00 00 2C 0000 0000 4001 F000 00 02 01 00 00 3B", ImageInfo(.gif, 320, 240)),
    Case(
      "GIF that moves",
      "474946383961 4001 F000 00 00 00 21F9 04 00000000 00 2C 0000 0000 4001 F000 00 02 01 00 00 2C 0000 0000 4001 F000 00 02",
      ImageInfo(.gif, 320, 240, isAnimated: true)),
    Case("GIF that ends", "474946383961 4001 F000", ImageInfo(.gif, 320, 240)),
    Case(
      "WebP, extended", "52494646 1A000000 57454250 56503858 0A000000 00000000 3F0100 EF0000",
      ImageInfo(.webp, 320, 240)),
    Case(
      "WebP that moves", "52494646 1A000000 57454250 56503858 0A000000 02000000 3F0100 EF0000",
      ImageInfo(.webp, 320, 240, isAnimated: true)),
    Case(
      "WebP, lossy", "52494646 1A000000 57454250 56503820 0A000000 300000 9D012A 4001 F000", ImageInfo(.webp, 320, 240)),
    Case(
      "WebP, lossless", "52494646 1A000000 57454250 5650384C 0A000000 2F 3FC13B00 00000000", ImageInfo(.webp, 320, 240)),
    Case("AVIF", avif(irot: false), ImageInfo(.avif, 320, 240)),
    Case("AVIF on its side", avif(irot: true), ImageInfo(.avif, 240, 320)),
    Case("AVIF with an empty meta box", "\(ftyp) 00000008 6D657461", nil),
    Case("HEIC", "00000014 66747970 68656963 00000000 68656963", nil),
    Case("nothing", "", nil),
    Case("one byte", "FF", nil),
  ]

  @Test(arguments: cases) func head(_ sample: Case) { #expect(imageInfo(of: sample.bytes) == sample.expected) }

  @Test(arguments: [
    (#"<svg xmlns="x" width="320" height="240px"/>"#, 320, 240),
    (
      "<?xml version='1.0'?>\n<!-- <svg width='1' height='1'> -->\n<!DOCTYPE svg>\n<svg a='>' height='3in'\twidth = '2.5in'>",
      240, 288
    ),
    (#"<svg width="10cm" height="100%"/>"#, 0, 0),
    (#"<svg viewBox="0 0 320 240"/>"#, 0, 0),
    (#"<svg stroke-width="3" width="1e9" height="1"/>"#, 0, 0),
    ("<svgx width='1' height='1'/>", 0, 0),
    ("<html><svg width='1' height='1'/></html>", 0, 0),
    ("<svg width='1' height='1'", 0, 0),
    ("<!--", 0, 0),
  ])
  func drawing(_ text: String, width: Int, height: Int) {
    let expected = width > 0 ? ImageInfo(.svg, width, height) : nil
    #expect(imageInfo(of: Array(text.utf8)) == expected)
  }

  /// Whatever the bytes, there is an end and no crash: every sample cut short and with bytes changed, by a fixed seed.
  @Test func anyBytes() {
    var random = SeededGenerator(seed: 0x5EED)
    var seen = 0
    for sample in Self.cases where !sample.bytes.isEmpty {
      let bytes = sample.bytes
      for length in 0..<bytes.count where imageInfo(of: Array(bytes[..<length])) != nil { seen += 1 }
      for _ in 0..<100 {
        var changed = bytes
        for _ in 0...random.below(4) {
          changed[random.below(changed.count)] = [0, 0xFF, 0x7F, UInt8(random.below(256))][random.below(4)]
        }
        if let info = imageInfo(of: changed) { #expect(info.width > 0 && info.height > 0 && info.pixels > 0) }
      }
    }
    #expect(seen > 0)
  }
}
