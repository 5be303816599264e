/// Why bytes are no CAR that can be read.
public enum CARError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The bytes end inside the header or a section.
  case truncated(missing: Int)
  case malformedHeader(reason: String)
  case unsupportedVersion(Int)
  case headerTooLarge(Int, limit: Int)
  /// `offset`, in bytes of the file, is where the section begins.
  case malformedSection(offset: Int, reason: String)
  case sectionTooLarge(Int, limit: Int, offset: Int)
  case hashMismatch(CID, offset: Int)

  public var description: String {
    switch self {
    case .truncated(let missing): "the CAR is cut short: at least \(missing) bytes are missing"
    case .malformedHeader(let reason): "the CAR's header is malformed: \(reason)"
    case .unsupportedVersion(let version): "the CAR has version \(version), and 1 is what can be read"
    case .headerTooLarge(let size, let limit): "the CAR's header has \(size) bytes; \(limit) are the most"
    case .malformedSection(let offset, let reason): "the CAR's section at byte \(offset) is malformed: \(reason)"
    case .sectionTooLarge(let size, let limit, let offset):
      "the CAR's section at byte \(offset) has \(size) bytes; \(limit) are the most"
    case .hashMismatch(let cid, let offset): "the CAR's block at byte \(offset) does not hash to its CID \(cid)"
    }
  }
}

/// Reads a CAR, version 1, that comes in pieces of any size. It holds one section at a time; every block's hash is checked.
public struct CARReader: Sendable {
  public struct Limits: Sendable {
    public var headerSize: Int
    /// Of a CID and its block together.
    public var sectionSize: Int

    /// - Parameters:
    ///   - headerSize: in bytes; a root takes about 40.
    ///   - sectionSize: in bytes; the default is go-car's.
    public init(headerSize: Int = 1 << 20, sectionSize: Int = 8 << 20) {
      self.headerSize = headerSize
      self.sectionSize = sectionSize
    }
  }

  private let limits: Limits
  private var buffer: [UInt8] = []
  /// Where the buffer begins in the file.
  private var base = 0
  /// Nil until the header has been read.
  public private(set) var roots: [CID]?

  public init(limits: Limits = Limits()) {
    self.limits = limits
  }

  /// Goes on with the file and hands on the blocks that are complete.
  /// - Throws: `CARError`, and what the sink throws. There is no going on after that.
  public mutating func append(_ bytes: some Sequence<UInt8>, to sink: BlockSink) throws {
    buffer.append(contentsOf: bytes)
    var start = 0
    while let section = try section(at: start) {
      try read(section, offset: base + start, to: sink)
      start = section.upperBound
    }
    buffer.removeSubrange(..<start)
    base += start
  }

  /// Ends the file.
  /// - Throws: `CARError.truncated` where something is missing.
  public func finish() throws(CARError) {
    guard roots == nil || !buffer.isEmpty else { return }
    var reader = ByteReader(buffer)
    let length = try? reader.uvarint()
    throw .truncated(missing: max(1, (length ?? 0) - reader.remaining))
  }

  /// The range of the header or section whose length stands at `start`; nil where more bytes are needed.
  private func section(at start: Int) throws(CARError) -> Range<Int>? {
    var reader = ByteReader(buffer, in: start..<buffer.count)
    let length: Int
    do {
      length = try reader.uvarint()
    } catch {
      if error.isTruncation { return nil }
      throw roots == nil
        ? .malformedHeader(reason: error.reason) : .malformedSection(offset: base + start, reason: error.reason)
    }
    if roots == nil {
      guard length <= limits.headerSize else { throw .headerTooLarge(length, limit: limits.headerSize) }
      guard length > 0 else { throw .malformedHeader(reason: "it is empty") }
    } else {
      guard length <= limits.sectionSize else {
        throw .sectionTooLarge(length, limit: limits.sectionSize, offset: base + start)
      }
      guard length > 0 else { throw .malformedSection(offset: base + start, reason: "it is empty") }
    }
    return try? reader.take(length)
  }

  private mutating func read(_ section: Range<Int>, offset: Int, to sink: BlockSink) throws {
    guard roots != nil else {
      roots = try header(section)
      return
    }
    var reader = ByteReader(buffer, in: section)
    let cid: CID
    do {
      cid = try CID.read(&reader)
    } catch {
      throw CARError.malformedSection(offset: offset, reason: "\(error)")
    }
    let block = Array(buffer[reader.offset..<section.upperBound])
    guard cid.matches(block) else { throw CARError.hashMismatch(cid, offset: offset) }
    try sink(cid, block)
  }

  private func header(_ range: Range<Int>) throws(CARError) -> [CID] {
    do {
      return try CARHeader(Array(buffer[range])).roots
    } catch let error as CARError {
      throw error
    } catch let error as FormatError {
      throw .malformedHeader(reason: "\(error.reason) at byte \(error.offset)")
    } catch {
      throw .malformedHeader(reason: "\(error)")
    }
  }
}

/// Reads a whole CAR.
/// - Parameters:
///   - source: the next bytes of the file; nil at its end.
///   - sink: takes the blocks in the order of the file, their hashes checked.
/// - Returns: the roots.
/// - Throws: `CARError`, and what source and sink throw.
public func readCAR(
  from source: () throws -> [UInt8]?, limits: CARReader.Limits = CARReader.Limits(), to sink: BlockSink
) throws -> [CID] {
  var reader = CARReader(limits: limits)
  while let bytes = try source() { try reader.append(bytes, to: sink) }
  try reader.finish()
  return reader.roots ?? []
}
