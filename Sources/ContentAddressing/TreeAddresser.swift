import Files

/// A tree, addressed: its root, and every file and directory in it.
public struct AddressedTree: Sendable {
  public struct Entry: Sendable {
    public let path: TreePath
    public let link: DAGLink
  }

  public let root: DAGLink
  /// Sorted by path.
  public let files: [Entry]
  /// Sorted by path, without the root.
  public let directories: [Entry]
  /// Directories that measure exactly the profile's threshold, sorted, nil for the root: Kubo before 0.40 addresses them
  /// (and all above them) differently.
  public let directoriesAtThreshold: [TreePath?]

  /// The file or directory at `path`.
  public subscript(path: TreePath) -> DAGLink? {
    Self.find(path, in: files) ?? Self.find(path, in: directories)
  }

  private static func find(_ path: TreePath, in entries: [Entry]) -> DAGLink? {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].path < path { low = middle + 1 } else { high = middle }
    }
    return low < entries.count && entries[low].path == path ? entries[low].link : nil
  }
}

/// Why files make no tree.
public enum TreeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Two files for one path, or a file where others have a directory.
  case conflict(TreePath)
  /// A directory that cannot be made; nil for the root.
  case directory(TreePath?, DirectoryError)

  public var description: String {
    switch self {
    case .conflict(let path): "\(path) is there twice"
    case .directory(let path, let error): "the directory \(path?.string ?? "at the root") cannot be made: \(error)"
    }
  }
}

/// Addresses every file of a tree, one after the other, and the directories above them.
/// - Parameter emptyDirectories: directories to keep though they hold no file.
/// - Throws: `TreeError`, `FileError`, what making bytes throws, what the sink throws.
public func address(
  _ tree: FileTree, emptyDirectories: [TreePath] = [], profile: UnixFSProfile, sink: BlockSink? = nil
) throws -> AddressedTree {
  var addresser = FileAddresser(profile: profile, sink: sink)
  var leaves: [(TreePath, DAGLink)] = []
  leaves.reserveCapacity(tree.count)
  for path in tree.paths {
    guard let contents = tree[path] else { continue }
    try addresser.append(contents)
    leaves.append((path, try addresser.finish().link))
  }
  return try directoryRoot(of: leaves, emptyDirectories: emptyDirectories, profile: profile, sink: sink)
}

/// Addresses the directories of a tree whose files are addressed already.
/// - Parameters:
///   - leaves: the files, in any order.
///   - emptyDirectories: directories to keep though they hold no file.
///   - sink: takes the blocks of the directories only.
/// - Throws: `TreeError`, and what the sink throws.
public func directoryRoot(
  of leaves: some Sequence<(TreePath, DAGLink)>, emptyDirectories: [TreePath] = [], profile: UnixFSProfile,
  sink: BlockSink? = nil
) throws -> AddressedTree {
  // A directory sorts as the paths inside it do: with a slash behind it.
  var places = leaves.map { (key: $0.0.string, path: $0.0, link: Optional($0.1)) }
  for path in emptyDirectories { places.append((key: path.string + "/", path: path, link: nil)) }
  let isSorted = zip(places, places.dropFirst()).allSatisfy { precedes($0.key, $1.key) }
  if !isSorted { places.sort { precedes($0.key, $1.key) } }

  var walk = TreeWalk(profile: profile, sink: sink)
  for place in places {
    if let link = place.link {
      try walk.add(place.path, link)
    } else {
      try walk.enter(place.path)
    }
  }
  return try walk.finish()
}

/// Goes through the paths of a tree in order and makes each directory when it is left.
private struct TreeWalk {
  let profile: UnixFSProfile
  let sink: BlockSink?
  private var root: [DirectoryEntry] = []
  /// The directories that the walk is in, from the top.
  private var open: [(path: TreePath, entries: [DirectoryEntry])] = []
  private var files: [AddressedTree.Entry] = []
  private var directories: [AddressedTree.Entry] = []
  private var atThreshold: [TreePath?] = []

  init(profile: UnixFSProfile, sink: BlockSink?) {
    self.profile = profile
    self.sink = sink
  }

  mutating func add(_ path: TreePath, _ link: DAGLink) throws {
    if let parent = path.parent { try enter(parent) } else { try leave(downTo: 0) }
    addEntry(DirectoryEntry(name: path.name, link: link))
    files.append(AddressedTree.Entry(path: path, link: link))
  }

  /// Makes `directory` the innermost open one.
  mutating func enter(_ directory: TreePath) throws {
    var shared = open.count
    while shared > 0, open[shared - 1].path != directory, !directory.isInside(open[shared - 1].path) { shared -= 1 }
    try leave(downTo: shared)
    var missing: [TreePath] = []
    var path: TreePath? = directory
    while let next = path, next != open.last?.path {
      missing.append(next)
      path = next.parent
    }
    for path in missing.reversed() { open.append((path, [])) }
  }

  mutating func finish() throws -> AddressedTree {
    try leave(downTo: 0)
    let node = try node(nil, root)
    directories.sort { $0.path < $1.path }
    return AddressedTree(
      root: node.link, files: files, directories: directories,
      directoriesAtThreshold: atThreshold.sorted { precedes($0?.string ?? "", $1?.string ?? "") })
  }

  private mutating func leave(downTo depth: Int) throws {
    while open.count > depth {
      let (path, entries) = open.removeLast()
      let link = try node(path, entries).link
      addEntry(DirectoryEntry(name: path.name, link: link))
      directories.append(AddressedTree.Entry(path: path, link: link))
    }
  }

  private mutating func addEntry(_ entry: DirectoryEntry) {
    if open.isEmpty { root.append(entry) } else { open[open.count - 1].entries.append(entry) }
  }

  private mutating func node(_ path: TreePath?, _ entries: [DirectoryEntry]) throws -> DirectoryNode {
    do {
      let node = try DirectoryNode(entries: entries, profile: profile, sink: sink)
      if node.isAtThreshold { atThreshold.append(path) }
      return node
    } catch DirectoryError.duplicateName(let name) {
      guard let conflict = path.map({ $0.appending(name) }) ?? TreePath(name) else {
        preconditionFailure("bug: \"\(name)\" came from a path and is none")
      }
      throw TreeError.conflict(conflict)
    } catch let error as DirectoryError {
      throw TreeError.directory(path, error)
    }
  }
}
