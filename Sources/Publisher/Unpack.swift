import ContentAddressing
import Files
import Glibc

/// Why files cannot be written to a folder.
public enum UnpackError: Error, Sendable, CustomStringConvertible {
  /// There is something already.
  case occupied(String)
  /// A CAR without a root.
  case noRoots
  /// The files have more bytes than the disk has room for, or than can be counted.
  case tooLarge(folder: String, free: Int)

  public var description: String {
    switch self {
    case .occupied(let folder): "\(folder) is there already, and not empty"
    case .noRoots: "the CAR names no root, so there is nothing to find in it"
    case .tooLarge(let folder, let free): "the files have more bytes than the \(free) that are free for \(folder)"
    }
  }

  public var hint: String? {
    switch self {
    case .occupied: "name a folder that is not there yet"
    case .noRoots: nil
    case .tooLarge: "name a folder on a larger disk; a small CAR of huge files is meant to fill one"
    }
  }
}

/// Where each file of some DAGs goes: those of one directory as they lie in it; of several roots, each below its own CID.
///
/// - Throws: `UnixFSError`, and what the lookup throws.
public func unpackedFiles(of roots: [CID], from lookup: BlockLookup) throws -> [(path: TreePath, cid: CID)] {
  var files: [(path: TreePath, cid: CID)] = []
  for root in roots {
    guard let name = TreePath(root.text) else { continue }
    guard let block = try lookup(root) else { throw UnixFSError.missingBlock(root) }
    switch try UnixFSNode(cid: root, block: block) {
    case .directory, .shard:
      for (path, cid) in try treeFiles(of: root, from: lookup) {
        files.append((roots.count == 1 ? path : TreePath(name.string + "/" + path.string) ?? path, cid))
      }
    case .file: files.append((name, root))
    case .symlink: throw UnixFSError.malformed(root, reason: "a symbolic link")
    }
  }
  return files
}

/// - Throws: `UnpackError` where files cannot be written to a folder, since something is in it or it is none.
public func refuseOccupied(_ folder: String) throws(UnpackError) {
  if let entries = try? listFolder(folder), !entries.isEmpty { throw .occupied(folder) }
  if fileSize(folder) != nil { throw .occupied(folder) }
}

/// Writes files into a new folder, which appears when all of them are in it. One that is there already must be empty, and is filled then.
///
/// - Parameter written: called after each file.
/// - Returns: bytes of all files.
/// - Throws: `UnpackError`, `UnixFSError`, `FileError`, `CancellationError`, and what the lookup throws.
public func unpack(
  _ files: [(path: TreePath, cid: CID)], to folder: String, from lookup: @escaping BlockLookup,
  written: (TreePath, _ bytes: Int) -> Void
) throws -> Int {
  try refuseOccupied(folder)
  var folder = folder
  while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
  // It may be where the program runs, or a disk of its own: neither can give way to another folder.
  let isThere = (try? listFolder(folder)) != nil
  let aside = isThere ? "\(folder)/.\(getpid()).new" : "\(folder).\(getpid()).new"
  var total = 0
  do {
    try makeFolder(aside)
    try checkRoom(for: files, in: aside, from: lookup) { UnpackError.tooLarge(folder: folder, free: $0) }
    var made: Set<TreePath> = []
    for (path, cid) in files {
      if let parent = path.parent, made.insert(parent).inserted { try makeFolder(aside + "/" + parent.string) }
      let bytes = try writeFile(aside + "/" + path.string, cid, from: verifying(lookup))
      total += bytes
      written(path, bytes)
    }
    if isThere {
      for entry in try listFolder(aside) {
        let path = "\(folder)/\(entry.name)"
        guard rename("\(aside)/\(entry.name)", path) == 0 else { throw FileError("write", path) }
      }
      try removeAll(aside)
    } else if rename(aside, folder) != 0 {
      throw FileError("make the folder", folder)
    }
  } catch {
    try? removeAll(aside)
    throw error
  }
  return total
}

/// A few blocks that link to each other can make files of any size.
private func checkRoom(
  for files: [(path: TreePath, cid: CID)], in folder: String, from lookup: @escaping BlockLookup,
  failure: (_ free: Int) -> UnpackError
) throws {
  var disk = statvfs()
  guard statvfs(folder, &disk) == 0 else { throw FileError("measure", folder) }
  let (free, isBoundless) = Int(clamping: disk.f_bavail).multipliedReportingOverflow(by: Int(clamping: disk.f_frsize))
  // Some file systems don't say how large they are.
  guard !isBoundless, disk.f_blocks > 0 else { return }
  var rest = free
  for (_, cid) in files {
    let size = try ContentAddressing.fileSize(of: cid, from: verifying(lookup))
    guard size <= rest else { throw failure(free) }
    rest -= size
  }
}

private func writeFile(_ path: String, _ cid: CID, from lookup: BlockLookup) throws -> Int {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
  guard descriptor >= 0 else { throw FileError("write", path) }
  defer { close(descriptor) }
  var total = 0
  try ContentAddressing.readFile(cid, from: lookup) { part in
    try Task.checkCancellation()
    var rest = part
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileError("write", path) }
      rest = rest.dropFirst(count)
      total += count
    }
  }
  return total
}
