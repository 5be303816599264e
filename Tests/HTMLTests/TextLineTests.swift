import HTML
import TestSupport
import Testing

@Suite struct TextLineTests {
  @Test(arguments: [
    ("", []), ("a  b\n c", ["a b c"]), ("<p>One</p><p>Two</p>", ["One", "Two"]),
    ("<p>H<b>el</b>lo <a href=\"x>y\">w</a>orld", ["Hello world"]), ("a<br>b", ["a", "b"]),
    ("<title>T &amp; U</title><script>no</script><style>no</style>x", ["T & U", "x"]),
    ("<pre>  a\n    b &lt;\n</pre> c ", ["  a", "    b <", "c"]), ("a<!-- b > <p> -->c", ["ac"]),
    ("<template><p>no</p></template><li>1<li>2", ["1", "2"]), ("1 < 2 <3", ["1 < 2 <3"]), ("x<p", ["x"]),
    ("<script>if (a </b) x</SCRIPT >y", ["y"]), ("<pre></pre></pre>a  b", ["a b"]),
    ("<td>1</td><td>&#x32;</td>", ["1", "2"]),
  ])
  func theTextOfDocuments(_ html: String, _ lines: [String]) {
    #expect(textLines(ofHTML: Array(html.utf8)) == lines)
  }

  @Test func anyBytesEnd() {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<200 {
      let bytes = (0..<400).map { _ in Array("<>/!-\"' aprescript\n&;".utf8).randomElement(using: &random) ?? 0 }
      _ = textLines(ofHTML: bytes)
    }
    for piece in ["<!--", "<a \"", "<script>", "</", "<pre>", "&"] {
      let many = Array(String(repeating: piece, count: 200_000).utf8)
      #expect(processorSeconds { _ = textLines(ofHTML: many) } < 20, "\(piece)")
    }
  }
}
