import Files

/// A site of Hugo's (https://gohugo.io/getting-started/directory-structure/).
struct HugoSite {
  let old: FileTree
  /// The whole configuration, `config/_default` merged in; keys in any case.
  private(set) var config = Setting(.map([]))
  /// The file that each key of the top level was read from.
  private(set) var configPaths: [String: String] = [:]
  let folders: HugoFolders
  /// Content files of the old site, and their places in the new one, where pages are Markdown.
  private(set) var content: [(old: String, new: String)] = []
  let links: ContentIndex
  /// Codes of languages that are configured and not published.
  let disabledLanguages: Set<String>
  /// Whether a relative link means what it would on the page's address, and not beside its file: there is no hook for links.
  let linksAreOfAddresses: Bool
  private let ownShortcodes: Set<String>
  private let paths: [String]

  /// - Throws: a `Diagnostic` where the configuration is not well formed, and whatever reading a file throws.
  init(_ site: FileTree) throws {
    old = site
    paths = site.paths.map(\.string)
    var read = HugoConfigurationFiles()
    try read.read(site)
    config = read.config
    configPaths = read.paths
    let disabled = Self.disabledLanguages(config)
    disabledLanguages = disabled
    let folders = HugoFolders(config)
    self.folders = folders
    content = paths.compactMap { path in
      guard let place = folders.contentPlace(of: path) else { return nil }
      let isDisabled = disabled.contains { code in
        place.hasPrefix("content/\(code)/") || withoutExtension(place).hasSuffix("." + code)
      }
      return isDisabled ? nil : (path, Self.isPage(path, site) ? withoutExtension(place) + ".md" : place)
    }
    let languages = (config["languages"]?.entries ?? []).map { $0.key.lowercased() }
    links = ContentIndex(content.map(\.new), languages: languages)
    // Hugo has such a hook itself since 0.123, for sites in several languages.
    let hasOwnHook = languages.count - disabled.count > 1 && (Self.version(site) ?? 123) >= 123
    linksAreOfAddresses =
      !hasOwnHook && !paths.contains { $0.contains("layouts/") && $0.contains("_markup/render-link") }
    ownShortcodes = Set(
      paths.compactMap { path in
        [folders.layouts + "/shortcodes/", folders.layouts + "/_shortcodes/"].first { path.hasPrefix($0) }.map {
          withoutExtension(String(path.dropFirst($0.count)))
        }
      })
  }

  private static func disabledLanguages(_ config: Setting) -> Set<String> {
    let entries = config["languages"]?.entries ?? []
    let named = config["disableLanguages"]?.texts ?? []
    return Set(entries.filter { $0.setting["disabled"]?.bool == true || named.contains($0.key) }.map(\.key))
  }

  /// `96` of Hugo 0.96, where a file for those who build the site names it.
  private static func version(_ site: FileTree) -> Int? {
    for (path, key) in [
      ("netlify.toml", "HUGO_VERSION"), ("package.json", "\"hugo-extended\""), ("package.json", "\"hugo-bin\""),
    ] {
      guard let place = TreePath(path), let bytes = try? site.bytes(of: place) else { continue }
      var finder = Finder(key)
      guard let start = finder.next(in: bytes, from: 0) else { continue }
      let line = bytes[(start + key.utf8.count)...].prefix { $0 != 0x0A }
      let parts = line.drop { !isDigit($0) }.split(separator: UInt8(ascii: "."))
      if parts.count > 1, let number = Int(String(decoding: parts[1].prefix { isDigit($0) }, as: UTF8.self)) {
        return number
      }
    }
    return nil
  }

  /// Where the file of a key of the configuration stands.
  func place(_ entry: Setting.Entry) -> SourceLocation {
    let path = configPaths[entry.key.lowercased()] ?? configPaths.values.min() ?? "hugo.toml"
    return SourceLocation(path: path, line: entry.line, column: entry.line > 0 ? 1 : 0)
  }

  /// Where a key inside the table `table` stands.
  func place(_ entry: Setting.Entry, of table: String) -> SourceLocation {
    let path = configPaths[table.lowercased()] ?? configPaths.values.min() ?? "hugo.toml"
    return SourceLocation(path: path, line: entry.line, column: entry.line > 0 ? 1 : 0)
  }

  func draft() throws -> Draft {
    var draft = Draft()
    configure(&draft)
    let used = try moveContent(&draft)
    try moveFiles(&draft)
    listLeftovers(used, &draft)
    return draft
  }

  /// Whether a file of Hugo's content is a page: one of HTML is where it has front matter.
  private static func isPage(_ path: String, _ site: FileTree) -> Bool {
    switch fileExtension(path) {
    case "md", "markdown", "mkd", "mkdown", "mdown": return true
    case "html", "htm":
      guard let place = TreePath(path), let bytes = try? site.bytes(of: place) else { return false }
      return (try? SourcePage(SourceText(path: path, bytes: bytes)))?.format != nil
    default: return false
    }
  }

  // MARK: Content

  /// - Returns: the names of the shortcodes that pages use.
  private func moveContent(_ draft: inout Draft) throws -> Set<String> {
    var shortcodes: [String: SourceLocation] = [:]
    let cascades = try findCascades()
    for (path, target) in content {
      guard let place = TreePath(path), let contents = old[place] else { continue }
      if isMarkdown(target) {
        movePage(SourceText(path: path, bytes: try contents.bytes()), to: target, cascades, &draft, &shortcodes)
        continue
      }
      switch fileExtension(path) {
      case "org", "adoc", "asciidoc", "ad", "rst", "pandoc", "pdc":
        draft.note(
          .lost, at: path, "\(fileExtension(path)) is no notation of Colophon's", hint: "convert it to Markdown")
      case "gotmpl":
        draft.note(
          .lost, at: path, "pages that a content adapter makes are not there, nothing runs it",
          hint: "write them as files below content/")
      default:
        draft.add(target, contents, from: path)
      }
    }
    draft.addStubs(shortcodes, .hugo, old) {
      "shortcode \($0) has no equivalent, it prints what stands between its tags"
    } own: { name in
      ["shortcodes/\(name).html", "_shortcodes/\(name).html", "shortcodes/\(name).md"].map {
        folders.layouts + "/" + $0
      }
      .first { TreePath($0).map { old.contains($0) } ?? false }
    }
    return Set(shortcodes.keys)
  }

  private func movePage(
    _ source: SourceText, to target: String, _ cascades: [String: Setting], _ draft: inout Draft,
    _ shortcodes: inout [String: SourceLocation]
  ) {
    guard var page = draft.page(source, to: target) else { return }
    let sections = ["_index.md", "index.md"].map { withoutExtension(target) + "/" + $0 }
    if page.settings["url"] == nil, page.settings["slug"] == nil,
      let section = sections.first(where: { links.contains($0) })
    {
      draft.note(
        .lost, at: source.path, "the page has the address of \(section), Hugo publishes one of them",
        hint: "write its text there")
      return
    }
    useKnownCase(&page, &draft)
    adjustCascade(&page, &draft)
    normalize(&page, at: target, images: ImageFolders(atRoot: folders.statics), old, &draft)
    adjust(&page, at: target, &draft)
    setAddress(&page, at: target, &draft)
    var parameters = HugoParameters(page: [page.settings], site: draft.site["params"] ?? Setting(.map([])))
    var folder = folder(of: target)
    while !folder.isEmpty {
      if let values = cascades[folder] { parameters.page.append(values) }
      folder = Scaffold.folder(of: folder)
    }
    var text = HugoText(
      page.source, from: page.bodyStart, links: links, page: target, own: ownShortcodes, parameters: parameters)
    let isHTML = ["html", "htm"].contains(fileExtension(source.path))
    text.convert(code: isHTML ? [] : codeRanges(page.source.bytes, from: page.bodyStart))
    for use in text.uses where shortcodes[use.name] == nil { shortcodes[use.name] = use.location }
    var body = text.edit.finish()
    body = isHTML ? htmlAsMarkdown(body) : markdown(body, page, at: target, &draft)
    draft.take(text.edit.notes)
    draft.add(target, .bytes(page.written(body: body)), from: source.path)
  }

  /// A cascade may be a list, each item with pages of its own that it is for, and may name templates of the old theme.
  private func adjustCascade(_ page: inout SourcePage, _ draft: inout Draft) {
    guard let given = page.settings["cascade"] else { return }
    let items = given.items.isEmpty ? [given] : given.items
    var merged = Setting(.map([]))
    var isAsGiven = given.items.isEmpty
    for var item in items {
      if item["_target"] != nil || item["target"] != nil {
        draft.note(
          .lost, at: page.place(of: "cascade"), "a cascade for some of the pages of a section",
          hint: "write its values into those pages")
        isAsGiven = false
        continue
      }
      for key in ["layout", "template"] where item[key] != nil {
        draft.tally(
          .lost, at: page.place(of: "cascade"), "\(key) in a cascade was a template of the old theme",
          hint: "write the template, and name it again")
        item.remove(key)
        isAsGiven = false
      }
      merged.merge(item)
    }
    if isAsGiven { return }
    if merged.entries.isEmpty { page.remove("cascade") } else { page.set("cascade", merged) }
  }

  /// Front matter that only Hugo understands.
  private func adjust(_ page: inout SourcePage, at target: String, _ draft: inout Draft) {
    if let url = page.settings["url"]?.text, url.contains(":"), !url.contains("://") {
      draft.note(.lost, at: page.place(of: "url"), "url with tokens: \(url)", hint: "write the path out")
      page.remove("url")
    }
    let aliases = page.settings["aliases"]?.texts ?? []
    if aliases.contains(where: { !$0.hasPrefix("/") && !$0.contains("://") }) {
      // Hugo reads these from one above the page's own address.
      let place = HugoPlace(target, config)
      let usual = place.prefix + place.folders + (place.isIndex ? [] : [place.name])
      let own = page.settings["url"]?.text.map { $0.pathParts.map(String.init) } ?? usual
      let folder = own.dropLast().joined(separator: "/")
      let absolute = aliases.map { alias in
        alias.hasPrefix("/") || alias.contains("://")
          ? alias : "/" + (joined(folder, alias) ?? alias) + (alias.hasSuffix("/") ? "/" : "")
      }
      page.set("aliases", .list(absolute))
      draft.tally(.converted, at: page.place(of: "aliases"), "aliases relative to the page are paths of the site now")
    }
    let isHidden =
      page.settings["headless"]?.bool == true
      || ["never", "link"].contains((page.settings["_build"] ?? page.settings["build"])?["render"]?.text ?? "")
    if isHidden, page.settings["draft"]?.bool != true {
      page.set("draft", Setting(.bool(true)))
      draft.tally(
        .lost, at: page.place(of: "headless"), "pages that are built but not published are drafts now",
        hint: "drafts are left out of the site")
    }
    for key in Self.ignoredKeys where page.settings[key] != nil {
      draft.tally(
        .kept, at: page.place(of: key), "front matter key \(key) does nothing here",
        hint: "templates find it in page.params")
    }
  }

  private static let ignoredKeys = [
    "type", "outputs", "markup", "resources", "sitemap", "isCJKLanguage", "linkTitle", "headless",
    "_build", "build", "audio", "videos", "images", "series_weight", "disableComments",
  ]

  // MARK: Other files

  private func moveFiles(_ draft: inout Draft) throws {
    let (data, archetypes, phrases) = (folders.data, folders.archetypes, folders.phrases + "/")
    for path in paths {
      guard let place = TreePath(path), let contents = old[place] else { continue }
      if let folder = folders.statics.first(where: { path.hasPrefix($0 + "/") }) {
        draft.add("static" + path.dropFirst(folder.count), contents, from: path)
      } else if path.hasPrefix(data + "/") {
        moveData(path, "data" + path.dropFirst(data.count), contents, &draft)
      } else if path.hasPrefix(archetypes + "/") {
        draft.add("archetypes" + path.dropFirst(archetypes.count), contents, from: path)
      } else if path.hasPrefix(phrases), let format = SettingFormat(fileExtension: fileExtension(path)) {
        let source = SourceText(path: path, bytes: try contents.bytes())
        do throws(Diagnostic) {
          let table = try readSettings(source, 0..<source.bytes.count, format)
          draft.addPhrases(table, code: withoutExtension(fileName(path)), from: SourceLocation(path: path))
        } catch {
          draft.note(
            .lost, at: error.location ?? SourceLocation(path: path), "phrases cannot be read: \(error.message)")
        }
      }
    }
    try moveAssets(&draft)
  }

  /// Files for Hugo's pipes. Those that a page or the configuration names are published under that name; the others were a theme's.
  private func moveAssets(_ draft: inout Draft) throws {
    let folder = folders.assets + "/"
    let assets = paths.filter { $0.hasPrefix(folder) }
    guard !assets.isEmpty else { return }
    var named: Set<String> = []
    for (path, target) in content where isMarkdown(target) {
      if let place = TreePath(path), let bytes = try old.bytes(of: place) { collectPaths(bytes, into: &named) }
    }
    collectPaths(config.yamlLines().joined(separator: "\n").utf8, into: &named)
    for path in assets {
      let name = String(path.dropFirst(folder.count))
      guard let place = TreePath(path), let contents = old[place] else { continue }
      if named.contains(name) {
        draft.add("static/" + name, contents, from: path)
        draft.tally(.converted, at: path, "files of \(folder) that pages name are in static/ now")
      } else {
        let group = folder + (name.pathParts.dropLast().first.map { $0 + "/" } ?? fileName(name))
        draft.tally(
          .lost, at: group, "\(group) is left behind, no page names what is in it",
          hint: "style sheets: params.stylesheets in site.yaml; other files: static/")
      }
    }
  }

  /// - Parameter used: names of shortcodes that have a note of their own.
  private func listLeftovers(_ used: Set<String>, _ draft: inout Draft) {
    let layouts = folders.layouts + "/"
    for path in paths {
      if path.hasPrefix(layouts) {
        if path.contains("shortcodes/"), used.contains(withoutExtension(fileName(path))) { continue }
        draft.tally(
          .lost, at: path, "Go templates are not understood, the built-in theme takes their place",
          hint: "templates/ holds your own, in Jinja2's language")
      } else if path.hasPrefix("themes/") {
        let theme = path.pathParts.prefix(2).joined(separator: "/")
        draft.tally(
          .lost, at: theme, "the theme \(theme) is left behind, the built-in one takes its place",
          hint: "copy what pages refer to from its static/ folder")
      } else if path.hasPrefix("config/"), !path.hasPrefix("config/_default/"), path.pathParts.count > 2 {
        let folder = path.pathParts.prefix(2).joined(separator: "/")
        draft.tally(
          .lost, at: folder, "the environment \(folder) is left behind, its values are not those of config/_default",
          hint: "site.yaml is the configuration of every build")
      } else if path == "go.mod" || path == "package.json" {
        draft.note(.lost, at: path, "modules and packages are not fetched")
      }
    }
  }
}

/// A data file; YAML, TOML, JSON, CSV and XML are read here too.
func moveData(_ path: String, _ target: String, _ contents: FileContents, _ draft: inout Draft) {
  guard ["yaml", "yml", "toml", "json", "csv", "xml"].contains(fileExtension(path)) else {
    let notation = fileExtension(path)
    draft.note(
      .lost, at: path,
      notation.isEmpty ? "a file without an extension is not read as data" : "\(notation) is no notation of data here",
      hint: "convert it to YAML or CSV")
    return
  }
  draft.add(target, contents, from: path)
}
