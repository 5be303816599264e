import Files

/// Why a file or directory cannot be read from its blocks.
public enum UnixFSError: Error, Hashable, Sendable, CustomStringConvertible {
  case missingBlock(CID)
  case hashMismatch(CID)
  case malformed(CID, reason: String)
  /// Neither dag-pb nor raw.
  case unsupportedCodec(CID)
  case notAFile(CID)
  case notADirectory(CID)
  case noLink(name: String, under: CID)
  /// Nested deeper than any real file or directory.
  case tooDeep(CID)
  case tooManyEntries(CID, limit: Int)
  case rangeBeyondEnd(CID, fileSize: Int)

  public var description: String {
    switch self {
    case .missingBlock(let cid): "the block \(cid) is not here"
    case .hashMismatch(let cid): "the block stored for \(cid) has another hash"
    case .malformed(let cid, let reason): "the block \(cid) is malformed: \(reason)"
    case .unsupportedCodec(let cid): "\(cid) has codec 0x\(String(cid.codec.rawValue, radix: 16)), not dag-pb or raw"
    case .notAFile(let cid): "\(cid) is not a file"
    case .notADirectory(let cid): "\(cid) is not a directory"
    case .noLink(let name, let cid): "no link named \(quoted(name)) under \(cid)"
    case .tooDeep(let cid): "\(cid) lies too deep in its DAG"
    case .tooManyEntries(let cid, let limit): "the directory \(cid) has more than \(limit) entries"
    case .rangeBeyondEnd(let cid, let size): "a range goes beyond the \(size) bytes of \(cid)"
    }
  }
}

/// A name of somebody else as a message shows it: `visible`, in quotation marks, and cut where it is long.
func quoted(_ name: String) -> String {
  let longest = 200
  let start = Substring(name.unicodeScalars.prefix(longest))
  return "\"\(visible(start))\(name.unicodeScalars.dropFirst(longest).isEmpty ? "" : "…")\""
}

/// The block of `cid`; what an identity CID names is in the CID itself.
/// - Throws: `UnixFSError.missingBlock`, and what the lookup throws.
func block(of cid: CID, from lookup: BlockLookup) throws -> [UInt8] {
  if case .identity(let bytes) = cid.multihash { return bytes }
  guard let block = try lookup(cid) else { throw UnixFSError.missingBlock(cid) }
  return block
}

/// `lookup`, with the hash of each block checked; one that does not match throws `UnixFSError.hashMismatch`.
public func verifying(_ lookup: @escaping BlockLookup) -> BlockLookup {
  { cid in
    guard let block = try lookup(cid) else { return nil }
    guard cid.matches(block) else { throw UnixFSError.hashMismatch(cid) }
    return block
  }
}
