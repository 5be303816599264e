import Testing

@testable import Transport

@Suite struct JSONTests {
  @Test(arguments: [
    ("null", JSON.null), (" true ", .bool(true)), ("-0.5e+3", .number("-0.5e+3")), ("[]", .array([])),
    ("{}", .object([:])), ("[1, [\"a\"]]", .array([.number("1"), .array([.string("a")])])),
    ("{\"a\": 1, \"a\": 2}", .object(["a": .number("2")])),
    ("\"\\u00e9\\ud83d\\ude00\\n\\/\"", .string("é😀\n/")),
  ])
  func reads(_ text: String, _ value: JSON) throws {
    #expect(try JSON(Array(text.utf8)) == value)
  }

  @Test(arguments: ["{", "[1,", "\"abc", "{\"a\":", "tru", "-", "", "  ", "\"\\u00", "1."])
  func cutShort(_ text: String) {
    #expect(throws: JSON.Failure.cutShort) { try JSON(Array(text.utf8)) }
  }

  @Test(arguments: [
    "{a:1}", "[1,]", "01", "+1", "1 2", "\"\\x\"", "\"\u{1}\"", "nul!", "<html>", "{\"a\" 1}", "\"\\ud800x\"",
    "\"\\udc00\"",
    ".5", "[1}", "'a'",
  ])
  func malformed(_ text: String) {
    #expect(throws: JSON.Failure.malformed) { try JSON(Array(text.utf8)) }
  }

  @Test(
    arguments: [
      (
        "{\"a\": 1, \"list\": [1, \"x\", [2]], \"b\": [3]}",
        ["a": .number("1"), "list": .array([]), "b": .array([.number("3")])]
      ),
      ("{\"list\": []}", ["list": .array([])]),
      ("{\"list\": {\"list\": [1]}}", ["list": .object(["list": .array([.number("1")])])]),
      ("{}", [:]),
    ] as [(String, [String: JSON])])
  func longArrays(_ text: String, _ members: [String: JSON]) throws {
    var elements: [JSON] = []
    let read = try JSON.object(Array(text.utf8), elementsOf: "list") { elements.append($0) }
    #expect(read.object == .object(members))
    let array = read.array.map { String(decoding: Array(text.utf8)[$0], as: UTF8.self) }
    #expect(array == (members["list"] == .array([]) ? (elements.isEmpty ? "[]" : "[1, \"x\", [2]]") : nil))
    #expect(elements == (text.contains("x") ? [.number("1"), .string("x"), .array([.number("2")])] : []))
  }

  @Test(arguments: ["{\"list\": [1, 2", "{\"list\": [1}", "{\"list\": []} x"]) func brokenLongArrays(_ text: String) {
    #expect(throws: JSON.Failure.self) { try JSON.object(Array(text.utf8), elementsOf: "list") { _ in } }
  }

  @Test func depthIsLimited() throws {
    #expect(throws: JSON.Failure.malformed) { try JSON([UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)) }
    #expect(throws: JSON.Failure.malformed) { try JSON([0x22, 0xFF, 0x22]) }
  }

  @Test func escapes() throws {
    let text = "a\"b\\c\n\u{1}é😀"
    #expect(try JSON(Array("\"\(jsonEscaped(text))\"".utf8)) == .string(text))
  }

  @Test func wholeNumbers() {
    #expect(JSON.number("12").int == 12)
    #expect(JSON.string("25136").int == 25136)
    #expect(JSON.string("-1").int == nil && JSON.string("").int == nil && JSON.number("1.5").int == nil)
    #expect(JSON.number("99999999999999999999").int == nil)
  }
}

@Suite struct WebAddressTests {
  @Test(arguments: [
    ("https://Example.org", "https://example.org/"), ("http://a:80/x?y#z", "http://a/x?y"),
    ("https://[::1]:8443/a", "https://[::1]:8443/a"), ("HTTP://a:8080?q", "http://a:8080/?q"),
  ])
  func parses(_ text: String, _ whole: String) {
    #expect(WebAddress(text)?.text == whole)
  }

  @Test(arguments: [
    "", "ftp://a/", "https:/a", "https://", "https://a:0/", "https://a:99999/", "https://a:+1/", "https://a b/",
    "https://a/\r\nX: y", "https://é/", "//a/b", "https://a\\b", "https://:80/",
    "https://[::1", "https://::1]/", "https://[host]/", "https://a[::1]/",
  ])
  func refuses(_ text: String) {
    #expect(WebAddress(text) == nil)
  }

  @Test(arguments: [
    ("/x", "https://h:1/x"), ("x", "https://h:1/a/x"), ("../x", "https://h:1/x"), ("../../../x", "https://h:1/x"),
    ("./x?q", "https://h:1/a/x?q"), ("?q", "https://h:1/a/b?q"), ("//g/x", "https://g/x"), ("http://g", "http://g/"),
    ("x?u=a:b", "https://h:1/a/x?u=a:b"),
  ])
  func resolves(_ location: String, _ expected: String) throws {
    let base = try #require(WebAddress("https://h:1/a/b?c"))
    #expect(base.resolving(location)?.text == expected)
  }

  @Test(arguments: ["javascript:alert(1)", "ftp://g/", "", "https://a b"])
  func leadsNowhere(_ location: String) throws {
    let base = try #require(WebAddress("https://h/a"))
    #expect(base.resolving(location) == nil)
  }

  @Test func loopback() {
    let here = ["http://localhost:80", "http://127.0.0.1", "http://[::1]/", "http://a.localhost", "http://127.9.9.9"]
    for text in here { #expect(WebAddress(text)?.isLoopback == true, "\(text)") }
    for text in ["http://127.0.0.1.example.org", "http://localhost.org", "http://128.0.0.1", "http://127.0.0.x"] {
      #expect(WebAddress(text)?.isLoopback == false, "\(text)")
    }
  }

  @Test func messagesShowNoUserAndNoQuery() {
    #expect(withoutSecrets(url: "https://user:pass@h/a?token=x#y") == "https://h/a?…")
    #expect(throws: TransportError.self) { try BaseURL("https://user:pass@h") }
    #expect(throws: TransportError.self) { try BaseURL("https://h?key=x") }
  }

  @Test func baseURLs() throws {
    #expect(try BaseURL("https://Api.dstor.cloud/").description == "https://api.dstor.cloud")
    #expect(try BaseURL("http://127.0.0.1:8080/x//").description == "http://127.0.0.1:8080/x")
    #expect(try BaseURL("https://h/a/").appending("ipfs").description == "https://h/a/ipfs")
  }
}

@Suite struct SecretTests {
  @Test func neverShown() {
    let text = "MARKED-KEY"
    let secret = Secret(text)
    struct Holder { let secret: Secret }
    var dumped = ""
    dump(Holder(secret: secret), to: &dumped)
    let request = HTTPRequest(
      "POST", "https://h/?k=\(text)", headers: ["api-key": text], body: .bytes(Array(text.utf8)))
    dump(request, to: &dumped)
    dump(HTTPResponse(status: 200, headers: ["a": text], body: Array(text.utf8)), to: &dumped)
    for shown in [dumped, "\(secret)", secret.debugDescription, "\(request)", "\(request.headers)", "\(request.body)"] {
      #expect(!shown.contains(text))
    }
    #expect(secret.reveal() == text)
  }

  @Test func excerptsAreCleaned() {
    let redactor = Redactor([Secret("pass\"word é"), Secret("key")])
    #expect(redactor.excerpt("a pass\"word é b".utf8) == "a ‹secret› b")
    #expect(redactor.excerpt("a pass\\\"word é, pass%22word%20%C3%A9".utf8) == "a ‹secret›, ‹secret›")
    #expect(redactor.excerpt("x eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.c2lnbmF0dXJl y".utf8) == "x ‹secret› y")
    #expect(redactor.excerpt("\u{1B}[31mred\r\n\t\u{202E}x\0".utf8) == "[31mred x")
    #expect(redactor.excerpt([0xFF, 0x61, 0xC3]) == "a")
    // Across the border of what is shown.
    let long = String(repeating: "x", count: 198) + "pass\"word é"
    #expect(redactor.excerpt(long.utf8) == String(repeating: "x", count: 198) + "‹secret›")
    #expect(redactor.excerpt(String(repeating: "y", count: 300).utf8).count == 201)
  }
}
