import Files

/// Where URLs stand in a tag: <https://html.spec.whatwg.org/multipage/indices.html#attributes-3>, and SVG 2 for `href`.
extension HTMLScanner {
  /// Notes what the tag at hand holds.
  /// - Parameter kind: what its `href` is, where the name of the element does not say it.
  mutating func visitTag(_ element: Element, at open: Int, as kind: URLKind? = nil) {
    var hasAlt = false
    for attribute in attributes {
      switch attribute.name {
      case .id: noteAnchor(attribute)
      case .name: if element == .a { noteAnchor(attribute) }
      case .alt: hasAlt = true
      case .style: noteCSS(attribute.value, in: host(of: attribute, isWhole: false))
      case .href:
        if let kind = kind ?? kindOfReference(of: element) { note(kind, attribute) }
      case .xlinkHref:
        if isForeign, let kind = kindOfReference(of: element) { note(kind, attribute) }
      case .src:
        if let kind = kindOfSource(of: element) { note(kind, attribute) }
      case .srcset: if element == .img || element == .source { noteCandidates(attribute) }
      case .imagesrcset: if element == .link { noteCandidates(attribute) }
      case .poster: if element == .video { note(.poster, attribute) }
      case .data: if element == .object { note(.object, attribute) }
      case .action: if element == .form { note(.formAction, attribute) }
      case .formaction: if element == .button || element == .input { note(.formAction, attribute) }
      case .background: noteBackground(attribute, of: element)
      case .cite:
        switch element {
        case .blockquote, .q, .del, .ins: note(.citation, attribute)
        default: break
        }
      case .content: if element == .meta { noteContent(attribute) }
      case .clipPath, .cursor, .fill, .filter, .markerEnd, .markerMid, .markerStart, .mask, .stroke:
        if isForeign { noteCSS(attribute.value, in: host(of: attribute, isWhole: false)) }
      case .height, .httpEquiv, .itemprop, .loading, .property, .rel, .sizes, .type, .width: break
      }
    }
    if element == .img, !hasAlt {
      findings.append(Finding(what: .imageWithoutAlt, range: open..<open, decoded: nil))
    }
  }

  /// Style sheets of a type that is not CSS are none of ours.
  mutating func visitStyleElement(_ range: Range<Int>) {
    if let type = value(of: .type), !type.isEmpty, !bytes.isText("text/css", type) { return }
    noteCSS(range, in: isForeign ? .foreignText : .file)
  }

  // MARK: Kinds

  private func kindOfReference(of element: Element) -> URLKind? {
    switch element {
    case .a, .area: .link
    case .link: kindOfLink()
    case .base: .base
    case .image, .feImage: isForeign ? .image : nil
    case .script: isForeign ? kindOfScript() : nil
    default: isForeign ? .svgReference : nil
    }
  }

  private func kindOfSource(of element: Element) -> URLKind? {
    switch element {
    case .img: .image
    case .input: isValue(of: .type, "image") ? .image : nil
    case .script: kindOfScript()
    case .iframe, .frame: .frame
    case .embed: .embed
    case .video, .audio, .source, .track: .media
    default: nil
    }
  }

  private func kindOfScript() -> URLKind { isValue(of: .type, "module") ? .moduleScript : .script }

  private func kindOfLink() -> URLKind {
    guard let value = value(of: .rel) else { return .otherLink }
    var relations: Relations = []
    var start = value.lowerBound
    while start < value.upperBound {
      var end = start
      while end < value.upperBound, !isSpace(bytes[end]) { end += 1 }
      relations.formUnion(relation(start..<end))
      start = end + 1
    }
    if relations.contains(.stylesheet) { return .stylesheet }
    if relations.contains(.canonical) { return .canonical }
    if relations.contains(.icon) { return .icon }
    if relations.contains(.manifest) { return .manifest }
    if relations.contains(.modulePreload) { return .modulePreload }
    if relations.contains(.preload) { return .preload }
    guard relations.contains(.alternate) else { return .otherLink }
    guard let type = self.value(of: .type) else { return .alternate }
    let isFeed =
      bytes.has("application/atom+xml", at: type.lowerBound, before: type.upperBound)
      || bytes.has("application/rss+xml", at: type.lowerBound, before: type.upperBound)
      || bytes.has("application/feed+json", at: type.lowerBound, before: type.upperBound)
    return isFeed ? .feed : .alternate
  }

  private struct Relations: OptionSet {
    let rawValue: UInt8
    static let stylesheet = Relations(rawValue: 1)
    static let canonical = Relations(rawValue: 2)
    static let icon = Relations(rawValue: 4)
    static let manifest = Relations(rawValue: 8)
    static let modulePreload = Relations(rawValue: 16)
    static let preload = Relations(rawValue: 32)
    static let alternate = Relations(rawValue: 64)
  }

  /// One word of a `rel`; nothing for words that say nothing of a file.
  private func relation(_ word: Range<Int>) -> Relations {
    func means(_ relation: Relations, _ name: StaticString) -> Relations { bytes.isText(name, word) ? relation : [] }
    return switch word.count {
    case 4: means(.icon, "icon")
    case 7: means(.preload, "preload")
    case 8: means(.manifest, "manifest")
    case 9: means(.canonical, "canonical").union(means(.alternate, "alternate")).union(means(.icon, "mask-icon"))
    case 10: means(.stylesheet, "stylesheet")
    case 13: means(.modulePreload, "modulepreload")
    case 16: means(.icon, "apple-touch-icon")
    case 28: means(.icon, "apple-touch-icon-precomposed")
    default: []
    }
  }

  // MARK: Attributes of the tag at hand

  func value(of name: AttributeName) -> Range<Int>? {
    attributes.first { $0.name == name }.map { bytes.trimmed($0.value) }
  }

  private func isValue(of name: AttributeName, _ text: StaticString) -> Bool {
    value(of: name).map { bytes.isText(text, $0) } ?? false
  }

  private func kindOfMeta(_ name: Range<Int>) -> URLKind? {
    guard name.count <= MetaNames.longest else { return nil }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: MetaNames.longest) { lowercase in
      for (place, byte) in bytes[name].enumerated() { lowercase.initializeElement(at: place, to: lowercased(byte)) }
      return MetaNames.table[UnsafeBufferPointer(rebasing: lowercase[..<name.count])].map { MetaNames.kinds[$0] }
    }
  }

  private func host(of attribute: Attribute, isWhole: Bool) -> Notation.Host {
    switch attribute.quoting {
    case .quoted(let quote): .quoted(quote)
    case .unquoted: .unquoted(isWhole: isWhole)
    case .missing: .missing
    }
  }

  // MARK: Notes

  private mutating func noteAnchor(_ attribute: Attribute) {
    guard collectsAnchors, !attribute.value.isEmpty else { return }
    var decoded: String?
    if needsDecoding(attribute.value) {
      decoded = String(decoding: DecodedText(bytes, attribute.value, origins: false).bytes, as: UTF8.self)
    }
    findings.append(Finding(what: .anchor, range: attribute.value, decoded: decoded))
  }

  private mutating func note(_ kind: URLKind, _ attribute: Attribute) {
    let range = bytes.trimmed(attribute.value)
    var decoded: String?
    if bytes[range].contains(where: { $0 <= 0x20 || $0 == UInt8(ascii: "&") }) {
      decoded = urlText(DecodedText(bytes, range, origins: false).bytes)
    }
    let notation = Notation(form: .plain, host: host(of: attribute, isWhole: true))
    findings.append(Finding(what: .url(kind, notation), range: range, decoded: decoded))
  }

  /// The tag at hand, an `img`; `position` stands behind it.
  mutating func noteImage(isSelfClosing: Bool) {
    var end = position - (isSelfClosing ? 2 : 1)
    while isSpace(bytes[end - 1]) { end -= 1 }
    findings.append(Finding(what: .image(imageTag()), range: end..<end, decoded: nil))
  }

  /// What the attributes at hand say.
  func imageTag() -> ImageTag {
    var given: ImageTag.Attributes = []
    for attribute in attributes {
      switch attribute.name {
      case .src: given.insert(.src)
      case .srcset: given.insert(.srcset)
      case .sizes: given.insert(.sizes)
      case .width: given.insert(.width)
      case .height: given.insert(.height)
      case .loading: given.insert(.loading)
      default: break
      }
    }
    return ImageTag(attributes: given, width: pixels(.width), height: pixels(.height))
  }

  private func pixels(_ name: AttributeName) -> Int? {
    guard let range = value(of: name), !range.isEmpty, range.count <= 6 else { return nil }
    var number = 0
    for byte in bytes[range] {
      guard isDigit(byte) else { return nil }
      number = number * 10 + Int(byte & 15)
    }
    return number > 0 ? number : nil
  }

  private mutating func noteBackground(_ attribute: Attribute, of element: Element) {
    switch element {
    case .body, .table, .td, .th: note(.image, attribute)
    default: break
    }
  }

  private mutating func noteContent(_ attribute: Attribute) {
    if isValue(of: .httpEquiv, "refresh") {
      withText(attribute.value, in: host(of: attribute, isWhole: false)) { text, range in
        guard let url = refreshURL(in: text, range) else { return [] }
        return [TextURL(range: url, kind: .refresh, form: .refresh)]
      }
      return
    }
    for name in [AttributeName.property, .name, .itemprop] {
      guard let value = value(of: name), let kind = kindOfMeta(value) else { continue }
      return note(kind, attribute)
    }
  }

  private mutating func noteCandidates(_ attribute: Attribute) {
    withText(attribute.value, in: host(of: attribute, isWhole: false)) { text, range in
      candidates(in: text, range).map { TextURL(range: $0, kind: .srcset, form: .srcset) }
    }
  }

  private mutating func noteCSS(_ range: Range<Int>, in host: Notation.Host) {
    withText(range, in: host, CSSScanner.urls(in:_:))
  }

  /// Looks for URLs in a value or text with `find`; where it holds character references, in what they stand for.
  private mutating func withText(
    _ range: Range<Int>, in host: Notation.Host, _ find: (Bytes, Range<Int>) -> [TextURL]
  ) {
    var mayHoldReferences = true
    if case .file = host { mayHoldReferences = false }
    if case .foreignText = host, holdsCDATA(range) { mayHoldReferences = false }
    guard mayHoldReferences, needsDecoding(range) else {
      for url in find(bytes, range) { findings.append(url.finding(at: url.range, in: host)) }
      return
    }
    let text = DecodedText(bytes, range)
    text.bytes.withUnsafeBufferPointer { buffer in
      for url in find(buffer, 0..<buffer.count) {
        var url = url
        url.decoded = url.decoded ?? urlText(Array(buffer[url.range]))
        findings.append(url.finding(at: text.origin(of: url.range), in: host))
      }
    }
  }

  private func needsDecoding(_ range: Range<Int>) -> Bool {
    bytes[range].contains { $0 == UInt8(ascii: "&") || $0 == 0 }
  }

  private func holdsCDATA(_ range: Range<Int>) -> Bool {
    var start = range.lowerBound
    while let open = bytes.first(UInt8(ascii: "<"), from: start, to: range.upperBound) {
      if bytes.has("<![cdata[", at: open, before: range.upperBound) { return true }
      start = open + 1
    }
    return false
  }
}

/// A URL inside a text: a style sheet, a srcset.
struct TextURL {
  let range: Range<Int>
  let kind: URLKind
  let form: Notation.Form
  /// nil where the bytes at `range` will do.
  var decoded: String?

  init(range: Range<Int>, kind: URLKind, form: Notation.Form, decoded: String? = nil) {
    self.range = range
    self.kind = kind
    self.form = form
    self.decoded = decoded
  }

  func finding(at range: Range<Int>, in host: Notation.Host) -> Finding {
    Finding(what: .url(kind, Notation(form: form, host: host)), range: range, decoded: decoded)
  }
}

/// What `content` of a `meta` is, by its `property`, `name` or `itemprop`: <https://ogp.me>, X's cards, Microsoft's tiles, schema.org.
private enum MetaNames {
  private static let images = [
    "og:image", "og:image:url", "og:image:secure_url", "og:video", "og:video:url", "og:video:secure_url",
    "og:audio", "og:audio:url", "og:audio:secure_url", "twitter:image", "twitter:image:src", "twitter:player:stream",
    "msapplication-tileimage", "msapplication-square70x70logo", "msapplication-square150x150logo",
    "msapplication-wide310x150logo", "msapplication-square310x310logo", "image", "thumbnail", "thumbnailurl",
  ]
  private static let pages = ["og:url", "twitter:url", "twitter:player", "msapplication-starturl"]

  static let table = StringTable(images + pages)
  static let kinds = images.map { _ in URLKind.metaImage } + pages.map { _ in .metaURL }
  static let longest = (images + pages).map(\.utf8.count).max() ?? 0
}
