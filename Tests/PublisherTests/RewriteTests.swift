import ContentAddressing
import Files
import Testing

@testable import Publisher

/// What becomes of links once everything has its hash.
@Suite struct RewriteTests {
  private func addressed(
    _ tree: FileTree, _ mode: PublishMode, url: String = ""
  ) async throws -> (texts: [String: String], edition: AddressedEdition) {
    let source = EditionSource(tree: tree, name: "a", url: url, sources: [:], commit: nil, time: 0, version: "1")
    let edition = try await addressedEdition(source, mode, workers: 2, { _ in }) { cid, name in
      "https://gateway.example/ipfs/\(cid.text)?filename=\(name)"
    }
    var texts: [String: String] = [:]
    for file in edition.assets + edition.pages.pages {
      let bytes = try file.contents.bytes()
      #expect(try address(bytes, profile: .v0).cid == file.file.cid, "\(file.path) is sent as it was hashed")
      texts[file.path.string] = String(decoding: bytes, as: UTF8.self)
    }
    return (texts, edition)
  }

  /// A module that stays with the pages is looked for beside the one that imports it, and `b.js` is no name of a file there.
  @Test func modulesThatStayNameFiles() async throws {
    let modules: FileTree = [
      "index.html": "<script type=module src=js/a.js></script>",
      "js/a.js": "import './b.js'; import '/top.js'; import './deep/c.js'; new URL('b.js', import.meta.url);",
      "js/b.js": "import './a.js';", "js/deep/c.js": "import '../a.js'; import '/js/deep/d.js';",
      "js/deep/d.js": "import '/js/a.js';", "top.js": "import './js/a.js';",
    ]
    let (texts, edition) = try await addressed(modules, .folder)
    #expect(edition.assets.isEmpty)
    #expect(
      texts["js/a.js"]
        == "import './b.js'; import '../top.js'; import './deep/c.js'; new URL('b.js', import.meta.url);")
    #expect(texts["js/b.js"] == "import './a.js';")
    #expect(texts["js/deep/c.js"] == "import '../a.js'; import './d.js';")
    #expect(texts["js/deep/d.js"] == "import '../a.js';")
    #expect(texts["top.js"] == "import './js/a.js';")
  }

  /// Names are no URLs, even where a file of that name lies beside.
  @Test func namesOfModulesStay() async throws {
    let tree: FileTree = [
      "index.html": "<script type=module src=js/a.js></script>",
      "js/a.js": "import 'b.js'; import './c.js'; import(name); new URL('b.js', import.meta.url);", "js/b.js": "1",
      "js/c.js": "import './a.js'",
    ]
    let texts = try await addressed(tree, .folder).texts
    #expect(texts["js/a.js"]?.hasPrefix("import 'b.js'; import './c.js'; import(name)") == true)
  }

  /// Modules and import maps that are written in a page lead to where the files are published.
  @Test(arguments: PublishMode.allCases, ["", "https://a.example"])
  func scriptsInPages(_ mode: PublishMode, _ url: String) async throws {
    let tree: FileTree = [
      "index.html": """
      <script type="importmap">{"imports": {"c": "./js/c.js", "./js/a.js": "./js/b.js", "old": "./js/old.js"}}</script>
      <script type="module">import "./js/a.js"; import "c"; import "./p/old.js"; import.meta.resolve('./js/d.js'); x("./js/d.js")</script>
      <script>import("./js/a.js")</script>
      """,
      "p/index.html": "<script type=module>import '../js/a.js'; new URL('d.txt', import.meta.url)</script>",
      "js/a.js": "import './b.js'", "js/b.js": "2", "js/c.js": "3", "js/d.js": "4", "p/d.txt": "5",
    ]
    let (texts, edition) = try await addressed(tree, mode, url: url)
    #expect(Set(edition.assets.map(\.path)) == ["js/a.js", "js/b.js", "js/c.js", "js/d.js", "p/d.txt"])
    func address(_ path: TreePath) throws -> String {
      let file = try #require(edition.assets.first { $0.path == path }).file
      return "https://gateway.example/ipfs/\(file.cid.text)?filename=\(path.name)"
    }
    let (a, b, c, d) = (try address("js/a.js"), try address("js/b.js"), try address("js/c.js"), try address("js/d.js"))
    #expect(
      texts["index.html"] == """
        <script type="importmap">{"imports": {"c": "\(c)", "\(a)": "\(b)", "old": "./js/old.js"}}</script>
        <script type="module">import "\(a)"; import "c"; import "./p/old.js"; import.meta.resolve('\(d)'); x("./js/d.js")</script>
        <script>import("./js/a.js")</script>
        """)
    #expect(
      texts["p/index.html"]
        == "<script type=module>import '\(a)'; new URL('\(try address("p/d.txt"))', import.meta.url)</script>")
  }

  /// What an import map finds below a folder stays there, and all that refers to it.
  @Test func foldersOfImportMaps() async throws {
    let tree: FileTree = [
      "index.html": """
      <link rel=modulepreload href=js/lib/a.js><script type=importmap>{"imports": {"lib/": "./js/lib/"}, "scopes": {"./": {}}}</script>
      <script type=module>import "lib/a.js"; import "./js/b.js"; import "./js/c.js"</script>
      """,
      "js/lib/a.js": "1", "js/lib/x.js": "2", "js/b.js": "import './lib/a.js'", "js/c.js": "3",
    ]
    let (texts, edition) = try await addressed(tree, .folder)
    #expect(edition.assets.map(\.path) == ["js/c.js"])
    #expect(texts["index.html"]?.contains("href=js/lib/a.js>") == true)
    #expect(texts["index.html"]?.contains("\"./js/lib/\"}, \"scopes\": {\"./\"") == true)
    #expect(texts["index.html"]?.contains("import \"lib/a.js\"; import \"./js/b.js\"; import \"https://") == true)
    #expect(
      try await trace(tree, siteURL: "", workers: 2).warnings.map(\.message) == [
        "js/b.js is published with the pages, not by its own hash: it refers to js/lib/a.js, which stays there too",
        "js/lib/a.js is published with the pages, not by its own hash: the import map of index.html names the folder js/lib/",
      ])
  }

  /// What refers to others waits for them, and for nothing else: many drawings or modules are sent together.
  @Test func whatIsSentTogether() async throws {
    let tree: FileTree = [
      "index.html":
        "<link rel=stylesheet href=a.css><img src=x.svg><img src=y.svg><script type=module src=m.js></script>",
      "a.css": "@import 'b.css'; a { background: url(x.svg) }", "b.css": "a { background: url(p.png) }", "p.png": "png",
      "x.svg": "<svg xmlns='http://www.w3.org/2000/svg'><use href='#a'/></svg>",
      "y.svg": "<svg xmlns='http://www.w3.org/2000/svg'><image href='p.png'/></svg>",
      "m.js": "import './n.js'; import './o.js'", "n.js": "1", "o.js": "2",
    ]
    let edition = try await addressed(tree, .folder).edition
    #expect(
      waves(edition.assets).map { $0.map(\.path.string).sorted() } == [
        ["n.js", "o.js", "p.png", "x.svg"], ["b.css", "m.js", "y.svg"], ["a.css"],
      ])
  }

  /// A file that stays with the pages is rewritten too: what pages say of its bytes is true of those that are published.
  @Test(arguments: PublishMode.allCases, ["", "https://a.example"])
  func integrityOfWhatStays(_ mode: PublishMode, _ url: String) async throws {
    let names = ["a.css", "b.css", "c.js", "d.css"]
    let built = [
      "@import 'b.css'; a { background: url(p.png) }", "@import 'a.css';", "import './e.js'; import(name)", "a {}",
    ]
    let values = built.map { SHA256Digest(of: Array($0.utf8)).integrity }
    var tree: FileTree = ["p.png": "png", "e.js": "1"]
    for (name, text) in zip(names, built) { tree[try #require(TreePath(name))] = .bytes(Array(text.utf8)) }
    let links = zip(names, values).map { name, value in
      name == "c.js"
        ? "<script type=module src=/c.js integrity=\"\(value)\"></script>"
        : "<link rel=stylesheet href=/\(name) integrity=\"\(value)\">"
    }.joined()
    for page: TreePath in ["index.html", "two/index.html"] {
      tree[page] = .bytes(Array("\(links)<a href=/index.html>1</a><a href=/two/index.html>2</a>".utf8))
    }
    let (texts, edition) = try await addressed(tree, mode, url: url)
    #expect(Set(edition.assets.map(\.path)).isSuperset(of: ["d.css", "e.js", "p.png"]))
    for page in ["index.html", "two/index.html"] {
      for name in names {
        let now = SHA256Digest(of: Array((texts[name] ?? "").utf8)).integrity
        #expect(texts[page]?.contains("integrity=\"\(now)\"") == true, "\(name) in \(page): \(texts[page] ?? "")")
      }
    }
  }

  /// Each of these is published after the one before it, all in waves of their own.
  @Test(.timeLimit(.minutes(1)), arguments: ["", "https://a.example"])
  func aLongChainOfPages(_ url: String) async throws {
    let count = 1500
    var tree: FileTree = ["index.html": "<a href=p\(count - 1).html>last</a>", "p0.html": "first"]
    for number in 1..<count {
      tree[try #require(TreePath("p\(number).html"))] = .bytes(Array("<a href=p\(number - 1).html>before</a>".utf8))
    }
    let (texts, edition) = try await addressed(tree, .files, url: url)
    #expect(edition.pages.waves.count == count + 1)
    let first = try #require(edition.pages.pages.first { $0.path == "p0.html" })
    #expect(texts["p1.html"]?.contains("/ipfs/\(first.file.cid.text)?filename=p0.html") == true)
  }
}
