import Files
import Templates

extension Resolver {
  /// A section that no page is in, drafts counted, is most likely another one's name with a slip.
  mutating func warnOfPermalinks(_ inventory: Inventory) {
    guard !configuration.permalinks.isEmpty else { return }
    var sections: Set<String> = []
    for page in inventory.pages {
      let parts = Self.folder(of: configuration.contentPlace(of: page.path).path).pathParts
      if let first = parts.first { sections.insert(Self.urlPart(String(first))) }
    }
    for (section, _, place) in configuration.permalinks where !sections.contains(section) {
      diagnostics.append(
        Diagnostic(
          .warning, id: "unknown-section", "permalinks names \(section), there is no content/\(section)",
          at: SourceLocation(path: configuration.path ?? "", line: Int(place.line), column: Int(place.column)),
          sourceLine: configuration.source?.line(Int(place.line)),
          hint: suggestion(for: section, among: sections).map { "did you mean \($0)?" }))
    }
  }

  /// `posts/2026` of `content/posts/2026/hello.md`; "" at the top.
  static func folder(of path: TreePath) -> String {
    let bytes = path.string.utf8
    let slash = UInt8(ascii: "/")
    guard let first = bytes.firstIndex(of: slash), let last = bytes.lastIndex(of: slash), first < last else {
      return ""
    }
    return String(path.string[bytes.index(after: first)..<last])
  }

  /// A name of a file or folder as a part of a URL: lower case, spaces and what URLs reserve become hyphens.
  static func urlPart(_ name: String) -> String {
    let part = slug(name)
    return part.isEmpty ? "page" : part
  }

  static func indexFile(in parts: [String]) -> TreePath {
    let path = (parts + ["index.html"]).joined(separator: "/")
    guard let output = TreePath(path) else { preconditionFailure("bug: \(path) is made of URL parts") }
    return output
  }

  /// The file that a URL of front matter stands for: `/about/` and `/about` → `about/index.html`, `/a.html` → `a.html`.
  /// Nil where the URL has a host, a query or leaves the site.
  static func outputFile(for url: String) -> TreePath? {
    guard !url.contains("?"), !url.contains("#"), !url.contains("://"), let decoded = percentDecoded(url) else {
      return nil
    }
    let path = decoded.pathParts.joined(separator: "/")
    guard !path.isEmpty else { return "index.html" }
    guard let tree = TreePath(path), !tree.isHidden else { return nil }
    let isFile = !decoded.hasSuffix("/") && !tree.fileExtension.isEmpty && !tree.fileExtension.contains { $0.isNumber }
    return isFile ? tree : tree.appending("index.html")
  }

  /// `2026-11-22-hello` → the date and `hello`, as Jekyll names posts.
  static func datedName(_ name: String) -> (date: TemplateDate, rest: String)? {
    let bytes = Array(name.utf8)
    guard bytes.count > 11, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      bytes[10] == UInt8(ascii: "-") || bytes[10] == UInt8(ascii: "_"),
      let date = TemplateDate.parse(String(decoding: bytes[..<10], as: UTF8.self))
    else { return nil }
    return (date, String(decoding: bytes[11...], as: UTF8.self))
  }

  /// `getting-started` → `Getting started`.
  static func title(from name: String) -> String {
    let words = name.map { $0 == "-" || $0 == "_" ? " " : $0 }
    guard let first = words.first else { return "" }
    return first.uppercased() + String(words.dropFirst())
  }
}
