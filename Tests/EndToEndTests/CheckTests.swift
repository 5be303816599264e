import Foundation
import Testing

/// `colophon check`, with another site on this machine.
@Suite struct CheckTests {
  private struct Answer: Decodable {
    struct Link: Decodable {
      let url: String
      let state: String
      let remembered: Bool
      let places: [String]
    }
    struct Failure: Decodable {
      struct Problem: Decodable {
        let id: String
        let path: String?
        let line: Int?
        let column: Int?
      }
      let diagnostics: [Problem]
      let exitCode: Int
    }
    let outsideLinks: [Link]?
    let error: Failure?
  }

  @Test func nothingIsWritten() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("# Hello\n\n[Dead](gone.md)\n", to: "bad/content/_index.md")
    try sandbox.write("# Hello\n\n![](x.bmp)\n", to: "doubtful/content/_index.md")
    try sandbox.write("x", to: "doubtful/content/x.bmp")
    let before = sandbox.files(below: "")
    let bad = try sandbox.colophon("check", "bad")
    #expect(bad.status == 1)
    #expect(bad.errors.contains("bad/content/_index.md:3:8: error: gone.md leads to no page or file of the site"))
    let doubtful = try sandbox.colophon("check", "doubtful")
    #expect(doubtful.status == 0)
    #expect(doubtful.output.contains("1 warning"))
    #expect(try sandbox.colophon("check", "doubtful", "--strict").status == 1)
    #expect(sandbox.files(below: "").filter { !$0.hasSuffix(".out") && !$0.hasSuffix(".err") } == before)
  }

  @Test func otherSites() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("<p id=\"part\">Here</p>", to: "other/page.html")
    let port = try freePort()
    let server = try sandbox.start(
      ["python3", "-m", "http.server", "--bind", "127.0.0.1", "--directory", sandbox.path("other"), String(port)],
      limit: 120)
    let other = "http://127.0.0.1:\(port)"
    for _ in 0..<100 where try sandbox.run(["curl", "-sf", other + "/page.html"]).status != 0 { usleep(50_000) }
    try sandbox.write(
      "---\ntitle: A\n---\n[One](\(other)/page.html) and [two](\(other)/gone.html).\n\n[Anchor](\(other)/page.html#no)\n",
      to: "site/content/a.md")
    try sandbox.write(
      "title: Site\nmenus:\n  main:\n    - {name: Out, url: \(other)/menu.html}\ncheck: {delay: 0}\n",
      to: "site/site.yaml")
    let first = try sandbox.colophon("check", "site", "--external", "--json")
    #expect(first.status == 1)
    let problems = try #require(try first.json(Answer.self).error).diagnostics
    #expect(problems.map(\.id) == ["dead-outside-link", "dead-outside-link"])
    #expect(
      problems.map { "\($0.path ?? ""):\($0.line ?? 0):\($0.column ?? 0)" }.sorted()
        == [
          "site.yaml:4:24", "content/a.md:4:\(other.utf8.count + 29)",
        ].sorted())

    try sandbox.write("x", to: "other/gone.html")
    try sandbox.write("x", to: "other/menu.html")
    let second = try sandbox.colophon("check", "site", "--external", "--json")
    #expect(second.status == 0, "\(second.errors)")
    let links = try #require(try second.json(Answer.self).outsideLinks)
    #expect(links.allSatisfy { $0.state == "alive" })
    #expect(links.count == 4)
    // The one that was alive is not asked again.
    #expect(links.filter(\.remembered).map(\.url) == [other + "/page.html", other + "/page.html#no"])

    try sandbox.write("title: Site\ncheck: {delay: 0, anchors: true}\n", to: "site/site.yaml")
    let anchors = try sandbox.colophon("check", "site", "--external")
    #expect(anchors.status == 0)
    #expect(anchors.errors.contains("[dead-outside-anchor]"))
    #expect(try sandbox.colophon("check", "site", "--external", "--strict").status == 1)

    // Nobody answers: that is a warning, since it says nothing about the page.
    _ = server.terminate()
    try sandbox.write("title: Site\ncheck: {delay: 0, retries: 0}\n", to: "site/site.yaml")
    let down = try sandbox.colophon("check", "site", "--external", "--fresh")
    #expect(down.status == 0, "\(down.errors)")
    #expect(down.errors.contains("[unclear-outside-link]"))
  }
}
