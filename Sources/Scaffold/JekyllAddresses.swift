import Files

/// Jekyll's rules for addresses (https://jekyllrb.com/docs/permalinks/).
struct JekyllAddresses {
  /// With Jekyll's tokens.
  let posts: String
  /// Whether pages end in a slash; `.html` if not.
  let pagesEndInSlash: Bool
  /// Patterns of collections by name.
  private let collections: [String: String]
  /// Patterns of `defaults`, those that win last.
  private let scoped: [Scope]

  /// The part of a site that a pattern of `defaults` is for.
  private struct Scope {
    /// A file or folder of the old site; empty for all of it.
    var path: String
    /// `posts`, `drafts`, `pages` or a collection.
    var type: String?
    var pattern: String
  }

  init(_ config: Setting) {
    let style = config["permalink"]?.text ?? "date"
    var scoped: [Scope] = []
    for item in config["defaults"]?.items ?? [] {
      guard let pattern = item["values"]?["permalink"]?.text else { continue }
      let path = (item["scope"]?["path"]?.text ?? "").pathParts.joined(separator: "/")
      let type = (item["scope"]?["type"]?.text).flatMap { $0.isEmpty ? nil : $0 }
      scoped.append(Scope(path: path == "." ? "" : path, type: type, pattern: Self.pattern(pattern)))
    }
    // The longest path wins, then a type over none, then what comes last.
    func rank(_ scope: Scope) -> (Int, Int) { (scope.path.utf8.count, scope.type == nil ? 0 : 1) }
    self.scoped = scoped.enumerated().sorted {
      rank($0.element) == rank($1.element) ? $0.offset < $1.offset : rank($0.element) < rank($1.element)
    }.map(\.element)
    let ofPosts = self.scoped.last { $0.path.isEmpty && ($0.type ?? "posts") == "posts" }
    posts = ofPosts?.pattern ?? Self.pattern(config["collections"]?["posts"]?["permalink"]?.text ?? style)
    pagesEndInSlash = !["date", "ordinal", "none", "weekdate"].contains(style) && !style.hasSuffix(":output_ext")
    var collections: [String: String] = [:]
    for entry in config["collections"]?.entries ?? [] {
      if let pattern = entry.setting["permalink"]?.text { collections[entry.key] = Self.pattern(pattern) }
    }
    self.collections = collections
  }

  /// The pattern that `defaults` have for a document; nil where they have none.
  func scopedPattern(of document: JekyllDocument) -> String? {
    scoped.last { document.isInScope($0.path, type: $0.type) }?.pattern
  }

  /// The pattern of a document of a collection.
  func pattern(ofCollection name: String) -> String { collections[name] ?? "/:collection/:path:output_ext" }

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
      (":slugified_categories", categories.map { jekyllSlug($0) }.joined(separator: "/")),
      (":categories", categories.map { $0.lowercased() }.joined(separator: "/")),
      (":output_ext", ".html"), (":title", slug ?? name), (":slug", slug ?? jekyllSlug(name)), (":name", name),
      (":basename", name),
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
    return padded((1..<month).reduce(day) { $0 + days(ofMonth: $1, year) }, 3)
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
