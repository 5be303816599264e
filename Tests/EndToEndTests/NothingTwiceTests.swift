import Foundation
import Testing

/// One edited post on a site of many, published file by file: what shows it is sent and nothing else, and the plan said so.
///
/// `COLOPHON_POSTS=2000` makes it as many posts; the ordinary run has a few.
@Suite struct NothingTwiceTests {
  static let posts = ProcessInfo.processInfo.environment["COLOPHON_POSTS"].flatMap { Int($0) } ?? 40

  struct Plan: Decodable {
    struct File: Decodable {
      let path: String
      let kind: String
      let cid: String
      let size: Int
      let reason: String
    }

    let files: [File]
    let bytesSent: Int

    var sent: [File] { files.filter { $0.reason != "held" } }
  }

  @Test(arguments: ["", "url: https://site.test\n"]) func anEditedPost(_ address: String) throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.writeCorpus(posts: Self.posts)
    try sandbox.write("title: Corpus\nsearch: false\nfeeds: [atom, rss, json]\n\(address)", to: "site/site.yaml")
    // Of two thousand posts all of it takes some minutes.
    let node = try sandbox.node(limit: 900)
    let proxy = try sandbox.proxy(to: node.url, limit: 900)
    func run(_ option: String) throws -> Outcome {
      let outcome = try sandbox.colophon(
        "publish", "site", "--json", "--mode", "files", option,
        environment: node.environment.merging(["COLOPHON_API": proxy.url]) { $1 }, limit: 300)
      try #require(outcome.status == 0, "\(outcome.errors)")
      return outcome
    }
    let first = try sandbox.receipt(try run("--yes").json())
    #expect(first.pages.count > Self.posts)

    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: sandbox.path("site/content/posts")).sorted()
        .dropFirst(Self.posts / 3).first)
    let source = "site/content/posts/\(name)"
    try sandbox.write(try sandbox.readText(source) + "\n\nMARKED sentence at the end.\n", to: source)
    let post = "posts/\(name.dropLast(".md".count))/index.html"
    let before = try proxy.asked().count
    let plan: Plan = try run("--plan").json()
    #expect(try proxy.asked().count == before, "a plan asks for nothing")
    let published: Published = try run("--yes").json()

    // What went over the wire, each once: what the plan said, and the receipt.
    let uploads = try proxy.asked().dropFirst(before).filter(\.isUpload)
    #expect(uploads.allSatisfy { $0.path == "/api/v0/add" && $0.parts.count == 1 })
    let receiptCID = try #require(uploads.last?.parts.first)
    #expect(receiptCID.name == "colophon.json")
    #expect(uploads.dropLast().flatMap(\.parts).map(\.cid).sorted() == plan.sent.map(\.cid).sorted())
    #expect(uploads.dropLast().flatMap(\.parts).map(\.size).reduce(0, +) == plan.bytesSent)
    let receipt = try sandbox.receipt(published)
    let sent = receipt.files.filter(\.sent)
    #expect(sent.map(\.path).sorted() == plan.sent.map(\.path).sorted())
    #expect(published.uploaded == sent.count + 1)

    // No asset, no other post; what was sent shows the post, or leads to what does.
    #expect(sent.allSatisfy { $0.kind == "page" })
    #expect(sent.contains { $0.path == post })
    // Without an address the front page knows the hash of every page.
    #expect(sent.contains { $0.path == "index.html" } || !address.isEmpty)
    let posts = receipt.files.filter { $0.source?.hasPrefix("content/posts/") == true && $0.path != post }
    #expect(posts.count == Self.posts - 1 && posts.allSatisfy { !$0.sent })
    let isKnown = Dictionary(first.files.map { ($0.path, $0.cid) }, uniquingKeysWith: { old, _ in old })
    for file in sent {
      #expect(file.cid != isKnown[file.path], "\(file.path) was there already")
      let text = try sandbox.curl(file.url).body
      #expect(
        text.contains("MARKED sentence") || sent.contains { $0.path != file.path && text.contains($0.cid) },
        "\(file.path) neither shows the post nor leads to what does")
    }
    // And the lists that show it are all there.
    for file in receipt.files where !file.sent && file.path.hasSuffix(".html") && Self.posts < 100 {
      let text = try sandbox.curl(file.url).body
      #expect(sent.allSatisfy { !text.contains(isKnown[$0.path] ?? $0.cid) }, "\(file.path) leads to what was before")
    }
    let crawled = try sandbox.crawl(published, limit: 300)
    #expect(crawled.errors == [])
  }
}

extension Sandbox {
  /// Posts with tags, pictures and links to each other, the same for the same number.
  func writeCorpus(posts: Int, to name: String = "site") throws {
    let generator = Repository.folder + "/Benchmarks/make_corpus.py"
    let outcome = try run(
      ["python3", "-B", generator, "--posts", String(posts), "--target", "plain", "--out", path(name)])
    try #require(outcome.status == 0, "\(outcome.errors)")
  }
}
