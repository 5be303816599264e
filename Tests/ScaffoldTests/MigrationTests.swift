import Files
import Scaffold
import TestSupport
import Testing

/// Small sites of other generators: `Cases/*.txt`. `RECORD=1` rewrites what is expected, and fails.
@Suite struct MigrationTests {
  @Test(arguments: TextArchive.cases) func movesIn(_ name: String) throws {
    let archive = try TextArchive(case: name)
    let record = recorded(archive.files)
    if isRecording {
      try archive.write(expected: record)
      Issue.record("\(name) was recorded")
      return
    }
    #expect(record == archive.expected)
  }

  @Test func everyGeneratorHasCases() {
    for generator in Generator.allCases {
      #expect(TextArchive.cases.count { $0.hasPrefix(generator.rawValue) } >= 6)
    }
  }

  @Test func nothingHappensTwice() throws {
    for name in TextArchive.cases {
      let archive = try TextArchive(case: name)
      #expect(recorded(archive.files) == recorded(archive.files))
    }
  }

  @Test(arguments: [
    ("hugo.toml", Generator.hugo), ("config.yaml", .hugo), ("config/_default/params.toml", .hugo),
    ("_config.yml", .jekyll), ("_posts/2026-01-01-a.md", .jekyll),
  ]) func isRecognised(_ path: String, _ generator: Generator) throws {
    var site = FileTree()
    site[try #require(TreePath(path))] = .bytes([])
    #expect(Scaffold.generator(of: site) == generator)
  }

  @Test func tellsZolaFromHugo() {
    #expect(generator(of: ["config.toml": "base_url = \"https://a.example\"\n"]) == .zola)
    #expect(generator(of: ["config.toml": "baseURL = \"https://a.example\"\n"]) == .hugo)
    #expect(generator(of: ["content/a.md": "text"]) == nil)
  }

  @Test func refusesWhatIsNoSite() {
    #expect(throws: ScaffoldError.self) { try migrate(["readme.md": "text"]) }
  }

  @Test func brokenConfigurationIsPlaced() throws {
    let error = #expect(throws: Diagnostic.self) { try migrate(["hugo.toml": "title = \"a\"\nmenu = [\n"]) }
    #expect(error?.id == "toml-syntax")
    #expect(error?.location?.path == "hugo.toml")
  }

  @Test(arguments: [
    ("hugo.json", "{\"title\": ", "json-syntax", "JSON: "), ("hugo.yaml", "a: [", "yaml-syntax", "YAML: "),
    ("hugo.json", "{\"b\": 1, \"a\": 1, \"a\": 2}", "json-syntax", "a is given twice"),
    ("hugo.json", "{\"b\": 1, \"a\": 1, \"a\": 2, \"b\": 2}", "json-syntax", "a, b are given twice"),
  ]) func theNotationIsNamed(_ path: TreePath, _ text: String, _ id: String, _ message: String) {
    var site = FileTree()
    site[path] = .bytes(Array(text.utf8))
    let error = #expect(throws: Diagnostic.self) { try migrate(site) }
    #expect(error?.id == id && error?.message.hasPrefix(message) == true, "\(String(describing: error))")
  }

  @Test func aTitleTakesTheOldOnesPlace() throws {
    let plain: FileTree = ["_config.yml": "title: Old\nlang: en\n", "a.md": "---\n---\n"]
    let text = String(decoding: try migrate(plain, title: "New: one").files.bytes(of: "site.yaml") ?? [], as: UTF8.self)
    #expect(text.hasPrefix("title: \"New: one\"\nlanguage: en\n"))
    let toml = "title = \"Old\"\n[languages.en]\ntitle = \"Old\"\n[languages.de]\ntitle = \"Alt\"\n"
    let languages: FileTree = ["hugo.toml": "\(toml)"]
    let site = try migrate(languages, title: "New").files.bytes(of: "site.yaml") ?? []
    let titles = String(decoding: site, as: UTF8.self).split(separator: "\n").filter { $0.contains("title:") }
    #expect(titles == ["title: New", "    title: New", "    title: Alt"])
  }

  @Test func linesMayEndInTwoBytes() throws {
    let text = "---\r\ntitle: A\r\n---\r\na {% for x in y %}\r\n\r\n{% endfor %}\r\n{% include\r\nx.html a=\"b\" %}\r\n"
    let migration = try migrate(["_config.yml": "title: T", "a.md": "\(text)"])
    let page = String(decoding: try migration.files.bytes(of: "content/a.md") ?? [], as: UTF8.self)
    #expect(page.contains("a \n<!-- {% for x in y %}\r\n\r\n{% endfor %} -->\r\n{{< x a=\"b\" >}}\r\n"))
    #expect(migration.notes.contains { $0.what.hasPrefix("{% for x in y %} is not run") })
  }

  /// The new site, the notes and the counts as one text.
  private func recorded(_ files: FileTree) -> [String] {
    do {
      let migration = try migrate(files)
      var lines: [String] = []
      for path in migration.files.paths {
        // Every site has these two.
        if path == ".gitignore" || (path == "archetypes/default.md" && !files.contains(path)) { continue }
        lines.append("-- \(path) --")
        let text = String(decoding: try migration.files.bytes(of: path) ?? [], as: UTF8.self)
        lines += text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() } else { lines.append("-- (no line end) --") }
      }
      lines.append("-- notes --")
      for note in migration.notes { lines.append(text(of: note)) }
      lines.append("\(migration.pages) pages, \(migration.assets) assets")
      return lines
    } catch {
      return ["-- error --", "\(error)"]
    }
  }

  private func text(of note: MigrationNote) -> String {
    let place = note.location
    let position = place.line > 0 ? ":\(place.line):\(place.column)" : ""
    let count = note.count > 1 ? " (\(note.count) times)" : ""
    return "\(note.severity.rawValue) \(place.path)\(position): \(note.what)\(count)"
      + (note.hint.map { " [\($0)]" } ?? "")
  }
}
