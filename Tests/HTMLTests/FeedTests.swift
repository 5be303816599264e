import HTML
import Testing

@Suite struct FeedTests {
  @Test(arguments: [
    FindCase("<link href='a&amp;b'/>", "link|a&b"), FindCase("<link> a </link>", "link|a"),
    FindCase("<link><![CDATA[a&b]]></link>", "link|a&b"), FindCase("<title>a</title>"),
    FindCase("<enclosure url=\"a.mp3\" length='1'/>", "media|a.mp3"), FindCase("<media:thumbnail url='a'/>", "image|a"),
    FindCase("<url><loc>a</loc></url>", "link|a"), FindCase("<image><url>a</url></image>", "image|a"),
    FindCase("<content type=\"html\">&lt;img src=\"a&amp;amp;b\"&gt;</content>", "image|a&b"),
    FindCase("<content type=\"text\">&lt;img src=a&gt;</content>"),
    FindCase("<content type='xhtml'><img src='a'/></content>", "media|a"), FindCase("<content src='a'/>", "link|a"),
    FindCase("<content:encoded><![CDATA[<a href=a>]]></content:encoded>", "link|a"),
    FindCase("<description>&lt;a href=a&gt;</description>", "link|a"), FindCase("<!-- <link href='a'/> -->"),
    FindCase("<logo>a</logo>", "icon|a"), FindCase("<link href=a"), FindCase("<link href='a"), FindCase("<link"),
    FindCase("<"),
  ])
  func urls(_ expected: FindCase) {
    #expect(Language.feed.found(in: expected.document) == expected.expected)
  }

  @Test(arguments: [
    RewriteCase("<link href='a' rel=\"b\"/>", "c&d'", "<link href='c&amp;d&#39;' rel=\"b\"/>"),
    RewriteCase("<link> a </link>", "b", "<link> b </link>"),
    RewriteCase(
      "<content type='html'>&lt;a href='a'&gt;x&amp;amp;</content>", "b",
      "<content type='html'>&lt;a href=&#39;b&#39;&gt;x&amp;amp;</content>"),
    RewriteCase(
      "<content type='html'>&lt;b&gt;&#233;</content>", "b", "<content type='html'>&lt;b&gt;&#233;</content>"),
    RewriteCase(
      "<content:encoded><![CDATA[<a href=a>é]]></content:encoded>", "b",
      "<content:encoded><![CDATA[<a href=b>é]]></content:encoded>"),
  ])
  func rewriting(_ expected: RewriteCase) {
    #expect(Language.feed.rewritten(expected.document, expected.new) == expected.expected)
  }

  @Test(arguments: [
    FindCase("{\"start_url\": \"a\", \"name\": \"b\"}", "link|a"),
    FindCase("{\"icons\": [{\"src\": \"a\\/b\"}, {\"src\" : \"c\"}]}", "image|a/b", "image|c"),
    FindCase("{\"content_html\": \"<img src=\\\"a\\\">\"}", "image|a"), FindCase("{\"x\": [\"src\", \"a\"]}"),
    FindCase("{\"url\": {\"a\": \"b\"}}"), FindCase("{\"url\": 1, \"x\": \"b\"}"), FindCase("{\"url\": \"a"),
    FindCase("{\"url\": \"\\ud83d\\ude00\"}", "link|😀"), FindCase("{\"url\": \"\\x\"}"),
  ])
  func manifests(_ expected: FindCase) {
    #expect(Language.json.found(in: expected.document) == expected.expected)
  }

  @Test func manifestIsRewritten() {
    let text = "{ \"start_url\" : \"a\",\n \"name\": \"é\" }"
    #expect(Language.json.rewritten(text, "b\"\\\n") == "{ \"start_url\" : \"b\\\"\\\\\\n\",\n \"name\": \"é\" }")
  }

  @Test func styleSheetsNameTheirSourceMap() {
    #expect(Language.css.found(in: "a{b:url(c)}\n/*# sourceMappingURL=x.map */\n") == ["cssURL|c", "sourceMap|x.map"])
    #expect(Language.css.found(in: "/*# sourceMappingURL=x.map */ a{b:url(c)}") == ["cssURL|c"])
  }
}

@Suite struct SetAsideTests {
  @Test(arguments: [
    RewriteCase("<a class=x href=\"a\">t</a>", "b", "<a class=x data-later-href=\"b\">t</a>"),
    RewriteCase("<a href = ' a '>", "b", "<a data-later-href = ' b '>"),
    RewriteCase("<a HREF=a>", "b", "<a data-later-HREF=b>"),
    RewriteCase("<iframe src=a></iframe>", "b c", "<iframe data-later-src=\"b c\"></iframe>"),
    RewriteCase(
      "<meta http-equiv=refresh content=\"0; url=a\">", "b", "<meta http-equiv=refresh data-later-content=\"0; url=b\">"
    ),
    RewriteCase(
      "<meta name=x content=y><meta http-equiv=refresh content\n= \"0; url=a\">", "b",
      "<meta name=x content=y><meta http-equiv=refresh data-later-content\n= \"0; url=b\">"),
    RewriteCase("<meta http-equiv=refresh content='0;a'>", "b", "<meta http-equiv=refresh data-later-content='0;b'>"),
    RewriteCase("<svg><a xlink:href='a'/></svg>", "b", "<svg><a data-later-xlink:href='b'/></svg>"),
  ])
  func attributeIsRenamed(_ expected: RewriteCase) {
    let bytes = editHTML(Array(expected.document.utf8)) { _ in .setAside(expected.new) }
    #expect(String(decoding: bytes, as: UTF8.self) == expected.expected)
  }

  @Test func restIsKept() {
    let document = "<a href=a><a href=b><a href=c>"
    let bytes = editHTML(Array(document.utf8)) {
      $0.url == "a" ? .keep : $0.url == "b" ? .setAside("x") : .replace("y")
    }
    #expect(String(decoding: bytes, as: UTF8.self) == "<a href=a><a data-later-href=x><a href=y>")
  }
}
