import Testing

@testable import LocalNode

@Suite struct ContentSniffingTests {
  @Test(arguments: [
    ("<!DOCTYPE html><p>", "text/html"), ("  \n<HTML>", "text/html"), ("<p>x", "text/html"),
    ("<!-- x --><p>", "text/html"),
    ("<pre>", "text/plain; charset=utf-8"), ("<svg xmlns=''/>", "image/svg+xml"),
    ("<?xml version='1.0'?>\n<!-- <rss> -->\n<!DOCTYPE svg PUBLIC 'x'>\n<svg>", "image/svg+xml"),
    ("<?xml version='1.0'?><feed>", "application/atom+xml"), ("<?xml version='1.0'?><rss>", "application/rss+xml"),
    ("<?xml version='1.0'?><x>", "text/xml; charset=utf-8"), ("<?xml", "text/xml; charset=utf-8"),
    ("{\"a\": [1, true, \"}\\\"\"]}", "application/json"), ("[]", "application/json"),
    ("{} x", "text/plain; charset=utf-8"),
    ("{\"a\": ", "text/plain; charset=utf-8"), ("[1}", "text/plain; charset=utf-8"),
    ("{ color: red; }", "text/plain; charset=utf-8"), ("p { color: red }", "text/plain; charset=utf-8"),
    ("export const a = 1", "text/plain; charset=utf-8"), ("", "text/plain; charset=utf-8"),
    ("wOF2\0\u{1}", "application/octet-stream"), ("%PDF-1.7", "application/pdf"), ("GIF89a", "image/gif"),
    ("RIFF1234WEBP", "image/webp"), ("RIFF1234WAVE", "audio/wav"), ("RIFF1234xxxx", "text/plain; charset=utf-8"),
    ("a\0b", "application/octet-stream"), ("naïve €", "text/plain; charset=utf-8"), ("\u{feff}<html>", "text/html"),
  ])
  func texts(text: String, type: String) {
    #expect(ContentType.sniffed(Array(text.utf8)[...]) == type)
  }

  @Test(
    arguments: [
      ([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10], "image/png"), ([0xff, 0xd8, 0xff, 0xe0], "image/jpeg"),
      ([0, 0, 1, 0, 1, 0], "image/vnd.microsoft.icon"), ([0x1f, 0x8b, 8, 0], "application/gzip"),
      ([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], "application/wasm"), ([0, 0, 0, 32] + Array("ftypisom".utf8), "video/mp4"),
    ] as [([UInt8], String)])
  func bytes(bytes: [UInt8], type: String) {
    #expect(ContentType.sniffed(bytes[...]) == type)
  }

  @Test func longJSON() {
    let text = "[" + String(repeating: "\"aaaaaaaaaaaaaaaa\",", count: 1000)
    #expect(ContentType.sniffed(Array(text.utf8)[...]) == "application/json", "its beginning is all that is known")
    let deep = Array(String(repeating: "[", count: 100_000).utf8)
    #expect(ContentType.sniffed(deep[...]) == "application/json")
  }

  @Test(arguments: [
    ("a.css", "text/css; charset=utf-8"), ("A.HTML", "text/html"), ("a.tar.gz", "application/gzip"), ("noext", nil),
    ("a.unknown", nil), (".", nil), ("", nil), ("a.mjs", "text/javascript; charset=utf-8"),
  ])
  func names(name: String, type: String?) {
    #expect(ContentType.forName(name) == type)
  }

  @Test(arguments: [
    (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
    (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (-5, "Thu, 01 Jan 1970 00:00:00 GMT"),
    (.infinity, "Fri, 31 Dec 9999 23:59:59 GMT"),
  ])
  func dates(seconds: Double, text: String) {
    #expect(httpDate(seconds) == text)
  }

  @Test func jsonText() {
    let value = JSONValue.object([
      ("a\"\\", .string("\u{1}\n/é")), ("b", .array([.int(-1), .bool(true), .null])), ("c", .object([])),
    ])
    #expect(
      String(decoding: value.encoded, as: UTF8.self) == #"{"a\"\\":"\u0001\u000a/é","b":[-1,true,null],"c":{}}"#)
  }

  @Test(
    arguments: [
      ("/a/b?c=d&e=%20+%zz&c=2", "/a/b", "c=d&e=%20+%zz&c=2", "d", "  %zz"),
      ("http://h:1/p?c=1#f", "/p", "c=1", "1", nil),
      ("/?c", "/", "c", "", nil), ("/", "/", nil, nil, nil), ("http://h", "/", nil, nil, nil), ("", "", nil, nil, nil),
    ] as [(String, String, String?, String?, String?)])
  func targets(text: String, path: String, query: String?, c: String?, e: String?) {
    let target = RequestTarget(text)
    #expect(target.path == path)
    #expect(target.query == query)
    #expect(target["c"] == c)
    #expect(target["e"] == e)
  }
}
