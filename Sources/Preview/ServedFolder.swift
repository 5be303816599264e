import Files

/// A folder as a web server sees it.
struct ServedFolder: Sendable {
  enum Found {
    case file([UInt8], type: String)
    /// A folder is asked for without the slash behind its name.
    case moved(to: String)
    /// The site's own page for that, where it has one, and the URL of the folder that its links start from.
    case missing(page: [UInt8]?, base: String)
  }

  private let folder: String

  init(_ folder: String) { self.folder = folder }

  /// - Parameter target: the path of a URL, percent-encoded.
  func find(_ target: String) -> Found {
    guard target.hasPrefix("/"), let decoded = percentDecoded(target) else { return missing(target) }
    let isFolder = decoded.hasSuffix("/")
    let name = String(decoded.dropFirst().drop { $0 == "/" })
    guard let path = TreePath(isFolder ? name + "index.html" : name), !isHidden(path) else { return missing(target) }
    if let bytes = read(path) { return .file(bytes, type: mediaType(ofExtension: path.fileExtension)) }
    if !isFolder, let index = path.appending("index.html"), read(index) != nil {
      return .moved(to: "/" + path.urlEncoded + "/")
    }
    return missing(target)
  }

  private func isHidden(_ path: TreePath) -> Bool {
    path.components.contains { $0.utf8.first == UInt8(ascii: ".") && $0 != ".well-known" }
  }

  /// The nearest `404.html` above: a language may have its own.
  private func missing(_ target: String) -> Found {
    var folder = percentDecoded(target).flatMap { TreePath(String($0.drop { $0 == "/" })) }?.parent
    while let above = folder {
      if let page = above.appending("404.html").flatMap(read) {
        return .missing(page: page, base: "/" + above.urlEncoded + "/")
      }
      folder = above.parent
    }
    return .missing(page: read("404.html"), base: "/")
  }

  /// A file of the folder itself, and none that a symbolic link in it leads to.
  private func read(_ path: TreePath) -> [UInt8]? {
    guard let root = realPath(folder), let file = realPath(folder + "/" + path.string), file.hasPrefix(root + "/"),
      fileSize(file) != nil
    else { return nil }
    return try? readFile(file)
  }
}
