import Files

/// A page as its file gives it. The text itself stays on disk until the page is rendered.
struct ParsedPage: Sendable {
  let file: Inventory.File
  let frontMatter: FrontMatter
  /// The first byte of the text, behind the front matter.
  let bodyStart: Int
  /// The first heading of level 1, where the front matter has no title.
  let heading: String?
}

/// Stage 3: files → pages, in the inventory's order.
///
/// - Throws: `Diagnostics` with the problems of all pages.
func parse(_ inventory: Inventory, _ configuration: Configuration, workers: Int) async throws -> (
  pages: [ParsedPage], warnings: [Diagnostic]
) {
  let taxonomies = configuration.taxonomies
  let chunks = try await inParallel(inventory.pages.count, workers: workers) { range in
    var pages: [ParsedPage] = []
    var diagnostics: [Diagnostic] = []
    for file in inventory.pages[range] {
      let source = SourceText(path: file.path.string, bytes: try readFile(file.diskPath))
      let result = parsePage(file, source, taxonomies: taxonomies)
      if let page = result.page { pages.append(page) }
      diagnostics += result.diagnostics
    }
    return (pages, diagnostics)
  }
  let diagnostics = chunks.flatMap(\.1)
  try Diagnostics.stop(at: diagnostics)
  return (chunks.flatMap(\.0), diagnostics)
}

func parsePage(
  _ file: Inventory.File, _ source: SourceText, taxonomies: [String]
) -> (page: ParsedPage?, diagnostics: [Diagnostic]) {
  if let offset = firstInvalidUTF8(source.bytes) {
    let byte = String(source.bytes[offset], radix: 16, uppercase: true)
    return (
      nil,
      [
        source.diagnostic(
          id: "not-utf8", "text is UTF-8, the byte 0x\(byte) here is not", at: offset, hint: "save the file as UTF-8")
      ]
    )
  }
  do {
    let split = try splitFrontMatter(source)
    var matter = FrontMatter()
    var diagnostics: [Diagnostic] = []
    if let format = split.format {
      let datum = try DataText(source: source, range: split.range).read(format)
      (matter, diagnostics) = readFrontMatter(datum, in: source, taxonomies: taxonomies)
    }
    let heading = matter.title == nil ? firstHeading(source.bytes[split.bodyStart...]) : nil
    return (
      ParsedPage(file: file, frontMatter: matter, bodyStart: split.bodyStart, heading: heading), diagnostics
    )
  } catch {
    return (nil, [error])
  }
}

/// The offset of the first byte that is no UTF-8; nil where all is.
func firstInvalidUTF8(_ bytes: [UInt8]) -> Int? {
  if String(validating: bytes, as: UTF8.self) != nil { return nil }
  var decoder = UTF8.ForwardParser()
  var iterator = bytes.makeIterator()
  var offset = 0
  while true {
    switch decoder.parseScalar(from: &iterator) {
    case .valid(let scalar): offset += scalar.count
    case .error: return offset
    case .emptyInput: return nil
    }
  }
}

/// The text of a `# heading` that opens the page, its simple marks removed.
private func firstHeading(_ body: ArraySlice<UInt8>) -> String? {
  var rest = body
  while let first = rest.first, first == 0x0A || first == 0x0D || first == 0x20 { rest.removeFirst() }
  guard rest.starts(with: [UInt8(ascii: "#"), UInt8(ascii: " ")]) else { return nil }
  let line = String(decoding: rest.dropFirst(2).prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
  let text = trimmed(line).filter { $0 != "*" && $0 != "`" && $0 != "#" }
  return text.isEmpty ? nil : trimmed(text)
}
