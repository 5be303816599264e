import Files
import Glibc
import SiteBuilder
import Testing

/// Building to disk: the new tree takes the old one's place as a whole, and nothing else is touched.
@Suite struct OutputTests {
  private let files = [
    SiteFile("content/_index.md", "Home"), SiteFile("content/a.md", "[home](/)"), SiteFile("static/x.bin", "x"),
  ]

  private func built(_ folder: SiteFolder, _ output: String? = nil) async throws -> BuildReport {
    try await build(BuildOptions(folder: folder.site, output: output, workers: 2))
  }

  @Test func oneBuildAtATime() async throws {
    let folder = try SiteFolder()
    try folder.write(files)
    try makeFolder(folder.site + "/.colophon")
    let lock = try #require(try FileLock(folder.site + "/.colophon/build.lock"))
    let error = await #expect(throws: SiteError.self) { try await built(folder) }
    #expect(error?.hint.isEmpty == false)
    lock.release()
    _ = try await built(folder)
  }

  @Test func diskAndMemoryAreTheSame() async throws {
    let folder = try SiteFolder()
    try folder.write(files)
    let report = try await built(folder)
    let (tree, _) = try await buildTree(BuildOptions(folder: folder.site, workers: 1))
    try expect(folder.site + "/public", holds: tree)
    #expect(report.output == realPath(folder.site + "/public"))
    #expect(report.pages.contains { $0.path == "a/index.html" && $0.source == "content/a.md" && $0.title == "A" })
    #expect(report.pages.count + report.otherFiles == tree.count)
    let bytes = try tree.paths.reduce(0) { $0 + (try tree.bytes(of: $1)?.count ?? 0) }
    #expect(report.bytes == bytes)
  }

  /// Where a web server looks may be elsewhere.
  @Test func publicMayBeALink() async throws {
    let folder = try SiteFolder()
    try folder.write(files)
    try makeFolder(folder.path + "/www")
    #expect(symlink(folder.path + "/www", folder.site + "/public") == 0)
    for _ in 0..<2 { #expect(try await built(folder).output == realPath(folder.path + "/www")) }
    #expect(fileSize(folder.path + "/www/a/index.html") != nil)
    #expect(try listFolder(folder.site).contains { $0.name == "public" && $0.kind != .folder })
  }

  @Test func whatIsNoSiteGetsNoFiles() async throws {
    let folder = try SiteFolder()
    try makeFolder(folder.path + "/none")
    for typo in ["/none", "/typo"] {
      let live = try LiveSite(BuildOptions(folder: folder.path + typo, workers: 1))
      await #expect(throws: SiteError.self) { try await live.build(now: 0) }
      #expect(throws: SiteError.self) { try languageCodes(ofSite: folder.path + typo) }
    }
    #expect(try listFolder(folder.path + "/none").isEmpty)
    #expect(realPath(folder.path + "/typo") == nil)
  }

  /// A golden case can't tell such names apart.
  @Test func unicodeFormsOfOneName() async throws {
    let folder = try SiteFolder()
    try folder.write(files + [SiteFile("static/\u{E9}.txt", "x"), SiteFile("static/e\u{301}.txt", "x")])
    let warning = try #require(try await built(folder).warnings.first { $0.id == "case-clash" })
    #expect(warning.message.contains("are one name in two Unicode forms"))
  }

  @Test func nothingIsLeftBeside() async throws {
    let folder = try SiteFolder()
    try folder.write(files)
    _ = try await built(folder)
    _ = try await built(folder)
    #expect(try listFolder(folder.site).map(\.name) == [".colophon", "content", "public", "static"])
    #expect(try listFolder(folder.path).map(\.name) == ["site"])
  }

  @Test func aPageThatIsGoneIsGone() async throws {
    let folder = try SiteFolder()
    try folder.write(files)
    _ = try await built(folder)
    try removeAll(folder.site + "/content/a.md")
    _ = try await built(folder)
    #expect(fileSize(folder.site + "/public/a/index.html") == nil)
    #expect(fileSize(folder.site + "/public/index.html") != nil)
  }

  /// A build with errors leaves the last good one as it was.
  @Test func errorsDestroyNothing() async throws {
    let folder = try SiteFolder()
    try folder.write(files)
    _ = try await built(folder)
    let before = try readFile(folder.site + "/public/a/index.html")
    try writeFile(folder.site + "/content/a.md", Array("[gone](gone.md)".utf8))
    await #expect(throws: Diagnostics.self) { try await built(folder) }
    #expect(try readFile(folder.site + "/public/a/index.html") == before)
    #expect(try listFolder(folder.site).map(\.name) == [".colophon", "content", "public", "static"])
  }

  @Test func foreignFoldersAreKept() async throws {
    let folder = try SiteFolder()
    try folder.write(files + [SiteFile("public/mine.txt", "mine")])
    let error = await #expect(throws: SiteError.self) { try await built(folder) }
    #expect(error?.description.contains("did not write") == true)
    #expect(try readFile(folder.site + "/public/mine.txt") == Array("mine".utf8))
    try makeFolder(folder.path + "/empty")
    _ = try await built(folder, folder.path + "/empty")
    #expect(fileSize(folder.path + "/empty/index.html") != nil)
  }

  @Test(arguments: ["", "/content", "/content/x", "/static", "/templates/../content/new", "/.."])
  func outputIsNotInTheSite(_ place: String) async throws {
    let folder = try SiteFolder()
    try folder.write(files)
    await #expect(throws: SiteError.self) { try await built(folder, folder.site + place) }
    #expect(try listFolder(folder.site).map(\.name) == ["content", "static"])
    #expect(try listFolder(folder.site + "/content").map(\.name) == ["_index.md", "a.md"])
  }

  @Test(arguments: ["/out", "/deep/er/out", "/site/dist", "/site/contents"])
  func outputElsewhere(_ place: String) async throws {
    let folder = try SiteFolder()
    try folder.write(files)
    let report = try await built(folder, folder.path + place)
    #expect(report.output == realPath(folder.path + place))
    #expect(fileSize(report.output + "/a/index.html") != nil)
  }

  @Test func noSite() async throws {
    let folder = try SiteFolder()
    await #expect(throws: SiteError.self) { try await built(folder) }
    try makeFolder(folder.site)
    await #expect(throws: SiteError.self) { try await built(folder) }
    try writeFile(folder.site + "/content", [])
    await #expect(throws: SiteError.self) { try await built(folder) }
  }

  /// A file that nobody may read is an error of the disk, said once.
  @Test func outputOnAFile() async throws {
    let folder = try SiteFolder()
    try folder.write(files)
    try writeFile(folder.path + "/file", [1])
    await #expect(throws: SiteError.self) { try await built(folder, folder.path + "/file") }
    #expect(try readFile(folder.path + "/file") == [1])
  }
}
