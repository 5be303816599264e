import Files

/// `defaults` of the configuration (https://jekyllrb.com/docs/configuration/front-matter-defaults/); templates and addresses are handled elsewhere.
struct JekyllDefaults {
  /// Values for whole sections, by the folder below `content/`.
  private(set) var cascades: [String: Setting] = [:]
  /// Values for single files, by their paths in the old site.
  private(set) var ofFiles: [String: Setting] = [:]
  /// What is for neither: its path, and its line.
  private var others: [(path: String, line: Int)] = []

  init() {}

  /// One item, with what it is for.
  private struct Item {
    var path: String
    var type: String?
    var values: Setting
    var line: Int
  }

  /// Those with values for front matter. The longest path wins, then a type over none, then what comes last: that one is last.
  private static func items(_ config: Setting) -> [Item] {
    let items = (config["defaults"]?.items ?? []).compactMap { item -> Item? in
      guard var values = item["values"] else { return nil }
      for key in ["layout", "permalink"] { values.remove(key) }
      guard !values.entries.isEmpty else { return nil }
      let path = joined("", item["scope"]?["path"]?.text ?? "") ?? ""
      let type = (item["scope"]?["type"]?.text).flatMap { $0.isEmpty ? nil : $0 }
      return Item(path: path, type: type, values: values, line: item.line)
    }
    func rank(_ item: Item) -> (Int, Int) { (item.path.utf8.count, item.type == nil ? 0 : 1) }
    return items.enumerated().sorted {
      rank($0.element) == rank($1.element) ? $0.offset < $1.offset : rank($0.element) < rank($1.element)
    }.map(\.element)
  }

  /// - Parameter folders: those below `content/` that hold pages.
  init(_ config: Setting, documents: [String: JekyllDocument], folders: Set<String>) {
    // Folders that hold only folders are sections as well.
    var sections: Set<String> = [""]
    for folder in folders {
      let parts = folder.pathParts
      for count in parts.indices { sections.insert(parts[...count].joined(separator: "/")) }
    }
    let pages = documents.values.filter(\.isPageOfContent).sorted { $0.path < $1.path }
    for item in Self.items(config) {
      let isMeant = Set(pages.filter { $0.isInScope(item.path, type: item.type) }.map(\.path))
      // A cascade is for all that is below: one that would reach others is none. (Drafts have what posts have, or values of their own.)
      let found = Self.sections(item.path, item.type ?? "").filter { section in
        sections.contains(section)
          && pages.allSatisfy { isMeant.contains($0.path) || $0.isDraft || !$0.isBelow(section) }
      }
      for section in found { cascades[section, default: Setting(.map([]))].merge(item.values) }
      for page in pages where isMeant.contains(page.path) {
        if found.contains(where: { page.isBelow($0) }) {
          for entry in item.values.entries { ofFiles[page.path]?.remove(entry.key) }
        } else {
          ofFiles[page.path, default: Setting(.map([]))].merge(item.values)
        }
      }
      // A kind of which the site has no page needs none.
      if found.isEmpty, isMeant.isEmpty, !item.path.isEmpty { others.append((item.path, item.line)) }
    }
  }

  /// The sections where the pages of a scope may be: posts of `blog/_posts` are in `posts/blog`. Drafts stand among posts, and have no section.
  private static func sections(_ path: String, _ type: String) -> [String] {
    let parts = path.pathParts.map(String.init)
    let isOfPosts = parts.contains("_posts") || parts.contains("_drafts")
    let posts = (["posts"] + parts.filter { $0 != "_posts" && $0 != "_drafts" }).joined(separator: "/")
    switch type {
    case "posts": return [posts]
    case "drafts": return []
    case "pages", "":
      let pages = parts.map { $0.drop { $0 == "_" } }.joined(separator: "/")
      if isOfPosts { return [posts] }
      return path.isEmpty || type == "pages" ? [pages] : [pages, posts]
    default: return [([type] + (parts.first == "_" + type ? parts.dropFirst() : parts[...])).joined(separator: "/")]
    }
  }

  /// Sections without a page of their own get one where they have values for their pages.
  func addSections(_ draft: inout Draft, _ config: String, line: Int) {
    for (section, values) in cascades.sorted(by: { $0.key < $1.key }) {
      let path = section.isEmpty ? "content/_index.md" : "content/\(section)/_index.md"
      guard !draft.has(path) else { continue }
      var map = Setting(.map([]))
      if !section.isEmpty { map.set("title", .text(titled(fileName(section)))) }
      map.set("cascade", values)
      let text = "---\n" + map.yamlLines().joined(separator: "\n") + "\n---\n"
      draft.add(path, .bytes(Array(text.utf8)), from: config)
    }
    if !cascades.isEmpty {
      draft.note(
        .converted, at: SourceLocation(path: config, line: line), "defaults are the cascade of a section's _index.md")
    }
    if ofFiles.values.contains(where: { !$0.entries.isEmpty }) {
      draft.note(
        .converted, at: SourceLocation(path: config, line: line),
        "defaults for what is no whole section are in the front matter of its pages")
    }
    for (path, line) in others {
      draft.note(
        .lost, at: SourceLocation(path: config, line: line, column: line > 0 ? 1 : 0),
        "defaults for \(path), where no page is")
    }
  }
}
