import Files

/// The files of the output by the bytes of their site-rooted URLs, for links that are written as the site itself writes them: no escapes, no
/// query, no dots to resolve. Such a link is found without making a text of it; all others take the long way through `Reference`.
///
/// An object, so that nobody counts references to what it holds.
final class URLTable: Sendable {
  private let table: StringTable
  private let files: [TreePath]
  /// Of each file: that it is there.
  private let dependencies: [Dependency]

  init(_ paths: some Collection<TreePath>) {
    var urls: [String] = []
    var files: [TreePath] = []
    for path in paths {
      let url = siteURL(of: path)
      guard url.utf8.allSatisfy(isPlainPathByte) else { continue }
      urls.append(url)
      files.append(path)
    }
    table = StringTable(urls)
    self.files = files
    dependencies = files.map { .output($0.fingerprint) }
  }

  subscript(file: Int) -> TreePath { files[file] }

  /// The file whose URL is `url`; nil where it is written in another way or leads nowhere.
  func file(at url: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let file = table[url] else { return nil }
    Dependencies.current?.add(dependencies[file])
    return file
  }

  func file(at url: String) -> Int? {
    var url = url
    return url.withUTF8 { file(at: $0) }
  }
}

/// A URL of a page, as far as its bytes tell.
enum PlainURL {
  /// `#part` of the page itself; never empty.
  case fragment
  /// Another host's, by `https:`, `http:` or `mailto:`.
  case elsewhere
  /// A file of the output: `/posts/hello/#part`, of which the path ends at `pathEnd`, and the fragment, where there is one, begins there.
  case file(Int, pathEnd: Int)
  case other

  init(_ url: UnsafeBufferPointer<UInt8>, _ table: URLTable) {
    self = .other
    guard let first = url.first else { return }
    switch first {
    case UInt8(ascii: "#"):
      if url.count > 1, url.dropFirst().allSatisfy(isUnreservedByte) { self = .fragment }
    case UInt8(ascii: "/"):
      var end = 1
      while end < url.count, url[end] != UInt8(ascii: "#") { end += 1 }
      guard let file = table.file(at: UnsafeBufferPointer(rebasing: url[..<end])),
        url[end...].dropFirst().allSatisfy(isUnreservedByte)
      else { return }
      self = .file(file, pathEnd: end)
    case UInt8(ascii: "h"): if url.starts(with: "https:".utf8) || url.starts(with: "http:".utf8) { self = .elsewhere }
    case UInt8(ascii: "m"): if url.starts(with: "mailto:".utf8) { self = .elsewhere }
    default: break
    }
  }
}
