import Files
import Markdown
import Templates

/// The posts that all cases work on, as the stages before leave them.
struct Input {
  struct Post {
    let name: String
    let title: String
    let body: [UInt8]
    let html: String
  }

  let posts: [Post]
  /// Fenced code, with the language that the fence names.
  let code: [(language: String, bytes: [UInt8])]
  let templates: TemplateSet
  let contexts: [ValueMap]
  /// Whole pages: what the templates make of the posts.
  let pages: [[UInt8]]
  /// Bytes that repeat nowhere, as those of pictures.
  let picture: [UInt8]

  /// - Parameter posts: a folder of Markdown files with front matter.
  init(posts folder: String) throws {
    let names = try listFolder(folder).map(\.name).filter { $0.hasSuffix(".md") }.sorted()
    var posts: [Post] = []
    var code: [(language: String, bytes: [UInt8])] = []
    for name in names {
      let text = try readFile(folder + "/" + name)
      let body = Array(text[bodyStart(text)...])
      var hooks = MarkdownHooks()
      hooks.codeBlock = { block in
        code.append((block.language, Array(block.code)))
        return nil
      }
      let html = renderMarkdown(body, hooks: hooks).html
      posts.append(
        Post(
          name: String(name.dropLast(3)), title: title(text), body: body, html: String(decoding: html, as: UTF8.self)))
    }
    let templates = try TemplateSet(templateSources)
    let contexts = Input.contexts(posts)
    self.posts = posts
    self.code = code
    self.templates = templates
    self.contexts = contexts
    pages = try contexts.map { context in
      var page: [UInt8] = []
      try templates.render("post.html", context, into: &page)
      return page
    }
    picture = noise(count: 32 << 20)
  }

  private static func contexts(_ posts: [Post]) -> [ValueMap] {
    let site: Value = [
      "title": "Benchmarks & more", "language": "en",
      "menu": .list(["posts", "tags", "about"].map { ["name": .string($0), "url": .string("/\($0)/")] }),
    ]
    func link(_ post: Post) -> Value { ["title": .string(post.title), "url": .string("/posts/\(post.name)/")] }
    return posts.indices.map { index in
      let near = posts[max(0, index - 10)...min(index + 10, posts.count - 1)]
      return [
        "site": site,
        "page": [
          "title": .string(posts[index].title), "url": .string("/posts/\(posts[index].name)/"),
          "content": .safe(posts[index].html), "word_count": .int(posts[index].body.count / 6),
          "tags": .list(
            ["swift", "html & css", "publishing"].map { ["name": .string($0), "url": .string("/tags/\($0)/")] }),
          "near": .list(near.map(link)),
        ],
      ]
    }
  }
}

private func bodyStart(_ text: [UInt8]) -> Int {
  let fence = Array("\n---\n".utf8)
  guard text.starts(with: fence.dropFirst()) else { return 0 }
  return text.firstRange(of: fence)?.upperBound ?? 0
}

private func title(_ text: [UInt8]) -> String {
  let lines = text.split(separator: 0x0A, maxSplits: 8).map { String(decoding: $0, as: UTF8.self) }
  return lines.first { $0.hasPrefix("title: ") }.map { $0.dropFirst(7).filter { $0 != "\"" } } ?? "Untitled"
}

/// The bytes of a xorshift generator (Marsaglia 2003): the same each time.
private func noise(count: Int) -> [UInt8] {
  var state: UInt64 = 0x9E37_79B9_7F4A_7C15
  return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
    for index in 0..<count {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      buffer[index] = UInt8(truncatingIfNeeded: state)
    }
    filled = count
  }
}

private let templateSources = [
  TemplateSource(
    name: "base.html",
    bytes: Array(
      """
      <!doctype html>
      <html lang="{{ site.language }}">
      <head>
      <meta charset="utf-8">
      <title>{% block title %}{{ site.title }}{% endblock %}</title>
      <link rel="stylesheet" href="/css/site.css">
      </head>
      <body>
      <nav>{% for item in site.menu %}<a href="{{ item.url }}"{% if page.url.startswith(item.url) %} aria-current="page"{% endif %}>{{ item.name | capitalize }}</a>{% endfor %}</nav>
      <main>{% block main %}{% endblock %}</main>
      <footer>{{ site.title }}</footer>
      </body>
      </html>

      """.utf8)),
  TemplateSource(
    name: "post.html",
    bytes: Array(
      """
      {% extends "base.html" %}
      {% macro tag(item) %}<a class="tag" href="{{ item.url | replace(" ", "-") }}">{{ item.name }}</a>{% endmacro %}
      {% block title %}{{ page.title }} - {{ super() }}{% endblock %}
      {% block main %}<article>
      <h1>{{ page.title }}</h1>
      <p>{{ page.word_count }} words{% if page.tags %}, {% for item in page.tags %}{{ tag(item) }}{% if not loop.last %}, {% endif %}{% endfor %}{% endif %}</p>
      {{ page.content }}
      </article>
      <ul>{% for post in page.near if post.url != page.url %}
      <li class="{{ loop.cycle("odd", "even") }}"><a href="{{ post.url }}">{{ loop.index }}. {{ post.title | truncate(40) }}</a></li>{% endfor %}
      </ul>{% endblock %}
      """.utf8)),
]

extension Input {
  static var sources: [TemplateSource] { templateSources }
}
