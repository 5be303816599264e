import Files
import Glibc
import Testing

/// Input that is too large or too odd for an archive: each gives a result or diagnostics, in time.
@Suite struct BadInputTests {
  private func build(_ files: [SiteFile]) async throws -> SiteBuild {
    let folder = try SiteFolder()
    try folder.write([SiteFile("templates/page.html", "{{ page.content }}")] + files)
    var built = try await SiteBuild(folder.site, workers: 2)
    // Files on disk are gone with the folder.
    if let tree = built.tree {
      var held = FileTree()
      for path in tree.paths { held[path] = .bytes(try tree.bytes(of: path) ?? []) }
      built.tree = held
    }
    return built
  }

  private func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

  @Test(.timeLimit(.minutes(1))) func manyQuotes() async throws {
    let built = try await build([SiteFile("content/a.md", repeated("> ", 10_000) + "deep\n")])
    let text = try #require(try built.text(of: "a/index.html"))
    #expect(text.contains("deep"))
  }

  @Test(.timeLimit(.minutes(1)), arguments: ["[", "![", "*a _", "<a ", "`", "- ", "(", "\\", "&", "[a](", "|", "<!--"])
  func repeatedMarks(_ mark: String) async throws {
    let built = try await build([SiteFile("content/a.md", repeated(mark, 5_000) + "\n")])
    #expect(built.tree != nil || !built.diagnostics.isEmpty)
  }

  @Test(.timeLimit(.minutes(1))) func fiveMegabytes() async throws {
    let paragraph = "Some *text* with a [link](/)." + repeated(" And words, words, words.", 200) + "\n\n"
    let count = 5_000_000 / paragraph.utf8.count
    let built = try await build([
      SiteFile("content/_index.md", "Home"), SiteFile("content/a.md", repeated(paragraph, count)),
    ])
    #expect(built.printedDiagnostics == "")
    let bytes = try #require(try built.tree?.bytes(of: "a/index.html"))
    #expect(bytes.count { $0 == UInt8(ascii: "\n") } >= count - 1)
  }

  /// A row of texts, each of which shows the next one twice: each is rendered once, and no stack ends.
  @Test(.timeLimit(.minutes(1))) func textsInARow() async throws {
    let next =
      "{% for item in site.pages %}{% if item.slug == slug %}{{ item.content | length }} {{ item.toc | length }} "
      + "{{ item.word_count }}{% endif %}{% endfor %}"
    var files = [SiteFile("templates/shortcodes/next.html", next), SiteFile("content/p0.md", "The end.")]
    for number in 1..<120 {
      files.append(SiteFile("content/p\(number).md", "Text {{< next slug=\"p\(number - 1)\" >}}"))
    }
    let built = try await build(files)
    #expect(built.printedDiagnostics == "")
    // "The end." is 16 characters with its tags and line end; each text behind it says how long the one before it is.
    #expect(try built.text(of: "p1/index.html") == "<p>Text 16 0 2</p>\n")
    #expect(try built.text(of: "p119/index.html") == "<p>Text 19 0 2</p>\n")
  }

  @Test(.timeLimit(.minutes(1))) func oneLongLine() async throws {
    let built = try await build([SiteFile("content/a.md", repeated("word ", 200_000))])
    #expect(try #require(try built.text(of: "a/index.html")).hasPrefix("<p>word word"))
  }

  @Test(.timeLimit(.minutes(1)), arguments: ["---\n", "+++\n"])
  func hugeFrontMatter(_ fence: String) async throws {
    let separator = fence == "---\n" ? ": " : " = "
    let keys = (0..<2_000).map { "own-key-number-\($0)\(separator)\($0)\n" }.joined()
    let built = try await build([SiteFile("content/a.md", fence + keys + fence + "Text.\n")])
    #expect(built.printedDiagnostics == "")
    #expect(try #require(try built.text(of: "a/index.html")).hasPrefix("<p>Text."))
  }

  /// toml++ makes a table of each part, and goes down into them.
  @Test(.timeLimit(.minutes(1)), arguments: ["a", "[a", "x = {a", "x = [{b.a"])
  func aKeyOfManyParts(_ start: String) async throws {
    let built = try await build([
      SiteFile("content/a.md", "+++\ntitle = \"T\"\n\(start)" + repeated(".a", 300_000) + " = 1\n+++\nText.\n")
    ])
    #expect(built.printedDiagnostics.hasPrefix("content/a.md:3:"))
    #expect(built.printedDiagnostics.contains("data-too-large values nest too deeply"))
    let many = (0..<200).map { "b\($0)" + repeated(".a", 60) + " = \($0).5\n" }.joined()
    let fine = try await build([SiteFile("content/a.md", "+++\n[params]\n" + many + "+++\nText.\n")])
    #expect(fine.printedDiagnostics == "")
  }

  @Test(.timeLimit(.minutes(1)), arguments: ["---\n", "+++\n", "{"])
  func hugeUnclosedFrontMatter(_ opening: String) async throws {
    let text = opening + repeated("a: \"b\"\n", 100_000)
    let built = try await build([SiteFile("content/a.md", text)])
    #expect(built.tree != nil || !built.diagnostics.isEmpty)
  }

  @Test(.timeLimit(.minutes(1)), arguments: ["{{< a ", "{{% a x=", "{{< a \"", "{{</* a "])
  func shortcodesWithoutEnd(_ opening: String) async throws {
    let built = try await build([SiteFile("content/a.md", repeated(opening, 20_000))])
    #expect(built.tree != nil || !built.diagnostics.isEmpty)
  }

  @Test(.timeLimit(.minutes(1)))
  func aliasBomb() async throws {
    var yaml = "---\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1..<12 { yaml += "a\(level): &a\(level) [\(repeated("*a\(level - 1), ", 9))*a\(level - 1)]\n" }
    let built = try await build([SiteFile("content/a.md", yaml + "---\n")])
    #expect(built.diagnostics.map(\.id) == ["data-too-large"])
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      ("content/a.md", "---\na: ", "[", "\n---\n"), ("content/a.md", "---\na: ", "{a: ", "\n---\n"),
      ("content/a.md", "---\n", "- ", "\n---\n"), ("content/a.md", "---\n", "? ", "\n---\n"),
      ("content/a.md", "+++\na = ", "[", "\n+++\n"), ("content/a.md", "+++\na = ", "{a=", "\n+++\n"),
      ("content/a.md", "{\"a\": ", "[", "}\n"), ("content/a.md", "{\"a\": ", "{\"a\": ", "}\n"),
      ("data/a.json", "", "[", ""), ("data/a.yaml", "", "[", ""), ("data/a.toml", "a = ", "[", ""),
      ("site.yaml", "title: ", "[", ""), ("site.toml", "title = ", "[", ""), ("site.json", "", "{\"a\":", ""),
    ])
  func deepNesting(_ path: String, _ head: String, _ part: String, _ tail: String) async throws {
    let built = try await build([
      SiteFile("content/_index.md", "Home"), SiteFile(path, head + repeated(part, 100_000) + tail),
    ])
    #expect(built.tree == nil)
    #expect(built.diagnostics.count == 1)
  }

  /// Nested by indentation, closed as it should be: far deeper than anybody writes, and yet well formed.
  @Test(.timeLimit(.minutes(1)), arguments: [100, 2_000])
  func deepIndentation(_ depth: Int) async throws {
    let yaml = (0..<depth).map { repeated(" ", $0) + "a:\n" }.joined() + repeated(" ", depth) + "a: 1\n"
    let built = try await build([SiteFile("content/_index.md", ""), SiteFile("data/deep.yaml", yaml)])
    // libyaml itself goes no deeper than 1,000.
    #expect(built.diagnostics.map(\.id) == ["data-too-large"])
  }

  /// As deep as libyaml goes, in every way of nesting: none of them reaches the end of a thread's stack.
  @Test(.timeLimit(.minutes(1)), arguments: [("[", "]"), ("{a: ", "}"), ("[a: ", "]"), ("- ", "")])
  func asDeepAsThereIs(_ opening: String, _ closing: String) async throws {
    for depth in [490, 980] {
      let yaml = repeated(opening, depth) + "x" + repeated(closing, depth) + "\n"
      let built = try await build([SiteFile("content/_index.md", ""), SiteFile("data/deep.yaml", yaml)])
      #expect(built.diagnostics.map(\.id) == ["data-too-large"], "\(opening) \(depth)")
    }
    for opening in ["? ", "[? "] {
      let yaml = repeated(opening, 980) + "x" + repeated(opening == "? " ? "" : "]", 980) + "\n"
      let built = try await build([SiteFile("content/_index.md", ""), SiteFile("data/deep.yaml", yaml)])
      #expect(built.diagnostics.map(\.id) == ["data-key"])
    }
    // Lists that are not indented below their keys.
    let lines = (0..<900).map {
      repeated("  ", $0) + (opening == "- " ? "- a:\n" : "a:\n" + repeated("  ", $0) + "- b: 1\n")
    }
    let built = try await build([SiteFile("content/_index.md", ""), SiteFile("data/deep.yaml", lines.joined())])
    #expect(built.diagnostics.count == 1)
  }

  @Test(.timeLimit(.minutes(1))) func manyValuesOnOneLine() async throws {
    let numbers = (0..<40_000).map(String.init).joined(separator: ", ")
    let built = try await build([
      SiteFile("content/_index.md", ""), SiteFile("data/list.yaml", "[\(numbers)]\n"),
      SiteFile("data/table.csv", (0..<20_000).map { "c\($0)" }.joined(separator: ",") + "\n"),
      SiteFile("templates/index.html", "{{ site.data.list | length }} {{ site.data.list | last }}"),
    ])
    #expect(try built.text(of: "index.html") == "40000 39999")
  }

  /// The place is counted in bytes, however far back on the line a character of several stands.
  @Test func placeOnALongLine() async throws {
    let text = (0..<2_000).map { $0 % 7 == 0 ? "ä" : "b\($0 % 10)" }.joined(separator: ", ")
    let built = try await build([
      SiteFile("content/_index.md", ""), SiteFile("site.yaml", "taxonomies: [\(text), {}]\n"),
    ])
    let column = "taxonomies: [\(text), ".utf8.count + 1
    #expect(built.diagnostics.contains { $0.location?.column == column }, "\(built.printedDiagnostics)")
  }

  @Test(.timeLimit(.minutes(1))) func manyKeys() async throws {
    let keys = (0..<20_000).map { "key\($0): \($0)\n" }.joined()
    let built = try await build([
      SiteFile("content/_index.md", "---\ncascade:\n\(keys.split(separator: "\n").map { "  \($0)\n" }.joined())---\n"),
      SiteFile("content/a.md", "---\n\(keys)---\n"),
      SiteFile("templates/page.html", "{{ page.params | length }} {{ page.params.key19999 }}"),
    ])
    #expect(try built.text(of: "a/index.html") == "20000 19999")
    let twice = try await build([SiteFile("content/a.md", "---\n\(keys)key7: 1\n---\n")])
    #expect(twice.diagnostics.map(\.message) == ["key7 is given twice"])
  }

  /// A count of what two pages share is no byte.
  @Test func manySharedTerms() async throws {
    let terms = (0..<256).map { "t\($0)" }.joined(separator: ", ")
    let built = try await build([
      SiteFile("site.yaml", "related: {count: 1}\n"),
      SiteFile("content/a.md", "---\ntags: [\(terms)]\n---\n"),
      SiteFile("content/b.md", "---\ntags: [\(terms)]\n---\n"),
      SiteFile("content/c.md", "---\ntags: [t0, t1]\n---\n"),
      SiteFile("templates/page.html", "{% for other in page.related %}{{ other.title }}{% endfor %}"),
    ])
    #expect(try built.text(of: "a/index.html") == "B")
  }

  /// Neither a file nor a folder: it is left out, by whatever name it comes.
  @Test func pipes() async throws {
    let folder = try SiteFolder()
    try folder.write([
      SiteFile("content/a.md", "A"), SiteFile("static/x.txt", "x"), SiteFile("static/link", .link(to: "pipe")),
      SiteFile("static/same.txt", .link(to: "x.txt")), SiteFile("content/posts", .link(to: "../static/pipe")),
    ])
    try #require(mkfifo(folder.site + "/static/pipe", 0o600) == 0)
    let built = try await SiteBuild(folder.site, workers: 2)
    #expect(built.failure == nil)
    #expect(try built.text(of: "same.txt") == "x")
    #expect(try built.text(of: "link") == nil)
  }

  @Test(
    .timeLimit(.minutes(1)), arguments: ["(", "[", "not ", "-", "a.b", "a|upper|", "{% if 1 %}", "{% for a in b %}"])
  func deepTemplates(_ part: String) async throws {
    let isTag = part.hasPrefix("{%")
    let text = isTag ? repeated(part, 20_000) : "{{ " + repeated(part, 20_000) + " }}"
    let built = try await build([SiteFile("content/a.md", ""), SiteFile("templates/deep.html", text)])
    #expect(built.tree == nil || built.diagnostics.isEmpty)
  }

  @Test(.timeLimit(.minutes(1))) func templateWithoutEnd() async throws {
    let built = try await build([
      SiteFile("content/a.md", ""),
      SiteFile("templates/index.html", "{% macro m(n) %}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}"),
    ])
    #expect(built.diagnostics.contains { $0.id == "template-depth" }, "\(built.printedDiagnostics)")
  }

  /// Hundreds of links that lead nowhere, on one page: each is told, and telling takes no time that counts.
  @Test(.timeLimit(.minutes(1))) func manyDeadLinks() async throws {
    let text = (0..<300).map { "[\($0)](gone-\($0).md)\n" }.joined()
    let built = try await build([SiteFile("content/a.md", text)])
    #expect(built.diagnostics.count == 300)
    #expect(built.diagnostics.first?.location?.line == 1)
    #expect(built.diagnostics.last?.location?.line == 300)
  }

  @Test(.timeLimit(.minutes(1))) func manyTerms() async throws {
    let tags = (0..<200).map { "t\($0)" }.joined(separator: ", ")
    let built = try await build([SiteFile("content/a.md", "---\ntags: [\(tags)]\n---\n")])
    #expect(built.tree?.contains("tags/t199/index.html") == true, "\(built.printedDiagnostics.prefix(1_000))")
  }

  /// Every kind of odd byte in the text: UTF-8 with control characters is fine.
  @Test func controlCharacters() async throws {
    let text = String(decoding: (1..<128).map { UInt8($0) }, as: UTF8.self)
    let built = try await build([SiteFile("content/a.md", "x" + text)])
    #expect(built.tree != nil, "\(built.printedDiagnostics)")
  }

  @Test(
    arguments: [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC0, 0xAF], [0xE2, 0x82]] as [[UInt8]])
  func invalidUTF8(_ bytes: [UInt8]) async throws {
    let built = try await build([SiteFile("content/a.md", .bytes(Array("ab\nc".utf8) + bytes + Array("\n".utf8)))])
    #expect(built.diagnostics.map(\.id) == ["not-utf8"])
    let location = try #require(built.diagnostics.first?.location)
    #expect(location.line == 2)
    #expect(location.column == 2)
  }
}
