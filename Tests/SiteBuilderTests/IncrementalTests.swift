import Files
import Glibc
import SiteBuilder
import TestSupport
import Testing

/// A build that goes on from the last one gives what a build from nothing gives: the same bytes, or the same diagnostics.
@Suite struct IncrementalTests {
  /// `EDIT_SEQUENCES=500` runs that many, `EDIT_SEQUENCES=240-245` those again; the ordinary run takes what fits into some seconds.
  static let sequences: Range<Int> = {
    let bounds = (getenv("EDIT_SEQUENCES").map { String(cString: $0) } ?? "").split(separator: "-").compactMap {
      Int($0)
    }
    return bounds.count == 2 ? bounds[0]..<max(bounds[0], bounds[1]) + 1 : 0..<(bounds.first ?? 8)
  }()

  @Test(arguments: sequences)
  func randomEdits(_ number: Int) async throws {
    var random = RandomSite(seed: UInt64(number) &* 0x9E37 &+ 11)
    var seed = SeededGenerator(seed: UInt64(number))
    let folder = try SiteFolder()
    try Self.write(random.files, over: [:], in: folder)
    var options = BuildOptions(folder: folder.site, workers: [1, 2, 8][number % 3])
    options.secondsSince1970 = 1_790_000_000
    var history: [String] = []
    for _ in 0..<8 {
      let isBuilt = try await Self.compare(options, history, number) { try await build($0).warnings }
      let before = random.files
      for _ in 0...Int(seed.next() % 4 / 3) { history.append(random.edit()) }
      if seed.next() % 4 < (isBuilt ? 1 : 3) { random.mend() }
      options.isStrict = seed.next() % 8 == 0
      switch seed.next() % 12 {
      case 0: options.includesDrafts.toggle()
      case 1: options.secondsSince1970 = 1_700_000_000 + Int(seed.next() % 150_000_000)
      case 2: options.workers = 1 + seed.below(8)
      default: break
      }
      // Then stamps are old enough to be believed.
      if seed.next() % 2 == 0 { usleep(60_000) }
      try Self.write(random.files, over: before, in: folder)
    }
    _ = try await Self.compare(options, history, number) { try await build($0).warnings }
  }

  /// The same edits as `serve` sees them: in one process, which keeps the site in memory.
  @Test(arguments: sequences)
  func randomEditsWhileServing(_ number: Int) async throws {
    var random = RandomSite(seed: UInt64(number) &* 0x9E37 &+ 12)
    var seed = SeededGenerator(seed: UInt64(number) &+ 1 << 32)
    let folder = try SiteFolder()
    try Self.write(random.files, over: [:], in: folder)
    var options = BuildOptions(folder: folder.site, workers: [1, 2, 8][number % 3])
    options.includesDrafts = number % 2 == 0
    options.secondsSince1970 = 1_790_000_000
    var live = try LiveSite(options)
    options.output = live.output
    var history: [String] = []
    // Nil, or what changed since the last build: both have to do.
    var changes: Set<String>?
    for _ in 0..<10 {
      let isBuilt = try await Self.compare(options, history, number) { [live, changes] options in
        let before = Self.files(live.output)
        let (report, changed) = try await live.build(now: options.secondsSince1970, changes: changes)
        let after = Self.files(live.output)
        let differing = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
        #expect(Set(changed) == differing, "sequence \(number): \(history.joined(separator: ", "))")
        return report.warnings
      }
      let before = random.files
      // Mostly one file at a time, and mostly its text.
      for _ in 0...Int(seed.next() % 4 / 3) { history.append(random.edit()) }
      if seed.next() % 4 < (isBuilt ? 1 : 3) { random.mend() }
      switch seed.next() % 12 {
      case 0: options.secondsSince1970 = 1_700_000_000 + Int(seed.next() % 150_000_000)
      case 1:
        // Stopped, and started again.
        await live.close()
        var again = options
        again.output = nil
        live = try LiveSite(again)
      default: break
      }
      if seed.next() % 2 == 0 { usleep(60_000) }
      try Self.write(random.files, over: before, in: folder)
      let now = random.files
      let names = Set(before.keys).union(now.keys).filter { before[$0] != now[$0] }
      changes = seed.next() % 4 == 0 ? nil : Set(names.map { options.folder + "/" + $0 })
    }
  }

  private static func files(_ folder: String) -> [TreePath: [UInt8]] {
    guard let tree = try? FileTree(folder: folder) else { return [:] }
    return Dictionary(uniqueKeysWithValues: tree.paths.map { ($0, ((try? tree.bytes(of: $0)) ?? nil) ?? []) })
  }

  private static func write(_ files: [String: [UInt8]], over old: [String: [UInt8]], in folder: SiteFolder) throws {
    for path in old.keys where files[path] == nil { try removeAll(folder.site + "/" + path) }
    try folder.write(files.filter { old[$0.key] != $0.value }.map { SiteFile($0.key, .bytes($0.value)) })
  }

  /// Builds on, and from nothing, and compares.
  ///
  /// - Returns: whether the site can be built.
  private static func compare(
    _ options: BuildOptions, _ history: [String], _ number: Int, _ build: (BuildOptions) async throws -> [Diagnostic]
  ) async throws -> Bool {
    let output = options.output ?? options.folder + "/public"
    let before = files(output)
    let clean = try await SiteBuild(options)
    let comment: Comment = "sequence \(number): \(history.joined(separator: ", "))"
    do {
      let warnings = try await build(options)
      #expect(warnings.map(SiteBuild.printed) == clean.diagnostics.map(SiteBuild.printed), comment)
      let tree = try #require(clean.tree, comment)
      let disk = try FileTree(folder: output)
      #expect(disk.paths == tree.paths, comment)
      for path in tree.paths where try disk.bytes(of: path) != tree.bytes(of: path) {
        Issue.record("\(path) differs, \(comment)")
      }
    } catch let error as Diagnostics {
      #expect(error.all.map(SiteBuild.printed) == clean.diagnostics.map(SiteBuild.printed), comment)
      #expect(clean.tree == nil, comment)
      // What was there is there.
      for (path, bytes) in before where (try? readFile(output + "/" + path.string)) != bytes {
        Issue.record("\(path) changed in a build with errors, \(comment)")
      }
    }
    return clean.tree != nil
  }
}

/// What a build does no more than it must.
@Suite struct LaterBuildTests {
  private let files =
    [
      SiteFile("content/_index.md", "Home"), SiteFile("static/x.bin", "x"),
      SiteFile("content/posts/a.md", "---\ntitle: A\ndate: 2026-01-03\n---\nFirst.\n\nSecond.\n"),
      SiteFile("content/posts/b.md", "---\ntitle: B\ndate: 2026-01-02\n---\nFirst.\n"),
      SiteFile("content/posts/c.md", "---\ntitle: C\ndate: 2026-01-01\n---\n[a](a.md)\n"),
      SiteFile("content/posts/d.md", "---\ntitle: D\ndate: 2025-01-01\n---\nD.\n"),
    ]

  /// Another text of one of them.
  private let longerText = SiteFile("content/posts/d.md", "---\ntitle: D\ndate: 2025-01-01\n---\nD.\n\nMore.\n")

  private func built(_ folder: SiteFolder, _ change: (inout BuildOptions) -> Void = { _ in }) async throws
    -> BuildReport
  {
    var options = BuildOptions(folder: folder.site, workers: 2)
    options.secondsSince1970 = 1_790_000_000
    change(&options)
    return try await build(options)
  }

  /// Inodes and times of all files of the output.
  private func stamps(_ folder: SiteFolder) throws -> [TreePath: FileStamp] {
    let tree = try FileTree(folder: folder.site + "/public")
    return Dictionary(
      uniqueKeysWithValues: tree.paths.compactMap { path in
        stampOfEntry(folder.site + "/public/" + path.string).map { (path, $0) }
      })
  }

  private func changes(_ before: [TreePath: FileStamp], _ after: [TreePath: FileStamp]) -> [String] {
    Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.map(\.string).sorted()
  }

  @Test func nothingChanged() async throws {
    let folder = try SiteFolder()
    try folder.write(files)
    let first = try await built(folder)
    #expect(first.changedFiles == first.pages.count + first.otherFiles)
    let before = try stamps(folder)
    usleep(60_000)
    for _ in 0..<3 {
      let report = try await built(folder)
      #expect(report.changedFiles == 0)
      #expect(report.pages.map(\.path) == first.pages.map(\.path))
      #expect(report.bytes == first.bytes)
      #expect(report.output == first.output)
    }
    #expect(changes(before, try stamps(folder)).isEmpty)
  }

  @Test func oneBodyIsOneFile() async throws {
    let folder = try SiteFolder()
    try folder.write(files)
    _ = try await built(folder)
    let before = try stamps(folder)
    try folder.write([longerText])
    let report = try await built(folder)
    // The feed carries whole texts.
    #expect(changes(before, try stamps(folder)) == ["atom.xml", "posts/atom.xml", "posts/d/index.html"])
    #expect(report.changedFiles == 3)
  }

  @Test func aTitleIsWhereItIsShown() async throws {
    let folder = try SiteFolder()
    try folder.write(files)
    _ = try await built(folder)
    let before = try stamps(folder)
    try folder.write([SiteFile("content/posts/a.md", "---\ntitle: New\ndate: 2026-01-03\n---\nFirst.\n\nSecond.\n")])
    _ = try await built(folder)
    let changed = changes(before, try stamps(folder))
    #expect(
      changed == [
        "404.html", "atom.xml", "index.html", "posts/a/index.html", "posts/atom.xml", "posts/b/index.html",
        "posts/index.html",
      ])
  }

  /// A template that comes to the same leaves every file alone, though all are made anew.
  @Test func equalBytesAreNotWritten() async throws {
    let folder = try SiteFolder()
    try folder.write(files)
    _ = try await built(folder)
    let before = try stamps(folder)
    try folder.write([SiteFile("templates/unused.html", "x")])
    #expect(try await built(folder).changedFiles == 0)
    #expect(changes(before, try stamps(folder)).isEmpty)
  }

  @Test func theClock() async throws {
    let folder = try SiteFolder()
    try folder.write(files + [SiteFile("content/late.md", "---\ndate: 2026-06-01T00:00:00Z\n---\n")])
    usleep(60_000)
    let june = 1_780_272_000
    _ = try await built(folder) { $0.secondsSince1970 = june - 100_000 }
    #expect(fileSize(folder.site + "/public/late/index.html") == nil)
    #expect(try await built(folder) { $0.secondsSince1970 = june - 90_000 }.changedFiles == 0)
    _ = try await built(folder) { $0.secondsSince1970 = june }
    #expect(fileSize(folder.site + "/public/late/index.html") != nil)
    _ = try await built(folder) { $0.secondsSince1970 = june - 90_000 }
    #expect(fileSize(folder.site + "/public/late/index.html") == nil)
  }

  @Test func anotherProgram() async throws {
    let folder = try SiteFolder()
    try folder.write(files)
    _ = try await built(folder)
    let report = try await built(folder) { $0.program = "another" }
    // All is made anew, and comes to the same.
    #expect(report.changedFiles == 0)
  }

  /// Whoever changes the output gets it back.
  @Test(arguments: ["remove", "change", "add", "link"])
  func outputThatWasTamperedWith(_ how: String) async throws {
    let folder = try SiteFolder()
    try folder.write(files)
    _ = try await built(folder)
    usleep(60_000)
    _ = try await built(folder)
    let page = folder.site + "/public/posts/a/index.html"
    let bytes = try readFile(page)
    switch how {
    case "remove": try removeAll(page)
    case "change": try writeFile(page, Array(bytes.reversed()))
    case "add": try writeFile(folder.site + "/public/posts/a/more.html", [])
    default:
      try removeAll(page)
      try #require(symlink("/etc/hostname", page) == 0)
    }
    _ = try await built(folder)
    #expect(try readFile(page) == bytes)
    #expect(stampOfEntry(page) != nil)
    #expect(fileSize(folder.site + "/public/posts/a/more.html") == nil)
  }

  /// The name of a style sheet follows from what it links to, whichever page asks for it first.
  @Test func namesWithHashes() async throws {
    let folder = try SiteFolder()
    try folder.write(
      files + [
        SiteFile("site.yaml", "fingerprint: true\ncheck: {dead_links: warning}\n"),
        SiteFile("static/s.css", "a { background: url(/bg.png) }\n"),
        SiteFile("templates/page.html", "<link rel=\"stylesheet\" href=\"/s.css\">"),
      ])
    _ = try await built(folder)
    try folder.write([SiteFile("static/bg.png", "x")])
    _ = try await built(folder)
    var options = BuildOptions(folder: folder.site, workers: 2)
    options.secondsSince1970 = 1_790_000_000
    let (tree, _) = try await buildTree(options)
    try expect(folder.site + "/public", holds: tree)
  }

  /// What a page's file says follows from the configuration too: which taxonomies there are, which languages, how headings get their ids.
  @Test func configurationWhileServing() async throws {
    let folder = try SiteFolder()
    try folder.write([
      SiteFile("site.yaml", "taxonomies: [tags]\n"), SiteFile("content/a.de.md", "---\ntopics: [x]\n---\n"),
      SiteFile("content/b.md", "# B C\n"), SiteFile("templates/page.html", "{{ page.title_id }} {{ page.language }}"),
    ])
    usleep(60_000)
    var options = BuildOptions(folder: folder.site, workers: 2)
    options.secondsSince1970 = 1_790_000_000
    let live = try LiveSite(options)
    _ = try await live.build(now: options.secondsSince1970)
    usleep(60_000)
    try folder.write([
      SiteFile("site.yaml", "taxonomies: [topics]\nlanguages: [en, de]\nmarkdown: {heading_ids: zola-safe}\n")
    ])
    _ = try await live.build(now: options.secondsSince1970)
    let (tree, _) = try await buildTree(options)
    try expect(live.output, holds: tree)
  }

  /// What does not change the output makes no page anew: a publish goes on from a build.
  @Test func otherWaysToBuildTheSame() async throws {
    let folder = try SiteFolder()
    try folder.write(files)
    usleep(60_000)
    _ = try await built(folder)
    let timings = Timings { 0 }
    try await Timings.$current.withValue(timings) {
      _ = try await built(folder) { $0.workers = 1 }
      try await built(folder) { $0.locksOutput = true }.outputLock?.release()
      try folder.write([longerText])
      try await built(folder) { $0.locksOutput = true }.outputLock?.release()
    }
    #expect(
      timings.spans.filter { $0.kind == .page }.map(\.name).sorted() == [
        "atom.xml", "posts/atom.xml", "posts/d/index.html",
      ])
  }

  @Test func strictAfterwards() async throws {
    let folder = try SiteFolder()
    try folder.write(files + [SiteFile("content/w.md", "---\ntitel: x\n---\n")])
    usleep(60_000)
    #expect(try await built(folder).warnings.map(\.id) == ["near-miss-key"])
    #expect(try await built(folder).warnings.map(\.id) == ["near-miss-key"])
    await #expect(throws: Diagnostics.self) { try await built(folder) { $0.isStrict = true } }
  }

  /// A dead link costs no page its place: it is told again, with a hint that follows from the names that there are now.
  @Test func deadLinks() async throws {
    let folder = try SiteFolder()
    try folder.write(
      files + [
        SiteFile("site.yaml", "check: {dead_links: warning}\n"),
        SiteFile("content/w.md", "---\ntitle: W\n---\n[x](goen.md)\n"),
        SiteFile("templates/partials/footer.html", "<a href=\"/nowhere/\">x</a>\n"),
      ])
    usleep(60_000)
    let first = try await built(folder).warnings
    #expect(first.map(\.id) == ["dead-link", "dead-link"])
    let before = try stamps(folder)
    try folder.write([longerText])
    #expect(try await built(folder).warnings == first)
    #expect(changes(before, try stamps(folder)) == ["atom.xml", "posts/atom.xml", "posts/d/index.html"])
    try folder.write([SiteFile("content/gone.md", "---\ntitle: G\n---\n")])
    let hints = try await built(folder).warnings.compactMap(\.hint)
    #expect(hints.contains("did you mean gone.md?"))
  }

  // MARK: The cache

  private func cache(_ folder: SiteFolder) throws -> String {
    let names = try listFolder(folder.site + "/.colophon").map(\.name).filter { $0.hasSuffix(".cache") }
    #expect(names.count == 1)
    return folder.site + "/.colophon/" + (names.first ?? "")
  }

  /// What grows with the site lies in pieces, of which a small site has one of each.
  @Test func cacheInPieces() async throws {
    let folder = try SiteFolder()
    try folder.write(files + (0..<2_100).map { SiteFile("static/\($0).txt", "\($0)") })
    usleep(60_000)
    _ = try await built(folder)
    #expect(try await built(folder).changedFiles == 0)
    let timings = Timings { 0 }
    try await Timings.$current.withValue(timings) {
      try folder.write([longerText, SiteFile("static/2099.txt", "changed")])
      #expect(try await built(folder).changedFiles == 4)
    }
    #expect(timings.spans.filter { $0.kind == .page }.count == 4)
    let (tree, _) = try await buildTree(BuildOptions(folder: folder.site, workers: 1))
    try expect(folder.site + "/public", holds: tree)
  }

  /// A cache that is damaged in any way is no cache.
  @Test func damagedCaches() async throws {
    let folder = try SiteFolder()
    try folder.write(files)
    _ = try await built(folder)
    usleep(60_000)
    _ = try await built(folder)
    let file = try cache(folder)
    let bytes = try readFile(file)
    let (tree, _) = try await buildTree(BuildOptions(folder: folder.site, workers: 1))
    var seed = SeededGenerator(seed: 1)
    for round in 0..<24 {
      var damaged = bytes
      switch round % 4 {
      case 0: damaged = Array(bytes.prefix(seed.below(bytes.count)))
      case 1: damaged[seed.below(bytes.count)] ^= UInt8(1 << (seed.next() % 8))
      case 2: damaged = damaged.replacing(Array("cache ".utf8), with: Array("cache-".utf8))
      default: damaged += [0]
      }
      #expect(damaged != bytes)
      try writeFile(file, damaged)
      try removeAll(folder.site + "/public/index.html")
      let report = try await built(folder)
      #expect(report.changedFiles == 1)
      try expect(folder.site + "/public", holds: tree)
    }
  }
}
