import Foundation
import Testing

/// More than a hundred pages, large files, names and references of every kind.
@Suite struct LargeSiteTests {
  @Test func everyKindOfReferenceIsFollowed() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try writeSite(sandbox)
    let node = try sandbox.node()
    let proxy = try sandbox.proxy(to: node.url)
    let published = try sandbox.publish(to: proxy.url, key: node.key)
    #expect(published.pages > 150)
    let chunks = try proxy.asked().filter { $0.path.hasPrefix("/v1/upload") && $0.isUpload }
    #expect(chunks.count > 1)
    #expect(chunks.allSatisfy { $0.parts.count <= 100 })
    #expect(chunks.allSatisfy { ($0.headers["x-dstor-comment"] ?? "").hasPrefix("colophon/") })
    let crawled = try sandbox.crawl(published)
    #expect(crawled.errors == [])
    #expect(Set(crawled.unreached).subtracting(["404.html", "robots.txt", "sitemap.xml"]) == [])
    #expect(crawled.visited > 170)
    // The large file is several blocks, and came whole.
    let large = try #require(try sandbox.receipt(published).assets.first { $0.path.hasSuffix("large.bin") })
    #expect(large.size == 3_000_001)

    // Nothing changed: nothing sent. One page edited: no asset sent.
    #expect(try sandbox.publish(to: proxy.url, key: node.key).uploaded == 0)
    let before = try proxy.asked().count
    try sandbox.write("---\ntitle: Post 77\n---\nedited\n", to: "site/content/posts/post-77.md")
    _ = try sandbox.publish(to: proxy.url, key: node.key)
    let sent = try proxy.asked().dropFirst(before).filter { $0.path == "/api/v0/add" }
    #expect(sent.flatMap(\.parts).map(\.name) == ["colophon.json"])
  }

  private func writeSite(_ sandbox: Sandbox) throws {
    let image =
      #"![odd](<../odd/sp ace.png>) ![q](<../odd/it's "q".png>) ![u](../odd/größe.png) ![h](../odd/a%23b.png)"#
    for number in 0..<150 {
      try sandbox.write(
        """
        ---
        title: Post \(number)
        date: 2024-01-\(number % 20 + 10)
        tags: [t\(number % 5)]
        ---
        [next](post-\((number + 1) % 150).md) \(number % 30 == 0 ? image : "")

        """, to: "site/content/posts/post-\(number).md")
    }
    try sandbox.write(
      """
      ---
      title: Front
      ---
      # Front

      ![a](<odd/sp ace.png>) ![b](odd/100%25.png) ![c](odd/what%3F.png) ![d](<odd/a&b;c.png>) ![e](odd/日本.png)
      [large](large.bin) [same](odd/größe.png) [post](posts/post-3.md) [section](posts/_index.md) [top](#front)

      <link rel="stylesheet" href="/assets/main.css">
      <link rel="stylesheet" href="/assets/circle-a.css">
      <script type="module" src="/assets/js/main.js"></script>
      <svg><use href="/assets/sprite.svg#star"></use><use xlink:href="/assets/sprite.svg#moon"/></svg>
      <img src="odd/größe.png" srcset="odd/größe.png 1x, odd/100%25.png 2x" alt="">
      <video poster="odd/sp%20ace.png"><source src="clip.mp4"></video>
      <object data="/assets/sprite.svg"></object>
      <p style="background: url('/assets/img/bg.png')">styled</p>
      <style>.x { background: url(/assets/img/bg2.png) }</style>

      """, to: "site/content/_index.md")
    try sandbox.write("---\ntitle: Posts\n---\n", to: "site/content/posts/_index.md")
    for (number, name) in ["sp ace", "it's \"q\"", "größe", "a#b", "100%", "what?", "a&b;c", "日本"].enumerated() {
      // Trailing bytes make each a file of its own.
      try sandbox.write(onePixel + Data([UInt8(number)]), to: "site/content/odd/\(name).png")
    }
    try sandbox.write(
      someBytes(3_000_001), to: "site/content/large.bin")
    try sandbox.write(Data([0, 0, 0, 24]) + Data("ftypmp42".utf8), to: "site/content/clip.mp4")
    let assets: [String: String] = [
      "main.css": #"@import "chain/one.css"; @import url('chain/two.css') screen; a { background: url(img/bg.png#f) }"#,
      "chain/one.css": "@import url(three.css); b { background: url('../img/b g.png') }",
      "chain/two.css": #"@import "./three.css"; /* url(not.png) */ c { background: url(data:image/png;base64,AA==) }"#,
      "chain/three.css": "d { background: url(\"../img/bg2.png\"); mask: url(../sprite.svg#star) }",
      "circle-a.css": #"@import "circle-b.css"; e { color: red }"#,
      "circle-b.css": #"@import "circle-a.css"; f { background: url(img/bg.png) }"#,
      "sprite.svg":
        ##"<svg xmlns="http://www.w3.org/2000/svg"><symbol id="star"><path d="M0 0"/></symbol><symbol id="moon"><use href="#star"/></symbol></svg>"##,
      "js/main.js": "import { a } from './lib/a.js';\nexport * from \"./lib/b.mjs\";\nimport('./lib/c.js');\na();\n",
      "js/lib/a.js": "import './b.mjs';\nexport function a() { return 1 }\n",
      "js/lib/b.mjs": "export const b = 2;\n", "js/lib/c.js": "console.log('c');\n",
    ]
    for (name, text) in assets { try sandbox.write(text, to: "site/assets/" + name) }
    for (number, name) in ["bg", "bg2", "b g"].enumerated() {
      try sandbox.write(onePixel + Data([UInt8(100 + number)]), to: "site/assets/img/\(name).png")
    }
  }
}
