/// Tokenises HTML or XML and notes what it finds; the meaning of tags is in `HTMLScanner+Tags.swift`.
struct HTMLScanner {
  enum Syntax { case html, xml }

  struct Attribute {
    enum Quoting { case quoted(UInt8), unquoted, missing }

    let name: AttributeName
    let value: Range<Int>
    let quoting: Quoting
  }

  let bytes: Bytes
  let syntax: Syntax
  let collectsAnchors: Bool
  let collectsImages: Bool
  private let elements = Element.byName
  private let attributeNames = AttributeName.byName

  var findings: [Finding] = []
  var position = 0
  /// Of the tag at hand, in order, those that matter; of equal names the first.
  var attributes: [Attribute] = []
  private var seen: UInt64 = 0
  /// Open SVG and MathML elements (true) and the SVG elements that hold HTML again (false).
  private var foreign: [Bool] = []

  /// An import map was found: see `explainImports`.
  var hasImportMap = false
  /// A part of the document that has been looked through.
  private var known: (fragment: HTMLFragment, offset: Int)?

  static func findings(
    in document: [UInt8], _ syntax: Syntax, anchors: Bool, images: Bool = false,
    holding known: (fragment: HTMLFragment, offset: Int)? = nil
  ) -> [Finding] {
    document.withUnsafeBufferPointer { bytes in
      var scanner = HTMLScanner(bytes: bytes, syntax: syntax, collectsAnchors: anchors, collectsImages: images)
      scanner.known = known
      scanner.run()
      scanner.explainImports()
      return scanner.findings
    }
  }

  /// All that is found in a piece of HTML.
  /// - Returns: false where what stands behind the piece might belong to something that began in it.
  static func fragment(in html: [UInt8]) -> (findings: [Finding], isClosed: Bool, hasImportMap: Bool) {
    html.withUnsafeBufferPointer { bytes in
      var scanner = HTMLScanner(bytes: bytes, syntax: .html, collectsAnchors: true, collectsImages: true)
      scanner.run()
      scanner.explainImports()
      // What has no end takes all bytes there are.
      return (scanner.findings, scanner.position < bytes.count && scanner.foreign.isEmpty, scanner.hasImportMap)
    }
  }

  /// `tag` with attributes that are put behind its own.
  static func tag(_ tag: ImageTag, with added: String) -> ImageTag {
    Array(added.utf8).withUnsafeBufferPointer { bytes in
      var scanner = HTMLScanner(bytes: bytes, syntax: .html, collectsAnchors: false, collectsImages: true)
      _ = scanner.readAttributes(before: bytes.count)
      let more = scanner.imageTag()
      return ImageTag(
        attributes: tag.attributes.union(more.attributes),
        width: tag.attributes.contains(.width) ? tag.width : more.width,
        height: tag.attributes.contains(.height) ? tag.height : more.height)
    }
  }

  static func findings<Visitor: HTMLVisitor>(in document: [UInt8], for visitor: Visitor.Type) -> [Finding] {
    findings(in: document, .html, anchors: Visitor.collectsAnchors, images: Visitor.collectsImages)
  }

  private init(bytes: Bytes, syntax: Syntax, collectsAnchors: Bool, collectsImages: Bool) {
    self.bytes = bytes
    self.syntax = syntax
    self.collectsAnchors = collectsAnchors
    self.collectsImages = collectsImages
    findings.reserveCapacity(64)
    attributes.reserveCapacity(8)
  }

  /// Whether tags mean SVG's or MathML's elements, not HTML's.
  var isForeign: Bool { syntax == .xml || foreign.last == true }

  private mutating func run() {
    let count = bytes.count
    while let open = bytes.first(UInt8(ascii: "<"), from: position, to: count) {
      if let (fragment, offset) = known, open >= offset {
        known = nil
        // Between tags, where the piece means what it meant alone.
        if position <= offset, foreign.isEmpty {
          findings += fragment.findings.lazy.map { $0.moved(by: offset) }
          if fragment.hasImportMap { hasImportMap = true }
          position = offset + fragment.count
          continue
        }
      }
      position = open + 1
      guard position < count else { return }
      let next = bytes[position]
      if isLetter(next) {
        startTag(at: open)
      } else if next == UInt8(ascii: "/") {
        endTag()
      } else if next == UInt8(ascii: "!") {
        skipDeclaration()
      } else if next == UInt8(ascii: "?") {
        processingInstruction()
      }
    }
  }

  // MARK: Tags

  private mutating func startTag(at open: Int) {
    let name = readName()
    let element = elements[name] ?? .other
    // Most tags are of this kind: `<p>`, `<li>`.
    if element == .other, syntax == .html, foreign.isEmpty, position < bytes.count, bytes[position] == UInt8(ascii: ">")
    {
      position += 1
      return
    }
    guard let isSelfClosing = readAttributes(before: bytes.count) else { return }
    if syntax == .html, foreign.last == true, Element.breakouts.contains(name) {
      while foreign.last == true { foreign.removeLast() }
    }
    if !attributes.isEmpty || element == .img { visitTag(element, at: open) }
    if element == .img, collectsImages { noteImage(isSelfClosing: isSelfClosing) }
    enter(element, isSelfClosing)
  }

  /// Reads on as the element's content demands.
  private mutating func enter(_ element: Element, _ isSelfClosing: Bool) {
    if isForeign {
      if isSelfClosing { return }
      switch element {
      case .style:
        let end = endOfRawText("style")
        visitStyleElement(position..<end)
        position = end
      case .svg, .math: foreign.append(true)
      case .desc, .foreignObject, .title: foreign.append(false)
      default: break
      }
      return
    }
    switch element {
    case .svg, .math:
      if !isSelfClosing { foreign.append(true) }
    case .script:
      let end = endOfScript()
      if !attributes.isEmpty { visitScriptElement(position..<end) }
      leaveRawText(at: end)
    case .style:
      let end = endOfRawText("style")
      visitStyleElement(position..<end)
      leaveRawText(at: end)
    case .textarea: leaveRawText(at: endOfRawText("textarea"))
    case .title: leaveRawText(at: endOfRawText("title"))
    case .xmp: leaveRawText(at: endOfRawText("xmp"))
    case .iframe: leaveRawText(at: endOfRawText("iframe"))
    case .noembed: leaveRawText(at: endOfRawText("noembed"))
    case .noframes: leaveRawText(at: endOfRawText("noframes"))
    case .plaintext: position = bytes.count
    default: break
    }
  }

  private mutating func endTag() {
    position += 1
    guard position < bytes.count else { return }
    guard isLetter(bytes[position]) else {
      if bytes[position] != UInt8(ascii: ">") { skip(past: UInt8(ascii: ">")) } else { position += 1 }
      return
    }
    let nameStart = position
    while position < bytes.count, !endsTagName(bytes[position]) { position += 1 }
    let nameEnd = position
    if nameEnd < bytes.count, bytes[nameEnd] == UInt8(ascii: ">") {
      position += 1
    } else if readAttributes(before: bytes.count) == nil {
      return
    }
    guard let isForeign = foreign.last else { return }
    switch elements[PackedName(lowercasing: bytes[nameStart..<nameEnd])] {
    case .svg, .math: if isForeign { foreign.removeLast() }
    case .desc, .foreignObject, .title: if !isForeign { foreign.removeLast() }
    default: break
    }
  }

  private mutating func readName() -> PackedName {
    var name = PackedName()
    var index = position
    while index < bytes.count, !endsTagName(bytes[index]) {
      name.append(lowercased(bytes[index]))
      index += 1
    }
    position = index
    return name
  }

  @inline(__always)
  private func endsTagName(_ byte: UInt8) -> Bool {
    byte <= UInt8(ascii: ">") && (byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") || isSpace(byte))
  }

  /// Reads the rest of a tag, up to and with its `>`.
  /// - Returns: whether it ends with `/>`; nil where the bytes end before the tag.
  mutating func readAttributes(before end: Int) -> Bool? {
    if !attributes.isEmpty { attributes.removeAll(keepingCapacity: true) }
    seen = 0
    var index = position
    while index < end {
      let byte = bytes[index]
      if byte == UInt8(ascii: ">") {
        position = index + 1
        return false
      }
      if byte == UInt8(ascii: "/") {
        index += 1
        guard index < end, bytes[index] == UInt8(ascii: ">") else { continue }
        position = index + 1
        return true
      }
      if isSpace(byte) {
        index += 1
        continue
      }
      // The most frequent attribute says nothing of a file.
      if let value = startOfClass(at: index, before: end) {
        guard let close = bytes.first(UInt8(ascii: "\""), from: value, to: end) else { break }
        index = close + 1
        continue
      }
      // The first byte belongs to the name whatever it is, even `=`.
      var name = PackedName()
      repeat {
        name.append(lowercased(bytes[index]))
        index += 1
      } while index < end && !endsAttributeName(bytes[index])
      let nameEnd = index
      while index < end, isSpace(bytes[index]) { index += 1 }
      guard index < end, bytes[index] == UInt8(ascii: "=") else {
        note(name, nameEnd..<nameEnd, .missing)
        continue
      }
      index += 1
      while index < end, isSpace(bytes[index]) { index += 1 }
      guard index < end else { break }
      let quote = bytes[index]
      if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
        guard let close = bytes.first(quote, from: index + 1, to: end) else { break }
        note(name, (index + 1)..<close, .quoted(quote))
        index = close + 1
      } else {
        let start = index
        while index < end, bytes[index] != UInt8(ascii: ">"), !isSpace(bytes[index]) { index += 1 }
        note(name, start..<index, .unquoted)
      }
    }
    position = end
    return nil
  }

  /// Where the value begins; nil where no `class="` stands at `index`.
  @inline(__always)
  private func startOfClass(at index: Int, before end: Int) -> Int? {
    guard index + 8 <= end else { return nil }
    let word = UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
    return word & 0x00FF_FFFF_FFFF_FFFF == 0x0022_3D73_7361_6C63 ? index + 7 : nil
  }

  @inline(__always)
  private func endsAttributeName(_ byte: UInt8) -> Bool {
    byte <= UInt8(ascii: ">")
      && (byte == UInt8(ascii: "=") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") || isSpace(byte))
  }

  @inline(__always)
  private mutating func note(_ name: PackedName, _ value: Range<Int>, _ quoting: Attribute.Quoting) {
    guard let name = attributeNames[name], seen & (1 << name.rawValue) == 0 else { return }
    seen |= 1 << name.rawValue
    attributes.append(Attribute(name: name, value: value, quoting: quoting))
  }

  // MARK: What is no tag

  private mutating func skip(past byte: UInt8) {
    position = bytes.first(byte, from: position, to: bytes.count).map { $0 + 1 } ?? bytes.count
  }

  /// Stands on the `!` of `<!`: a comment, a CDATA section, a doctype, or what the standard calls a bogus comment.
  private mutating func skipDeclaration() {
    position += 1
    if bytes.has("--", at: position, before: bytes.count) {
      position += 2
      skipComment()
    } else if isForeign, bytes.has("[cdata[", at: position, before: bytes.count) {
      position += 7
      skipPast("]]>")
    } else if syntax == .xml {
      skipXMLDoctype()
    } else {
      skip(past: UInt8(ascii: ">"))
    }
  }

  /// Ends at `-->`, in HTML also at `--!>` and right away at `>` and `->`.
  private mutating func skipComment() {
    let start = position
    while let close = bytes.first(UInt8(ascii: ">"), from: position, to: bytes.count) {
      position = close + 1
      let length = close - start
      if length >= 2, bytes[close - 1] == UInt8(ascii: "-"), bytes[close - 2] == UInt8(ascii: "-") { return }
      guard syntax == .html else { continue }
      if length == 0 || length == 1 && bytes[start] == UInt8(ascii: "-") { return }
      if length >= 3, bytes.has("--!", at: close - 3, before: close) { return }
    }
    position = bytes.count
  }

  private mutating func skipPast(_ text: StaticString) {
    let length = text.utf8CodeUnitCount
    let last = text.utf8Start[length - 1]
    let start = position
    while let close = bytes.first(last, from: position, to: bytes.count) {
      position = close + 1
      if position - start >= length, bytes.has(text, at: position - length, before: position) { return }
    }
    position = bytes.count
  }

  /// A doctype may hold declarations between brackets, with quoted values.
  private mutating func skipXMLDoctype() {
    var depth = 0
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: "\""), UInt8(ascii: "'"): skip(past: byte)
      case UInt8(ascii: ">"): if depth <= 0 { return }
      default: break
      }
    }
  }

  /// Stands on the `?` of `<?`.
  private mutating func processingInstruction() {
    guard syntax == .xml else { return skip(past: UInt8(ascii: ">")) }
    let start = position + 1
    skipPast("?>")
    let end = position
    guard bytes.has("xml-stylesheet", at: start, before: end) else { return }
    position = start + 14
    _ = readAttributes(before: end - 2)
    position = end
    visitTag(.link, at: start, as: .stylesheet)
  }
}
