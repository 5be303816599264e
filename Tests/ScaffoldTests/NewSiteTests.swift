import Files
import Glibc
import Scaffold
import TestSupport
import Testing

@Suite struct NewSiteTests {
  private static let date = "2026-11-22T10:30:00+01:00"
  private var date: String { Self.date }

  private func text(_ files: FileTree, _ path: TreePath) throws -> String {
    String(decoding: try #require(try files.bytes(of: path)), as: UTF8.self)
  }

  private func page(_ path: String, title: String? = nil, _ archetypes: FileTree = [:]) throws -> NewPage {
    var request = PageRequest(path: path, date: date)
    request.title = title
    return try newPage(request, archetypes: archetypes)
  }

  // MARK: init

  @Test func hasWhatASiteNeeds() throws {
    let site = initialSite(SiteFacts(title: "My site", date: date))
    let paths: [TreePath] = [
      ".gitignore", "archetypes/default.md", "archetypes/posts.md", "assets/sheet.svg", "content/_index.md",
      "content/about.md", "content/posts/_index.md", "content/posts/hello.md", "site.yaml",
    ]
    #expect(site.paths == paths)
    #expect(try text(site, ".gitignore").contains("/public/\n/.colophon/\n"))
    #expect(try text(site, "content/posts/hello.md").contains("date: 2026-11-22T10:30:00+01:00\n"))
  }

  @Test func factsAreQuotedWhereNeeded() throws {
    let text = try text(initialSite(SiteFacts(title: "Notes: \"mine\"", date: date)), "site.yaml")
    #expect(text.contains("title: \"Notes: \\\"mine\\\"\"\n"))
    #expect(text.contains("\nlanguage: en\n"))
  }

  // MARK: new

  @Test(arguments: [
    ("posts/my-title.md", "content/posts/my-title.md"), ("posts/my-title", "content/posts/my-title.md"),
    ("content/posts/my-title.md", "content/posts/my-title.md"), ("./a.md", "content/a.md"),
    ("posts/my-title/", "content/posts/my-title/index.md"),
    ("posts/my-title/index.md", "content/posts/my-title/index.md"),
    ("a/b/c.markdown", "content/a/b/c.md"), ("v1.2-notes", "content/v1.2-notes.md"),
  ]) func placesPages(_ path: String, _ target: String) throws {
    #expect(try page(path).page.string == target)
  }

  @Test(arguments: ["", "/", "/etc/passwd", "../up.md", "a/../b.md", "a//b.md", ".hidden.md", "posts/.git/x", "a\\b"])
  func refusesPaths(_ path: String) {
    #expect(throws: ScaffoldError.self) { try page(path) }
  }

  @Test func fillsTheBuiltInArchetype() throws {
    let made = try page("posts/2026-11-22-my-title.md")
    #expect(made.archetype == nil)
    #expect(try text(made.files, made.page) == "---\ntitle: \"My title\"\ndate: \(date)\n---\n\n")
    let other = try page("about.md", title: "Who \"we\" are")
    #expect(try text(other.files, other.page) == "---\ntitle: \"Who \\\"we\\\" are\"\n---\n\n")
  }

  @Test func choosesTheSectionsArchetype() throws {
    let site: FileTree = ["archetypes/default.md": "default", "archetypes/posts.md": "posts {{ section }} {{ slug }}"]
    let post = try page("posts/2026/a.md", site)
    #expect(post.archetype == "archetypes/posts.md")
    #expect(try text(page("posts/a.md", site).files, "content/posts/a.md") == "posts posts a")
    #expect(try text(page("a.md", site).files, "content/a.md") == "default")
  }

  @Test func bundleArchetypesBringTheirFiles() throws {
    let site: FileTree = ["archetypes/trip/index.md": "# {{ title }}", "archetypes/trip/images/a.png": "png"]
    let made = try page("trip/alps.md", site)
    #expect(made.files.paths == ["content/trip/alps/images/a.png", "content/trip/alps/index.md"])
    #expect(try text(made.files, made.page) == "# Alps")
  }

  @Test(arguments: [
    (#"{{ replace .Name "-" " " | title }}"#, "My New Page"), (#"{{ .Name | humanize | title }}"#, "My New Page"),
    (#"{{ replace .File.ContentBaseName `-` ` ` | title }}"#, "My New Page"),
    (#"{{ strings.Title (replace .Name "-" " ") }}"#, "My New Page"), ("{{ .Date }}", "2026-11-22T10:30:00+01:00"),
    ("{{- date -}}", "2026-11-22T10:30:00+01:00"), (#"{{ now.Format "2006-01-02" }}"#, "2026-11-22"),
    (#"{{ dateFormat "2006/01/02 15:04" .Date }}"#, "2026/11/22 10:30"),
    (#"{{ .Date | time.Format "2006-01-02T15:04:05-07:00" }}"#, "2026-11-22T10:30:00+01:00"),
    ("{{ .Type }}/{{ .Section }}", "notes/notes"), ("{{ upper .Name }}", "MY-NEW-PAGE"),
    ("{{< figure >}} {{% x %}}", "{{< figure >}} {{% x %}}"), ("{{ title }}", "My new page"),
  ]) func understandsHugosArchetypes(_ code: String, _ expected: String) throws {
    let made = try page("notes/my-new-page.md", ["archetypes/notes.md": code])
    #expect(made.warnings.isEmpty)
    #expect(try text(made.files, made.page) == expected)
  }

  @Test(arguments: [
    "{{ now.Unix }}", "{{ index .Params 1 }}", "{{ if x }}", "{{ }}", "{{ title | }}", "{{ (((title }}",
  ])
  func warnsOfOtherCode(_ code: String) throws {
    let made = try page("a.md", ["archetypes/default.md": code])
    #expect(made.warnings.map(\.id) == ["archetype-code"])
    #expect(made.warnings.first?.location?.line == 1)
    #expect(try text(made.files, made.page) == code)
  }

  /// Between the lines that make it front matter, where it has none.
  private func frontMatter(_ text: String) -> String {
    let fence = text.contains(" = ") ? "+++" : "---"
    return text.hasPrefix("---\n") ? text : "\(fence)\n\(text)\n\(fence)\n"
  }

  /// An archetype may be all text.
  @Test func whatHasNoFrontMatterHasNoKeys() throws {
    let archetype = "Note: On {{ title }}.\n\nSee: \"{{ title }}\"\n"
    let made = try page("a.md", title: "a \"b\"", ["archetypes/default.md": archetype])
    #expect(try text(made.files, made.page) == "Note: On a \"b\".\n\nSee: \"a \"b\"\"\n")
  }

  @Test(arguments: [
    ("title: {{ title }}", "title: \"a: b\""), ("title: '{{ title }}'", "title: 'a: b'"),
    ("title = \"{{ title }}\"", "title = \"a: b\""), ("# {{ title }}", "# a: b"),
  ]) func quotesTitles(_ archetype: String, _ expected: String) throws {
    let made = try page("a.md", title: "a: b", ["archetypes/default.md": frontMatter(archetype)])
    #expect(try text(made.files, made.page) == frontMatter(expected))
  }

  @Test func quotesInTitlesSurvive() throws {
    let made = try page("a.md", title: "it's", ["archetypes/default.md": "+++\ntitle = '{{ title }}'\n+++\n"])
    #expect(try text(made.files, made.page) == "+++\ntitle = \"it's\"\n+++\n")
  }

  @Test(arguments: [
    ("title: {{ section }} - {{ title }}", "title: \"notes - a: b #1\""),
    ("title: {{ title }} {{ slug }} # it", "title: \"a: b #1 a\" # it"),
    ("title: On {{ title }}  \nslug: {{ slug }}", "title: \"On a: b #1\"  \nslug: a"),
    ("id: {{ section }}/{{ slug }}", "id: notes/a"), ("date: {{ date }}", "date: \(date)"),
    ("day: {{ dateFormat \"2006\" date }}-{{ dateFormat \"01\" date }}", "day: 2026-11"),
    ("tags: [{{ section }}, x, {{ title }}]", "tags: [notes, x, \"a: b #1\"]"),
    ("tags:\n  - {{ title }} x", "tags:\n  - a: b #1 x"), ("title: {{ title }} {{ x }}", "title: a: b #1 {{ x }}"),
    ("title: {{ title }} {{< x >}}", "title: a: b #1 {{< x >}}"),
    ("---\ntitle: {{ title }}\n---\nOn: {{ title }}", "---\ntitle: \"a: b #1\"\n---\nOn: a: b #1"),
    ("---\na: b\n---\n\"{{ title }}\" [{{ title }}]", "---\na: b\n---\n\"a: b #1\" [a: b #1]"),
  ]) func quotesValuesOfSeveralParts(_ archetype: String, _ expected: String) throws {
    let made = try page(
      "notes/a.md", title: "a: b #1", ["archetypes/default.md": frontMatter(archetype)])
    #expect(try text(made.files, made.page) == frontMatter(expected))
  }

  @Test(.timeLimit(.minutes(1))) func longValuesTakeTheirLength() throws {
    let value = String(repeating: "{{ slug }} ", count: 20_000)
    for archetype in ["title: " + value, "title: " + value + "{{ x }}", "title: [" + value] {
      _ = try page("a.md", ["archetypes/default.md": frontMatter(archetype)])
    }
  }

  @Test(arguments: [
    ("title: \"{{ title }} — {{ section }}\"", "title: \"Say \\\"it's\\\" — notes\""),
    ("title: 'On {{ title }}'", "title: 'On Say \"it''s\"'"),
    ("title = 'On {{ title }}'", "title = 'On Say \"it\u{2019}s\"'"),
    ("title: \"a\" # {{ title }}", "title: \"a\" # Say \"it's\""),
    ("title: \"\\\" {{ title }}\"", "title: \"\\\" Say \\\"it's\\\"\""),
    ("say: x\nHe said: \"x\" {{ title }}", "say: x\nHe said: \"x\" Say \"it's\""),
    ("title: \"{{ replace .Name \"-\" \" \" }} in {{ section }}\"", "title: \"Say \\\"it's\\\" in notes\""),
  ]) func quotesPartsOfTexts(_ archetype: String, _ expected: String) throws {
    let made = try page(
      "notes/a.md", title: "Say \"it's\"", ["archetypes/default.md": frontMatter(archetype)])
    #expect(try text(made.files, made.page) == frontMatter(expected))
  }

  @Test(arguments: [
    ("z/_index.md", "title: \"Z\""), ("_index.md", "title: \"Home\""), ("a-b/_index.de.md", "title: \"A b\""),
    ("x.de.md", "title: \"X\""), ("v1.2.md", "title: \"V1.2\""), ("de/posts/x.md", "date: 2026-11-22T10:30:00+01:00"),
    ("posts/2024-01-02-dated.md", "title: \"Dated\"\ndate: 2024-01-02\n"),
  ]) func readsNames(_ path: String, _ expected: String) throws {
    var request = PageRequest(path: path, date: Self.date)
    request.languages = ["en", "de"]
    let made = try newPage(request, archetypes: [:])
    #expect(try text(made.files, made.page).contains(expected))
  }

  // MARK: disk

  @Test func writesNothingOverAnything() throws {
    let temporary = try TemporaryFolder()
    let folder = temporary.path + "/site"
    let site = initialSite(SiteFacts(title: "A", date: date))
    #expect(try writeNew(site, to: folder) == site.paths)
    #expect(try readFile(folder + "/site.yaml") == (try site.bytes(of: "site.yaml")))
    let before = try readFile(folder + "/content/about.md")
    let error = #expect(throws: ScaffoldError.self) {
      try writeNew(["content/about.md": "new", "content/new.md": "new"], to: folder)
    }
    #expect(error == .exists(["content/about.md"]))
    #expect(try readFile(folder + "/content/about.md") == before)
    #expect(fileSize(folder + "/content/new.md") == nil)
    #expect(throws: ScaffoldError.exists(["content/posts/hello.md"])) {
      try newPage(PageRequest(path: "posts/hello", date: date), inSite: folder)
    }
    #expect(throws: ScaffoldError.wrongPath("posts/", reason: "it is a section, content/posts/_index.md is its page")) {
      try newPage(PageRequest(path: "posts/", date: date), inSite: folder)
    }
    let page = try newPage(PageRequest(path: "posts/two", date: date), inSite: folder)
    #expect(page.archetype == "archetypes/posts.md")
    #expect(throws: ScaffoldError.noGenerator(folder)) { try migrate(from: folder) }
  }

  @Test func leavesNothingHalfMade() throws {
    let temporary = try TemporaryFolder()
    let folder = temporary.path + "/site"
    // Where a file stands no folder can be.
    let site: FileTree = ["content/a.md": "a", "content/a.md/b.md": "b"]
    #expect(throws: FileError.self) { try writeNew(site, to: folder + "/new/site") }
    #expect(realPath(folder) == nil)
    try makeFolder(folder + "/content")
    try writeFile(folder + "/content/own.md", [])
    #expect(throws: FileError.self) { try writeNew(site, to: folder) }
    #expect(try listFolder(folder + "/content").map(\.name) == ["own.md"])
    #expect(try listFolder(folder).map(\.name) == ["content"])
  }

  @Test func linksAreTold() throws {
    let temporary = try TemporaryFolder()
    let folder = temporary.path + "/site"
    for path in ["content", "node_modules/a", "elsewhere"] { try makeFolder(folder + "/" + path) }
    try writeFile(folder + "/hugo.toml", [])
    for path in ["content/posts", "node_modules/a/b"] { symlink(folder + "/elsewhere", folder + "/" + path) }
    let notes = try migrate(from: folder).notes
    #expect(notes.map(\.location.path) == ["content/posts"])
    #expect(notes.first?.what == "symbolic links are not followed")
    // One that leads nowhere is nothing to write through.
    try makeFolder(folder + "/new")
    symlink(folder + "/none", folder + "/new/a.md")
    #expect(throws: ScaffoldError.exists(["a.md"])) { try writeNew(["a.md": "a"], to: folder + "/new") }
  }

  @Test(arguments: [
    (ScaffoldError.exists(["a"]), "a is there already, nothing was written"),
    (.exists(["a", "b"]), "a, b are there already, nothing was written"),
    (.exists(["a", "b", "c", "d"]), "a, b, c and 1 more are there already, nothing was written"),
    (.wrongPath("x", reason: "why"), "x cannot be a page: why"),
  ]) func saysWhy(_ error: ScaffoldError, _ text: String) {
    #expect(error.description == text)
  }
}
