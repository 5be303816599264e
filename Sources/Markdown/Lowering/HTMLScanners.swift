/// Raw HTML that is no tag: CommonMark 0.30, section 6.6.
enum MarkupKind: Int, CaseIterable {
  case instruction, comment, characterData, declaration

  var end: StaticString {
    switch self {
    case .instruction: "?>"
    case .comment: "-->"
    case .characterData: "]]>"
    case .declaration: ">"
    }
  }
}

/// Finds HTML in Markdown: CommonMark 0.30, sections 4.6 (blocks) and 6.6 (inlines).
enum HTMLScanner {
  /// The kind of HTML block, 1 to 6, that begins at `index` (a `<`) of a line; 0 for none.
  static func blockStart(_ line: Bytes, at index: Int) -> Int {
    let next = line.at(index + 1)
    if next == ascii("!") {
      if line.hasPrefix("--", at: index + 2) { return 2 }
      if line.hasPrefix("[CDATA[", at: index + 2) { return 5 }
      return line.at(index + 2) &- 0x41 < 26 ? 4 : 0
    }
    if next == ascii("?") { return 3 }
    let isClosing = next == ascii("/")
    let nameStart = index + (isClosing ? 2 : 1)
    var end = nameStart
    while end < line.count, isAlphanumeric(line[end]) { end += 1 }
    guard end > nameStart, end - nameStart <= 10 else { return 0 }
    let name = String(decoding: line.slice(nameStart, end), as: UTF8.self).lowercased()
    let after = line.at(end)
    if !isClosing, rawTextNames.contains(name), isWhitespace(after) || after == ascii(">") { return 1 }
    guard blockNames.contains(name) else { return 0 }
    let closes = after == ascii(">") || (after == ascii("/") && line.at(end + 1) == ascii(">"))
    return isWhitespace(after) || closes ? 6 : 0
  }

  /// Whether a line holds, from `index` on, one complete tag and nothing else (kind 7).
  static func isLoneTag(_ line: Bytes, at index: Int) -> Bool {
    guard var end = tag(line, at: index + 1) else { return false }
    while end < line.count, isWhitespace(line[end]) { end += 1 }
    return end >= line.count
  }

  /// Whether an HTML block of the given kind ends on this line.
  static func ends(_ kind: Int, _ line: Bytes, from index: Int) -> Bool {
    switch kind {
    case 1:
      var at = index
      while at < line.count {
        if line[at] == ascii("<"), line.at(at + 1) == ascii("/") {
          if line.hasPrefixIgnoringCase("script>", at: at + 2) || line.hasPrefixIgnoringCase("pre>", at: at + 2)
            || line.hasPrefixIgnoringCase("style>", at: at + 2) || line.hasPrefixIgnoringCase("textarea>", at: at + 2)
          {
            return true
          }
        }
        at += 1
      }
      return false
    case 2: return find("-->", in: line, from: index) != nil
    case 3: return find("?>", in: line, from: index) != nil
    case 4: return find(">", in: line, from: index) != nil
    case 5: return find("]]>", in: line, from: index) != nil
    default: return false
    }
  }

  static func find(_ literal: StaticString, in text: Bytes, from index: Int) -> Int? {
    let first = literal.utf8Start[0]
    var at = index
    while at < text.count {
      if text[at] == first, text.hasPrefix(literal, at: at) { return at }
      at += 1
    }
    return nil
  }

  /// An opening or closing tag whose `<` stands before `index`: the index behind its `>`.
  static func tag(_ text: Bytes, at index: Int) -> Int? {
    var at = index
    let isClosing = text.at(at) == ascii("/")
    if isClosing { at += 1 }
    guard isLetter(text.at(at)) else { return nil }
    while isAlphanumeric(text.at(at)) || text.at(at) == ascii("-") { at += 1 }
    if isClosing {
      at = skipWhitespace(text, at)
      return at < text.count && text[at] == ascii(">") ? at + 1 : nil
    }
    while at < text.count {
      let afterSpace = skipWhitespace(text, at)
      if text.at(afterSpace) == ascii("/") {
        return afterSpace + 1 < text.count && text[afterSpace + 1] == ascii(">") ? afterSpace + 2 : nil
      }
      if afterSpace < text.count, text[afterSpace] == ascii(">") { return afterSpace + 1 }
      guard afterSpace > at, let end = attribute(text, at: afterSpace) else { return nil }
      at = end
    }
    return nil
  }

  private static func attribute(_ text: Bytes, at index: Int) -> Int? {
    var at = index
    guard isLetter(text.at(at)) || text.at(at) == ascii("_") || text.at(at) == ascii(":") else { return nil }
    while at < text.count {
      let byte = text[at]
      guard
        isAlphanumeric(byte) || byte == ascii("_") || byte == ascii(":") || byte == ascii(".") || byte == ascii("-")
      else { break }
      at += 1
    }
    var value = skipWhitespace(text, at)
    guard value < text.count, text[value] == ascii("=") else { return at }
    value = skipWhitespace(text, value + 1)
    guard value < text.count else { return nil }
    let quote = text[value]
    if quote == ascii("\"") || quote == ascii("'") {
      value += 1
      while value < text.count, text[value] != quote { value += 1 }
      return value < text.count ? value + 1 : nil
    }
    let start = value
    while value < text.count {
      let byte = text[value]
      if isWhitespace(byte) || byte == ascii("\"") || byte == ascii("'") || byte == ascii("=") || byte == ascii("<")
        || byte == ascii(">") || byte == ascii("`")
      {
        break
      }
      value += 1
    }
    return value > start ? value : nil
  }

  static func skipWhitespace(_ text: Bytes, _ index: Int) -> Int {
    var at = index
    while at < text.count, isWhitespace(text[at]) { at += 1 }
    return at
  }

  /// `<scheme:…>` or `<name@host>` whose `<` stands before `index`: the index behind its `>`.
  static func autolink(_ text: Bytes, at index: Int) -> Int? {
    guard isLetter(text.at(index)) || isAlphanumeric(text.at(index)) || isPunctuation(text.at(index)) else {
      return nil
    }
    var at = index
    while at < text.count, isAlphanumeric(text[at]) || isSchemePunctuation(text[at]) { at += 1 }
    if isLetter(text.at(index)), text.at(at) == ascii(":"), at - index >= 2, at - index <= 32 {
      at += 1
      while at < text.count, text[at] > 0x20, text[at] != ascii("<"), text[at] != ascii(">") { at += 1 }
      return at < text.count && text[at] == ascii(">") ? at + 1 : nil
    }
    return emailAddress(text, at: index)
  }

  private static func isSchemePunctuation(_ byte: UInt8) -> Bool {
    byte == ascii("+") || byte == ascii(".") || byte == ascii("-")
  }

  private static func emailAddress(_ text: Bytes, at index: Int) -> Int? {
    var at = index
    while at < text.count, isMailByte(text[at]) { at += 1 }
    guard at > index, at < text.count, text[at] == ascii("@") else { return nil }
    repeat {
      at += 1
      let start = at
      while at < text.count, isAlphanumeric(text[at]) || text[at] == ascii("-") { at += 1 }
      guard at > start, at - start <= 63, text[start] != ascii("-"), text[at - 1] != ascii("-") else { return nil }
    } while at < text.count && text[at] == ascii(".")
    return at < text.count && text[at] == ascii(">") ? at + 1 : nil
  }

  private static func isMailByte(_ byte: UInt8) -> Bool {
    if isAlphanumeric(byte) { return true }
    switch byte {
    case ascii("."), ascii("!"), ascii("#"), ascii("$"), ascii("%"), ascii("&"), ascii("'"), ascii("*"), ascii("+"),
      ascii("/"), ascii("="), ascii("?"), ascii("^"), ascii("_"), ascii("`"), ascii("{"), ascii("|"), ascii("}"),
      ascii("~"), ascii("-"):
      return true
    default: return false
    }
  }

  private static let rawTextNames: Set<String> = ["script", "pre", "style", "textarea"]
  private static let blockNames: Set<String> = [
    "address", "article", "aside", "base", "basefont", "blockquote", "body", "caption", "center", "col", "colgroup",
    "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frame",
    "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "iframe", "legend", "li", "link",
    "main", "menu", "menuitem", "nav", "noframes", "ol", "optgroup", "option", "p", "param", "section", "source",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "track", "ul",
  ]
}
