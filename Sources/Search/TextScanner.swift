/// A piece of an HTML document, as far as its words need it.
enum TextPiece {
  case text(Range<Int>)
  /// A character reference.
  case scalar(Unicode.Scalar)
  case tag(TextTag)
}

struct TextTag {
  var isClosing = false
  var isHeading = false
  /// Words go on through it: `<b>H</b>ello`.
  var isInline = false
}

/// Hands the text of `html` to `visit` in pieces; what stands in scripts, style sheets, comments and in tags is no text. Of named character
/// references only those of HTML's own marks are known: letters are written as they are.
func scanText(_ html: UnsafeBufferPointer<UInt8>, _ visit: (TextPiece) -> Void) {
  var scanner = TextScanner(html: html)
  scanner.scan(visit)
}

private struct TextScanner {
  let html: UnsafeBufferPointer<UInt8>
  var index = 0

  mutating func scan(_ visit: (TextPiece) -> Void) {
    var start = 0
    func text(until end: Int) { if end > start { visit(.text(start..<end)) } }
    while index < html.count {
      switch html[index] {
      case UInt8(ascii: "<"):
        let end = index
        guard let tag = tag() else {
          index = end + 1
          continue
        }
        text(until: end)
        visit(.tag(tag))
        start = index
      case UInt8(ascii: "&"):
        text(until: index)
        visit(reference().map { .scalar($0) } ?? .tag(TextTag()))
        start = index
      default: index += 1
      }
    }
    text(until: html.count)
  }

  /// `&#233;`, `&#xE9;` and the four that every text has as a scalar; another reference is passed over, a lone `&` too.
  private mutating func reference() -> Unicode.Scalar? {
    let limit = min(html.count, index + 12)
    var end = index + 1
    while end < limit, html[end] != UInt8(ascii: ";"), html[end] != UInt8(ascii: "&"), html[end] != UInt8(ascii: "<") {
      end += 1
    }
    guard end < limit, html[end] == UInt8(ascii: ";") else {
      index += 1
      return nil
    }
    let name = String(decoding: html[index + 1..<end], as: UTF8.self)
    index = end + 1
    switch name {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    default: guard name.hasPrefix("#") else { return nil }
    }
    let digits = name.dropFirst()
    let isHexadecimal = digits.first == "x" || digits.first == "X"
    return UInt32(isHexadecimal ? digits.dropFirst() : digits, radix: isHexadecimal ? 16 : 10).flatMap(
      Unicode.Scalar.init)
  }

  /// Reads a tag or a comment and goes behind it, and behind the text of scripts and style sheets; nil where `<` begins none.
  private mutating func tag() -> TextTag? {
    var tag = TextTag()
    index += 1
    if starts(with: "!--") {
      index += 3
      skip(behind: "-->")
      return tag
    }
    if index < html.count, html[index] == UInt8(ascii: "/") {
      tag.isClosing = true
      index += 1
    }
    let start = index
    while index < html.count, isNameByte(html[index]) { index += 1 }
    let name = html[start..<index]
    guard
      !name.isEmpty || (index < html.count && (html[index] == UInt8(ascii: "!") || html[index] == UInt8(ascii: "?")))
    else { return nil }
    skipAttributes()
    switch lowercased(name) {
    case "a", "b", "em", "i", "mark", "span", "strong", "u", "wbr": tag.isInline = true
    case "h1", "h2", "h3", "h4", "h5", "h6": tag.isHeading = true
    case "script" where !tag.isClosing: skip(behind: "</script")
    case "style" where !tag.isClosing: skip(behind: "</style")
    default: break
    }
    return tag
  }

  private mutating func skipAttributes() {
    var quote: UInt8?
    while index < html.count {
      let byte = html[index]
      index += 1
      if byte == quote {
        quote = nil
      } else if quote == nil {
        if byte == UInt8(ascii: ">") { return }
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { quote = byte }
      }
    }
  }

  private mutating func skip(behind text: StaticString) {
    while index < html.count {
      if starts(with: text) {
        index += text.utf8CodeUnitCount
        return
      }
      index += 1
    }
  }

  private func starts(with text: StaticString) -> Bool {
    guard html.count - index >= text.utf8CodeUnitCount else { return false }
    for offset in 0..<text.utf8CodeUnitCount {
      let wanted = text.utf8Start[offset]
      let byte = html[index + offset]
      if byte != wanted, byte | 0x20 != wanted || !isNameByte(byte) { return false }
    }
    return true
  }

  private func lowercased(_ name: Slice<UnsafeBufferPointer<UInt8>>) -> String {
    name.count > 8 ? "" : String(decoding: name.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }

  private func isNameByte(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
  }
}

/// The text of `html` in one line, at most about `limit` bytes, cut between words.
public func excerpt(of html: String, limit: Int) -> String {
  var line: [UInt8] = []
  var isBetween = false
  func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      if byte <= 0x20 { isBetween = true; continue }
      if isBetween, !line.isEmpty { line.append(0x20) }
      isBetween = false
      line.append(byte)
    }
  }
  var html = html
  html.withUTF8 { bytes in
    scanText(bytes) { piece in
      guard line.count <= limit * 2 else { return }
      switch piece {
      case .text(let range): add(bytes[range])
      case .scalar(let scalar): add(String(scalar).utf8)
      case .tag(let tag): if !tag.isInline { isBetween = true }
      }
    }
  }
  guard line.count > limit else { return String(decoding: line, as: UTF8.self) }
  let cut = line[..<limit].lastIndex(of: 0x20) ?? line[..<limit].lastIndex { $0 & 0xC0 != 0x80 } ?? 0
  return String(decoding: line[..<cut], as: UTF8.self) + "…"
}
