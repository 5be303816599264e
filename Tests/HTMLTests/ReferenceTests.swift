import Files
import HTML
import Testing

@Suite struct ReferenceTests {
  @Test(arguments: [
    ("x", "posts/y/x"), ("./x", "posts/y/x"), ("../x", "posts/x"), ("../../x", "x"), ("../../", ""), ("./", "posts/y/"),
    (".", "posts/y/"), ("..", "posts/"), ("../..", ""), ("/", ""), ("/x", "x"), ("/x/", "x/"), ("/x/.", "x/"),
    ("/x/..", ""),
    ("/x/../y", "y"), ("/x/./y", "x/y"), ("%2e%2E/x", "posts/x"), (".%2e/x", "posts/x"), ("%2e", "posts/y/"),
    ("a%20b", "posts/y/a b"),
    ("/%C3%A4", "ä"), ("/ä", "ä"), ("/%252e", "%2e"), ("...", "posts/y/..."), (" /x\n", "x"), ("/a\tb", "ab"),
    ("/a\\b", "a\\b"),
    ("/a:b", "a:b"), ("./a:b", "posts/y/a:b"), ("1:b", "posts/y/1:b"), ("/a//b", "a//b"),
  ])
  func paths(_ url: String, _ path: String) {
    #expect(Reference.resolve(url, in: "posts/y/index.html") == .file(path: path, query: nil, fragment: nil))
  }

  @Test func pageAtTheRoot() {
    #expect(Reference.resolve("x", in: "index.html") == .file(path: "x", query: nil, fragment: nil))
    #expect(Reference.resolve("./", in: "index.html") == .file(path: "", query: nil, fragment: nil))
    #expect(Reference.resolve("../x", in: "index.html") == .outside)
  }

  @Test(arguments: [
    ("", Reference.fragment("")), ("#", .fragment("")), ("#a%20b", .fragment("a b")), ("#100%", .fragment("100%")),
    ("#a?b", .fragment("a?b")), ("?q", .file(path: "p/a.html", query: "q", fragment: nil)),
    ("x?q=%20#f", .file(path: "p/x", query: "q=%20", fragment: "f")),
    ("x?", .file(path: "p/x", query: "", fragment: nil)),
    ("x?a?b#c#d", .file(path: "p/x", query: "a?b", fragment: "c#d")),
    ("x#a?b", .file(path: "p/x", query: nil, fragment: "a?b")),
    ("https://x/y", .external(scheme: "https")), ("//x/y", .external(scheme: nil)),
    ("MailTo:a@b", .external(scheme: "mailto")),
    ("data:,x", .external(scheme: "data")), ("a+b-c.1:x", .external(scheme: "a+b-c.1")),
    ("ht\ntp:x", .external(scheme: "http")),
    ("../../x", .outside), ("/..", .outside), ("/%2e%2e/etc/passwd", .outside), ("../../../../etc/passwd", .outside),
    ("x/../../../y", .outside),
  ])
  func others(_ url: String, _ expected: Reference) {
    #expect(Reference.resolve(url, in: "p/a.html") == expected)
  }

  @Test(arguments: ["%", "%4", "%zz", "a%2Fb", "a%2fb", "%00", "a\0b", "%FF", "%C3"])
  func invalid(_ url: String) {
    guard case .invalid(let reason) = Reference.resolve(url, in: "a.html") else {
      Issue.record("\(url) should be invalid")
      return
    }
    #expect(!reason.isEmpty && reason.last != ".")
  }

  @Test(
    arguments: [
      ("/a/b", ["a/b", "a/b/index.html"]), ("/a/b/", ["a/b/index.html"]), ("/", ["index.html"]), ("#x", []),
      ("https://x", []),
      ("/a//b", []), ("/a\\b", []), ("/..", []),
    ] as [(String, [TreePath])])
  func candidates(_ url: String, _ expected: [TreePath]) {
    #expect(Reference.resolve(url, in: "p/a.html").indexCandidates == expected)
  }

  @Test(arguments: [
    ("/posts/x/?q#f", "posts/y/index.html", "../x/?q#f"), ("/", "index.html", "./"),
    ("/", "posts/y/index.html", "../../"),
    ("/posts/y/", "posts/y/index.html", "./"), ("/posts/y/#f", "posts/y/index.html", "./#f"),
    ("/?q", "index.html", "./?q"),
    ("/posts/y/a.png", "posts/y/index.html", "a.png"), ("/posts/y", "posts/y/index.html", "../y"),
    ("/a.css", "index.html", "a.css"),
    ("/a.css", "b/c/d.html", "../../a.css"), ("/a:b", "index.html", "./a:b"), ("/a:b/c", "index.html", "./a:b/c"),
    ("/a/b:c", "index.html", "a/b:c"), ("/a%20b/c", "a b/d.html", "c"), ("/%C3%A4/c", "ä/d.html", "c"),
    ("/ä/c", "ä/d.html", "c"),
    ("/a//b", "a/c.html", ".//b"), ("/ab/c", "a/d.html", "../ab/c"), ("/x?/a/b", "a/c.html", "../x?/a/b"),
    ("/x#a:b", "c.html", "x#a:b"),
    ("/posts/y.html", "posts/x.html", "y.html"),
  ])
  func relativizes(_ url: String, _ page: String, _ expected: String) throws {
    let page = try #require(TreePath(page))
    #expect(relativize(url, from: page) == expected)
    // Both mean the same.
    #expect(Reference.resolve(expected, in: page) == Reference.resolve(url, in: page))
  }

  @Test(arguments: ["x", "", "#f", "//host/x", "https://x/", "./x", "../x", "?q"])
  func leavesWhatIsNotRooted(_ url: String) {
    #expect(relativize(url, from: "a/b.html") == nil)
  }
}
