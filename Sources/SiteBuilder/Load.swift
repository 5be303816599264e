import Files
import Markdown

/// Stage 1: the site's folder → its configuration.
///
/// - Throws: `Diagnostics` where the configuration is wrong, `FileError` where it cannot be read, `SiteError` where `folder` is no site.
func load(_ folder: String) throws -> Configuration {
  guard let entries = try? listFolder(folder) else { throw SiteError.noFolder(folder) }
  guard entries.contains(where: { $0.name == "content" && $0.kind != .file }) else { throw SiteError.noContent(folder) }
  let names = ["site.yaml", "site.yml", "site.toml", "site.json"].filter { name in entries.contains { $0.name == name }
  }
  guard let name = names.first else { return Configuration() }
  if names.count > 1 {
    throw Diagnostics([
      Diagnostic(
        id: "two-configurations", "\(names.joined(separator: " and ")) are both there, one configures the site",
        at: SourceLocation(path: names[1]), hint: "remove one of them")
    ])
  }
  return try readConfiguration(SourceText(path: name, bytes: try readFile(folder + "/" + name)))
}

/// The codes of the languages of the site in `folder`; empty where it has one, or its configuration is wrong.
///
/// - Throws: `SiteError` where `folder` is no site.
public func languageCodes(ofSite folder: String) throws -> [String] {
  do {
    let configuration = try load(folder)
    return configuration.isMultilingual ? configuration.languages.map(\.code) : []
  } catch let error as SiteError {
    throw error
  } catch {
    return []
  }
}

/// - Throws: `Diagnostics`.
func readConfiguration(_ file: SourceText) throws(Diagnostics) -> Configuration {
  let source = file.withoutByteOrderMark
  guard let format = DataFormat(fileExtension: TreePath(source.path)?.fileExtension ?? "") else {
    preconditionFailure("bug: \(source.path) is no configuration file")
  }
  let datum: Datum
  do throws(Diagnostic) {
    datum = try DataText(whole: source).read(format)
  } catch {
    throw Diagnostics([error])
  }
  var configuration = Configuration()
  configuration.path = source.path
  configuration.source = source
  if datum.value == .null { return configuration }
  guard case .map = datum.value else {
    throw Diagnostics([
      source.diagnostic(
        id: "wrong-value", "a configuration is a map of keys, not \(datum.kind)", at: 0, hint: "title: My site")
    ])
  }
  var reader = KeyReader(datum, in: source, name: source.path)
  configuration.read(&reader)
  try Diagnostics.stop(at: reader.diagnostics)
  return configuration
}

extension Configuration {
  fileprivate mutating func read(_ reader: inout KeyReader) {
    if let value = reader.string("title") { title = value }
    if let value = reader.string("description") { description = value }
    let standard = reader.string("language", "lang", "default_language")
    if let standard {
      language = standard
      // Sites that move in have underscores there.
      if !Language.isCode(standard.replacing("_", with: "-")) {
        reader.report(
          at: reader.datum("language", "lang", "default_language")?.place ?? .unknown,
          "a language has a code such as de or pt-BR, not \(standard)", hint: "language: en")
      }
    }
    if let value = reader.string("author") { author = value }
    if let entry = reader.datum("url", "base_url") { readURL(entry, &reader) }
    if let value = reader.strings("taxonomies") {
      taxonomies = value + (value.contains(seriesTaxonomy) ? [] : [seriesTaxonomy])
    }
    if let value = reader.choice("archives", of: ArchiveDepth.self) { archives = value }
    if var map = reader.map("related") {
      if let value = map.int("count", from: 0) { related.count = value }
      related.taxonomies = map.strings("taxonomies")
      map.refuseRest()
      reader.take(map)
    }
    if let value = reader.int("page_size", "paginate", from: 1) { pageSize = value }
    if let value = reader.int("feed_limit", from: 0) { feedLimit = value }
    if let value = reader.string("links") { readLinks(value, &reader) }
    if let value = reader.strings("feeds") { readFeeds(value, &reader) }
    if let value = reader.string("feed_content") { readFeedContent(value, &reader) }
    if let value = reader.bool("search") { search = value }
    if let value = reader.bool("llms") { llms = value }
    if var map = reader.map("manifest") {
      manifest = WebManifest(&map)
      reader.take(map)
    }
    if var map = reader.map("permalinks") {
      readPermalinks(&map)
      reader.take(map)
    }
    if let value = reader.datum("params", "extra") { params = value }
    if var map = reader.map("markdown") {
      markdown.read(&map)
      reader.take(map)
    }
    if let value = reader.bool("fingerprint") { fingerprint = value }
    if let value = reader.bool("integrity") { integrity = value }
    // A browser that has kept an older file under its plain name would use neither.
    if integrity { fingerprint = true }
    if let value = reader.datum("minify") { minify.read(value, &reader) }
    if var map = reader.map("images") {
      images.read(&map)
      reader.take(map)
    }
    if let value = reader.datum("social_cards") { socialCards.read(value, &reader) }
    if var map = reader.map("check") {
      check.read(&map)
      reader.take(map)
    }
    if var map = reader.map("publish") {
      publish.read(&map)
      reader.take(map)
    }
    if var map = reader.map("menus") {
      menus = map.readMenus()
      reader.take(map)
    }
    readLanguages(&reader, standard)
    reader.refuseRest()
  }

  private mutating func readLinks(_ name: String, _ reader: inout KeyReader) {
    links = LinkStyle(rawValue: name)
    if links == nil {
      let place = reader.datum("links")?.place ?? .unknown
      reader.report(
        at: place, "links is folder or file, not \(name)", hint: "folder: ../about/, file: ../about/index.html")
    }
  }

  private mutating func readFeeds(_ names: [String], _ reader: inout KeyReader) {
    feeds = []
    for name in names {
      if let format = FeedFormat(rawValue: name) {
        feeds.append(format)
      } else {
        let place = reader.datum("feeds")?.place ?? .unknown
        reader.report(
          at: place, "\(name) is no format of feeds",
          hint: "formats: \(FeedFormat.allCases.map(\.rawValue).joined(separator: ", "))")
      }
    }
  }

  private mutating func readFeedContent(_ value: String, _ reader: inout KeyReader) {
    hasFullFeeds = value == "full"
    if value != "full", value != "summary" {
      let place = reader.datum("feed_content")?.place ?? .unknown
      reader.report(at: place, "feed_content is full or summary, not \(value)")
    }
  }

  private mutating func readPermalinks(_ reader: inout KeyReader) {
    for entry in reader.datum.entries {
      guard let text = entry.datum.text else {
        reader.report(entry, "a permalink is a pattern, not \(entry.datum.kind)", hint: "posts: /:year/:month/:slug/")
        continue
      }
      do {
        permalinks.append((entry.key, try Permalink(text), entry.keyPlace))
      } catch {
        reader.report(entry, error.message, hint: error.hint)
      }
    }
  }

  private mutating func readURL(_ datum: Datum, _ reader: inout KeyReader) {
    let text = datum.text ?? ""
    if text.isEmpty { return }
    func refuse(_ message: String) {
      reader.report(at: datum.place, message, hint: "url: https://example.org")
    }
    let lowercased = text.prefix(8).lowercased()
    guard let scheme = ["https://", "http://"].first(where: lowercased.hasPrefix), !text.contains(where: \.isWhitespace)
    else {
      return refuse("url begins with https:// or http:// and has no spaces")
    }
    let rest = text.dropFirst(scheme.count)
    let host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    if host.isEmpty { return refuse("url names a host, \(text) has none") }
    if rest.contains(where: { $0 == "?" || $0 == "#" }) { return refuse("url has no query and no fragment") }
    let path = rest[host.endIndex...]
    url = scheme + host.lowercased() + String(path.reversed().drop { $0 == "/" }.reversed())
  }
}

extension WebManifest {
  fileprivate init(_ reader: inout KeyReader) {
    name = reader.string("name")
    shortName = reader.string("short_name")
    if let value = reader.string("display") {
      display = value
      if !Self.displays.contains(value) {
        reader.report(
          at: reader.datum("display")?.place ?? .unknown, "\(value) is no way to display a site",
          hint: Self.displays.joined(separator: ", "))
      }
    }
    themeColor = reader.string("theme_color")
    backgroundColor = reader.string("background_color")
    icons = reader.strings("icons") ?? []
    reader.refuseRest()
  }
}

extension Configuration.MarkdownSettings {
  fileprivate mutating func read(_ reader: inout KeyReader) {
    if let value = reader.bool("raw_html") { rawHTML = value }
    if let value = reader.bool("smart") { smart = value }
    if let value = reader.bool("emoji") { emoji = value }
    if let value = reader.bool("math") { math = value }
    if let value = reader.bool("highlight") { highlight = value }
    if let value = reader.bool("line_numbers") { lineNumbers = value }
    if let value = reader.choice("heading_ids", of: HeadingIDStyle.self) { headingIDs = value }
    reader.refuseRest()
  }
}

extension Configuration.CheckSettings {
  fileprivate mutating func read(_ reader: inout KeyReader) {
    if let value = reader.choice("dead_links", of: Diagnostic.Severity.self) { deadLinks = value }
    ignore = reader.strings("ignore") ?? []
    allow = reader.strings("allow") ?? []
    anchors = reader.bool("anchors") ?? false
    timeout = reader.int("timeout", from: 1)
    delay = reader.int("delay", from: 0)
    retries = reader.int("retries", from: 0)
    maxAge = reader.int("max_age", from: 0)
    reader.refuseRest()
  }
}

extension KeyReader {
  /// Menus by name.
  mutating func readMenus() -> [(name: String, items: [MenuItem])] {
    datum.entries.map { ($0.key, menuItems($0)) }
  }

  /// A list of `{name, url, weight, children}`.
  fileprivate mutating func menuItems(_ entry: Datum.Entry) -> [MenuItem] {
    guard case .list(let items) = entry.datum.value else {
      report(
        entry, "a menu is a list of entries with name and url, not \(entry.datum.kind)",
        hint: "- {name: About, url: /about/}")
      return []
    }
    var menu: [MenuItem] = []
    for (index, item) in items.enumerated() {
      guard case .map = item.value else {
        report(
          at: item.place, "an entry of a menu has name and url, this is \(item.kind)",
          hint: "- {name: About, url: /about/}")
        continue
      }
      var reader = KeyReader(item, in: source, name: "a menu's entry")
      let name = reader.string("name", "title")
      let url = reader.string("url", "pageRef", "link")
      let weight = reader.int("weight") ?? index + 1
      var children: [MenuItem] = []
      if let list = reader.datum("children") {
        children = reader.menuItems(Datum.Entry(key: "children", keyPlace: list.place, datum: list))
      }
      reader.refuseRest()
      if name == nil || url == nil {
        reader.report(at: item.place, "an entry of a menu has name and url", hint: "- {name: About, url: /about/}")
      }
      take(reader)
      menu.append(MenuItem(name: name ?? "", url: url ?? "", weight: weight, children: children))
    }
    return menu.enumerated().sorted { ($0.element.weight, $0.offset) < ($1.element.weight, $1.offset) }.map(\.element)
  }
}

/// Why a folder cannot be built at all.
public enum SiteError: Error, Sendable, CustomStringConvertible {
  case noFolder(String)
  case noContent(String)
  /// The output folder holds files that no build made.
  case foreignOutput(String)
  /// The output folder would lie where the site's own files are.
  case outputInSite(String)
  /// Another build of the same site is under way.
  case busy(String)

  public var description: String {
    switch self {
    case .noFolder(let path): "there is no folder \(path)"
    case .noContent(let path): "\(path) is no site: it has no folder content"
    case .foreignOutput(let path): "\(path) holds files that Colophon did not write, it will not replace them"
    case .outputInSite(let path): "the output folder \(path) would overwrite the site's own files"
    case .busy(let path): "another build of \(path) is under way"
    }
  }

  /// What to try next.
  public var hint: String {
    switch self {
    case .noFolder: "give the path of the site's folder"
    case .noContent: "make content/_index.md, or give the path of the site's folder"
    case .foreignOutput: "empty that folder, or name another with --output"
    case .outputInSite: "name another folder with --output"
    case .busy: "wait until it has ended"
    }
  }
}
