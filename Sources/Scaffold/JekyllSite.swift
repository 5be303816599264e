import Files

/// A site of Jekyll's (https://jekyllrb.com/docs/structure/).
struct JekyllSite {
  let old: FileTree
  let config: Setting
  let configPath: String
  let paths: [String]
  /// How addresses are made.
  let addresses: JekyllAddresses
  /// Every file that becomes a page, by its path in the old site.
  private(set) var documents: [String: JekyllDocument] = [:]
  /// Folders below `content/` that hold pages.
  private(set) var folders: Set<String> = []
  /// Values that front matter defaults give to whole sections, by the folder below `content/`.
  let cascades: [String: Setting]

  /// - Throws: a `Diagnostic` where the configuration is not well formed, and whatever reading a file throws.
  init(_ site: FileTree) throws {
    old = site
    paths = site.paths.map(\.string)
    let names = ["_config.yml", "_config.yaml", "_config.toml"]
    configPath = names.first { TreePath($0).map { site.contains($0) } ?? false } ?? names[0]
    let bytes = try TreePath(configPath).flatMap { try site.bytes(of: $0) } ?? []
    let format = SettingFormat(fileExtension: fileExtension(configPath)) ?? .yaml
    let settings = try readLeniently(SourceText(path: configPath, bytes: bytes), 0..<bytes.count, format).settings
    config = if case .map = settings.value { settings } else { Setting(.map([])) }
    addresses = JekyllAddresses(config)
    cascades = Self.cascades(config)
    try findDocuments()
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
    addCascades(&draft)
    addStubs(includes, &draft)
    configure(&draft)
    return draft
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
        guard bytes.starts(with: Array("---".utf8)) || bytes.starts(with: [0xEF, 0xBB, 0xBF, 0x2D, 0x2D, 0x2D]) else {
          continue
        }
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
    if isExcluded(path) { return nil }
    for (index, part) in parts.dropLast().enumerated() where part.hasPrefix("_") {
      if part == "_posts" {
        return JekyllDocument.isNamedAsPost(path) ? .post(categories: Array(parts[..<index])) : nil
      }
      if part == "_drafts" { return .draft(categories: Array(parts[..<index])) }
      let name = String(part.dropFirst())
      return index == 0 && collections.contains(name) ? .collection(name) : nil
    }
    return parts.last?.hasPrefix("_") == true ? nil : .page
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

  /// `exclude`, whose `*` stands for slashes too, and what Jekyll leaves out by itself; `include` brings back.
  func isExcluded(_ path: String) -> Bool {
    let name = path.pathParts.first.map(String.init) ?? path
    if (config["include"]?.texts ?? []).contains(name) { return false }
    return (Self.leftOut + (config["exclude"]?.texts ?? [])).contains { pattern in
      let folder = pattern.pathParts.joined(separator: "/")
      if path == folder || path.hasPrefix(folder + "/") { return true }
      return pattern.contains("*") && isCovered(path, by: folder)
    }
  }

  /// Whether a pattern matches a file or one of the folders that it lies in.
  private func isCovered(_ path: String, by pattern: String) -> Bool {
    let glob = Array(replaced("*", by: "**", in: replaced("**", by: "*", in: pattern)).utf8)
    var bytes = Array(path.utf8)[...]
    while true {
      if matches(bytes, glob: glob[...]) { return true }
      guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return false }
      bytes = bytes[..<slash]
    }
  }

  /// https://jekyllrb.com/docs/configuration/options/#global-configuration
  static let leftOut = [
    "Gemfile", "Gemfile.lock", "node_modules", "vendor/bundle", "vendor/cache", "vendor/gems", "vendor/ruby", "_site",
  ]

  // MARK: Files without front matter

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
      if isExcluded(path) {
        draft.tally(.lost, at: top, "\(top) is no part of the site, it is left behind")
      } else if path.pathParts.contains(where: { $0.hasPrefix("_") }) {
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

  // MARK: Defaults

  /// `defaults` of the configuration, for posts, collections and folders; templates and addresses are handled elsewhere.
  private static func cascades(_ config: Setting) -> [String: Setting] {
    var cascades: [String: Setting] = [:]
    for item in config["defaults"]?.items ?? [] {
      guard var values = item["values"] else { continue }
      for key in ["layout", "permalink"] { values.remove(key) }
      guard !values.entries.isEmpty else { continue }
      let type = item["scope"]?["type"]?.text ?? ""
      let path = (item["scope"]?["path"]?.text ?? "").pathParts.joined(separator: "/")
      let section: String
      switch type {
      case "posts", "drafts": section = "posts"
      case "pages", "": section = path.hasPrefix("_") ? String(path.dropFirst()) : path
      default: section = type
      }
      var merged = cascades[section] ?? Setting(.map([]))
      merged.merge(values)
      cascades[section] = merged
    }
    return cascades
  }

  /// Sections without a page of their own get one where they have values for their pages.
  private func addCascades(_ draft: inout Draft) {
    for (section, values) in cascades.sorted(by: { $0.key < $1.key }) {
      let path = section.isEmpty ? "content/_index.md" : "content/\(section)/_index.md"
      guard !draft.has(path) else { continue }
      var map = Setting(.map([]))
      if !section.isEmpty { map.set("title", .text(titled(fileName(section)))) }
      map.set("cascade", values)
      let text = "---\n" + map.yamlLines().joined(separator: "\n") + "\n---\n"
      draft.add(path, .bytes(Array(text.utf8)), from: configPath)
    }
    if !cascades.isEmpty {
      draft.note(
        .converted, at: SourceLocation(path: configPath, line: config.entry("defaults")?.line ?? 0),
        "defaults are the cascade of a section's _index.md")
    }
  }

  private func addStubs(_ used: [String: SourceLocation], _ draft: inout Draft) {
    for (name, location) in used.sorted(by: { $0.key < $1.key }) where !HugoSite.builtIn.contains(name) {
      let own = paths.first { path in
        path.hasPrefix("_includes/")
          && LiquidText.shortcodeName(String(path.dropFirst("_includes/".count))) == name
      }
      let text = own.flatMap { TreePath($0) }.flatMap { try? old.bytes(of: $0) }
      draft.addStub(name, replacing: text, at: location, generator: .jekyll)
      draft.note(
        .lost, at: location, "include \(name) is a shortcode now, and prints nothing yet",
        hint: "write it as a template: templates/shortcodes/\(name).html")
    }
  }
}
