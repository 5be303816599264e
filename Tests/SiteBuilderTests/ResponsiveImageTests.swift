import Files
import Images
import SiteBuilder
import TestSupport
import Testing

/// Pictures on disk: made once, kept by what they follow from, gone when nobody shows them. Left out where libvips is not on the machine.
@Suite(
  .enabled(if: (try? ImageLibrary.shared.get()) != nil, "libvips is not on this machine: apt-get install libvips42"))
struct ResponsiveImageTests {
  private static func site(_ text: String) throws -> [SiteFile] {
    let photo = try readFile(testsFolder + "/../example-site/assets/images/card.jpg")
    return [
      SiteFile("site.yaml", "images: {responsive: true, widths: [100, 200]}"), SiteFile("content/a.md", text),
      SiteFile("content/b.md", "Nothing"), SiteFile("content/photo.jpg", .bytes(photo)),
    ]
  }

  private static func pictures(_ folder: SiteFolder) throws -> [TreePath: [UInt8]] {
    let tree = try FileTree(folder: folder.site + "/public")
    var pictures: [TreePath: [UInt8]] = [:]
    for path in tree.paths where path.fileExtension == "webp" { pictures[path] = try tree.bytes(of: path) }
    return pictures
  }

  private func build(_ folder: SiteFolder) async throws -> [Diagnostic] {
    try await SiteBuilder.build(BuildOptions(folder: folder.site, workers: 2)).warnings
  }

  @Test func madeOnceAndGoneWhenUnused() async throws {
    let folder = try SiteFolder()
    try folder.write(try Self.site("![A photo](photo.jpg)"))
    let cache = folder.site + "/.colophon/cache/images"
    #expect(try await build(folder).isEmpty)
    let first = try Self.pictures(folder)
    #expect(first.count == 2 && first.allSatisfy { imageInfo(of: $0.value)?.format == .webp })
    #expect(try listFolder(cache).count == 2)

    // What a killed build left, what is damaged, and what is not there any more cost time and nothing else.
    let kept = try listFolder(cache).map(\.name)
    try writeFile(cache + "/" + kept[0], [1, 2, 3])
    try writeFile(cache + "/abc.1.new", [1])
    try removeAll(folder.site + "/public")
    #expect(try await build(folder).isEmpty)
    #expect(try Self.pictures(folder) == first)
    #expect(try listFolder(cache).map(\.name) == kept)

    // Another page changes: the page with the photo is kept, and its pictures with it.
    try writeFile(folder.site + "/content/b.md", Array("Something".utf8))
    #expect(try await build(folder).isEmpty)
    #expect(try Self.pictures(folder) == first)
    #expect(try listFolder(cache).map(\.name) == kept)

    // The page is written anew, without the cache of pictures.
    try removeAll(cache)
    try writeFile(folder.site + "/content/a.md", Array("More\n\n![A photo](photo.jpg)".utf8))
    #expect(try await build(folder).isEmpty)
    #expect(try Self.pictures(folder) == first)

    try writeFile(folder.site + "/content/a.md", Array("No photo any more".utf8))
    #expect(try await build(folder).isEmpty)
    #expect(try Self.pictures(folder).isEmpty)
    #expect(try listFolder(folder.site + "/.colophon/cache").isEmpty || listFolder(cache).isEmpty)
  }

  @Test func aClearBuildIsTheSame() async throws {
    let folder = try SiteFolder()
    try folder.write(try Self.site("![A photo](photo.jpg)"))
    _ = try await build(folder)
    let (tree, report) = try await buildTree(BuildOptions(folder: folder.site, workers: 1))
    #expect(report.pages.count + report.otherFiles == tree.count)
    try expect(folder.site + "/public", holds: tree)
  }

  /// Another photo under the same name is another picture.
  @Test func namesFollowFromBytes() async throws {
    let folder = try SiteFolder()
    try folder.write(try Self.site("![A photo](photo.jpg)"))
    _ = try await build(folder)
    let first = try Self.pictures(folder)
    try writeFile(
      folder.site + "/content/photo.jpg", try readFile(testsFolder + "/../example-site/content/posts/marbled.jpg"))
    _ = try await build(folder)
    let second = try Self.pictures(folder)
    #expect(second.count == 2 && Set(first.keys).isDisjoint(with: second.keys))
  }
}
