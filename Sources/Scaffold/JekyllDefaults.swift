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

  /// - Parameter folders: those below `content/` that hold pages.
  init(_ config: Setting, documents: [String: JekyllDocument], folders: Set<String>) {
    // Folders that hold only folders are sections as well.
    var sections: Set<String> = [""]
    for folder in folders {
      let parts = folder.pathParts
      for count in parts.indices { sections.insert(parts[...count].joined(separator: "/")) }
    }
    for item in config["defaults"]?.items ?? [] {
      guard var values = item["values"] else { continue }
      for key in ["layout", "permalink"] { values.remove(key) }
      guard !values.entries.isEmpty else { continue }
      let path = joined("", item["scope"]?["path"]?.text ?? "") ?? ""
      let type = item["scope"]?["type"]?.text ?? ""
      let found = Self.sections(path, type).filter { sections.contains($0) }
      for section in found { cascades[section, default: Setting(.map([]))].merge(values) }
      guard found.isEmpty else { continue }
      let files = documents.values.filter { $0.isInScope(path, type: type.isEmpty ? nil : type) }
      for file in files { ofFiles[file.path, default: Setting(.map([]))].merge(values) }
      // A kind of which the site has no page needs none.
      if files.isEmpty, !path.isEmpty { others.append((path, item.line)) }
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
    for (path, line) in others {
      draft.note(
        .lost, at: SourceLocation(path: config, line: line, column: line > 0 ? 1 : 0),
        "defaults for \(path), where no page is")
    }
  }
}
