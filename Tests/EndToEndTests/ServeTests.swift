import Foundation
import Testing

/// `colophon serve`, as a browser sees it.
@Suite struct ServeTests {
  /// A site that is being served.
  private struct Served {
    let sandbox: Sandbox
    let process: Running
    let url: String

    init(_ sandbox: Sandbox, _ arguments: String...) throws {
      self.sandbox = sandbox
      process = try sandbox.startColophon(["serve", "site", "--port", "0", "--json"] + arguments, limit: 120)
      let running = process
      url = try #require(
        poll { () -> String? in
          guard let start = running.output.range(of: "{\"url\":\"") else { return nil }
          return running.output[start.upperBound...].split(separator: "\"").first.map(String.init)
        }, "\(running.errors)\(running.output)")
    }

    func get(_ path: String, _ more: String...) throws -> (status: String, head: String, body: String) {
      let outcome = try sandbox.run(
        ["curl", "-q", "-s", "--noproxy", "*", "--max-time", "10", "-i", "-w", "\n%{http_code}"] + more + [url + path])
      let parts = outcome.output.components(separatedBy: "\r\n\r\n")
      let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
      return (String(lines.last ?? ""), parts[0].lowercased(), parts.dropFirst().joined(separator: "\r\n\r\n"))
    }

    /// Asks until the page has `text`.
    func shows(_ text: String, at path: String) throws -> Bool {
      try poll { try get(path).body.contains(text) ? true : nil } ?? false
    }
  }

  private func site() throws -> Sandbox {
    let sandbox = try Sandbox()
    try sandbox.write("---\ntitle: Start\n---\nHello.\n", to: "site/content/_index.md")
    try sandbox.write("---\ntitle: One\ndate: 2026-01-01\n---\nFirst text.\n", to: "site/content/posts/one.md")
    try sandbox.write("---\ntitle: Two\ndraft: true\n---\nNot yet.\n", to: "site/content/posts/two.md")
    return sandbox
  }

  @Test func savesAreShown() throws {
    let sandbox = try site()
    defer { sandbox.close() }
    let served = try Served(sandbox)
    let page = try served.get("/posts/one/")
    #expect(page.status == "200")
    #expect(page.head.contains("content-type: text/html; charset=utf-8"))
    #expect(page.body.contains("First text."))
    #expect(page.body.contains("/.colophon/preview.js"))
    #expect(try served.get("/.colophon/preview.js").head.contains("text/javascript"))
    #expect(try served.get("/theme.css").head.contains("text/css"))
    let moved = try served.get("/posts/one?q=a%20b")
    #expect(moved.status == "301" && moved.head.contains("location: /posts/one/?q=a%20b"), "\(moved.head)")
    let missing = try served.get("/nothing/here")
    #expect(missing.status == "404" && missing.body.contains("<head><base href=\"/\">"))
    #expect(missing.body.contains("Page not found"))
    #expect(try served.get("/posts/two/").status == "404")
    // What the preview adds is in the answer alone, and the site's own output is left alone.
    #expect(try !sandbox.readText("site/.colophon/preview/posts/one/index.html").contains("preview.js"))
    #expect(!sandbox.files(below: "site").contains { $0.hasPrefix("public/") })
    // A body, a title, a new page, a template, a file that goes.
    try sandbox.write("---\ntitle: One\ndate: 2026-01-01\n---\nSecond text.\n", to: "site/content/posts/one.md")
    #expect(try served.shows("Second text.", at: "/posts/one/"))
    try sandbox.write("---\ntitle: Uno\ndate: 2026-01-01\n---\nSecond text.\n", to: "site/content/posts/one.md")
    #expect(try served.shows("Uno", at: "/posts/"))
    try sandbox.write("---\ntitle: Three\n---\n", to: "site/content/deep/er/three.md")
    #expect(try served.shows("Three", at: "/deep/er/three/"))
    try sandbox.write("<footer>my own</footer>", to: "site/templates/partials/footer.html")
    #expect(try served.shows("my own", at: "/posts/one/"))
    try FileManager.default.removeItem(atPath: sandbox.path("site/content/deep/er/three.md"))
    #expect(try poll { try served.get("/deep/er/three/").status == "404" ? true : nil } == true)
    #expect(served.process.terminate() == 0)
    // The next one goes on from there.
    #expect(sandbox.files(below: "site/.colophon").contains { $0.hasSuffix(".cache") })
  }

  /// Players search a film by asking for parts of it.
  @Test func partsOfFiles() throws {
    let sandbox = try site()
    defer { sandbox.close() }
    try sandbox.write("0123456789", to: "site/static/film.txt")
    try sandbox.write(String(repeating: "abcdefghij", count: 100_000), to: "site/static/long.txt")
    let served = try Served(sandbox)
    let whole = try served.get("/film.txt")
    #expect(whole.status == "200" && whole.head.contains("accept-ranges: bytes"))
    let part = try served.get("/film.txt", "-H", "Range: bytes=2-4")
    #expect(part.status == "206" && part.head.contains("content-range: bytes 2-4/10"))
    #expect(part.body.hasPrefix("234\n"))
    let behind = try served.get("/film.txt", "-H", "Range: bytes=10-")
    #expect(behind.status == "416" && behind.head.contains("content-range: bytes */10"))
    let long = try served.get("/long.txt", "-H", "Range: bytes=5-")
    #expect(long.status == "206" && long.head.contains("content-length: 999995"))
    #expect(long.body.hasPrefix("fghijabc") && long.body.utf8.count == 999_995 + "\n206".utf8.count)
  }

  /// A page whose time comes is shown, though nobody has saved a file.
  @Test func theClockBringsPages() throws {
    let sandbox = try site()
    defer { sandbox.close() }
    let format = ISO8601DateFormatter()
    format.timeZone = TimeZone(secondsFromGMT: 3600)
    let (soon, later) = (format.string(from: Date() + 8), format.string(from: Date() + 10))
    try sandbox.write("---\ntitle: Soon\npublishDate: \(soon)\n---\nIt is time.\n", to: "site/content/soon.md")
    try sandbox.write("---\nexpiryDate: \(later)\n---\nIt was time.\n", to: "site/content/gone.md")
    let served = try Served(sandbox)
    #expect(try served.get("/gone/").status == "200")
    #expect(try served.shows("It is time.", at: "/soon/"))
    #expect(try poll { try served.get("/gone/").status == "404" ? true : nil } ?? false)
  }

  @Test func errorsAreShownAndTheLastGoodBuildStays() throws {
    let sandbox = try site()
    defer { sandbox.close() }
    let served = try Served(sandbox, "--drafts")
    #expect(try served.get("/posts/two/").body.contains("Not yet."))
    let events = try sandbox.start(
      ["curl", "-q", "-sN", "--noproxy", "*", "--max-time", "60", served.url + "/.colophon/events"], limit: 60)
    #expect(poll { events.output.contains("\"problems\":null") ? true : nil } == true)
    try sandbox.write("---\ntitle: One\n---\n[gone](gone.md)\n", to: "site/content/posts/one.md")
    #expect(poll { events.output.contains("content/posts/one.md:4:8: error:") ? true : nil } == true)
    #expect(try served.get("/posts/one/").body.contains("First text."))
    #expect(served.process.isRunning)
    try sandbox.write("---\ntitle: One\n---\nMended.\n", to: "site/content/posts/one.md")
    #expect(poll { events.output.hasSuffix("\"styles\":false,\"problems\":null}\n\n") ? true : nil } == true)
    #expect(try served.shows("Mended.", at: "/posts/one/"))
    try sandbox.write("body { color: red }\n", to: "site/static/mine.css")
    #expect(poll { events.output.contains("\"styles\":true") ? true : nil } == true)
  }

  /// What a checkout takes away it soon brings back, and it may begin with a site that has errors.
  @Test func aSiteThatGoesAwayComesBack() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("[gone](gone.md)\n", to: "site/content/_index.md")
    let served = try Served(sandbox)
    try FileManager.default.removeItem(atPath: sandbox.path("site/content"))
    #expect(poll { served.process.output.contains("is no site") ? true : nil } == true, "\(served.process.output)")
    try sandbox.write("Here again.\n", to: "site/content/_index.md")
    #expect(try served.shows("Here again.", at: "/"))
    for line in served.process.output.split(separator: "\n") { #expect(line.hasPrefix("{") && line.hasSuffix("}")) }
  }

  @Test func anErrorAtTheStartIsOneLineToo() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let outcome = try sandbox.colophon("serve", "nowhere", "--json")
    #expect(outcome.status == 1 && outcome.output.hasPrefix("{\"error\":{"), "\(outcome.output)")
    #expect(outcome.output.split(separator: "\n").count == 1)
  }

  @Test func ofThisMachineAndItsFolderAlone() throws {
    let sandbox = try site()
    defer { sandbox.close() }
    let served = try Served(sandbox)
    try sandbox.write("secret", to: "site/secret.txt")
    for path in ["/../secret.txt", "/%2e%2e/%2e%2e/secret.txt", "/.colophon-output", "/.colophon/build.lock"] {
      #expect(try served.get(path, "--path-as-is").status == "404", "\(path)")
    }
    #expect(try served.get("/", "-H", "Host: evil.example").status == "403")
    #expect(try served.get("/", "-H", "Host: localhost:1").status == "200")
    #expect(try served.get("/", "-X", "POST").status == "405")
    #expect(try served.get("/", "-I").status == "200")
    let events = try served.get("/.colophon/events", "-I")
    #expect(events.status == "405")
    #expect(events.head.components(separatedBy: "\r\n").contains("allow: get"), "\(events.head)")
    // The same port again.
    let port = String(served.url.split(separator: ":").last ?? "")
    let second = try sandbox.colophon("serve", "site", "--port", port)
    #expect(second.status == 2)
    #expect(second.errors.contains("--port"))
  }
}

/// A build that is killed leaves an output that is whole, and the next one is right.
@Suite struct KilledBuildTests {
  /// `KILLS=300` for that many; the ordinary run takes some.
  private static let kills = Int(ProcessInfo.processInfo.environment["KILLS"] ?? "") ?? 8

  @Test func atAnyMoment() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    for number in 0..<40 {
      try sandbox.write(
        "---\ntitle: Post \(number)\ndate: 2026-01-01\ntags: [a, b]\n---\nText \(number).\n",
        to: "site/content/posts/p\(number).md")
    }
    #expect(try sandbox.colophon("build", "site").status == 0)
    let clock = ContinuousClock()
    let start = clock.now
    #expect(try sandbox.colophon("build", "site", "--output", "other").status == 0)
    let length = (clock.now - start) / .microseconds(1)
    var random = SystemRandomNumberGenerator()
    for round in 0..<Self.kills {
      // A few files, or all of them.
      if round % 3 == 2 {
        try sandbox.write("<footer>\(round)</footer>", to: "site/templates/partials/footer.html")
      } else {
        try sandbox.write(
          "---\ntitle: Changed \(round)\ndate: 2026-01-01\ntags: [a]\n---\nText \(round).\n",
          to: "site/content/posts/p\(round % 40).md")
      }
      let before = try contents(sandbox, "site/public")
      let process = try sandbox.startColophon(["build", "site"])
      usleep(UInt32(Double(length) * Double.random(in: 0...1, using: &random)))
      process.kill()
      let after = try contents(sandbox, "site/public")
      #expect(sandbox.files(below: "site/public").contains("index.html"))
      #expect(try sandbox.colophon("build", "site").status == 0)
      try? FileManager.default.removeItem(atPath: sandbox.path("clean"))
      #expect(try sandbox.colophon("build", "site", "--output", "clean").status == 0)
      let clean = try contents(sandbox, "clean")
      #expect(try contents(sandbox, "site/public") == clean, "round \(round)")
      // Each file was the old one or the new one, whole.
      for (path, bytes) in after { #expect(bytes == before[path] || bytes == clean[path], "\(path), round \(round)") }
    }
  }

  private func contents(_ sandbox: Sandbox, _ folder: String) throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for path in sandbox.files(below: folder) where !path.hasPrefix(".") {
      contents[path] = try sandbox.read(folder + "/" + path)
    }
    return contents
  }
}
