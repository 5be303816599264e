/// Bare e-mail addresses, and `mailto:` and `xmpp:` ones: GFM, section 6.9.
enum MailAddress {
  struct Found {
    /// Nil where the `@` belongs to no address.
    var range: Range<Int>?
    var needsScheme = true
    /// Where to go on.
    var next: Int
  }

  /// Looks at the next `@` behind `from`; nil where there is none.
  static func find(_ text: Bytes, from: Int, notBefore: Int) -> Found? {
    var mark = from
    while mark < text.count, text[mark] != ascii("@") { mark += 1 }
    guard mark < text.count else { return nil }
    var found = Found(next: mark + 1)
    var isChat = false
    var start = mark
    while start > from {
      let byte = text[start - 1]
      if isAlphanumeric(byte) || byte == ascii(".") || byte == ascii("+") || byte == ascii("-") || byte == ascii("_") {
        start -= 1
        continue
      }
      guard byte == ascii(":") else { break }
      if endsWithScheme("mailto:", text, at: start, from: from) {
        found.needsScheme = false
      } else if endsWithScheme("xmpp:", text, at: start, from: from) {
        found.needsScheme = false
        isChat = true
      } else {
        break
      }
      start -= 1
    }
    guard start < mark else { return found }
    var end = mark + 1
    var dots = 0
    while end < text.count {
      let byte = text[end]
      if byte == ascii("@") { return found }
      if byte == ascii("."), end + 1 < text.count, isAlphanumeric(text[end + 1]) {
        dots += 1
      } else if !isAlphanumeric(byte), !(byte == ascii("/") && isChat), byte != ascii("-"), byte != ascii("_") {
        break
      }
      end += 1
    }
    guard end - mark >= 2, dots > 0, isLetter(text[end - 1]) || text[end - 1] == ascii(".") else {
      found.next = end
      return found
    }
    end = Autolink.trimmed(text, mark, end)
    guard end > mark else { return found }
    found.range = start..<end
    found.next = end
    return found
  }

  private static func endsWithScheme(_ scheme: StaticString, _ text: Bytes, at end: Int, from: Int) -> Bool {
    let start = end - scheme.utf8CodeUnitCount
    guard start >= from, text.hasPrefix(scheme, at: start) else { return false }
    return start == from || !isAlphanumeric(text[start - 1])
  }
}

/// The tags that GFM, section 6.11, takes the `<` from.
enum TagFilter {
  private static let names: [StaticString] = [
    "title", "textarea", "style", "xmp", "iframe", "noembed", "noframes", "script", "plaintext",
  ]

  /// Whether the tag whose `<` stands at `index` is one of them.
  static func filters(_ html: Bytes, at index: Int) -> Bool {
    let start = html.at(index + 1) == ascii("/") ? index + 2 : index + 1
    for name in names where html.hasPrefixIgnoringCase(name, at: start) {
      let end = start + name.utf8CodeUnitCount
      guard end < html.count else { return false }
      let after = html[end]
      return isWhitespace(after) || after == ascii(">") || (after == ascii("/") && html.at(end + 1) == ascii(">"))
    }
    return false
  }
}
