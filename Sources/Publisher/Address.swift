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
  /// Of an asset: 0 where it refers to no other, else one more than the highest that it refers to. What is on one level is sent together.
  var level = 0
}

/// Where files are found once they are published, each by its own hash.
struct FileURLs: Sendable {
  private(set) var byPath: [TreePath: String] = [:]

  /// What pages say of the bytes of files (`integrity`), where links in the files were rewritten: before, and now. Two files that were equal
  /// may have become two; any of the values that a page gives will do (<https://www.w3.org/TR/sri-1/>, section 3.3.4).
  private(set) var integrities: [String: String] = [:]

  mutating func add(_ path: TreePath, _ url: String) { byPath[path] = url }

  /// Of a file that was rewritten, or was not.
  mutating func addIntegrity(of bytes: [UInt8], before built: [UInt8]) {
    if bytes == built { return }
    addIntegrity(SHA256Digest(of: bytes).integrity, before: SHA256Digest(of: built).integrity)
  }

  mutating func addIntegrity(_ now: String, before: String) {
    guard let other = integrities[before], other != now else { return integrities[before] = now }
    if !other.split(separator: " ").contains(now[...]) { integrities[before] = other + " " + now }
  }

  /// A page with the `integrity` of the files as they are now.
  func withIntegrity(_ page: [UInt8]) -> [UInt8] {
    if integrities.isEmpty { return page }
    var bytes: [UInt8] = []
    var copied = 0
    for place in placesOfIntegrity(in: page) {
      guard let now = integrities[String(decoding: page[place], as: UTF8.self)] else { continue }
      bytes += page[copied..<place.lowerBound]
      bytes += now.utf8
      copied = place.upperBound
    }
    return copied == 0 ? page : bytes + page[copied...]
  }

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
  var levels: [TreePath: Int] = [:]
  for path in traced.assets {
    guard var contents = tree[path] else { continue }
    var level = 0
    if refersToOthers(path) {
      let built = try contents.bytes()
      let bytes = rewriteFile(path, built) { found in
        guard let target = target(of: found, at: path, in: tree, siteURL), let url = assetURL(of: target, urls) else {
          return nil
        }
        level = max(level, 1 + (levels[target.file] ?? 0))
        return url
      }
      urls.addIntegrity(of: bytes, before: built)
      contents = .bytes(bytes)
    }
    let file = try address(contents, profile: .v0)
    urls.add(path, gatewayURL(file.cid, path.name))
    levels[path] = level
    assets.append(AddressedContents(path: path, contents: contents, file: file, level: level))
  }
  return (assets, urls)
}

/// Where `sha256-` and 44 characters of base64 stand. All pages are looked through, so seven bytes are skipped at a time where it can be
/// (Horspool, Practical fast searching in strings, 1980).
private func placesOfIntegrity(in page: [UInt8]) -> [Range<Int>] {
  let mark = Array("sha256-".utf8)
  let length = mark.count + 44
  return page.withUnsafeBufferPointer { page in
    skips.withUnsafeBufferPointer { skips in
      var places: [Range<Int>] = []
      var index = 0
      while index + length <= page.count {
        let last = page[index + mark.count - 1]
        if last == UInt8(ascii: "-"), page[index..<index + mark.count].elementsEqual(mark) {
          places.append(index..<index + length)
          index += length
        } else {
          index += Int(skips[Int(last)])
        }
      }
      return places
    }
  }
}

private let skips: [UInt8] = {
  let mark = Array("sha256-".utf8)
  var skips = [UInt8](repeating: UInt8(mark.count), count: 256)
  for (index, byte) in mark.dropLast().enumerated() { skips[Int(byte)] = UInt8(mark.count - 1 - index) }
  return skips
}()
