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
  /// Warnings stop the build as errors do, and so does a page that no link leads to.
  public var isStrict = false
  /// Orphans are among the warnings where the build is not strict, too.
  public var tellsOrphans = false
  /// Whether `BuildReport.outsideLinks` of `checkSite` is filled.
  public var collectsOutsideLinks = false
  /// What is built is looked at where it is made: links of its 404 page do not lead to the site's address.
  public var isPreview = false
  /// How many URLs a sitemap holds; 50,000 is what the protocol allows.
  public var sitemapLimit = 50_000
  /// False leaves images as they are, as on a machine without libvips.
  public var usesImageLibrary = true
  /// Whether no other build may touch the output until `BuildReport.outputLock` is released.
  public var locksOutput = false
  /// How many files are worked on at a time.
  public var workers: Int
  /// Tells builds of the program apart: one that was built by another is not gone on from.
  public var program = ""

  public init(folder: String, output: String? = nil, workers: Int) {
    self.folder = folder
    self.output = output
    self.workers = max(1, workers)
  }
}

/// What a build made.
public struct BuildReport: Sendable {
  /// Absolute; empty where the output is held in memory.
  public internal(set) var output: String
  public let configuration: Configuration
  /// The pages of the output, sorted by path, with the file each was written from.
  public internal(set) var pages: [BuiltPage]
  /// Other files: style sheets, images, feeds.
  public let otherFiles: Int
  /// Bytes of all files.
  public internal(set) var bytes: Int
  public let warnings: [Diagnostic]
  /// How many files of the output were written or removed, because they were not as they had to be.
  public internal(set) var changedFiles: Int
  /// Where other sites are linked to; empty unless it was asked for.
  public internal(set) var outsideLinks: [OutsideLink] = []
  /// Of a build with `locksOutput`; to be released once.
  public internal(set) var outputLock: FileLock?
}

/// A page of the output.
public struct BuiltPage: Sendable {
  public let path: TreePath
  public internal(set) var title: String
  /// Relative to the site's folder; nil for lists that no file stands behind.
  public let source: String?
  /// It lists other pages, or leads to one.
  public let isList: Bool
}

/// Builds a site into its output folder. It goes on from what the last build left: only what is touched by a change is made anew.
///
/// - Throws: `Diagnostics` where the site is wrong, `SiteError` where it is no site, `FileError` where the disk says no.
public func build(_ options: BuildOptions) async throws -> BuildReport {
  let folder = realPath(options.folder) ?? options.folder
  let place = OutputFolder(try outputFolder(options, in: folder))
  let configuration = try await stage("load") { try load(folder) }
  try makeFolder(folder + "/.colophon")
  guard let lock = try FileLock(folder + "/.colophon/build.lock") else { throw SiteError.busy(folder) }
  defer { lock.release() }
  // Who reads the output after the build may keep this one; previews are built on meanwhile, elsewhere.
  guard let outputLock = try FileLock(folder + "/.colophon/output.lock") else { throw SiteError.busy(folder) }
  do {
    var report = try await build(options, in: folder, into: place, configuration)
    if options.locksOutput { report.outputLock = outputLock } else { outputLock.release() }
    return report
  } catch {
    outputLock.release()
    throw error
  }
}

/// The same, of a site that no other build can change.
private func build(
  _ options: BuildOptions, in folder: String, into place: OutputFolder, _ configuration: Configuration
) async throws -> BuildReport {
  let start = try fileSystemTime(byTouching: folder + "/.colophon/build.lock")
  try place.recover()
  let (inventory, found) = try await stage("discover") {
    async let past = BuildCache.read(folder, place, configuration, workers: options.workers)
    let inventory = try discover(options.folder)
    return (inventory, try await past)
  }
  if let found, let report = found.report(ofUnchanged: inventory, configuration, options),
    try await found.stamps.hold(in: place.path, workers: options.workers)
  {
    return report
  }
  let images = ImageCache(folder + "/.colophon/cache/images")
  // What the stages knew of the site is gone before the rest is done: the two together would be the most that a build holds.
  var (cache, changed) = try await {
    // Whether the output is as it was left is looked up beside stages that do not need to know.
    async let isInPlace = found?.stamps.hold(in: place.path, workers: options.workers) ?? false
    let resolved = try await resolve(inventory, configuration, options, found)
    var past = found
    past?.isInPlace = try await isInPlace
    let built = try await runStages(behind: resolved, inventory, options, past, images) { try place.open($0) }
    return (BuildCache(built, inventory, options, place, start: start), built.changed)
  }()
  try await cache.takeStamps(changed, found, place, workers: options.workers)
  return try await stage("keep for the next build") {
    try await cache.write(folder, place, workers: options.workers)
    images.removeUnused()
    return cache.report
  }
}

/// The same, with the output held in memory, and from nothing.
public func buildTree(_ options: BuildOptions) async throws -> (tree: FileTree, report: BuildReport) {
  let output = MemoryOutput()
  let configuration = try load(realPath(options.folder) ?? options.folder)
  let built = try await runStages(try discover(options.folder), configuration, options, nil, nil) { _ in output }
  return (output.tree, built.report)
}

/// The same, and nothing but pictures for later builds is written: what is wrong with the site, and with `collectsOutsideLinks` what it links to.
///
/// - Throws: as `build`.
public func checkSite(_ options: BuildOptions) async throws -> BuildReport {
  let folder = realPath(options.folder) ?? options.folder
  let configuration = try load(folder)
  // Only what is made shows whether it can be made: what a build has made need not be made again, nor by the build that follows.
  let images = ImageCache(folder + "/.colophon/cache/images")
  var built = try await runStages(try discover(options.folder), configuration, options, nil, images) { _ in NoOutput() }
  if options.collectsOutsideLinks { built.report.outsideLinks = outsideLinks(built.files, built.resolved.renderer) }
  return built.report
}

/// What comes of the first four stages: all that is known before a page is rendered.
struct ResolvedSite: Sendable {
  /// A digest of what the whole output follows from: see `BuildCache.premise`.
  let premise: UInt64
  var parsed: ParsedPages
  let renderer: SiteRenderer
  /// Those of `parsed` aside.
  let warnings: [Diagnostic]
}

/// What comes of all stages, beside the files of the output.
struct Built: Sendable {
  var report: BuildReport
  let resolved: ResolvedSite
  let files: [WrittenFile]
  /// Files that were written, and those that were removed.
  let changed: [TreePath]
}

/// Stages 3 and 4. Each throws all its problems at once, and the next one starts from a sound result.
private func resolve(
  _ inventory: Inventory, _ configuration: Configuration, _ options: BuildOptions, _ past: BuildCache?
) async throws -> ResolvedSite {
  var configuration = configuration
  configuration.images.mayUseLibrary = options.usesImageLibrary
  configuration.isPreview = options.isPreview
  configuration.cards = try SocialCards(configuration, inventory)
  let premise = try premise(of: inventory, configuration, options)
  let parsed = try await stage("parse") {
    try await parse(inventory, configuration, past, workers: options.workers)
  }
  if let same = past?.resolved(premise, inventory, parsed, options) { return same }
  let phrases = try readPhraseBooks(inventory, configuration)
  let appearance = try Appearance(inventory, configuration, phrases.books)
  var wanted: [ParsedPage] = []
  var leftOut: [ParsedPage] = []
  for page in parsed.pages { if page.isWanted(options) { wanted.append(page) } else { leftOut.append(page) } }
  let data = try readData(inventory)
  let resolved = try await stage("resolve") {
    try SiteBuilder.resolve(
      wanted, leftOut: leftOut, inventory, configuration, appearance, data: data.value, phrases: phrases.books,
      sitemapLimit: options.sitemapLimit, hidden: HiddenPages(leftOut, options))
  }
  return ResolvedSite(
    premise: premise, parsed: parsed,
    renderer: SiteRenderer(resolved.site, appearance, collectsOutsideLinks: options.collectsOutsideLinks),
    warnings: inventory.warnings + appearance.memberWarnings(configuration) + appearance.imageWarnings(configuration)
      + appearance.renderWarnings + configuration.cardWarnings + data.warnings
      + phrases.warnings + appearance.phraseWarnings(resolved.site, lacking: phrases.lacking)
      + resolved.warnings)
}

/// The stages behind the first two.
func runStages(
  _ inventory: Inventory, _ configuration: Configuration, _ options: BuildOptions, _ past: BuildCache?,
  _ images: ImageCache?, into open: @Sendable (Plan) throws -> any Output
) async throws -> Built {
  let resolved = try await resolve(inventory, configuration, options, past)
  return try await runStages(behind: resolved, inventory, options, past, images, into: open)
}

/// Stages 5 to 8.
private func runStages(
  behind resolved: ResolvedSite, _ inventory: Inventory, _ options: BuildOptions, _ past: BuildCache?,
  _ images: ImageCache?, into open: @Sendable (Plan) throws -> any Output
) async throws -> Built {
  let workers = options.workers
  let (renderer, site) = (resolved.renderer, resolved.renderer.site)
  let plan = try await stage("plan") { try await SiteBuilder.plan(past, resolved, inventory, workers: workers) }
  let output = try open(plan)
  do {
    var files: [WrittenFile] = []
    files.reserveCapacity(site.files.count)
    files += try await stage("render") {
      try await render(renderer, plan, into: output, workers: workers)
    }
    files += try await stage("generate") { [files] in
      try await generate(renderer, plan, files, into: output, workers: workers)
    }
    files += try await stage("collect") {
      try await collect(renderer, plan, images, into: output, workers: workers)
    }
    let checked = await stage("check") { [files] in
      check(files, site, renderer.appearance) + renderer.objects.circles.withLock { $0 }
        + (options.isStrict || options.tellsOrphans ? orphans(among: files, of: site) : [])
    }
    let warnings = (resolved.warnings + resolved.parsed.warnings + checked).sorted(by: Diagnostic.inOrder)
    try Diagnostics.stop(at: warnings, strict: options.isStrict)
    let changed = try await stage("put in place") { try output.commit(files.map { $0.path }, over: plan.before) }
    let report = report(site, files, warnings, changed: changed.count)
    return Built(report: report, resolved: resolved, files: files, changed: changed)
  } catch {
    output.discard()
    throw error
  }
}

private func report(
  _ site: Site, _ files: [WrittenFile], _ warnings: [Diagnostic], changed: Int
) -> BuildReport {
  let pages = site.files.compactMap { path, file -> BuiltPage? in
    switch file {
    case .page(let id, _):
      BuiltPage(
        path: path, title: site.pages[id].title, source: site.pages[id].source?.file.path.string,
        isList: site.pages[id].kind != .page)
    case .redirect(let id): BuiltPage(path: path, title: site.pages[id].title, source: nil, isList: true)
    case .feed, .sitemap, .llms, .manifest, .searchIndex, .asset, .card, .generated: nil
    }
  }
  return BuildReport(
    output: "", configuration: site.configuration, pages: pages,
    otherFiles: files.count - pages.count, bytes: files.reduce(0) { $0 + $1.size }, warnings: warnings,
    changedFiles: changed)
}

/// The output folder, absolute. It must be no folder that the site reads from, nor one that holds the site.
func outputFolder(_ options: BuildOptions, in folder: String) throws -> String {
  // `public` may be a symbolic link to where the web server looks.
  let given = options.output ?? folder + "/public"
  // What does not exist yet has no real path; the nearest folder above that does exist has one.
  var existing = given.hasPrefix("/") ? given : (realPath(".") ?? "") + "/" + given
  while existing.count > 1, existing.hasSuffix("/") { existing.removeLast() }
  var rest: [Substring] = []
  while realPath(existing) == nil, let slash = existing.lastSlash {
    rest.insert(existing[existing.utf8.index(after: slash)...], at: 0)
    existing = slash == existing.startIndex ? "/" : String(existing[..<slash])
    if existing == "/" { break }
  }
  let base = realPath(existing) ?? existing
  let place = rest.isEmpty ? base : (base == "/" ? "" : base) + "/" + rest.joined(separator: "/")
  let sources = Inventory.folders.map { folder + "/" + $0 }
  let holdsSite = folder == place || folder.hasPrefix(place == "/" ? "/" : place + "/")
  guard !holdsSite, !sources.contains(where: { place == $0 || place.hasPrefix($0 + "/") }) else {
    throw SiteError.outputInSite(given)
  }
  return place
}
