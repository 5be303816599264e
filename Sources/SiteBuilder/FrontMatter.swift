import Files
import Templates

/// What a page says of itself before its text.
struct FrontMatter: Sendable {
  var title: String?
  var date: TemplateDate?
  var updated: TemplateDate?
  /// Its own language, where neither its folder nor its name says it.
  var language: String?
  var slug: String?
  /// The whole path of the page's URL: `/about/`, `/a/b.html`.
  var url: String?
  var isDraft = false
  /// `search: false` keeps a page out of the search; the key is kept as a parameter too.
  var isSearched = true
  /// `orphan: true`: readers come to it by its address alone, and no link need lead there.
  var isOrphan = false
  /// Where the page leads on to, which then has no text: a path or URL as in a link.
  var redirectTo: String?
  /// Not to be shown before.
  var publishDate: TemplateDate?
  /// Not to be shown from then on.
  var expiryDate: TemplateDate?
  var description: String?
  var summary: String?
  var weight: Int?
  /// Its place in its series, lightest first.
  var seriesOrder: Int?
  var authors: [String] = []
  var template: String?
  var aliases: [String] = []
  /// What the translations of the page have too, where their files have different names.
  var translationKey: String?
  var cover: Cover?
  /// Where `url`, `slug` and each alias were written, for diagnostics.
  var places: [String: Datum.Place] = [:]
  /// Term names by taxonomy.
  var terms: [String: [String]] = [:]
  /// Entries of menus, by the menu's name.
  var menus: [(menu: String, item: MenuItem)] = []
  /// What the pages below a section take from it, where they don't say otherwise.
  var cascade: [Datum.Entry] = []
  /// Free values: `params`, `extra`, and keys that mean nothing here.
  var params: [Datum.Entry] = []

  struct Cover: Sendable {
    var url: String
    var alt: String
  }
}

/// How a page's file divides.
struct FrontMatterText {
  /// Nil where the page has none.
  var format: DataFormat?
  /// Bytes of the front matter, without its fences.
  var range: Range<Int>
  /// The first byte of the text.
  var bodyStart: Int
}

/// Finds the front matter of a page: YAML between `---`, TOML between `+++`, or a JSON object, from the file's first line on.
///
/// - Throws: a `Diagnostic` where it is not closed.
func splitFrontMatter(_ source: SourceText) throws(Diagnostic) -> FrontMatterText {
  let bytes = source.bytes
  let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  let none = FrontMatterText(format: nil, range: start..<start, bodyStart: start)
  guard start < bytes.count else { return none }
  if bytes[start] == UInt8(ascii: "{") {
    // `{{< figure >}}` or `{%` at the top is text.
    guard start + 1 < bytes.count,
      ![UInt8(ascii: "{"), UInt8(ascii: "%"), UInt8(ascii: "#")].contains(bytes[start + 1])
    else { return none }
    var reader = JSONReader(text: DataText(source: source, range: 0..<bytes.count), index: start)
    _ = try reader.value(depth: 0)
    return FrontMatterText(format: .json, range: start..<reader.index, bodyStart: reader.index)
  }
  let fence: [UInt8]
  switch bytes[start] {
  case UInt8(ascii: "-"): fence = Array("---".utf8)
  case UInt8(ascii: "+"): fence = Array("+++".utf8)
  default: return none
  }
  func isFence(_ line: Range<Int>) -> Bool {
    bytes[line].starts(with: fence) && bytes[line].dropFirst(3).allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
  }
  func lineEnd(_ from: Int) -> Int { bytes[from...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count }
  let firstEnd = lineEnd(start)
  guard isFence(start..<firstEnd) else { return none }
  var line = firstEnd + 1
  while line < bytes.count {
    let end = lineEnd(line)
    if isFence(line..<end) {
      return FrontMatterText(
        format: fence[0] == UInt8(ascii: "-") ? .yaml : .toml, range: firstEnd + 1..<line,
        bodyStart: min(end + 1, bytes.count))
    }
    line = end + 1
  }
  // A page may begin with a thematic break; front matter has a key on its next line.
  let second = firstEnd + 1 < bytes.count ? bytes[firstEnd + 1..<lineEnd(firstEnd + 1)] : []
  let separator = fence[0] == UInt8(ascii: "-") ? UInt8(ascii: ":") : UInt8(ascii: "=")
  guard second.contains(separator) else { return none }
  let name = String(decoding: fence, as: UTF8.self)
  throw source.diagnostic(
    id: "front-matter-unclosed", "front matter that begins with \(name) ends with \(name)", at: start, length: 3,
    hint: "put \(name) on a line of its own behind the last key")
}

/// Reads the typed keys of a page's front matter. Synonyms are those of Hugo, Zola and Jekyll.
///
/// - Parameter taxonomies: keys that hold terms.
func readFrontMatter(
  _ datum: Datum, in source: SourceText, taxonomies: [String]
) -> (frontMatter: FrontMatter, diagnostics: [Diagnostic]) {
  var matter = FrontMatter()
  var reader = KeyReader(datum, in: source, name: "front matter")
  guard case .map = datum.value else {
    if datum.value != .null {
      reader.report(at: datum.place, "front matter is a map of keys, not \(datum.kind)", hint: "title: My page")
    }
    return (matter, reader.diagnostics)
  }
  matter.title = reader.string("title").flatMap { $0.isEmpty ? nil : $0 }
  matter.date = reader.date("date")
  matter.updated = reader.date("updated", "lastmod", "last_modified_at", "modified")
  matter.language = reader.string("language", "lang")
  matter.slug = reader.string("slug")
  matter.url = reader.string("url", "permalink", "path")
  matter.isDraft = reader.bool("draft") ?? !(reader.bool("published") ?? true)
  if case .bool(false)? = datum["search"]?.value { matter.isSearched = false }
  matter.isOrphan = reader.bool("orphan") ?? false
  matter.publishDate = reader.date("publishDate", "publish_date", "publishdate")
  matter.expiryDate = reader.date("expiryDate", "expiry_date", "expirydate")
  matter.description = reader.string("description")
  matter.summary = reader.string("summary", "excerpt")
  matter.weight = reader.int("weight")
  matter.seriesOrder = reader.int("series_order", "series_weight")
  matter.authors = reader.strings("authors", "author") ?? []
  matter.template = reader.string("template", "layout")
  matter.translationKey = reader.string("translation_key", "translationKey", "translationkey")
  matter.aliases = reader.strings("aliases", "redirect_from") ?? []
  matter.redirectTo = reader.string("redirect_to")
  if let cover = reader.datum("cover", "image") { matter.cover = reader.cover(cover) }
  for key in ["url", "permalink", "path"] { matter.places["url"] = matter.places["url"] ?? datum[key]?.place }
  for key in ["aliases", "redirect_from"] {
    guard let aliases = datum[key] else { continue }
    matter.places["alias " + (aliases.text ?? "")] = aliases.place
    if case .list(let items) = aliases.value {
      for item in items { matter.places["alias " + (item.text ?? "")] = item.place }
    }
  }
  if let text = matter.slug, slugOfWords(text).isEmpty {
    reader.report(
      at: datum["slug"]?.place ?? .unknown, "slug has a letter or digit, \"\(text)\" has none", hint: "slug: my-page")
    matter.slug = nil
  }
  for taxonomy in taxonomies {
    if let terms = reader.terms(taxonomy) { matter.terms[taxonomy] = terms }
  }
  if let map = reader.map("taxonomies") {
    for entry in map.datum.entries where taxonomies.contains(entry.key) {
      var inner = KeyReader(map.datum, in: source, name: "taxonomies")
      if let terms = inner.terms(entry.key) { matter.terms[entry.key] = terms }
      reader.take(inner)
    }
  }
  for free in ["params", "extra"] {
    if let map = reader.map(free) { matter.params += map.datum.entries }
  }
  matter.menus = reader.menuEntries(title: matter.title)
  if let map = reader.map("cascade") { matter.cascade = map.datum.entries }
  reader.warnOfNearMisses()
  matter.params += reader.rest
  return (matter, reader.diagnostics)
}

extension KeyReader {
  /// A date in any form that `TemplateDate.parse` knows.
  mutating func date(_ keys: String...) -> TemplateDate? {
    for key in keys {
      guard let datum = datum(key) else { continue }
      if let text = datum.text, let date = TemplateDate.parse(text) { return date }
      report(
        at: datum.place, id: "wrong-date", "\(key) is a date, not \(datum.text ?? datum.kind)",
        hint: "2026-11-22, 2026-11-22T10:30:00+01:00 and 2026-11-22 10:30 are dates")
    }
    return nil
  }

  /// Terms: a list, or one text with commas between.
  mutating func terms(_ key: String) -> [String]? {
    guard let datum = datum(key) else { return nil }
    // "From A to Z, and back" is one series.
    if case .string(let text) = datum.value, key != seriesTaxonomy {
      return text.split(separator: ",").map(\.trimmingSpaces).filter { !$0.isEmpty }
    }
    return strings(key)?.filter { !$0.isEmpty }
  }

  /// `menus: main`, `menus: [main, footer]` or `menus: {main: {weight: 2, name: Start}}`; the page's URL is added when it is known.
  fileprivate mutating func menuEntries(title: String?) -> [(menu: String, item: MenuItem)] {
    guard let datum = datum("menus", "menu") else { return [] }
    func item(_ name: String?, _ weight: Int?) -> MenuItem {
      MenuItem(name: name ?? title ?? "", url: "", weight: weight ?? 0, children: [])
    }
    if let text = datum.text { return [(text, item(nil, nil))] }
    if case .list(let names) = datum.value {
      return names.compactMap { name in name.text.map { ($0, item(nil, nil)) } }
    }
    return datum.entries.map { entry in
      var reader = KeyReader(entry.datum, in: source, name: "menus.\(entry.key)")
      let entryItem = item(reader.string("name", "title"), reader.int("weight"))
      // Sites that move in have keys of Hugo's there: without them, their pages are still in the menu.
      reader.refuseRest(.warning)
      take(reader)
      return (entry.key, entryItem)
    }
  }

  fileprivate mutating func cover(_ datum: Datum) -> FrontMatter.Cover? {
    // Forms leave it empty where there is none.
    if let text = datum.text { return text.isEmpty ? nil : FrontMatter.Cover(url: text, alt: "") }
    guard case .map = datum.value else {
      report(at: datum.place, "cover is the path of an image, or a map with image and alt, not \(datum.kind)")
      return nil
    }
    var reader = KeyReader(datum, in: source, name: "cover")
    let url = reader.string("image", "url", "src")
    let alt = reader.string("alt", "caption") ?? ""
    if url == nil {
      reader.report(at: datum.place, "cover has an image", hint: "cover: {image: photo.jpg, alt: What it shows}")
    }
    take(reader)
    return url.flatMap { $0.isEmpty ? nil : FrontMatter.Cover(url: $0, alt: alt) }
  }
}
