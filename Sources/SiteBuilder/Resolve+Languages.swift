import Files

extension Resolver {
  /// The parts that begin the URLs of a language's pages.
  func prefix(_ language: LanguageID) -> [String] { configuration.languages[language].prefix.map { [$0] } ?? [] }

  /// `/:year/:slug/` of a German page is below `/de/`.
  func outputFile(for url: String, in language: LanguageID) -> TreePath? {
    Self.outputFile(for: prefix(language).map { "/" + $0 + "/" }.joined() + url)
  }

  /// Tells each page its translations, in the order of the languages.
  mutating func linkTranslations() {
    guard configuration.isMultilingual else { return }
    var groups: [String: [PageID]] = [:]
    for id in pages.indices { groups[translationKeys[id], default: []].append(id) }
    for group in groups.values where group.count > 1 {
      let sorted = group.sorted { (pages[$0].language, $0) < (pages[$1].language, $1) }
      for id in sorted {
        var seen = Set([pages[id].language])
        pages[id].translations = sorted.filter { seen.insert(pages[$0].language).inserted }
      }
    }
  }

  /// Notes where the folder of each section leads, whether it has an `_index.md` or not.
  mutating func placeSections() {
    for (key, id) in sections {
      let folder: TreePath = TreePath("content/" + key.folder) ?? "content"
      let index = folder.appending("_index.md" as TreePath)
      if configuration.isMultilingual { outputOfTranslation[key.language][index] = pages[id].output }
      if key.language == configuration.defaultLanguage, outputOfSource[index] == nil {
        outputOfSource[index] = pages[id].output
      }
    }
  }

  /// Notes where a path leads in each language, and what a site of several languages has at its root.
  mutating func placeTranslations() {
    guard configuration.isMultilingual else { return warnOfUnknownLanguages() }
    outputOfTranslation = Array(repeating: [:], count: configuration.languages.count)
    for page in pages {
      if let place = page.source?.place { outputOfTranslation[place.language][place.path] = page.output }
    }
    let main = configuration.defaultLanguage
    if configuration.languages[main].prefix != nil {
      place(.redirect(to: homes[main]), at: "index.html", "the default language")
    }
    warnOfLanguagesWithoutPages()
    warnOfUnknownLanguages()
  }

  /// `about.de.md` beside `about.md`, where the configuration knows nothing of German.
  private mutating func warnOfUnknownLanguages() {
    let dot = UInt8(ascii: ".")
    for file in outputOfSource.keys
    where file.string.utf8.count(where: { $0 == dot }) > 1 && file.string.hasPrefix("content/") {
      let stem = file.stem
      guard let dot = stem.lastIndex(of: "."), stem[dot...].utf8.count == 3,
        configuration.language(named: stem[stem.index(after: dot)...]) == nil,
        let other = TreePath((file.parent.map { $0.string + "/" } ?? "") + stem[..<dot] + "." + file.fileExtension),
        outputOfSource[other] != nil
      else { continue }
      let code = String(stem[stem.index(after: dot)...])
      diagnostics.append(
        Diagnostic(
          .warning, id: "unknown-language",
          "\(file.name) is no translation of \(other.name): \(code) is no language of the site",
          at: SourceLocation(path: file.string, line: 1),
          hint:
            "languages: {\(([configuration.languages.map(\.code), [code]].joined()).map { $0 + ": …" }.joined(separator: ", "))}"
        ))
    }
  }

  private mutating func warnOfLanguagesWithoutPages() {
    for (index, language) in configuration.languages.enumerated()
    where !pages.contains(where: { $0.language == index && $0.source != nil }) {
      let place = language.place
      diagnostics.append(
        Diagnostic(
          .warning, id: "language-without-pages", "\(language.code) has no page",
          at: SourceLocation(path: configuration.path ?? "content", line: Int(place.line), column: Int(place.column)),
          sourceLine: configuration.source?.line(Int(place.line)),
          hint: "content/about.\(language.code).md and content/\(language.code)/about.md are pages in it"))
    }
  }
}
