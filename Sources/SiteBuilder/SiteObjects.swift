import Files
import HTML
import Synchronization
import Templates

/// What templates see: the site in each language, its pages, and what follows from them.
final class SiteObjects: Sendable {
  let site: Site
  let contents: ContentRenderer
  private let storage = ObjectStorage()
  // Written in `init`, and by `PageEdit`, which has the site for itself between two builds.
  nonisolated(unsafe) var fingerprints: SiteFingerprints
  /// What the members that somebody read have said: a row for each page, then one for the site in each language.
  let digests: MemberDigests
  /// What the text of each page was made from, by the page; nil where it was not rendered.
  private let textDependencies: Mutex<[TextDependencies?]>

  /// One for each page of the site.
  var pages: UnsafeBufferPointer<PageObject> { UnsafeBufferPointer(storage.pages) }
  /// One for each language.
  var languages: [SiteObject] { storage.languages }

  init(_ site: Site, _ templates: TemplateSet, collectsOutsideLinks: Bool = false, collectsLinks: Bool = false) {
    self.site = site
    contents = ContentRenderer(
      site, templates, collectsOutsideLinks: collectsOutsideLinks, collectsLinks: collectsLinks)
    fingerprints = SiteFingerprints(site)
    textsOfFeeds = site.textsOfFeeds(atMost: 2_000)
    textDependencies = Mutex(Array(repeating: nil, count: site.pages.count))
    digests = MemberDigests(rows: site.pages.count + site.languages.count)
    storage.makePages(site.pages.count) { PageObject($0, self) }
    storage.languages = site.languages.enumerated().map { SiteObject($1, language: $0, self) }
  }

  /// `{format, type, url}` of each feed of a page.
  func feeds(of page: Page) -> Value {
    .list(
      site.feeds(of: page).map { format, url in
        .map(["format": .string(format.rawValue), "type": .string(format.mediaType), "url": .string(url)])
      })
  }

  func sequence(_ ids: [PageID]) -> Value { .sequence(PageSequence(ids, self)) }

  /// The text of a page, rendered now; kept where another text shows it, which might have to render it again and again, and where feeds do.
  func content(of id: PageID) -> PageContent {
    let isShown = ContentRenderer.isRenderingText
    if isShown { Dependencies.current?.showsTexts = true }
    let isKept = isShown || textsOfFeeds.contains(id)
    if isKept, let known = shownContents.withLock({ $0[id] }) { return known }
    let (content, problems) = contents.content(of: id, self)
    if isKept { shownContents.withLock { $0[id] = content } }
    // All else is told when the page itself is rendered.
    let circles = problems.map(\.diagnostic).filter { $0.id == "text-in-itself" }
    if !circles.isEmpty { self.circles.withLock { $0.formUnion(circles) } }
    return content
  }

  /// What the text of a page was made from; nil where it has not been rendered.
  func textDependencies(of id: PageID) -> TextDependencies? { textDependencies.withLock { $0[id] } }

  /// The text of a page that has just been rendered for its own sake.
  func remember(_ content: PageContent, of id: PageID) {
    pages[id].remember(content)
    if textsOfFeeds.contains(id) { shownContents.withLock { $0[id] = content } }
  }

  func remember(_ dependencies: TextDependencies, of id: PageID) {
    textDependencies.withLock { $0[id] = dependencies }
  }

  /// The pages whose texts were made from something that `isWanted`.
  func texts(_ isWanted: (PageID, TextDependencies) -> Bool) -> [PageID] {
    textDependencies.withLock { all in
      all.indices.filter { id in all[id].map { isWanted(id, $0) } ?? false }
    }
  }

  /// The text of the page has changed: what it says and what it was made from is not known any more.
  func forgetText(of id: PageID) {
    pages[id].forget()
    textDependencies.withLock { $0[id] = nil }
    shownContents.withLock { $0[id] = nil }
  }

  /// The same for every text that shows another, whatever became of those since the last build of this process.
  func forgetTextsThatShowTexts() {
    let ids = textDependencies.withLock { all in all.indices.filter { all[$0]?.showsTexts ?? false } }
    for id in ids { pages[id].forget() }
    shownContents.withLock { shown in for id in ids { shown[id] = nil } }
  }

  /// Texts that other texts show, or feeds.
  private let shownContents = Mutex<[PageID: PageContent]>([:])
  private let textsOfFeeds: Set<PageID>

  /// Filled before the first page is rendered; empty where no template asks.
  let backlinks = Mutex<[PageID: [PageID]]>([:])

  /// Pages that show their own text, found while others were rendered.
  let circles = Mutex<Set<Diagnostic>>([])

  /// Site-rooted URLs in `html` made to work in the file at `output`.
  func portable(_ html: String, in output: TreePath) -> String {
    let bytes = rewriteHTML(Array(html.utf8)) { found in
      found.url.hasPrefix("/") && !found.url.hasPrefix("//") ? portable(url: found.url, in: output) : nil
    }
    return String(text: bytes)
  }

  /// A site-rooted URL as it works in the file at `output`: absolute where the site has an address, else relative and naming a file.
  func portable(url: String, in output: TreePath) -> String {
    let base = site.configuration.url
    if !base.isEmpty { return base + url }
    return namingFile(relativize(url, from: output) ?? url)
  }

  /// `url`, `alt`, and the size in pixels where the file says it.
  func cover(_ cover: FrontMatter.Cover, of page: Page) -> Value {
    var map: ValueMap = ["url": .string(cover.url), "alt": .string(cover.alt)]
    guard let source = page.source else { return .map(map) }
    if case .output(let output, let url) = site.target(of: cover.url, writtenIn: source.file.path, shownAt: page.output)
    {
      map["url"] = .string(url)
      if let file = site.imageFile(at: output), let info = site.images.info(of: file) {
        map["width"] = .int(info.width)
        map["height"] = .int(info.height)
      }
    }
    return .map(map)
  }

  /// The part of a list that its page `number` shows; undefined for pages that list nothing.
  func paginator(of id: PageID, number: Int) -> Value {
    guard Resolver.isPaginated(site.pages[id].kind) else { return .undefined }
    let page = site.pages[id]
    let size = site.configuration.pageSize
    let total = site.pageCount(of: id)
    func url(_ number: Int) -> Value {
      number >= 1 && number <= total ? .string(siteURL(of: Site.output(page.output, number: number))) : .undefined
    }
    let start = min((number - 1) * size, page.listed.count)
    return .map([
      "pages": sequence(Array(page.listed[start..<min(start + size, page.listed.count)])), "number": .int(number),
      "total": .int(total), "count": .int(page.listed.count), "previous_url": url(number - 1),
      "next_url": url(number + 1),
      "first_url": url(1), "last_url": url(total),
    ])
  }
}

/// Filled once, right after the objects that it holds have been given their owner, and only read from then on.
private final class ObjectStorage: @unchecked Sendable {
  // Written in SiteObjects.init alone, before another task can see the object.
  private(set) var pages = UnsafeMutableBufferPointer<PageObject>(start: nil, count: 0)
  var languages: [SiteObject] = []

  /// Memory without a reference count, for which threads would contend.
  func makePages(_ count: Int, _ make: (PageID) -> PageObject) {
    pages = .allocate(capacity: count)
    for id in 0..<count { pages.initializeElement(at: id, to: make(id)) }
  }

  deinit {
    pages.deinitialize()
    pages.deallocate()
  }
}

extension Value {
  init(_ datum: Datum) {
    switch datum.value {
    case .null: self = .none
    case .bool(let bool): self = .bool(bool)
    case .int(let int): self = .int(int)
    case .double(let double): self = .double(double)
    case .string(let string): self = .string(string)
    case .list(let items): self = .list(items.map { Value($0) })
    case .map(let entries): self = .map(ValueMap(entries.map { ($0.key, Value($0.datum)) }))
    }
  }

  init(_ items: [MenuItem]) {
    self = .list(
      items.map { item in
        .map([
          "name": .string(item.name), "url": .string(item.url), "weight": .int(item.weight),
          "children": Value(item.children),
        ])
      })
  }
}
