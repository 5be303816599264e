/// Follows DAGs whose blocks come from far away, several at a time and in any order: it says which block is wanted, and takes each that came.
///
/// It holds names, not blocks. Each block is wanted once, however often it is linked.
public struct DAGWalk: Sendable {
  private var wanted: [CID]
  /// In version 1: the two versions of a name are one block.
  private var seen: Set<CID> = []
  private var underWay: Set<CID> = []
  /// Blocks that were taken, and their bytes.
  public private(set) var blocks = 0
  public private(set) var bytes = 0

  public init(roots: [CID]) {
    wanted = roots.reversed()
  }

  /// Every block below the roots was taken.
  public var isDone: Bool { wanted.isEmpty && underWay.isEmpty }

  /// The next block to ask for; nil where there is none, or none until another one was taken.
  ///
  /// - Throws: `UnixFSError` for a link that only the walk itself can follow (an identity CID) and that is malformed.
  public mutating func next() throws -> CID? {
    while let cid = wanted.popLast() {
      guard seen.insert(cid.asV1).inserted else { continue }
      if case .identity(let block) = cid.multihash {
        try follow(cid, block)
        continue
      }
      underWay.insert(cid)
      return cid
    }
    return nil
  }

  /// Takes a block that `next()` asked for.
  ///
  /// - Throws: `UnixFSError.hashMismatch` where it is another, `.malformed` and `.unsupportedCodec` where its links cannot be read.
  public mutating func take(_ cid: CID, _ block: [UInt8]) throws {
    precondition(underWay.contains(cid), "bug: a block that nobody asked for")
    guard cid.matches(block) else { throw UnixFSError.hashMismatch(cid) }
    underWay.remove(cid)
    try follow(cid, block)
  }

  private mutating func follow(_ cid: CID, _ block: [UInt8]) throws {
    blocks += 1
    bytes += block.count
    for link in try links(of: cid, block).reversed() where !seen.contains(link.asV1) { wanted.append(link) }
  }
}

/// What a block links to, in its order; raw blocks link to nothing.
///
/// - Throws: `UnixFSError.malformed`, `.unsupportedCodec`.
public func links(of cid: CID, _ block: [UInt8]) throws(UnixFSError) -> [CID] {
  if cid.codec == .raw { return [] }
  guard cid.codec == .dagPB else { throw .unsupportedCodec(cid) }
  do {
    return try PBNode(block).links.map(\.link.cid)
  } catch {
    throw .malformed(cid, reason: "\(error.reason) at byte \(error.offset)")
  }
}
