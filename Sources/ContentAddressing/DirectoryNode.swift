import Glibc

/// What a directory holds under a name: a file or a directory, by its root.
public struct DirectoryEntry: Sendable {
  public var name: String
  public var link: DAGLink

  public init(name: String, link: DAGLink) {
    self.name = name
    self.link = link
  }
}

/// Why entries make no directory.
public enum DirectoryError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Empty, `.`, `..`, or with a slash in it.
  case invalidName(String)
  case duplicateName(String)
  /// Two names with the same 64-bit hash: a HAMT has no place for the second.
  case collidingNames(String, String)

  public var description: String {
    switch self {
    case .invalidName(let name): "\(quoted(name)) is no name of a directory's entry"
    case .duplicateName(let name): "two entries of one directory are named \(quoted(name))"
    case .collidingNames(let one, let other):
      "\(quoted(one)) and \(quoted(other)) have the same hash in a sharded directory"
    }
  }
}

/// A directory, addressed: one flat block, or a HAMT where it would be too large for one.
public struct DirectoryNode: Sendable {
  public let link: DAGLink
  public let isSharded: Bool
  /// Its measure is exactly the profile's threshold: Kubo before 0.40 makes a HAMT of it, later ones don't.
  public let isAtThreshold: Bool

  /// - Parameters:
  ///   - entries: in any order.
  ///   - sink: takes the directory's own blocks, not those of its entries.
  /// - Throws: `DirectoryError`, and what the sink throws.
  public init(entries: [DirectoryEntry], profile: UnixFSProfile, sink: BlockSink? = nil) throws {
    let entries = try DirectoryNode.sorted(entries)
    let measure = DirectoryNode.measure(entries, by: profile.shardingMeasure)
    isAtThreshold = measure == profile.shardingThreshold
    isSharded = measure > profile.shardingThreshold
    if isSharded {
      link = try HAMT(entries: entries, profile: profile).build(sink: sink)
      return
    }
    var block: [UInt8] = []
    for entry in entries { PBLink.append(to: &block, name: entry.name, link: entry.link) }
    block.appendPBData(UnixFSData.directory)
    link = try emit(block, linking: entries.lazy.map(\.link), profile: profile, sink: sink)
  }

  /// Sorted by the bytes of the names, and checked.
  private static func sorted(_ entries: [DirectoryEntry]) throws(DirectoryError) -> [DirectoryEntry] {
    var entries = entries
    if !isAscending(entries) { entries.sort { precedes($0.name, $1.name) } }
    for (index, entry) in entries.enumerated() {
      if entry.name.isEmpty || entry.name == "." || entry.name == ".." || entry.name.utf8.contains(UInt8(ascii: "/")) {
        throw .invalidName(entry.name)
      }
      if index > 0, !precedes(entries[index - 1].name, entry.name) { throw .duplicateName(entry.name) }
    }
    return entries
  }

  private static func isAscending(_ entries: [DirectoryEntry]) -> Bool {
    zip(entries, entries.dropFirst()).allSatisfy { precedes($0.name, $1.name) }
  }

  private static func measure(_ entries: [DirectoryEntry], by measure: UnixFSProfile.ShardingMeasure) -> Int {
    switch measure {
    case .links: entries.reduce(0) { $0 + $1.name.utf8.count + $1.link.cid.byteCount }
    case .block:
      entries.reduce(2 + UnixFSData.directory.count) {
        $0 + PBLink.encodedLength(nameLength: $1.name.utf8.count, link: $1.link)
      }
    }
  }
}

/// Hashes a finished dag-pb block and hands it on.
func emit(
  _ block: [UInt8], linking links: some Sequence<DAGLink>, profile: UnixFSProfile, sink: BlockSink?
) throws -> DAGLink {
  let cid = profile.cid(.dagPB, SHA256Digest(of: block))
  try sink?(cid, block)
  return DAGLink(cid: cid, size: links.reduce(block.count) { $0 + $1.size })
}

/// Order by UTF-8 bytes: UnixFS's, not Swift's.
func precedes(_ left: String, _ right: String) -> Bool {
  var left = left
  var right = right
  return left.withUTF8 { left in
    right.withUTF8 { right in
      guard let ours = left.baseAddress, let theirs = right.baseAddress else { return left.count < right.count }
      let order = memcmp(ours, theirs, min(left.count, right.count))
      return order == 0 ? left.count < right.count : order < 0
    }
  }
}
