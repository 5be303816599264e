import Files
import Glibc

/// What a save comes to that changed pages and not how they stand to each other: only what is made from those pages is looked at, however large
/// the site is.
///
/// It does nothing that a whole build would not do, and leaves to that whatever else a save can mean: pages that come, go or move, warnings and
/// errors, pictures to be made, the search index.
struct PageEdit {
  /// A page as its file gives it now.
  struct Saved {
    let page: ParsedPage
    let head: PageHead
    let stamp: FileStamp
    /// The whole file is as it was.
    let isSame: Bool
    /// Where front matter is not as it was: the page in the site, and what it is called now.
    var renewed: (id: PageID, title: String)?
  }

  /// All that may have changed since the build.
  let saved: [Saved]
  private let renderer: SiteRenderer
  /// Pages whose texts were touched: they show something of the edited ones, or are these.
  private(set) var touched: Set<PageID> = []
  private(set) var made: [WrittenFile] = []

  var objects: SiteObjects { renderer.objects }

  /// - Parameters:
  ///   - paths: all files that may have changed since the build.
  ///   - folder: the site's folder, absolute.
  /// - Returns: nil where a whole build has to look.
  init?(_ paths: Set<TreePath>, in folder: String, _ past: BuildCache, _ options: BuildOptions) {
    let configuration = past.report.configuration
    guard let last = past.lastSite, past.isInPlace, !past.hasSecondNames, past.covers(options.secondsSince1970),
      !options.isStrict, !options.tellsOrphans, !configuration.search, !last.renderer.objects.contents.collectsLinks
    else { return nil }
    var saved: [Saved] = []
    for path in paths.sorted() {
      let diskPath = folder + "/" + path.string
      guard let input = past.inputs[path] else {
        // Editors write their copies beside the file, and take them away again.
        var status = stat()
        if lstat(diskPath, &status) != 0, errno == ENOENT { continue }
        return nil
      }
      guard let before = past.pages[path], let head = input.head, stampOfEntry(diskPath) != nil,
        let stamp = fileStamp(diskPath), let bytes = try? readFile(diskPath)
      else { return nil }
      let parsed = parsePage(
        Inventory.File(path: path, diskPath: diskPath, stamp: stamp), before.place,
        SourceText(path: path.string, bytes: bytes), configuration)
      guard let page = parsed.page, parsed.diagnostics.isEmpty else { return nil }
      let digest = Fingerprint.of(bytes)
      var one = Saved(
        page: page, head: PageHead(digest: digest, bytes: Array(bytes[..<page.bodyStart])), stamp: stamp,
        isSame: digest == head.digest)
      if page.head != before.head || page.bodyStart != before.bodyStart {
        guard let id = last.renderer.site.page(of: path), let title = page.frontMatter.title ?? page.heading?.text,
          last.renderer.site.keepsItsOrder(id, before, page, title)
        else { return nil }
        one.renewed = (id, title)
      }
      saved.append(one)
    }
    // Each has kept its order among the others as they were called before.
    let retitled = saved.compactMap(\.renewed).filter { $0.title != last.renderer.site.pages[$0.id].title }
    if retitled.count > 1 { return nil }
    self.saved = saved
    renderer = last.renderer
  }

  // MARK: What is touched

  /// As stages 5 and 6 do, for the files of the output that are made from these pages.
  ///
  /// - Returns: false where a whole build has to tell what is wrong now; nothing is written then.
  /// - Throws: `FileError`.
  mutating func write(_ past: BuildCache, to output: some Output) throws -> Bool {
    var changed = ChangedThings()
    for one in saved where !one.isSame { changed.insert(.file(one.page.file.path.fingerprint)) }
    if changed.isEmpty { return true }
    let renewed = renew()
    for id in renewed { changed.insert(.page(objects.pages[id].identity, PageMember.record)) }
    if !renewed.isEmpty { changed.insert(.everything) }
    touchTexts(past.site, &changed)
    let wholeSite = renewed.isEmpty ? [] : filesOfTheWholeSite
    let files = past.outputs.files.filter { changed.touch($0.dependencies) || wholeSite.contains($0.path) }
      .sorted { $0.path < $1.path }
    // Many are better made by several workers.
    guard files.count <= 500, files.allSatisfy(isSimple) else { return false }
    for file in files {
      guard let job = renderer.site.outputs[file.path] else { return false }
      if case .asset = job { return false }
      do {
        made.append(
          try renderer.recording(file.path, job) { path, job in
            let (bytes, file) = try renderer.generated(job, at: path)
            try output.write(bytes, to: path)
            return file
          })
      } catch is Diagnostics {
        return false
      }
    }
    return made.allSatisfy(isSimple) && objects.circles.withLock { $0.isEmpty } && haveAnchors(past)
  }

  /// Puts what front matter says now into the site.
  ///
  /// - Returns: the pages that say something else now.
  private func renew() -> [PageID] {
    let renewed = saved.compactMap { one in one.renewed.map { (one.page, $0.id, $0.title) } }
    for (source, id, title) in renewed {
      renderer.site.pages.update(id) { page in
        page.source = source
        page.title = title
      }
    }
    if !renewed.isEmpty { objects.fingerprints.update(renewed.map(\.1), in: renderer.site) }
    return renewed.map(\.1)
  }

  /// Files whose recipe is all pages of the site.
  private var filesOfTheWholeSite: Set<TreePath> {
    let files = renderer.site.files.lazy.filter { _, file in
      switch file {
      case .page, .feed, .redirect, .asset, .generated, .card: false
      case .sitemap, .llms, .manifest, .searchIndex: true
      }
    }
    return Set(files.map(\.path))
  }

  /// Texts that show something of those that changed; what became of them may touch others.
  private mutating func touchTexts(_ past: SiteMemory, _ changed: inout ChangedThings) {
    objects.forgetTextsThatShowTexts()
    while true {
      let ids = objects.texts { [touched] id, text in !touched.contains(id) && changed.touch(text) }
      if ids.isEmpty { return }
      touched.formUnion(ids)
      // Before the first of them is asked for another.
      for id in ids { objects.forgetText(of: id) }
      for id in ids.sorted() {
        let page = objects.pages[id]
        for dependency in objects.changes(inTextOf: page, since: past.pages[page.identity]) {
          changed.insert(dependency)
        }
      }
    }
  }

  // MARK: Whether all is well

  /// Nothing is wrong with it, and no pictures are made for it.
  private func isSimple(_ file: WrittenFile) -> Bool {
    file.contentProblems.isEmpty && file.pageProblems.isEmpty && file.dependencies.variants.isEmpty
  }

  /// As stage 8, for the links from and to the files that were made.
  private func haveAnchors(_ past: BuildCache) -> Bool {
    let new = Dictionary(uniqueKeysWithValues: made.map { ($0.path, $0) })
    var gone: [TreePath: Set<UInt64>] = [:]
    for file in made {
      let (before, now) = (past.outputs[file.path]?.anchors ?? [], file.anchors ?? [])
      if before == now { continue }
      // Links that were dead may lead somewhere now.
      if past.report.configuration.check.deadLinks == .warning { return false }
      gone[file.path] = Set(before).subtracting(now)
    }
    for file in made {
      for link in file.fragments {
        guard let anchors = (new[link.target] ?? past.outputs[link.target])?.anchors else { continue }
        if !anchors.contains(digest(link.fragment.utf8)) { return false }
      }
    }
    if gone.values.allSatisfy(\.isEmpty) { return true }
    return past.outputs.files.allSatisfy { file in
      new[file.path] != nil
        || file.fragments.allSatisfy { gone[$0.target]?.contains(digest($0.fragment.utf8)) != true }
    }
  }
}

extension BuildCache {
  /// Takes over what was made of edited pages.
  ///
  /// - Parameters:
  ///   - changed: files of the output that are not as they were.
  ///   - start: the file system's time, before any of them was read.
  mutating func take(
    _ edit: PageEdit, _ changed: [TreePath], _ place: OutputFolder, _ options: BuildOptions, start: Int64
  ) {
    let objects = edit.objects
    var pages = edit.touched.union(edit.saved.compactMap { $0.renewed?.id })
    for file in edit.made {
      report.bytes += file.size - (outputs[file.path]?.size ?? 0)
      outputs.replace(with: file)
      if case .page(let id, _)? = objects.site.outputs[file.path] { pages.insert(id) }
    }
    for page in objects.pages
    where pages.contains(page.id) || site.pages[page.identity]?.members.count != objects.digests.count(page.id) {
      site.pages[page.identity] = SiteMemory.Page(page.id, objects)
    }
    site.members = objects.languages.map { objects.digests.members($0.row) }
    site.everything = objects.fingerprints.everything
    for one in edit.saved {
      let path = one.page.file.path
      inputs[path] = Input(stamp: one.stamp, isSettled: one.stamp.isSettled(at: start), head: one.head)
      self.pages[path] = one.page
      if let index = lastSite?.parsed.pages.firstIndex(where: { $0.file.path == path }) {
        lastSite?.parsed.pages[index] = one.page
        lastSite?.parsed.heads[index] = one.head
      }
      guard let title = one.renewed?.title else { continue }
      for index in report.pages.indices where report.pages[index].source == path.string {
        report.pages[index].title = title
      }
    }
    report.changedFiles = changed.count
    time = options.secondsSince1970
    stamps.take(changed, in: place.path)
  }
}

extension Site {
  fileprivate func page(of file: TreePath) -> PageID? {
    pages.indices.first { pages[$0].source?.file.path == file }
  }

  /// Whether the site stays as it is but for what the page says of itself: it has its place among the others, and its address, whatever it is
  /// called.
  fileprivate func keepsItsOrder(_ id: PageID, _ before: ParsedPage, _ now: ParsedPage, _ title: String) -> Bool {
    let (old, new) = (before.frontMatter, now.frontMatter)
    guard pages[id].kind == .page, old.date == new.date, old.publishDate == new.publishDate,
      old.expiryDate == new.expiryDate, old.menus.isEmpty, new.menus.isEmpty, before.place == now.place,
      old.placing == new.placing, configuration.cards == nil, old.terms[seriesTaxonomy] == nil,
      !configuration.permalinks.contains(where: { $0.pattern.usesTitle })
    else { return false }
    if title == pages[id].title { return true }
    func isBefore(_ title: String, _ other: PageID) -> Bool {
      (title, pages[id].output) < (pages[other].title, pages[other].output)
    }
    // As `Resolver.ranks` has it: titles count among pages of one time.
    let age = pages[id].date?.secondsSince1970
    return pages.indices.allSatisfy { other in
      other == id || pages[other].date?.secondsSince1970 != age
        || isBefore(pages[id].title, other) == isBefore(title, other)
    }
  }
}

extension FrontMatter {
  /// Everything but what a page merely says of itself, as a text to compare with.
  fileprivate var placing: String {
    var placing = self
    (placing.title, placing.description, placing.summary, placing.updated) = (nil, nil, nil, nil)
    (placing.authors, placing.params, placing.places) = ([], [], [:])
    // All fields that there are, and those to come.
    return String(describing: placing)
  }
}
