import Files
import Testing

@Suite struct TreePathTests {
  @Test(arguments: [
    "a", "a/b", "a/b.txt", ".env", "a/.git/config", "über/日本語.md", "a b/c", "...", "a/..b", "a..", "a:b", "a/b?c#d",
  ])
  func isPath(_ text: String) throws {
    let path = try #require(TreePath(text))
    #expect(path.string == text)
    #expect(path.description == text)
  }

  @Test(arguments: [
    "", "/", "/a", "a/", "a//b", ".", "..", "./a", "a/.", "a/..", "../a", "a/../b", "a/./b", "a\\b", "a\0b", "//",
  ])
  func isNoPath(_ text: String) {
    #expect(TreePath(text) == nil)
  }

  @Test func parts() {
    let path: TreePath = "posts/hello.tar.gz"
    #expect(path.components == ["posts", "hello.tar.gz"])
    #expect(path.name == "hello.tar.gz")
    #expect(path.stem == "hello.tar")
    #expect(path.fileExtension == "gz")
    #expect(path.parent == "posts")
    #expect(("posts" as TreePath).parent == nil)
    #expect(path.appending("more/still") == "posts/hello.tar.gz/more/still")
    #expect(path.appending("../up") == nil)
    #expect(path.appending("") == nil)
  }

  @Test(arguments: [
    (".env", "", ".env"), ("a/.env", "", ".env"), ("a", "", "a"), ("a.", "", "a"), ("a.MD", "MD", "a"),
    (".a.b", "b", ".a"), ("a.b/c", "", "c"),
  ])
  func extensions(_ text: String, _ fileExtension: String, _ stem: String) throws {
    let path = try #require(TreePath(text))
    #expect(path.fileExtension == fileExtension)
    #expect(path.stem == stem)
  }

  @Test func inside() {
    let path: TreePath = "a/b/c"
    #expect(path.isInside("a"))
    #expect(path.isInside("a/b"))
    #expect(!path.isInside("a/b/c"))
    #expect(!path.isInside("a/b/c/d"))
    #expect(!path.isInside("a/bb"))
    #expect(!("ab/c" as TreePath).isInside("a"))
  }

  @Test(arguments: [
    (".env", true), ("a/.git/config", true), ("a/b.c", false), ("a.", false), (".well-known/x", true), ("...", true),
  ])
  func hidden(_ text: String, _ isHidden: Bool) throws {
    #expect(try #require(TreePath(text)).isHidden == isHidden)
  }

  /// UnixFS sorts by bytes; Swift's own order of text, and its equality, follow Unicode.
  @Test func orderIsThatOfBytes() throws {
    let sorted = ["B", "a", "a-b", "a.b", "a/b", "a0", "aa", "e\u{301}", "z", "é", "日", "😀"]
    var seed = Array(sorted.reversed())
    seed.swapAt(0, 5)
    let paths = try seed.map { try #require(TreePath($0)) }.sorted()
    #expect(paths.map(\.string) == sorted)
    let (composed, decomposed): (TreePath, TreePath) = ("\u{E9}", "e\u{301}")
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed, composed]).count == 2)
  }

  @Test(arguments: [
    ("style.css", "index.html", "style.css"),
    ("style.css", "posts/hello.html", "../style.css"),
    ("posts/a/index.html", "posts/b/index.html", "../a/index.html"),
    ("posts/a/index.html", "posts/a/index.html", "index.html"),
    ("posts/a/pic.png", "posts/a/index.html", "pic.png"),
    ("a/x", "a/b/c/d", "../../x"),
    ("a/b/c/d", "a/x", "b/c/d"),
    ("b/x", "a/b/x", "../../b/x"),
    ("a", "a/b", "../a"),
    ("über uns/a&b?.html", "index.html", "%C3%BCber%20uns/a%26b%3F.html"),
    ("a:b", "index.html", "./a:b"),
    ("a:b/c", "index.html", "./a:b/c"),
    ("a/b:c", "index.html", "a/b:c"),
    ("a:b", "x/index.html", "../a:b"),
    ("100%/x", "y", "100%25/x"),
  ])
  func references(_ target: String, _ page: String, _ reference: String) throws {
    #expect(try #require(TreePath(target)).reference(from: try #require(TreePath(page))) == reference)
  }

  @Test func urlEncoding() {
    #expect(("a b/é" as TreePath).urlEncoded == "a%20b/%C3%A9")
  }
}

@Suite struct PercentCodingTests {
  @Test(arguments: [
    ("abcXYZ019-._~/!$()*+,;=:@", "abcXYZ019-._~/!$()*+,;=:@"), ("a b", "a%20b"), ("%", "%25"), ("é", "%C3%A9"),
    ("'\"<>[]{}|\\^`?#&", "%27%22%3C%3E%5B%5D%7B%7D%7C%5C%5E%60%3F%23%26"), ("", ""), ("\0\u{7F}", "%00%7F"),
  ])
  func encoding(_ text: String, _ encoded: String) {
    #expect(percentEncoded(text) == encoded)
    #expect(percentDecoded(encoded) == text)
  }

  @Test(arguments: ["%", "%4", "%zz", "a%2", "%C3", "%FF", "%C3%28", "%ED%A0%80"])
  func malformed(_ text: String) { #expect(percentDecoded(text) == nil) }

  @Test(arguments: [("%c3%a9", "é"), ("a+b", "a+b"), ("%2F", "/"), ("%41%62", "Ab"), ("é%20", "é ")])
  func decoding(_ text: String, _ decoded: String) { #expect(percentDecoded(text) == decoded) }
}
