// ContentAddressing: bytes or a tree of files → CIDs, UnixFS blocks and CARs, and back from blocks to files.
// Imports: Files, CCrypto (SHA-256 only). No network and no clock; disk is read in `FileAddresser+Contents.swift` and nowhere else.
// Entry: `address(_:profile:sink:)` to write, `resolve(_:under:from:)` and `readFile(_:range:from:to:)` to read, `CARWriter`, `CARReader`.
// Promises: CIDs and sizes equal Kubo's; memory is bounded by depth × width of a DAG, not by the size of a file; no block, CID or CAR crashes it.
// Tests: `Tests/ContentAddressingTests`; `cid-vectors.json` there holds what Kubo itself answered.

/// Takes the blocks of a DAG as they are made, children before parents. A block that occurs twice is given twice.
public typealias BlockSink = (_ cid: CID, _ block: [UInt8]) throws -> Void

/// Finds the block of a CID; nil where it is not to be had. What it returns is trusted: see `verifying(_:)`.
public typealias BlockLookup = (_ cid: CID) throws -> [UInt8]?

/// A DAG, by its root and its weight.
public struct DAGLink: Hashable, Sendable {
  public var cid: CID
  /// Cumulative size in bytes: the root block and, for each of its links, the size of what is linked, counted as often as it is linked.
  /// Kubo's "Size", dag-pb's Tsize.
  public var size: Int

  public init(cid: CID, size: Int) {
    self.cid = cid
    self.size = size
  }
}
