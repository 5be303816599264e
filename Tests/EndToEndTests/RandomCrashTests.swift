import Foundation
import Testing

/// `kill -9` at random moments over the whole run, building included: the next run completes, and nothing that was acknowledged goes up again.
@Suite struct RandomCrashTests {
  /// `COLOPHON_KILLS=300` is the whole proof; the ordinary run does what fits in some seconds. Three kills each.
  static let rounds = ((ProcessInfo.processInfo.environment["COLOPHON_KILLS"].flatMap(Int.init) ?? 9) + 2) / 3
  /// How many uploads the publisher has under way at a time, at most.
  static let uploadsAtATime = 4

  @Test(arguments: 0..<rounds) func theNextRunCompletes(_ round: Int) throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let node = try sandbox.node()
    let mode = round % 2 == 0 ? "folder" : "files"
    // How long a run takes that nobody disturbs.
    let start = Date()
    try writeSite(sandbox, "undisturbed", round)
    _ = try sandbox.publish("undisturbed", to: node.url, key: node.key, mode: mode)
    let length = Date().timeIntervalSince(start)

    try writeSite(sandbox, "site", round + 1000)
    let proxy = try sandbox.proxy(to: node.url)
    let environment = ["COLOPHON_API": proxy.url, "DSTOR_API_KEY": node.key]
    var allowed = 0
    for _ in 0..<3 {
      let run = try sandbox.startColophon(["publish", "site", "--mode", mode], environment: environment)
      let moment = Double.random(in: 0..<length)
      usleep(UInt32(moment * 1_000_000))
      let before = try proxy.log().last?.n ?? 0
      run.kill()
      // What is on its way through the proxy comes to rest.
      _ = try poll(seconds: 5) { try proxy.unanswered().isEmpty ? true : nil }
      let log = try proxy.log()
      // In flight: not answered when the kill came, or answered and not read yet.
      let inFlight = Set(
        log.filter { $0.event == "asked" && $0.isUpload && $0.n > before - 2 * Self.uploadsAtATime }.map(\.n))
      allowed += min(Self.uploadsAtATime, inFlight.count)
    }
    let published = try sandbox.publish("site", to: proxy.url, key: node.key, mode: mode)
    let receipt = try sandbox.receipt(published)
    let sent = try proxy.asked().filter(\.isUpload).count
    // A file a request, on a site this small; two equal files are one. The receipt is one more.
    let files =
      mode == "files" ? Set(receipt.files.map(\.cid)).count : Set(receipt.assets.map(\.cid)).count + receipt.pages.count
    #expect(
      sent <= files + 1 + allowed, "round \(round), \(mode): \(sent) uploads of \(files) files, \(allowed) in flight")
    let proof = try sandbox.colophon("verify", "last", "--all", "--site", "site", "--gateway", node.url + "/ipfs")
    #expect(proof.status == 0, "\(proof.errors)")
    #expect(try sandbox.publish("site", to: proxy.url, key: node.key, mode: mode).uploaded == 0)
  }

  private func writeSite(_ sandbox: Sandbox, _ site: String, _ seed: Int) throws {
    try sandbox.write(
      "---\ntitle: Front \(seed)\n---\n![p](p.png) [f](notes.txt) [g](data.bin)\n", to: site + "/content/_index.md")
    try sandbox.write(onePixel + Data("\(seed)".utf8), to: site + "/content/p.png")
    try sandbox.write("notes \(seed)", to: site + "/content/notes.txt")
    try sandbox.write(someBytes(600_000, seed: seed), to: site + "/content/data.bin")
    for number in 1..<12 {
      try sandbox.write(
        "---\ntitle: Page \(number) of \(seed)\n---\n[next](page-\(number % 11 + 1).md)\n",
        to: "\(site)/content/page-\(number).md")
    }
  }
}
