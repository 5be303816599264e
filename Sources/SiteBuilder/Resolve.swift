import Files
import Templates

/// Stage 4: pages → the site: sections, taxonomies, neighbours, and a path for every file of the output. Two files for one path are an error.
///
/// - Throws: `Diagnostics`.
func resolve(
  _ parsed: [ParsedPage], _ inventory: Inventory, _ configuration: Configuration,
  _ themeAssets: [(path: TreePath, bytes: [UInt8])], data: Value, phrases: [PhraseBook], sitemapLimit: Int
) throws -> (site: Site, warnings: [Diagnostic]) {
  var resolver = Resolver(configuration: configuration, phrases: phrases)
  resolver.addSections(parsed)
  resolver.addPages(parsed)
  for language in configuration.languages.indices {
    resolver.addTaxonomies(language)
    resolver.addArchives(language)
  }
  resolver.order()
  resolver.linkTranslations()
  resolver.placeOutputs(inventory, themeAssets)
  resolver.placeSitemap(limit: sitemapLimit)
  let paths = resolver.outputs.keys.sorted()
  resolver.refuseFilesInFiles(paths)
  resolver.warnOfCaseClashes(paths)
  let diagnostics = resolver.diagnostics
  try Diagnostics.stop(at: diagnostics)
  let site = Site(
    configuration: configuration, pages: resolver.pages, regularPages: resolver.regularPages,
    taxonomies: resolver.taxonomies, homes: resolver.homes, phrases: phrases, data: data, outputs: resolver.outputs,
    paths: paths, outputOfSource: resolver.outputOfSource, outputOfTranslation: resolver.outputOfTranslation,
    linksOut: Set(inventory.linksOut))
  return (site, diagnostics)
}

struct Resolver {
  let configuration: Configuration
  /// Of each language.
  let phrases: [PhraseBook]
  var pages: [Page] = []
  var regularPages: [PageID] = []
  /// The front page of each language.
  var homes: [PageID] = []
  var taxonomies: [PageID] = []
  var outputs: [TreePath: OutputFile] = [:]
  var outputOfSource: [TreePath: TreePath] = [:]
  /// By language: where the page of a path without language is found. Empty where the site has one language.
  var outputOfTranslation: [[TreePath: TreePath]] = []
  var diagnostics: [Diagnostic] = []
  /// What pages that are translations of each other share, by page.
  var translationKeys: [String] = []
  var sections: [SectionKey: PageID] = [:]
  /// Output folder of bundle pages by their folder below `content/`.
  private var bundles: [String: TreePath?] = [:]
  /// Who claimed an output path, for the message of a collision.
  private var owners: [TreePath: String] = [:]

  init(configuration: Configuration, phrases: [PhraseBook]) {
    self.configuration = configuration
    self.phrases = phrases
  }

  // MARK: Sections and pages

  /// The home page of the default language first; in each language, its home page, then every folder at the top that holds a page, and every
  /// folder that has an `_index.md`.
  mutating func addSections(_ parsed: [ParsedPage]) {
    homes = [PageID](repeating: Site.home, count: configuration.languages.count)
    let main = configuration.defaultLanguage
    for language in [main] + configuration.languages.indices.filter({ $0 != main }) {
      addSections(language, configuration.isMultilingual ? parsed.filter { $0.place.language == language } : parsed)
    }
  }

  private mutating func addSections(_ language: LanguageID, _ parsed: [ParsedPage]) {
    var sources: [String: ParsedPage] = [:]
    var folders: Set<String> = []
    var last = ""
    for page in parsed {
      let folder = Self.folder(of: page.place.path)
      let name = page.place.path.stem
      if name == "_index" || (folder.isEmpty && name == "index") {
        if let other = sources[folder] {
          collide(page.file.path.string, with: other.file.path.string, at: "/" + folder)
        }
        sources[folder] = page
        folders.insert(folder)
      } else if name != "index", folder == last {
        // Page by page, most lie in one folder.
        continue
      } else if name != "index", let top = folder.split(separator: "/").first {
        last = folder
        folders.insert(String(top))
      } else if let top = folder.split(separator: "/").dropLast().first {
        folders.insert(String(top))
      }
    }
    folders.insert("")
    for folder in folders.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      let source = sources[folder]
      let isHome = folder.isEmpty
      let name = folder.split(separator: "/").last.map(String.init) ?? ""
      let output =
        source.flatMap { customOutput($0) }
        ?? Self.indexFile(in: prefix(language) + folder.split(separator: "/").map { Self.urlPart(String($0)) })
      let title =
        source?.frontMatter.title ?? source?.heading
        ?? (isHome ? configuration.languages[language].title : Self.title(from: name))
      let id = add(
        Page(kind: isHome ? .home : .section, source: source, title: title, url: siteURL(of: output), output: output),
        language, key: "section " + folder)
      pages[id].date = source?.frontMatter.date
      sections[SectionKey(language: language, folder: folder)] = id
      if isHome { homes[language] = id }
      if !isHome {
        let parent = section(above: folder, language)
        pages[id].parent = parent
        pages[parent].subsections.append(id)
      }
    }
  }

  /// A folder below `content/` as pages in it see it.
  private struct PageFolder {
    let key: SectionKey
    /// The folders above as parts of a URL.
    let sections: [String]
    let parent: PageID
  }

  private func pageFolder(_ key: SectionKey) -> PageFolder {
    PageFolder(
      key: key, sections: key.folder.split(separator: "/").map { Self.urlPart(String($0)) },
      parent: section(holding: key.folder, key.language))
  }

  mutating func addPages(_ parsed: [ParsedPage]) {
    var place: PageFolder?
    for page in parsed {
      let folder = Self.folder(of: page.place.path)
      let stem = page.place.path.stem
      if stem == "_index" || (folder.isEmpty && stem == "index") { continue }
      let isBundle = stem == "index"
      let slash = isBundle ? folder.utf8.lastIndex(of: UInt8(ascii: "/")) : nil
      let name = isBundle ? String(slash.map { folder[folder.utf8.index(after: $0)...] } ?? folder[...]) : stem
      let key = SectionKey(
        language: page.place.language, folder: isBundle ? slash.map { String(folder[..<$0]) } ?? "" : folder)
      if place?.key != key { place = pageFolder(key) }
      guard let place else { continue }
      let dated = Self.datedName(name)
      let date = page.frontMatter.date ?? dated?.date
      let title = page.frontMatter.title ?? page.heading ?? Self.title(from: dated?.rest ?? name)
      let link = Permalink.Page(
        date: date, sections: place.sections, name: Self.urlPart(dated?.rest ?? name),
        slug: page.frontMatter.slug.map { slug($0) }, title: title)
      let output =
        customOutput(page) ?? permalinkOutput(link, page)
        ?? Self.indexFile(
          in: prefix(page.place.language) + link.sections
            + [link.slug.flatMap { $0.isEmpty ? nil : $0 } ?? link.name])
      let id = add(
        Page(kind: .page, source: page, title: title, url: siteURL(of: output), output: output), page.place.language,
        key: "page " + page.place.path.string)
      pages[id].date = date
      pages[id].parent = place.parent
      pages[place.parent].listed.append(id)
      regularPages.append(id)
      if isBundle { addBundle(page, output) }
    }
  }

  /// - Parameter key: what the translations of the page have too.
  mutating func add(_ page: Page, _ language: LanguageID, key: String) -> PageID {
    pages.append(page)
    pages[pages.count - 1].language = language
    translationKeys.append(page.source?.frontMatter.translationKey.map { "key " + $0 } ?? key)
    return pages.count - 1
  }

  /// What the page's files have for their own goes where the page goes; of several languages in one folder, where the default one does.
  private mutating func addBundle(_ page: ParsedPage, _ output: TreePath) {
    let folder = Self.folder(of: page.file.path)
    if bundles[folder] == nil || page.place.language == configuration.defaultLanguage {
      bundles[folder] = output.parent
    }
  }

  private func section(above folder: String, _ language: LanguageID) -> PageID {
    section(holding: folder.split(separator: "/").dropLast().joined(separator: "/"), language)
  }

  private func section(holding folder: String, _ language: LanguageID) -> PageID {
    var parts = folder.split(separator: "/")
    while true {
      if let id = sections[SectionKey(language: language, folder: parts.joined(separator: "/"))] { return id }
      guard parts.popLast() != nil else { return homes[language] }
    }
  }

  /// The file that the permalink pattern of the page's section gives; nil where there is none.
  private mutating func permalinkOutput(_ link: Permalink.Page, _ page: ParsedPage) -> TreePath? {
    guard let section = link.sections.first,
      let pattern = configuration.permalinks.first(where: { $0.section == section })?.pattern
    else { return nil }
    if let url = pattern.url(of: link), let output = outputFile(for: url, in: page.place.language) { return output }
    diagnostics.append(
      Diagnostic(
        id: "permalink",
        pattern.needsDate && link.date == nil
          ? "the permalink of \(section) needs a date, this page has none"
          : "the permalink of \(section) gives this page no path",
        at: SourceLocation(path: page.file.path.string, line: 1), hint: "add a date, or url: to the page"))
    return nil
  }

  /// Front matter's `url`, as the file it stands for.
  private mutating func customOutput(_ page: ParsedPage) -> TreePath? {
    guard let url = page.frontMatter.url else { return nil }
    if let output = url.hasPrefix("/") ? Self.outputFile(for: url) : outputFile(for: url, in: page.place.language) {
      return output
    }
    diagnostics.append(
      page.diagnostic(
        id: "wrong-url", "\(url) is no path of this site", at: "url", hint: "url: /about/ or url: /about.html"))
    return nil
  }

  // MARK: Output

  mutating func placeOutputs(_ inventory: Inventory, _ themeAssets: [(path: TreePath, bytes: [UInt8])]) {
    outputs.reserveCapacity(pages.count * 2)
    owners.reserveCapacity(pages.count * 2)
    for id in pages.indices {
      let page = pages[id]
      let count =
        Self.isPaginated(page.kind) && !page.isRedirect
        ? Site.listPages(page.listed.count, size: configuration.pageSize) : 1
      for number in 1...count {
        place(.page(id, number: number), at: Site.output(page.output, number: number), page.sourcePath)
      }
      if Site.hasFeed(page) {
        for format in configuration.feeds {
          place(.feed(id, format), at: Self.feed(format, of: page.output), page.sourcePath)
        }
      }
      if let source = page.source { outputOfSource[source.file.path] = page.output }
      if let cards = configuration.cards, let card = cards.card(of: page, configuration) {
        place(.card(card), at: cards.output(of: card, for: page), page.sourcePath)
      }
    }
    placeTranslations()
    placeSections()
    for file in inventory.assets {
      let output = assetOutput(file.path)
      outputOfSource[file.path] = output
      place(.asset(file), at: output, file.path.string)
    }
    for id in pages.indices {
      for alias in pages[id].source?.frontMatter.aliases ?? [] { placeAlias(alias, of: id) }
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
  mutating func placeSitemap(limit: Int) {
    guard !configuration.url.isEmpty, outputs["sitemap.xml"] == nil else { return }
    let count = pages.count { $0.isInSitemap }
    guard count > limit else { return place(.sitemap(.whole), at: "sitemap.xml", "the sitemap") }
    let parts = (count + limit - 1) / limit
    place(.sitemap(.index(parts: parts)), at: "sitemap.xml", "the sitemap")
    for part in 1...parts { place(.sitemap(.part(part)), at: Site.sitemap(part: part), "the sitemap") }
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
    // What is there goes before what once was.
    if other != owner, let page = pages[id].source {
      var taken = page.diagnostic(
        id: "alias-taken", "the alias \(alias) is the address of \(other)", at: "alias " + alias,
        hint: "remove it, readers find what is there")
      taken.severity = .warning
      diagnostics.append(taken)
    }
  }

  /// Files of a bundle go where their page goes, others keep their place.
  private func assetOutput(_ path: TreePath) -> TreePath {
    let parts = path.components.map(String.init)
    guard parts[0] == "content" else {
      return parts[0] == "static" ? TreePath(parts.dropFirst().joined(separator: "/")) ?? path : path
    }
    for depth in stride(from: parts.count - 1, to: 1, by: -1) {
      guard let target = bundles[parts[1..<depth].joined(separator: "/")] else { continue }
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

  private mutating func collide(_ owner: String, with other: String, at url: String) {
    diagnostics.append(
      Diagnostic(
        id: "two-files-one-path", "\(url) is already made by \(other)", at: SourceLocation(path: owner, line: 1),
        hint: "give one of them another slug or url"))
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
          .warning, id: "case-clash", "\(path) and \(other) differ only in case, some file systems cannot hold both",
          at: SourceLocation(path: owners[path] ?? path.string), hint: "rename one of them"))
    }
  }
}
