import Files

/// A file of a Jekyll site that becomes a page.
struct JekyllDocument {
  enum Kind {
    case page
    /// With the folders above `_posts`, which are categories.
    case post(categories: [String])
    case draft(categories: [String])
    case collection(String)
  }

  let path: String
  let kind: Kind
  /// The file's name without date and extension: `hello` of `2026-11-22-hello.md`.
  let name: String
  /// `2026-11-22` of such a name.
  let date: String?
  /// In the new site.
  private(set) var target = ""

  init(path: String, kind: Kind) {
    self.path = path
    self.kind = kind
    let stem = withoutExtension(fileName(path))
    if case .post = kind, let dated = Self.dated(stem) {
      (date, name) = dated
    } else {
      (date, name) = (nil, stem)
    }
  }

  /// Whether it becomes a page at all: style sheets and feeds with front matter don't.
  var isPageOfContent: Bool { isMarkdown(path) || ["html", "htm"].contains(fileExtension(path)) }

  var isDraft: Bool { if case .draft = kind { true } else { false } }

  /// Whether values of a section reach it in the new site: it lies below, at whatever depth, and is not the section's own page.
  func isBelow(_ section: String) -> Bool {
    let home = section.isEmpty ? "content/" : "content/\(section)/"
    return target.hasPrefix(home) && target != home + "_index.md"
  }

  /// Folder below `content/`.
  var section: String {
    switch kind {
    // `_pages`, which the configuration includes, is a section like another.
    case .page: folder(of: path).pathParts.map { $0.drop { $0 == "_" } }.joined(separator: "/")
    case .post(let folders), .draft(let folders):
      // Folders inside `_posts` count for nothing in Jekyll, but names are unique only together with them.
      (["posts"] + folders + folder(of: path).pathParts.dropFirst(folders.count + 1).map(String.init))
        .joined(separator: "/")
    case .collection(let name):
      folder(of: path).pathParts.dropFirst().reduce(name) { $0 + "/" + $1 }
    }
  }

  /// - Parameter folders: sections that hold pages; a page of the same name is the section's own.
  mutating func place(beside folders: Set<String>) {
    let here = section.isEmpty ? "content" : "content/" + section
    let fileName = date.map { $0 + "-" + name } ?? name
    let asSection = section.isEmpty ? name : section + "/" + name
    let isIndex = name == "index" && date == nil
    if case .collection = kind, isIndex {
      target = here + "/_index.md"
    } else if case .page = kind {
      if name == "index" {
        target = here + "/_index.md"
      } else if folders.contains(asSection) {
        target = "content/" + asSection + "/_index.md"
      } else {
        target = here + "/" + fileName + ".md"
      }
    } else {
      target = here + "/" + fileName + ".md"
    }
  }

  /// Whether it is one that values of `defaults` are for.
  ///
  /// - Parameters:
  ///   - scope: a file or folder of the old site, in which `*` stands for anything but a slash; empty for all of it.
  ///   - type: `posts`, `drafts`, `pages` or a collection; nil for all of them.
  func isInScope(_ scope: String, type: String?) -> Bool {
    let own =
      switch kind {
      case .page: "pages"
      case .post: "posts"
      case .draft: "drafts"
      case .collection(let name): name
      }
    guard (type ?? own) == own else { return false }
    guard scope.contains("*") else { return scope.isEmpty || path == scope || path.hasPrefix(scope + "/") }
    let start = path.pathParts.prefix(scope.pathParts.count).joined(separator: "/")
    return matches(Array(start.utf8)[...], glob: Array(scope.utf8)[...])
  }

  /// A pattern with the tokens that follow from where the document lies, for pages and collections.
  func filled(_ pattern: String) -> String {
    switch kind {
    case .collection(let name):
      let relative = withoutExtension(String(path.dropFirst(name.count + 2)))
      return replaced(":path", by: relative, in: replaced(":collection", by: name, in: pattern))
    // Of a page, `:path` is its folder.
    case .page: return replaced(":path", by: folder(of: path), in: pattern)
    case .post, .draft: return pattern
    }
  }

  /// Says that the page is that of a section.
  mutating func becomeSection(_ section: String) {
    target = section.isEmpty ? "content/_index.md" : "content/" + section + "/_index.md"
  }

  /// Jekyll takes no other file in `_posts` for a post (https://jekyllrb.com/docs/posts/).
  static func isNamedAsPost(_ path: String) -> Bool { dated(withoutExtension(fileName(path))) != nil }

  /// `2026-1-5-name` → `2026-01-05` and `name`.
  private static func dated(_ stem: String) -> (String, String)? {
    let parts = stem.split(separator: "-", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 4, !parts[3].isEmpty,
      let date = normalizedDate(parts[..<3].joined(separator: "-"))
    else { return nil }
    return (date, String(parts[3]))
  }
}
