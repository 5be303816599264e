import Files
import Markdown

/// A page as its file gives it. The text itself stays on disk until the page is rendered.
///
/// An object, for a page is handed on from stage to stage, and has many fields.
final class ParsedPage: Sendable {
  let file: Inventory.File
  /// Its language, and its path without it.
  let place: ContentPlace
  let frontMatter: FrontMatter
  /// The first byte of the text, behind the front matter.
  let bodyStart: Int
  /// The heading of level 1 that opens the text, where the front matter has no title. It is no part of the text then.
  let heading: TitleHeading?
  /// A digest of all before the text, and of what sections hand down to the page.
  let head: UInt64

  init(
    file: Inventory.File, place: ContentPlace, frontMatter: FrontMatter, bodyStart: Int, heading: TitleHeading?,
    head: UInt64
  ) {
    self.file = file
    self.place = place
    self.frontMatter = frontMatter
    self.bodyStart = bodyStart
    self.heading = heading
    self.head = head
  }
}

/// The heading that is a page's title.
struct TitleHeading: Sendable {
  let text: String
  /// The id that it would have in the text: templates can give it to the title, and links to it lead somewhere.
  let id: String
}

/// What comes of stage 3.
struct ParsedPages: Sendable {
  /// In the inventory's order.
  var pages: [ParsedPage] = []
  /// One for each page.
  var heads: [PageHead] = []
  var warnings: [Diagnostic] = []
}

/// What of a page's file the site is resolved from: enough to parse it again without reading it.
struct PageHead: Sendable {
  /// A digest of the whole file.
  let digest: UInt64
  /// Everything before the text.
  let bytes: [UInt8]
}

extension ParsedPage {
  /// Whether the page is to be in the output: drafts, pages of the future and expired ones are there on demand.
  func isWanted(_ options: BuildOptions) -> Bool {
    if frontMatter.isDraft, !options.includesDrafts { return false }
    guard let now = options.secondsSince1970 else { return true }
    if let end, end <= now, !options.includesExpired { return false }
    return start.map { $0 <= now || options.includesFuture } ?? true
  }

  /// When the page is to be shown from, in seconds since 1970.
  var start: Int? {
    guard let date = frontMatter.publishDate ?? frontMatter.date else { return nil }
    // A date without an offset may be that of a writer in UTC+14, where the day begins first.
    return date.secondsSince1970 - (date.hasOffset ? 0 : 14 * 3600)
  }

  /// When it is to be shown no more.
  var end: Int? { frontMatter.expiryDate?.secondsSince1970 }

  /// A diagnostic at the place of a front-matter value, with its line.
  func diagnostic(id: String, _ message: String, at key: String, hint: String?) -> Diagnostic {
    let place = frontMatter.places[key] ?? Datum.Place(line: 1, column: 0)
    let source = (try? readFile(file.diskPath)).map { SourceText(path: file.path.string, bytes: $0) }
    return Diagnostic(
      id: id, message, at: SourceLocation(path: file.path.string, line: Int(place.line), column: Int(place.column)),
      sourceLine: source?.line(Int(place.line)), hint: hint)
  }
}

/// Stage 3: files → pages, in the inventory's order. Of files that are as they were, `past` knows the head.
///
/// - Throws: `Diagnostics` with the problems of all pages.
func parse(
  _ inventory: Inventory, _ configuration: Configuration, _ past: BuildCache?, workers: Int
) async throws -> ParsedPages {
  var parsing = Parsing(files: inventory.pages, configuration: configuration, past: past)
  var chunks = try await parsing.run(workers: workers)
  parsing.cascades = cascades(chunks.flatMap(\.pages))
  if !parsing.cascades.isEmpty { chunks = try await parsing.run(workers: workers) }
  let warnings = chunks.flatMap(\.warnings)
  try Diagnostics.stop(at: warnings)
  return ParsedPages(pages: chunks.flatMap(\.pages), heads: chunks.flatMap(\.heads), warnings: warnings)
}

private struct Parsing {
  let files: [Inventory.File]
  let configuration: Configuration
  let past: BuildCache?
  var cascades: [SectionKey: [Datum.Entry]] = [:]

  func run(workers: Int) async throws -> [ParsedPages] {
    try await inParallel(files.count, workers: workers) { [self] range in
      var chunk = ParsedPages()
      for file in files[range] {
        let place = configuration.contentPlace(of: file.path)
        let cascade = cascades.isEmpty ? [] : inherited(by: place, from: cascades)
        if cascades.isEmpty, let (page, head) = past?.page(of: file) {
          chunk.pages.append(page)
          chunk.heads.append(head)
        } else if let head = past?.head(of: file) {
          chunk.add(file, place, head.bytes, cascade, configuration, digest: head.digest)
        } else {
          let bytes = try readFile(file.diskPath)
          chunk.add(file, place, bytes, cascade, configuration, digest: Fingerprint.of(bytes))
        }
      }
      return chunk
    }
  }
}

extension ParsedPages {
  fileprivate mutating func add(
    _ file: Inventory.File, _ place: ContentPlace, _ bytes: [UInt8], _ cascade: [Datum.Entry],
    _ configuration: Configuration, digest: UInt64
  ) {
    let result = parsePage(
      file, place, SourceText(path: file.path.string, bytes: bytes), configuration, cascade: cascade)
    warnings += result.diagnostics
    guard let page = result.page else { return }
    pages.append(page)
    heads.append(PageHead(digest: digest, bytes: Array(bytes[..<page.bodyStart])))
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
  var folder = Resolver.folder(of: place.path).pathParts
  var isOwn = place.path.stem == "_index"
  while true {
    let cascade = cascades[SectionKey(language: place.language, folder: folder.joined(separator: "/"))] ?? []
    if !isOwn {
      entries += entries.missing(from: cascade).map {
        Datum.Entry(key: $0.key, keyPlace: .unknown, datum: Datum($0.datum.value))
      }
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
      datum.value = .map(own + own.missing(from: cascade))
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
    let heading = matter.title == nil ? firstHeading(source.bytes, from: split.bodyStart, configuration) : nil
    let bodyStart = heading?.end ?? split.bodyStart
    var head = Fingerprint.of(source.bytes[..<bodyStart])
    if !cascade.isEmpty { head = Fingerprint.of(head, Fingerprint.of(String(describing: cascade))) }
    let page = ParsedPage(
      file: file, place: place, frontMatter: matter, bodyStart: bodyStart, heading: heading?.heading, head: head)
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

/// The `# heading` that opens the page, as Markdown reads it, and where the text behind it begins. One with shortcodes stays in the text: what
/// they give is not known yet.
private func firstHeading(
  _ bytes: [UInt8], from start: Int, _ configuration: Configuration
) -> (heading: TitleHeading, end: Int)? {
  guard let first = bytes[start...].firstIndex(where: { $0 != 0x0A && $0 != 0x0D && $0 != 0x20 }),
    bytes[first] == UInt8(ascii: "#"), first + 1 < bytes.count, bytes[first + 1] == 0x20 || bytes[first + 1] == 0x09
  else { return nil }
  // With more spaces before it, it is code.
  guard bytes[start..<first].suffix(4).count(where: { $0 == 0x20 }) < 4 else { return nil }
  let end = bytes[first...].firstIndex(of: 0x0A) ?? bytes.count
  var line = Array(bytes[first..<end])
  if ShortcodeReader.mayContain(line[...]) {
    let reader = ShortcodeReader(
      SourceText(path: "", bytes: line), 0..<line.count, code: codeRanges(in: line[...]))
    guard reader.shortcodes.isEmpty, reader.diagnostics.isEmpty else { return nil }
    for tag in reader.escaped.reversed() { line.replaceSubrange(tag, with: ShortcodeExpansion.unescaped(line[tag])) }
  }
  removeFootnoteReferences(&line)
  let rendered = renderMarkdown(line, options: MarkdownOptions(configuration.markdown))
  guard let heading = rendered.outline.first, heading.level == 1, !heading.text.isEmpty else { return nil }
  return (TitleHeading(text: heading.text, id: heading.id), end)
}

/// `[^1]` is no part of a title. Whether there is such a note is not asked: a title follows from what stands before the text.
private func removeFootnoteReferences(_ line: inout [UInt8]) {
  let opening = Array("[^".utf8)
  guard find(opening, in: line, from: 0) != nil else { return }
  let code = codeRanges(in: line[...])
  var kept: [UInt8] = []
  var position = 0
  while let start = find(opening, in: line, from: position) {
    let end = line[(start + 2)...].firstIndex { $0 <= 0x20 || $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "]") }
    let isLabel = end.map { line[$0] == UInt8(ascii: "]") && $0 > start + 2 } ?? false
    let isEscaped = start > 0 && line[start - 1] == UInt8(ascii: "\\")
    let next = code.partitioningIndex { $0.range.upperBound > start }
    let isCode = next < code.count && code[next].range.contains(start)
    let isLink = end.map { $0 + 1 < line.count && line[$0 + 1] == UInt8(ascii: "(") } ?? false
    kept += line[position..<start]
    position = end ?? line.count
    if isLabel, !isEscaped, !isCode, !isLink { position += 1 } else { kept += line[start..<position] }
  }
  line = kept + line[position...]
}
