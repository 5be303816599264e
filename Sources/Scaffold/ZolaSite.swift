import Files

/// A site of Zola's (https://www.getzola.org/documentation/getting-started/directory-structure/).
struct ZolaSite {
  let old: FileTree
  let config: Setting
  private let paths: [String]

  /// - Throws: a `Diagnostic` where the configuration is not well formed, and whatever reading a file throws.
  init(_ site: FileTree) throws {
    old = site
    paths = site.paths.map(\.string)
    let bytes = try site.bytes(of: "config.toml") ?? []
    config = try readSettings(SourceText(path: "config.toml", bytes: bytes), 0..<bytes.count, .toml)
  }

  func draft() throws -> Draft {
    var draft = Draft()
    configure(&draft)
    let used = try moveContent(&draft)
    for path in paths {
      guard let place = TreePath(path), let contents = old[place] else { continue }
      if path.hasPrefix("static/") {
        draft.add(path, contents, from: path)
      } else if path.hasPrefix("data/") {
        moveData(path, path, contents, &draft)
      } else if path.hasPrefix("templates/") {
        if path.hasPrefix("templates/shortcodes/"), used.contains(withoutExtension(fileName(path))) { continue }
        draft.tally(
          .lost, at: path, "Tera templates are left behind, the built-in theme takes their place",
          hint: "templates/ holds your own, in Jinja2's language: much of Tera reads the same")
      } else if path.hasPrefix("sass/") {
        draft.tally(
          .lost, at: path, "Sass is not compiled",
          hint: "put the compiled CSS into assets/, and name it in params.stylesheets")
      } else if path.hasPrefix("themes/") {
        let theme = path.pathParts.prefix(2).joined(separator: "/")
        draft.tally(
          .lost, at: theme, "the theme \(theme) is left behind, the built-in one takes its place",
          hint: "copy what pages refer to from its static/ folder")
      }
    }
    return draft
  }

  // MARK: Content

  /// - Returns: the names of the shortcodes that pages use.
  private func moveContent(_ draft: inout Draft) throws -> Set<String> {
    let ignored = (config["ignored_content"]?.texts ?? []).flatMap { alternatives($0) }
    let all = paths.filter { $0.hasPrefix("content/") }
    let content = all.filter { path in !ignored.contains { isCovered(path, by: $0, byName: true) } }
    if content.count < all.count, let entry = config.entry("ignored_content") {
      draft.note(
        .converted, at: SourceLocation(path: "config.toml", line: entry.line, column: 1),
        "files of ignored_content are left out", hint: "names that begin with a dot are not read")
    }
    let links = ContentIndex(content)
    var own: Set<String> = []
    for path in paths where path.contains("templates/shortcodes/") { own.insert(withoutExtension(fileName(path))) }
    var shortcodes: [String: SourceLocation] = [:]
    for path in content {
      guard let place = TreePath(path), let contents = old[place] else { continue }
      guard fileExtension(path) == "md" else {
        draft.add(path, contents, from: path)
        continue
      }
      let source = SourceText(path: path, bytes: try contents.bytes())
      guard var page = draft.page(source, to: path) else { continue }
      normalize(&page, at: path, images: ImageFolders(atRoot: ["static"]), old, &draft)
      adjust(&page, &draft)
      var text = ZolaText(
        page.source, from: page.bodyStart, links: links, shortcodes: own.union(Self.zolaBuiltIn), own: own,
        standard: language(of: path) == nil ? nil : config["default_language"]?.text ?? "en")
      text.convert()
      for use in text.uses where shortcodes[use.name] == nil { shortcodes[use.name] = use.location }
      let body = text.edit.finish()
      draft.take(text.edit.notes)
      draft.add(path, .bytes(page.written(body: body)), from: path)
    }
    draft.addStubs(shortcodes, .zola, old) {
      "shortcode \($0) has no equivalent, it prints what stands between its tags"
    } own: { name in
      paths.first { $0.contains("templates/shortcodes/") && withoutExtension(fileName($0)) == name }
    }
    return Set(shortcodes.keys)
  }

  private static let zolaBuiltIn: Set<String> = ["youtube", "vimeo", "streamable", "gist", "figure", "image"]

  /// The language that a page's name says: `fr` of `about.fr.md`; nil for the default one.
  private func language(of path: String) -> String? {
    let parts = fileName(path).split(separator: ".")
    guard parts.count > 2 else { return nil }
    let code = String(parts[parts.count - 2])
    return (config["languages"]?.entries ?? []).contains { $0.key == code } && code != config["default_language"]?.text
      ? code : nil
  }

  /// What the address of a page is made of: its file's name, or that of its bundle's folder; nil for a section.
  private func ownName(of path: String) -> String? {
    var stem = withoutExtension(fileName(path))
    if let code = language(of: path) { stem = String(stem.dropLast(code.count + 1)) }
    switch stem {
    case "_index": return nil
    case "index":
      let folder = folder(of: path)
      return folder == "content" ? nil : fileName(folder)
    default: return stem
    }
  }

  /// `*.{a,b}` → `*.a` and `*.b`.
  private func alternatives(_ pattern: String) -> [String] {
    guard let open = pattern.firstIndex(of: "{"), let close = pattern[open...].firstIndex(of: "}") else {
      return [pattern]
    }
    let inner = pattern[pattern.index(after: open)..<close]
    return inner.split(separator: ",", omittingEmptySubsequences: false).prefix(100).map {
      pattern[..<open] + trimmed($0) + pattern[pattern.index(after: close)...]
    }
  }

  /// Front matter that only Zola understands.
  private func adjust(_ page: inout SourcePage, _ draft: inout Draft) {
    if page.settings["slug"] == nil, page.settings["path"] == nil, let own = ownName(of: page.source.path),
      own.contains("_"), config["slugify"]?["paths"]?.text ?? "on" == "on"
    {
      // Zola's slugs have hyphens for underscores, ours keep them.
      let name = own.split(separator: "_", omittingEmptySubsequences: false).joined(separator: "-")
      let dated = name.utf8.count > 11 && normalizedDate(String(name.prefix(10))) != nil
      page.set("slug", .text(dated ? String(name.dropFirst(11)) : name))
    }
    if language(of: page.source.path) != nil {
      // Zola reads them from the site's root, in every language.
      if let path = page.settings["path"]?.text, !path.hasPrefix("/") { page.set("path", .text("/" + path)) }
      if let aliases = page.settings["aliases"]?.texts, aliases.contains(where: { !$0.hasPrefix("/") }) {
        page.set("aliases", .list(aliases.map { $0.hasPrefix("/") || $0.contains("://") ? $0 : "/" + $0 }))
      }
    }
    if let target = page.settings["redirect_to"]?.text, !target.contains("://"), !target.hasPrefix("/") {
      // Zola reads it from the site's root.
      page.set("redirect_to", .text("/" + target))
    }
    if page.settings["render"]?.bool == false {
      draft.tally(
        .lost, at: page.place(of: "render"), "pages and sections with render = false are published",
        hint: "make it a draft if it must not be")
    }
    for key in Self.templateKeys where page.settings[key] != nil {
      draft.tally(
        .kept, at: page.place(of: key), "front matter key \(key) does nothing here",
        hint: "templates find it in page.params")
    }
  }

  private static let templateKeys = [
    "page_template", "insert_anchor_links", "in_search_index", "generate_feeds", "generate_feed", "paginate_path",
    "paginate_reversed", "sort_by", "paginate_by", "transparent",
  ]

  // MARK: Configuration

  private func configure(_ draft: inout Draft) {
    let extra = config["extra"] ?? Setting(.map([]))
    draft.site.setText("title", config["title"]?.text)
    draft.site.setText("description", config["description"]?.text)
    draft.site.setURL(config["base_url"])
    let standard = config["default_language"]?.text ?? "en"
    draft.site.setText("language", standard)
    draft.site.setText("author", config["author"]?.text ?? authorName(extra["author"]))
    var taxonomies = (config["taxonomies"]?.items ?? []).compactMap { $0["name"]?.text }
    for language in config["languages"]?.entries ?? [] {
      let own = (language.setting["taxonomies"]?.items ?? []).compactMap { $0["name"]?.text }
      taxonomies += own.filter { !taxonomies.contains($0) }
    }
    if config["taxonomies"] != nil || !taxonomies.isEmpty { draft.site.set("taxonomies", .list(taxonomies)) }
    if let limit = config["feed_limit"]?.int, limit > 0 { draft.site.set("feed_limit", Setting(.int(limit))) }
    feeds(&draft)
    let params = menus(extra, &draft)
    languages(standard, &draft)
    if let entry = config.entry("translations") {
      draft.addPhrases(entry.setting, code: standard, from: SourceLocation(path: "config.toml", line: entry.line))
    }
    var markdown = Setting(.map([]))
    if config["markdown"]?["render_emoji"]?.bool == true { markdown.set("emoji", Setting(.bool(true))) }
    if config["markdown"]?["smart_punctuation"]?.bool != true { markdown.set("smart", Setting(.bool(false))) }
    if config["markdown"]?["highlight_code"]?.bool == false { markdown.set("highlight", Setting(.bool(false))) }
    let anchors = config["slugify"]?["anchors"]?.text ?? "on"
    markdown.set("heading_ids", .text(anchors == "on" ? "zola" : "zola-safe"))
    draft.site.set("markdown", markdown)
    draft.setParams(params, from: "config.toml", old, statics: ["static/"])
    for entry in config.entries {
      guard !Self.carriedKeys.contains(entry.key) else { continue }
      let location = SourceLocation(path: "config.toml", line: entry.line, column: entry.line > 0 ? 1 : 0)
      let reason = Self.lostKeys[entry.key]
      draft.note(.lost, at: location, entry.key + (reason.map { ": " + $0 } ?? " has no equivalent"))
    }
  }

  /// `atom.xml` and `rss.xml` have their names here too.
  private func feeds(_ draft: inout Draft) {
    guard let entry = config.entry("feed_filenames") ?? config.entry("feed_filename") else { return }
    let formats = ["atom.xml": "atom", "rss.xml": "rss"]
    let names = entry.setting.texts
    let known = names.compactMap { formats[$0] }
    if !known.isEmpty, known != ["atom"] { draft.site.set("feeds", .list(known)) }
    for name in names where formats[name] == nil {
      draft.note(
        .lost, at: SourceLocation(path: "config.toml", line: entry.line, column: 1),
        "the feed \(name) has another name here",
        hint: "feeds are atom.xml, rss.xml and feed.json")
    }
  }

  /// A list of maps with name and URL is what themes of Zola take as a menu.
  private func menus(_ extra: Setting, _ draft: inout Draft) -> Setting {
    var params = extra
    var menus = Setting(.map([]))
    for entry in extra.entries where entry.key.contains("menu") || entry.key.contains("nav") {
      let items = entry.setting.items
      let found = items.compactMap { item -> Setting? in
        guard let name = (item["name"] ?? item["title"] ?? item["text"])?.text,
          let url = (item["url"] ?? item["link"] ?? item["path"])?.text
        else { return nil }
        return menuItem(name: name, url: siteURL(withoutBase(url)))
      }
      guard !found.isEmpty, found.count == items.count else { continue }
      let name = menus.entries.isEmpty ? "main" : entry.key
      menus.set(name, Setting(.list(found)))
      params.remove(entry.key)
      draft.note(
        .converted, at: SourceLocation(path: "config.toml", line: entry.line), "extra.\(entry.key) is the menu \(name)")
    }
    if !menus.entries.isEmpty { draft.site.set("menus", menus) }
    return params
  }

  private func withoutBase(_ url: String) -> String {
    let isInside = url.hasPrefix("$BASE_URL")
    var rest = isInside ? String(url.dropFirst("$BASE_URL".count)) : url
    if rest.hasPrefix("@/") { rest = withoutExtension(String(rest.dropFirst())) + "/" }
    if rest.hasSuffix("/_index/") { rest = String(rest.dropLast("_index/".count)) }
    if rest.isEmpty { return "/" }
    // A path that names no file is that of a page.
    return rest.hasPrefix("/") && !rest.hasSuffix("/") && fileExtension(String(rest.dropFirst())).isEmpty
      && !rest.contains("#") ? rest + "/" : rest
  }

  private func languages(_ standard: String, _ draft: inout Draft) {
    guard let given = config["languages"], !given.entries.isEmpty else { return }
    var languages = SettingMap()
    languages.set(standard, Setting(.map([])))
    for language in given.entries {
      var map = Setting(.map([]))
      // Zola's addresses have the code as it is written.
      if language.key != language.key.lowercased() { map.setText("prefix", language.key) }
      map.setText("title", language.setting["title"]?.text)
      map.setText("description", language.setting["description"]?.text)
      if let extra = language.setting["extra"], !extra.entries.isEmpty { map.set("params", extra) }
      let place = SourceLocation(path: "config.toml", line: language.line)
      if let phrases = language.setting["translations"] { draft.addPhrases(phrases, code: language.key, from: place) }
      languages.set(language.key, map)
      for entry in language.setting.entries where !Self.languageKeys.contains(entry.key) {
        draft.note(
          .lost, at: SourceLocation(path: "config.toml", line: entry.line),
          "\(entry.key) of the language \(language.key) has no equivalent")
      }
    }
    draft.site.set("languages", languages.setting)
  }

  /// Keys of a language that are carried over, or whose effect is built in.
  private static let languageKeys: Set<String> = [
    "title", "description", "extra", "translations", "taxonomies", "generate_feeds", "generate_feed", "feed_filenames",
    "feed_filename", "build_search_index", "search",
  ]

  /// Keys that are read above, or whose effect is built in.
  private static let carriedKeys: Set<String> = [
    "title", "description", "base_url", "default_language", "author", "taxonomies", "feed_limit", "extra", "languages",
    "markdown", "generate_feeds", "generate_feed", "feed_filenames", "feed_filename", "build_search_index",
    "generate_sitemap", "generate_robots_txt", "output_dir", "hard_link_static", "minify_html", "slugify", "search",
    "translations", "ignored_content", "preserve_dotfiles_in_output",
  ]

  private static let lostKeys: [String: String] = [
    "theme": "the built-in theme takes its place",
    "compile_sass": "Sass is not compiled",
    "link_checker": "internal links are always checked",
    "exclude_paginated_pages_in_sitemap": "the site map lists the first page of a list",
  ]
}
