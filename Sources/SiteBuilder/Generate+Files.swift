import Files
import HTML
import Search
import Templates

extension SiteRenderer {
  func sitemap(_ sitemap: Sitemap) throws -> [UInt8] {
    let entries = site.sitemapPages
    switch sitemap {
    case .whole: return try list("sitemap.xml", ["entries": objects.sequence(entries)])
    case .index(let parts):
      let urls = (1...parts).map { Value.string(site.configuration.url + siteURL(of: Site.sitemap(part: $0))) }
      return try list("sitemap-index.xml", ["sitemaps": .list(urls)])
    case .part(let number, let parts):
      let size = (entries.count + parts - 1) / max(1, parts)
      let start = min((number - 1) * size, entries.count)
      return try list(
        "sitemap.xml", ["entries": objects.sequence(Array(entries[start..<min(start + size, entries.count)]))])
    }
  }

  /// `groups` are the pages at the top of each language, then each section with its pages.
  func llms(at path: TreePath) throws -> [UInt8] {
    var groups: [Value] = []
    func add(_ title: String, _ ids: [PageID]) {
      let entries = ids.map { Value.object(FeedEntry(objects.pages[$0], feed: path)) }
      if !entries.isEmpty { groups.append(.map(["title": .string(title), "entries": .list(entries)])) }
    }
    // The default language goes first here as elsewhere.
    let languages = site.languages.enumerated().sorted { $0.element.home < $1.element.home }
    for (number, language) in languages {
      // Where there are several, one heading would stand there twice.
      let suffix = languages.count > 1 ? ": \(language.language.name)" : ""
      add(
        (language.phrases.text("pages", []) ?? "Pages") + suffix,
        language.regularPages.filter { site.pages[$0].parent == language.home })
      for id in site.pages.indices where site.pages[id].kind == .section && site.pages[id].language == number {
        add(site.pages[id].title + suffix, site.pages[id].listed)
      }
    }
    return try list("llms.txt", ["groups": .list(groups)])
  }

  /// Icons are told with their size and type; URLs in a manifest count from where it lies.
  func manifest(_ manifest: WebManifest, at path: TreePath) throws -> (bytes: [UInt8], file: WrittenFile) {
    let configuration = site.configuration
    var problems: [LinkProblem] = []
    var icons: [Value] = []
    for icon in manifest.icons {
      switch site.target(of: icon, shownAt: path) {
      case .elsewhere: icons.append(.map(["src": .string(icon)]))
      case .output(let output, let url):
        var map: ValueMap = ["src": .string(relativize(url, from: path) ?? url)]
        map["type"] = .string(mediaType(ofExtension: output.fileExtension))
        if output.fileExtension.lowercased() == "svg" {
          map["sizes"] = "any"
        } else if let size = site.imageFile(at: output).flatMap({ site.images.info(of: $0) }) {
          map["sizes"] = .string("\(size.width)x\(size.height)")
        }
        icons.append(.map(map))
      case .refused(let id, let message, let hint):
        let source = configuration.source
        let place = source.flatMap { locate(icon, in: $0) }
        let diagnostic =
          source?.diagnostic(id: id, message, at: place?.offset ?? 0, length: place?.length ?? 0, hint: hint)
          ?? Diagnostic(id: id, message, hint: hint)
        problems.append(LinkProblem(url: icon, diagnostic: diagnostic))
      }
    }
    func text(_ string: String?) -> Value { string.map { .string($0) } ?? .undefined }
    let bytes = try list(
      "manifest.json",
      [
        "name": .string(manifest.name ?? configuration.title), "short_name": text(manifest.shortName),
        "display": .string(manifest.display), "theme_color": text(manifest.themeColor),
        "background_color": text(manifest.backgroundColor), "icons": .list(icons),
        "start_url": .string(
          relativize("/", from: path).map { configuration.linkStyle == .file ? namingFile($0) : $0 } ?? "./"),
      ])
    var (_, file) = plain(bytes, at: path)
    file.contentProblems = problems
    return (bytes, file)
  }

  /// What the search index takes from a page.
  func searchPage(_ page: Page, _ content: PageContent) -> SearchPage {
    let configuration = site.configuration
    let matter = page.frontMatter
    let terms = page.terms.flatMap(\.terms).map { term in
      Dependencies.current?.add(.page(objects.pages[term].identity, PageMember.record))
      return site.pages[term].name
    }
    return SearchPage(
      url: site.reference(to: page.url, from: configuration.languages[page.language].searchPage) ?? page.url,
      title: page.title,
      excerpt: excerpt(of: matter.description.map(escapedText) ?? content.facts.summary, limit: 180),
      date: page.date.map { $0.formatted("%Y-%m-%d") } ?? "",
      keywords: ([matter.description ?? ""] + terms).joined(separator: " "), html: content.html)
  }
}

/// Writes the index of each language; nothing where the site has no search. Pages are ordered by date, the oldest first: a new post leaves most
/// files that describe pages as they are.
func writeSearchIndex(
  of files: @autoclosure () -> [WrittenFile], _ site: Site, _ plan: Plan, into output: some Output
) throws -> [WrittenFile] {
  guard site.configuration.search else { return [] }
  let files = files()
  if let search = plan.search, search.isOf(files) {
    for file in search.index { try output.keep(file.path) }
    return search.index
  }
  var written: [WrittenFile] = []
  for (language, localized) in site.languages.enumerated() {
    let pages = files.compactMap { file -> (TreePath, SearchPage)? in
      guard let page = file.searchPage, case .page(let id, _)? = site.outputs[file.path],
        site.pages[id].language == language
      else { return nil }
      return (file.path, page)
    }
    let sorted = pages.sorted { ($0.1.date, $0.0) < ($1.1.date, $1.0) }.map(\.1)
    for file in searchFiles(sorted) {
      guard let path = localized.language.searchIndex.parent?.appending(file.name) else {
        preconditionFailure("bug: the search page has a folder, and \(file.name) is a file name")
      }
      try output.write(file.bytes, to: path)
      var file = WrittenFile(path: path, size: file.bytes.count)
      file.recipe = SearchMemory.recipe
      written.append(file)
    }
  }
  return written
}

/// The search index of an earlier build: it is as it would be made, as long as all pages say what they said then.
struct SearchMemory: Sendable {
  /// Tells its files from others.
  static let recipe = Fingerprint.of("search index")

  let index: [WrittenFile]
  private let pages: [TreePath: SearchPage]

  init(_ outputs: [WrittenFile]) {
    index = outputs.filter { $0.recipe == Self.recipe }
    pages = Dictionary(
      outputs.lazy.compactMap { file in file.searchPage.map { (file.path, $0) } }, uniquingKeysWith: { $1 })
  }

  /// Whether it was made of the same pages; `files` are all that there are now.
  func isOf(_ files: [WrittenFile]) -> Bool {
    var count = 0
    for file in files {
      guard let page = file.searchPage else { continue }
      guard file.isKept || pages[file.path] == page else { return false }
      count += 1
    }
    return count == pages.count && !index.isEmpty
  }
}

extension Language {
  /// Where its pages are searched; the index lies beside it.
  var searchPage: TreePath { Resolver.indexFile(in: [prefix, "search"].compactMap(\.self)) }
  var searchIndex: TreePath { searchPage.parent?.appending("index.js") ?? searchPage }
}

extension Site {
  /// All pages that a search engine may want, in the order of their URLs.
  fileprivate var sitemapPages: [PageID] {
    pages.indices.filter { pages[$0].isInSitemap }.sorted { pages[$0].output < pages[$1].output }
  }
}
