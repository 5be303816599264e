import Files

/// What a site's folder holds, each list sorted by path. Paths are relative to the site's folder.
struct Inventory: Sendable {
  /// The names of the folders in a site's folder that are read.
  static let folders = ["assets", "content", "data", "i18n", "static", "templates"]

  struct File: Sendable {
    /// `content/posts/hello.md`.
    let path: TreePath
    /// Absolute, for reading.
    let diskPath: String
    let size: Int
    /// As it was when the folder was listed; nil where the file went away meanwhile.
    let stamp: FileStamp?

    init(path: TreePath, diskPath: String, stamp: FileStamp?) {
      self.path = path
      self.diskPath = diskPath
      self.stamp = stamp
      size = Int(stamp?.size ?? 0)
    }

    var isImage: Bool { mediaType(ofExtension: path.fileExtension).hasPrefix("image/") }
  }

  /// Markdown files below `content/`.
  var pages: [File] = []
  /// Everything else below `content/`, and all below `assets/` and `static/`.
  var assets: [File] = []
  /// Below `templates/`.
  var templates: [File] = []
  /// Below `data/`.
  var data: [File] = []
  /// Below `i18n/`.
  var phrases: [File] = []
  /// Symbolic links that lead out of the site's folder: never read, an error where something refers to them.
  var linksOut: [TreePath] = []

  /// What the whole site follows from.
  var shared: [File] { templates + data + phrases }
  var all: [File] { pages + assets + shared }

  var warnings: [Diagnostic] {
    linksOut.map { link in
      Diagnostic(
        .warning, id: "link-out", "a symbolic link that leads out of the site's folder is not published",
        at: SourceLocation(path: link.string), hint: "copy the file into the site")
    }
  }
}

/// Stage 2: the site's folder → an inventory. Names that begin with a dot are left out, except `.well-known`.
///
/// - Throws: `FileError` where a folder cannot be listed, `Diagnostics` where a name cannot be a path.
func discover(_ folder: String) throws -> Inventory {
  guard let root = realPath(folder), let open = OpenFolder(root) else { throw SiteError.noFolder(folder) }
  var walk = Walk(root: root, folder: open)
  for name in Inventory.folders { try walk.enter(name) }
  try Diagnostics.stop(at: walk.diagnostics)
  return walk.inventory
}

private struct Walk {
  let root: String
  /// The same, held open.
  let folder: OpenFolder
  var inventory = Inventory()
  var diagnostics: [Diagnostic] = []

  mutating func enter(_ name: String) throws {
    guard let top = TreePath(name), let real = realPath(root + "/" + name), fileSize(real) == nil else { return }
    guard isInside(real) else {
      inventory.linksOut.append(top)
      return
    }
    try list(top, below: name, trail: [real])
  }

  private func isInside(_ real: String) -> Bool { real.hasPrefix(root + "/") }

  /// - Parameters:
  ///   - top: the first component of all paths in the folder.
  ///   - trail: the real paths of the folders above, so that a symbolic link in a circle ends.
  private mutating func list(_ folder: TreePath, below top: String, trail: [String]) throws {
    for entry in try listFolder(root + "/" + folder.string) {
      if entry.name.utf8.first == UInt8(ascii: "."), entry.name != ".well-known" { continue }
      let isOneLine = entry.name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
      guard isOneLine, let path = folder.appending(entry.name) else {
        diagnostics.append(
          Diagnostic(
            id: "file-name", "a name with a \(isOneLine ? "backslash" : "control character") cannot be part of a URL",
            at: SourceLocation(path: folder.string + "/" + visible(entry.name)), hint: "rename the file"))
        continue
      }
      let diskPath = root + "/" + path.string
      var kind = entry.kind
      if kind == .symbolicLink {
        guard let real = realPath(diskPath) else { continue }
        guard isInside(real), !hasHiddenPart(real) else {
          inventory.linksOut.append(path)
          continue
        }
        kind = kindOfFile(real)
      }
      switch kind {
      case .folder:
        guard let real = realPath(diskPath), !trail.contains(real) else { continue }
        try list(path, below: top, trail: trail + [real])
      case .file: add(path, below: top, diskPath)
      case .symbolicLink, .other: continue
      }
    }
  }

  /// `.env` or `.git/config` must not come in under another name either.
  private func hasHiddenPart(_ real: String) -> Bool {
    real.dropFirst(root.count + 1).pathParts.contains { $0.hasPrefix(".") && $0 != ".well-known" }
  }

  private mutating func add(_ path: TreePath, below top: String, _ diskPath: String) {
    let file = Inventory.File(path: path, diskPath: diskPath, stamp: folder.fileStamp(path.string))
    switch top {
    case "content":
      let isMarkdown = ["md", "markdown"].contains(path.fileExtension.lowercased())
      if isMarkdown { inventory.pages.append(file) } else { inventory.assets.append(file) }
    case "templates": inventory.templates.append(file)
    case "data": inventory.data.append(file)
    case "i18n": inventory.phrases.append(file)
    default: inventory.assets.append(file)
    }
  }
}
