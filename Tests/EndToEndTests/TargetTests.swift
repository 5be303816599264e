import Foundation
import Testing

/// A small Kubo in a process of its own.
struct KuboProcess {
  struct State: Decodable {
    let pins: [String]
    let names: [String: String]
    let paths: [String: String]
    let blocks: Int
  }

  let url: String
  let logPath: String

  func calls() throws -> [String] {
    try String(contentsOfFile: logPath, encoding: .utf8).split(separator: "\n").map(String.init)
  }
}

extension Sandbox {
  func kubo(authorization: String = "") throws -> KuboProcess {
    let name = "kubo-\(UUID().uuidString.prefix(4)).log"
    try write("", to: name)
    let process = try start(Self.toolCommand("kubo.py", [authorization, path(name)]), limit: 150)
    let url = poll { process.output.hasSuffix("\n") ? process.output.trimmingCharacters(in: .newlines) : nil }
    return KuboProcess(url: try #require(url, "the Kubo does not listen: \(process.errors)"), logPath: path(name))
  }

  func state(of kubo: KuboProcess) throws -> KuboProcess.State {
    try JSONDecoder().decode(KuboProcess.State.self, from: Data(curl(kubo.url + "/state").body.utf8))
  }
}

@Suite struct TargetTests {
  struct Plan: Decodable {
    struct File: Decodable {
      let path: String
      let reason: String
    }

    let requests: Int
    let bytesSent: Int
    let bytesStored: Int
    let files: [File]
    let laterLinks: [[String: String]]

    var sent: Set<String> { Set(files.filter { $0.reason != "held" }.map(\.path)) }
  }

  func writeSite(_ sandbox: Sandbox, publish: String) throws {
    try sandbox.write("title: T\npublish:\n\(publish)", to: "site/site.yaml")
    try sandbox.write("# Home\n[two](two.md) ![p](p.png)\n", to: "site/content/_index.md")
    try sandbox.write("# Two\n[home](_index.md)\n", to: "site/content/two.md")
    try sandbox.write(onePixel, to: "site/content/p.png")
  }

  @Test func kuboGetsBlocksPinsAndPaths() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let kubo = try sandbox.kubo(authorization: "Bearer MARKED")
    try writeSite(sandbox, publish: "  target: kubo\n  api: \(kubo.url)\n")
    let outcome = try sandbox.colophon("publish", "site", "--json", environment: ["KUBO_TOKEN": "MARKED"])
    try #require(outcome.status == 0, "\(outcome.errors)")
    let published: Published = try outcome.json()
    #expect(try sandbox.crawl(published).errors == [])
    let state = try sandbox.state(of: kubo)
    #expect(state.names[published.root] == published.edition)
    #expect(state.paths["/" + published.edition] == published.root)
    #expect(state.paths["/\(published.edition).colophon.json"] != nil)
    let receipt = try sandbox.receipt(published)
    #expect(receipt.assets.allSatisfy { state.pins.contains($0.cid) })

    // Nothing changed: one look at the front page. One page changed: its block, the folder's and the receipt's.
    let calls = try kubo.calls().count
    let again = try sandbox.colophon("publish", "site", "--json", environment: ["KUBO_TOKEN": "MARKED"])
    #expect(try again.json(Published.self).uploaded == 0)
    #expect(try kubo.calls().count == calls)
    try sandbox.write("# Two\nmore\n", to: "site/content/two.md")
    let third = try sandbox.colophon("publish", "site", "--json", environment: ["KUBO_TOKEN": "MARKED"])
    let edited: Published = try third.json()
    #expect(try sandbox.receipt(edited).files.filter(\.sent).map(\.path).contains("two/index.html"))
    #expect(try !sandbox.receipt(edited).files.contains { $0.sent && $0.path == "p.png" })
    #expect(try sandbox.crawl(edited).errors == [])
  }

  @Test func kuboThatRefusesIsTold() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let kubo = try sandbox.kubo(authorization: "Bearer other")
    try writeSite(sandbox, publish: "  target: kubo\n  api: \(kubo.url)\n")
    let outcome = try sandbox.colophon("publish", "site", environment: ["KUBO_TOKEN": "MARKED"])
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("KUBO_TOKEN") && !outcome.errors.contains("MARKED"))
  }

  @Test func severalTargetsAreKeptApart() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let kubo = try sandbox.kubo()
    let node = try sandbox.node()
    let targets = "  targets:\n    one: {kind: dstor, api: \(node.url)}\n    two: {kind: kubo, api: \(kubo.url)}\n"
    try writeSite(sandbox, publish: targets)
    struct Several: Decodable { let targets: [Published] }
    let environment = ["DSTOR_API_KEY_ONE": node.key]
    let both = try sandbox.colophon("publish", "site", "--json", environment: environment)
    try #require(both.status == 0, "\(both.errors)")
    let published = try both.json(Several.self).targets
    #expect(published.count == 2)
    for edition in published { #expect(try sandbox.crawl(edition).errors == []) }
    #expect(published.map { $0.receipt.split(separator: "/").dropLast().last ?? "" } == ["one", "two"])
    let second = try sandbox.colophon("publish", "site", "--json", "--target", "two", environment: environment)
    #expect(try second.json(Published.self) == Published(published[1], uploaded: 0))
    let unknown = try sandbox.colophon("publish", "site", "--target", "tow", environment: environment)
    #expect(unknown.status == 64 && unknown.errors.contains("did you mean two?"))
    // One that cannot be reached is no reason to leave the others out.
    let alone = try sandbox.colophon("publish", "site", "--full", environment: ["DSTOR_API_KEY_ONE": "wrong"])
    #expect(alone.status == 2 && alone.errors.contains("one:"))
    #expect(alone.output.contains(published[1].entry))
  }

  /// One object whatever happens, with a place for each target; a hash that is wrong is not hidden by a target that is away.
  @Test(arguments: [[], ["--plan"]]) func oneObjectTellsOfAllTargets(_ options: [String]) throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let node = try sandbox.node()
    let liar = try sandbox.proxy(to: node.url, [Proxy.Rule(match: "/api/v0/add", action: "lie")])
    try writeSite(
      sandbox,
      publish: """
          targets:
            away: {kind: dstor, api: "http://127.0.0.1:\(try freePort())"}
            liar: {kind: dstor, api: \(liar.url), mode: files}
            well: {kind: dstor, api: \(node.url), mode: files}

        """)
    struct Told: Decodable {
      struct Problem: Decodable {
        let message: String
        let exitCode: Int32
      }
      struct Target: Decodable {
        let target: String
        let root: String?
        let error: Problem?
      }
      let targets: [Target]
      let error: Problem?
    }
    let environment = ["DSTOR_API_KEY": node.key, "COLOPHON_WAIT_SCALE": "0.01"]
    let outcome = try sandbox.startColophon(["publish", "site", "--json"] + options, environment: environment).wait()
    let told = try outcome.json(Told.self)
    #expect(told.targets.map(\.target) == ["away", "liar", "well"])
    // A plan sends nothing that a lie could be told of.
    let isPlan = !options.isEmpty
    #expect(told.targets.map { $0.error?.exitCode } == [2, isPlan ? nil : 3, nil])
    #expect(told.targets.map { $0.root != nil } == [false, isPlan, true])
    #expect(outcome.status == (isPlan ? 2 : 3) && told.error?.exitCode == outcome.status, "\(outcome.errors)")
    #expect(told.error?.message == (isPlan ? "away failed, 1 of 3 targets" : "away, liar failed, 2 of 3 targets"))
    #expect(outcome.errors.contains("colophon: away: "))
  }

  /// A browser reads from a node that goes on: that comes when all targets have their edition.
  @Test func whatIsOpenedHoldsNoOtherTargetUp() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let node = try sandbox.node("away")
    try writeSite(
      sandbox,
      publish: """
          targets:
            here: {kind: local}
            there: {kind: dstor, api: \(node.url)}

        """)
    try sandbox.write("#!/bin/sh\necho \"$1\" >> opened\n", to: "bin/xdg-open")
    chmod(sandbox.path("bin/xdg-open"), 0o755)
    let path = sandbox.path("bin") + ":" + (sandbox.environment["PATH"] ?? "/usr/bin:/bin")
    let port = try freePort()
    let running = try sandbox.startColophon(
      ["publish", "site", "--open", "--port", String(port)], environment: ["PATH": path, "DSTOR_API_KEY": node.key])
    #expect(poll { running.errors.contains("Serving until Ctrl-C") ? true : nil } == true, "\(running.errors)")
    let opened = poll { () -> [Substring]? in
      let lines = (try? sandbox.readText("opened"))?.split(separator: "\n") ?? []
      return lines.count == 2 ? lines : nil
    }
    #expect(opened?.contains { $0.hasPrefix("http://127.0.0.1:\(port)/ipfs/") } == true, "\(opened ?? [])")
    for url in opened ?? [] { #expect(try sandbox.curl(String(url)).status == 200) }
    running.signal(SIGINT)
    #expect(running.wait().status == 0)
  }

  @Test(arguments: ["files", "folder"]) func thePlanSaysWhatHappens(_ mode: String) throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.copyExampleSite()
    let node = try sandbox.node()
    let proxy = try sandbox.proxy(to: node.url)
    let environment = node.environment.merging(["COLOPHON_API": proxy.url]) { $1 }
    func run(_ arguments: String...) throws -> Outcome {
      let outcome = try sandbox.colophon(
        "publish", "site", "--json", "--mode", mode, arguments.first ?? "--yes", environment: environment)
      try #require(outcome.status == 0, "\(outcome.errors)")
      return outcome
    }
    for edit in ["", "\nOne more sentence.\n"] {
      let post = "site/content/posts/endpapers.md"
      try sandbox.write(try sandbox.readText(post) + edit, to: post)
      let asked = try proxy.asked().count
      let plan: Plan = try run("--plan").json()
      #expect(try proxy.asked().count == asked)
      let published: Published = try run().json()
      #expect(try Set(sandbox.receipt(published).files.filter(\.sent).map(\.path)) == plan.sent)
      #expect(plan.laterLinks.isEmpty == (mode == "folder"))
      let uploads = try proxy.asked().dropFirst(asked).filter(\.isUpload).count
      #expect(uploads <= plan.requests && plan.requests <= uploads + 6)
    }
    let plan: Plan = try run("--dry-run").json()
    #expect(plan.sent == [] && plan.bytesSent == 0 && plan.bytesStored == 0)
  }

  @Test func folderAndCommentAreAsConfigured() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try writeSite(
      sandbox, publish: "  name: ab\n  folder: \"{site}/v-{yyyy}/{build}\"\n  comment: \"{site} {page} é\"\n")
    let node = try sandbox.node()
    let proxy = try sandbox.proxy(to: node.url)
    let published = try sandbox.publish(
      to: proxy.url, key: node.key, environment: ["SOURCE_DATE_EPOCH": "1835479800"])
    #expect(published.edition.hasPrefix("ab/v-2028/"))
    let comments = Set(try proxy.asked().compactMap { $0.headers["x-dstor-comment"] })
    #expect(comments.contains("ab /two/index.html %C3%A9"))
  }
}

extension Published {
  init(_ other: Published, uploaded: Int) {
    self.init(
      entry: other.entry, root: other.root, edition: other.edition, pages: other.pages, assets: other.assets,
      uploaded: uploaded, receipt: other.receipt)
  }
}
