import Foundation
import Testing

/// `kill -9`, of the node and of the publisher: nothing that was answered is lost or done again.
@Suite struct CrashTests {
  @Test func theNodeLosesNothingThatItAnswered() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    var node = try sandbox.node()
    var files: [(hash: String, bytes: Data)] = []
    for round in 0..<5 {
      let token = try sandbox.token(node)
      // Three small ones and one of several blocks; the last answer is followed by the kill at once.
      for (number, size) in [10, 70_000, 600_000, 3000].enumerated() {
        let bytes = someBytes(size, seed: round * 4 + number)
        try sandbox.write(bytes, to: "upload.bin")
        let answer = try sandbox.curl(
          "-H", "Authorization: Bearer \(token)", "-F", "file=@\(sandbox.path("upload.bin"))",
          node.url + "/api/v0/add")
        if number == 3 { node.process.kill() }
        #expect(answer.status == 200)
        files.append((try JSONDecoder().decode(Added.self, from: Data(answer.body.utf8)).hash, bytes))
      }
      #expect(!node.process.isRunning)
      node = try sandbox.node()
      for (hash, bytes) in files {
        let outcome = try sandbox.run(
          ["curl", "-q", "-sf", "--noproxy", "*", "-o", sandbox.path("back.bin"), "\(node.url)/ipfs/\(hash)"], in: "")
        #expect(outcome.status == 0)
        #expect(try sandbox.read("back.bin") == bytes)
      }
    }
    #expect(try node.uploads().count == files.count)
  }

  @Test func aNodeThatIsAskedToStopEndsWell() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let node = try sandbox.node()
    #expect(node.process.terminate() == 0)
  }

  struct Moment: Sendable, CustomTestStringConvertible {
    /// The request at which publishing is killed, and whether the node takes it before.
    var request: Int
    var isTaken: Bool
    /// A site of more than a hundred pages goes up in chunks of a hundred.
    var pages = 8
    var testDescription: String { "request \(request), \(isTaken ? "after" : "before") it is taken, \(pages) pages" }
  }

  /// The site of 8 pages is 22 requests: a token, 5 assets, an upload token, 11 files, the status, 2 of the gateway, the receipt.
  static let moments =
    [
      (1, false), (2, true), (4, false), (6, true), (7, true), (8, false), (11, true), (18, true), (19, true),
      (20, false), (22, false),
    ].map { Moment(request: $0.0, isTaken: $0.1) } + [
      Moment(request: 8, isTaken: true, pages: 130), Moment(request: 9, isTaken: false, pages: 130),
      Moment(request: 11, isTaken: false, pages: 130),
    ]

  @Test(arguments: moments) func aKilledRunIsFinishedByTheNext(_ moment: Moment) throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try writeSite(sandbox, pages: moment.pages)
    let node = try sandbox.node()
    let hold = Proxy.Rule(match: "", nth: moment.request, action: moment.isTaken ? "hold-after" : "hold-before")
    let proxy = try sandbox.proxy(to: node.url, [hold])
    let environment = ["COLOPHON_API": proxy.url, "DSTOR_API_KEY": node.key]
    let run = try sandbox.startColophon(["publish", "site"], environment: environment)
    let holding = try poll { try proxy.log().first { $0.event == "holding" } }
    try #require(holding != nil, "the run ended before: \(run.errors)")
    // What else is under way comes to rest: then all that was answered counts as finished.
    _ = try poll(seconds: 5) { try proxy.unanswered().count <= 1 ? true : nil }
    usleep(300_000)
    run.kill()
    let inFlight = try proxy.unanswered()

    let published = try sandbox.publish(to: proxy.url, key: node.key)
    #expect(try proxy.repeatedUploads() == [])
    let receipt = try sandbox.receipt(published)
    let sent = try proxy.asked().filter(\.isUpload)
    let chunks = sent.count { $0.path.hasPrefix("/v1/upload") }
    let expectedChunks = receipt.pages.count <= 100 ? receipt.pages.count : (receipt.pages.count + 99) / 100
    #expect(chunks <= expectedChunks + inFlight.count)
    #expect(sent.count <= Set(receipt.assets.map(\.cid)).count + expectedChunks + 1 + inFlight.count)
    #expect(try sandbox.followBlocks(published, at: node).errors == [])
    #expect(try sandbox.publish(to: proxy.url, key: node.key).uploaded == 0)
  }

  /// The embedded node dies with the publisher that it runs in.
  @Test(arguments: [0.15, 0.3, 0.45, 0.6]) func aKilledEmbeddedNodeGoesOn(_ seconds: Double) throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.copyExampleSite()
    let port = String(try freePort())
    let run = try sandbox.startColophon(["publish", "site", "--port", port])
    usleep(UInt32(seconds * 1_000_000))
    run.kill()
    let outcome = try sandbox.colophon("publish", "site", "--port", port, "--json")
    try #require(outcome.status == 0, "\(outcome.errors)")
    let published: Published = try outcome.json()
    // Each finished upload is in the log; what was in flight may be there once more.
    let names = try sandbox.uploads(ofNodeAt: sandbox.path("node")).map { $0.path + " " + $0.cid }
    #expect(names.count - Set(names).count <= 4)
    let node = try sandbox.node(port: try #require(Int(port)))
    #expect(try sandbox.followBlocks(published, at: node).errors == [])
  }

  private func writeSite(_ sandbox: Sandbox, pages: Int) throws {
    try sandbox.write(
      "---\ntitle: Front\n---\n![p](p.png) [f](notes.txt) [g](data.bin)\n", to: "site/content/_index.md")
    try sandbox.write(onePixel, to: "site/content/p.png")
    try sandbox.write("notes", to: "site/content/notes.txt")
    try sandbox.write(Data(repeating: 7, count: 300_000), to: "site/content/data.bin")
    for number in 1..<pages {
      try sandbox.write(
        "---\ntitle: Page \(number)\n---\n[next](page-\(number % (pages - 1) + 1).md)\n",
        to: "site/content/page-\(number).md")
    }
  }
}

/// What `POST /api/v0/add` answers.
struct Added: Decodable {
  let name: String
  let hash: String
  let size: String

  enum CodingKeys: String, CodingKey {
    case name = "Name"
    case hash = "Hash"
    case size = "Size"
  }
}

extension Sandbox {
  /// A token for the node's own key.
  func token(_ node: NodeProcess) throws -> String {
    let answer = try curl("-H", "api-key: \(node.key)", node.url + "/v1/dev/temp-token")
    return try JSONDecoder().decode([String: String].self, from: Data(answer.body.utf8))["access_token"] ?? ""
  }
}
