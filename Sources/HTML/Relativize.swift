import Files

/// Turns a URL from the root of the site into one from a page, so that the tree works below any prefix: `/posts/x/?q#f` seen from
/// `posts/y/index.html` is `../x/?q#f`, `/` is `../../`.
///
/// Query, fragment, escapes and a trailing slash stay; nothing is checked.
/// - Returns: nil where `url` does not begin with exactly one slash.
public func relativize(_ url: String, from page: TreePath) -> String? {
  var url = url
  var page = page.string
  return url.withUTF8 { url in page.withUTF8 { page in relativize(url, from: page) } }
}

private func relativize(_ url: Bytes, from page: Bytes) -> String? {
  let slash = UInt8(ascii: "/")
  guard url.first == slash, url.count == 1 || url[1] != slash else { return nil }
  var pathEnd = 1
  while pathEnd < url.count, url[pathEnd] != UInt8(ascii: "?"), url[pathEnd] != UInt8(ascii: "#") { pathEnd += 1 }

  // The folders that both are in.
  var start = 1
  var folder = 0
  while let end = url.first(slash, from: start, to: pathEnd),
    let folderEnd = page.first(slash, from: folder, to: page.count)
  {
    guard isSame(url[start..<end], page[folder..<folderEnd]) else { break }
    start = end + 1
    folder = folderEnd + 1
  }
  let levels = page[folder...].count { $0 == slash }

  var output: [UInt8] = []
  output.reserveCapacity(3 * levels + 2 + url.count - start)
  for _ in 0..<levels { output += "../".utf8 }
  if levels == 0 {
    let first = url[start..<pathEnd].prefix { $0 != slash }
    // Without it, nothing would be the page itself, "//b" another root, and "a:b" a scheme.
    if first.isEmpty || first.contains(UInt8(ascii: ":")) { output += "./".utf8 }
  }
  output += url[start...]
  return String(decoding: output, as: UTF8.self)
}

/// Whether a segment of a URL names a component of a path.
private func isSame(_ segment: Slice<Bytes>, _ component: Slice<Bytes>) -> Bool {
  if segment.elementsEqual(component) { return true }
  guard segment.contains(UInt8(ascii: "%")) else { return false }
  let decoded = percentDecoded(String(decoding: segment, as: UTF8.self))
  return decoded?.utf8.elementsEqual(component) ?? false
}
