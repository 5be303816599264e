import Files
import Glibc

/// Turns a URL from the root of the site into one from a page, so that the tree works below any prefix: `/posts/x/?q#f` seen from
/// `posts/y/index.html` is `../x/?q#f`, `/` is `../../`.
///
/// Query, fragment, escapes and a trailing slash stay; nothing is checked.
/// - Returns: nil where `url` does not begin with exactly one slash.
public func relativize(_ url: String, from page: TreePath) -> String? {
  var url = url
  var page = page.string
  return url.withUTF8 { url in
    page.withUTF8 { page in
      var output: [UInt8] = []
      return appendRelative(url, from: page, to: &output) ? String(decoding: output, as: UTF8.self) : nil
    }
  }
}

/// As `relativize`, on bytes.
/// - Returns: false, with nothing appended, where `url` does not begin with exactly one slash.
public func appendRelative(
  _ url: UnsafeBufferPointer<UInt8>, from page: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]
) -> Bool {
  let slash = UInt8(ascii: "/")
  guard url.first == slash, url.count == 1 || url[1] != slash else { return false }
  let query = url.first(UInt8(ascii: "?"), from: 1, to: url.count) ?? url.count
  let pathEnd = url.first(UInt8(ascii: "#"), from: 1, to: query) ?? query

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
  var levels = 0
  while let end = page.first(slash, from: folder, to: page.count) {
    levels += 1
    folder = end + 1
  }

  output.reserveCapacity(output.count + 3 * levels + 2 + url.count - start)
  for _ in 0..<levels {
    output.append(UInt8(ascii: "."))
    output.append(UInt8(ascii: "."))
    output.append(slash)
  }
  if levels == 0 {
    let first = url[start..<pathEnd].prefix { $0 != slash }
    // Without it, nothing would be the page itself, "//b" another root, and "a:b" a scheme.
    if first.isEmpty || first.contains(UInt8(ascii: ":")) { output += "./".utf8 }
  }
  output += UnsafeBufferPointer(rebasing: url[start...])
  return true
}

/// Whether a segment of a URL names a component of a path.
private func isSame(_ segment: Slice<Bytes>, _ component: Slice<Bytes>) -> Bool {
  if segment.count == component.count, let mine = segment.base.baseAddress, let its = component.base.baseAddress,
    memcmp(mine + segment.startIndex, its + component.startIndex, segment.count) == 0
  {
    return true
  }
  guard segment.contains(UInt8(ascii: "%")) else { return false }
  let decoded = percentDecoded(String(decoding: segment, as: UTF8.self))
  return decoded?.utf8.elementsEqual(component) ?? false
}
