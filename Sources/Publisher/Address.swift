import ContentAddressing
import DStor
import Files
import HTML

/// A file of the edition with its hash, known before anything is sent.
struct AddressedContents: Sendable {
  let path: TreePath
  /// As it will be published: links rewritten.
  let contents: FileContents
  let file: AddressedFile
}

/// Where assets are found once they are published.
struct AssetURLs: Sendable {
  fileprivate(set) var byPath: [TreePath: String] = [:]
}

/// Stage 10: assets → their hashes. Style sheets, drawings and modules get the gateway URLs of what they refer to before they are hashed.
///
/// - Throws: `FileError`.
func addressAssets(
  _ traced: TracedTree, in tree: FileTree, siteURL: String, gatewayURL: (CID, String) -> String
) throws -> (assets: [AddressedContents], urls: AssetURLs) {
  var urls = AssetURLs()
  var assets: [AddressedContents] = []
  for path in traced.assets {
    guard var contents = tree[path] else { continue }
    if refersToOthers(path) { contents = .bytes(try rewriteAsset(path, contents.bytes(), in: tree, siteURL, urls)) }
    let file = try address(contents, profile: .v0)
    urls.byPath[path] = gatewayURL(file.cid, path.name)
    assets.append(AddressedContents(path: path, contents: contents, file: file))
  }
  return (assets, urls)
}

private func rewriteAsset(
  _ path: TreePath, _ bytes: [UInt8], in tree: FileTree, _ siteURL: String, _ urls: AssetURLs
) -> [UInt8] {
  let replace: (FoundURL) -> String? = { found in
    guard let target = target(of: found, at: path, in: tree, siteURL), let url = urls.byPath[target.file] else {
      return nil
    }
    return url + (target.fragment.map { "#" + percentEncoded($0) } ?? "")
  }
  switch path.fileExtension.lowercased() {
  case "css": return rewriteCSS(bytes, replace)
  case "svg": return rewriteSVG(bytes, replace)
  default: return rewriteModule(bytes, replace)
  }
}

/// Stage 11: pages → the edition's folder and its root. Links to assets become gateway URLs; links between pages stay relative, and name
/// the file (`../about/index.html`): not every gateway shows the index of a folder.
///
/// Pages are rewritten when they are hashed and again when they are sent, so that they are not held.
/// - Throws: `FileError`, `DirectoryError`.
func rewritePages(
  _ traced: TracedTree, in tree: FileTree, siteURL: String, _ urls: AssetURLs, workers: Int
) async throws -> (pages: [AddressedContents], root: CID) {
  let paths = traced.pages
  let chunks = try await inParallel(paths.count, workers: workers) { range in
    try paths[range].compactMap { path -> AddressedContents? in
      guard let contents = tree[path] else { return nil }
      let rewritten = pageContents(path, contents, in: tree, siteURL, urls)
      return AddressedContents(path: path, contents: rewritten, file: try address(rewritten, profile: .v0))
    }
  }
  let pages = chunks.flatMap(\.self)
  let root = try directoryRoot(of: pages.map { ($0.path, $0.file.link) }, profile: .v0).root
  return (pages, root.cid)
}

private func pageContents(
  _ path: TreePath, _ contents: FileContents, in tree: FileTree, _ siteURL: String, _ urls: AssetURLs
) -> FileContents {
  if isPage(path) {
    return .made { rewriteHTML(try contents.bytes()) { pageURL($0, at: path, in: tree, siteURL, urls) } }
  }
  // An asset that stays with the pages.
  if refersToOthers(path) { return .made { rewriteAsset(path, try contents.bytes(), in: tree, siteURL, urls) } }
  return contents
}

private func pageURL(
  _ found: FoundURL, at page: TreePath, in tree: FileTree, _ siteURL: String, _ urls: AssetURLs
) -> String? {
  guard let target = target(of: found, at: page, in: tree, siteURL) else { return nil }
  let fragment = target.fragment.map { "#" + percentEncoded($0) } ?? ""
  if let url = urls.byPath[target.file] { return url + fragment }
  // `canonical` and its like keep the address of the site.
  guard !found.kind.mustBeAbsolute, !found.url.hasPrefix("http") else { return nil }
  let url = target.file.reference(from: page) + (target.query.map { "?" + $0 } ?? "") + fragment
  return url == found.url ? nil : url
}
