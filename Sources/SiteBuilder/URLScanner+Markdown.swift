// Markdown, as far as it says what is a link and what is code.

extension URLScanner {
  /// Notes the destinations of links, attributes of HTML, arguments of shortcodes, and words; code is left out.
  mutating func scanMarkdown(from start: Int) {
    var blocks = MarkdownBlocks(bytes, from: start)
    var commented = start
    while let block = blocks.next() {
      let start = max(block.lowerBound, commented)
      if start < block.upperBound { commented = scanInlines(start..<block.upperBound, &blocks) }
    }
  }

  /// - Returns: where to go on: behind the block, or behind a comment that ends later.
  private mutating func scanInlines(_ block: Range<Int>, _ blocks: inout MarkdownBlocks) -> Int {
    var inlines = InlineState()
    var index = block.lowerBound
    while index < block.upperBound {
      switch bytes[index] {
      case UInt8(ascii: "\\"): index += 2
      case UInt8(ascii: "`"): index = blocks.codeEnd(at: index)
      case UInt8(ascii: "["):
        inlines.brackets.append((index, inlines.bareLinks.count))
        index += 1
      case UInt8(ascii: "]"): index = closeBracket(at: index, block, &inlines)
      case UInt8(ascii: "<"):
        if bytes[index..<block.upperBound].starts(with: "<!--".utf8) {
          index = commentEnd(at: index, before: bytes.count) ?? index + 1
        } else {
          index = tagEnd(at: index, block, &inlines)
        }
      case UInt8(ascii: "{"): index = shortcodeEnd(at: index, block, &inlines)
      case let byte where Self.isURLByte(byte): index = word(at: index, block, &inlines)
      default: index += 1
      }
    }
    for link in inlines.bareLinks { noteBareLink(link) }
    return index
  }

  /// What is open at a place of a block.
  private struct InlineState {
    /// With the number of links without brackets before each.
    var brackets: [(offset: Int, bareLinks: Int)] = []
    /// Those in the text of another link are none.
    var bareLinks: [Range<Int>] = []
    /// What was looked for and is not there up to the end of the block.
    var missing: Set<UInt8> = []
  }

  private mutating func closeBracket(at index: Int, _ block: Range<Int>, _ inlines: inout InlineState) -> Int {
    guard let open = inlines.brackets.popLast(), index + 1 < block.upperBound else { return index + 1 }
    switch bytes[index + 1] {
    case UInt8(ascii: "("):
      inlines.bareLinks.removeSubrange(open.bareLinks...)
      let isImage = open.offset > block.lowerBound && bytes[open.offset - 1] == UInt8(ascii: "!")
      if isImage, index + 2 < block.upperBound, bytes[index + 2] == UInt8(ascii: ")") { noteEmpty(at: index + 2) }
      return destinationEnd(from: index + 2, block)
    case UInt8(ascii: "["): inlines.bareLinks.removeSubrange(open.bareLinks...)
    // A footnote has a text.
    case UInt8(ascii: ":") where bytes[open.offset + 1] != UInt8(ascii: "^"):
      return destinationEnd(from: index + 2, block)
    default: break
    }
    return index + 1
  }

  private mutating func destinationEnd(from start: Int, _ block: Range<Int>) -> Int {
    guard let start = bytes[start..<block.upperBound].firstIndex(where: { $0 > 0x20 }) else { return block.upperBound }
    var index = start
    if bytes[start] == UInt8(ascii: "<") {
      index += 1
      while index < block.upperBound, bytes[index] != UInt8(ascii: ">"), bytes[index] != 0x0A {
        index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
      }
      index = min(index, block.upperBound)
      note(start + 1..<index, .link, .markdown)
      return index
    }
    var depth = 0
    while index < block.upperBound, bytes[index] > 0x20 {
      if bytes[index] == UInt8(ascii: ")") {
        if depth == 0 { break }
        depth -= 1
      }
      if bytes[index] == UInt8(ascii: "(") { depth += 1 }
      index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    index = min(index, block.upperBound)
    note(start..<index, .link, .markdown)
    return index
  }

  /// Behind a tag, whose attributes are noted, or a URL in angle brackets.
  private mutating func tagEnd(at start: Int, _ block: Range<Int>, _ inlines: inout InlineState) -> Int {
    var index = start + 1
    let name = bytes[index..<block.upperBound].prefix { isAlphanumeric($0) || "+-./".utf8.contains($0) }
    index = name.endIndex
    guard let first = name.first, isLetter(first), index < block.upperBound else { return start + 1 }
    if bytes[index] == UInt8(ascii: ":") {
      while index < block.upperBound, bytes[index] > 0x20, bytes[index] != UInt8(ascii: ">"),
        bytes[index] != UInt8(ascii: "<")
      {
        index += 1
      }
      if index < block.upperBound, bytes[index] == UInt8(ascii: ">") { note(start + 1..<index, .link, .entities) }
      return index
    }
    while index < block.upperBound, bytes[index] != UInt8(ascii: ">"), bytes[index] != UInt8(ascii: "<") {
      index = bytes[index] == UInt8(ascii: "=") ? attributeEnd(at: index, block, &inlines) : index + 1
    }
    return index
  }

  /// Behind the attribute whose equals sign stands at `equals`.
  private mutating func attributeEnd(at equals: Int, _ block: Range<Int>, _ inlines: inout InlineState) -> Int {
    let name = bytes[block.lowerBound..<equals].ending { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    guard let start = bytes[(equals + 1)..<block.upperBound].firstIndex(where: { $0 > 0x20 }) else { return equals + 1 }
    let quote = bytes[start]
    if quote == 0x22 || quote == 0x27 {
      guard !inlines.missing.contains(quote) else { return start + 1 }
      guard let close = bytes[(start + 1)..<block.upperBound].firstIndex(of: quote) else {
        inlines.missing.insert(quote)
        return start + 1
      }
      if !isNoURL(attribute: name) { noteAttribute(start + 1..<close, of: name) }
      return close + 1
    }
    let value = bytes[start..<block.upperBound].prefix { $0 > 0x20 && $0 != UInt8(ascii: ">") }
    if !isNoURL(attribute: name) { noteAttribute(value.indices, of: name) }
    return value.endIndex
  }

  /// Behind `{{< name … >}}`, whose arguments are noted.
  private mutating func shortcodeEnd(at start: Int, _ block: Range<Int>, _ inlines: inout InlineState) -> Int {
    let text = bytes[start..<block.upperBound]
    guard text.starts(with: "{{<".utf8) || text.starts(with: "{{%".utf8) else { return start + 1 }
    let closing: UInt8 = bytes[start + 2] == UInt8(ascii: "<") ? UInt8(ascii: ">") : UInt8(ascii: "%")
    var index = start + 3
    while index < block.upperBound {
      if bytes[index] == closing, bytes[index...].dropFirst().starts(with: "}}".utf8) {
        return min(index + 3, block.upperBound)
      }
      if bytes[index] == UInt8(ascii: "=") {
        index = attributeEnd(at: index, block, &inlines)
      } else if Self.isURLByte(bytes[index]) {
        let argument = bytes[index..<block.upperBound].prefix { Self.isURLByte($0) && $0 != UInt8(ascii: "=") }
        // Behind `=` is a value, before it a name.
        if argument.endIndex >= block.upperBound || bytes[argument.endIndex] != UInt8(ascii: "=") {
          note(argument.indices, .link)
        }
        index = argument.endIndex
      } else {
        index += 1
      }
    }
    return index
  }

  private mutating func word(at start: Int, _ block: Range<Int>, _ inlines: inout InlineState) -> Int {
    let text = bytes[start..<block.upperBound]
    guard ["https://", "http://", "www."].contains(where: { text.starts(with: $0.utf8) }) else {
      let end = runEnd(from: start, before: block.upperBound)
      noteRun(start..<end, .word)
      return end
    }
    let end = text.firstIndex { $0 <= 0x20 || $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "]") } ?? block.upperBound
    var last = end
    var depth = text[..<end].reduce(0) { $0 + ($1 == UInt8(ascii: "(") ? 1 : $1 == UInt8(ascii: ")") ? -1 : 0) }
    while last > start {
      if bytes[last - 1] == UInt8(ascii: ")"), depth < 0 {
        depth += 1
      } else if !"?!.,:*_~'\";".utf8.contains(bytes[last - 1]) {
        break
      }
      last -= 1
    }
    inlines.bareLinks.append(start..<last)
    return end
  }
}
