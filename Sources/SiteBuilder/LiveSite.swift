import Files

/// A site that is built again and again while it is written, and kept in memory in between.
///
/// The output goes to a folder of its own, so that drafts never get into what is published.
public actor LiveSite {
  private let options: BuildOptions
  private let folder: String
  private let place: OutputFolder
  private var past: BuildCache?
  private var isOpen = false
  /// Absolute paths of all that may have changed since `past`; nil where it may be anything.
  private var waiting: Set<String>?

  /// The names of the folders in a site's folder that a build reads.
  public static let folders = Inventory.folders

  /// - Parameter options: without an output, it is `.colophon/preview` in the site's folder.
  /// - Throws: `SiteError`.
  public init(_ options: BuildOptions) throws {
    var options = options
    folder = realPath(options.folder) ?? options.folder
    options.output = options.output ?? folder + "/.colophon/preview"
    self.options = options
    place = OutputFolder(try outputFolder(options, in: folder))
  }

  /// The folder that is written, absolute.
  public nonisolated var output: String { place.path }

  /// Builds what changed since the last time.
  ///
  /// - Parameters:
  ///   - now: the time of the build, in seconds since 1970.
  ///   - changes: absolute paths of all that may have changed since the last call; nil where it may be anything. A save that changed what
  ///     pages say, and nothing else, then takes no longer than those pages do.
  /// - Returns: what was built, and the files of the output that are not as they were.
  /// - Throws: what `build(_:)` throws, and `CancellationError`; the output stays as it was then.
  public func build(now: Int?, changes: Set<String>? = nil) async throws -> (report: BuildReport, changed: [TreePath]) {
    var options = options
    options.secondsSince1970 = now
    waiting = changes.flatMap { waiting?.union($0) }
    // A folder that is no site gets no files.
    let first = isOpen ? nil : try load(folder)
    try makeFolder(folder + "/.colophon")
    guard let lock = try FileLock(folder + "/.colophon/build.lock") else { throw SiteError.busy(folder) }
    defer { lock.release() }
    let start = try fileSystemTime(byTouching: folder + "/.colophon/build.lock")
    if let result = try rebuildPages(options, start: start) { return result }
    let configuration = try first ?? load(folder)
    if !isOpen {
      try place.recover()
      past = try await BuildCache.read(folder, place, configuration, workers: options.workers)?.checked(
        place, workers: options.workers)
      isOpen = true
    }
    if !place.isMarked { past?.isInPlace = false }
    // What a page's file says follows from it too.
    if past?.report.configuration.source?.bytes != configuration.source?.bytes { past?.pages = [:] }
    let inventory = try discover(folder)
    if let past, past.isInPlace, let report = past.report(ofUnchanged: inventory, configuration, options) {
      waiting = []
      return (report, [])
    }
    let past = past
    // Its objects remember what they say while they are asked: after a build with errors they are not those of `past` any more.
    self.past?.lastSite = nil
    let images = ImageCache(folder + "/.colophon/cache/images")
    let built = try await runStages(inventory, configuration, options, past, images) { [place] in try place.open($0) }
    var cache = BuildCache(built, inventory, options, place, start: start)
    try await cache.takeStamps(built.changed, past, place, workers: options.workers)
    images.removeUnused()
    cache.keep(built)
    self.past = cache
    waiting = []
    return (cache.report, built.changed)
  }

  /// - Returns: nil where a whole build has to look.
  private func rebuildPages(_ options: BuildOptions, start: Int64) throws -> (report: BuildReport, changed: [TreePath])?
  {
    guard let waiting, past != nil, place.isMarked else { return nil }
    let prefix = folder + "/"
    let paths = waiting.compactMap { $0.hasPrefix(prefix) ? TreePath(String($0.dropFirst(prefix.count))) : nil }
    guard paths.count == waiting.count, var edit = past.flatMap({ PageEdit(Set(paths), in: folder, $0, options) })
    else {
      return nil
    }
    let output = try place.openForChanges()
    let isWritten: Bool
    do {
      isWritten = try past.map { try edit.write($0, to: output) } ?? false
    } catch {
      output.discard()
      past?.lastSite = nil
      throw error
    }
    guard isWritten else {
      output.discard()
      past?.lastSite = nil
      return nil
    }
    let changed = try output.commit([], over: [])
    past?.take(edit, changed, place, options, start: start)
    self.waiting = []
    return past.map { ($0.report, changed) }
  }

  /// When the next page comes or goes, in seconds since 1970; nil where none of those that were last built waits for its time.
  public func nextChange(after now: Int) -> Int? { past?.nextChange.flatMap { $0 > now ? $0 : nil } }

  /// Leaves the cache for the next time. To be called when no more is built.
  public func close() async {
    // Without a cache, the next build takes its time, and no more.
    try? await past?.write(folder, place, workers: options.workers)
  }
}
