import HTML
import Testing

/// Where tags begin and end, what attributes hold, and how characters are written.
@Suite struct TokenTests {
  @Test(arguments: [
    FindCase("<!-- <a href=x> --><a href=y>", "link|y"), FindCase("<!--><a href=y>", "link|y"),
    FindCase("<!---><a href=y>", "link|y"), FindCase("<!----><a href=y>", "link|y"),
    FindCase("<!--x--!><a href=y>", "link|y"), FindCase("<!--!><a href=x>--><a href=y>", "link|y"),
    FindCase("<!--x-><a href=x>--><a href=y>", "link|y"), FindCase("<!--- --><a href=y>", "link|y"),
    FindCase("<!-- <a href=x>"), FindCase("<!doctype html 'a>b'><a href=y>", "link|y"),
    FindCase("<!x <a href=x><a href=y>", "link|y"), FindCase("<?php <a href=x><a href=y>", "link|y"),
    FindCase("</ <a href=x><a href=y>", "link|y"), FindCase("</><a href=y>", "link|y"),
    FindCase("< a href=x><a href=y>", "link|y"), FindCase("<<a href=y>", "link|y"), FindCase("a<b<a href=y>"),
    FindCase("<1 href=x><a href=y>", "link|y"), FindCase("</p title='<a href=x>'><a href=y>", "link|y"),
    FindCase("<![CDATA[><a href=x>]]><a href=y>", "link|x", "link|y"),
    FindCase("<![CDATA[ <x ]]><a href=y>", "link|y"),
    FindCase("<svg><![CDATA[<a href=x>]]><a href=y></svg>", "link|y"),
    FindCase("<svg><desc><![CDATA[><a href=x>]]></desc><![CDATA[><a href=y>]]></svg>", "link|x"),
    FindCase("<svg><p><![CDATA[><a href=x>]]>", "link|x"), FindCase("<svg/><![CDATA[><a href=x>]]>", "link|x"),
    FindCase("<svg><title><a href=x></title><style><a href=y></style></svg>", "link|x"),
  ])
  func markup(_ expected: FindCase) {
    #expect(Language.html.found(in: expected.document) == expected.expected)
  }

  @Test(arguments: [
    FindCase("<script><a href=x></script><a href=y>", "link|y"),
    FindCase("<SCRIPT><a href=x></Script ><a href=y>", "link|y"),
    FindCase("<script></scripts><a href=x></script><a href=y>", "link|y"),
    FindCase("<script><!--<script></script><a href=x>--></script><a href=y>", "link|y"),
    FindCase("<script><!--<script></script><a href=x></script><a href=y>", "link|y"),
    FindCase("<script><!--</script><a href=y>", "link|y"),
    FindCase("<script><!--><script></script><a href=y>", "link|y"),
    FindCase("<script/><a href=x></script><a href=y>", "link|y"), FindCase("<script><a href=x>"),
    FindCase("<style><a href=x></style><a href=y>", "link|y"),
    FindCase("<title><a href=x></title><a href=y>", "link|y"),
    FindCase("<textarea><a href=x></textarea><a href=y>", "link|y"),
    FindCase("<xmp><a href=x></xmp><a href=y>", "link|y"),
    FindCase("<iframe><a href=x></iframe><a href=y>", "link|y"),
    FindCase("<noembed><a href=x></noembed><a href=y>", "link|y"),
    FindCase("<noframes><a href=x></noframes><a href=y>", "link|y"),
    FindCase("<plaintext><a href=x></plaintext><a href=y>"),
    FindCase("<noscript><img src=x></noscript>", "image|x"), FindCase("<template><img src=x></template>", "image|x"),
    FindCase("<textarea></textarea x='>'><a href=y>", "link|y"), FindCase("<title></title"),
  ])
  func rawText(_ expected: FindCase) {
    #expect(Language.html.found(in: expected.document) == expected.expected)
  }

  @Test(arguments: [
    FindCase("<a class=\"x\" href=\"y\">", "link|y"), FindCase("<a class=\"x\"href=y>", "link|y"),
    FindCase("<a class=\"href=x>'\" href=y>", "link|y"), FindCase("<a class='\"' href=y>", "link|y"),
    FindCase("<a CLASS=\"x\" class=\"x\" href=y>", "link|y"), FindCase("<a class=\"x href=\"y\">"),
    FindCase("<a class=\"x><a href=y>"), FindCase("<a href=y class=\"x\">", "link|y"),
    FindCase("<a href=y class=\"\">", "link|y"),
    FindCase("<a subclass=\"x\" href=y>", "link|y"), FindCase("<p><b class=\""), FindCase("<p><i><a href=y>", "link|y"),
    FindCase("<a href = 'x' >", "link|x"), FindCase("<a\nhref\t=\r\"x\">", "link|x"),
    FindCase("<a/href=x/>", "link|x/"),
    FindCase("<a href='x'href='y'>", "link|x"), FindCase("<a href href=y>", "link|"), FindCase("<a href>", "link|"),
    FindCase("<a href=>", "link|"), FindCase("<a href=''>", "link|"), FindCase("<a href='  '>", "link|"),
    FindCase("<a =href=x>"), FindCase("<a = href=x>", "link|x"),
    FindCase("<a x=y=z href=a\"b'c`d=e<f>", "link|a\"b'c`d=e<f"),
    FindCase("<a title='>' href=x>", "link|x"), FindCase("<a title=\"'\" href='\"'>", "link|\""), FindCase("<a href=x"),
    FindCase("<a href='x'"), FindCase("<a href='x"), FindCase("<a hre\0f=x \0href=y>"),
    FindCase("<a href='x\0y'>", "link|x\u{FFFD}y"),
    FindCase("<a href=' \t/a\n/b \u{1}'>", "link|/a/b"), FindCase("<a href='a b'>", "link|a b"),
    FindCase("<img/src=x>", "image|x"), FindCase("<aa href=x>"),
  ])
  func attributes(_ expected: FindCase) {
    #expect(Language.html.found(in: expected.document) == expected.expected)
  }

  @Test(arguments: [
    ("?a&amp;b", "?a&b"), ("?a&ampb", "?a&ampb"), ("?a&amp", "?a&"), ("?a&amp=b", "?a&amp=b"), ("?a&b", "?a&b"),
    ("?a=1&copy=2", "?a=1&copy=2"), ("?a&copy;", "?a©"), ("?a&copy", "?a©"), ("&lt;&gt;&quot;&apos;", "<>\"'"),
    ("&#x2F;a&#47;b", "/a/b"), ("&#X2f&#47x", "//x"),
    ("a&#0;&#xD800;&#x110000;&#99999999999999999999;", "a\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
    ("&#;&#x;&", "&#;&#x;&"), ("&#128;", "€"), ("a&nbsp;b", "a\u{A0}b"), ("&colon;&sol;", ":/"),
    ("&yuml;&Agrave;", "ÿÀ"),
    ("&Tab;a&NewLine;b", "ab"), ("&unknown;", "&unknown;"), ("&#32;a&#32;", "a"), ("ä/ö", "ä/ö"),
    ("&AMP;&amp;amp;", "&&amp;"),
  ])
  func characterReferences(_ written: String, _ meant: String) {
    #expect(Language.html.found(in: "<a href=\"\(written.replacing("\"", with: ""))\">") == ["link|\(meant)"])
  }

  @Test func invalidUTF8IsRepairedInTheTextOnly() {
    let document = Array("<a href='".utf8) + [0xFF, 0xC3] + Array("'>".utf8)
    #expect(Language.html.found(in: document).map(\.url) == ["\u{FFFD}\u{FFFD}"])
    #expect(rewriteHTML(document) { _ in nil } == document)
  }

  @Test func rangesHoldTheTextAsWritten() {
    let document =
      "<a href=' /a?b&amp;c '><img srcset='x 1x, y&amp;z 2x' style=\"a:url( 'q\\000041 ' )\"><style>@import \"i\";</style>"
    let bytes = Array(document.utf8)
    let texts = Language.html.found(in: bytes).map { String(decoding: bytes[$0.range], as: UTF8.self) }
    #expect(texts == ["/a?b&amp;c", "x", "y&amp;z", "q\\000041 ", "i"])
  }
}
