import Files

/// Reads the archetypes of the site in `folder` and makes a page.
///
/// - Throws: `ScaffoldError.exists` where the page is there already, `ScaffoldError.wrongPath` where a section is, `FileError`.
public func newPage(_ request: PageRequest, inSite folder: String) throws -> NewPage {
  var archetypes = FileTree()
  if isFolder(folder + "/archetypes") {
    let tree = try FileTree(folder: folder + "/archetypes")
    let parent: TreePath = "archetypes"
    for path in tree.paths { archetypes[parent.appending(path)] = tree[path] }
  }
  let page = try newPage(request, archetypes: archetypes)
  if page.page.name == "index.md", let section = page.page.parent?.appending("_index.md"),
    isThere(folder + "/" + section.string)
  {
    throw ScaffoldError.wrongPath(request.path, reason: "it is a section, \(section) is its page")
  }
  let taken = page.files.paths.filter { isThere(folder + "/" + $0.string) }.map(\.string)
  guard taken.isEmpty else { throw ScaffoldError.exists(taken) }
  return page
}

/// Reads a site of another generator, by reference to its files, and migrates it.
///
/// - Parameter title: that of the new site, where it shall have another one.
/// - Throws: `FileError`, and what `migrate(_:)` throws.
public func migrate(from folder: String, title: String? = nil) throws -> Migration {
  let root = realPath(folder) ?? folder
  do {
    return try migrate(try FileTree(folder: root), title: title, symbolicLinks: try symbolicLinks(in: root))
  } catch ScaffoldError.noGenerator {
    throw ScaffoldError.noGenerator(folder)
  }
}

/// The symbolic links below a folder, but for those of names with a dot in front and of what other programs wrote.
private func symbolicLinks(in root: String) throws(FileError) -> [String] {
  let written: Set<String> = ["_site", "node_modules", "public", "resources", "vendor"]
  var found: [String] = []
  var folders = [""]
  while let folder = folders.popLast() {
    for entry in try listFolder(root + "/" + folder) where entry.name.utf8.first != UInt8(ascii: ".") {
      let path = folder.isEmpty ? entry.name : folder + "/" + entry.name
      if written.contains(path) { continue }
      if entry.kind == .folder { folders.append(path) }
      if entry.kind == .symbolicLink { found.append(path) }
    }
  }
  return found
}

/// Writes files into a folder that need not exist yet. Nothing is written where any of them is there already, and nothing stays where one cannot
/// be written.
///
/// - Returns: the paths written, sorted.
/// - Throws: `ScaffoldError.exists` with the paths that are taken, `FileError`, and whatever making a file's bytes throws.
public func writeNew(_ files: FileTree, to folder: String) throws -> [TreePath] {
  let paths = files.paths
  let taken = paths.filter { isThere(folder + "/" + $0.string) }.map(\.string)
  guard taken.isEmpty else { throw ScaffoldError.exists(taken) }
  var made: [String] = []
  do {
    if let top = topmostMissing(folder) { made.append(top) }
    try makeFolder(folder)
    var folders: Set<String> = []
    for path in paths {
      let target = folder + "/" + path.string
      if let top = topmostMissing(target) { made.append(top) }
      if let parent = path.parent, folders.insert(parent.string).inserted {
        try makeFolder(folder + "/" + parent.string)
      }
      if case .onDisk(let source, _) = files[path] {
        try copyFile(source, to: target)
      } else if let bytes = try files.bytes(of: path) {
        try writeFile(target, bytes)
      }
    }
  } catch {
    for path in made { try? removeAll(path) }
    throw error
  }
  return paths
}

/// `path`, or the topmost of the folders above it, that is not there yet.
private func topmostMissing(_ path: String) -> String? {
  var missing: String?
  var place = path
  while !isThere(place) {
    missing = place
    guard let slash = place.lastSlash, slash != place.startIndex else { break }
    place = String(place[..<slash])
  }
  return missing
}

private func isFolder(_ path: String) -> Bool { (try? listFolder(path)) != nil }

/// A link that leads nowhere is there, too.
private func isThere(_ path: String) -> Bool { realPath(path) != nil || kindOfFile(path) == .symbolicLink }
