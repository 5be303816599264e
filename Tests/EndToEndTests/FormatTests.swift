import Foundation
import Testing

/// Feeds, sitemaps, manifest and JSON-LD, judged by a script that shares no code with Colophon.
@Suite struct FormatTests {
  private static let everything = """

    feeds: [atom, rss, json]
    llms: true
    manifest:
      icons: [/assets/logo.svg]

    """

  @Test(arguments: ["", "https://example.org", "https://example.org/below/a/path"], ["full", "summary"])
  func theExampleSite(_ url: String, _ content: String) throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.copyExampleSite()
    try? FileManager.default.removeItem(atPath: sandbox.path("site/static/robots.txt"))
    let own = try sandbox.readText("site/site.yaml")
    let address = url.isEmpty ? "" : "\nurl: \(url)\n"
    try sandbox.write(own + Self.everything + "feed_content: \(content)\n" + address, to: "site/site.yaml")
    let built = try sandbox.colophon("build", "site", "--output", "out")
    #expect(built.status == 0, "\(built.errors)")
    let judged = try sandbox.tool("formats.py", [sandbox.path("out")] + (url.isEmpty ? [] : ["--url", url]))
    #expect(judged.status == 0, "\(judged.output)")
    // It has looked at all of them.
    for kind in ["Atom", "RSS", "JSON Feed", "manifest", "robots.txt", "page"] {
      #expect(judged.errors.contains(kind), "\(judged.errors)")
    }
    if !url.isEmpty { for kind in ["sitemap", "JSON-LD"] { #expect(judged.errors.contains(kind)) } }
  }

  /// The judge itself: what is wrong is told.
  @Test func whatIsWrongIsTold() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write(
      "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>a</id><entry/></feed>", to: "out/atom.xml")
    try sandbox.write("<rss version=\"2.0\"><channel><item/></channel></rss>", to: "out/rss.xml")
    try sandbox.write("{\"items\": [{\"id\": 1}]}", to: "out/feed.json")
    try sandbox.write("<script type=\"application/ld+json\">{</script>", to: "out/index.html")
    let judged = try sandbox.tool("formats.py", [sandbox.path("out")])
    #expect(judged.status == 1)
    for part in ["no IRI", "0 title", "0 updated", "neither title nor description", "1.1", "no JSON"] {
      #expect(judged.output.contains(part), "\(part) in \(judged.output)")
    }
  }
}
