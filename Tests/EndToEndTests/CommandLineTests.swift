import Foundation
import Testing

/// What scripts rely on: help, usage errors, exit codes.
@Suite struct CommandLineTests {
  static let usageErrors: [[String]] = [
    ["frobnicate"], ["build", "--nope"], ["build", "a", "b"], ["build", "--jobs", "0"], ["build", "--jobs", "many"],
    ["publish", "--port", "x"], ["publish", "--port", "99999"], ["node", "--port", "99999"], ["node", "extra"],
    ["cid"], ["cid", "--profile", "v7", "."], ["import", "a.car", "--to", "b", "--site", "."],
  ]

  @Test(arguments: usageErrors) func wrongUsageIs64(_ arguments: [String]) throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("hello\n", to: "content/_index.md")
    let outcome = try sandbox.startColophon(arguments, limit: 20).wait()
    #expect(outcome.status == 64, "\(arguments): \(outcome.errors)")
    #expect(!outcome.errors.isEmpty)
    #expect(outcome.output.isEmpty)
    struct Told: Decodable {
      struct Failure: Decodable {
        let message: String
        let exitCode: Int
      }
      let error: Failure
    }
    let told = try sandbox.startColophon(arguments + ["--json"], limit: 20).wait()
    #expect(try told.status == 64 && told.json(Told.self).error.exitCode == 64, "\(told.output)\(told.errors)")
  }

  /// What is told may be what somebody else wrote.
  @Test func noErrorMovesTheCursor() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("hello\n", to: "site/content/_index.md")
    let outcome = try sandbox.colophon("publish", "site", "--target", "a\u{1B}[2J\u{9B}b")
    #expect(outcome.errors.hasPrefix("colophon: a [2J b is no target of the configuration\n"), "\(outcome.errors)")
    try sandbox.write("hello\n\n![](a\u{1B}]0;b.png)\n", to: "site/content/_index.md")
    try sandbox.write("title: \"a\u{1B}[2Jb\n", to: "broken/site.yaml")
    try sandbox.write("hello\n", to: "broken/content/_index.md")
    for site in ["site", "broken"] {
      let told = try sandbox.colophon("build", site)
      #expect(told.status == 1 && !told.errors.contains("\u{1B}"), "\(told.errors)")
    }
    try sandbox.write("title: T\nplugins: [\"a\\eb\"]\n", to: "old/_config.yml")
    try sandbox.write("---\n---\n", to: "old/a.md")
    let moved = try sandbox.colophon("init", "new", "--from", "old")
    #expect(moved.output.contains("plugin a b has no equivalent"), "\(moved.output)")
  }

  @Test func pathsAreSeenFromTheCurrentFolder() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("hello\n", to: "e\u{301}té/my-site/content/_index.md")
    let built = try sandbox.colophon("build", "my-site", in: "e\u{301}té")
    #expect(built.output.hasSuffix("\n  my-site/public\n"), "\(built.output)")
    let listed = try sandbox.colophon("cid", "--all", "my-site/content/", in: "e\u{301}té")
    #expect(listed.output.contains("  my-site/content/_index.md\n"), "\(listed.output)")
  }

  @Test func aSiteIsCalledAsItsFolder() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("", to: "my-notes/.keep")
    #expect(try sandbox.colophon("init", ".", in: "my-notes").status == 0)
    #expect(try sandbox.readText("my-notes/site.yaml").contains("\ntitle: My notes\n"))
    try sandbox.write("---\ntitle: {{ nothing }}\n---\n", to: "my-notes/archetypes/default.md")
    let made = try sandbox.colophon("new", "a.md", "--json", in: "my-notes")
    struct Made: Decodable {
      struct Warning: Decodable { let id: String }
      let page: String
      let warnings: [Warning]
    }
    let told = try made.json(Made.self)
    #expect(told.page == "content/a.md" && told.warnings.map(\.id) == ["archetype-code"])
  }

  @Test func nearCommandsAreNamedAndWhatIsNoSiteGetsNoPage() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    #expect(try sandbox.colophon("biuld").errors.contains("Did you mean build?"))
    let outcome = try sandbox.colophon("new", "--site", "typo", "posts/a.md")
    #expect(outcome.status == 1 && outcome.errors.contains("typo"))
    #expect(!FileManager.default.fileExists(atPath: sandbox.folder + "/typo"))
  }

  @Test(arguments: [[], ["build"], ["publish"], ["node"], ["cid"], ["markdown"]]) func helpIsOnStandardOutput(
    _ command: [String]
  ) throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let outcome = try sandbox.startColophon(command + ["--help"], limit: 20).wait()
    #expect(outcome.status == 0)
    #expect(outcome.errors.isEmpty)
    #expect(outcome.output.contains("USAGE: colophon \(command.first ?? "<subcommand>")"))
  }

  @Test func theVersionIsOneLine() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let outcome = try sandbox.colophon("--version")
    #expect(outcome.status == 0)
    #expect(outcome.output.split(separator: "\n").count == 1)
  }

  @Test func missingCredentialsAndBadTimesAre64() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("hello\n", to: "site/content/_index.md")
    let noKey = try sandbox.colophon("publish", "site", environment: ["COLOPHON_API": "http://127.0.0.1:9"])
    #expect(noKey.status == 64)
    #expect(noKey.errors.contains("DSTOR_API_KEY"))
    let port = String(try freePort())
    let noTime = try sandbox.colophon(
      "publish", "site", "--port", port, environment: ["SOURCE_DATE_EPOCH": "yesterday"])
    #expect(noTime.status == 64)
    #expect(noTime.errors.contains("SOURCE_DATE_EPOCH"))
  }

  /// A site that has just moved in can have thousands of one kind: the terminal shows some of them, and says how many there are.
  @Test(
    arguments: [(20, nil), (21, "and 1 more warning of this kind"), (50, "and 30 more warnings of this kind")]
      as [(Int, String?)])
  func manyOfAKind(_ count: Int, _ rest: String?) throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let pictures = (0..<count).map { _ in "![](dot.svg)\n" }.joined(separator: "\n")
    try sandbox.write("# Front\n\n\(pictures)", to: "site/content/_index.md")
    try sandbox.write("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", to: "site/content/dot.svg")
    let built = try sandbox.colophon("build", "site")
    #expect(built.status == 0)
    let lines = built.errors.split(separator: "\n")
    #expect(lines.count { $0.contains("warning: dot.svg") } == min(count, 20))
    #expect(
      lines.filter { $0.contains("of this kind") } == (rest.map { ["\($0); --json lists all [missing-alt]"] } ?? []))
    #expect(built.output.contains("\(count) warnings"))
    let json = try sandbox.colophon("build", "site", "--json")
    #expect(json.output.components(separatedBy: "\"missing-alt\"").count == count + 1)
  }

  @Test func manyOfAKindWhenPublishing() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    for number in 0..<30 {
      try sandbox.write("@import '\((number + 1) % 30).css';", to: "site/static/\(number).css")
    }
    try sandbox.write("<link rel=\"stylesheet\" href=\"/0.css\">\n", to: "site/content/_index.md")
    let plan = try sandbox.colophon("publish", "site", "--plan", "--port", String(try freePort()))
    #expect(plan.status == 0, "\(plan.errors)")
    let lines = plan.errors.split(separator: "\n").filter { $0.contains("[asset-with-pages]") }
    #expect(lines.count == 21 && lines.last == "and 10 more warnings of this kind [asset-with-pages]", "\(lines)")
  }

  @Test func whatIsNoSiteIs1() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("x", to: "empty/readme.txt")
    for command in ["build", "publish"] {
      for site in ["nowhere", "empty", "empty/readme.txt"] {
        let outcome = try sandbox.colophon(command, site)
        #expect(outcome.status == 1, "\(command) \(site): \(outcome.errors)")
        #expect(outcome.errors.contains("hint:"), "\(command) \(site): \(outcome.errors)")
      }
    }
  }

  @Test func theSiteIsTheCurrentFolderByDefault() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("hello\n", to: "site/content/_index.md")
    let outcome = try sandbox.colophon("build", in: "site")
    #expect(outcome.status == 0)
    #expect(sandbox.files(below: "site/public").contains("index.html"))
    let elsewhere = try sandbox.colophon("build", "site", "--output", sandbox.path("out"))
    #expect(elsewhere.status == 0)
    let names = sandbox.files(below: "out")
    #expect(names == sandbox.files(below: "site/public"))
  }

  /// The independent implementation of `Tools/unixfs.py`, and the program, on sizes at the edges of chunks.
  @Test func cidAgreesWithAnotherImplementation() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    var paths: [String] = []
    for size in [0, 1, 262_143, 262_144, 262_145, 1_000_000, 262_144 * 175 + 1] {
      let path = "sizes/\(size)"
      try sandbox.write(someBytes(size), to: path)
      paths.append(path)
    }
    let script = """
      import sys, unixfs
      for path in sys.argv[1:]: print(unixfs.file_cid(open(path, "rb").read()), "", path)
      """
    let tools = Repository.folder + "/Tests/EndToEndTests/Tools"
    let expected = try sandbox.run(
      ["env", "PYTHONPATH=" + tools, "python3", "-B", "-c", script] + paths, in: "")
    let outcome = try sandbox.startColophon(["cid"] + paths).wait()
    #expect(expected.status == 0)
    #expect(outcome.output == expected.output)
  }
}
