import Files
import Templates
import Testing

@testable import SiteBuilder

/// What a build knew of its site goes with it. `serve` builds again after each save: what stayed would add up.
@Suite struct ForgottenBuildTests {
  private struct Known {
    weak var objects: SiteObjects?
    weak var page: PageObject?
    weak var templates: TemplateSet?
  }

  @Test func nothingOfABuildStays() async throws {
    let folder = try SiteFolder()
    try folder.write([
      SiteFile("site.yaml", "title: Site\nurl: https://example.com\n"),
      SiteFile("content/_index.md", "# Start\n\n[One](one.md)\n"),
      SiteFile(
        "content/one.md",
        "---\ntitle: One\ndate: 2026-01-01\ntags: [a, b]\n---\nText, and {{< figure src=\"/a.png\" >}}\n"),
      SiteFile("content/two.md", "---\ntitle: Two\ndate: 2026-01-02\ntags: [b]\n---\n[One](one.md)\n"),
      SiteFile("static/a.png", ""),
    ])
    let known = try await build(folder.site)
    #expect(known.objects == nil)
    #expect(known.page == nil)
    #expect(known.templates == nil)
  }

  private func build(_ folder: String) async throws -> Known {
    let options = BuildOptions(folder: folder, workers: 2)
    let built = try await runStages(discover(folder), load(folder), options, nil, nil) { _ in MemoryOutput() }
    let renderer = built.resolved.renderer
    let known = Known(
      objects: renderer.objects, page: renderer.objects.pages[0], templates: renderer.appearance.templates)
    #expect(known.objects != nil && known.page != nil && known.templates != nil)
    return known
  }
}
