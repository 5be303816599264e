import Files

/// A page that shall be made.
public struct PageRequest: Sendable, Hashable {
  /// Below `content/`: `posts/my-title.md`, `posts/my-title`, `posts/my-title/` (a bundle); `content/` in front is fine.
  public var path: String
  /// Nil means: made of the file's name.
  public var title: String?
  /// RFC 3339.
  public var date: String
  /// A folder with `index.md` in it, so that pictures can lie beside the text.
  public var isBundle = false
  /// The codes of the site's languages, which names may end in: `about.de.md`.
  public var languages: [String] = []

  public init(path: String, date: String) {
    self.path = path
    self.date = date
  }
}

/// A page that was made.
public struct NewPage: Sendable {
  /// The page and what its archetype brings along; paths in the site's folder.
  public let files: FileTree
  /// `content/posts/my-title.md`.
  public let page: TreePath
  /// Nil where it is the built-in one.
  public let archetype: TreePath?
  /// Template code of the archetype that is not understood; it stays as it is.
  public let warnings: [Diagnostic]
}

/// Makes a page of `archetypes/<section>.md`, else of `archetypes/default.md`, else of a built-in archetype. An archetype can be a folder
/// with an `index.md`: then the page is a bundle, and the folder's other files come along.
///
/// - Parameter archetypes: the site's files; those below `archetypes/` are read.
/// - Throws: `ScaffoldError.wrongPath`, and whatever reading an archetype throws.
public func newPage(_ request: PageRequest, archetypes: FileTree) throws -> NewPage {
  let name = try pageName(request)
  let named = PageName(name.path, languages: request.languages)
  let section = named.section
  let candidates = ([section, "default"].compactMap(\.self)).flatMap { name in
    [TreePath("archetypes/\(name).md"), TreePath("archetypes/\(name)/index.md")].compactMap(\.self)
  }
  let archetype = candidates.first { archetypes.contains($0) }
  let bytes: [UInt8]
  if let archetype, let own = try archetypes.bytes(of: archetype) {
    bytes = own
  } else {
    bytes = Array(
      (section == "posts"
        ? "---\ntitle: \"{{ title }}\"\ndate: {{ date }}\n---\n\n" : "---\ntitle: \"{{ title }}\"\n---\n\n").utf8)
  }
  let source = SourceText(path: archetype?.string ?? "the built-in archetype", bytes: bytes)
  // The name's day counts; that of today says the time too.
  let date = named.date.flatMap { request.date.hasPrefix($0) ? nil : $0 } ?? request.date
  let values = ArchetypeValues(
    title: request.title ?? named.title, date: date, slug: named.slug, section: section ?? "",
    hasOwnTitle: request.title != nil)
  let (text, warnings) = fillArchetype(source, values)

  let isFolder = archetype?.name == "index.md"
  let target = "content/" + name.path + (name.isBundle || isFolder ? "/index.md" : ".md")
  guard let page = TreePath(target) else {
    throw ScaffoldError.wrongPath(request.path, reason: "it leaves the site's folder")
  }
  var files = FileTree()
  files[page] = .bytes(text)
  if isFolder, let folder = archetype?.parent, let home = page.parent {
    for path in archetypes.paths where path.isInside(folder) && path != archetype {
      let rest = String(path.string.dropFirst(folder.string.count + 1))
      if let place = home.appending(rest) { files[place] = archetypes[path] }
    }
  }
  return NewPage(files: files, page: page, archetype: archetype, warnings: warnings)
}

/// The page below `content/`, without extension.
private func pageName(_ request: PageRequest) throws(ScaffoldError) -> (path: String, isBundle: Bool) {
  func refusal(_ reason: String) -> ScaffoldError { .wrongPath(request.path, reason: reason) }
  var path = request.path
  if path.hasPrefix("./") { path.removeFirst(2) }
  if path.hasPrefix("content/") { path.removeFirst("content/".count) }
  guard !path.hasPrefix("/") else { throw refusal("it is no path below content/") }
  var isBundle = request.isBundle
  while path.hasSuffix("/") {
    path.removeLast()
    isBundle = true
  }
  if path.hasSuffix("/index.md") {
    path.removeLast("/index.md".count)
    isBundle = true
  } else if path.hasSuffix(".md") {
    path.removeLast(3)
  } else if path.hasSuffix(".markdown") {
    path.removeLast(".markdown".count)
  }
  guard let tree = TreePath(path) else {
    throw refusal(path.isEmpty ? "it has no name" : "each part of it is a name, not empty, . or ..")
  }
  guard !tree.isHidden else { throw refusal("names that begin with a dot are left out of the site") }
  return (tree.string, isBundle)
}

/// What the path of a page says of it.
private struct PageName {
  /// Nil at the top.
  let section: String?
  let slug: String
  /// The day that the name begins with.
  let date: String?
  /// `2026-11-22-my-title` → `My title`; that of a section is made of its folder's name.
  let title: String

  /// - Parameter path: below `content/`, without extension.
  init(_ path: String, languages: [String]) {
    func isLanguage(_ name: some StringProtocol) -> Bool {
      languages.contains { $0.lowercased() == name.lowercased() }
    }
    var parts = path.pathParts.map(String.init)
    if parts.count > 1, isLanguage(parts[0]) { parts.removeFirst() }
    var name = parts.popLast() ?? path
    section = parts.first
    if let dot = name.lastIndex(of: "."), dot != name.startIndex, isLanguage(name[name.index(after: dot)...]) {
      name = String(name[..<dot])
    }
    if name == "_index" || name == "index" { name = parts.last ?? "home" }
    slug = name
    let day = String(name.prefix(10))
    let isDated = name.utf8.count > 11 && normalizedDate(day) == day
    date = isDated ? day : nil
    title = titled(isDated ? String(name.dropFirst(11)) : name)
  }
}
