import Files

extension HugoSite {
  /// `site.yaml` from Hugo's configuration. Every key is carried over, or noted.
  func configure(_ draft: inout Draft) {
    let standard = config["defaultContentLanguage"]?.text
    let languages = config["languages"]?.entries ?? []
    let main = languages.first { $0.key == (standard ?? "en") } ?? (languages.count == 1 ? languages.first : nil)
    func value(_ key: String) -> Setting? { main?.setting[key] ?? config[key] }
    let params = mergedParams(main?.setting["params"])

    draft.site.setText("title", value("title")?.text)
    draft.site.setText("description", value("description")?.text ?? params["description"]?.text)
    draft.site.setURL(value("baseURL"))
    let code = main?.setting["languageCode"] ?? config["languageCode"] ?? config["locale"]
    draft.site.setText("language", languages.count > 1 ? standard ?? main?.key : code?.text ?? standard ?? main?.key)
    draft.site.setText("author", authorName(value("author") ?? params["author"]))
    taxonomies(&draft)
    pagination(&draft)
    permalinks(&draft)
    menus(languages.count > 1 ? config["menus"] ?? config["menu"] : value("menus") ?? value("menu"), &draft)
    if languages.count > 1 { self.languages(languages, &draft) }
    markdown(&draft)
    draft.setParams(
      params, from: configPaths["params"] ?? configPaths.values.min() ?? "hugo.toml",
      copyright: value("copyright")?.text, old, statics: (folders.statics + [folders.assets]).map { $0 + "/" })
    for entry in config.entries { noteLoss(of: entry, &draft) }
  }

  private func mergedParams(_ ofLanguage: Setting?) -> Setting {
    var params = config["params"] ?? Setting(.map([]))
    if let ofLanguage { params.merge(ofLanguage) }
    return params
  }

  private func taxonomies(_ draft: inout Draft) {
    let disabled = (config["disableKinds"]?.texts ?? []).map { $0.lowercased() }
    if disabled.contains("taxonomy"), disabled.contains("term") {
      draft.site.set("taxonomies", .list([]))
      return
    }
    guard let map = config["taxonomies"] else { return }
    draft.site.set("taxonomies", .list(map.entries.compactMap { $0.setting.text }))
  }

  private func pagination(_ draft: inout Draft) {
    if let size = (config["pagination"]?["pagerSize"] ?? config["paginate"])?.int, size > 0 {
      draft.site.set("page_size", Setting(.int(size)))
    }
    if let limit = (config["services"]?["rss"]?["limit"] ?? config["rssLimit"])?.int, limit > 0 {
      draft.site.set("feed_limit", Setting(.int(limit)))
    }
  }

  /// Either `section: pattern`, or such maps by kind (since Hugo 0.131).
  private func permalinks(_ draft: inout Draft) {
    var patterns = Setting(.map([]))
    let given = config.entry("permalinks")
    for entry in given?.setting.entries ?? [] {
      if let text = entry.setting.text {
        patterns.set(entry.key, .text(text))
      } else if entry.key == "page" {
        for inner in entry.setting.entries { patterns.set(inner.key, inner.setting) }
      } else {
        draft.note(
          .lost, at: place(given ?? entry), "permalinks of kind \(entry.key) are not configurable",
          hint: "set url in the front matter of the section")
      }
    }
    addUglyURLs(to: &patterns, &draft)
    if !patterns.entries.isEmpty { draft.site.set("permalinks", patterns) }
  }

  /// `uglyURLs`, for the whole site or by section: pages are files, `/post/a.html`, and not folders.
  private func addUglyURLs(to patterns: inout Setting, _ draft: inout Draft) {
    guard let given = config.entry("uglyURLs") else { return }
    let languages = Set((config["languages"]?.entries ?? []).map(\.key))
    let sections = Set(
      content.compactMap { path -> String? in
        var parts = path.new.pathParts.dropFirst().map(String.init)
        if let first = parts.first, languages.contains(first) { parts.removeFirst() }
        return parts.count > 1 && isMarkdown(path.new) ? parts[0] : nil
      }
    ).sorted().filter { section in given.setting.bool ?? (given.setting[section]?.bool == true) }
    for section in sections {
      let pattern = patterns[section]?.text ?? "/:sections/:slugorcontentbasename/"
      guard pattern.hasSuffix("/") else { continue }
      patterns.set(section, .text(pattern.dropLast() + ".html"))
    }
    if given.setting.bool == true {
      draft.note(
        .lost, at: place(given), "uglyURLs for pages outside of sections, and for sections",
        hint: "url: /about.html in their front matter")
    }
  }

  private func menus(_ given: Setting?, _ draft: inout Draft) {
    var menus = menuMap(given)
    if let name = config["sectionPagesMenu"]?.text {
      var items = menus[name]?.items ?? []
      let sections = Set(
        content.compactMap { path -> String? in
          let parts = path.new.pathParts
          return parts.count > 2 ? String(parts[1]) : nil
        })
      for section in sections.sorted() where !items.contains(where: { $0["url"]?.text == "/\(section)/" }) {
        items.append(menuItem(name: titled(section), url: "/\(section)/"))
      }
      menus.set(name, Setting(.list(items)))
      draft.tally(
        .converted, at: "\(configPaths["sectionpagesmenu"] ?? "")", "the sections of the menu are listed in it")
    }
    if !menus.entries.isEmpty { draft.site.set("menus", menus) }
  }

  /// - Parameter prefix: what begins the URLs of a language's pages: `/de`.
  private func menuMap(_ given: Setting?, prefix: String = "") -> Setting {
    var menus = SettingMap()
    for menu in given?.entries ?? [] {
      var groups = Dictionary(grouping: menu.setting.items) { $0["parent"]?.text }
      menus.set(menu.key, Setting(.list(branch(below: nil, of: &groups, prefix, depth: 0))))
    }
    return menus.setting
  }

  /// The entries below `parent`, with theirs as `children`. They are taken out of `groups`: what is below itself is there once.
  private func branch(
    below parent: String?, of groups: inout [String?: [Setting]], _ prefix: String, depth: Int
  ) -> [Setting] {
    guard depth < 4, let items = groups.removeValue(forKey: parent) else { return [] }
    return items.compactMap { item in
      guard let name = item["name"]?.text ?? item["title"]?.text ?? item["identifier"]?.text else { return nil }
      var entry = menuItem(name: name, url: menuURL(item, prefix))
      if let weight = item["weight"]?.text.flatMap({ Int($0) }) { entry.set("weight", Setting(.int(weight))) }
      let children = branch(below: item["identifier"]?.text ?? name, of: &groups, prefix, depth: depth + 1)
      if !children.isEmpty { entry.set("children", Setting(.list(children))) }
      return entry
    }
  }

  /// In a language, the page of that language where there is one: themes put the language before URLs of pages (`relLangURL`).
  private func menuURL(_ item: Setting, _ prefix: String) -> String {
    var url = siteURL(item["url"]?.text ?? "/")
    if let page = item["pageRef"]?.text {
      let path = page.pathParts.joined(separator: "/")
      url = path.isEmpty ? "/" : "/" + withoutExtension(path) + "/"
    }
    guard !prefix.isEmpty, url.hasPrefix("/") else { return url }
    let path = url.pathParts.joined(separator: "/")
    return path.isEmpty || links.isPage(path, of: String(prefix.dropFirst())) ? prefix + url : url
  }

  private func languages(_ given: [Setting.Entry], _ draft: inout Draft) {
    let standard = config["defaultContentLanguage"]?.text ?? "en"
    let prefixesAll = config["defaultContentLanguageInSubdir"]?.bool == true
    if prefixesAll { draft.site.set("prefix_default_language", Setting(.bool(true))) }
    var languages = SettingMap()
    for language in given {
      let setting = language.setting
      if disabledLanguages.contains(language.key) {
        draft.note(
          .lost, at: place(language, of: "languages"), "the language \(language.key) was disabled, it is left out")
        continue
      }
      var map = Setting(.map([]))
      map.setText("name", (setting["languageName"] ?? setting["label"])?.text)
      if let tag = (setting["languageCode"] ?? setting["locale"])?.text, tag.lowercased() != language.key.lowercased() {
        map.setText("locale", tag)
      }
      map.setText("title", setting["title"]?.text)
      map.setText("description", (setting["description"] ?? setting["params"]?["description"])?.text)
      map.setText("author", authorName(setting["author"] ?? setting["params"]?["author"]))
      map.setText("direction", (setting["languageDirection"] ?? setting["direction"])?.text)
      if let weight = setting["weight"]?.int { map.set("weight", Setting(.int(weight))) }
      let prefix = prefixesAll || language.key != standard ? "/" + language.key.lowercased() : ""
      let menus = menuMap(setting["menus"] ?? setting["menu"], prefix: prefix)
      if !menus.entries.isEmpty { map.set("menus", menus) }
      if let params = setting["params"], !params.entries.isEmpty { map.set("params", params) }
      languages.set(language.key, map)
      for entry in setting.entries where !Self.languageKeys.contains(entry.key.lowercased()) {
        draft.note(
          .lost, at: place(entry, of: "languages"), "\(entry.key) of the language \(language.key) has no equivalent")
      }
    }
    draft.site.set("languages", languages.setting)
  }

  /// In lower case: keys of a language that are carried over.
  private static let languageKeys: Set<String> = [
    "languagename", "label", "languagecode", "locale", "title", "description", "author", "languagedirection",
    "direction", "weight", "menus", "menu", "params", "contentdir", "staticdir", "disabled",
  ]

  private func markdown(_ draft: inout Draft) {
    var markdown = Setting(.map([]))
    if config["enableEmoji"]?.bool == true { markdown.set("emoji", Setting(.bool(true))) }
    let typographer = config["markup"]?["goldmark"]?["extensions"]?["typographer"]
    if typographer?.bool == false || typographer?["disable"]?.bool == true {
      markdown.set("smart", Setting(.bool(false)))
    }
    let parser = config["markup"]?["goldmark"]?["parser"]
    switch (parser?["autoHeadingIDType"] ?? parser?["autoIDType"])?.text?.lowercased() {
    case "github-ascii": markdown.set("heading_ids", .text("hugo-ascii"))
    case "blackfriday": markdown.set("heading_ids", .text("blackfriday"))
    default: markdown.set("heading_ids", .text("hugo"))
    }
    let numbers = config["markup"]?["highlight"]?["lineNos"]
    if numbers?.bool == true { markdown.set("line_numbers", Setting(.bool(true))) }
    draft.site.set("markdown", markdown)
  }

  private func noteLoss(of entry: Setting.Entry, _ draft: inout Draft) {
    let key = entry.key.lowercased()
    let isUsual = entry.setting.bool == false && ["builddrafts", "buildfuture", "buildexpired"].contains(key)
    if Self.carriedKeys.contains(key) || isUsual || entry.setting == .list([]) { return }
    if let reason = Self.lostKeys[key] {
      draft.note(.lost, at: place(entry), "\(entry.key): \(reason.what)", hint: reason.hint)
    } else {
      draft.note(.lost, at: place(entry), "\(entry.key) has no equivalent")
    }
  }

  /// In lower case: keys that are read above, or whose effect is built in.
  private static let carriedKeys: Set<String> = [
    "title", "description", "baseurl", "languagecode", "locale", "defaultcontentlanguage", "author", "params",
    "taxonomies", "pagination", "paginate", "rsslimit", "services", "permalinks", "menu", "menus", "sectionpagesmenu",
    "languages", "defaultcontentlanguageinsubdir", "enableemoji", "markup", "copyright", "contentdir", "staticdir",
    "datadir", "archetypedir", "assetdir", "layoutdir", "i18ndir", "publishdir", "enablerobotstxt", "enablegitinfo",
    "cleandestinationdir", "canonifyurls", "relativeurls", "timeout", "minify", "hascjklanguage", "pygmentscodefences",
    "uglyurls", "disablelanguages", "pygmentsstyle", "pygmentsuseclasses", "pygmentsuseclassic", "environment",
    "disablekinds",
  ]

  private static let lostKeys: [String: (what: String, hint: String?)] = [
    "theme": ("the built-in theme takes its place", "templates/ holds your own, in Jinja2's language"),
    "module": ("modules are not fetched", "copy what pages refer to into static/"),
    "googleanalytics": ("no script is added", "templates/partials/head.html can hold it"),
    "disqusshortname": ("no comments are added", "templates/page.html can hold the script"),
    "outputs": ("pages are HTML, feeds are written for the site, its sections and terms", nil),
    "outputformats": ("pages are HTML, feeds are written for the site, its sections and terms", nil),
    "related": ("related pages follow from shared terms", nil),
    "cascade": ("only a section's front matter has cascade", "put it into content/_index.md"),
    "frontmatter": ("date and updated are read as they are", nil),
    "imaging": ("images are published as they are", nil),
    "deployment": ("publishing goes to dStor", "colophon publish"),
    "security": ("nothing is executed or fetched by a build", nil),
    "privacy": ("the built-in shortcodes set no cookies", nil),
    "sitemap": ("the site map has no frequencies or priorities", nil),
    "ignorefiles": ("files that it names are in the new site", "remove them, or begin their names with a dot"),
    "builddrafts": ("drafts are left out", "colophon build --drafts"),
    "buildfuture": ("pages of the future are left out", "colophon build --future"),
    "buildexpired": ("pages that have expired are left out", "colophon build --expired"),
    "timezone": ("times without a zone are UTC", nil),
    "summarylength": ("a summary is what stands above <!-- more -->, or the first paragraph", nil),
  ]
}

/// The name of an author given as a text, a list, or a map.
func authorName(_ author: Setting?) -> String? {
  author?.text ?? author?["name"]?.text ?? author?.items.first.flatMap { $0.text ?? $0["name"]?.text }
}

func menuItem(name: String, url: String) -> Setting {
  var item = Setting(.map([]))
  item.set("name", .text(name))
  item.set("url", .text(url))
  return item
}

/// A URL of a configuration, from the site's root where it is no address elsewhere.
func siteURL(_ url: String) -> String {
  let beginsAScheme = url.prefix { $0 != "/" && $0 != "#" && $0 != "?" }.contains(":")
  return url.hasPrefix("/") || beginsAScheme ? url : "/" + url
}
