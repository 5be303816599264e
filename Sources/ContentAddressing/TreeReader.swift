import Files

/// The files below a directory, sorted by path, each with its CID; directories without files are left out.
///
/// Blocks are trusted: see `verifying(_:)`. A DAG that repeats itself for ever in width is cut off by `limit`, one in depth cannot exist.
/// - Parameter limit: the most files.
/// - Throws: `UnixFSError`: `.malformed` for names that are no file's (`..`, `a/b`) and for symbolic links, `.tooDeep` beyond 256 directories;
///   and what the lookup throws.
public func treeFiles(
  of root: CID, limit: Int = 1_000_000, from lookup: BlockLookup
) throws -> [(path: TreePath, cid: CID)] {
  var files: [(path: TreePath, cid: CID)] = []
  var directories: [(path: TreePath?, cid: CID, depth: Int)] = [(nil, root, 0)]
  while let (directory, cid, depth) = directories.popLast() {
    guard depth <= 256 else { throw UnixFSError.tooDeep(cid) }
    var before: DirectoryEntry?
    for entry in try directoryEntries(of: cid, from: lookup) {
      if let before, isSame(before.name, entry.name) {
        throw UnixFSError.malformed(cid, reason: "two entries are named \(quoted(entry.name))")
      }
      before = entry
      guard let path = directory.map({ TreePath($0.string + "/" + entry.name) }) ?? TreePath(entry.name),
        !entry.name.utf8.contains(UInt8(ascii: "/"))
      else { throw UnixFSError.malformed(cid, reason: "the name \(quoted(entry.name)) of an entry") }
      let child = entry.link.cid
      switch try UnixFSNode(cid: child, block: try block(of: child, from: lookup)) {
      case .file: files.append((path, child))
      case .directory, .shard: directories.append((path, child, depth + 1))
      case .symlink: throw UnixFSError.malformed(child, reason: "a symbolic link, \(quoted(path.string))")
      }
      guard files.count + directories.count <= limit else { throw UnixFSError.tooManyEntries(root, limit: limit) }
    }
  }
  return files.sorted { $0.path < $1.path }
}
