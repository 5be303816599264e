import HTML
import Testing

/// New URLs are escaped for where they stand, and read back as themselves.
@Suite struct RewriteTests {
  @Test(arguments: [
    RewriteCase("<a href='x' id=1>t", "a?b&c\"d'e<", "<a href='a?b&amp;c\"d&#39;e&lt;' id=1>t"),
    RewriteCase("<a href=\"x\">", "a\"b'", "<a href=\"a&quot;b'\">"), RewriteCase("<a href=x>", "/y/", "<a href=/y/>"),
    RewriteCase("<a href=x>", "a b", "<a href=\"a b\">"), RewriteCase("<a href=x y>", "", "<a href=\"\" y>"),
    RewriteCase("<a href=x>", "a&b\"c", "<a href=\"a&amp;b&quot;c\">"), RewriteCase("<a href>", "x", "<a href=\"x\">"),
    RewriteCase("<a href/>", "x", "<a href=\"x\"/>"),
    RewriteCase("<a href id=y>", "x y", "<a href=\"x y\" id=y>"), RewriteCase("<a href=>", "x", "<a href=x>"),
    RewriteCase("<a href=' x '>", "y", "<a href=' y '>"),
    RewriteCase("<a href='x' href='z'>", "y", "<a href='y' href='z'>"),
    RewriteCase("<img srcset='a 1x, b'>", "x y,z,", "<img srcset='x%20y%2Cz%2C 1x, x%20y%2Cz%2C'>"),
    RewriteCase("<img srcset='a,b 1x'>", "data:,x", "<img srcset='data:,x 1x'>"),
    RewriteCase("<img srcset=a>", "b=c", "<img srcset=b&#61;c>"),
    RewriteCase("<p style=\"a:url(x)\">", "b c\"(d)&'", "<p style=\"a:url(b\\ c\\&quot;\\(d\\)&amp;\\')\">"),
    RewriteCase("<p style=\"a:url('x')\">", "b c\"'", "<p style=\"a:url('b c&quot;\\'')\">"),
    RewriteCase("<p style=\"a:url(&quot;x&quot;)\">", "y\"", "<p style=\"a:url(&quot;y\\&quot;&quot;)\">"),
    RewriteCase("<p style=a:url(x)>", "y z", "<p style=a:url(y\\&#32;z)>"),
    RewriteCase("<style>a{b:url(x)}</style>", "</style>&", "<style>a{b:url(\\3C /style>&)}</style>"),
    RewriteCase("<svg><style>a{b:url(x)}</style></svg>", "y?a&b", "<svg><style>a{b:url(y?a\\26 b)}</style></svg>"),
    RewriteCase(
      "<meta http-equiv=refresh content=\"0; url='x'\">", "a'b&c",
      "<meta http-equiv=refresh content=\"0; url='a%27b&amp;c'\">"),
    RewriteCase(
      "<script type=module>import '/x' // &amp;</script><a href=/x>", "y?a&b",
      "<script type=module>import './y?a&b' // &amp;</script><a href=y?a&amp;b>"),
    RewriteCase(
      "<script type=importmap>{\"imports\": {\"x\": \"\\/x\"}}</script>", "y\"<",
      "<script type=importmap>{\"imports\": {\"x\": \"./y\\\"\\u003C\"}}</script>"),
    RewriteCase("<a href=x><!-- <a href=x> --><b title=x>", "y", "<a href=y><!-- <a href=x> --><b title=x>"),
  ])
  func html(_ expected: RewriteCase) {
    #expect(Language.html.rewritten(expected.document, expected.new) == expected.expected)
  }

  @Test(arguments: [
    RewriteCase("a{b:url(x)}", "y z", "a{b:url(y\\ z)}"),
    RewriteCase("a{b:url( \"x\" )}", "y\"\\", "a{b:url( \"y\\\"\\\\\" )}"),
    RewriteCase("@import 'x' layer(y);", "z'", "@import 'z\\'' layer(y);"),
    RewriteCase("a{b:url()}", "y", "a{b:url(y)}"),
    RewriteCase("a{b:url(x)}", "y\n(", "a{b:url(y\\0A \\()}"),
    RewriteCase("@namespace 'x';/*url(x)*/a::b{content:'x'}", "y", "@namespace 'x';/*url(x)*/a::b{content:'x'}"),
  ])
  func css(_ expected: RewriteCase) {
    #expect(Language.css.rewritten(expected.document, expected.new) == expected.expected)
  }

  @Test(arguments: [
    RewriteCase("import a from './x'; b('./x')", "./y'.js", "import a from './y\\'.js'; b('./x')"),
    RewriteCase("import(\"/x\")", "\\", "import(\"./\\\\\")"),
    RewriteCase(
      "import '/x'; new URL('/x', import.meta.url)", "y.js", "import './y.js'; new URL('y.js', import.meta.url)"),
    RewriteCase("import '/x'", "../y.js", "import '../y.js'"),
    RewriteCase("import '/x'", "https://a.example/y", "import 'https://a.example/y'"),
    RewriteCase("import '/x'", "\u{1}</script>", "import './\\u0001\\u003C/script>'"),
  ])
  func module(_ expected: RewriteCase) {
    #expect(Language.module.rewritten(expected.document, expected.new) == expected.expected)
  }

  /// Wherever a URL can stand, any URL that is put there is found there again.
  @Test(arguments: [
    "<a href='x'>", "<a href=\"x\">", "<a href=x>", "<a href>", "<a href=>", "<p style='a:url(x)'>",
    "<p style=\"a:url('x')\">",
    "<p style=a:url(x)>", "<p style='a:url(&quot;x&quot;)'>", "<style>a{b:url(x)}</style>",
    "<style>@import \"x\";</style>",
    "<svg><style>a{b:url('x')}</style></svg>", "<svg><style><![CDATA[a{b:url(x)}]]></style></svg>",
    "<meta property=og:image content=x>", "<script type=module>new URL('x', import.meta.url)</script>",
    "<script type=module>new URL(\"x\", import.meta.url)</script>",
  ])
  func readsBack(_ document: String) {
    for new in [
      "/a/b", document.contains("<script") ? "a" : "", "a b", "a&b", "a&amp;b", "a&copy;b&lt", "\"'", "a'b\"c`d=e<f>g",
      "(a)", "a\\b", "\\", "</style>",
      "ä€😀", "a,b,", "]]>",
      "-->", "&#32;", "\\41 x", "{};",
    ] {
      let result = rewriteHTML(Array(document.utf8)) { _ in new }
      let text = String(decoding: result, as: UTF8.self)
      #expect(Language.html.found(in: result).map(\.url) == [new], "\(text)")
    }
  }
}
