import Files
import Glibc

/// What a save comes to that changed nothing but texts of pages: only what is made from those texts is looked at, however large the site is.
///
/// It does nothing that a whole build would not do, and leaves to that whatever else a save can mean: front matter, warnings and errors,
/// pictures to be made, the search index.
struct TextEdit {
  /// A page as its file gives it now.
  struct Text {
    let page: ParsedPage
    let head: PageHead
    let stamp: FileStamp
  }

  /// All that may have changed since the build; some may be as they were.
  let texts: [Text]
  private let renderer: Renderer
  /// Texts that were touched: they show something of the edited ones, or are these.
  private(set) var touched: Set<PageID> = []
  private(set) var made: [WrittenFile] = []

  var objects: SiteObjects { renderer.objects }

  /// - Parameters:
  ///   - paths: all files that may have changed since the build.
  ///   - folder: the site's folder, absolute.
  /// - Returns: nil where something else than a text may have changed.
  init?(_ paths: Set<TreePath>, in folder: String, _ past: BuildCache, _ options: BuildOptions) {
    guard let last = past.lastSite, past.isInPlace, !past.hasSecondNames, past.covers(options.secondsSince1970),
      !options.isStrict, !options.tellsOrphans, !past.report.configuration.search,
      !last.renderer.objects.contents.collectsLinks
    else { return nil }
    var texts: [Text] = []
    for path in paths.sorted() {
      let diskPath = folder + "/" + path.string
      guard let input = past.inputs[path] else {
        // Editors write their copies beside the file, and take them away again.
        var status = stat()
        if lstat(diskPath, &status) != 0, errno == ENOENT { continue }
        return nil
      }
      guard let page = past.pages[path], input.head != nil, stampOfEntry(diskPath) != nil,
        let stamp = fileStamp(diskPath), let bytes = try? readFile(diskPath)
      else { return nil }
      let parsed = parsePage(
        Inventory.File(path: path, diskPath: diskPath, stamp: stamp), page.place,
        SourceText(path: path.string, bytes: bytes), past.report.configuration)
      guard let new = parsed.page, parsed.diagnostics.isEmpty, new.head == page.head, new.bodyStart == page.bodyStart
      else { return nil }
      let head = PageHead(digest: Fingerprint.of(bytes), bytes: Array(bytes[..<new.bodyStart]))
      texts.append(Text(page: new, head: head, stamp: stamp))
    }
    self.texts = texts
    renderer = last.renderer
  }

  // MARK: What is touched

  /// As stage 5 and 6 do, for the files of the output that are made from the texts.
  ///
  /// - Returns: false where a whole build has to tell what is wrong now; nothing is written then.
  /// - Throws: `FileError`.
  mutating func write(_ past: BuildCache, to output: some Output) throws -> Bool {
    var changed = ChangedThings()
    for text in texts where text.head.digest != past.inputs[text.page.file.path]?.head?.digest {
      changed.insert(.file(text.page.file.path.fingerprint))
    }
    if changed.isEmpty { return true }
    touchTexts(past.site, &changed)
    let files = past.outputs.values.filter { changed.touch($0.dependencies) }.sorted { $0.path < $1.path }
    // Many are better made by several workers.
    guard files.count <= 500, files.allSatisfy(isSimple) else { return false }
    for file in files {
      guard let job = renderer.site.outputs[file.path] else { return false }
      if case .asset = job { return false }
      if case .card = job { return false }
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

  /// Texts that show something of those that changed; what became of them may touch others.
  private mutating func touchTexts(_ past: SiteMemory, _ changed: inout ChangedThings) {
    objects.forgetTextsThatShowTexts()
    while true {
      let ids = objects.texts { [touched] id, text in !touched.contains(id) && changed.touch(text) }
      if ids.isEmpty { return }
      touched.formUnion(ids)
      // Before the first of them is asked for another.
      for id in ids {
        objects.pages[id].forget()
        objects.forgetText(of: id)
      }
      for id in ids.sorted() {
        let page = objects.pages[id]
        for member in past.pages[page.identity]?.members ?? [] where PageMember.ofColumn[member.column - 1].followsFromText {
          let digest = Fingerprint.of(page.value(of: PageMember.ofColumn[member.column - 1]))
          objects.digests[id, member.column] = digest
          if digest != member.digest { changed.insert(.page(page.identity, member.column)) }
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
    return past.outputs.values.allSatisfy { file in
      new[file.path] != nil
        || file.fragments.allSatisfy { gone[$0.target]?.contains(digest($0.fragment.utf8)) != true }
    }
  }
}

extension BuildCache {
  /// Takes over what was made of edited texts.
  ///
  /// - Parameters:
  ///   - changed: files of the output that are not as they were.
  ///   - start: the file system's time, before any of the texts was read.
  mutating func take(
    _ edit: TextEdit, _ changed: [TreePath], _ place: OutputFolder, _ options: BuildOptions, start: Int64
  ) {
    let objects = edit.objects
    var pages = edit.touched
    for file in edit.made {
      if let before = outputs.updateValue(file, forKey: file.path) { report.bytes += file.size - before.size }
      if case .page(let id, _)? = objects.site.outputs[file.path] { pages.insert(id) }
    }
    for page in objects.pages
    where pages.contains(page.id) || site.pages[page.identity]?.members.count != objects.digests.count(page.id) {
      site.pages[page.identity] = SiteMemory.Page(page.id, objects)
    }
    site.members = objects.languages.map { objects.digests.members($0.row) }
    for text in edit.texts {
      let path = text.page.file.path
      inputs[path] = Input(stamp: text.stamp, isSettled: text.stamp.isSettled(at: start), head: text.head)
      self.pages[path] = text.page
      guard let index = lastSite?.parsed.pages.firstIndex(where: { $0.file.path == path }) else { continue }
      lastSite?.parsed.pages[index] = text.page
      lastSite?.parsed.heads[index] = text.head
    }
    report.changedFiles = changed.count
    time = options.secondsSince1970
    stamps.take(changed, in: place.path)
  }
}
