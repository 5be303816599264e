import Files
import Markdown

/// Finds what may be a URL in a text, by a digest of what it means: with its escapes decoded.
struct URLScanner {
  typealias Place = URLPlaces.Place

  let bytes: [UInt8]
  private(set) var links: [UInt64: [Place]] = [:]
  private(set) var values: [UInt64: [Place]] = [:]
  private(set) var words: [UInt64: [Place]] = [:]
  var patterns: [URLPattern] = []

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// How a URL may be written besides its percent escapes.
  enum Escapes {
    case none, entities, markdown
  }

  static func digest(_ url: ArraySlice<UInt8>, _ escapes: Escapes) -> UInt64 {
    var url = url
    if escapes == .markdown, url.contains(UInt8(ascii: "\\")) { url = withoutBackslashes(url)[...] }
    if escapes != .none, url.contains(UInt8(ascii: "&")) { url = plainText(ofHTML: url)[...] }
    guard url.contains(UInt8(ascii: "%")) else { return SiteBuilder.digest(url) }
    return SiteBuilder.digest(percentDecoded(url))
  }

  private static func withoutBackslashes(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var isEscaped = false
    for byte in text {
      if !isEscaped, byte == UInt8(ascii: "\\") {
        isEscaped = true
        continue
      }
      if isEscaped, !isPunctuation(byte) { result.append(UInt8(ascii: "\\")) }
      isEscaped = false
      result.append(byte)
    }
    return isEscaped ? result + [UInt8(ascii: "\\")] : result
  }

  /// Notes what stands at `range`, and its fragment: a URL that is only a fragment may stand behind a path.
  mutating func note(_ range: Range<Int>, _ position: URLPlaces.Position, _ escapes: Escapes = .none) {
    guard !range.isEmpty else { return }
    add(range, Self.digest(bytes[range], escapes), position)
    if let hash = bytes[range].firstIndex(of: UInt8(ascii: "#")), hash > range.lowerBound {
      add(hash..<range.upperBound, Self.digest(bytes[hash..<range.upperBound], escapes), position)
    }
  }

  /// Notes where a URL should stand.
  mutating func noteEmpty(at offset: Int) { add(offset..<offset, Self.digest([], .none), .link) }

  private mutating func add(_ range: Range<Int>, _ digest: UInt64, _ position: URLPlaces.Position) {
    let place = (range.lowerBound, range.count)
    switch position {
    case .link: links[digest, default: []].append(place)
    case .value: values[digest, default: []].append(place)
    case .word: words[digest, default: []].append(place)
    }
  }

  /// A link without brackets: in HTML, `www.` has a scheme before it.
  mutating func noteBareLink(_ range: Range<Int>) {
    note(range, .link, .entities)
    if bytes[range].starts(with: "www.".utf8) {
      add(range, SiteBuilder.digest("http://".utf8 + bytes[range]), .link)
    }
  }

  /// The end of the run of bytes of URLs at `start`.
  func runEnd(from start: Int, before end: Int) -> Int {
    bytes[start..<end].firstIndex { !Self.isURLByte($0) } ?? end
  }

  /// Notes a run of bytes of URLs: as it is, without what ends a sentence, and what stands behind a `=` in it.
  mutating func noteRun(_ run: Range<Int>, _ position: URLPlaces.Position) {
    note(run, position)
    let end = (bytes[run].lastIndex { !".:?".utf8.contains($0) }).map { $0 + 1 } ?? run.lowerBound
    if end < run.upperBound { note(run.lowerBound..<end, position) }
    let name = bytes[run].prefix(while: isLetter)
    if !name.isEmpty, name.endIndex < run.upperBound, bytes[name.endIndex] == UInt8(ascii: "=") {
      note(name.endIndex + 1..<run.upperBound, position)
    }
  }

  /// Notes the value of an attribute, and the URLs in it: `a.jpg 1x, b.jpg 2x`, `url(a.png)`.
  mutating func noteAttribute(_ range: Range<Int>, of name: ArraySlice<UInt8>) {
    func separates(_ byte: UInt8) -> Bool { byte <= 0x20 || ",()'\"".utf8.contains(byte) }
    guard let start = bytes[range].firstIndex(where: { $0 > 0x20 }),
      let last = bytes[range].lastIndex(where: { $0 > 0x20 })
    else {
      // An empty `href` is no mistake.
      if !name.elementsEqual("href".utf8) { noteEmpty(at: range.lowerBound) }
      return
    }
    note(start..<last + 1, .link, .entities)
    var index = start
    while index <= last {
      let part = bytes[index...last].prefix { !separates($0) }
      if part.count < last + 1 - start { note(part.indices, .link, .entities) }
      index = part.endIndex + 1
    }
  }

  /// Whether an attribute of this name has a text for readers, or nothing that is a URL.
  func isNoURL(attribute name: ArraySlice<UInt8>) -> Bool {
    Self.otherAttributes.contains(String(decoding: name, as: UTF8.self).lowercased())
  }

  private static let otherAttributes: Set<String> = [
    "alt", "aria-label", "caption", "class", "height", "id", "label", "name", "rel", "title", "type", "width",
  ]
}

/// A URL of a template with values in it, as far as it is written there.
struct URLPattern {
  let prefix: ArraySlice<UInt8>
  let suffix: ArraySlice<UInt8>
  let offset: Int
  let length: Int

  var textCount: Int { prefix.count + suffix.count }

  func matches(_ url: [UInt8]) -> Bool {
    url.count >= textCount && url.starts(with: prefix) && url.suffix(suffix.count).elementsEqual(suffix)
  }
}

extension URLScanner {
  static func isURLByte(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || byte >= 0x80 || "/-_%.#?=&:~+@".utf8.contains(byte)
  }

  /// Decodes what Markdown escapes where it is written plainly; what else is escaped is so on purpose, and stays.
  fileprivate static func percentDecoded(_ url: ArraySlice<UInt8>) -> [UInt8] {
    func digit(_ index: Int) -> UInt8? {
      index < url.endIndex ? Character(UnicodeScalar(url[index])).hexDigitValue.map { UInt8($0) } : nil
    }
    var result: [UInt8] = []
    var index = url.startIndex
    while index < url.endIndex {
      if url[index] == UInt8(ascii: "%"), let high = digit(index + 1), let low = digit(index + 2),
        case let byte = high << 4 | low, byte >= 0x7F || " \"<>[\\]^`{|}".utf8.contains(byte)
      {
        result.append(byte)
        index += 3
      } else {
        result.append(url[index])
        index += 1
      }
    }
    return result
  }
}
