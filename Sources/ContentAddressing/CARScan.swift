/// What stands behind the last section of a CAR that can be told apart.
public enum CARRest: Sendable {
  case nothing
  /// The beginning of a section, as a write that was cut off leaves it, or zeros, as a power cut does.
  case cutOff
  case unreadable
}

/// Goes through the sections of a CAR that may be damaged. Blocks that do not hash to their CIDs are passed over.
///
/// - Parameters:
///   - range: bytes of the file: from the beginning of a section to the end.
///   - read: the bytes of a range of the file.
///   - visit: takes each block's CID, and where in the file it lies.
/// - Returns: the end of the last section, and what follows it.
/// - Throws: what `read` and `visit` throw.
public func scanCAR(
  _ range: Range<Int>, limits: CARReader.Limits = CARReader.Limits(), read: (Range<Int>) throws -> [UInt8],
  visit: (CID, _ block: Range<Int>) throws -> Void
) throws -> (end: Int, rest: CARRest) {
  var window = CARWindow(range)
  while window.offset < range.upperBound {
    try window.show(CARWindow.longestLength, read)
    let start = window.offset
    var reader = window.reader
    let length: Int
    do throws(FormatError) {
      length = try reader.uvarint()
    } catch {
      return (start, error.isTruncation ? .cutOff : .unreadable)
    }
    if length == 0 { return (start, try window.isZeroToItsEnd(read) ? .cutOff : .unreadable) }
    guard length <= limits.sectionSize else { return (start, .unreadable) }
    let head = reader.offset - window.reader.offset
    guard length <= range.upperBound - start - head else { return (start, .cutOff) }
    try window.show(head + length, read)
    reader = window.reader
    guard let section = try? reader.skip(head, then: length) else { return (start, .unreadable) }
    reader = ByteReader(window.bytes, in: section)
    guard let cid = try? CID.read(&reader) else { return (start, .unreadable) }
    let block = Array(window.bytes[reader.offset..<section.upperBound])
    if cid.matches(block) { try visit(cid, start + head + length - block.count..<start + head + length) }
    window.offset += head + length
  }
  return (window.offset, .nothing)
}

/// The part of a file that is looked at.
private struct CARWindow {
  /// Of a section's length.
  static let longestLength = 9
  private static let size = 1 << 20

  private(set) var bytes: [UInt8] = []
  /// Where `bytes` begin in the file.
  private var base: Int
  private let end: Int
  /// Where the scan is.
  var offset: Int

  init(_ range: Range<Int>) {
    (offset, base, end) = (range.lowerBound, range.lowerBound, range.upperBound)
  }

  /// Over what is shown of the file from `offset` on.
  var reader: ByteReader { ByteReader(bytes, in: offset - base..<bytes.count) }

  /// Sees to it that the next `count` bytes are shown, or all that there are.
  mutating func show(_ count: Int, _ read: (Range<Int>) throws -> [UInt8]) throws {
    guard min(offset + count, end) > base + bytes.count else { return }
    bytes = try read(offset..<min(end, offset + max(count, Self.size)))
    base = offset
  }

  mutating func isZeroToItsEnd(_ read: (Range<Int>) throws -> [UInt8]) throws -> Bool {
    while offset < end {
      try show(Self.size, read)
      guard bytes[(offset - base)...].allSatisfy({ $0 == 0 }) else { return false }
      offset = base + bytes.count
    }
    return true
  }
}

extension ByteReader {
  fileprivate mutating func skip(_ head: Int, then count: Int) throws(FormatError) -> Range<Int> {
    _ = try take(head)
    return try take(count)
  }
}
