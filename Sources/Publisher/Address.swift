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

/// Where files are found once they are published, each by its own hash.
struct FileURLs: Sendable {
  private(set) var byPath: [TreePath: String] = [:]

  mutating func add(_ path: TreePath, _ url: String) { byPath[path] = url }

  subscript(path: TreePath) -> String? { byPath[path] }
}

/// Stage 10: assets → their hashes. Style sheets, drawings and modules get the gateway URLs of what they refer to before they are hashed.
///
/// - Throws: `FileError`.
func addressAssets(
  _ traced: TracedTree, in tree: FileTree, siteURL: String, gatewayURL: (CID, String) -> String
) throws -> (assets: [AddressedContents], urls: FileURLs) {
  var urls = FileURLs()
  var assets: [AddressedContents] = []
  for path in traced.assets {
    guard var contents = tree[path] else { continue }
    if refersToOthers(path) {
      contents = .bytes(rewriteFile(path, try contents.bytes()) { assetURL($0, at: path, in: tree, siteURL, urls) })
    }
    let file = try address(contents, profile: .v0)
    urls.add(path, gatewayURL(file.cid, path.name))
    assets.append(AddressedContents(path: path, contents: contents, file: file))
  }
  return (assets, urls)
}
