import Files
import Glibc

/// A folder as a web server sees it.
struct ServedFolder: Sendable {
  enum Found {
    case file(ServedFile, type: String)
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
    if let file = file(path) { return .file(file, type: mediaType(ofExtension: path.fileExtension)) }
    if !isFolder, let index = path.appending("index.html"), file(index) != nil {
      return .moved(to: "/" + path.urlEncoded + "/")
    }
    return missing(target)
  }

  private func isHidden(_ path: TreePath) -> Bool {
    path.components.contains { $0.utf8.first == UInt8(ascii: ".") && $0 != ".well-known" }
  }

  /// The nearest `404.html` above: a language may have its own.
  private func missing(_ target: String) -> Found {
    let name = percentDecoded(target)?.drop { $0 == "/" } ?? ""
    // The file of a folder is missing in that folder.
    var folder = TreePath(name.hasSuffix("/") ? name + "index.html" : String(name))?.parent
    while let above = folder {
      if let page = above.appending("404.html").flatMap(read) {
        return .missing(page: page, base: "/" + above.urlEncoded + "/")
      }
      folder = above.parent
    }
    return .missing(page: read("404.html"), base: "/")
  }

  /// A file of the folder itself, and none that a symbolic link in it leads to.
  private func file(_ path: TreePath) -> ServedFile? {
    guard let root = realPath(folder), let file = realPath(folder + "/" + path.string), file.hasPrefix(root + "/"),
      let size = fileSize(file)
    else { return nil }
    return ServedFile(path: file, size: size)
  }

  private func read(_ path: TreePath) -> [UInt8]? { file(path).flatMap { try? readFile($0.path) } }
}

/// A file that is read when it is sent: a film need not fit into memory.
struct ServedFile: Sendable {
  /// Absolute.
  let path: String
  /// In bytes, when it was found.
  let size: Int

  /// Up to `count` bytes from `offset` on; fewer at the end, none where the file is gone.
  func read(at offset: Int, _ count: Int) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count, let start = buffer.baseAddress {
        let read = pread(descriptor, start + filled, count - filled, off_t(offset + filled))
        if read < 0, errno == EINTR { continue }
        if read <= 0 { return }
        filled += read
      }
    }
  }
}
