import Files
import Scaffold
import TestSupport
import Testing

/// Odd input ends in a site and its notes, within a time that grows with its size.
@Suite struct FuzzTests {
  private static let configurations: [(path: TreePath, text: String)] = [
    ("hugo.toml", "title = \"T\"\n"), ("config.toml", "base_url = \"https://z.example\"\n"),
    ("_config.yml", "title: T\nurl: https://j.example\n"),
  ]

  private static let pieces = [
    "{{", "}}", "{%", "%}", "{{<", ">}}", "{{%", "%}}", "{:", "}", "{::comment}", "{{/*", "*/}}", "{% raw %}",
    "{% endraw %}", "{% highlight ruby %}", "{% endhighlight %}", "{% comment %}", "{% endcomment %}",
    "{% for x in y %}",
    "{% endfor %}", "{% if x %}", "{% endif %}", "{% end %}", "{% quote(a=\"", "{{ ref \"", "{{< ref \"a.md\" >}}",
    "@/a.md", "](", ")", "`", "```", "~~~", "\n", "\n\n", "---\n", "+++\n", "title: x\n", "title = 1\n", "tags: [", "]",
    "\"", "'", "é", "\u{0}", "\\", "* TOC\n{:toc}\n", "## h\n{: #i}\n", "{{ site.baseurl }}",
    "{{ \"a\" | relative_url }}",
    "{% include a.html b=\"c\" %}", "{% link a.md %}", "{% post_url 2026-01-01-a %}", "date: 2026-1-1\n", "layout: x\n",
    "> ", "    ", "<!-- more -->", "<pre>", "</pre>", "{\"a\": ", "[x]\n", "a = \"\"\"", "'''", "#",
  ]

  @Test func convertersSurvive() throws {
    var random = SeededGenerator(seed: 7)
    for round in 0..<1200 {
      var text = ""
      if random.below(3) == 0 { text += ["---\n", "+++\n", "{"][random.below(3)] }
      for _ in 0..<random.below(40) { text += Self.pieces[random.below(Self.pieces.count)] }
      var bytes = Array(text.utf8)
      if random.below(4) == 0, !bytes.isEmpty { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
      let (path, configuration) = Self.configurations[round % 3]
      var site = FileTree()
      site[path] = .bytes(Array(configuration.utf8))
      site[["content/a.md", "_posts/2026-01-01-a.md", "a.html"][random.below(3)]] = .bytes(bytes)
      let migration = try migrate(site)
      #expect(migration.files.contains("site.yaml"))
    }
  }

  /// toml++ makes a table of each part, and goes down into them.
  @Test(arguments: ["a", "[a", "x = {a"]) func aKeyOfManyParts(_ start: String) {
    let text = "title = \"T\"\n" + start + String(repeating: ".a", count: 300_000) + " = 1\n"
    let site: FileTree = ["hugo.toml": "\(text)", "content/a.md": "text"]
    let error = #expect(throws: Diagnostic.self) { try migrate(site) }
    #expect(error?.message == "values nest too deeply" && error?.location?.line == 2)
  }

  @Test func configurationsSurvive() throws {
    var random = SeededGenerator(seed: 11)
    let words = [
      "title", "menu", "params", "[", "]", "{", "}", "=", ": ", "\n", "\"", "- ", "languages", "taxonomies", ".", "1",
      "permalinks", "collections", "defaults", "scope", "values", "&a ", "*a", "extra", "plugins", "true", "  ", "#",
    ]
    for round in 0..<600 {
      var text = ""
      for _ in 0..<random.below(30) { text += words[random.below(words.count)] }
      var site: FileTree = ["content/a.md": "text", "_posts/2026-01-01-a.md": "text"]
      site[["hugo.toml", "config.toml", "_config.yml", "hugo.yaml", "hugo.json"][round % 5]] = .bytes(Array(text.utf8))
      do {
        let migration = try migrate(site)
        #expect(migration.files.contains("site.yaml"))
      } catch let error as Diagnostic {
        #expect(error.location != nil)
      }
    }
  }

  @Test(arguments: [
    "{{< ", "{{<", "{{% x ", "{% ", "{{ ", "{%", "{:", "@/", "(@/", "`", "`` ` ", "{% raw %}", "{% for %}",
    "{% comment %}",
    "{% highlight x %}", "{% endhighlight %}", "\\", "![](", "![x](y){: z}", "{{/*", "> ", "<!--", "[", "{{< a >}}",
    "{% if %}{% endif %}", "# a\n{: .b}\n", "```\n", "~~~", "\n{:toc}", "{{ x | ", "{% include ", "<pre>", "a: ", "- ",
  ]) func timeIsLinear(_ piece: String) throws { try expectLinearTime("", piece, "") }

  /// Each of what begins finds the same end, far away.
  @Test(arguments: [
    ("", "{{ ", "}}"), ("", "{% ", "%}"), ("", "{{ {% ", "}} %}"), ("", "{{< a ", ">}}"), ("```\n", "{{< a ", ">}}"),
    ("```\n", "{{% a ", "%}}"), ("```\n", "{{< param ", ">}}"), ("```\n", "{{ ", "}}"), ("", "{{< ", ">}}"),
    ("", "{{ a(", ") }}"), ("", "{% a(b=", ") %}"), ("", "{:", "}"), ("", "@/", ")"),
  ]) func timeIsLinearToOneEnd(_ start: String, _ piece: String, _ end: String) throws {
    try expectLinearTime(start, piece, end)
  }

  private func expectLinearTime(_ opening: String, _ piece: String, _ end: String) throws {
    for (index, (path, configuration)) in Self.configurations.enumerated() {
      func time(_ count: Int) throws -> Double {
        var site = FileTree()
        site[path] = .bytes(Array(configuration.utf8))
        let text = Array(("---\ntitle: x\n---\n" + opening + String(repeating: piece, count: count) + end).utf8)
        site[index == 2 ? "_posts/2026-01-01-a.md" : "content/a.md"] = .bytes(text)
        return try processorSeconds { _ = try migrate(site) }
      }
      let size = 8_000 / piece.utf8.count
      let small = min(try time(size), try time(size))
      let large = min(try time(size * 4), try time(size * 4))
      // Four times as much takes four times as long; sixteen would be quadratic. Small times are noise.
      #expect(large < small * 10 + 0.02, "\(path): \(small) s, then \(large) s")
    }
  }
}

/// Maps of many keys are not looked through for each of them.
@Suite struct LargeMapTests {
  @Test(arguments: [
    ("i18n/en.yaml", "k%: text %\n"), ("config/_default/params.yaml", "k%: text %\n"),
    ("config/_default/menus.yaml", "m%: [{name: a, url: /}]\n"),
    ("config/_default/menus.toml", "[[main]]\nname = \"n%\"\nparent = \"n%\"\n"),
    ("_config.yml", "k%: text %\n"),
  ]) func timeIsLinear(_ path: TreePath, _ line: String) throws {
    func time(_ count: Int) throws -> Double {
      var site = FileTree()
      if path != "_config.yml" { site["hugo.toml"] = .bytes(Array("title = \"T\"\n[params]\nk1 = 1\n".utf8)) }
      let text = (0..<count).map { line.split(separator: "%").joined(separator: String($0)) }.joined()
      site[path] = .bytes(Array(text.utf8))
      return try processorSeconds { _ = try migrate(site) }
    }
    let small = min(try time(1_000), try time(1_000))
    let large = try time(4_000)
    #expect(large < small * 10 + 0.02, "\(small) s, then \(large) s")
  }
}
