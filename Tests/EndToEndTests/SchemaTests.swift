import Foundation
import Testing

/// The schemas say what the program reads: no key more, no key less.
@Suite struct SchemaTests {
  typealias Object = [String: Any]

  private func schema(_ name: String, _ sandbox: Sandbox) throws -> Object {
    let outcome = try sandbox.colophon("schema", name)
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? Object)
  }

  private func keys(_ schema: Object, _ path: String...) throws -> Set<String> {
    let place = try path.reduce(schema) { object, name in try #require(object[name] as? Object, "\(name)") }
    return Set(try #require(place["properties"] as? Object).keys)
  }

  /// A key that nobody knows is answered with those that are known.
  @Test func theKeysOfASiteAreThoseOfItsLoader() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let schema = try schema("site", sandbox)
    try sandbox.write("# Home\n", to: "site/content/_index.md")
    var places: [(said: String, configuration: String, keys: Set<String>)] = [
      ("site.yaml", "qqqqqqqqqq: 1\n", try keys(schema)),
      ("publish", "publish: {qqqqqqqqqq: 1}\n", try keys(schema, "properties", "publish")),
      ("a target", "publish: {targets: {a: {qqqqqqqqqq: 1}}}\n", try keys(schema, "$defs", "target")),
      ("a menu's entry", "menus: {main: [{name: a, url: /, qqqqqqqqqq: 1}]}\n", try keys(schema, "$defs", "menuEntry")),
      ("languages.en", "languages: {en: {qqqqqqqqqq: 1}}\n", try keys(schema, "$defs", "language")),
    ]
    for name in ["markdown", "images", "check", "manifest", "related"] {
      places.append((name, "\(name): {qqqqqqqqqq: 1}\n", try keys(schema, "properties", name)))
    }
    for place in places {
      try sandbox.write(place.configuration, to: "site/site.yaml")
      let errors = try sandbox.colophon("build", "site").errors
      #expect(errors.contains("qqqqqqqqqq is no key of \(place.said) [unknown-key]"), "\(errors)")
      let known = try #require(errors.firstMatch(of: #/known keys: (.*)/#)).1.split(separator: ", ").map(String.init)
      #expect(Set(known) == place.keys, "the schema of \(place.said) is not what is read")
    }
  }

  /// What the reader of front matter asks for is in the schema.
  @Test func noKeyOfFrontMatterIsLeftOut() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let keys = try keys(schema("front-matter", sandbox))
    let source = try String(
      contentsOfFile: Repository.folder + "/Sources/SiteBuilder/FrontMatter.swift", encoding: .utf8)
    let reading = try #require(source.firstMatch(of: #/func readFrontMatter\([\s\S]*?warnOfNearMisses/#)).output
    let asked = reading.matches(of: #/reader\.\w+\((".*?")\)/#).flatMap { call in
      call.1.matches(of: #/"(\w+)"/#).map { String($0.1) }
    }
    #expect(asked.count > 30)
    #expect(Set(asked).subtracting(keys) == [])
  }

  /// A key that is nearly one of the schema's is answered with that one: so it is read.
  @Test func theKeysOfFrontMatterAreRead() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let keys = try keys(schema("front-matter", sandbox))
    #expect(keys.count > 40)
    // Of a free map and of what is only looked at nothing is said.
    let judged = keys.sorted().filter { $0.count > 3 && $0 != "search" }
    for (number, key) in judged.enumerated() {
      try sandbox.write("---\n\(key)q: 1\n---\n", to: "site/content/page-\(number).md")
    }
    // In full: the terminal shows the first of a kind alone.
    let found = try sandbox.colophon("check", "site", "--json").output
    for key in judged {
      #expect(found.contains("\(key)q is no key of front matter"), "\(key) is not read")
    }
  }

  @Test func theExampleSiteIsAsTheSchemasSay() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.copyExampleSite()
    for name in ["site", "front-matter"] {
      try sandbox.write(try sandbox.colophon("schema", name).output, to: "\(name).schema.json")
    }
    func problems(_ schema: String, _ files: [String]) throws -> String {
      let outcome = try sandbox.tool("schema.py", [sandbox.path("\(schema).schema.json")] + files.map(sandbox.path))
      return outcome.status == 0 ? outcome.output : outcome.errors
    }
    #expect(try problems("site", ["site/site.yaml"]) == "")
    let pages = sandbox.files(below: "site/content").filter { $0.hasSuffix(".md") }.map { "site/content/\($0)" }
    #expect(pages.count > 20)
    #expect(try problems("front-matter", pages) == "")
    // The judge sees what is wrong.
    try sandbox.write("titel: x\nmenus: {main: {name: a}}\nminify: [png]\n", to: "wrong.yaml")
    let found = try problems("site", ["wrong.yaml"])
    #expect(found.contains("titel") && found.contains("menus/main") && found.contains("minify"))
    try sandbox.write("---\ndraft: maybe\n---\n", to: "wrong.md")
    #expect(try problems("front-matter", ["wrong.md"]).contains("draft"))
  }
}
