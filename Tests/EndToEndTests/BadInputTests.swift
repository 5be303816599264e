import Foundation
import Testing

/// What must not get out does not: the place is named, and nothing is sent.
@Suite struct BadInputTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    /// Where on the page, as `line:column`.
    var place: String
    var says: String
    var testDescription: String { text }
  }

  static let cases = [
    Case(text: "a ![p](../../etc/passwd)", place: "5:8", says: "../../etc/passwd"),
    Case(text: "![p](../../../../../../../../etc/passwd)", place: "5:6", says: "passwd"),
    Case(text: "![p](..%2f..%2fetc/passwd)", place: "5:6", says: "passwd"),
    Case(text: "![p](%2e%2e/%2e%2e/etc/passwd)", place: "5:6", says: "passwd"),
    Case(text: "[p](/etc/passwd)", place: "5:5", says: "/etc/passwd"),
    Case(text: "![p](.env)", place: "5:6", says: ".env"),
    Case(text: "[p](.git/config)", place: "5:5", says: ".git/config"),
    Case(text: "![p](out.png)", place: "5:6", says: "out.png"),
    Case(text: "![p](folder-out/passwd)", place: "5:6", says: "passwd"),
    Case(text: "<img src=\"../../etc/passwd\" alt=\"p\">", place: "5:11", says: "passwd"),
    Case(text: "text\n<img src='.env' alt='p'>", place: "6:11", says: ".env"),
    Case(text: "[p](missing.md)", place: "5:5", says: "missing.md"),
    Case(text: "![p](picture.pgn)", place: "5:6", says: "did you mean"),
  ]

  @Test(arguments: cases) func isRefusedWithItsPlace(_ bad: Case) throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("---\ntitle: Front\n---\n\n\(bad.text)\n", to: "site/content/_index.md")
    try sandbox.write("SECRET=do-not-publish", to: "site/content/.env")
    try sandbox.write("SECRET=do-not-publish", to: "site/content/.git/config")
    try sandbox.write(onePixel, to: "site/content/picture.png")
    try sandbox.write(onePixel, to: "outside.png")
    let links = [("out.png", "../../outside.png"), ("folder-out", "/etc")]
    for (name, target) in links {
      try FileManager.default.createSymbolicLink(
        atPath: sandbox.path("site/content/" + name), withDestinationPath: target)
    }
    let node = try sandbox.node()
    let proxy = try sandbox.proxy(to: node.url)
    let outcome = try sandbox.colophon(
      "publish", "site", "--json", environment: ["COLOPHON_API": proxy.url, "DSTOR_API_KEY": node.key])
    #expect(outcome.status == 1)
    let first = outcome.errors.split(separator: "\n").first.map(String.init) ?? ""
    #expect(first.hasPrefix("site/content/_index.md:\(bad.place): error: "), "\(outcome.errors)")
    #expect(outcome.errors.contains(bad.says), "\(outcome.errors)")
    // The line itself is shown, what it leads to is not.
    #expect(outcome.errors.contains("| "))
    #expect(!outcome.errors.contains("root:") && !outcome.errors.contains("do-not-publish"))
    #expect(try proxy.asked().isEmpty)
    #expect(!FileManager.default.fileExists(atPath: sandbox.path("site/public")))
  }

  @Test func whatIsNotReferredToStaysHomeToo() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("hello\n", to: "site/content/_index.md")
    for folder in ["content", "static", "assets"] {
      for name in [".env", ".git/config", "sub/.htpasswd"] {
        try sandbox.write("do-not-publish", to: "site/\(folder)/\(name)")
      }
      try sandbox.write("do-not-publish", to: "outside.txt")
      try FileManager.default.createSymbolicLink(
        atPath: sandbox.path("site/\(folder)/link.txt"), withDestinationPath: "../../outside.txt")
    }
    let built = try sandbox.colophon("build", "site")
    #expect([0, 1].contains(built.status))
    for file in sandbox.files(below: "site/public") {
      #expect(try sandbox.read("site/public/" + file).range(of: Data("do-not-publish".utf8)) == nil, "\(file)")
    }
  }

  /// A build with errors leaves the output of the one before.
  @Test func aFailedBuildLeavesTheLastOne() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("one\n", to: "site/content/_index.md")
    #expect(try sandbox.colophon("build", "site").status == 0)
    let before = try sandbox.read("site/public/index.html")
    try sandbox.write("two [x](gone.md)\n", to: "site/content/_index.md")
    #expect(try sandbox.colophon("build", "site").status == 1)
    #expect(try sandbox.read("site/public/index.html") == before)
  }

  @Test func strangeContentIsNoCrash() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let strange: [(String, Data)] = [
      ("empty", Data()), ("invalid", Data([0x23, 0x20, 0xFF, 0xFE, 0x0A])), ("nul", Data("a\0b\n".utf8)),
      ("open", Data("---\ntitle: never closed\n".utf8)), ("bom", Data("\u{FEFF}---\ntitle: x\n---\ny\n".utf8)),
      ("quotes", Data(String(repeating: ">", count: 10_000).utf8) + Data("\n".utf8)),
      ("brackets", Data(String(repeating: "[", count: 50_000).utf8)),
      ("long", Data(String(repeating: "word ", count: 100_000).utf8)),
      ("crlf", Data("---\r\ntitle: x\r\n---\r\ny\r\n".utf8)),
    ]
    for (name, bytes) in strange {
      let site = "sites/\(name)"
      try sandbox.write("front\n", to: site + "/content/_index.md")
      try sandbox.write(bytes, to: site + "/content/\(name).md")
      let outcome = try sandbox.colophon("build", site, limit: 30)
      #expect(outcome.status == 0 || outcome.status == 1, "\(name): \(outcome.status)")
      if outcome.status == 1 {
        #expect(outcome.errors.hasPrefix("\(site)/content/\(name).md:"), "\(name): \(outcome.errors.prefix(300))")
      }
    }
  }
}
