import Files

/// A page as its file gives it. The text itself stays on disk until the page is rendered.
struct ParsedPage: Sendable {
  let file: Inventory.File
  /// Its language, and its path without it.
  let place: ContentPlace
  let frontMatter: FrontMatter
  /// The first byte of the text, behind the front matter.
  let bodyStart: Int
  /// The heading of level 1 that opens the text, where the front matter has no title. It is no part of the text then.
  let heading: String?
}

extension ParsedPage {
  /// A diagnostic at the place of a front-matter value, with its line.
  func diagnostic(id: String, _ message: String, at key: String, hint: String?) -> Diagnostic {
    let place = frontMatter.places[key] ?? Datum.Place(line: 1, column: 0)
    let source = (try? readFile(file.diskPath)).map { SourceText(path: file.path.string, bytes: $0) }
    return Diagnostic(
      id: id, message, at: SourceLocation(path: file.path.string, line: Int(place.line), column: Int(place.column)),
      sourceLine: source?.line(Int(place.line)), hint: hint)
  }
}

/// Stage 3: files → pages, in the inventory's order.
///
/// - Throws: `Diagnostics` with the problems of all pages.
func parse(_ inventory: Inventory, _ configuration: Configuration, workers: Int) async throws -> (
  pages: [ParsedPage], warnings: [Diagnostic]
) {
  let files = inventory.pages
  var chunks = try await parse(files, configuration, cascades: [:], workers: workers)
  let cascades = cascades(chunks.flatMap(\.pages))
  if !cascades.isEmpty { chunks = try await parse(files, configuration, cascades: cascades, workers: workers) }
  let diagnostics = chunks.flatMap(\.diagnostics)
  try Diagnostics.stop(at: diagnostics)
  return (chunks.flatMap(\.pages), diagnostics)
}

private func parse(
  _ files: [Inventory.File], _ configuration: Configuration, cascades: [SectionKey: [Datum.Entry]], workers: Int
) async throws -> [(pages: [ParsedPage], diagnostics: [Diagnostic])] {
  return try await inParallel(files.count, workers: workers) { range in
    var pages: [ParsedPage] = []
    var diagnostics: [Diagnostic] = []
    for file in files[range] {
      let source = SourceText(path: file.path.string, bytes: try readFile(file.diskPath))
      let place = configuration.contentPlace(of: file.path)
      let cascade = cascades.isEmpty ? [] : inherited(by: place, from: cascades)
      let result = parsePage(file, place, source, configuration, cascade: cascade)
      if let page = result.page { pages.append(page) }
      diagnostics += result.diagnostics
    }
    return (pages, diagnostics)
  }
}

/// What sections hand down.
private func cascades(_ pages: [ParsedPage]) -> [SectionKey: [Datum.Entry]] {
  var cascades: [SectionKey: [Datum.Entry]] = [:]
  for page in pages where page.place.path.stem == "_index" && !page.frontMatter.cascade.isEmpty {
    let key = SectionKey(language: page.place.language, folder: Resolver.folder(of: page.place.path))
    cascades[key] = page.frontMatter.cascade
  }
  return cascades
}

/// The nearest section's word counts; places in another file say nothing here.
private func inherited(by place: ContentPlace, from cascades: [SectionKey: [Datum.Entry]]) -> [Datum.Entry] {
  var entries: [Datum.Entry] = []
  var folder = Resolver.folder(of: place.path).split(separator: "/")
  var isOwn = place.path.stem == "_index"
  while true {
    for entry in cascades[SectionKey(language: place.language, folder: folder.joined(separator: "/"))] ?? []
    where !isOwn && !entries.contains(where: { $0.key == entry.key }) {
      entries.append(Datum.Entry(key: entry.key, keyPlace: .unknown, datum: Datum(entry.datum.value)))
    }
    isOwn = false
    guard folder.popLast() != nil else { return entries }
  }
}

func parsePage(
  _ file: Inventory.File, _ place: ContentPlace, _ source: SourceText, _ configuration: Configuration,
  cascade: [Datum.Entry] = []
) -> (page: ParsedPage?, diagnostics: [Diagnostic]) {
  if let problem = source.encodingProblem { return (nil, [problem]) }
  do {
    let split = try splitFrontMatter(source)
    var datum = Datum(.map([]))
    if let format = split.format { datum = try DataText(source: source, range: split.range).read(format) }
    if !cascade.isEmpty, case .map(let own) = datum.value {
      datum.value = .map(own + cascade.filter { entry in !own.contains { $0.key == entry.key } })
    }
    var (matter, diagnostics) = readFrontMatter(datum, in: source, taxonomies: configuration.taxonomies)
    var place = place
    if configuration.isMultilingual, let name = matter.language {
      if let language = configuration.language(named: name) {
        place.language = language
      } else {
        diagnostics.append(unknownLanguage(name, datum, source, configuration))
      }
      // The page is in a language of the site, under the name that the site has for it.
      matter.language = nil
    }
    let heading = matter.title == nil ? firstHeading(source.bytes, from: split.bodyStart) : nil
    let page = ParsedPage(
      file: file, place: place, frontMatter: matter, bodyStart: heading?.end ?? split.bodyStart, heading: heading?.text)
    return (page, diagnostics)
  } catch {
    return (nil, [error])
  }
}

private func unknownLanguage(
  _ name: String, _ datum: Datum, _ source: SourceText, _ configuration: Configuration
) -> Diagnostic {
  let codes = configuration.languages.map(\.code)
  let place = (datum["language"] ?? datum["lang"])?.place ?? .unknown
  return Diagnostic(
    id: "unknown-language", "\(name) is no language of the site",
    at: SourceLocation(path: source.path, line: Int(place.line), column: Int(place.column)),
    sourceLine: source.line(Int(place.line)),
    hint: suggestion(for: name, among: codes).map { "did you mean \($0)?" }
      ?? "languages: \(codes.joined(separator: ", "))")
}

/// The text of a `# heading` that opens the page, its simple marks removed, and where the text behind it begins.
private func firstHeading(_ bytes: [UInt8], from start: Int) -> (text: String, end: Int)? {
  guard let first = bytes[start...].firstIndex(where: { $0 != 0x0A && $0 != 0x0D && $0 != 0x20 }) else { return nil }
  guard bytes[first...].starts(with: [UInt8(ascii: "#"), UInt8(ascii: " ")]) else { return nil }
  let end = bytes[first...].firstIndex(of: 0x0A) ?? bytes.count
  let line = String(decoding: bytes[first + 2..<end].filter { $0 != 0x0D }, as: UTF8.self)
  let text = trimmed(line.filter { $0 != "*" && $0 != "`" && $0 != "#" })
  return text.isEmpty ? nil : (text, end)
}
