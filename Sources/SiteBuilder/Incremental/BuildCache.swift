import Files
import Images

/// What is remembered of a build, so that the next one does no more than it must. Losing it costs time, never correctness.
struct BuildCache: Sendable {
  /// What the whole output follows from: options, program, configuration, templates, data. Where it differs, all is made anew.
  var premise: UInt64
  /// The part of `premise` that is known before a file is read.
  var opening: UInt64
  /// libvips as it was, where templates ask for smaller pictures; where the configuration does, it is a part of `opening`.
  var imageLibrary: String?
  /// The time of the build, and the next time at which a page comes or goes.
  var time: Int?
  /// Nothing was wrong with the site, orphans included, which only strict builds look for.
  var wasStrict: Bool
  var nextChange: Int?
  /// Every file of the site's folder that a build may read.
  var inputs: [TreePath: Input]
  var site: SiteMemory
  /// Each file of the output.
  var outputs: WrittenFiles
  var stamps: OutputStamps
  var report: BuildReport
  /// The output is as the build left it.
  var isInPlace = false
  /// The site as it was resolved, where the build was one of this process.
  var lastSite: ResolvedSite?
  /// Pages that were parsed without a warning, and without what sections hand down, by this process.
  var pages: [TreePath: ParsedPage] = [:]
  /// A file of the site has two names, so that a change under one of them is a change of both.
  var hasSecondNames = true

  struct Input: Sendable {
    let stamp: FileStamp
    /// The stamp was old enough when it was taken: a later change cannot have left it as it is.
    let isSettled: Bool
    /// Of pages.
    var head: PageHead?
  }

  /// The head of a page's file, where that is as it was.
  func head(of file: Inventory.File) -> PageHead? { isUnchanged(file) ? inputs[file.path]?.head : nil }

  /// The page itself, where this process has parsed it.
  func page(of file: Inventory.File) -> (ParsedPage, PageHead)? {
    guard let page = pages[file.path], let head = head(of: file) else { return nil }
    return (page, head)
  }

  /// The site as this process has resolved it, where nothing but texts of pages has changed since.
  func resolved(
    _ premise: UInt64, _ inventory: Inventory, _ parsed: ParsedPages, _ options: BuildOptions
  ) -> ResolvedSite? {
    guard let last = lastSite, isInPlace, premise == self.premise, covers(options.secondsSince1970),
      inventory.all.count == inputs.count, (inventory.assets + inventory.shared).allSatisfy(isUnchanged),
      parsed.pages.count == last.parsed.pages.count,
      zip(parsed.pages, last.parsed.pages).allSatisfy({
        $0.head == $1.head && $0.bodyStart == $1.bodyStart && $0.file.path == $1.file.path
      })
    else { return nil }
    last.renderer.site.images.forgetVariants()
    var same = last
    same.parsed = parsed
    return same
  }

  func isUnchanged(_ file: Inventory.File) -> Bool {
    guard let input = inputs[file.path] else { return false }
    return input.isSettled && input.stamp == file.stamp
  }

  /// - Parameter start: the file system's time before the site's folder was listed.
  init(_ built: Built, _ inventory: Inventory, _ options: BuildOptions, _ place: OutputFolder, start: Int64) {
    premise = built.resolved.premise
    opening = SiteBuilder.opening(of: inventory, built.report.configuration, options)
    imageLibrary = built.resolved.renderer.appearance.mayResize ? imageLibraryVersion : nil
    time = options.secondsSince1970
    wasStrict = options.isStrict
    nextChange = time.flatMap { now in
      built.resolved.parsed.pages.flatMap { [$0.start, $0.end] }.compactMap(\.self).filter { $0 > now }.min()
    }
    let all = inventory.all
    inputs = [:]
    inputs.reserveCapacity(all.count)
    for file in all {
      guard let stamp = file.stamp else { continue }
      inputs[file.path] = Input(stamp: stamp, isSettled: stamp.isSettled(at: start), head: nil)
    }
    for (page, head) in zip(built.resolved.parsed.pages, built.resolved.parsed.heads) {
      inputs[page.file.path]?.head = head
    }
    site = SiteMemory(built.resolved.renderer.objects)
    outputs = WrittenFiles(built.files)
    report = built.report
    report.output = place.path
    isInPlace = true
    stamps = OutputStamps()
  }

  /// Keeps what the next build of this process need not make again.
  mutating func keep(_ built: Built) {
    lastSite = built.resolved
    hasSecondNames = Set(inputs.values.map(\.stamp.inode)).count < inputs.count
    if built.resolved.parsed.pages.contains(where: { !$0.frontMatter.cascade.isEmpty }) { return }
    let warnings = built.resolved.parsed.warnings + built.resolved.warnings
    let withWarnings = Set(warnings.compactMap(\.location?.path))
    for page in built.resolved.parsed.pages where !withWarnings.contains(page.file.path.string) {
      pages[page.file.path] = page
    }
  }

  /// Takes the stamps of the output, for the next process to see whether it is still in place.
  ///
  /// - Parameter changed: files of the output that were written or removed.
  mutating func takeStamps(
    _ changed: [TreePath], _ past: BuildCache?, _ place: OutputFolder, workers: Int
  ) async throws {
    // A tree that was exchanged has new folders; few changes leave all others as they were.
    let old = outputs.files.contains(where: \.isKept) ? past?.stamps : nil
    stamps = old ?? OutputStamps()
    try await stamps.take(old == nil ? outputs.files.map(\.path) : changed, in: place.path, workers: workers)
  }

  /// The same, with `isInPlace` as it is found on disk.
  func checked(_ place: OutputFolder, workers: Int) async throws -> BuildCache {
    var checked = self
    checked.isInPlace = try await stamps.hold(in: place.path, workers: workers)
    return checked
  }

  /// What the last build said, where nothing that it read has changed since. Whether its output is in place is another question.
  func report(
    ofUnchanged inventory: Inventory, _ configuration: Configuration, _ options: BuildOptions
  ) -> BuildReport? {
    guard opening == SiteBuilder.opening(of: inventory, configuration, options),
      imageLibrary.map({ $0 == imageLibraryVersion }) ?? true, covers(options.secondsSince1970),
      wasStrict || !options.isStrict, isUnchanged(inventory)
    else { return nil }
    return report
  }

  /// Whether the clock has brought no page in or out since.
  func covers(_ now: Int?) -> Bool {
    guard let now, let time else { return now == nil && time == nil }
    return time <= now && now < nextChange ?? .max
  }

  private func isUnchanged(_ inventory: Inventory) -> Bool {
    let files = inventory.all
    return files.count == inputs.count && files.allSatisfy(isUnchanged)
  }
}

/// A digest of what all of the output follows from and that is known before a file is read: options, program, configuration.
func opening(of inventory: Inventory, _ configuration: Configuration, _ options: BuildOptions) -> UInt64 {
  var options = options
  // These change what is built, not how it looks, or nothing at all.
  (options.folder, options.output, options.workers) = ("", nil, 1)
  (options.secondsSince1970, options.isStrict, options.locksOutput) = (nil, false, false)
  var opening = Fingerprint()
  opening.add(colophonVersion)
  // Every option there is, and those to come.
  opening.add(String(describing: options))
  opening.add(configuration.path ?? "")
  opening.add(configuration.source?.bytes ?? [])
  for link in inventory.linksOut { opening.add(link.string) }
  // Another version of libvips makes other pictures. It is asked only where it is used: to open it takes longer than a build of nothing new.
  if configuration.socialCards.isOn { opening.add(ImageLibrary.drawsText ? 1 : 2 as UInt64) }
  if configuration.images.responsive || configuration.socialCards.isOn {
    opening.add(imageLibraryVersion)
  }
  return opening.value
}

/// Of libvips; empty where there is none.
var imageLibraryVersion: String { (try? ImageLibrary.shared.get())?.version ?? "" }

/// `opening`, and all files that are no pages and no assets: templates, data, phrases.
///
/// - Throws: `FileError`.
///
/// - Parameter library: libvips, asked for where templates make pictures with it.
func premise(
  of inventory: Inventory, _ configuration: Configuration, _ options: BuildOptions,
  library: @autoclosure () -> String = imageLibraryVersion
) throws -> UInt64 {
  var premise = Fingerprint()
  premise.add(opening(of: inventory, configuration, options))
  for file in inventory.shared {
    premise.add(file.path.string)
    premise.add(try readFile(file.diskPath))
  }
  let mayResize = try inventory.templates.contains { Appearance.mayResize(try readFile($0.diskPath)) }
  if mayResize { premise.add(library()) }
  if let font = inventory.assets.first(where: { $0.path.string == configuration.socialCards.font }) {
    premise.add(try readFile(font.diskPath))
  }
  return premise.value
}

/// What the resolved site was when it was last built.
struct SiteMemory: Sendable {
  struct Page: Sendable {
    let record: UInt64
    /// The columns of `MemberDigests` that somebody read.
    let members: [Member]
    /// Nil where the text was not rendered.
    let text: TextDependencies?

    init(_ id: PageID, _ objects: SiteObjects) {
      record = objects.fingerprints.records[id]
      members = objects.digests.members(id)
      text = objects.textDependencies(of: id)
    }

    init(record: UInt64, members: [Member], text: TextDependencies?) {
      self.record = record
      self.members = members
      self.text = text
    }
  }

  struct Member: Sendable {
    let column: Int
    let digest: UInt64
  }

  var structure: UInt64
  var everything: UInt64
  /// By identity.
  var pages: [UInt64: Page]
  /// The members of the site itself, in each language.
  var members: [[Member]]
  /// Digests of output paths → what kind of file is there.
  var outputs: [UInt64: UInt64]
  /// Digests of paths of the site's folder → digests of output paths.
  var sources: [UInt64: UInt64]

  init(_ objects: SiteObjects) {
    let site = objects.site
    structure = objects.fingerprints.structure
    everything = objects.fingerprints.everything
    var pages: [UInt64: Page] = [:]
    pages.reserveCapacity(site.pages.count)
    for id in site.pages.indices { pages[objects.fingerprints.identities[id]] = Page(id, objects) }
    self.pages = pages
    self.members = objects.languages.map { objects.digests.members($0.row) }
    outputs = Self.outputs(site)
    sources = Self.sources(site)
  }

  init(
    structure: UInt64, everything: UInt64, pages: [UInt64: Page], members: [[Member]], outputs: [UInt64: UInt64],
    sources: [UInt64: UInt64]
  ) {
    self.structure = structure
    self.everything = everything
    self.pages = pages
    self.members = members
    self.outputs = outputs
    self.sources = sources
  }

  static func outputs(_ site: Site) -> [UInt64: UInt64] {
    Dictionary(
      site.outputs.map { path, file in
        if case .asset(let asset) = file { (path.fingerprint, asset.path.fingerprint) } else { (path.fingerprint, 0) }
      }, uniquingKeysWith: ^)
  }

  static func sources(_ site: Site) -> [UInt64: UInt64] {
    var sources = site.outputOfSource.map { ($0.fingerprint, $1.fingerprint) }
    for (language, outputs) in site.outputOfTranslation.enumerated() {
      sources += outputs.map { ($0.fingerprint(in: language), $1.fingerprint) }
    }
    return Dictionary(sources, uniquingKeysWith: ^)
  }
}
