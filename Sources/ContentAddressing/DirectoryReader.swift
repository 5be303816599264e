/// Where a path under a root leads.
public struct ResolvedPath: Sendable {
  /// The root's CID, then one for each name of the path. Nodes inside a HAMT are not among them.
  public let cids: [CID]
  public let node: UnixFSNode

  /// What the path leads to.
  public var cid: CID { cids[cids.count - 1] }
}

/// Follows names from a root down through directories, flat or HAMT. Symbolic links are not followed.
/// - Throws: `UnixFSError`, and what the lookup throws.
public func resolve(
  _ names: some Sequence<String>, under root: CID, from lookup: BlockLookup
) throws -> ResolvedPath {
  var cids = [root]
  var cid = root
  var node = try UnixFSNode(cid: root, block: try block(of: root, from: lookup))
  for name in names {
    cid = try child(named: name, of: node, cid, from: lookup)
    cids.append(cid)
    node = try UnixFSNode(cid: cid, block: try block(of: cid, from: lookup))
  }
  return ResolvedPath(cids: cids, node: node)
}

private func child(
  named name: String, of node: UnixFSNode, _ directory: CID, from lookup: BlockLookup
) throws -> CID {
  switch node {
  case .directory(let entries):
    guard let entry = entries.first(where: { isSame($0.name, name) }) else {
      throw UnixFSError.noLink(name: name, under: directory)
    }
    return entry.link.cid
  case .shard(let shard): return try child(named: name, of: shard, directory, from: lookup)
  case .file, .symlink: throw UnixFSError.notADirectory(directory)
  }
}

private func child(
  named name: String, of shard: HAMTShard, _ directory: CID, from lookup: BlockLookup
) throws -> CID {
  let hash = murmur3(name)
  let slots = shard.slots
  var shard = shard
  var cid = directory
  for level in 0..<slots.levels {
    let slot = slots.slot(of: hash, level: level)
    guard let child = shard.children.first(where: { $0.slot == slot }) else { break }
    if let found = child.name {
      guard isSame(found, name) else { break }
      return child.link.cid
    }
    cid = child.link.cid
    shard = try subshard(cid, fanout: shard.fanout, from: lookup)
  }
  throw UnixFSError.noLink(name: name, under: directory)
}

/// The entries of a directory, flat or HAMT, sorted by the bytes of their names.
/// - Parameter limit: the most entries; one with more throws `UnixFSError.tooManyEntries`.
/// - Throws: `UnixFSError`, and what the lookup throws.
public func directoryEntries(
  of cid: CID, limit: Int = 1_000_000, from lookup: BlockLookup
) throws -> [DirectoryEntry] {
  var entries: [DirectoryEntry] = []
  switch try UnixFSNode(cid: cid, block: try block(of: cid, from: lookup)) {
  case .directory(let all):
    guard all.count <= limit else { throw UnixFSError.tooManyEntries(cid, limit: limit) }
    entries = all
  case .shard(let shard):
    try collect(shard, cid, level: 0, above: 0, from: lookup) { entry in
      guard entries.count < limit else { throw UnixFSError.tooManyEntries(cid, limit: limit) }
      entries.append(entry)
    }
  case .file, .symlink: throw UnixFSError.notADirectory(cid)
  }
  return entries.sorted { precedes($0.name, $1.name) }
}

/// Visits the entries of a HAMT by slot. It recurses no deeper than a hash has bits.
///
/// - Parameter path: the bits of the hash that the levels above have used. An entry whose name has another hash throws, as does a node
///   without entries; so a hostile DAG that links one node again and again ends at the second visit.
private func collect(
  _ shard: HAMTShard, _ cid: CID, level: Int, above path: UInt64, from lookup: BlockLookup,
  visit: (DirectoryEntry) throws -> Void
) throws {
  let slots = shard.slots
  guard level == 0 || !shard.children.isEmpty else {
    throw UnixFSError.malformed(cid, reason: "a sharded directory's node without entries")
  }
  for child in shard.children {
    let bits = path << UInt64(slots.bits) | UInt64(child.slot)
    if let name = child.name {
      guard murmur3(name) >> UInt64(64 - (level + 1) * slots.bits) == bits else {
        throw UnixFSError.malformed(cid, reason: "the entry \(quoted(name)) in the slot of another hash")
      }
      try visit(DirectoryEntry(name: name, link: child.link))
    } else {
      guard level + 1 < slots.levels else { throw UnixFSError.tooDeep(child.link.cid) }
      let below = try subshard(child.link.cid, fanout: shard.fanout, from: lookup)
      try collect(below, child.link.cid, level: level + 1, above: bits, from: lookup, visit: visit)
    }
  }
}

private func subshard(_ cid: CID, fanout: Int, from lookup: BlockLookup) throws -> HAMTShard {
  guard case .shard(let shard) = try UnixFSNode(cid: cid, block: try block(of: cid, from: lookup)) else {
    throw UnixFSError.malformed(cid, reason: "not the sharded directory that its parent says it is")
  }
  guard shard.fanout == fanout else { throw UnixFSError.malformed(cid, reason: "another fanout than its parent's") }
  return shard
}

/// Equal bytes, where Swift's `==` would take "é" in two codings for one name.
func isSame(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }

/// Visits every block of a DAG once, depth first, parents before children, links in their order.
/// - Throws: `UnixFSError.missingBlock`, `.malformed`, `.unsupportedCodec`, and what lookup and `visit` throw.
public func forEachBlock(under root: CID, from lookup: BlockLookup, _ visit: BlockSink) throws {
  var visited: Set<CID> = []
  var stack = [root]
  while let cid = stack.popLast() {
    guard visited.insert(cid).inserted else { continue }
    let block = try block(of: cid, from: lookup)
    try visit(cid, block)
    for link in try links(of: cid, block).reversed() { stack.append(link) }
  }
}
