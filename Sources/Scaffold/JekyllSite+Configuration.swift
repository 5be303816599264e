import Files

extension JekyllSite {
  /// `site.yaml` from `_config.yml`. Keys of the site's own become parameters, as Jekyll's templates saw them.
  func configure(_ draft: inout Draft) {
    draft.site.setText("title", config["title"]?.text ?? config["name"]?.text)
    draft.site.setText("description", (config["description"] ?? config["tagline"])?.text.map { trimmed($0) })
    let base = config["baseurl"]?.text ?? ""
    if let url = config["url"]?.text { draft.site.setURL(.text(url + base)) }
    draft.site.setText("language", (config["lang"] ?? config["locale"] ?? config["language"])?.text.map(Self.language))
    draft.site.setText("author", authorName(config["author"]))
    let hasContent = draft.files.paths.contains { $0.string.hasPrefix("content/") }
    if hasContent { draft.site.set("taxonomies", .list(["tags", "categories"])) }
    let size = (config["paginate"] ?? config["pagination"]?["per_page"])?.int
    if let size, size > 0 { draft.site.set("page_size", Setting(.int(size))) }
    let hasPosts = draft.files.paths.contains { $0.string.hasPrefix("content/posts/") }
    if hasPosts, let pattern = addresses.sectionPattern {
      var patterns = Setting(.map([]))
      patterns.set("posts", .text(pattern))
      draft.site.set("permalinks", patterns)
    }
    menus(&draft)
    markdown(&draft)
    var params = SettingMap()
    for entry in config.entries where !Self.carriedKeys.contains(entry.key) {
      let location = SourceLocation(path: configPath, line: entry.line, column: 1)
      let isUsual = entry.setting.bool == false && ["future", "show_drafts", "unpublished"].contains(entry.key)
      if isUsual || entry.key == "source" && entry.setting.text.flatMap({ joined("", $0) }) == "" { continue }
      if let reason = Self.lostKeys[entry.key] {
        draft.note(.lost, at: location, "\(entry.key): \(reason)")
      } else if !entry.setting.isNull {
        params.set(entry.key, entry.setting)
        draft.note(.kept, at: location, "\(entry.key) is params.\(entry.key) now", hint: nil)
      }
    }
    plugins(&draft)
    draft.setParams(params.setting, from: configPath, old, statics: [""])
  }

  /// `en_US` → `en-US`.
  private static func language(_ text: String) -> String { String(text.map { $0 == "_" ? "-" : $0 }) }

  /// `header_pages` (minima) or a data file for navigation; else the titled pages at the top.
  private func menus(_ draft: inout Draft) {
    var items: [Setting] = []
    var place = SourceLocation(path: configPath)
    if let navigation = navigation(), !navigation.items.isEmpty {
      items = navigation.items
      place = SourceLocation(path: navigation.path)
    } else {
      let wanted = config["header_pages"]?.texts
      let pages = wanted ?? paths.filter { !$0.contains("/") && documents[$0] != nil }
      for path in pages {
        guard let document = documents[path], document.name != "index",
          let target = TreePath(document.target), let bytes = try? draft.files.bytes(of: target),
          let page = try? SourcePage(SourceText(path: path, bytes: bytes)), let title = page.settings["title"]?.text
        else { continue }
        // As it is in the new site: its address is written out where it does not follow from its place.
        let isSection = document.target.hasSuffix("/_index.md")
        let place = withoutExtension(String(document.target.dropFirst("content/".count)))
        let folder = isSection ? sectionOf(document.target) : place
        let own = isSection ? nil : (page.settings["url"] ?? page.settings["permalink"])?.text
        items.append(menuItem(name: title, url: siteURL(own ?? (folder.isEmpty ? "/" : folder + "/"))))
      }
    }
    guard !items.isEmpty else { return }
    var menus = Setting(.map([]))
    menus.set("main", Setting(.list(items)))
    draft.site.set("menus", menus)
    draft.note(.converted, at: place, "the menu is menus.main")
  }

  private func navigation() -> (path: String, items: [Setting])? {
    for path in ["_data/navigation.yml", "_data/nav.yml", "_data/menu.yml", "_data/navigation.yaml"] {
      guard let place = TreePath(path), let bytes = try? old.bytes(of: place),
        let data = try? readSettings(SourceText(path: path, bytes: bytes), 0..<bytes.count, .yaml)
      else { continue }
      let list = data.items.isEmpty ? data["main"]?.items ?? [] : data.items
      let items = list.compactMap { item -> Setting? in
        guard let name = (item["title"] ?? item["name"])?.text, let url = (item["url"] ?? item["link"])?.text else {
          return nil
        }
        return menuItem(name: name, url: siteURL(url))
      }
      if !items.isEmpty { return (path, items) }
    }
    return nil
  }

  /// kramdown reads GitHub's dialect in Jekyll, which gives headings GitHub's ids; its own dialect has its own.
  private func markdown(_ draft: inout Draft) {
    var markdown = Setting(.map([]))
    let plugins = (config["plugins"] ?? config["gems"])?.texts ?? []
    if plugins.contains("jemoji") { markdown.set("emoji", Setting(.bool(true))) }
    let converter = config["markdown"]?.text?.lowercased() ?? "kramdown"
    let dialect = config["kramdown"]?["input"]?.text?.lowercased() ?? "gfm"
    if converter == "commonmarkghpages" || converter == "kramdown" && dialect != "gfm" {
      markdown.set("heading_ids", .text("kramdown"))
    }
    if !markdown.entries.isEmpty { draft.site.set("markdown", markdown) }
  }

  private func plugins(_ draft: inout Draft) {
    guard let given = config.entry("plugins") ?? config.entry("gems") else { return }
    let builtIn: Set<String> = [
      "jekyll-feed", "jekyll-sitemap", "jekyll-seo-tag", "jekyll-paginate", "jekyll-paginate-v2",
      "jekyll-redirect-from", "jemoji", "jekyll-archives", "jekyll-toc", "jekyll-relative-links",
      "jekyll-optional-front-matter", "jekyll-titles-from-headings", "jekyll-gist", "kramdown-parser-gfm",
      "jekyll-last-modified-at", "jekyll-default-layout", "jekyll-github-metadata", "jekyll-mentions",
    ]
    let location = SourceLocation(path: configPath, line: given.line, column: 1)
    for name in given.setting.texts where !builtIn.contains(name) {
      draft.note(.lost, at: location, "plugin \(name) has no equivalent")
    }
    if given.setting.texts.contains("jekyll-feed") {
      draft.note(.converted, at: location, "the feed /feed.xml is /atom.xml now")
    }
  }

  /// Keys that are read above, or whose effect is built in.
  private static let carriedKeys: Set<String> = [
    "title", "name", "description", "tagline", "url", "baseurl", "lang", "locale", "language", "author", "paginate",
    "pagination", "permalink", "header_pages", "plugins", "gems", "collections", "collections_dir", "defaults",
    "exclude", "include", "keep_files", "markdown", "highlighter", "destination", "encoding", "safe", "markdown_ext",
    "excerpt_separator",
    "incremental", "host", "port", "livereload", "verbose",
    "strict_front_matter", "paginate_path", "show_excerpts", "feed", "whitelist",
  ]

  private static let lostKeys: [String: String] = [
    "theme": "the built-in theme takes its place", "remote_theme": "the built-in theme takes its place",
    "sass": "Sass is not compiled", "kramdown": "Markdown is CommonMark with GitHub's extensions",
    "redcarpet": "Markdown is CommonMark with GitHub's extensions", "rdiscount": "Markdown is CommonMark",
    "commonmark": "Markdown is CommonMark", "liquid": "Liquid is not run", "timezone": "times without a zone are UTC",
    "layouts_dir": "layouts are not read", "includes_dir": "includes are not read",
    "plugins_dir": "plugins are not run",
    "google_analytics": "no script is added", "disqus": "no comments are added",
    "lsi": "related pages follow from shared terms",
    "compress_html": "pages are not minified", "jekyll-archives": "lists of terms are built in",
    "limit_posts": "all posts are built", "source": "the site is read from its top, and not from this folder",
    "future": "posts of the future are left out without --future",
    "show_drafts": "drafts are left out without --drafts",
    "unpublished": "unpublished pages are left out without --drafts",
  ]
}
