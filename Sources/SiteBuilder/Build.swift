import Files
import Templates

/// What to build, and how.
public struct BuildOptions: Sendable {
  /// The site's folder.
  public var folder: String
  /// The output folder; nil means `public` in the site's folder.
  public var output: String?
  /// Pages with `draft: true` too.
  public var includesDrafts = false
  /// The time of the build: pages dated later, or expired by then, are left out. Nil leaves out none.
  public var secondsSince1970: Int?
  public var includesFuture = false
  public var includesExpired = false
  /// Warnings stop the build as errors do.
  public var isStrict = false
  /// How many URLs a sitemap holds; 50,000 is what the protocol allows.
  public var sitemapLimit = 50_000
  /// How many files are worked on at a time.
  public var workers: Int

  public init(folder: String, output: String? = nil, workers: Int) {
    self.folder = folder
    self.output = output
    self.workers = max(1, workers)
  }
}

/// What a build made.
public struct BuildReport: Sendable {
  /// Absolute.
  public let output: String
  public let configuration: Configuration
  /// The pages of the output, sorted by path, with the file each was written from.
  public let pages: [BuiltPage]
  /// Other files: style sheets, images, feeds.
  public let otherFiles: Int
  /// Bytes of all files.
  public let bytes: Int
  public let warnings: [Diagnostic]
}

/// A page of the output.
public struct BuiltPage: Sendable {
  public let path: TreePath
  public let title: String
  /// Relative to the site's folder; nil for lists that no file stands behind.
  public let source: String?
  /// It lists other pages, or leads to one.
  public let isList: Bool
}

/// Builds a site into its output folder.
///
/// - Throws: `Diagnostics` where the site is wrong, `SiteError` where it is no site, `FileError` where the disk says no.
public func build(_ options: BuildOptions) async throws -> BuildReport {
  let folder = realPath(options.folder) ?? options.folder
  let place = try outputFolder(options, in: folder)
  let configuration = try load(folder)
  try makeFolder(folder + "/.colophon")
  guard let lock = try FileLock(folder + "/.colophon/build.lock") else { throw SiteError.busy(folder) }
  defer { lock.release() }
  let output = try DiskOutput(place)
  do {
    let report = try await build(options, configuration, into: output, place)
    try output.swapIn()
    return report
  } catch {
    output.discard()
    throw error
  }
}

/// The same, with the output held in memory.
public func buildTree(_ options: BuildOptions) async throws -> (tree: FileTree, report: BuildReport) {
  let output = MemoryOutput()
  let report = try await build(options, load(realPath(options.folder) ?? options.folder), into: output, "")
  return (output.tree, report)
}

/// The eight stages. Each throws all its problems at once, and the next one starts from a sound result.
private func build(
  _ options: BuildOptions, _ configuration: Configuration, into output: some Output, _ place: String
) async throws -> BuildReport {
  let inventory = try discover(options.folder)
  let phrases = try readPhraseBooks(inventory, configuration)
  let appearance = try Appearance(inventory, configuration, phrases.books)
  let parsed = try await parse(inventory, configuration, workers: options.workers)
  let wanted = parsed.pages.filter { isWanted($0, options) }
  let data = try readData(inventory)
  let resolved = try resolve(
    wanted, inventory, configuration, appearance.assets, data: data.value, phrases: phrases.books,
    sitemapLimit: options.sitemapLimit)
  let renderer = Renderer(resolved.site, appearance)
  let rendered = try await render(renderer, into: output, workers: options.workers)
  let generated = try await generate(renderer, rendered, into: output, workers: options.workers)
  let collected = try await collect(resolved.site, into: output, workers: options.workers)
  let written = rendered + generated + collected
  let checked =
    check(written, resolved.site, appearance) + renderer.objects.circles.withLock { $0 }
  let warnings = inventory.warnings + data.warnings + phrases.warnings + parsed.warnings + resolved.warnings + checked
  try Diagnostics.stop(at: warnings, strict: options.isStrict)
  return report(resolved.site, place, written, warnings)
}

private func isWanted(_ page: ParsedPage, _ options: BuildOptions) -> Bool {
  let matter = page.frontMatter
  if matter.isDraft, !options.includesDrafts { return false }
  guard let now = options.secondsSince1970 else { return true }
  if let expiry = matter.expiryDate, expiry.secondsSince1970 <= now, !options.includesExpired { return false }
  guard let date = matter.publishDate ?? matter.date, !options.includesFuture else { return true }
  // A date without a zone may be that of a writer in UTC+14, where the day begins first.
  return date.secondsSince1970 - (date.offsetMinutes == 0 ? 14 * 3600 : 0) <= now
}

private func report(_ site: Site, _ output: String, _ written: [WrittenFile], _ warnings: [Diagnostic]) -> BuildReport {
  let pages = site.outputs.compactMap { path, file -> BuiltPage? in
    switch file {
    case .page(let id, _):
      BuiltPage(
        path: path, title: site.pages[id].title, source: site.pages[id].source?.file.path.string,
        isList: site.pages[id].kind != .page)
    case .redirect(let id): BuiltPage(path: path, title: site.pages[id].title, source: nil, isList: true)
    case .feed, .sitemap, .llms, .manifest, .searchIndex, .asset, .generated: nil
    }
  }
  return BuildReport(
    output: output, configuration: site.configuration, pages: pages.sorted { $0.path < $1.path },
    otherFiles: written.count - pages.count, bytes: written.reduce(0) { $0 + $1.size }, warnings: warnings)
}

/// The output folder, absolute. It must be no folder that the site reads from, nor one that holds the site.
private func outputFolder(_ options: BuildOptions, in folder: String) throws -> String {
  guard let given = options.output else { return folder + "/public" }
  // What does not exist yet has no real path; the nearest folder above that does exist has one.
  var existing = given.hasPrefix("/") ? given : (realPath(".") ?? "") + "/" + given
  while existing.count > 1, existing.hasSuffix("/") { existing.removeLast() }
  var rest: [Substring] = []
  while realPath(existing) == nil, let slash = existing.lastIndex(of: "/") {
    rest.insert(existing[existing.index(after: slash)...], at: 0)
    existing = slash == existing.startIndex ? "/" : String(existing[..<slash])
    if existing == "/" { break }
  }
  let base = realPath(existing) ?? existing
  let place = rest.isEmpty ? base : (base == "/" ? "" : base) + "/" + rest.joined(separator: "/")
  let sources = ["content", "templates", "assets", "static", "data", "i18n"].map { folder + "/" + $0 }
  let holdsSite = folder == place || folder.hasPrefix(place == "/" ? "/" : place + "/")
  guard !holdsSite, !sources.contains(where: { place == $0 || place.hasPrefix($0 + "/") }) else {
    throw SiteError.outputInSite(given)
  }
  return place
}
