import Files

/// A text of kramdown's as CommonMark reads the same: kramdown's blocks of HTML end with their closing tag, CommonMark's with a blank line
/// (https://kramdown.gettalong.org/syntax.html#html-blocks, CommonMark 0.31, section 4.6).
///
/// An element with `markdown="1"` gets blank lines inside and loses the attribute; any other loses those that it has, and a blank line follows
/// either.
///
/// - Parameter readsAll: whether kramdown read Markdown in all elements (`parse_block_html`).
func withoutKramdownBlocks(_ bytes: [UInt8], readsAll: Bool = false) -> [UInt8] {
  var tags = HTMLTags(bytes)
  tags.find()
  guard !tags.found.isEmpty else { return bytes }
  var blocks = KramdownBlocks(bytes, tags.found, readsAll: readsAll)
  return blocks.converted()
}

/// One tag of an HTML element.
private struct HTMLTag {
  var name: String
  var range: Range<Int>
  var isClosing: Bool
  /// The number of the tag that closes it.
  var partner: Int?
  /// ` markdown="1"`, and what it says.
  var markdown: (range: Range<Int>, value: String)?
}

/// Finds tags outside of code, comments, scripts and style sheets, and pairs them.
private struct HTMLTags {
  private(set) var found: [HTMLTag] = []
  private let bytes: [UInt8]
  private var open: [String: [Int]] = [:]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func find() {
    var code = RangeCursor(codeRanges(bytes, from: 0))
    var commentEnd = Finder("-->")
    var ends = ["script": Finder("</script"), "style": Finder("</style")]
    var index = 0
    while index + 1 < bytes.count {
      guard bytes[index] == UInt8(ascii: "<") else {
        index += 1
        continue
      }
      if let range = code.range(at: index) {
        index = range.upperBound
      } else if bytes[index...].starts(with: Array("<!--".utf8)) {
        index = commentEnd.next(in: bytes, from: index + 4).map { $0 + 3 } ?? bytes.count
      } else if let tag = tag(at: index) {
        add(tag)
        index = tag.range.upperBound
        if !tag.isClosing, let end = ends[tag.name]?.next(in: bytes, from: index) { index = end }
      } else {
        index += 1
      }
    }
  }

  private mutating func add(_ tag: HTMLTag) {
    if tag.isClosing, let opening = open[tag.name]?.popLast() { found[opening].partner = found.count }
    if !tag.isClosing { open[tag.name, default: []].append(found.count) }
    found.append(tag)
  }

  private func tag(at start: Int) -> HTMLTag? {
    var index = start + 1
    let isClosing = bytes[index] == UInt8(ascii: "/")
    if isClosing { index += 1 }
    let nameStart = index
    while index < bytes.count, isLetter(bytes[index]) || isDigit(bytes[index]) || bytes[index] == UInt8(ascii: "-") {
      index += 1
    }
    guard index > nameStart, isLetter(bytes[nameStart]) else { return nil }
    let name = String(decoding: bytes[nameStart..<index], as: UTF8.self).lowercased()
    var markdown: (range: Range<Int>, value: String)?
    let limit = min(bytes.count, start + 2000)
    while index < limit {
      switch bytes[index] {
      case UInt8(ascii: ">"):
        return HTMLTag(name: name, range: start..<index + 1, isClosing: isClosing, partner: nil, markdown: markdown)
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        guard let end = bytes[(index + 1)..<limit].firstIndex(of: bytes[index]) else { return nil }
        index = end + 1
      case UInt8(ascii: "<"): return nil
      case 0...0x20:
        if let found = markdownAttribute(at: index, limit) {
          markdown = found
          index = found.range.upperBound
        } else {
          index += 1
        }
      default: index += 1
      }
    }
    return nil
  }

  private func markdownAttribute(at start: Int, _ limit: Int) -> (range: Range<Int>, value: String)? {
    let name = Array("markdown=".utf8)
    guard bytes[(start + 1)...].starts(with: name) else { return nil }
    var index = start + 1 + name.count
    guard index < limit else { return nil }
    let quote = bytes[index]
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      guard let end = bytes[(index + 1)..<limit].firstIndex(of: quote) else { return nil }
      return (start..<end + 1, String(decoding: bytes[(index + 1)..<end], as: UTF8.self))
    }
    let valueStart = index
    while index < limit, isNameByte(bytes[index]) { index += 1 }
    return (start..<index, String(decoding: bytes[valueStart..<index], as: UTF8.self))
  }
}

private struct KramdownBlocks {
  private let bytes: [UInt8]
  private let tags: [HTMLTag]
  private let readsAll: Bool
  private var result: [UInt8] = []
  /// Up to where the text is in `result`.
  private var position = 0

  /// In how many elements that are read the place lies; what is deeper stays as it is.
  private var depth = 0
  private static let deepestNesting = 64

  /// Elements that begin a block of their own in both.
  private static let blockNames: Set<String> = [
    "address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "li", "main", "menu", "nav", "noscript",
    "ol", "p", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
  ]

  init(_ bytes: [UInt8], _ tags: [HTMLTag], readsAll: Bool) {
    self.bytes = bytes
    self.tags = tags
    self.readsAll = readsAll
    result.reserveCapacity(bytes.count + 256)
  }

  mutating func converted() -> [UInt8] {
    var number = 0
    while number < tags.count {
      let tag = tags[number]
      guard !tag.isClosing, Self.blockNames.contains(tag.name), let closing = tag.partner, let margin = marginOf(tag)
      else {
        if tag.markdown != nil { dropAttribute(of: tag) }
        number += 1
        continue
      }
      block(number, closing, margin)
      number = closing + 1
    }
    return result + bytes[position...]
  }

  /// How far the tag is indented that begins a line; nil where it doesn't, or stands too deep for a block of HTML.
  private func marginOf(_ tag: HTMLTag) -> Int? {
    var index = tag.range.lowerBound
    while index > 0, bytes[index - 1] == 0x20 { index -= 1 }
    guard index == 0 || bytes[index - 1] == 0x0A else { return nil }
    let margin = tag.range.lowerBound - index
    return margin < 4 ? margin : nil
  }

  /// An outermost element, from tag to tag.
  private mutating func block(_ opening: Int, _ closing: Int, _ margin: Int) {
    if readsMarkdown(tags[opening]) {
      markdown(opening, closing)
    } else {
      copy(to: tags[opening].range.lowerBound)
      raw(opening, closing, isFlush: margin == 0)
    }
    // Only at the end of a line: what stands behind the tag would be torn from it.
    let rest = bytes[position...].prefix { $0 != 0x0A }
    guard rest.allSatisfy({ $0 <= 0x20 }), rest.endIndex < bytes.count else { return }
    let next = bytes[(rest.endIndex + 1)...].prefix { $0 != 0x0A }
    if !next.allSatisfy({ $0 <= 0x20 }) {
      copy(to: rest.endIndex)
      result.append(0x0A)
    }
  }

  private func readsMarkdown(_ tag: HTMLTag) -> Bool {
    guard let markdown = tag.markdown else { return readsAll }
    return ["1", "block", "span"].contains(markdown.value)
  }

  /// The text of an element that kramdown reads: Markdown, in which blocks of HTML stand in turn.
  private mutating func markdown(_ opening: Int, _ closing: Int) {
    depth += 1
    defer { depth -= 1 }
    guard depth < Self.deepestNesting else { return copy(to: tags[closing].range.upperBound) }
    // A paragraph cannot hold the one that Markdown makes.
    let isParagraph = tags[opening].name == "p"
    if isParagraph {
      copy(to: tags[opening].range.lowerBound + 1)
      result += "div".utf8
      position += 1
    }
    dropAttribute(of: tags[opening])
    let margin = [UInt8](repeating: 0x20, count: marginOf(tags[opening]) ?? 0)
    separate(at: tags[opening].range.upperBound, margin)
    var number = opening + 1
    while number < closing {
      let tag = tags[number]
      if !tag.isClosing, Self.blockNames.contains(tag.name), let partner = tag.partner, partner < closing,
        let margin = marginOf(tag)
      {
        block(number, partner, margin)
        number = partner + 1
      } else {
        if tag.markdown != nil { dropAttribute(of: tag) }
        number += 1
      }
    }
    copy(to: tags[closing].range.lowerBound)
    while let last = result.last, last == 0x20 || last == 0x09 { result.removeLast() }
    if result.last != 0x0A { result.append(0x0A) }
    if !result.suffix(2).elementsEqual([0x0A, 0x0A]) { result.append(0x0A) }
    result += margin
    if isParagraph {
      result += "</div>".utf8
      position = tags[closing].range.upperBound
    }
    copy(to: tags[closing].range.upperBound)
  }

  /// Ends the line and leaves one blank behind it.
  private mutating func separate(at place: Int, _ margin: [UInt8]) {
    copy(to: place)
    result += [0x0A, 0x0A]
    while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x09 || bytes[position] == 0x0D {
      position += 1
    }
    if position < bytes.count, bytes[position] == 0x0A { position += 1 } else { result += margin }
  }

  /// The text of an element that kramdown left alone; elements inside it may be read.
  private mutating func raw(_ opening: Int, _ closing: Int, isFlush: Bool) {
    var number = opening
    var from = position
    while number < closing {
      let tag = tags[number]
      if let partner = tag.partner, !tag.isClosing, partner <= closing, tag.markdown != nil, readsMarkdown(tag) {
        literal(from..<tag.range.lowerBound, isFlush: isFlush)
        markdown(number, partner)
        from = position
        number = partner
      } else if tag.markdown != nil {
        literal(from..<tag.range.lowerBound, isFlush: isFlush)
        dropAttribute(of: tag)
        from = position
      }
      number += 1
    }
    literal(from..<tags[closing].range.upperBound, isFlush: isFlush)
  }

  /// HTML that must stay one block: without blank lines and, where nothing around it counts on them, without margins.
  private mutating func literal(_ range: Range<Int>, isFlush: Bool) {
    guard range.lowerBound >= position, range.lowerBound < range.upperBound else { return }
    position = range.upperBound
    guard isFlush else { return result += bytes[range] }
    let first = bytes[range].prefix { $0 != 0x0A }
    if first.endIndex < range.upperBound, first.allSatisfy({ $0 <= 0x20 }), !result.isEmpty, result.last != 0x0A {
      result.append(0x0A)
    }
    let html = htmlAsMarkdown(Array(bytes[range]))
    let endsInside = bytes[range].last { $0 == 0x0A || $0 > 0x20 } != 0x0A
    result += endsInside ? html.dropLast() : html[...]
  }

  private mutating func dropAttribute(of tag: HTMLTag) {
    guard let attribute = tag.markdown?.range, attribute.lowerBound >= position else { return }
    copy(to: attribute.lowerBound)
    position = attribute.upperBound
  }

  private mutating func copy(to place: Int) {
    guard place > position else { return }
    result += bytes[position..<place]
    position = place
  }
}

/// kramdown's `$$x$$` is mathematics in the line where it does not stand alone between blank lines; here that is `$x$`.
func withKramdownMath(_ bytes: [UInt8]) -> [UInt8] {
  var code = RangeCursor(codeRanges(bytes, from: 0))
  var finder = Finder("$$")
  var result: [UInt8] = []
  var position = 0
  var index = 0
  while let start = finder.next(in: bytes, from: index) {
    if let range = code.range(at: start) {
      index = max(range.upperBound, start + 2)
      continue
    }
    index = start + 2
    if start > 0, bytes[start - 1] == UInt8(ascii: "\\") { continue }
    guard let end = finder.next(in: bytes, from: index), !hasBlankLine(bytes, index..<end) else { continue }
    index = end + 2
    let inner = bytes[(start + 2)..<end].drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed()
    guard !inner.isEmpty, !inner.contains(UInt8(ascii: "$")), !isAlone(bytes, start..<end + 2) else { continue }
    result += bytes[position..<start]
    // Behind a formula it stands already.
    if start > position, joinsBefore(bytes, start) { result += emptyComment }
    result += [UInt8(ascii: "$")] + inner + [UInt8(ascii: "$")]
    if joinsBehind(bytes, end + 2) { result += emptyComment }
    position = end + 2
  }
  return position == 0 ? bytes : result + bytes[position...]
}

/// Stands between a formula and what else would keep it from being one: `$i$<!-- -->th`.
private let emptyComment = Array("<!-- -->".utf8)

/// Whether `$` begins no formula here, behind what a price or a path may have before it.
private func joinsBefore(_ bytes: [UInt8], _ start: Int) -> Bool {
  guard start > 0 else { return false }
  let before = bytes[start - 1]
  guard before >= 0x80 else { return isLetter(before) || isDigit(before) || "$/:=".utf8.contains(before) }
  let scalar = String(decoding: bytes[max(0, start - 4)..<start], as: UTF8.self).unicodeScalars.last
  return scalar?.properties.isCased == true
}

/// Whether `$` ends no formula here.
private func joinsBehind(_ bytes: [UInt8], _ end: Int) -> Bool {
  guard end < bytes.count else { return false }
  guard bytes[end] >= 0x80 else { return isLetter(bytes[end]) || isDigit(bytes[end]) || "$/".utf8.contains(bytes[end]) }
  let scalar = String(decoding: bytes[end..<min(end + 4, bytes.count)], as: UTF8.self).unicodeScalars.first
  return scalar?.properties.isCased == true
}

private func hasBlankLine(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
  var isBlank = false
  for byte in bytes[range] {
    if byte == 0x0A {
      if isBlank { return true }
      isBlank = true
    } else if byte > 0x20 {
      isBlank = false
    }
  }
  return false
}

/// Whether nothing but blank lines is right above and below.
private func isAlone(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
  var lineEnds = 0
  var index = range.lowerBound - 1
  while index >= 0, bytes[index] <= 0x20, lineEnds < 2 {
    if bytes[index] == 0x0A { lineEnds += 1 }
    index -= 1
  }
  guard lineEnds == 2 || index < 0 else { return false }
  lineEnds = 0
  index = range.upperBound
  while index < bytes.count, bytes[index] <= 0x20, lineEnds < 2 {
    if bytes[index] == 0x0A { lineEnds += 1 }
    index += 1
  }
  return lineEnds == 2 || index == bytes.count
}
