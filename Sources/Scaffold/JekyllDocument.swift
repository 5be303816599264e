import Files

/// A file of a Jekyll site that becomes a page.
struct JekyllDocument {
  enum Kind {
    case page
    /// With the folders above `_posts`, which are categories.
    case post(categories: [String])
    case draft(categories: [String])
    case collection(String)
  }

  let path: String
  let kind: Kind
  /// The file's name without date and extension: `hello` of `2026-11-22-hello.md`.
  let name: String
  /// `2026-11-22` of such a name.
  let date: String?
  /// In the new site.
  private(set) var target = ""

  init(path: String, kind: Kind) {
    self.path = path
    self.kind = kind
    let stem = withoutExtension(fileName(path))
    if case .post = kind, let dated = Self.dated(stem) {
      (date, name) = dated
    } else {
      (date, name) = (nil, stem)
    }
  }

  /// Whether it becomes a page at all: style sheets and feeds with front matter don't.
  var isPageOfContent: Bool { isMarkdown(path) || ["html", "htm"].contains(fileExtension(path)) }

  /// Folder below `content/`.
  var section: String {
    switch kind {
    case .page: folder(of: path)
    case .post, .draft: "posts"
    case .collection(let name):
      folder(of: path).pathParts.dropFirst().reduce(name) { $0 + "/" + $1 }
    }
  }

  /// - Parameter folders: sections that hold pages; a page of the same name is the section's own.
  mutating func place(beside folders: Set<String>) {
    let here = section.isEmpty ? "content" : "content/" + section
    let fileName = date.map { $0 + "-" + name } ?? name
    let asSection = section.isEmpty ? name : section + "/" + name
    let isIndex = name == "index" && date == nil
    if case .collection = kind, isIndex {
      target = here + "/_index.md"
    } else if case .page = kind {
      if name == "index" {
        target = here + "/_index.md"
      } else if folders.contains(asSection) {
        target = "content/" + asSection + "/_index.md"
      } else {
        target = here + "/" + fileName + ".md"
      }
    } else {
      target = here + "/" + fileName + ".md"
    }
  }

  /// Says that the page is that of a section.
  mutating func becomeSection(_ section: String) {
    target = section.isEmpty ? "content/_index.md" : "content/" + section + "/_index.md"
  }

  /// Jekyll takes no other file in `_posts` for a post (https://jekyllrb.com/docs/posts/).
  static func isNamedAsPost(_ path: String) -> Bool { dated(withoutExtension(fileName(path))) != nil }

  /// `2026-1-5-name` → `2026-01-05` and `name`.
  private static func dated(_ stem: String) -> (String, String)? {
    let parts = stem.split(separator: "-", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 4, !parts[3].isEmpty,
      let date = normalizedDate(parts[..<3].joined(separator: "-"))
    else { return nil }
    return (date, String(parts[3]))
  }
}

/// Jekyll's rules for addresses (https://jekyllrb.com/docs/permalinks/).
struct JekyllAddresses {
  /// With Jekyll's tokens.
  let posts: String
  /// Whether pages end in a slash; `.html` if not.
  let pagesEndInSlash: Bool
  /// Patterns of collections by name.
  let collections: [String: String]

  init(_ config: Setting) {
    let style = config["permalink"]?.text ?? "date"
    let ofPosts = (config["defaults"]?.items ?? []).last { item in
      let scope = item["scope"]
      return item["values"]?["permalink"] != nil && (scope?["type"]?.text ?? "posts") == "posts"
        && (scope?["path"]?.text ?? "").isEmpty
    }
    let own = config["collections"]?["posts"]?["permalink"]?.text
    posts = Self.pattern(ofPosts?["values"]?["permalink"]?.text ?? own ?? style)
    pagesEndInSlash = !["date", "ordinal", "none", "weekdate"].contains(style) && !style.hasSuffix(":output_ext")
    var collections: [String: String] = [:]
    for entry in config["collections"]?.entries ?? [] {
      if let pattern = entry.setting["permalink"]?.text { collections[entry.key] = Self.pattern(pattern) }
    }
    for item in config["defaults"]?.items ?? [] {
      if let type = item["scope"]?["type"]?.text, let pattern = item["values"]?["permalink"]?.text {
        collections[type] = Self.pattern(pattern)
      }
    }
    self.collections = collections
  }

  static func pattern(_ style: String) -> String {
    switch style {
    case "date": "/:categories/:year/:month/:day/:title.html"
    case "pretty": "/:categories/:year/:month/:day/:title/"
    case "ordinal": "/:categories/:year/:y_day/:title.html"
    case "weekdate": "/:categories/:year/W:week/:short_day/:title.html"
    case "none": "/:categories/:title.html"
    default: style
    }
  }

  /// The pattern of posts without categories, with Hugo's tokens; nil where one of Jekyll's has no like.
  var sectionPattern: String? {
    var parts: [String] = []
    for part in posts.pathParts where part != ":categories" {
      var text = String(part)
      for (token, hugo) in [(":output_ext", ".html"), (":title", ":filename"), (":name", ":filename")] {
        text = replaced(token, by: hugo, in: text)
      }
      let known = [":year", ":month", ":day", ":filename", ":slug"]
      let rest = known.reduce(text) { replaced($1, by: "", in: $0) }
      guard !rest.contains(":") else { return nil }
      parts.append(text)
    }
    let isFile = parts.last.map { $0.hasSuffix(".html") } ?? false
    return "/" + parts.joined(separator: "/") + (isFile ? "" : "/")
  }

  /// The address of a post; nil where a token needs what is not known.
  func address(_ pattern: String, date: String?, name: String, slug: String?, categories: [String]) -> String? {
    let parts = (date ?? "").prefix(10).split(separator: "-").map(String.init)
    var values: [(String, String?)] = [
      (":categories", categories.map { jekyllSlug($0) }.joined(separator: "/")),
      (":output_ext", ".html"), (":title", slug ?? name), (":slug", slug ?? jekyllSlug(name)), (":name", name),
    ]
    if parts.count == 3 {
      let (year, month, day) = (parts[0], parts[1], parts[2])
      values += [
        (":year", year), (":month", month), (":day", day), (":short_year", String(year.suffix(2))),
        (":i_month", Int(month).map { String($0) }), (":i_day", Int(day).map { String($0) }),
        (":y_day", dayOfYear(year, month, day)),
      ]
    }
    var text = pattern
    for (token, value) in values {
      if let value { text = replaced(token, by: value, in: text) }
    }
    guard !text.contains(":") else { return nil }
    let path = text.pathParts.joined(separator: "/")
    return "/" + path + (text.hasSuffix("/") || !path.hasSuffix(".html") ? "/" : "")
  }

  private func dayOfYear(_ year: String, _ month: String, _ day: String) -> String? {
    guard let year = Int(year), let month = Int(month), let day = Int(day), (1...12).contains(month) else { return nil }
    let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return padded(days[..<(month - 1)].reduce(day, +), 3)
  }
}

/// Jekyll's slug of a category: lower case, runs of anything but letters and digits become a hyphen.
func jekyllSlug(_ text: String) -> String {
  var result = ""
  for character in text.lowercased() {
    if character.isLetter || character.isNumber {
      result.append(character)
    } else if !result.isEmpty, result.last != "-" {
      result.append("-")
    }
  }
  return result.hasSuffix("-") ? String(result.dropLast()) : result
}

/// Every `token` in a short text replaced.
func replaced(_ token: String, by value: String, in text: String) -> String {
  let pieces = pieces(text, token)
  return pieces.joined(separator: value)
}

private func pieces(_ text: String, _ token: String) -> [String] {
  var pieces: [String] = []
  var current = text[...]
  var start = text.startIndex
  while start < text.endIndex {
    if text[start...].hasPrefix(token) {
      pieces.append(String(current.prefix(upTo: start)))
      start = text.index(start, offsetBy: token.count)
      current = text[start...]
    } else {
      start = text.index(after: start)
    }
  }
  return pieces + [String(current)]
}
