/// The formats that browsers show and whose size is known here.
public enum ImageFormat: String, Sendable, CaseIterable {
  case png, jpeg, gif, webp, avif, svg
}

/// What the head of an image file says.
public struct ImageInfo: Sendable, Equatable {
  public let format: ImageFormat
  /// In pixels as shown, at least 1: a picture that its EXIF data turns on its side is as wide as the file says it is high.
  public let width: Int
  public let height: Int
  /// More than one frame: to scale the first alone would lose the others.
  public let isAnimated: Bool

  public init(_ format: ImageFormat, _ width: Int, _ height: Int, isAnimated: Bool = false) {
    self.format = format
    self.width = width
    self.height = height
    self.isAnimated = isAnimated
  }

  /// Never overflows: formats have sizes of at most 32 bits.
  public var pixels: Int { width.multipliedReportingOverflow(by: height).overflow ? .max : width * height }
}

/// Reads the head of an image. Formats are told by their bytes, whatever the file is called.
///
/// - Parameters:
///   - length: of the file, in bytes.
///   - read: the bytes of the file from `offset` on, at most `count`; fewer where the file ends.
/// - Returns: nil for what is no image of a known format, for damaged heads, and for drawings that give themselves no size.
public func imageInfo(length: Int, read: @escaping (_ offset: Int, _ count: Int) -> [UInt8]) -> ImageInfo? {
  var file = ImageReader(length: length, read: read)
  let info =
    switch file.text(at: 0, 4) {
    case "\u{89}PNG": file.png()
    case "GIF8": file.gif()
    case "RIFF" where file.text(at: 8, 4) == "WEBP": file.webp()
    case let start? where start.utf8.count >= 2 && file.number(at: 0, 2) == 0xFFD8: file.jpeg()
    case _ where file.text(at: 4, 4) == "ftyp": file.avif()
    default: file.svg()
    }
  guard let info, info.width > 0, info.height > 0 else { return nil }
  return info
}

/// As `imageInfo(length:read:)`, for bytes at hand.
public func imageInfo(of bytes: [UInt8]) -> ImageInfo? {
  imageInfo(length: bytes.count) { offset, count in
    offset < bytes.count ? Array(bytes[offset..<min(bytes.count, offset + count)]) : []
  }
}

/// Random access to the head of a file. Whatever lies beyond its end is nil.
struct ImageReader {
  let length: Int
  private let read: (Int, Int) -> [UInt8]
  /// The part of the file that was read last.
  private var window: [UInt8] = []
  private var start = 0

  private static let windowSize = 4096

  init(length: Int, read: @escaping (Int, Int) -> [UInt8]) {
    self.length = length
    self.read = read
  }

  /// Exactly `count` bytes; nil where the file has fewer.
  mutating func bytes(at offset: Int, _ count: Int) -> ArraySlice<UInt8>? {
    guard offset >= 0, count >= 0, offset <= length, count <= length - offset else { return nil }
    if offset < start || offset + count > start + window.count {
      window = read(offset, max(count, Self.windowSize))
      start = offset
    }
    guard offset - start + count <= window.count else { return nil }
    return window[offset - start..<offset - start + count]
  }

  mutating func byte(at offset: Int) -> UInt8? { bytes(at: offset, 1)?.first }

  /// Big-endian, at most 7 bytes.
  mutating func number(at offset: Int, _ count: Int) -> Int? {
    bytes(at: offset, count)?.reduce(0) { $0 << 8 | Int($1) }
  }

  /// Little-endian, at most 7 bytes.
  mutating func littleNumber(at offset: Int, _ count: Int) -> Int? {
    bytes(at: offset, count)?.reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// Bytes as Latin-1, to compare with names of chunks and boxes.
  mutating func text(at offset: Int, _ count: Int) -> String? {
    guard let bytes = bytes(at: offset, min(count, max(0, length - offset))) else { return nil }
    var text = ""
    for byte in bytes { text.unicodeScalars.append(Unicode.Scalar(byte)) }
    return text
  }
}
