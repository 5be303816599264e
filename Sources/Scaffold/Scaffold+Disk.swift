import Files

/// Reads the archetypes of the site in `folder` and makes a page.
///
/// - Throws: `ScaffoldError.exists` where the page is there already, `FileError`.
public func newPage(_ request: PageRequest, inSite folder: String) throws -> NewPage {
  var archetypes = FileTree()
  if isFolder(folder + "/archetypes") {
    let tree = try FileTree(folder: folder + "/archetypes")
    let parent: TreePath = "archetypes"
    for path in tree.paths { archetypes[parent.appending(path)] = tree[path] }
  }
  let page = try newPage(request, archetypes: archetypes)
  let taken = page.files.paths.filter { isThere(folder + "/" + $0.string) }.map(\.string)
  guard taken.isEmpty else { throw ScaffoldError.exists(taken) }
  return page
}

/// Reads a site of another generator, by reference to its files, and migrates it.
///
/// - Throws: `FileError`, and what `migrate(_:)` throws.
public func migrate(from folder: String) throws -> Migration {
  let root = realPath(folder) ?? folder
  do {
    return try migrate(try FileTree(folder: root))
  } catch ScaffoldError.noGenerator {
    throw ScaffoldError.noGenerator(folder)
  }
}

/// Writes files into a folder that need not exist yet. Nothing is written where any of them is there already.
///
/// - Returns: the paths written, sorted.
/// - Throws: `ScaffoldError.exists` with the paths that are taken, `FileError`, and whatever making a file's bytes throws.
public func writeNew(_ files: FileTree, to folder: String) throws -> [TreePath] {
  let paths = files.paths
  let taken = paths.filter { isThere(folder + "/" + $0.string) }.map(\.string)
  guard taken.isEmpty else { throw ScaffoldError.exists(taken) }
  try makeFolder(folder)
  var made: Set<String> = []
  for path in paths {
    if let parent = path.parent, made.insert(parent.string).inserted { try makeFolder(folder + "/" + parent.string) }
    let target = folder + "/" + path.string
    if case .onDisk(let source, _) = files[path] {
      try copyFile(source, to: target)
    } else if let bytes = try files.bytes(of: path) {
      try writeFile(target, bytes)
    }
  }
  return paths
}

private func isFolder(_ path: String) -> Bool { (try? listFolder(path)) != nil }

private func isThere(_ path: String) -> Bool { realPath(path) != nil }
