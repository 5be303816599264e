import Files

extension Resolver {
  /// Gives every file of the output its path: pages and lists, feeds, redirects, assets, and what the theme and the configuration bring.
  mutating func placeOutputs(
    _ inventory: Inventory, _ themeAssets: [(path: TreePath, bytes: [UInt8])], sitemapLimit: Int
  ) {
    outputs.reserveCapacity(pages.count * 2)
    owners.reserveCapacity(pages.count * 2)
    for id in pages.indices {
      let (kind, output, owner) = (pages[id].kind, pages[id].output, owner(of: pages[id]))
      if Self.isPaginated(kind), !pages[id].isRedirect, goesOn(pages[id]) {
        for number in 1...Site.listPages(pages[id].listed.count, size: configuration.pageSize) {
          place(.page(id, number: number), at: Site.output(output, number: number), owner)
        }
      } else {
        place(.page(id, number: 1), at: output, owner)
      }
      if Site.hasFeed(pages[id]) {
        for format in configuration.feeds { place(.feed(id, format), at: Self.feed(format, of: output), owner) }
      }
      if let source = pages[id].source { outputOfSource[source.file.path] = output }
      if let cards = configuration.cards, let card = cards.card(of: pages[id], configuration) {
        place(.card(card), at: cards.output(of: card, for: pages[id]), owner)
      }
    }
    placeTranslations()
    placeSections()
    for file in inventory.assets {
      guard let output = assetOutput(file.path) else { continue }
      outputOfSource[file.path] = output
      place(.asset(file), at: output, file.path.string)
    }
    // What the site brings itself goes before what the theme brings.
    for (path, bytes) in themeAssets where outputs[path] == nil { place(.generated(bytes), at: path, path.string) }
    if outputs["robots.txt"] == nil { place(.generated(robots), at: "robots.txt", "robots.txt") }
    for language in homes.indices {
      addNotFound(language)
      if configuration.search { addSearch(language) }
    }
    if configuration.llms, outputs["llms.txt"] == nil { place(.llms, at: "llms.txt", "llms.txt") }
    if let manifest = configuration.manifest { place(.manifest(manifest), at: Self.manifest, "the web manifest") }
    placeSitemap(limit: sitemapLimit)
    // Last: what is there goes before what once was, whoever brings it. An address that translations share had one language once.
    let main = configuration.defaultLanguage
    for isMain in configuration.isMultilingual ? [true, false] : [true] {
      for id in pages.indices where (pages[id].language == main) == isMain {
        for alias in pages[id].source?.frontMatter.aliases ?? [] { placeAlias(alias, of: id) }
      }
    }
  }

  /// `a` cannot be a file while `a/index.html` is one.
  ///
  /// - Parameter paths: of all files, sorted.
  mutating func refuseFilesInFiles(_ paths: [TreePath]) {
    var last = ""
    for path in paths {
      // Folders that the path before lies in, too, have been looked at.
      let known = zip(last.utf8, path.string.utf8).prefix { $0 == $1 }.count
      last = path.string
      var folder = path.parent
      while let above = folder, above.string.utf8.count >= known {
        if let owner = owners[above] {
          diagnostics.append(
            Diagnostic(
              id: "two-files-one-path", "/\(above) is a folder of \(owners[path] ?? path.string)",
              at: SourceLocation(path: owner), hint: "give one of them another slug or url"))
        }
        folder = above.parent
      }
    }
  }

  static func isPaginated(_ kind: Page.Kind) -> Bool { [.home, .section, .term, .archive].contains(kind) }

  static func feed(_ format: FeedFormat, of output: TreePath) -> TreePath {
    guard let name = TreePath(format.fileName) else { preconditionFailure("bug: \(format.fileName) is a file name") }
    return output.parent?.appending(name) ?? name
  }

  /// All is open; where the site has an address, crawlers are told of its sitemap (robotstxt.org, sitemaps.org).
  private var robots: [UInt8] {
    let sitemap = configuration.url.isEmpty ? "" : "\nSitemap: \(configuration.url)/sitemap.xml\n"
    return Array("User-agent: *\nAllow: /\n\(sitemap)".utf8)
  }

  /// Hosts serve the one at the root; it is that of the default language, whatever the prefix of its pages.
  private mutating func addNotFound(_ language: LanguageID) {
    let isMain = language == configuration.defaultLanguage
    let path = TreePath((isMain ? [] : prefix(language) + ["404.html"]).joined(separator: "/")) ?? "404.html"
    guard outputs[path] == nil else { return }
    let title = phrases[language].text("page_not_found", []) ?? "Page not found"
    let id = add(
      Page(kind: .notFound, source: nil, title: title, url: siteURL(of: path), output: path), language, key: "not found"
    )
    place(.page(id, number: 1), at: path, path.string)
  }

  static let manifest: TreePath = "manifest.webmanifest"

  /// The site may bring a page of its own at the same place; the index lies beside it.
  private mutating func addSearch(_ language: LanguageID) {
    let path = configuration.languages[language].searchPage
    if outputs[path] == nil {
      let title = phrases[language].text("search", []) ?? "Search"
      let id = add(
        Page(kind: .search, source: nil, title: title, url: siteURL(of: path), output: path), language, key: "search")
      pages[id].parent = homes[language]
      place(.page(id, number: 1), at: path, "the search page")
    }
    place(.searchIndex(language), at: configuration.languages[language].searchIndex, "the search index")
  }

  /// Where the site has an address.
  private mutating func placeSitemap(limit: Int) {
    guard !configuration.url.isEmpty, outputs["sitemap.xml"] == nil else { return }
    let count = pages.count { $0.isInSitemap }
    guard count > limit else { return place(.sitemap(.whole), at: "sitemap.xml", "the sitemap") }
    let parts = (count + limit - 1) / limit
    place(.sitemap(.index(parts: parts)), at: "sitemap.xml", "the sitemap")
    for part in 1...parts { place(.sitemap(.part(part, of: parts)), at: Site.sitemap(part: part), "the sitemap") }
  }

  private mutating func placeAlias(_ alias: String, of id: PageID) {
    let owner = pages[id].sourcePath
    guard
      let output = alias.hasPrefix("/") ? Self.outputFile(for: alias) : outputFile(for: alias, in: pages[id].language)
    else {
      if let page = pages[id].source {
        diagnostics.append(
          page.diagnostic(
            id: "wrong-url", "the alias \(alias) is no path of this site", at: "alias " + alias,
            hint: "aliases: [/old/path/]"))
      }
      return
    }
    guard let other = owners[output] else { return place(.redirect(to: id), at: output, owner) }
    if other != owner, let page = pages[id].source {
      let isAlias = if case .redirect? = outputs[output] { true } else { false }
      var taken = page.diagnostic(
        id: "alias-taken", "the alias \(alias) is \(isAlias ? "one" : "the address") of \(other)", at: "alias " + alias,
        hint: isAlias ? "remove it from one of them, it leads to \(other)" : "remove it, readers find what is there")
      taken.severity = .warning
      diagnostics.append(taken)
    }
  }

  /// Files of a bundle go where their page goes, others keep their place. Nil where the page is left out.
  private func assetOutput(_ path: TreePath) -> TreePath? {
    let parts = path.components.map(String.init)
    guard parts[0] == "content" else {
      return parts[0] == "static" ? TreePath(parts.dropFirst().joined(separator: "/")) ?? path : path
    }
    for depth in stride(from: parts.count - 1, to: 1, by: -1) {
      let folder = parts[1..<depth].joined(separator: "/")
      if bundlesLeftOut.contains(folder) { return nil }
      guard let target = bundles[folder] else { continue }
      let rest = parts[depth...].joined(separator: "/")
      return TreePath(target.map { $0.string + "/" + rest } ?? rest) ?? path
    }
    if let (language, rest) = configuration.languageFolder(of: path) {
      return TreePath((prefix(language) + rest.components.dropFirst().map(String.init)).joined(separator: "/")) ?? path
    }
    return TreePath(parts.dropFirst().joined(separator: "/")) ?? path
  }

  mutating func place(_ file: OutputFile, at path: TreePath, _ owner: String) {
    if let other = owners[path] {
      collide(owner, with: other, at: siteURL(of: path))
      return
    }
    owners[path] = owner
    outputs[path] = file
  }

  mutating func collide(_ owner: String, with other: String, at url: String) {
    // The place is one that can be changed.
    let (place, other) = Self.isFile(owner) || !Self.isFile(other) ? (owner, other) : (other, owner)
    diagnostics.append(
      Diagnostic(
        id: "two-files-one-path", "\(url) is already made by \(other)",
        at: SourceLocation(path: place, line: 1),
        hint: Self.isFile(other) ? "give one of them another slug or url" : "give it another slug or url"))
  }

  private static func isFile(_ owner: String) -> Bool {
    ["content/", "static/", "assets/"].contains { owner.hasPrefix($0) }
  }

  /// The file of the site that a page comes from, or what it is, in words.
  private func owner(of page: Page) -> String {
    if let source = page.source { return source.file.path.string }
    return switch page.kind {
    case .home: "the front page"
    case .section: "the list of its section"
    case .taxonomy: "the list of \(page.name)"
    case .term: "the list of \(page.parent.map { pages[$0].name } ?? ""): \(page.name)"
    case .archive: "the archive \(page.title)"
    case .page, .search, .notFound: page.output.string
    }
  }

  /// - Parameter paths: of all files, sorted.
  mutating func warnOfCaseClashes(_ paths: [TreePath]) {
    // Of two names that differ in case, one has a letter that is no small one of ASCII.
    let upper = UInt8(ascii: "A")...UInt8(ascii: "Z")
    guard paths.contains(where: { $0.string.utf8.contains { upper ~= $0 || $0 >= 128 } }) else { return }
    var seen: [String: TreePath] = [:]
    for path in paths {
      guard let other = seen.updateValue(path, forKey: path.string.lowercased()) else { continue }
      diagnostics.append(
        Diagnostic(
          .warning, id: "case-clash",
          // Swift holds two Unicode forms of one name for equal.
          path.string == other.string
            ? "\(path) and \(other) are one name in two Unicode forms, some file systems cannot hold both"
            : "\(path) and \(other) differ only in case, some file systems cannot hold both",
          at: SourceLocation(path: owners[path] ?? path.string), hint: "rename one of them"))
    }
  }
}
