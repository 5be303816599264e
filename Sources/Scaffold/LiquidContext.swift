import Files

/// What Liquid in a page can ask for without being run: values of the configuration, and where pages and files are.
struct LiquidContext {
  let config: Setting
  private let documents: [String: JekyllDocument]
  private let posts: [String: String]
  private let old: FileTree

  init(config: Setting, documents: [String: JekyllDocument], old: FileTree) {
    self.config = config
    self.documents = documents
    self.old = old
    var posts: [String: String] = [:]
    // The first of a name wins.
    for document in documents.values.sorted(by: { $0.path > $1.path }) {
      guard case .post = document.kind else { continue }
      let stem = withoutExtension(fileName(document.path))
      let folder = folder(of: document.path)
      posts[stem] = document.target
      // `post_url sub/2026-11-22-name` names a folder below `_posts` or a category above it.
      let parts = folder.pathParts.filter { $0 != "_posts" }
      if !parts.isEmpty { posts[parts.joined(separator: "/") + "/" + stem] = document.target }
    }
    self.posts = posts
  }

  /// A link from the page at `target` to the post that Jekyll calls `name`.
  func post(_ name: String, from target: String) -> String? {
    posts[name.hasPrefix("/") ? String(name.dropFirst()) : name].flatMap { reference(to: $0, from: target) }
  }

  /// A link to a file of the old site, be it a page or not.
  func file(_ path: String, from target: String) -> String? {
    let path = path.hasPrefix("/") ? String(path.dropFirst()) : path
    if let document = documents[path], document.isPageOfContent { return reference(to: document.target, from: target) }
    guard let place = TreePath(path), old.contains(place) else { return nil }
    return "/" + place.urlEncoded
  }

  /// What a Markdown link to a Markdown file becomes, as `jekyll-relative-links` reads it; nil where it is none, or stays right.
  func documentLink(_ link: String, in page: JekyllDocument) -> String? {
    guard let (path, suffix) = pathOfLink(link), let file = joined(folder(of: page.path), path), isMarkdown(file),
      let document = documents[file], document.isPageOfContent
    else { return nil }
    return reference(to: document.target, from: page.target).flatMap { $0 == path ? nil : $0 + suffix }
  }

  /// The text of a file that a page at `path` includes by `include_relative`.
  func relative(_ name: String, to path: String) -> SourceText? {
    guard let file = joined(folder(of: path), name), let place = TreePath(file),
      isMarkdown(file) || ["html", "htm", "txt"].contains(fileExtension(file)), let bytes = try? old.bytes(of: place)
    else { return nil }
    return SourceText(path: file, bytes: bytes)
  }

  /// `site.title`, `page.cover.alt` as text.
  func value(_ path: String, page: Setting) -> String? {
    let parts = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 2, parts.count < 8 else { return nil }
    var setting = parts[0] == "site" ? config : parts[0] == "page" ? page : Setting(.null)
    for part in parts.dropFirst() {
      guard let inner = setting[part] else { return nil }
      setting = inner
    }
    return setting.text
  }

  /// An expression with filters, as far as it can be known: `"/a.png" | relative_url`.
  func expression(_ text: String, page: Setting) -> String? {
    let parts = Self.split(text, at: UInt8(ascii: "|"))
    guard let first = parts.first, var value = operand(first, page: page) else { return nil }
    for part in parts.dropFirst() {
      let filter = Self.split(part, at: UInt8(ascii: ":"))
      let name = trimmed(filter[0])
      let argument = filter.count > 1 ? operand(filter[1...].joined(separator: ":"), page: page) : nil
      switch (name, argument) {
      case ("relative_url", nil), ("absolute_url", nil):
        value = value.contains("://") || value.hasPrefix("/") ? value : "/" + value
      case ("escape", nil), ("xml_escape", nil), ("strip", nil), ("uri_escape", nil): continue
      case ("downcase", nil): value = value.lowercased()
      case ("upcase", nil): value = value.uppercased()
      case ("prepend", let given?): value = given + value
      case ("append", let given?): value += given
      case ("default", .some): continue
      default: return nil
      }
    }
    return value
  }

  private func operand(_ text: String, page: Setting) -> String? {
    let text = trimmed(text)
    if let quote = text.utf8.first, "\"'".utf8.contains(quote) {
      guard text.utf8.count >= 2, text.utf8.last == quote else { return nil }
      return String(text.dropFirst().dropLast())
    }
    switch text {
    case "site.baseurl", "site.url": return ""
    default: return value(text, page: page)
    }
  }

  /// Splits outside quotes.
  private static func split(_ text: String, at separator: UInt8) -> [String] {
    var parts: [[UInt8]] = [[]]
    var quote: UInt8?
    for byte in text.utf8 {
      if byte == separator, quote == nil {
        parts.append([])
        continue
      }
      if let open = quote { if byte == open { quote = nil } } else if "\"'".utf8.contains(byte) { quote = byte }
      parts[parts.count - 1].append(byte)
    }
    return parts.map { String(decoding: $0, as: UTF8.self) }
  }
}
