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
  let chunks = try await inParallel(paths.count, workers: workers) { range in
    try paths[range].compactMap { path -> AddressedContents? in
      guard var contents = tree[path] else { return nil }
      if isPage(path) || refersToOthers(path) {
        let written = contents
        contents = .made {
          let bytes = rewriteFile(path, try written.bytes()) { folderURL($0, at: path, in: tree, siteURL, urls) }
          return isPage(path) ? urls.withIntegrity(bytes) : bytes
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

private func folderURL(
  _ found: FoundURL, at page: TreePath, in tree: FileTree, _ siteURL: String, _ urls: FileURLs
) -> String? {
  if let url = assetURL(found, at: page, in: tree, siteURL, urls) { return url }
  // `canonical` and its like keep the address of the site.
  guard !found.kind.mustBeAbsolute, !found.url.hasPrefix("http"),
    let target = target(of: found, at: page, in: tree, siteURL)
  else { return nil }
  let fragment = target.fragment.map { "#" + percentEncoded($0) } ?? ""
  let url = target.file.reference(from: page) + (target.query.map { "?" + $0 } ?? "") + fragment
  return url == found.url ? nil : url
}
