import Files
import Glibc
import Testing

@testable import SiteBuilder

/// A machine that gets libvips, or another version of it, gets other pictures. No test can install it: what is remembered of it is changed.
@Suite struct ImageLibraryChangeTests {
  @Test(arguments: [
    ("{{ ('/x.png' | resize(20)).url }}", true), ("{{ ('/x.png'|resize).url }}", true),
    ("{{ ['/x.png'] | map(\"resize\", 20) | list | length }}", true),
    ("<style>textarea { resize: none }</style>{{ ('/x.png' | image_size).url }}", false),
  ])
  func templatesThatResize(_ template: String, _ isMade: Bool) async throws {
    let folder = try SiteFolder()
    try folder.write([
      SiteFile("content/a.md", "A"), SiteFile("templates/page.html", template),
      SiteFile("static/x.png", .bytes(smallPicture(width: 40, height: 30, shade: 9))),
    ])
    let options = BuildOptions(folder: folder.site, workers: 2)
    usleep(60_000)
    let report = try await build(options)
    let root = try #require(realPath(folder.site))
    let place = OutputFolder(root + "/public")
    let configuration = try load(root)
    let cache = try #require(try await BuildCache.read(root, place, configuration, workers: 2))
    let inventory = try discover(root)
    #expect(cache.report(ofUnchanged: inventory, configuration, options)?.pages.count == report.pages.count)
    #expect((cache.imageLibrary != nil) == isMade)
    let before = try premise(of: inventory, configuration, options, library: "8.14.1")
    #expect(try (before != premise(of: inventory, configuration, options, library: "")) == isMade)
    var another = cache
    another.imageLibrary = cache.imageLibrary.map { $0 + ".1" }
    #expect((another.report(ofUnchanged: inventory, configuration, options) == nil) == isMade)
  }
}
