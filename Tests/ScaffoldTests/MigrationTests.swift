import Files
import Scaffold
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
