import Foundation
import Testing

/// What can be done with editions once they are published.
@Suite struct EditionTests {
  @Test func receiptsAreAsTheSchemaSays() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.copyExampleSite()
    let node = try sandbox.node()
    let first = try sandbox.publish(to: node)
    try sandbox.write("---\ntitle: New\n---\ntext\n", to: "site/content/new.md")
    let second = try sandbox.publish(to: node)
    try sandbox.write(try sandbox.colophon("schema", "receipt").output, to: "schema.json")
    func problems(_ paths: String...) throws -> String {
      let outcome = try sandbox.tool("schema.py", [sandbox.path("schema.json")] + paths)
      return outcome.status == 0 ? outcome.output : outcome.errors
    }
    #expect(try problems(first.receipt, second.receipt) == "")
    // The judge sees what is wrong.
    let text = try String(contentsOfFile: first.receipt, encoding: .utf8)
    try sandbox.write(
      text.replacingOccurrences(of: "\"mode\" : \"folder\"", with: "\"mode\" : \"heap\""), to: "wrong.json")
    #expect(try problems(sandbox.path("wrong.json")).contains("heap"))
    // What the server answered is in it, for files and for the folder.
    let receipt = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: second.receipt))) as? [String: Any])
    #expect((receipt["rootAnswer"] as? [String: Any])?["hash"] as? String == second.root)
    let files = try #require(receipt["files"] as? [[String: Any]])
    for file in files {
      let answer = file["answer"] as? [String: Any]
      #expect((answer != nil) == (file["sent"] as? Bool))
      if let answer { #expect(answer["hash"] as? String == file["cid"] as? String) }
    }
    let configuration = try #require(receipt["configuration"] as? [String: String])
    let sum = try sandbox.run(["sha256sum", "site/site.yaml"], in: "")
    #expect(sum.output.hasPrefix(configuration["sha256"] ?? "-"))
  }

  @Test func historyAndDiff() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("---\ntitle: One\n---\n[to](two.md)\n", to: "site/content/_index.md")
    try sandbox.write("---\ntitle: Two\n---\ntext\n", to: "site/content/two.md")
    let node = try sandbox.node()
    let none = try sandbox.colophon("history", "site")
    #expect(none.status == 64 && none.errors.contains("colophon publish"))
    let first = try sandbox.publish(to: node)
    try sandbox.write("---\ntitle: Two\n---\ntext and more\n", to: "site/content/two.md")
    let second = try sandbox.publish(to: node)

    struct History: Decodable {
      struct Row: Decodable {
        let root: String
        let current: Bool
      }
      let editions: [Row]
    }
    let history: History = try sandbox.colophon("history", "site", "--json").json()
    #expect(history.editions.map(\.root) == [second.root, first.root])
    #expect(history.editions.map(\.current) == [true, false])
    #expect(try sandbox.colophon("history", "site").output.contains(second.entry))

    struct Diff: Decodable {
      struct Change: Decodable {
        let change: String
        let path: String
      }
      let changes: [Change]
    }
    let diff: Diff = try sandbox.colophon("diff", first.root, "last", "--site", "site", "--json").json()
    #expect(diff.changes.contains { $0.path == "two/index.html" && $0.change == "changed" })
    #expect(!diff.changes.contains { $0.path == "404.html" })
    let text = try sandbox.colophon("diff", "--text", "--site", "site")
    #expect(text.status == 0, "\(text.errors)")
    #expect(text.output.contains("--- a/two/index.html\n+++ b/two/index.html\n@@ -"))
    #expect(text.output.contains("\n-text\n+text and more\n"))
    // Read from a node that serves something else, the text is not shown.
    let longer = String(repeating: "text ", count: 20_000)
    for rule in [
      Proxy.Rule(match: "GET /ipfs/.*two", action: "corrupt"),
      Proxy.Rule(match: "GET /ipfs/.*two", action: "status", status: 200, body: longer),
    ] {
      let liar = try sandbox.proxy(to: node.url, [rule])
      let lied = try sandbox.colophon("diff", "--text", "--site", "site", "--gateway", liar.url + "/ipfs")
      #expect(lied.status == 3 && !lied.output.contains("+text"))
    }
    let same = try sandbox.colophon("diff", "last", "last", "--site", "site")
    #expect(same.status == 0 && same.output.contains("nothing differs"))
    let wrong = try sandbox.colophon("diff", "lsat", "--site", "site", "--json")
    #expect(wrong.status == 64 && wrong.errors.contains("did you mean last?"))
    // An edit taken back makes the first edition the current one again.
    try sandbox.write("---\ntitle: Two\n---\ntext\n", to: "site/content/two.md")
    #expect(try sandbox.publish(to: node).uploaded == 0)
    let back: History = try sandbox.colophon("history", "site", "--json").json()
    #expect(back.editions.map(\.current) == [false, true])
  }
}

/// An edition read back, taken elsewhere, and made the current one again.
@Suite struct ReadingBackTests {
  private struct Verified: Decodable {
    struct Gateway: Decodable {
      struct Problem: Decodable {
        let problem: String
        let path: String
      }
      let verified: Int
      let total: Int
      let rootIsProven: Bool
      let problems: [Problem]
    }
    let ok: Bool
    let gateways: [Gateway]
  }

  @Test func verifySeesEveryFault() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.copyExampleSite()
    let node = try sandbox.node()
    let published = try sandbox.publish(to: node)
    func verify(_ arguments: String...) throws -> (status: Int32, report: Verified, errors: String) {
      let outcome = try sandbox.startColophon(["verify", "--site", "site", "--json"] + arguments).wait()
      return (outcome.status, try outcome.json(), outcome.errors)
    }
    let all = try verify("last", "--all")
    let count = try sandbox.receipt(published).files.count + 1
    #expect(all.status == 0 && all.report.ok)
    #expect(all.report.gateways.first?.verified == count && all.report.gateways.first?.rootIsProven == true)
    #expect(try verify("last", "--sample", "3").report.gateways.first?.verified == 5)
    // By blocks, as if it were somebody else's.
    let elsewhere = try sandbox.colophon(
      "verify", published.root, "--site", "home", "--json", "--gateway", node.url + "/ipfs")
    #expect(elsewhere.status == 0, "\(elsewhere.errors)")
    #expect(try elsewhere.json(Verified.self).gateways.first?.rootIsProven == true)

    let longer = String(repeating: "<script>0</script>", count: 5000)
    let faults: [(rule: Proxy.Rule, status: Int32, problem: String)] = [
      (Proxy.Rule(match: "GET /ipfs/[^/]+/about/index.html", action: "corrupt"), 3, "wrong-hash"),
      (
        Proxy.Rule(match: "GET /ipfs/[^/]+/about/index.html", action: "status", status: 200, body: longer), 3,
        "wrong-hash"
      ),
      (Proxy.Rule(match: "GET /ipfs/[^/]+/about/index.html", action: "status", status: 404), 2, "not-served"),
      (Proxy.Rule(match: "GET /ipfs/[^/]+/about/index.html", action: "status", status: 403), 2, "unreachable"),
    ]
    for fault in faults {
      let proxy = try sandbox.proxy(to: node.url, [fault.rule])
      // One gateway that is right does not excuse another.
      let found = try verify("last", "--all", "--gateway", node.url + "/ipfs", "--gateway", proxy.url + "/ipfs")
      #expect(found.status == fault.status, "\(found.errors)")
      #expect(found.report.gateways.map(\.problems.count) == [0, 1])
      #expect(found.report.gateways.last?.problems.first?.problem == fault.problem)
      #expect(found.report.gateways.last?.problems.first?.path == "about/index.html")
      #expect(found.report.gateways.last?.verified == count - 1)
    }
    let injecting = try sandbox.proxy(to: node.url, [faults[1].rule])
    for arguments in [["export", "last", "lied.car"], ["restore", "last", "lied"]] {
      let outcome = try sandbox.startColophon(
        arguments + ["--site", "site", "--gateway", injecting.url + "/ipfs"]
      ).wait()
      #expect(outcome.status == 3 && outcome.errors.contains("of more than"), "\(outcome.errors)")
    }
    // By blocks too.
    let proxy = try sandbox.proxy(to: node.url, [Proxy.Rule(match: "format=raw", nth: 3, action: "corrupt")])
    let corrupt = try sandbox.colophon("verify", published.root, "--site", "home", "--gateway", proxy.url + "/ipfs")
    #expect(corrupt.status == 3, "\(corrupt.errors)")
    let files = try sandbox.proxy(
      to: node.url, [Proxy.Rule(match: "format=raw", action: "status", status: 200, body: "<p>a file")])
    let none = try sandbox.colophon("verify", published.root, "--site", "home", "--gateway", files.url + "/ipfs")
    #expect(none.status == 2 && none.errors.contains("it does not give their blocks"), "\(none.errors)")
  }

  /// Out of one node, into another that never saw the site, and into a folder.
  @Test func anEditionMoves() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.copyExampleSite()
    let node = try sandbox.node()
    let published = try sandbox.publish(to: node)
    for arguments in [
      ["export", "last", "site.car", "--site", "site"], ["restore", "last", "restored", "--site", "site"],
      ["import", "site.car", "--to", "unpacked"],
    ] {
      let outcome = try sandbox.startColophon(arguments).wait()
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    let receipt = try sandbox.receipt(published)
    for folder in ["restored", "unpacked"] {
      #expect(sandbox.files(below: folder) == receipt.files.map(\.path).sorted())
      for file in receipt.files {
        let cid = try sandbox.colophon("cid", "\(folder)/\(file.path)").output
        #expect(cid == file.cid + "\n", "\(folder)/\(file.path)")
        // A few stand for all: each is a process.
        if file.path.hasPrefix("posts/") { break }
      }
    }
    // The folder that a person is in is filled.
    try FileManager.default.createDirectory(atPath: sandbox.path("here"), withIntermediateDirectories: false)
    let here = try sandbox.colophon("restore", "last", ".", "--site", "../site", in: "here")
    #expect(here.status == 0, "\(here.errors)")
    #expect(sandbox.files(below: "here") == receipt.files.map(\.path).sorted())
    // A pipe stays one, a link stays one.
    try #require(mkfifo(sandbox.path("pipe"), 0o644) == 0)
    try FileManager.default.createSymbolicLink(atPath: sandbox.path("link"), withDestinationPath: "old.car")
    try sandbox.write("old", to: "old.car")
    let pipe = try sandbox.colophon("export", "last", "pipe", "--force", "--site", "site")
    #expect(pipe.status == 64 && pipe.errors.contains("pipe is no file that can be replaced"), "\(pipe.errors)")
    let link = try sandbox.colophon("export", "last", "link", "--force", "--site", "site")
    #expect(try link.status == 0 && sandbox.read("old.car") == sandbox.read("site.car"), "\(link.errors)")
    let kinds = try ["pipe", "link"].map {
      try FileManager.default.attributesOfItem(atPath: sandbox.path($0))[.type] as? FileAttributeType
    }
    #expect(kinds == [.typeUnknown, .typeSymbolicLink])
    let nowhere = try sandbox.colophon("export", "last", "none/site.car", "--site", "site")
    #expect(nowhere.status == 2 && nowhere.errors.contains("none/site.car"), "\(nowhere.errors)")
    let again = try sandbox.colophon("restore", "last", "restored", "--site", "site")
    #expect(again.status == 2 && again.errors.contains("not empty"))

    // The other node, at first without the program's help: it is started for the import.
    let port = String(try freePort())
    let elsewhere = [
      "COLOPHON_NODE_DATA": sandbox.path("elsewhere"), "XDG_STATE_HOME": sandbox.path("elsewhere-state"),
    ]
    try sandbox.write("---\ntitle: x\n---\n", to: "other/content/_index.md")
    let imported = try sandbox.colophon(
      "import", "site.car", "--port", port, "--site", "other", "--json", environment: elsewhere)
    #expect(imported.status == 0, "\(imported.errors)")
    let other = try sandbox.node("elsewhere", port: try #require(Int(port)))
    let proven = try sandbox.colophon(
      "verify", "last", "--all", "--site", "other", "--gateway", other.url + "/ipfs", "--json")
    #expect(proven.status == 0, "\(proven.errors)")
    #expect(try proven.json(Verified.self).gateways.first?.rootIsProven == true)

    // A CAR that was changed, or cut, is not taken, and says where.
    var car = try sandbox.read("site.car")
    car[car.count - 5] ^= 1
    try sandbox.write(car, to: "wrong.car")
    try sandbox.write(car.dropLast(100), to: "cut.car")
    let wrong = try sandbox.colophon("import", "wrong.car", "--to", "wrong")
    #expect(wrong.status == 3 && wrong.errors.contains("does not hash to its CID"), "\(wrong.errors)")
    let cut = try sandbox.colophon("import", "cut.car", "--to", "cut")
    #expect(cut.status == 2 && cut.errors.contains("cut short"), "\(cut.errors)")
    #expect(sandbox.files(below: "wrong") == [] && sandbox.files(below: "cut") == [])
  }

  /// A CAR of somebody else, whose receipt leads out of the folder that receipts are in, or out of the one that is unpacked to.
  @Test(arguments: [
    ("../../../x", "index.html", "its build is not 12 hexadecimal digits: ../../../x"),
    ("0123456789ab", "../x.html", "a file's path leads out of the edition: ../x.html"),
  ])
  func aForeignReceiptLeadsNowhere(_ build: String, _ path: String, _ reason: String) throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("# Home\n", to: "site/content/_index.md")
    let car = try sandbox.tool("foreign_car.py", [sandbox.path("foreign.car"), build, path])
    try #require(car.status == 0, "\(car.errors)")
    let port = String(try freePort())
    for arguments in [["--port", port, "--site", "site"], ["--to", "folder"]] {
      let outcome = try sandbox.startColophon(["import", "foreign.car"] + arguments).wait()
      #expect(outcome.status == 2 && outcome.errors.contains(reason), "\(outcome.errors)")
    }
    #expect(sandbox.files(below: "").filter { $0.hasSuffix(".json") || $0.hasSuffix(".html") }.isEmpty)
  }

  @Test func filesModeIsProvenToo() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("---\ntitle: One\n---\n[to](two.md)\n", to: "site/content/_index.md")
    try sandbox.write("---\ntitle: Two\n---\n[back](_index.md)\n", to: "site/content/two.md")
    let node = try sandbox.node()
    let outcome = try sandbox.colophon("publish", "site", "--mode", "files", environment: node.environment)
    try #require(outcome.status == 0, "\(outcome.errors)")
    let proven = try sandbox.colophon("verify", "last", "--all", "--site", "site", "--json")
    #expect(proven.status == 0, "\(proven.errors)")
    #expect(try proven.json(Verified.self).gateways.first?.rootIsProven == true)
    #expect(try sandbox.colophon("status", "site").output.hasPrefix("As published"))
    for arguments in [["export", "last", "site.car", "--site", "site"], ["import", "site.car", "--to", "out"]] {
      let outcome = try sandbox.startColophon(arguments).wait()
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    #expect(sandbox.files(below: "out").contains("two/index.html"))
    // What is printed can be read: an edition sent file by file has no folder.
    struct Imported: Decodable { let entry: String }
    let port = try freePort()
    let elsewhere = ["COLOPHON_NODE_DATA": sandbox.path("elsewhere")]
    let imported = try sandbox.colophon("import", "site.car", "--port", String(port), "--json", environment: elsewhere)
    #expect(imported.status == 0, "\(imported.errors)")
    _ = try sandbox.node("elsewhere", port: port)
    let page = try sandbox.curl(try imported.json(Imported.self).entry)
    #expect(page.status == 200 && page.body.contains("<h1>One</h1>"), "\(page.status)")
  }

  @Test func rollbackAndStatus() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("url: https://example.org\n", to: "site/site.yaml")
    try sandbox.write("---\ntitle: One\n---\n[to](two.md)\n", to: "site/content/_index.md")
    try sandbox.write("---\ntitle: Two\n---\ntext\n", to: "site/content/two.md")
    let node = try sandbox.node()
    let proxy = try sandbox.proxy(
      to: node.url, [Proxy.Rule(match: "GET /ipfs/[^/]+/two/index.html", action: "status", status: 404)])
    struct Status: Decodable {
      let isPublished: Bool
      let root: String
    }
    func status() throws -> Status { try sandbox.colophon("status", "site", "--json").json() }
    let first = try sandbox.publish(to: node)
    #expect(try status().isPublished)
    try sandbox.write("---\ntitle: Two\n---\ntext and more\n", to: "site/content/two.md")
    let before = try status()
    #expect(!before.isPublished)
    let second = try sandbox.publish(to: node)
    #expect(second.root == before.root)

    // What is not served as it was does not become current.
    let refused = try sandbox.colophon(
      "rollback", first.root, "--site", "site", "--gateway", proxy.url + "/ipfs")
    #expect(refused.status == 2 && refused.errors.contains("two/index.html"), "\(refused.errors)")
    #expect(try sandbox.colophon("dnslink", "--value", "--site", "site").output.contains("dnslink=/ipfs/"))
    let current = try sandbox.colophon("dnslink", "--value", "--site", "site").output
    let back = try sandbox.colophon("rollback", "last~1", "--site", "site")
    #expect(back.status == 0 && back.output.contains(first.entry), "\(back.errors)")
    #expect(try sandbox.colophon("dnslink", "--value", "--site", "site").output != current)
    #expect(!(try status().isPublished))
    try sandbox.write("---\ntitle: Two\n---\ntext\n", to: "site/content/two.md")
    #expect(try status().isPublished)
  }

  @Test func theHookGetsTheRecordAndNoSecret() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("url: https://example.org/\n", to: "site/site.yaml")
    try sandbox.write("---\ntitle: One\n---\ntext\n", to: "site/content/_index.md")
    _ = try sandbox.publish(to: try sandbox.node())
    try sandbox.write("#!/bin/sh\nenv > seen; echo \"$#\" > arguments; echo written\n", to: "hook")
    chmod(sandbox.path("hook"), 0o755)
    var secrets = ["DNS_TOKEN": "its own"]
    for name in [
      "DSTOR_API_KEY", "DSTOR_EMAIL", "DSTOR_PASSWORD", "DSTOR_API_KEY_MAIN", "DSTOR_PASSWORD_MAIN", "KUBO_TOKEN",
      "KUBO_LOGIN", "KUBO_TOKEN_MAIN", "COLOPHON_NODE_KEY", "COLOPHON_NODE_PASSWORD",
    ] {
      secrets[name] = "MARKED"
    }
    let outcome = try sandbox.colophon(
      "dnslink", "--site", "site", "--hook", "./hook", "--json", environment: secrets)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let record: [String: String] = try outcome.json()
    let seen = try sandbox.readText("seen")
    #expect(seen.contains("DNSLINK_NAME=_dnslink.example.org\n"))
    #expect(seen.contains("DNSLINK_VALUE=\(record["value"] ?? "-")\n"))
    #expect(seen.contains("DNS_TOKEN=its own\n"))
    #expect(!seen.contains("MARKED"))
    #expect(try sandbox.readText("arguments") == "0\n")
    try sandbox.write("#!/bin/sh\nexit 7\n", to: "hook")
    let failed = try sandbox.colophon("dnslink", "--site", "site", environment: ["COLOPHON_DNSLINK_HOOK": "./hook"])
    #expect(failed.status == 2 && failed.errors.contains("it ended with 7"), "\(failed.errors)")
    // Not even where whoever started the program does not want to hear of children.
    let ignoring =
      "import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"
    let unheard = try sandbox.run(
      ["python3", "-c", ignoring, Repository.binary, "dnslink", "--site", "site", "--hook", "/bin/false"],
      environment: sandbox.environment)
    #expect(unheard.status == 2 && unheard.errors.contains("it ended with 1"), "\(unheard.errors)")
    let noDomain = try sandbox.colophon("dnslink", "--site", "site", "--domain", "not a domain")
    #expect(noDomain.status == 64)
  }
}
