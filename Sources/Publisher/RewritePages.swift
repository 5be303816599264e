import ContentAddressing
import Files
import HTML

/// How pages are published.
public enum PublishMode: String, Sendable, CaseIterable {
  /// As one hashed folder: links between pages stay relative.
  case folder
  /// Each by its own hash: links between pages are gateway URLs.
  case files
}

/// The pages of an edition, with their hashes.
struct AddressedPages: Sendable {
  let mode: PublishMode
  /// In the order in which they are sent.
  var pages: [AddressedContents]
  /// In `files` mode ranges of `pages`, each of which leads to those before it only; in `folder` mode all of them.
  var waves: [Range<Int>]
  /// The CID of the folder that all pages would make. It names the edition in both modes, and in `folder` mode it is what readers ask for.
  let folder: CID
  /// In `files` mode: which links lead to pages published later.
  var order: PageOrder?
  /// What carries those links; sent with the assets.
  var script: AddressedContents?

  var front: AddressedContents? { pages.first { $0.path == "index.html" } }

  /// What readers ask for: the folder, or the front page.
  var root: CID { mode == .folder ? folder : front?.file.cid ?? folder }

  /// Where the gateway has a page, below `/ipfs/`.
  func place(of page: AddressedContents) -> (path: String, filename: String?) {
    mode == .folder ? ("\(folder.text)/\(page.path)", nil) : (page.file.cid.text, page.path.name)
  }
}

/// Stage 11: pages → pages that link to where all else is found, their CIDs, and the CID of the folder that they make.
///
/// Pages are rewritten when they are hashed and again when they are sent, so that they are not held.
/// - Throws: `FileError`, `DirectoryError`.
func rewritePages(
  _ traced: TracedTree, of source: EditionSource, _ urls: FileURLs, mode: PublishMode, workers: Int,
  gatewayURL: @escaping @Sendable (CID, String) -> String
) async throws -> AddressedPages {
  switch mode {
  case .folder: try await rewriteForFolder(traced, of: source, urls, workers: workers)
  case .files: try await rewriteForFiles(traced, of: source, urls, workers: workers, gatewayURL: gatewayURL)
  }
}

/// Links to assets become gateway URLs; links between pages stay relative, and name the file (`../about/index.html`): not every gateway shows
/// the index of a folder.
private func rewriteForFolder(
  _ traced: TracedTree, of source: EditionSource, _ urls: FileURLs, workers: Int
) async throws -> AddressedPages {
  let paths = traced.pages
  let tree = source.tree
  let siteURL = source.url
  let links = traced.links
  var urls = urls
  for path in paths where mayHaveIntegrity(path) {
    guard let built = try tree.bytes(of: path) else { continue }
    let rewriter = FolderRewriter(page: path, tree: tree, siteURL: siteURL, urls: urls, links: links)
    urls.addIntegrity(of: rewriteFile(path, built) { rewriter.url($0) }, before: built)
  }
  let chunks = try await inParallel(paths.count, workers: workers) { [urls] range in
    try paths[range].compactMap { path -> AddressedContents? in
      guard var contents = tree[path] else { return nil }
      if isPage(path) || refersToOthers(path) {
        let written = contents
        contents = .made {
          var rewriter = FolderRewriter(page: path, tree: tree, siteURL: siteURL, urls: urls, links: links)
          let bytes = try written.bytes()
          guard isPage(path) else { return rewriteFile(path, bytes) { rewriter.url($0) } }
          return urls.withIntegrity(rewriteHTML(bytes, visitor: &rewriter))
        }
      }
      return AddressedContents(path: path, contents: contents, file: try address(contents, profile: .v0))
    }
  }
  let pages = chunks.flatMap(\.self)
  return AddressedPages(mode: .folder, pages: pages, waves: [pages.indices], folder: try folderCID(of: pages))
}

func folderCID(of pages: [AddressedContents]) throws -> CID {
  try directoryRoot(of: pages.map { ($0.path, $0.file.link) }, profile: .v0).root.cid
}

/// What becomes of the URLs of a page, or of another file that goes into the folder.
struct FolderRewriter: HTMLVisitor {
  let page: TreePath
  let tree: FileTree
  let siteURL: String
  let urls: FileURLs
  let links: PlainLinks
  private let pageBytes: [UInt8]
  private let isPlain: Bool
  private var room: [UInt8] = []

  static let collectsAnchors = false

  init(page: TreePath, tree: FileTree, siteURL: String, urls: FileURLs, links: PlainLinks) {
    self.page = page
    self.tree = tree
    self.siteURL = siteURL
    self.urls = urls
    self.links = links
    pageBytes = Array(page.string.utf8)
    isPlain = pageBytes.allSatisfy(isPlainPathByte)
  }

  /// Links between pages, most of which stay as they are.
  mutating func url(_ bytes: UnsafeBufferPointer<UInt8>, _ kind: URLKind, replacement: inout [UInt8]) -> QuickAnswer {
    switch links.follow(bytes, kind, from: pageBytes, &room) {
    case .fragment, .elsewhere: return .stays
    case .file(let file, let end):
      guard isPlain, !kind.mustBeAbsolute, !links.isAsset(file) else { return .unknown }
      room.removeAll(keepingCapacity: true)
      room.append(UInt8(ascii: "/"))
      room += links.paths[file].string.utf8
      let isRooted = room.withUnsafeBufferPointer { path in
        pageBytes.withUnsafeBufferPointer { appendRelative(path, from: $0, to: &replacement) }
      }
      guard isRooted else { return .unknown }
      if replacement.elementsEqual(bytes[..<end]) { return .stays }
      replacement += bytes[end...]
      return .replaced
    case .unknown: return .unknown
    }
  }

  func url(_ found: FoundURL) -> String? {
    if let url = assetURL(found, at: page, in: tree, siteURL, urls) { return url }
    // `canonical` and its like keep the address of the site.
    guard !found.kind.mustBeAbsolute, case .file = Reference.resolve(found.url, in: page) else { return nil }
    guard let target = target(of: found, at: page, in: tree, siteURL) else {
      return found.mayLeadNowhere ? relativize(found.url, from: page) : nil
    }
    let fragment = target.fragment.map { "#" + percentEncoded($0) } ?? ""
    let url = target.file.reference(from: page) + (target.query.map { "?" + $0 } ?? "") + fragment
    return url == found.url ? nil : url
  }
}
