import Files

/// Where URLs stand in a text. The text is read once; each question then costs what the URL's own occurrences cost, so that a text full of
/// dead links is told in a time that grows with its length.
struct URLPlaces {
  let source: SourceText
  private let scanner: URLScanner
  /// What was asked already: where each URL stands.
  private var known: [Question: [Place]] = [:]
  /// Of those the images that have no text, where that was asked.
  private var imagesWithoutText: [String: [Place]] = [:]

  typealias Place = (offset: Int, length: Int)

  /// What stands at a place.
  enum Position {
    /// The destination of a link, an attribute's value, an argument of a shortcode.
    case link
    /// A value of front matter or of the configuration, a word of a template.
    case value
    /// A word of a text: nothing that leads anywhere, as far as is known.
    case word
  }

  private struct Question: Hashable {
    let url: String
    let position: Position
  }

  /// - Parameter bodyStart: where Markdown begins; nil where the text has none.
  init(_ source: SourceText, bodyStart: Int? = nil) {
    self.source = source
    var scanner = URLScanner(source.bytes)
    scanner.scanValues(
      before: bodyStart ?? source.bytes.count, isTemplate: bodyStart == nil && !source.path.isConfiguration)
    if let bodyStart { scanner.scanMarkdown(from: bodyStart) }
    self.scanner = scanner
  }

  /// The `occurrence`-th (0-based) place where `url` was written, whatever escapes it was written with; the first place where there are fewer.
  ///
  /// - Parameter positions: in the order of preference.
  mutating func place(of url: String, occurrence: Int = 0, in positions: [Position] = [.link, .value]) -> Place? {
    for position in positions {
      let places = places(of: Question(url: url, position: position))
      if occurrence < places.count { return places[occurrence] }
      if let first = places.first { return first }
    }
    return nil
  }

  /// The `occurrence`-th image at `url` that has no text, as Markdown or HTML; the first where there are fewer, and where none is found what
  /// `place` finds.
  mutating func imageWithoutText(_ url: String, _ occurrence: Int) -> Place? {
    let places = places(of: Question(url: url, position: .link))
    let images = imagesWithoutText[url] ?? places.filter { isImageWithoutText(at: $0.offset) }
    imagesWithoutText[url] = images
    if occurrence < images.count { return images[occurrence] }
    return images.first ?? place(of: url, occurrence: occurrence, in: [.link, .word])
  }

  private func isImageWithoutText(at offset: Int) -> Bool {
    let bytes = source.bytes
    func isSpace(_ byte: UInt8) -> Bool { byte <= 0x20 }
    var before = bytes[..<offset]
    if before.last == UInt8(ascii: "<") { before.removeLast() }
    before = before.dropLast(before.ending(while: isSpace).count)
    if before.suffix(2).elementsEqual("](".utf8) {
      before = before.dropLast(2)
      return before.dropLast(before.ending(while: isSpace).count).suffix(2).elementsEqual("![".utf8)
    }
    // No longer tag is looked through.
    let start = bytes[max(0, offset - 4096)..<offset].lastIndex(of: UInt8(ascii: "<")) ?? offset
    let end = bytes[offset..<min(bytes.count, offset + 4096)].firstIndex(of: UInt8(ascii: ">")) ?? offset
    let tag = String(decoding: bytes[start..<end], as: UTF8.self).lowercased()
    return tag.hasPrefix("<img")
      && !tag.split(whereSeparator: \.isWhitespace).contains { $0.hasPrefix("alt=") || $0 == "alt" }
  }

  /// Where a template writes `url` with values in it: `/tag/{{ page.title | slugify }}/`.
  func pattern(of url: String) -> Place? {
    let url = Array(url.utf8)
    return scanner.patterns.filter { $0.matches(url) }.max { $0.textCount < $1.textCount }.map {
      ($0.offset, $0.length)
    }
  }

  private mutating func places(of question: Question) -> [Place] {
    if let places = known[question] { return places }
    let url = Array(question.url.utf8)
    let digest = URLScanner.digest(url[...], .none)
    let found: [Place] =
      switch question.position {
      case .link: scanner.links[digest] ?? []
      case .value: scanner.values[digest] ?? []
      case .word: scanner.words[digest] ?? []
      }
    // A value can be found as a word and in its quotes.
    var places: [Place] = []
    for place in found.sorted(by: { $0.offset < $1.offset }) where places.last?.offset != place.offset {
      places.append(place)
    }
    known[question] = places
    return places
  }
}

extension Array {
  /// The first index whose element passes `test`, where all that pass stand behind all that don't.
  func partitioningIndex(_ test: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if test(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension String {
  fileprivate var isConfiguration: Bool { hasSuffix(".yaml") || hasSuffix(".yml") || hasSuffix(".toml") }
}

/// Finds the place where `word` was written as a value.
func locate(_ word: String, in source: SourceText) -> (offset: Int, length: Int)? {
  var places = URLPlaces(source)
  return places.place(of: word, in: [.value, .link])
}
