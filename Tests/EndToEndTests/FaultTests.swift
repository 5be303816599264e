import Foundation
import Testing

/// A server that goes wrong at random: whatever it does, publishing ends with an edition that can be proven, after a few runs at most.
@Suite struct FaultTests {
  /// `COLOPHON_SEEDS=200` is the whole proof; the ordinary run does what fits in some seconds.
  static let seeds =
    ProcessInfo.processInfo.environment["COLOPHON_SEEDS"].flatMap(Int.init).map { Array(0..<$0) } ?? [0, 76]
  static let shares = [0.01, 0.1, 0.3]

  @Test(arguments: seeds) func everyRunEndsWithAProvenEdition(_ seed: Int) throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let node = try sandbox.node(limit: 600)
    for (number, share) in Self.shares.enumerated() {
      // In turn as one folder, and file by file.
      try publish(
        sandbox, node, site: "site-\(number)", seed: seed, share: share,
        mode: (seed + number) % 2 == 0 ? "folder" : "files")
    }
  }

  private func publish(
    _ sandbox: Sandbox, _ node: NodeProcess, site: String, seed: Int, share: Double, mode: String
  ) throws {
    try writeSite(sandbox, site, seed: seed)
    let proxy = try sandbox.proxy(to: node.url, seed: seed * 100 + Int(share * 100), share: share)
    // What readers are given is the node itself, so that the proof is of what it holds; publishing reads through the proxy.
    let environment = [
      "COLOPHON_API": proxy.url, "DSTOR_API_KEY": node.key, "COLOPHON_WAIT_SCALE": "0.002",
      "XDG_STATE_HOME": sandbox.path(site + "-state"),
    ]
    var runs = 0
    var said: [String] = []
    var outcome: Outcome
    repeat {
      runs += 1
      outcome = try sandbox.startColophon(
        ["publish", site, "--mode", mode, "--json"], environment: environment, limit: 60
      ).wait()
      said.append(outcome.errors)
      // It never crashes, and never takes the site for what is wrong.
      #expect([0, 2, 3].contains(outcome.status), "seed \(seed), share \(share), \(outcome.status): \(outcome.errors)")
    } while outcome.status != 0 && runs < 40
    try #require(outcome.status == 0, "seed \(seed), share \(share), after \(runs) runs: \(outcome.errors)")
    let each = said.joined(separator: "---\n")
    #expect(runs <= (share < 0.2 ? 12 : 40), "seed \(seed), share \(share), \(mode): \(each)")
    try proxy.heal()

    let proof = try sandbox.colophon(
      "verify", "last", "--all", "--site", site, "--gateway", node.url + "/ipfs", "--json")
    #expect(proof.status == 0, "seed \(seed), share \(share): \(proof.output)\(proof.errors)")
    let published: Published = try outcome.json()
    // No asset or page that went up by itself was sent again once an honest answer for it had come.
    #expect(try proxy.repeatedSingleUploads() == [], "seed \(seed), share \(share)")
    // What pages refer to is what the receipt says, and that was just proven: no other hash is in any of them.
    let receipt = try sandbox.receipt(published)
    let known = Set(receipt.files.map(\.cid) + [published.root])
    let outside = try sandbox.hashes(in: receipt.pages, at: node).subtracting(known)
    #expect(outside == [], "seed \(seed), share \(share)")
    #expect(try sandbox.publish(site, to: proxy.url, key: node.key, mode: mode).uploaded == 0)
  }

  /// Three pages that link in a circle, a style sheet that refers to a picture, and a file of several blocks.
  private func writeSite(_ sandbox: Sandbox, _ site: String, seed: Int) throws {
    let text = "Seed \(seed) of \(site)."
    try sandbox.write(
      "---\ntitle: Front\n---\n\(text) [one](one.md) [two](two.md) ![p](p.png) [data](data.bin)\n",
      to: site + "/content/_index.md")
    try sandbox.write("---\ntitle: One\n---\n\(text) [two](two.md)\n", to: site + "/content/one.md")
    try sandbox.write("---\ntitle: Two\n---\n\(text) [front](_index.md)\n", to: site + "/content/two.md")
    try sandbox.write(onePixel + Data(text.utf8), to: site + "/content/p.png")
    try sandbox.write(someBytes(300_000, seed: seed), to: site + "/content/data.bin")
  }
}

extension Sandbox {
  /// A proxy that breaks a share of the requests, chosen by `seed`.
  func proxy(to upstream: String, seed: Int, share: Double) throws -> Proxy {
    try proxy(to: upstream, rules: "{\"seed\": \(seed), \"share\": \(share)}", limit: 600)
  }

  func publish(_ site: String, to api: String, key: String, mode: String) throws -> Published {
    let outcome = try colophon(
      "publish", site, "--mode", mode, "--json", environment: ["COLOPHON_API": api, "DSTOR_API_KEY": key])
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try outcome.json()
  }

  /// Every hash that a gateway URL in the pages names.
  func hashes(in pages: [Receipt.File], at node: NodeProcess) throws -> Set<String> {
    var found: Set<String> = []
    for page in pages {
      let path = try #require(page.url.range(of: "/ipfs/").map { page.url[$0.lowerBound...] })
      for part in try curl(node.url + path).body.components(separatedBy: "/ipfs/").dropFirst() {
        let hash = String(part.prefix { $0.isLetter || $0.isNumber })
        if hash.hasPrefix("Qm"), hash.count == 46 { found.insert(hash) }
      }
    }
    return found
  }
}

extension Proxy {
  /// As `repeatedUploads`, of files that went up by themselves: a folder whose answer was falsified is sent anew as a whole.
  func repeatedSingleUploads() throws -> [String] {
    var answered: [String: Int] = [:]
    for entry in try log()
    where entry.event == "answered" && entry.status == 200 && entry.path == "/api/v0/add" && entry.isUpload {
      for part in entry.parts where part.name != "colophon.json" {
        answered["\(part.name ?? "") \(part.cid)", default: 0] += 1
      }
    }
    return answered.filter { $0.value > 1 }.keys.sorted()
  }
}
