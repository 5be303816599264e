import Files
import Synchronization

/// Takes typed values out of a map, key by key, and notes what is wrong: a value of the wrong kind now, keys that nobody took at the end.
struct KeyReader {
  let source: SourceText
  /// "site.yaml" or "front matter": what a message calls the map.
  let name: String
  let datum: Datum
  private(set) var diagnostics: [Diagnostic] = []
  private let entries: [Datum.Entry]
  /// All keys that were asked for.
  private var known: [[String]] = []
  /// Of each entry, whether its key was.
  private var isKnown: [Bool]
  /// Beyond ASCII a letter is written in several ways, and all are the same key.
  private let isASCII: Bool

  init(_ datum: Datum, in source: SourceText, name: String) {
    self.datum = datum
    entries = datum.entries
    isKnown = Array(repeating: false, count: entries.count)
    isASCII = entries.allSatisfy { $0.key.utf8.allSatisfy { $0 < 0x80 } }
    self.source = source
    self.name = name
  }

  /// The value of the first of `keys` that is given; the others are its synonyms.
  mutating func datum(_ keys: String...) -> Datum? { first(keys)?.datum }

  private mutating func first(_ keys: [String]) -> Datum.Entry? {
    known.append(keys)
    var found: Int?
    for place in entries.indices {
      let key = entries[place].key
      // A page has a dozen keys and is asked for thirty: nearly all differ in length.
      guard keys.contains(where: { ($0.utf8.count == key.utf8.count || !isASCII) && $0 == key }) else { continue }
      isKnown[place] = true
      if found == nil, entries[place].datum.value != .null { found = place }
    }
    return found.map { entries[$0] }
  }

  mutating func string(_ keys: String...) -> String? {
    guard let entry = first(keys) else { return nil }
    if let text = entry.datum.text { return text }
    report(entry, "\(entry.key) is a text, not \(entry.datum.kind)")
    return nil
  }

  mutating func bool(_ keys: String...) -> Bool? {
    guard let entry = first(keys) else { return nil }
    if case .bool(let bool) = entry.datum.value { return bool }
    // A word in quotes is a text, and `yes` was the same as `true` in YAML 1.1.
    let meant: Bool? =
      switch entry.datum.value {
      case .string(let text):
        ["true": true, "yes": true, "on": true, "false": false, "no": false, "off": false][text.lowercased()]
      default: nil
      }
    let written = entry.datum.text ?? entry.datum.kind
    report(
      entry, "\(entry.key) is true or false, not \(meant == nil ? written : "the text \(written)")",
      hint: meant.map { "\(entry.key): \($0), without quotes" })
    return nil
  }

  /// A number that has a lowest value is one that is reckoned with, so it has a highest one as well.
  mutating func int(_ keys: String..., from lowest: Int = .min) -> Int? {
    guard let entry = first(keys) else { return nil }
    let highest = lowest == .min ? Int.max : 1_000_000_000
    var rule = lowest == .min ? "a whole number" : "a whole number of at least \(lowest)"
    if case .int(let int) = entry.datum.value {
      if int >= lowest, int <= highest { return int }
      if int > highest { rule = "a whole number of at most \(highest)" }
    }
    report(entry, "\(entry.key) is \(rule), not \(entry.datum.text ?? entry.datum.kind)")
    return nil
  }

  /// One text or a list of texts.
  mutating func strings(_ keys: String...) -> [String]? {
    guard let entry = first(keys) else { return nil }
    if let text = entry.datum.text { return [text] }
    guard case .list(let items) = entry.datum.value else {
      report(entry, "\(entry.key) is a list of texts, not \(entry.datum.kind)")
      return nil
    }
    var strings: [String] = []
    for item in items {
      if let text = item.text {
        strings.append(text)
      } else {
        report(at: item.place, "\(entry.key) is a list of texts, \(item.kind) stands in it")
      }
    }
    return strings
  }

  /// One of a few words.
  mutating func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, of type: Choice.Type) -> Choice?
  where Choice.RawValue == String {
    guard let entry = first([key]) else { return nil }
    if let choice = entry.datum.text.flatMap(Choice.init) { return choice }
    let words = Choice.allCases.map(\.rawValue)
    let others = words.dropLast().joined(separator: ", ")
    report(
      entry, "\(key) is \(others) or \(words.last ?? ""), not \(entry.datum.text ?? entry.datum.kind)",
      hint: suggestion(for: entry.datum.text ?? "", among: words).map { "did you mean \($0)?" })
    return nil
  }

  /// A map's own reader; its problems come back through `take(_:)`.
  mutating func map(_ keys: String...) -> KeyReader? {
    guard let entry = first(keys) else { return nil }
    guard case .map = entry.datum.value else {
      report(entry, "\(entry.key) is a map of keys, not \(entry.datum.kind)")
      return nil
    }
    return KeyReader(entry.datum, in: source, name: entry.key)
  }

  mutating func take(_ other: KeyReader) { diagnostics += other.diagnostics }

  mutating func report(_ entry: Datum.Entry, _ message: String, hint: String? = nil) {
    report(at: entry.datum.place.column > 0 ? entry.datum.place : entry.keyPlace, message, hint: hint)
  }

  mutating func report(
    at place: Datum.Place, id: String = "wrong-value", _ message: String, hint: String? = nil,
    _ severity: Diagnostic.Severity = .error, isQuoted: Bool = true
  ) {
    diagnostics.append(
      Diagnostic(
        severity, id: id, message,
        at: SourceLocation(path: source.path, line: Int(place.line), column: Int(place.column)),
        sourceLine: isQuoted ? source.line(Int(place.line)) : nil, hint: hint))
  }

  /// The entries whose keys nobody asked for.
  var rest: [Datum.Entry] {
    entries.indices.compactMap { isKnown[$0] ? nil : entries[$0] }
  }

  /// Every key that nobody asked for is an error, with the known key that is nearest.
  mutating func refuseRest(_ severity: Diagnostic.Severity = .error) {
    let rest = rest
    if rest.isEmpty { return }
    let keys = known.flatMap(\.self)
    let names = NearNames(keys)
    for entry in rest {
      report(
        at: entry.keyPlace, id: "unknown-key", "\(entry.key) is no key of \(name)",
        hint: names.nearest(to: entry.key).map { "did you mean \($0)?" }
          ?? "known keys: \(Set(keys).sorted().joined(separator: ", "))", severity)
    }
  }

  /// What themes of other generators read, in lower case: no slips, near to a known key or not.
  private static let keysOfThemes: Set<String> = [
    "about", "anchor", "anchors", "audio", "banner", "bibliography", "caption", "comment", "comments", "cover_image",
    "css", "featured", "footer", "header", "heading", "hidden", "icon", "images", "js", "katex", "keyword",
    "keywords", "label", "languages", "last_updated", "license", "link", "links", "linktitle", "logo", "mastodon",
    "math", "mathjax", "mermaid", "meta", "metadata", "nav", "nav_order", "outline", "outputs", "page", "parent",
    "photo", "pin", "pinned", "place", "price", "rating", "redirect", "related", "resources", "role", "script",
    "scripts", "section", "share", "sidebar", "sitemap", "source", "status", "style", "styles", "subtitle", "tabs",
    "tagline", "theme", "thumbnail", "titles", "toc", "type", "version", "video", "videos", "wordcount",
  ]

  /// All pages are asked for the same few sets of keys: what is near to them is looked for in one table for each.
  private static let nearNames = Mutex<[[[String]]: NearNames]>([:])

  private static func names(near known: [[String]]) -> NearNames {
    nearNames.withLock { made in
      if let names = made[known] { return names }
      let names = NearNames(known.flatMap(\.self))
      made[known] = names
      return names
    }
  }

  /// Keys that nobody asked for may be the writer's own; those that look like a slip of a known one get a warning.
  mutating func warnOfNearMisses() {
    for entry in rest {
      let length = entry.key.utf8.count
      guard length > 3, !Self.keysOfThemes.contains(entry.key.lowercased()),
        let near = Self.names(near: known).nearest(to: entry.key, most: length > 6 ? 2 : 1)
      else { continue }
      report(
        at: entry.keyPlace, id: "near-miss-key", "\(entry.key) is no key of \(name), it is kept as a parameter",
        hint: "did you mean \(near)? put your own keys under params", .warning)
    }
  }
}
