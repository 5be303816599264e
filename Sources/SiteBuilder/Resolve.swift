import Files
import Templates

/// Stage 4: pages → the site: sections, taxonomies, neighbours, and a path for every file of the output. Two files for one path are an error.
///
/// - Parameter leftOut: drafts, and pages whose time it is not. The files of such a page are left out with it.
/// - Throws: `Diagnostics`.
func resolve(
  _ parsed: [ParsedPage], leftOut: [ParsedPage], _ inventory: Inventory, _ configuration: Configuration,
  _ appearance: Appearance, data: Value, phrases: [PhraseBook], sitemapLimit: Int, hidden: HiddenPages
) throws -> (site: Site, warnings: [Diagnostic]) {
  var resolver = Resolver(configuration: configuration, phrases: phrases, appearance: appearance)
  resolver.addSections(parsed, leftOut: leftOut)
  resolver.addPages(parsed)
  for language in configuration.languages.indices {
    resolver.addTaxonomies(language)
    resolver.addArchives(language)
  }
  resolver.leaveOutFiles(of: leftOut)
  resolver.order()
  resolver.linkTranslations()
  resolver.placeOutputs(inventory, appearance.assets, sitemapLimit: sitemapLimit)
  let paths = resolver.outputs.keys.sorted()
  resolver.refuseFilesInFiles(paths)
  resolver.warnOfPermalinks(inventory)
  resolver.warnOfCaseClashes(paths)
  let diagnostics = resolver.diagnostics
  try Diagnostics.stop(at: diagnostics)
  let site = Site(
    configuration: configuration, pages: resolver.pages, regularPages: resolver.regularPages,
    taxonomies: resolver.taxonomies, homes: resolver.homes, phrases: phrases, data: data, outputs: resolver.outputs,
    paths: paths, outputOfSource: resolver.outputOfSource, outputOfTranslation: resolver.outputOfTranslation,
    linksOut: Set(inventory.linksOut), hidden: hidden)
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
  var bundles: [String: TreePath?] = [:]
  /// Folders below `content/` of bundle pages that are left out.
  var bundlesLeftOut: Set<String> = []
  /// Who claimed an output path, for the message of a collision.
  var owners: [TreePath: String] = [:]

  private let appearance: Appearance
  private let pagingTemplates: Set<String>

  init(configuration: Configuration, phrases: [PhraseBook], appearance: Appearance) {
    self.configuration = configuration
    self.phrases = phrases
    self.appearance = appearance
    pagingTemplates = appearance.pagingTemplates
  }

  /// Whether a list may go on over several pages: its template has to ask for that.
  func goesOn(_ page: Page) -> Bool {
    let taxonomy = page.kind == .term ? page.parent.map { pages[$0].name } ?? "" : ""
    return appearance.template(for: page, taxonomy: taxonomy).map(pagingTemplates.contains) ?? true
  }

  // MARK: Sections and pages

  /// The home page of the default language first; in each language, its home page, then every folder at the top that holds a page, and every
  /// folder that has an `_index.md`.
  mutating func addSections(_ parsed: [ParsedPage], leftOut: [ParsedPage]) {
    homes = [PageID](repeating: Site.home, count: configuration.languages.count)
    let main = configuration.defaultLanguage
    for language in [main] + configuration.languages.indices.filter({ $0 != main }) {
      let own = configuration.isMultilingual ? parsed.filter { $0.place.language == language } : parsed
      let bundles = leftOut.filter { $0.place.language == language && $0.place.path.stem == "index" }
      addSections(language, own, noSections: Set(bundles.map { Self.folder(of: $0.place.path) }))
    }
  }

  /// - Parameter noSections: folders with an `index.md`: each is that page, whatever else lies in it.
  private mutating func addSections(_ language: LanguageID, _ parsed: [ParsedPage], noSections: Set<String>) {
    var sources: [String: ParsedPage] = [:]
    var folders: Set<String> = []
    var noSections = noSections
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
      } else if name != "index", let top = folder.pathParts.first {
        last = folder
        folders.insert(String(top))
      } else if let top = folder.pathParts.dropLast().first {
        folders.insert(String(top))
      } else {
        noSections.insert(folder)
      }
    }
    folders.subtract(noSections.subtracting(sources.keys))
    folders.insert("")
    for folder in folders.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      let source = sources[folder]
      let isHome = folder.isEmpty
      let name = folder.pathParts.last.map(String.init) ?? ""
      let output =
        source.flatMap { customOutput($0) }
        ?? Self.indexFile(in: prefix(language) + folder.pathParts.map { Self.urlPart(String($0)) })
      let title =
        source?.frontMatter.title ?? source?.heading?.text
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
      key: key, sections: key.folder.pathParts.map { Self.urlPart(String($0)) },
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
      let title = page.frontMatter.title ?? page.heading?.text ?? Self.title(from: dated?.rest ?? name)
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

  mutating func leaveOutFiles(of pages: [ParsedPage]) {
    for page in pages where page.place.path.stem == "index" {
      let folder = Self.folder(of: page.file.path)
      // Of a page in several languages, one may be there.
      if !Self.folder(of: page.place.path).isEmpty, bundles[folder] == nil { bundlesLeftOut.insert(folder) }
    }
  }

  private func section(above folder: String, _ language: LanguageID) -> PageID {
    section(holding: folder.pathParts.dropLast().joined(separator: "/"), language)
  }

  private func section(holding folder: String, _ language: LanguageID) -> PageID {
    var parts = folder.pathParts
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
    if url.isEmpty {
      diagnostics.append(
        page.diagnostic(id: "wrong-url", "the page's url is empty", at: "url", hint: "url: /about/, or no url"))
      return nil
    }
    if let output = url.hasPrefix("/") ? Self.outputFile(for: url) : outputFile(for: url, in: page.place.language) {
      return output
    }
    diagnostics.append(
      page.diagnostic(
        id: "wrong-url", "\(url) is no path of this site", at: "url", hint: "url: /about/ or url: /about.html"))
    return nil
  }
}
