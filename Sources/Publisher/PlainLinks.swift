import Files
import HTML

/// The files of a tree, for links that are written plainly: unreserved bytes and slashes, and a fragment of the same. By far the most are, and
/// where such a link leads is found without making a text of it. All others take the long way through `Reference`.
final class PlainLinks: Sendable {
  /// Sorted.
  let paths: [TreePath]
  private let table: StringTable
  /// Whether a file is published by its own hash where it can be.
  private let areAssets: [Bool]
  private let hasAddress: Bool

  enum Target {
    /// A place on the page itself.
    case fragment
    /// Another host's, by `https:`, `http:` or `mailto:`.
    case elsewhere
    /// A file by its place in `paths`; the fragment, where there is one, begins with its `#` at `pathEnd` of the link.
    case file(Int, pathEnd: Int)
    /// Not known by its bytes.
    case unknown
  }

  /// - Parameter siteURL: the site's own address; empty where it has none.
  init(_ tree: FileTree, siteURL: String) {
    hasAddress = !siteURL.isEmpty
    paths = tree.paths
    table = StringTable(paths.map(\.string))
    areAssets = paths.map { !isPage($0) && !isListing($0) }
  }

  func isAsset(_ file: Int) -> Bool { areAssets[file] }

  /// The place of a path; nil where it is none of the tree's.
  func place(of path: TreePath) -> Int? {
    var text = path.string
    return text.withUTF8 { table[$0] }
  }

  /// Where `link` leads from the page at `page`, as `Reference.resolve` and `Reference.indexCandidates` have it.
  ///
  /// - Parameter room: for paths that are put together; what it holds does not matter.
  func follow(
    _ link: UnsafeBufferPointer<UInt8>, _ kind: URLKind, from page: [UInt8], _ room: inout [UInt8]
  ) -> Target {
    guard let first = link.first else { return .unknown }
    if first == UInt8(ascii: "#") { return .fragment }
    if link.starts(with: "https:".utf8) || link.starts(with: "http:".utf8) || link.starts(with: "mailto:".utf8) {
      // An asset may be named by the site's own address.
      return kind.isAsset && hasAddress ? .unknown : .elsewhere
    }
    var end = 0
    while end < link.count, isPlainPathByte(link[end]) { end += 1 }
    if end < link.count, link[end] != UInt8(ascii: "#") { return .unknown }
    guard end == link.count || link[(end + 1)...].allSatisfy(isUnreservedByte) else { return .unknown }
    guard resolve(link[..<end], from: page, &room) else { return .unknown }
    return file(&room).map { .file($0, pathEnd: end) } ?? .unknown
  }

  /// Leaves the path in `room`: that of a folder is empty, or ends with a slash.
  /// - Returns: false where it leads out of the tree, or to another host.
  private func resolve(_ path: Slice<UnsafeBufferPointer<UInt8>>, from page: [UInt8], _ room: inout [UInt8]) -> Bool {
    let (slash, dot) = (UInt8(ascii: "/"), UInt8(ascii: "."))
    room.removeAll(keepingCapacity: true)
    var rest = path
    if rest.first == slash {
      rest = rest.dropFirst()
      if rest.first == slash { return false }
    } else if let folder = page.lastIndex(of: slash) {
      room += page[...folder]
    }
    while true {
      let segment = rest.prefix { $0 != slash }
      let isLast = segment.endIndex == rest.endIndex
      if segment.count == 2, segment.allSatisfy({ $0 == dot }) {
        guard room.popLast() != nil else { return false }
        while let last = room.last, last != slash { room.removeLast() }
      } else if segment.count != 1 || segment.first != dot {
        room += segment
        if !isLast { room.append(slash) }
      }
      if isLast { return true }
      rest = rest[(segment.endIndex + 1)...]
    }
  }

  private func file(_ path: inout [UInt8]) -> Int? {
    if let last = path.last, last != UInt8(ascii: "/") {
      if let file = path.withUnsafeBufferPointer({ table[$0] }) { return file }
      path.append(UInt8(ascii: "/"))
    }
    path += "index.html".utf8
    return path.withUnsafeBufferPointer { table[$0] }
  }
}

/// What a file refers to.
struct LinkedFiles {
  /// By their places in `links`, in the order of its text and as often as they stand there.
  var files: [(file: Int, kind: URLKind)] = []
  /// Folders that its import maps lead to, as the beginnings of paths: `js/lib/`. Never the root.
  var moduleFolders: Set<String> = []
}

/// - Throws: `FileError`.
func linkedFiles(
  of path: TreePath, in tree: FileTree, _ siteURL: String, _ links: PlainLinks
) throws -> LinkedFiles {
  guard let bytes = try tree.bytes(of: path) else { return LinkedFiles() }
  var finder = LinkFinder(page: path, tree: tree, siteURL: siteURL, links: links)
  if isPage(path) { scanHTML(bytes, visitor: &finder) } else { scanFile(path, bytes) { _ = finder.url($0) } }
  return finder.found
}

private struct LinkFinder: HTMLVisitor {
  let page: TreePath
  let tree: FileTree
  let siteURL: String
  let links: PlainLinks
  private let pageBytes: [UInt8]
  private var room: [UInt8] = []
  var found = LinkedFiles()

  static let collectsAnchors = false

  init(page: TreePath, tree: FileTree, siteURL: String, links: PlainLinks) {
    self.page = page
    self.tree = tree
    self.siteURL = siteURL
    self.links = links
    pageBytes = Array(page.string.utf8)
  }

  mutating func url(_ bytes: UnsafeBufferPointer<UInt8>, _ kind: URLKind, replacement: inout [UInt8]) -> QuickAnswer {
    switch links.follow(bytes, kind, from: pageBytes, &room) {
    case .fragment, .elsewhere: return .stays
    case .file(let file, _):
      found.files.append((file, kind))
      return .stays
    case .unknown: return .unknown
    }
  }

  mutating func url(_ url: FoundURL) -> String? {
    if url.isModuleFolder {
      if case .file(let path, _, _) = Reference.resolve(url.url, in: page), !path.isEmpty {
        found.moduleFolders.insert(path)
      }
    } else if let target = target(of: url, at: page, in: tree, siteURL), let file = links.place(of: target.file) {
      found.files.append((file, url.kind))
    }
    return nil
  }
}
