import Files

/// The index of a language in `Configuration.languages`.
typealias LanguageID = Int

/// One language of the site. A site that names none has one.
public struct Language: Sendable {
  /// As files and URLs name it: `de` of `about.de.md`, `content/de/` and `/de/`.
  public var code: String
  /// BCP 47, as HTML names it: the code, unless the configuration says more (`pt-BR`).
  public var tag: String
  /// As its readers call it: `Deutsch`.
  public var name: String
  public var title = ""
  public var description = ""
  public var author = ""
  /// `ltr` or `rtl`.
  var direction: String
  /// Where it stands among the others, lightest first.
  var weight: Int?
  /// Begins the URLs of its pages; nil where they begin at the root.
  var prefix: String?
  /// As the configuration has it, in place of the code in small letters.
  fileprivate var ownPrefix: String?
  /// Nil where the menus of the site are its menus.
  var menus: [(name: String, items: [MenuItem])]?
  /// Those of the site, and over them its own.
  var params = Datum(.map([]))
  /// Phrases of its own, from the configuration.
  var phrases = PhraseTable()
  var place = Datum.Place.unknown

  init(code: String) {
    self.code = code
    tag = code
    name = code
    direction = Self.direction(of: code)
  }

  static func isCode(_ code: String) -> Bool {
    code.utf8.first.map { $0 >= 0x41 } ?? false && code.utf8.count <= 35
      && code.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
  }

  /// `pt` of `pt-BR`.
  var base: String { Self.base(of: code) }

  static func base(of tag: String) -> String { String(tag.prefix { $0 != "-" && $0 != "_" }) }

  /// Scripts that run from right to left, by language (CLDR, `characterOrder`).
  static func direction(of code: String) -> String {
    ["ar", "arc", "dv", "fa", "he", "ku", "ps", "sd", "syr", "ug", "ur", "yi"].contains(base(of: code).lowercased())
      ? "rtl" : "ltr"
  }
}

/// Where a file of `content/` belongs: its language, and its path without what names the language.
struct ContentPlace: Sendable, Hashable {
  var language: LanguageID
  /// `content/posts/hello.md` of `content/posts/hello.de.md` and of `content/de/posts/hello.md`. The same path in two languages is one
  /// page and its translation.
  var path: TreePath
}

/// A section: its language, and its folder below `content/` without what names the language; "" for the home page.
struct SectionKey: Sendable, Hashable {
  var language: LanguageID
  var folder: String
}

extension Configuration {
  var isMultilingual: Bool { languages.count > 1 }

  /// The place of a file: `about.de.md` and `de/about.md` are German where the site has German.
  func contentPlace(of path: TreePath) -> ContentPlace {
    let plain = ContentPlace(language: defaultLanguage, path: path)
    guard isMultilingual, path.string.hasPrefix("content/") else { return plain }
    let parts = path.components
    let stem = path.stem
    if let dot = stem.lastIndex(of: "."), dot != stem.startIndex,
      let language = language(named: stem[stem.index(after: dot)...])
    {
      let name = stem[..<dot] + "." + path.fileExtension
      // `content/de/about.de.md` says it twice.
      let folders = parts.count > 2 && self.language(named: parts[1]) == language ? parts.dropFirst() : parts[...]
      let folder = folders.dropLast().dropFirst(folders.count == parts.count ? 1 : 0)
      return ContentPlace(language: language, path: Self.path(folder + [Substring(name)]) ?? path)
    }
    guard parts.count > 2, let language = language(named: parts[1]) else { return plain }
    return ContentPlace(language: language, path: Self.path(parts.dropFirst(2)) ?? path)
  }

  /// The folder that a language's files have for their own: `content/de/x` → `de`; nil for files outside of such folders.
  func languageFolder(of path: TreePath) -> (language: LanguageID, rest: TreePath)? {
    guard isMultilingual, path.string.hasPrefix("content/") else { return nil }
    let parts = path.components
    guard parts.count > 2, let language = language(named: parts[1]) else { return nil }
    return Self.path(parts.dropFirst(2)).map { (language, $0) }
  }

  /// Below `content/`.
  private static func path(_ parts: ArraySlice<Substring>) -> TreePath? {
    TreePath("content/" + parts.joined(separator: "/"))
  }

  func language(named name: some StringProtocol) -> LanguageID? {
    languages.firstIndex { language in
      language.code.utf8.count == name.utf8.count
        && zip(language.code.utf8, name.utf8).allSatisfy { ($0 | 0x20) == ($1 | 0x20) }
    }
  }
}

extension Configuration {
  /// Reads `languages`, and gives a site without them its one language.
  ///
  /// - Parameter standard: the code or tag of the default language, where the configuration says it.
  mutating func readLanguages(_ reader: inout KeyReader, _ standard: String?) {
    languages = []
    let prefixesAll = reader.bool("prefix_default_language") ?? false
    if let datum = reader.datum("languages") {
      switch datum.value {
      case .map(let entries):
        for entry in entries { readLanguage(entry, &reader) }
      case .list(let items) where items.allSatisfy { $0.text != nil }:
        for item in items {
          readLanguage(Datum.Entry(key: item.text ?? "", keyPlace: item.place, datum: Datum(.null)), &reader)
        }
      default:
        reader.report(
          at: datum.place, "languages is a map from codes to what they are called, not \(datum.kind)",
          hint: "languages: {en: {name: English}, de: {name: Deutsch}}")
      }
    }
    if languages.isEmpty { languages = [plainLanguage(language)] }
    sortLanguages(standard)
    for index in languages.indices where prefixesAll || index != defaultLanguage {
      let language = languages[index]
      languages[index].prefix = languages.count > 1 ? language.ownPrefix ?? language.code.lowercased() : nil
    }
  }

  /// By weight, then as written. The default language is the one that `language` names, else the first.
  private mutating func sortLanguages(_ standard: String?) {
    if let standard {
      let known =
        language(named: standard) ?? languages.firstIndex { $0.tag.lowercased() == standard.lowercased() }
        ?? language(named: Language.base(of: standard))
      if let known {
        if languages[known].tag == languages[known].code { languages[known].tag = standard }
        defaultLanguage = known
      } else {
        languages.insert(plainLanguage(standard), at: 0)
        defaultLanguage = 0
      }
    }
    let main = standard.map { _ in languages[defaultLanguage].code }
    let sorted = languages.enumerated().sorted {
      ($0.element.weight ?? .max, $0.offset) < ($1.element.weight ?? .max, $1.offset)
    }
    languages = sorted.map(\.element)
    defaultLanguage = main.flatMap { main in languages.firstIndex { $0.code == main } } ?? 0
    language = languages[defaultLanguage].tag
  }

  private func plainLanguage(_ code: String) -> Language {
    var language = Language(code: code)
    (language.title, language.description, language.author, language.params) = (title, description, author, params)
    return language
  }

  private mutating func readLanguage(_ entry: Datum.Entry, _ reader: inout KeyReader) {
    let code = entry.key
    guard Language.isCode(code) else {
      reader.report(
        at: entry.keyPlace, "a language has a code such as de or pt-BR, not \(code)",
        hint: "languages: {de: {name: Deutsch}}")
      return
    }
    if self.language(named: code) != nil {
      reader.report(at: entry.keyPlace, "\(code) is given twice", hint: "keep one of them")
      return
    }
    var language = plainLanguage(code)
    language.place = entry.keyPlace
    defer { languages.append(language) }
    if entry.datum.value == .null { return }
    // `de: Deutsch`
    if let name = entry.datum.text {
      language.name = name
      return
    }
    guard case .map = entry.datum.value else {
      reader.report(entry, "a language is a map of keys, not \(entry.datum.kind)", hint: "de: {name: Deutsch}")
      return
    }
    var own = KeyReader(entry.datum, in: reader.source, name: "languages.\(code)")
    language.read(&own)
    reader.take(own)
  }
}

extension Language {
  fileprivate mutating func read(_ reader: inout KeyReader) {
    if let value = reader.string("name") { name = value }
    if let value = reader.string("locale", "tag") { tag = value }
    if let value = reader.string("title") { title = value }
    if let value = reader.string("description") { description = value }
    if let value = reader.string("author") { author = value }
    if let value = reader.string("prefix") {
      let isPart =
        !value.isEmpty
        && value.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
      if isPart {
        ownPrefix = value
      } else {
        reader.report(
          at: reader.datum("prefix")?.place ?? .unknown, "prefix is one part of a URL, not \(value)",
          hint: "letters, digits, - and _")
      }
    }
    weight = reader.int("weight")
    if let value = reader.string("direction") {
      direction = value
      if value != "ltr" && value != "rtl" {
        reader.report(at: reader.datum("direction")?.place ?? .unknown, "direction is ltr or rtl, not \(value)")
      }
    }
    if var map = reader.map("menus") {
      menus = map.readMenus()
      reader.take(map)
    }
    if let map = reader.map("params", "extra") {
      let own = map.datum.entries
      params.value = .map(params.entries.filter { site in !own.contains { $0.key == site.key } } + own)
    }
    if var map = reader.map("translations") {
      phrases = map.readPhrases()
      reader.take(map)
    }
    reader.refuseRest()
  }
}
