import Files
import Images
import Synchronization
import Templates

/// The index of a page in `Site.pages`.
typealias PageID = Int

/// One page of the output that a template renders: written by hand, or a list that follows from others.
struct Page: Sendable {
  enum Kind: String, Sendable {
    case home, section, page, taxonomy, term, archive, search
    case notFound = "not-found"
  }

  var kind: Kind
  var language: LanguageID = 0
  /// The same page in other languages, in their order.
  var translations: [PageID] = []
  /// Nil where no file stands behind the page.
  var source: ParsedPage?
  var title: String
  /// Site-rooted and percent-encoded: `/posts/hello/`.
  var url: String
  /// The first file it is written to; lists of several pages have more.
  var output: TreePath
  var date: TemplateDate?
  /// The section (for terms: the taxonomy) it belongs to; nil for the home page.
  var parent: PageID?
  /// The pages that it lists, in order.
  var listed: [PageID] = []
  var subsections: [PageID] = []
  /// Neighbours in the order of its section.
  var previous: PageID?
  var next: PageID?
  /// Its terms, in the order written.
  var terms: [(taxonomy: PageID, terms: [PageID])] = []
  /// Taxonomies and terms: the name as first written.
  var name = ""

  var frontMatter: FrontMatter { source?.frontMatter ?? FrontMatter() }

  /// Whether a search engine may want it.
  var isInSitemap: Bool { kind != .notFound && kind != .search && !isRedirect }

  /// It has no text of its own, and leads on to another page.
  var isRedirect: Bool { source?.frontMatter.redirectTo != nil }

  /// What the page is called in a diagnostic.
  var sourcePath: String { source?.file.path.string ?? output.string }
}

/// What a file of the output is made from. Small: a site may have a hundred thousand.
enum OutputFile: Sendable {
  /// `number` is 1-based: the page of a list that goes on over several.
  case page(PageID, number: Int)
  case feed(PageID, FeedFormat)
  case redirect(to: PageID)
  case sitemap(Sitemap)
  case llms
  indirect case manifest(WebManifest)
  /// The files of the search index; this one is the first, and names the others.
  case searchIndex(LanguageID)
  indirect case asset(Inventory.File)
  indirect case card(SocialCard)
  /// A style sheet of the theme, or the one for highlighted code.
  case generated([UInt8])
}

/// A sitemap holds 50,000 URLs at most (sitemaps.org/protocol.html): a larger site has several, and a list of them.
enum Sitemap: Sendable {
  case whole
  case index(parts: Int)
  /// 1-based.
  case part(Int, of: Int)
}

/// The part of a site that is in one language.
struct LocalizedSite: Sendable {
  let language: Language
  /// Its front page.
  let home: PageID
  /// Newest first.
  let regularPages: [PageID]
  /// Of these, the ones with a date.
  let posts: [PageID]
  let taxonomies: [PageID]
  let menus: [(name: String, items: [MenuItem])]
  let phrases: PhraseBook
}

/// Everything that is known before the first page is rendered. Immutable; shared by all workers.
final class Site: Sendable {
  let configuration: Configuration
  let pages: PageTable
  /// Regular pages of all languages, newest first.
  let regularPages: [PageID]
  /// The site in each language, in the order of the configuration.
  let languages: [LocalizedSite]
  /// The place of each page in `regularPages`; `Int.max` for pages that are not in it.
  let rank: [Int]
  let data: Value
  /// Each file of the output; what is not here will not be there.
  let outputs: [TreePath: OutputFile]
  /// The same, sorted by path.
  let files: [(path: TreePath, file: OutputFile)]
  /// The same files by their URLs.
  let urls: URLTable
  /// Where a file of the site's folder is found in the output: `content/posts/hello.md`, `assets/logo.svg`, `static/robots.txt`.
  let outputOfSource: [TreePath: TreePath]
  /// By language: the same for pages by their path without language. Empty where the site has one language.
  let outputOfTranslation: [[TreePath: TreePath]]
  /// Symbolic links that lead out of the site's folder.
  let linksOut: Set<TreePath>
  /// What is left out of this build.
  let hidden: HiddenPages
  let images: SiteImages
  let hashedNames = HashedNames()
  let nearNames = SiteNames()

  init(
    configuration: Configuration, pages: [Page], regularPages: [PageID], taxonomies: [PageID], homes: [PageID],
    phrases: [PhraseBook], data: Value, outputs: [TreePath: OutputFile],
    paths: [TreePath], outputOfSource: [TreePath: TreePath],
    outputOfTranslation: [[TreePath: TreePath]], linksOut: Set<TreePath>, hidden: HiddenPages
  ) {
    self.configuration = configuration
    self.pages = PageTable(pages)
    self.regularPages = regularPages
    var rank = [Int](repeating: .max, count: pages.count)
    for (place, id) in regularPages.enumerated() { rank[id] = place }
    self.rank = rank
    self.data = data
    self.outputs = outputs
    files = paths.compactMap { path in outputs[path].map { (path, $0) } }
    urls = URLTable(outputs.keys)
    self.outputOfSource = outputOfSource
    self.outputOfTranslation = outputOfTranslation
    self.linksOut = linksOut
    self.hidden = hidden
    images = SiteImages(configuration.images)
    let menus = MenuBuilder(
      configuration: configuration, pages: pages, outputs: outputs, outputOfSource: outputOfSource,
      outputOfTranslation: outputOfTranslation)
    languages = configuration.languages.indices.map { language in
      let own = regularPages.filter { pages[$0].language == language }
      return LocalizedSite(
        language: configuration.languages[language], home: homes[language], regularPages: own,
        posts: own.filter { pages[$0].date != nil }, taxonomies: taxonomies.filter { pages[$0].language == language },
        menus: menus.menus(in: language), phrases: phrases[language])
    }
  }

  deinit { pages.deallocate() }

  /// The front page of the default language.
  static let home: PageID = 0

  /// Where a page stands in a list that is sorted as `regularPages` is.
  func position(of id: PageID, in list: [PageID]) -> Int {
    list.partitioningIndex { rank[$0] >= rank[id] }
  }

  /// Over how many pages of the output the list goes on.
  func pageCount(of id: PageID) -> Int {
    let count = Site.listPages(pages[id].listed.count, size: configuration.pageSize)
    return count > 1 && outputs[Site.output(pages[id].output, number: 2)] == nil ? 1 : count
  }

  /// The taxonomy that a term belongs to; empty for other pages.
  func taxonomyName(of page: Page) -> String { page.kind == .term ? page.parent.map { pages[$0].name } ?? "" : "" }

  /// Over how many pages a list of `count` goes on; at least one.
  static func listPages(_ count: Int, size: Int) -> Int { max(1, (count + size - 1) / size) }

  /// The file of page `number` (1-based) of a list.
  static func output(_ first: TreePath, number: Int) -> TreePath {
    guard number > 1 else { return first }
    let suffix: TreePath = TreePath("page/\(number)/index.html") ?? first
    return first.parent?.appending(suffix) ?? suffix
  }

  /// `sitemap-2.xml`.
  static func sitemap(part: Int) -> TreePath {
    guard let path = TreePath("sitemap-\(part).xml") else { preconditionFailure("bug: a number is part of a name") }
    return path
  }

  /// The feeds of a page: format and site-rooted URL.
  func feeds(of page: Page) -> [(format: FeedFormat, url: String)] {
    guard Site.hasFeed(page) else { return [] }
    return configuration.feeds.map { ($0, siteURL(of: Resolver.feed($0, of: page.output))) }
  }

  /// Pages that have a feed: the home page, sections that list pages, terms.
  static func hasFeed(_ page: Page) -> Bool {
    switch page.kind {
    case .home, .term: true
    case .section: !page.listed.isEmpty
    case .page, .taxonomy, .archive, .search, .notFound: false
    }
  }
}

/// The URL under which the file at `output` is read: `/posts/hello/` for `posts/hello/index.html`.
func siteURL(of output: TreePath) -> String {
  guard output.name == "index.html" else { return "/" + output.urlEncoded }
  return output.parent.map { "/" + $0.urlEncoded + "/" } ?? "/"
}
