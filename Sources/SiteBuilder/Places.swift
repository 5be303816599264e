import Files

/// Finds where something was written: in the source of a page, else in a template, else in the configuration.
struct Places {
  private let site: Site
  private let appearance: Appearance
  /// Templates and configuration.
  private let texts: [SourceText]
  private lazy var shared = texts.map { URLPlaces($0) }
  /// The source of the page that was asked for last: problems come page by page.
  private var own: (page: TreePath, places: URLPlaces?)?

  init(_ site: Site, _ appearance: Appearance) {
    self.site = site
    self.appearance = appearance
    texts = appearance.sources + [site.configuration.source].compactMap(\.self)
  }

  mutating func diagnostic(
    _ id: String, _ message: String, _ text: String, on page: TreePath, _ hint: String?, occurrence: Int = 0
  ) -> Diagnostic {
    if let (source, place) = find(text, on: page, occurrence: occurrence) {
      return source.diagnostic(id: id, message, at: place.offset, length: place.length, hint: hint)
    }
    let template = template(of: page)
    if let (source, place) = findPattern(of: text, preferred: template) {
      return source.diagnostic(
        id: id, message, at: place.offset, length: place.length, hint: hint, notes: ["on \(siteURL(of: page))"])
    }
    // The theme is nobody's to mend: what it was given comes from the page or the configuration.
    guard let template else {
      return Diagnostic(
        id: id, message, at: SourceLocation(path: own?.places?.source.path ?? page.string), hint: hint)
    }
    let isOwn = !template.hasPrefix("theme/")
    return Diagnostic(
      id: id, message, at: SourceLocation(path: isOwn ? template : own?.places?.source.path ?? page.string), hint: hint,
      notes: ["\(template) writes it on \(siteURL(of: page))"])
  }

  /// The link to another site that the page at `page` has.
  mutating func outsideLink(_ url: String, on page: TreePath) -> OutsideLink {
    guard let (source, place) = find(url, on: page, occurrence: 0) else {
      return OutsideLink(url: url, location: SourceLocation(path: own?.places?.source.path ?? page.string))
    }
    return OutsideLink(url: url, place, in: source)
  }

  private mutating func find(
    _ text: String, on page: TreePath, occurrence: Int
  ) -> (source: SourceText, place: URLPlaces.Place)? {
    if own?.page != page { own = (page, placesOfSource(of: page)) }
    if let source = own?.places?.source, let place = own?.places?.place(of: text, occurrence: occurrence) {
      return (source, place)
    }
    // A word of a template is hardly ever a URL.
    let mayBeValue = text.utf8.contains { "/.#".utf8.contains($0) }
    for position in mayBeValue ? [URLPlaces.Position.link, .value] : [.link] {
      for index in shared.indices {
        if let place = shared[index].place(of: text, occurrence: occurrence, in: [position]) {
          return (shared[index].source, place)
        }
      }
    }
    return nil
  }

  private mutating func findPattern(
    of url: String, preferred template: String?
  ) -> (source: SourceText, place: URLPlaces.Place)? {
    var found: (source: SourceText, place: URLPlaces.Place)?
    for places in shared {
      guard let place = places.pattern(of: url) else { continue }
      if found == nil || places.source.path == template { found = (places.source, place) }
    }
    return found
  }

  /// The path of the template that a page of the output is made with.
  private func template(of page: TreePath) -> String? {
    guard case .page(let id, _)? = site.outputs[page],
      let name = appearance.template(for: site.pages[id], taxonomy: site.taxonomyName(of: site.pages[id]))
    else { return nil }
    return appearance.sources.first { $0.path == "templates/" + name || $0.path == "theme/" + name }?.path
  }

  /// Of the file that a page of the output was written in; nil where it follows from others.
  private func placesOfSource(of page: TreePath) -> URLPlaces? {
    let file: Inventory.File?
    var bodyStart: Int?
    switch site.outputs[page] {
    case .page(let id, _):
      file = site.pages[id].source?.file
      bodyStart = site.pages[id].source?.bodyStart
    case .asset(let asset): file = asset
    case .feed, .generated, .redirect, .sitemap, .llms, .manifest, .searchIndex, .card, nil: file = nil
    }
    guard let file, let bytes = try? readFile(file.diskPath) else { return nil }
    return URLPlaces(
      SourceText(path: file.path.string, bytes: bytes), bodyStart: bodyStart.map { min($0, bytes.count) })
  }
}
