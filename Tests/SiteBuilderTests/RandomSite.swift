import Files
import TestSupport

/// A site that changes by chance: it knows what its files are, and writes those that an edit touches.
struct RandomSite {
  private var seed: SeededGenerator
  /// All files of the site, by path.
  private(set) var files: [String: [UInt8]] = [:]
  private var posts: [String: Post] = [:]
  private var configuration = Configuration()
  private var number = 0

  private struct Post {
    var title: String
    var tags: [String]
    var date: String?
    var extra: [String] = []
    var paragraphs: [String]
  }

  private struct Configuration {
    var title = "A site"
    var url = ""
    var pageSize = 3
    var feeds = "[atom]"
    /// Further lines of it, by the key that they begin with.
    var more: [String: String] = [:]
  }

  /// Everything that a configuration switches on, at once.
  static let everything = [
    "url: https://all.example", "languages: [en, de]", "search: true", "llms: true", "minify: true", "integrity: true",
    "archives: month", "related: {count: 2}", "images: {responsive: true, widths: [20, 40], format: png}",
    "social_cards: true", "manifest: {name: App, icons: [/img/0.png]}", "menus: {main: [{name: Posts, url: /}]}",
    "feed_content: full",
  ]

  /// - Parameter features: lines of the configuration.
  init(seed: UInt64, features: [String] = []) {
    self.seed = SeededGenerator(seed: seed)
    for line in features { configuration.more[String(line.prefix { $0 != ":" })] = line }
    if !features.isEmpty { configuration.feeds = "[atom, rss, json]" }
    files["static/style.css"] = Array("body { background: url(/img/0.png) }\n".utf8)
    for index in 0..<3 { files["static/img/\(index).png"] = png() }
    files["static/app.js"] = script()
    files["data/places.csv"] = Array("name,place\nAda,London\n".utf8)
    files["data/team.yaml"] = Array("- {name: Ada}\n- {name: Bob}\n".utf8)
    files["templates/shortcodes/newest.html"] = Array(
      "<ul>{% for post in site.posts | limit(2) %}<li>{{ post.title }} {{ post.reading_time }} {{ post.summary }}</li>{% endfor %}</ul>"
        .utf8)
    files["templates/shortcodes/titles.html"] = Array(
      "<p>{% for post in site.posts | limit(3) %}{{ post.title }} {% endfor %}{{ site.pages | length }}</p>".utf8)
    files["templates/shortcodes/team.html"] = Array("<p>{{ site.data.team | length }}</p>".utf8)
    files["templates/shortcodes/tagged.html"] = Array(
      "<p>{% for tag in page.tags %}{{ tag.count }} {% endfor %}{% for other in page.related %}{{ other.title }}{% endfor %}</p>"
        .utf8)
    files["templates/plain.html"] = Array(
      "<h1>{{ page.title }}</h1>{{ page.content }}{{ page.backlinks | length }}{{ page.translations | length }}".utf8)
    files["templates/shortcodes/picture.html"] = pictureShortcode(20)
    if chance(2) { files["templates/page.html"] = pageTemplate() }
    files["content/_index.md"] = Array("---\ntitle: Start\n---\nHello.\n\n{{< newest >}}\n".utf8)
    for _ in 0..<4 + below(5) { addPost() }
    // Half of the sites begin with nearly everything switched on.
    if features.isEmpty, chance(2) { for _ in 0..<12 { changeFeature() } }
    for path in posts.keys.sorted() {
      let link = link()
      posts[path]?.paragraphs.append(link)
    }
    writePosts()
    writeConfiguration()
  }

  // MARK: Chance

  private mutating func below(_ count: Int) -> Int { seed.below(count) }
  private mutating func chance(_ count: Int) -> Bool { below(count) == 0 }
  private mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

  private mutating func word() -> String {
    pick(["amber", "birch", "cedar", "dune", "ember", "fern", "grove", "heath", "iris", "juniper", "kelp", "larch"])
  }

  private mutating func paragraph() -> String {
    switch below(13) {
    case 11: return "## \(word()) {#\(word())}"
    case 12: return "{{< titles >}}\n{{< team >}}"
    case 9: return "{{< picture src=\"/img/\(below(3)).png\" >}}"
    case 10: return "{{< tagged >}}"
    case 0: return "![\(word())](/img/\(below(3)).png)"
    case 1: return "{{< titles >}}"
    case 2: return "{{< team >}}"
    case 3: return link()
    case 4: return "## \(word())"
    case 5: return "<!-- more -->"
    case 6: return "[top](#) and ![](/img/\(below(3)).png)"
    default: return (0..<8 + below(300)).map { _ in word() }.joined(separator: " ") + "."
    }
  }

  /// Mostly to a page that is there.
  private mutating func link() -> String {
    let paths = posts.keys.sorted()
    guard !paths.isEmpty else { return "[tags](/)" }
    let target = pick(paths)
    let name = target.split(separator: "/").last.map(String.init) ?? ""
    switch below(5) {
    case 0: return "[\(word())](/\(target.dropFirst("content/".count)))"
    case 1: return "[all](/posts/) and [css](/style.css)"
    case 2:
      return "[part](/\(target.dropFirst("content/".count))#\(word()))".replacing("#", with: chance(4) ? "#" : "?")
    default: return "[\(word())](/\(target.dropFirst("content/".count).dropLast(name.utf8.count))\(name))"
    }
  }

  private mutating func date() -> String { "20\(20 + below(7))-0\(1 + below(9))-1\(below(9))" }

  private mutating func png() -> [UInt8] {
    smallPicture(width: 30 + below(40), height: 10 + below(30), shade: UInt8(below(256)))
  }

  private mutating func script() -> [UInt8] { Array("// \(word())\nlet word = '\(word())'\n".utf8) }

  private mutating func styleSheet(showing picture: Int) -> [UInt8] {
    Array("/* \(word()) */ body { background: url(/img/\(picture).png) }\n".utf8)
  }

  private func pictureShortcode(_ width: Int) -> [UInt8] {
    Array(
      "{% set small = src | resize(\(width)) %}<img src=\"{{ small.url }}\" alt=\"\" width=\"{{ small.width }}\">".utf8)
  }

  private mutating func pageTemplate() -> [UInt8] {
    Array(
      """
      {% extends "base.html" %}{% block main %}
      <link rel="preload" href="/app.js" as="script"><script src="/app.js"></script><link rel="stylesheet" href="/style.css">
      <script type="module">import "/app.js"; new URL("/img/0.png", import.meta.url)</script>
      {{ page.title }} \(word()) {% for other in page.backlinks %}{{ other.title }} {{ other.summary }}, {% endfor %}
      {% for part in page.series %}{{ part.number }} {{ part.pages | length }}{% endfor %}
      {% if page.card %}<img src="{{ page.card.url }}" alt="{{ page.card.alt }}">{% endif %}
      {% if page.cover %}{{ (page.cover | resize(10)).url }}{% endif %}
      {% for row in site.data.places %}{{ row.name }}{% endfor %} {% if page.prev %}{{ page.prev.title }} {{ page.prev.word_count }}{% endif %}
      {% for other in page.related %}<a href="{{ other.url }}">{{ other.title }}</a>{% endfor %}
      {% for other in page.section.pages | limit(3) %}{{ other.title }} {{ other.tags | length }}{% endfor %}
      {{ page.content }}{{ site.taxonomies | length }}
      {% endblock %}

      """.utf8)
  }

  // MARK: Files

  private mutating func addPost() {
    number += 1
    let folder = pick(["posts", "posts", "posts", "notes", "guide"])
    var path = chance(6) ? "content/\(folder)/p\(number)/index.md" : "content/\(folder)/p\(number).md"
    if chance(5), let other = posts.keys.min() {
      path = other.replacing(".md", with: ".de.md").replacing(".de.de", with: ".de")
    }
    posts[path] = Post(
      title: "\(word()) \(number)", tags: (0..<below(3)).map { _ in word() }, date: chance(5) ? nil : date(),
      paragraphs: (0..<2 + below(4)).map { _ in paragraph() })
  }

  private mutating func writePosts() {
    for path in files.keys where path.hasSuffix(".md") && path != "content/_index.md" && posts[path] == nil {
      if !path.hasSuffix("_index.md") { files[path] = nil }
    }
    for (path, post) in posts {
      var lines = ["---", "title: \(post.title)", "tags: [\(post.tags.joined(separator: ", "))]"]
      if let date = post.date { lines.append("date: \(date)") }
      lines += post.extra + ["---"] + post.paragraphs.flatMap { [$0, ""] }
      files[path] = Array(lines.joined(separator: "\n").utf8)
    }
  }

  /// Switches something on, or off.
  private mutating func changeFeature() {
    let line = pick([
      "menus: {main: [{name: Posts, url: /}]}", "params: {imprint: x}", "description: Of birds",
      "markdown: {smart: false}",
      "taxonomies: [tags, series]", "permalinks: {posts: /:year/:slug/}", "search: true", "search: true", "llms: true",
      "languages: {en: {name: English}, de: {name: Deutsch}}", "languages: [en, de]", "minify: true",
      "minify: [html, css]", "minify: [js]", "fingerprint: true", "fingerprint: true", "archives: month",
      "related: {count: 2}", "images: {responsive: true, widths: [20, 40]}", "images: {lazy: false}",
      "images: {responsive: true, widths: [16, 24, 32], format: png}",
      "manifest: {name: App, icons: [/img/0.png]}", "feed_content: summary", "links: folder",
      "check: {dead_links: warning}", "integrity: true", "social_cards: true", "social_cards: {accent: \"#123\"}",
    ])
    let key = String(line.prefix { $0 != ":" })
    configuration.more[key] = configuration.more[key] == line ? nil : line
  }

  private mutating func writeConfiguration() {
    let text = """
      title: \(configuration.title)
      page_size: \(configuration.pageSize)
      feeds: \(configuration.feeds)
      \(configuration.url.isEmpty ? "" : "url: " + configuration.url)
      \(configuration.more.sorted { $0.key < $1.key }.map(\.value).joined(separator: "\n"))

      """
    files["site.yaml"] = Array(text.utf8)
  }

  // MARK: Edits

  /// Changes something.
  ///
  /// - Returns: what, for the message of a test.
  mutating func edit() -> String {
    defer {
      writePosts()
      writeConfiguration()
    }
    let path = posts.isEmpty ? "" : pick(posts.keys.sorted())
    switch below(posts.isEmpty ? 3 : 23) {
    case 0:
      addPost()
      return "add a post"
    case 1 where path.hasSuffix("/index.md"):
      files[path.replacing("/index.md", with: "/note.txt")] = Array(word().utf8)
      return "change a file beside \(path)"
    case 1:
      let name = pick(["style.css", "img/0.png", "img/1.png", "img/2.png", "img/3.png", "data.bin", "app.js"])
      files["static/" + name] =
        switch name {
        // That one is not always there.
        case "img/3.png": chance(2) ? nil : png()
        case "app.js": script()
        case "style.css": styleSheet(showing: chance(2) ? 3 : below(3))
        case "data.bin": Array("\(word())\n".utf8)
        default: png()
        }
      return "change static/\(name)"
    case 2:
      switch below(5) {
      case 0: configuration.title = "A \(word())"
      case 1: configuration.pageSize = 1 + below(4)
      case 2: configuration.url = chance(2) ? "" : "https://\(word()).example"
      case 3: configuration.feeds = pick(["[atom]", "[atom, rss]", "[]", "[json]"])
      default: changeFeature()
      }
      return "change the configuration"
    case 3, 4, 5, 6:
      let paragraph = paragraph()
      posts[path]?.paragraphs.append(paragraph)
      return "add a paragraph to \(path)"
    case 7:
      let paragraph = paragraph()
      if posts[path]?.paragraphs.isEmpty == false { posts[path]?.paragraphs[0] = paragraph }
      return "change the first paragraph of \(path)"
    case 8, 9, 10:
      let title = "\(word()) \(word())"
      posts[path]?.title = title
      return "change the title of \(path)"
    case 11, 12:
      let tags = (0..<below(4)).map { _ in word() }
      posts[path]?.tags = tags
      return "change the tags of \(path)"
    case 13, 14:
      let date = chance(6) ? nil : date()
      posts[path]?.date = date
      return "change the date of \(path)"
    case 15:
      posts[path] = nil
      return "remove \(path)"
    case 16 where chance(3):
      posts[path.replacing(".md", with: ".de.md").replacing(".de.de", with: ".de")] = posts[path]
      return "translate \(path)"
    case 16:
      let post = posts.removeValue(forKey: path)
      number += 1
      posts["content/posts/renamed\(number).md"] = post
      return "rename \(path)"
    case 17:
      let more = [
        "slug: \(word())", "weight: \(below(5))", "draft: true", "description: \(word())", "aliases: [/old/\(word())/]",
        "aliases: [/theme.css, /search/]",
        "summary: \(word())", "menus: main", "cover: /img/\(below(3)).png", "expiryDate: 2026-0\(1 + below(9))-01",
        "url: /\(word()).html", "params: {toc: false}", "titel: \(word())",
        "series: \(word())", "series: walks\nseries_order: \(below(3))", "search: false", "orphan: true",
        "translation_key: \(word())", "layout: plain",
      ]
      let extra = chance(4) ? [] : [pick(more)]
      posts[path]?.extra = extra
      return "change the front matter of \(path) to \(extra)"
    case 18:
      switch below(7) {
      case 4: files["templates/shortcodes/picture.html"] = pictureShortcode(16 + below(3))
      case 5:
        files["templates/render/link.html"] =
          chance(2) ? nil : Array("<a class=\"\(word())\" href=\"{{ url }}\">{{ text }}</a>".utf8)
      case 6: files["templates/extra.js"] = chance(2) ? nil : script()
      case 0: files["templates/page.html"] = chance(2) ? nil : pageTemplate()
      case 1: files["templates/partials/footer.html"] = chance(2) ? nil : Array("<footer>\(word())</footer>\n".utf8)
      case 2: files["templates/shortcodes/team.html"] = Array("<p>\(word()) {{ site.data.team | length }}</p>".utf8)
      default: files["templates/extra.css"] = Array("a{}".utf8)
      }
      return "change a template"
    case 19 where chance(3):
      files["i18n/de.yaml"] = chance(3) ? nil : Array("search: \(word())\nnewer: \(word())\n".utf8)
      return "change the phrases"
    case 19 where chance(3):
      files["data/places.csv"] = Array("name,place\n\(word()),\(word())\n".utf8)
      return "change the table"
    case 19:
      files["data/team.yaml"] = Array((0..<1 + below(4)).map { "- {name: \($0)}\n" }.joined().utf8)
      return "change the data"
    case 20:
      let folder = pick(["posts", "notes", "guide", "tags", "tags/\(word())", "archives"])
      let cascade = chance(3) ? "cascade: {description: \(word())}\n" : ""
      files["content/\(folder)/_index.md"] =
        chance(4) ? nil : Array("---\ntitle: \(word())\n\(cascade)---\n\(paragraph())\n".utf8)
      return "change the section \(folder)"
    case 21:
      files["content/_index.md"] = Array("---\ntitle: \(word())\n---\n\(paragraph())\n\n{{< newest >}}\n".utf8)
      return "change the home page"
    default:
      let paragraph = pick(["[gone](gone.md)", "[there](extra.md)", "{{< nothing >}}"])
      posts[path]?.paragraphs.append(paragraph)
      return "break \(path)"
    }
  }

  /// Takes back what keeps the site from being built: what `break` did, and settings that don't go together.
  mutating func mend() {
    for path in posts.keys {
      posts[path]?.paragraphs.removeAll { ["gone.md", "extra.md", "nothing"].contains(where: $0.contains) }
      posts[path]?.extra.removeAll { $0.hasPrefix("url:") || $0.hasPrefix("slug:") || $0.hasPrefix("translation_key:") }
    }
    configuration.more["permalinks"] = nil
    if files["static/img/3.png"] == nil, configuration.more["check"] == nil {
      files["static/style.css"] = styleSheet(showing: 0)
    }
    writePosts()
    writeConfiguration()
  }
}
