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
        == "import './b.js'; import '../top.js'; import './deep/c.js'; new URL('./b.js', import.meta.url);")
    #expect(texts["js/b.js"] == "import './a.js';")
    #expect(texts["js/deep/c.js"] == "import '../a.js'; import './d.js';")
    #expect(texts["js/deep/d.js"] == "import '../a.js';")
    #expect(texts["top.js"] == "import './js/a.js';")
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
