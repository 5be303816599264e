import Files

extension Appearance {
  /// Tells of each language that the theme does not speak which of its phrases pages show all the same, once for all of them.
  ///
  /// - Parameter lacking: by language, as `readPhraseBooks` gives it.
  func phraseWarnings(_ site: Site, lacking: [[String]]) -> [Diagnostic] {
    site.languages.indices.compactMap { language in
      if lacking[language].isEmpty { return nil }
      let shown = themeSources(of: language, site)
      let keys = lacking[language].filter { key in
        let call = Array("\"\(key)\" | t".utf8)
        return shown.contains { find(call, in: $0.bytes, from: 0) != nil }
      }
      if keys.isEmpty { return nil }
      return missingTranslation(
        site.languages[language].language.code, keys,
        hint: "the theme's own words are shown until they are there; all of them are in the theme's i18n/en.yaml")
    }
  }

  /// The theme's templates that pages of a language are made with, directly or by others that name them.
  private func themeSources(of language: LanguageID, _ site: Site) -> [SourceText] {
    var names: Set<String> = []
    for page in site.pages.indices.lazy.map({ site.pages[$0] }) where page.language == language && !page.isRedirect {
      if let name = template(for: page, taxonomy: site.taxonomyName(of: page)) { names.insert(name) }
    }
    var rest = Dictionary(
      sources.map { ($0.path.pathParts.dropFirst().joined(separator: "/"), $0) }, uniquingKeysWith: { $1 })
    var found: [SourceText] = []
    while let name = names.popFirst() {
      guard let source = rest.removeValue(forKey: name) else { continue }
      found.append(source)
      for other in rest.keys where find(Array("\"\(other)\"".utf8), in: source.bytes, from: 0) != nil {
        names.insert(other)
      }
    }
    return found.filter { $0.path.hasPrefix("theme/") }
  }
}
