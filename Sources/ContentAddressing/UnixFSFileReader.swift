/// Reads a file of UnixFS, or a range of it, a block at a time. Blocks outside the range are not looked up.
///
/// Each node must hold as many bytes as its parent says and each step down must lead to some: a hostile DAG costs time in proportion
/// to the bytes it delivers, never more.
public struct UnixFSFileReader: Sendable {
  /// Depth is logarithmic in real files: 174 links a node hold 2^63 bytes in 7 levels.
  static let deepest = 64

  private struct Part: Sendable {
    let cid: CID
    /// Where it begins in the file.
    let start: Int
    /// What its parent says it holds; nil for the root.
    let fileSize: Int?
    let depth: Int
  }

  private let root: CID
  /// What is still to be read of the file.
  private var range: Range<Int>?
  /// Parts to visit, the next one last.
  private var parts: [Part]

  /// - Parameter range: in bytes of the file; nil for all of it.
  public init(_ cid: CID, range: Range<Int>? = nil) {
    root = cid
    self.range = range
    parts = [Part(cid: cid, start: 0, fileSize: nil, depth: 0)]
  }

  /// The next bytes, never none; nil at the end.
  /// - Throws: `UnixFSError`, and what the lookup throws.
  public mutating func next(from lookup: BlockLookup) throws -> ArraySlice<UInt8>? {
    while let part = parts.popLast() {
      let node = try UnixFSNode(cid: part.cid, block: try block(of: part.cid, from: lookup))
      guard case .file(let file) = node else { throw UnixFSError.notAFile(part.cid) }
      let range = try range(in: file, part)
      try visit(file, part, range)
      let from = min(max(range.lowerBound - part.start, 0), file.data.count)
      let to = min(max(range.upperBound - part.start, 0), file.data.count)
      if from < to { return file.data[file.data.startIndex + from..<file.data.startIndex + to] }
    }
    return nil
  }

  /// The range to read, once the file's size is known to hold it.
  private mutating func range(in file: UnixFSFile, _ part: Part) throws -> Range<Int> {
    if let expected = part.fileSize, expected != file.fileSize {
      throw UnixFSError.malformed(part.cid, reason: "\(file.fileSize) bytes where its parent says \(expected)")
    }
    if part.depth == 0, let range, range.lowerBound < 0 || range.upperBound > file.fileSize {
      throw UnixFSError.rangeBeyondEnd(root, fileSize: file.fileSize)
    }
    let known = range ?? 0..<file.fileSize
    range = known
    return known
  }

  private mutating func visit(_ file: UnixFSFile, _ part: Part, _ range: Range<Int>) throws {
    guard !file.children.isEmpty, !range.isEmpty else { return }
    guard part.depth < Self.deepest else { throw UnixFSError.tooDeep(part.cid) }
    // Sums cannot overflow: the file's size is one of them.
    var start = part.start + file.fileSize
    for child in file.children.reversed() {
      let end = start
      start -= child.fileSize
      if child.fileSize > 0, start < range.upperBound, end > range.lowerBound {
        parts.append(Part(cid: child.cid, start: start, fileSize: child.fileSize, depth: part.depth + 1))
      }
    }
  }
}

/// Hands the bytes of a file, or of a range of it, to `sink` in order.
/// - Throws: `UnixFSError`, and what lookup and sink throw.
public func readFile(
  _ cid: CID, range: Range<Int>? = nil, from lookup: BlockLookup, to sink: (ArraySlice<UInt8>) throws -> Void
) throws {
  var reader = UnixFSFileReader(cid, range: range)
  while let bytes = try reader.next(from: lookup) { try sink(bytes) }
}

/// The size of a file in bytes, from its root block alone.
/// - Throws: `UnixFSError`, and what the lookup throws.
public func fileSize(of cid: CID, from lookup: BlockLookup) throws -> Int {
  guard case .file(let file) = try UnixFSNode(cid: cid, block: try block(of: cid, from: lookup)) else {
    throw UnixFSError.notAFile(cid)
  }
  return file.fileSize
}
