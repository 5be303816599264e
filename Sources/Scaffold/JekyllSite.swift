import Files

/// A site of Jekyll's (https://jekyllrb.com/docs/structure/).
struct JekyllSite {
  /// With collections at the top, wherever `collections_dir` has them.
  let old: FileTree
  /// Where files of `old` stand that are elsewhere.
  private let places: [String: String]
  let config: Setting
  let configPath: String
  let paths: [String]
  private let filter: JekyllFilter
  /// How addresses are made.
  let addresses: JekyllAddresses
  /// Every file that becomes a page, by its path in the old site.
  private(set) var documents: [String: JekyllDocument] = [:]
  /// Folders below `content/` that hold pages.
  private(set) var folders: Set<String> = []
  /// Values that front matter defaults give to pages.
  private(set) var defaults = JekyllDefaults()

  /// - Throws: a `Diagnostic` where the configuration is not well formed, and whatever reading a file throws.
  init(_ site: FileTree) throws {
    let names = ["_config.yml", "_config.yaml", "_config.toml"]
    configPath = names.first { TreePath($0).map { site.contains($0) } ?? false } ?? names[0]
    let bytes = try TreePath(configPath).flatMap { try site.bytes(of: $0) } ?? []
    let format = SettingFormat(fileExtension: fileExtension(configPath)) ?? .yaml
    let settings = try readLeniently(SourceText(path: configPath, bytes: bytes), 0..<bytes.count, format).settings
    config = if case .map = settings.value { settings } else { Setting(.map([])) }
    (old, places) = Self.withCollectionsAtTop(site, config)
    paths = old.paths.map(\.string)
    filter = JekyllFilter(config)
    addresses = JekyllAddresses(config)
    try findDocuments()
    defaults = JekyllDefaults(config, documents: documents, folders: folders)
  }

  func draft() throws -> Draft {
    var draft = Draft()
    let context = LiquidContext(config: config, documents: documents, old: old)
    var includes: [String: SourceLocation] = [:]
    for path in paths {
      guard let place = TreePath(path), let contents = old[place] else { continue }
      if let document = documents[path] {
        try move(document, contents, context, &includes, &draft)
      } else {
        try moveFile(path, contents, &draft)
      }
    }
    defaults.addSections(&draft, configPath, line: config.entry("defaults")?.line ?? 0)
    draft.addStubs(includes, .jekyll, old) {
      "include \($0) is a shortcode now, and prints nothing yet"
    } own: { name in
      paths.first {
        $0.hasPrefix("_includes/") && LiquidText.shortcodeName(String($0.dropFirst("_includes/".count))) == name
      }
    }
    configure(&draft)
    draft.setPlaces(places)
    return draft
  }

  /// Jekyll looks for posts, drafts and documents of collections in the folder `collections_dir` alone, and takes it for no part of their paths.
  private static func withCollectionsAtTop(_ site: FileTree, _ config: Setting) -> (FileTree, [String: String]) {
    let folder = joined("", config["collections_dir"]?.text ?? "") ?? ""
    guard !folder.isEmpty else { return (site, [:]) }
    let collections = Set(collectionNames(config).map { "_" + $0 })
    var tree = site
    var places: [String: String] = [:]
    for path in site.paths where path.string.hasPrefix(folder + "/") {
      let inner = String(path.string.dropFirst(folder.count + 1))
      let folders = inner.pathParts.dropLast().map(String.init)
      guard collections.contains(folders.first ?? "") || folders.contains("_posts") || folders.contains("_drafts"),
        let place = TreePath(inner), !site.contains(place)
      else { continue }
      tree[place] = site[path]
      tree[path] = nil
      places[inner] = path.string
    }
    return (tree, places)
  }

  // MARK: What is what

  /// Pages, posts, drafts and the documents of collections: files with front matter.
  private mutating func findDocuments() throws {
    let collections = Set(Self.collectionNames(config))
    var found: [JekyllDocument] = []
    for path in paths {
      guard let kind = kind(of: path, collections), Self.isText(path) else { continue }
      if case .page = kind {
        guard let place = TreePath(path), let bytes = try old.bytes(of: place) else { continue }
        guard beginsWithFrontMatter(bytes) else { continue }
      } else if !isMarkdown(path), fileExtension(path) != "html" {
        continue
      }
      found.append(JekyllDocument(path: path, kind: kind))
    }
    folders = Set(found.compactMap { $0.isPageOfContent ? $0.section : nil }.filter { !$0.isEmpty })
    for index in found.indices { found[index].place(beside: folders) }
    var taken = Set(found.map(\.target))
    for var document in found {
      if let section = try sectionAddress(of: document), section.isEmpty || folders.contains(section) {
        var moved = document
        moved.becomeSection(section)
        if taken.insert(moved.target).inserted { document = moved }
      }
      documents[document.path] = document
    }
  }

  /// The folder that the permalink of a page or of its collection says, without slashes; nil where it has none: `pages/home.html` may be the
  /// front page.
  private func sectionAddress(of document: JekyllDocument) throws -> String? {
    let pattern: String?
    switch document.kind {
    case .post, .draft: return nil
    case .page: pattern = addresses.scopedPattern(of: document)
    case .collection(let name): pattern = addresses.scopedPattern(of: document) ?? addresses.pattern(ofCollection: name)
    }
    guard document.isPageOfContent, let place = TreePath(document.path), let bytes = try old.bytes(of: place),
      let page = try? SourcePage(SourceText(path: document.path, bytes: bytes))
    else { return nil }
    let own = page.settings["permalink"]?.text
    let filled = pattern.flatMap {
      addresses.address(
        document.filled($0), date: nil, name: document.name, slug: page.settings["slug"]?.text, categories: [])
    }
    guard let permalink = own ?? filled, permalink.hasSuffix("/"), !permalink.contains(":") else { return nil }
    return permalink.pathParts.joined(separator: "/")
  }

  private func kind(of path: String, _ collections: Set<String>) -> JekyllDocument.Kind? {
    let parts = path.pathParts.map(String.init)
    if filter.isExcluded(path) { return nil }
    for (index, part) in parts.dropLast().enumerated() where part.hasPrefix("_") {
      if part == "_posts" {
        return JekyllDocument.isNamedAsPost(path) ? .post(categories: Array(parts[..<index])) : nil
      }
      if part == "_drafts" { return .draft(categories: Array(parts[..<index])) }
      let name = String(part.dropFirst())
      if index == 0, collections.contains(name) { return .collection(name) }
      if !filter.isIncluded(parts[...index]) { return nil }
    }
    return parts.last?.hasPrefix("_") == true && !filter.isIncluded(parts[...]) ? nil : .page
  }

  static func collectionNames(_ config: Setting) -> [String] {
    guard let given = config["collections"] else { return [] }
    return (given.texts + given.entries.map(\.key)).filter { $0 != "posts" }
  }

  private static func isText(_ path: String) -> Bool {
    isMarkdown(path)
      || ["html", "htm", "xml", "css", "scss", "sass", "js", "json", "txt", "textile", "webmanifest", "svg"].contains(
        fileExtension(path))
  }

  /// Whether the first line is `---`: `-----BEGIN PGP PUBLIC KEY BLOCK-----` is none.
  private func beginsWithFrontMatter(_ bytes: [UInt8]) -> Bool {
    let line = bytes.dropFirst(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0).prefix { $0 != 0x0A }
    return line.starts(with: Array("---".utf8)) && line.dropFirst(3).allSatisfy { $0 <= 0x20 }
  }

  // MARK: Files without front matter

  private func publishedCollection(of path: String) -> String? {
    guard let top = path.pathParts.first, top.hasPrefix("_") else { return nil }
    let name = String(top.dropFirst())
    return config["collections"]?[name]?["output"]?.bool == true ? name : nil
  }

  /// Jekyll publishes files of a collection as its documents: beside them, or where its `permalink` says.
  private func placeOfFile(_ path: String, in collection: String) -> String {
    let document = JekyllDocument(path: path, kind: .collection(collection))
    let pattern = document.filled(addresses.pattern(ofCollection: collection))
    let address = replaced(":name", by: document.name, in: replaced(":output_ext", by: "", in: pattern)).pathParts
    let usual = "content/" + path.dropFirst()
    guard let url = joined("", address.joined(separator: "/")), !url.isEmpty, !url.contains(":") else { return usual }
    let published = url + path.dropFirst(withoutExtension(path).count)
    return published == path.dropFirst() ? usual : "static/" + published
  }

  private func moveFile(_ path: String, _ contents: FileContents, _ draft: inout Draft) throws {
    let top = path.pathParts.first.map(String.init) ?? path
    switch top {
    case "_site", "node_modules": return
    case _ where path.pathParts.dropLast().contains("_posts") && Self.isText(path):
      draft.note(
        .lost, at: path, "the name of a post begins with its date, Jekyll left this one out",
        hint: "2026-11-22-name.md below content/posts")
    case configPath: return
    case "_data": moveData(path, "data" + path.dropFirst(5), contents, &draft)
    case "_layouts", "_includes", "_sass", "_plugins":
      draft.tally(
        .lost, at: top, "\(top) is left behind, the built-in theme takes its place",
        hint: top == "_plugins" ? nil : "templates/ holds your own, in Jinja2's language")
    default:
      if filter.isExcluded(path) {
        draft.tally(.lost, at: top, "\(top) is no part of the site, it is left behind")
      } else if let collection = publishedCollection(of: path) {
        if Self.isText(path), try beginsWithFrontMatter(contents.bytes()) {
          draft.note(.lost, at: path, "the file is made by Liquid", hint: "templates/ holds your own")
        } else {
          draft.add(placeOfFile(path, in: collection), contents, from: path)
        }
      } else if filter.isHidden(path) {
        draft.tally(.lost, at: top, "\(top) is left behind", hint: "files below a name with _ are no part of the site")
      } else if ["scss", "sass", "less"].contains(fileExtension(path)) {
        draft.tally(.lost, at: path, "Sass is not compiled", hint: "name compiled CSS in params.stylesheets")
      } else if path == "index.html" {
        // Only a template can take the place of the front page.
        let text = String(decoding: try contents.bytes(), as: UTF8.self)
        let isLiteral = !text.contains("{{") && !text.contains("{%") && !text.contains("{#")
        draft.add(
          "templates/index.html", isLiteral ? contents : .bytes(Array("{% raw %}\(text){% endraw %}".utf8)), from: path)
        draft.note(.converted, at: path, "the front page is a template: templates/index.html")
      } else if fileName(path) == "index.html", folders.contains(folder(of: path)) {
        draft.note(
          .lost, at: path, "the section \(folder(of: path)) has a page of its own here",
          hint: "write its text into content/\(folder(of: path))/_index.md")
      } else {
        draft.add("static/" + path, contents, from: path)
      }
    }
  }
}
