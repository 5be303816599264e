/// What a reader sees of an HTML document, a line for each block: its title, paragraphs, headings, cells, lines of code. White space is collapsed,
/// but for that in `pre`; scripts, style sheets, comments and attributes are no text. Any bytes will do; linear time.
public func textLines(ofHTML bytes: [UInt8]) -> [String] {
  bytes.withUnsafeBufferPointer { bytes in
    var reader = TextLineReader(bytes: bytes)
    reader.run()
    return reader.lines
  }
}

private struct TextLineReader {
  let bytes: Bytes
  var lines: [String] = []
  private var position = 0
  private var line: [UInt8] = []
  private var hasSpace = false
  /// How many `pre` are open.
  private var preformatted = 0

  init(bytes: Bytes) { self.bytes = bytes }

  mutating func run() {
    var start = 0
    while let open = bytes.first(UInt8(ascii: "<"), from: position, to: bytes.count) {
      let name = tagName(at: open + 1)
      guard name != nil || isDeclaration(at: open + 1) else {
        position = open + 1
        continue
      }
      take(start..<open)
      position = endOfTag(from: open + 1)
      start = position
      guard let name else { continue }
      if name.text == "pre" { preformatted = max(0, preformatted + (name.isClosing ? -1 : 1)) }
      if !inlineElements.contains(name.text) { endLine() }
      if !name.isClosing, hiddenElements.contains(name.text) {
        position = endOfRawText(of: name.text)
        start = position
      }
    }
    take(start..<bytes.count)
    endLine()
  }

  /// The lower-case name of the tag whose `<` is before `index`; nil where none begins there.
  private func tagName(at index: Int) -> (text: String, isClosing: Bool)? {
    var index = index
    let isClosing = index < bytes.count && bytes[index] == UInt8(ascii: "/")
    if isClosing { index += 1 }
    guard index < bytes.count, isLetter(bytes[index]) else { return nil }
    var name: [UInt8] = []
    while index < bytes.count, isLetter(bytes[index]) || isDigit(bytes[index]), name.count < 16 {
      name.append(lowercased(bytes[index]))
      index += 1
    }
    return (String(decoding: name, as: UTF8.self), isClosing)
  }

  private func isDeclaration(at index: Int) -> Bool {
    index < bytes.count && (bytes[index] == UInt8(ascii: "!") || bytes[index] == UInt8(ascii: "?"))
  }

  /// Behind the tag, declaration or comment; `>` in quotes ends none.
  private func endOfTag(from start: Int) -> Int {
    var index = start
    if index + 2 < bytes.count, bytes[index] == UInt8(ascii: "!"), bytes[index + 1] == UInt8(ascii: "-"),
      bytes[index + 2] == UInt8(ascii: "-")
    {
      index += 1
      while let dash = bytes.first(UInt8(ascii: "-"), from: index, to: bytes.count) {
        if dash + 2 < bytes.count, bytes[dash + 1] == UInt8(ascii: "-"), bytes[dash + 2] == UInt8(ascii: ">") {
          return dash + 3
        }
        index = dash + 1
      }
      return bytes.count
    }
    var quote: UInt8?
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if byte == UInt8(ascii: ">") {
        return index
      }
    }
    return bytes.count
  }

  /// Before the end tag of an element whose content is no text.
  private func endOfRawText(of name: String) -> Int {
    var index = position
    while let open = bytes.first(UInt8(ascii: "<"), from: index, to: bytes.count) {
      if let tag = tagName(at: open + 1), tag.isClosing, tag.text == name { return open }
      index = open + 1
    }
    return bytes.count
  }

  private mutating func take(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    for byte in DecodedText(bytes, range, origins: false).bytes {
      if preformatted > 0 {
        if byte == 0x0A { endLine() } else { line.append(byte) }
      } else if isSpace(byte) {
        hasSpace = true
      } else {
        if hasSpace, !line.isEmpty { line.append(0x20) }
        hasSpace = false
        line.append(byte)
      }
    }
  }

  private mutating func endLine() {
    hasSpace = false
    guard !line.isEmpty else { return }
    lines.append(String(decoding: line, as: UTF8.self))
    line.removeAll(keepingCapacity: true)
  }
}

/// Elements that a line goes on through (<https://html.spec.whatwg.org/multipage/dom.html#phrasing-content>).
private let inlineElements: Set<String> = [
  "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "i", "img", "ins", "kbd", "label", "mark",
  "q",
  "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
]

private let hiddenElements: Set<String> = ["script", "style", "template"]
