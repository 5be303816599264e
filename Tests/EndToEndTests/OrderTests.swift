import Foundation
import Testing

/// In which order files go up, where to, and what is noted with them.
@Suite struct OrderTests {
  @Test func assetsBeforePagesAndTheReceiptLast() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.copyExampleSite()
    let node = try sandbox.node()
    let proxy = try sandbox.proxy(to: node.url)
    // 2028-02-29T23:30:00Z: already March in Tokyo.
    let time = ["SOURCE_DATE_EPOCH": "1835479800", "TZ": "Asia/Tokyo"]
    let published = try sandbox.publish(to: proxy.url, key: node.key, environment: time)
    let receipt = try sandbox.receipt(published)
    let uploads = try proxy.asked().filter(\.isUpload)
    let finished = try proxy.log().filter { $0.event == "answering" }.map(\.n)

    // {site}/{yyyy}/{MM}/{dd}/{build}, in UTC.
    #expect(published.edition == "colophon/2028/02/29/\(receipt.build)")
    #expect(receipt.time == "2028-02-29T23:30:00Z")
    #expect(try sandbox.publish(to: proxy.url, key: node.key, environment: time).uploaded == 0)

    let assets = uploads.filter { $0.path == "/api/v0/add" && $0.parts.first?.name != "colophon.json" }
    let pages = uploads.filter { $0.path.hasPrefix("/v1/upload") }
    #expect(Set(assets.flatMap(\.parts).map(\.cid)) == Set(receipt.assets.map(\.cid)))
    #expect(Set(pages.flatMap(\.parts).compactMap(\.name)) == Set(receipt.pages.map(\.path)))
    let lastAsset = try #require(assets.map(\.n).max())
    let firstPage = try #require(pages.map(\.n).min())
    #expect(lastAsset < firstPage)
    let last = try #require(uploads.last)
    #expect(last.parts.map(\.name) == ["colophon.json"])
    #expect(last.headers["x-dstor-folder-path"] == published.edition)
    #expect(uploads.count { $0.parts.contains { $0.name == "colophon.json" } } == 1)

    // What a style sheet pulls in was answered before the style sheet was sent.
    for sheet in assets where sheet.parts.first?.name?.hasSuffix(".css") == true {
      let file = try #require(receipt.assets.first { $0.cid == sheet.parts.first?.cid })
      let css = try sandbox.curl(file.url).body
      for asset in assets {
        guard let cid = asset.parts.first?.cid, css.contains(cid) else { continue }
        let answered = try #require(finished.firstIndex(of: asset.n))
        let sheetAnswered = try #require(finished.firstIndex(of: sheet.n))
        #expect(asset.n < sheet.n && answered < sheetAnswered, "\(cid) after \(file.path)")
      }
    }
    let site = try #require(receipt.assets.first { $0.path.hasSuffix("site.css") })
    #expect(try sandbox.curl(site.url).body.contains("/ipfs/Qm"))

    for upload in uploads { try checkComment(upload, receipt) }
    for page in pages { try checkPage(page, receipt) }
  }

  /// What it asks for when it runs is asked for beside it: it is published where the site has it.
  @Test func aScriptThatBuildsAddressesStaysWithThePages() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write(
      "# Home\n\n<script type=\"module\" src=\"/assets/js/main.js\"></script>\n", to: "site/content/_index.md")
    try sandbox.write("import './known.js';\nimport(`./parts/${name}.js`);\n", to: "site/assets/js/main.js")
    try sandbox.write("export {};\n", to: "site/assets/js/known.js")
    try sandbox.write("export default 1;\n", to: "site/assets/js/parts/one.js")
    let node = try sandbox.node()
    let outcome = try sandbox.colophon("publish", "site", "--json", environment: node.environment)
    try #require(outcome.status == 0, "\(outcome.errors)")
    #expect(
      outcome.errors.contains(
        "assets/js/main.js: warning: assets/js/main.js is published with the pages, not by its own hash: "
          + "it finds other files by its own address (import() of what is no string, line 2) [asset-with-pages]"),
      "\(outcome.errors)")
    let published: Published = try outcome.json()
    let receipt = try sandbox.receipt(published)
    let kinds = Dictionary(receipt.files.map { ($0.path, $0.kind) }, uniquingKeysWith: { first, _ in first })
    #expect(kinds["assets/js/main.js"] == "page" && kinds["assets/js/known.js"] == "asset")
    let folder = published.entry.dropLast("index.html".count)
    let page = try sandbox.curl(published.entry).body
    #expect(page.contains("src=\"assets/js/main.js\""))
    let known = try #require(receipt.files.first { $0.path == "assets/js/known.js" })
    #expect(try sandbox.curl("\(folder)assets/js/main.js").body.contains(known.url))
    #expect(try sandbox.curl("\(folder)assets/js/parts/one.js").status == 200)
    #expect(try sandbox.crawl(published).errors == [])
  }

  /// One line of printable ASCII, at most 512 bytes, with tool, time and what it is about.
  private func checkComment(_ upload: Proxy.Entry, _ receipt: Receipt) throws {
    let comment = try #require(upload.headers["x-dstor-comment"], "\(upload.path) has no comment")
    #expect(comment.utf8.count <= 512)
    #expect(comment.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "\(comment)")
    #expect(comment.hasPrefix("colophon/"))
    #expect(comment.contains(" site=colophon "))
    #expect(comment.contains(" time=\(receipt.time)"))
  }

  private func checkPage(_ page: Proxy.Entry, _ receipt: Receipt) throws {
    let comment = page.headers["x-dstor-comment"] ?? ""
    let name = try #require(page.parts.first?.name)
    #expect(page.parts.count == 1)
    #expect(comment.contains(" build=\(receipt.build) "))
    #expect(comment.contains(" page=/\(name)"))
    if let source = receipt.pages.first(where: { $0.path == name })?.source {
      #expect(comment.hasSuffix(" source=\(source)"))
    }
  }

  @Test func aCommentNamesTheCommit() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("---\ntitle: Ünïcode page\n---\ntext\n", to: "site/content/ünï cöde.md")
    try sandbox.write("---\ntitle: Front\n---\ntext\n", to: "site/content/_index.md")
    try sandbox.write("public/\n.colophon/\n", to: "site/.gitignore")
    let author = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    for arguments in [["init", "-q"], ["add", "."], ["commit", "-q", "-m", "one"]] {
      let outcome = try sandbox.run(
        ["git"] + author + arguments, environment: sandbox.environment, in: "site")
      try #require(outcome.status == 0, "\(outcome.errors)")
    }
    let commit = try sandbox.run(["git", "rev-parse", "HEAD"], environment: sandbox.environment, in: "site").output
      .trimmingCharacters(in: .newlines)
    let node = try sandbox.node()
    _ = try sandbox.publish(to: node)
    let rows = try node.uploads().filter { $0.kind == "folder-file" }
    #expect(rows.allSatisfy { $0.comment?.contains(" commit=\(commit) ") == true })
    let page = try #require(rows.first { $0.comment?.contains("source=content/%C3%BCn") == true })
    #expect(page.comment?.utf8.allSatisfy { (0x20...0x7E).contains($0) } == true)
    // A file that is not committed makes it dirty; the receipt says so too.
    try sandbox.write("---\ntitle: New\n---\ntext\n", to: "site/content/new.md")
    let count = try node.uploads().count
    _ = try sandbox.publish(to: node)
    let later = try node.uploads().dropFirst(count).filter { $0.kind == "folder-file" }
    #expect(later.allSatisfy { $0.comment?.contains(" commit=\(commit)+changes ") == true })
  }
}
