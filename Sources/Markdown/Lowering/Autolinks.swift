/// Bare addresses in text: GFM, section 6.9.
extension Lowering {
  /// `www.` at `at`: the index behind the link, or behind the `w`.
  mutating func webLink(_ text: Bytes, _ at: Int) -> Int {
    guard text.hasPrefix("www.", at: at) else { return at + 1 }
    if at > 0 {
      let before = text[at - 1]
      let canPrecede =
        isWhitespace(before) || before == ascii("*") || before == ascii("_") || before == ascii("~")
        || before == ascii("(")
      guard canPrecede else { return at + 1 }
    }
    let domain = Autolink.domainLength(text, at: at, mayBeShort: false)
    guard domain > 0 else { return at + 1 }
    let end = Autolink.end(text, from: at, at + domain)
    guard end > at else { return at + 1 }
    addToken(.init(kind: .link, text: 0..<0, value: 1), text, at..<end)
    return end
  }

  /// `://` whose colon stands at `at`, behind a scheme: the index behind the link.
  mutating func urlLink(_ text: Bytes, _ at: Int) -> Int? {
    guard text.at(at + 1) == ascii("/"), text.at(at + 2) == ascii("/") else { return nil }
    var start = at
    while start > copied, isLetter(text[start - 1]) { start -= 1 }
    guard
      text.hasPrefixIgnoringCase("http://", at: start) || text.hasPrefixIgnoringCase("https://", at: start)
        || text.hasPrefixIgnoringCase("ftp://", at: start),
      at + 3 < text.count, Autolink.isHostCharacter(text, at: at + 3)
    else { return nil }
    let domain = Autolink.domainLength(text, at: at + 3, mayBeShort: true)
    guard domain > 0 else { return nil }
    let end = Autolink.end(text, from: at, at + 3 + domain)
    guard end > at else { return nil }
    addToken(.init(kind: .link, text: 0..<0), text, start..<end)
    return end
  }
}

enum Autolink {
  static func isHostCharacter(_ text: Bytes, at index: Int) -> Bool {
    let byte = text.at(index)
    if byte < 0x80 { return isAlphanumeric(byte) || (byte < 0x20 && !isWhitespace(byte)) || byte == 0x7F }
    let scalar = text.scalar(at: index)
    return !isUnicodeWhitespace(scalar) && !isUnicodePunctuation(scalar)
  }

  /// The length of a domain; 0 where there is none. An underscore in one of its last two segments forbids it.
  static func domainLength(_ text: Bytes, at start: Int, mayBeShort: Bool) -> Int {
    var dots = 0
    var underscoresBefore = 0
    var underscores = 0
    var at = start + 1
    // As in GFM's reference parser, the last byte of the text is not looked at, and a domain beyond ASCII ends at once; what
    // follows belongs to the address all the same.
    while at < text.count - 1 {
      let byte = text[at]
      if byte == ascii("\\"), at + 2 < text.count { at += 1 }
      if text[at] == ascii("_") {
        underscores += 1
      } else if text[at] == ascii(".") {
        underscoresBefore = underscores
        underscores = 0
        dots += 1
      } else if text[at] != ascii("-"), text[at] & 0xC0 == 0x80 || !isHostCharacter(text, at: at) {
        break
      }
      at += 1
    }
    // So long a name is taken as it is, to stay linear.
    if underscoresBefore + underscores > 0, dots <= 10 { return 0 }
    return mayBeShort || dots > 0 ? at - start : 0
  }

  /// Where an address ends: before white space or `<`, without trailing punctuation, unbalanced parentheses and entities.
  static func end(_ text: Bytes, from start: Int, _ domainEnd: Int) -> Int {
    var end = domainEnd
    while end < text.count, !isWhitespace(text[end]), text[end] != ascii("<") { end += 1 }
    return trimmed(text, start, end)
  }

  static func trimmed(_ text: Bytes, _ start: Int, _ linkEnd: Int) -> Int {
    var end = linkEnd
    var unmatched = 0
    for byte in text.slice(start, end) {
      if byte == ascii("(") { unmatched -= 1 } else if byte == ascii(")") { unmatched += 1 }
    }
    while end > start {
      switch text[end - 1] {
      case ascii(")"):
        guard unmatched > 0 else { return end }
        unmatched -= 1
        end -= 1
      case ascii("?"), ascii("!"), ascii("."), ascii(","), ascii(":"), ascii("*"), ascii("_"), ascii("~"), ascii("'"),
        ascii("\""):
        end -= 1
      case ascii(";"):
        var name = end - 2
        while name > start, isLetter(text[name]) { name -= 1 }
        end = name >= start && name < end - 2 && text[name] == ascii("&") ? name : end - 1
      default: return end
      }
    }
    return end
  }
}
