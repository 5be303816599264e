import Testing

@testable import OutsideLinks

@Suite struct HostNameTests {
  /// RFC 3492, section 7.1, and what Python's `punycode` says.
  @Test(arguments: [
    ("ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn"), ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"),
    ("3年B組金八先生", "3B-ww4c5e180e575a65lsy2b"), ("Pročprostěnemluvíčesky", "Proprostnemluvesky-uyb24dma41a"),
    ("-> $1.00 <-", "-> $1.00 <--"), ("bücher", "bcher-kva"), ("straße", "strae-oqa"), ("ü", "tda"),
    ("日本語", "wgv71a119e"), (String(repeating: "a", count: 40) + "é", String(repeating: "a", count: 40) + "-ftd"),
  ])
  func asTheNameSystemHasThem(_ label: String, _ expected: String) {
    #expect(punycode(label.unicodeScalars.map(\.value)) == expected)
  }

  @Test(arguments: [
    ("https://a.org/x?y#z", "https://a.org/x?y#z"), ("https://a.org/ä b?ö#ü", "https://a.org/%C3%A4%20b?%C3%B6#%C3%BC"),
    // CommonMark writes it with escapes.
    ("http://b%C3%BCcher.example:80/%C3%A4", "http://xn--bcher-kva.example:80/%C3%A4"),
    ("http://BÜCHER.example", "http://xn--bcher-kva.example"), ("https://a.例え.b?x", "https://a.xn--r8jz45g.b?x"),
    ("https://u@bücher.example/", "https://u@xn--bcher-kva.example/"),
    ("https://ex%61mple.org/", "https://example.org/"),
    ("https://a%2Fb.example/", "https://a%2Fb.example/"), ("https://%FF.example/", "https://%FF.example/"),
    ("http://[::1]:80/ä", "http://[::1]:80/%C3%A4"),
    ("/x?to=http://bücher.example", "/x?to=http://b%C3%BCcher.example"),
    ("//ä", "//%C3%A4"), ("ä", "%C3%A4"), ("", ""), ("http://", "http://"),
  ])
  func asBrowsersSendThem(_ url: String, _ expected: String) {
    #expect(encoded(url) == expected)
  }
}
