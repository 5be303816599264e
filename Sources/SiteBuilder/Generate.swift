import Files
import HTML
import Templates

/// Stage 6: the site → lists, feeds, redirects, sitemap, 404, search index and the style sheets of the theme.
///
/// - Parameter rendered: what stage 5 wrote.
/// - Throws: `Diagnostics`, `FileError`.
func generate(
  _ renderer: SiteRenderer, _ plan: Plan, _ rendered: [WrittenFile], into output: some Output, workers: Int
) async throws -> [WrittenFile] {
  let site = renderer.site
  let files = site.files.filter { _, file in
    switch file {
    case .page(let id, _): site.pages[id].kind != .page
    case .asset, .card, .searchIndex: false
    case .feed, .redirect, .sitemap, .llms, .manifest, .generated: true
    }
  }
  let made = try await write(files, renderer, plan, to: output, workers: workers) { path, file in
    let (bytes, written) = try renderer.generated(file, at: path)
    try output.write(bytes, to: path)
    return written
  }
  return made + (try writeSearchIndex(of: rendered + made, site, plan, into: output))
}

extension SiteRenderer {
  func generated(_ file: OutputFile, at path: TreePath) throws -> (bytes: [UInt8], file: WrittenFile) {
    switch file {
    case .page(let id, let number): return try page(id, number: number, at: path)
    case .feed(let id, let format): return plain(try feed(of: id, format, at: path), at: path)
    case .sitemap(let sitemap): return plain(try self.sitemap(sitemap), at: path)
    case .llms: return plain(try llms(at: path), at: path)
    case .manifest(let manifest): return try self.manifest(manifest, at: path)
    case .redirect(let id): return redirect(to: id, at: path)
    case .generated(let bytes): return plain(site.configuration.minify.minified(bytes, at: path), at: path)
    case .searchIndex: preconditionFailure("bug: the search index is made of all pages, not alone")
    case .asset, .card: preconditionFailure("bug: assets are collected, not generated")
    }
  }

  func plain(_ bytes: [UInt8], at path: TreePath) -> (bytes: [UInt8], file: WrittenFile) {
    (bytes, WrittenFile(path: path, size: bytes.count))
  }

  func list(_ template: String, of id: PageID = Site.home, _ more: ValueMap) throws -> [UInt8] {
    var context = context(.object(objects.pages[id]), of: site.pages[id])
    for key in more.keys { context[key] = more[key] }
    var bytes: [UInt8] = []
    try appearance.templates.render(template, context, into: &bytes)
    if template.hasSuffix(".xml") { bytes.dropCharactersForbiddenInXML() }
    return bytes
  }

  /// `entries` are the newest dated pages of the list, `updated` is the latest date among them.
  private func feed(of id: PageID, _ format: FeedFormat, at path: TreePath) throws -> [UInt8] {
    let newest = site.feedEntries(of: id)
    let dates = newest.compactMap { site.pages[$0].source?.frontMatter.updated ?? site.pages[$0].date }
    for id in newest { Dependencies.current?.add(.page(objects.pages[id].identity, PageMember.record)) }
    let entries = newest.map { Value.object(FeedEntry(objects.pages[$0], feed: path)) }
    return try list(
      format.fileName, of: id,
      [
        "entries": .list(entries),
        "updated": dates.max().map { .date($0) } ?? .undefined,
        "feed_url": .string("/" + path.urlEncoded), "full": .bool(site.configuration.hasFullFeeds),
      ])
  }
}

extension Site {
  /// The newest dated pages that the page lists.
  func feedEntries(of id: PageID) -> ArraySlice<PageID> {
    let page = pages[id]
    let listed = page.kind == .home ? languages[page.language].posts : page.listed.filter { pages[$0].date != nil }
    return listed.sorted { isNewer($0, $1) }.prefix(configuration.feedLimit)
  }

  /// Pages whose whole texts feeds carry: each of them is in several. No more than there is room for.
  func textsOfFeeds(atMost limit: Int) -> Set<PageID> {
    guard configuration.hasFullFeeds, !configuration.feeds.isEmpty else { return [] }
    var ids: Set<PageID> = []
    for id in pages.indices where Site.hasFeed(pages[id]) {
      ids.formUnion(feedEntries(of: id))
      if ids.count >= limit { break }
    }
    return ids
  }

  /// By date, newest first; by path among equals.
  func isNewer(_ left: PageID, _ right: PageID) -> Bool {
    guard let mine = pages[left].date, let its = pages[right].date, mine != its else {
      return pages[left].output < pages[right].output
    }
    return mine > its
  }
}
