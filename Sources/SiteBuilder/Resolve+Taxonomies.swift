import Files

extension Resolver {
  /// A page for each taxonomy that a page uses, and for each of its terms; tells each page its terms.
  mutating func addTaxonomies(_ language: LanguageID) {
    for name in configuration.taxonomies {
      var used = usedTerms(name, language)
      guard !used.terms.isEmpty else { continue }
      let part = Self.urlPart(name)
      let own = ownPages(below: [part], language)
      used.terms += unusedTerms(own, besides: used.terms, below: prefix(language) + [part])
      let output = Self.indexFile(in: prefix(language) + [part])
      let title = phrases[language].text(name, []) ?? Self.title(from: name)
      let taxonomy = addList(
        Page(kind: .taxonomy, source: nil, title: title, url: siteURL(of: output), output: output), language,
        key: "taxonomy " + name, own: own)
      pages[taxonomy].name = name
      pages[taxonomy].parent = homes[language]
      taxonomies.append(taxonomy)
      var ids = [PageID](repeating: taxonomy, count: used.terms.count)
      let sorted = used.terms.enumerated().sorted {
        $0.element.slug.utf8.lexicographicallyPrecedes($1.element.slug.utf8)
      }
      for (place, term) in sorted {
        let output = Self.indexFile(in: prefix(language) + [part, term.slug])
        let id = addList(
          Page(kind: .term, source: nil, title: term.name, url: siteURL(of: output), output: output), language,
          key: "term \(name) \(term.slug)", own: own)
        pages[id].name = term.name
        pages[id].parent = taxonomy
        pages[id].listed = term.pages
        pages[taxonomy].subsections.append(id)
        ids[place] = id
      }
      for (page, terms) in used.ofPages { pages[page].terms.append((taxonomy, terms.map { ids[$0] })) }
    }
  }

  /// A term as it is first written, and the pages that have it.
  private struct Term {
    let slug: String
    let name: String
    var pages: [PageID] = []
  }

  /// Terms that no page has, but that have an `_index.md` of their own.
  private func unusedTerms(
    _ own: [TreePath: PageID], besides used: [Term], below parts: [String]
  ) -> [Term] {
    let slugs = Set(used.map(\.slug))
    return own.sorted { $0.key < $1.key }.compactMap { output, id in
      guard pages[id].kind == .section, pages[id].source != nil, let slug = output.parent?.name,
        !slugs.contains(slug), output == Self.indexFile(in: parts + [slug])
      else { return nil }
      return Term(slug: slug, name: pages[id].title)
    }
  }

  /// Capitals, hyphens and spaces make no difference between terms. Where more does, a writer may have meant two.
  private mutating func warnOfOneTerm(_ name: String, _ first: String, _ slug: String, _ page: PageID) {
    func plain(_ name: String) -> String {
      let signs = name.lowercased().unicodeScalars.filter {
        !" -_'’".unicodeScalars.contains($0) && !$0.properties.isVariationSelector && !$0.properties.isJoinControl
      }
      return String(String.UnicodeScalarView(signs))
    }
    guard plain(name) != plain(first), let file = pages[page].source?.file else { return }
    var warning = Diagnostic(
      .warning, id: "one-term", "\(name) and \(first) are one term, \(slug)",
      at: SourceLocation(path: file.path.string),
      hint: "write it in one way, or give one of them another name")
    if let bytes = try? readFile(file.diskPath) {
      let source = SourceText(path: file.path.string, bytes: bytes)
      if let place = locate(name, in: source) {
        warning.location = source.location(at: place.offset)
        warning.sourceLine = source.line(source.location(at: place.offset).line)
      }
    }
    diagnostics.append(warning)
  }

  /// - Returns: the terms, in the order in which they come up, and those of each page by their places in that order, as written.
  private mutating func usedTerms(
    _ taxonomy: String, _ language: LanguageID
  ) -> (terms: [Term], ofPages: [(page: PageID, terms: [Int])]) {
    var terms: [Term] = []
    var placeOfSlug: [String: Int] = [:]
    // Terms are written the same way a thousand times.
    var placeOfName: [String: Int] = [:]
    var ofPages: [(page: PageID, terms: [Int])] = []
    for id in regularPages where pages[id].language == language {
      guard let names = pages[id].source?.frontMatter.terms[taxonomy] else { continue }
      var own: [Int] = []
      for name in names {
        let place: Int
        if let known = placeOfName[name] {
          place = known
        } else {
          let slug = termSlug(name)
          guard !slug.isEmpty else { continue }
          place = placeOfSlug[slug] ?? terms.count
          if place < terms.count { warnOfOneTerm(name, terms[place].name, slug, id) }
          if place == terms.count { terms.append(Term(slug: slug, name: name)) }
          placeOfSlug[slug] = place
          placeOfName[name] = place
        }
        guard !own.contains(place) else { continue }
        own.append(place)
        terms[place].pages.append(id)
      }
      if !own.isEmpty { ofPages.append((id, own)) }
    }
    return (terms, ofPages)
  }
}
