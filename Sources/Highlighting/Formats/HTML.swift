// HTML, XML and SVG, with scripts, styles, and the tags of template languages.
extension Scanner {
  mutating func scanMarkup() {
    while position < end {
      switch text[position] {
      case UInt8(ascii: "<"): scanAngle()
      case UInt8(ascii: "&"): scanEntity()
      case UInt8(ascii: "{") where templates == .jinja: if !scanTemplateTag() { position += 1 }
      default: position &+= 1
      }
    }
  }

  /// `&amp;`, `&#10;`, `&#x1F600;`; a lone `&` is text.
  private mutating func scanEntity() {
    let from = position
    var index = from + 1
    if byte(index) == .hash { index += 1 }
    let name = index
    while byte(index).isLetter || byte(index).isDigit, index < name + 32 { index += 1 }
    guard index > name, byte(index) == ";" else {
      position += 1
      return
    }
    position = index + 1
    emit(.entity, from, position)
  }

  private mutating func scanAngle() {
    let from = position
    if matches("<!--", at: from) { return emitThrough("-->", .comment) }
    if matches("<![CDATA", at: from) { return emitThrough("]]>", .preprocessor) }
    if byte(from + 1) == "?" {
      if templates == .php, scanPHPTag() { return }
      return emitThrough("?>", .preprocessor)
    }
    if byte(from + 1) == "!" { return emitThrough(">", .preprocessor) }
    let closing = byte(from + 1) == "/"
    let name = from + (closing ? 2 : 1)
    guard byte(name).isLetter || byte(name) == "_" || byte(name) >= 0x80 else {
      position += 1
      return
    }
    var index = name
    while index < end, text[index].isName || text[index] == "-" || text[index] == ":" || text[index] == "." {
      index &+= 1
    }
    emit(.tag, name, index)
    position = index
    let isTag = scanAttributes()
    guard isTag, !closing else { return }
    if index - name == 6, matchesFolded("script", at: name) { embedUpTo("</script", .javascript) }
    if index - name == 5, matchesFolded("style", at: name) { embedUpTo("</style", .css) }
  }

  /// Up to and with `>`; false where the tag closes itself or does not end.
  private mutating func scanAttributes() -> Bool {
    while position < end {
      let byte = text[position]
      if byte == ">" {
        position += 1
        return text[position - 2] != "/"
      }
      if byte == "<", templates != .php || !scanPHPTag() { return false }
      if byte == "{", templates == .jinja, scanTemplateTag() { continue }
      if byte == "=" {
        emit(.symbolOperator, position, position + 1)
        position = skipSpace(from: position + 1)
        scanAttributeValue()
      } else if byte.isName || byte == "@" || byte == ":" || byte == "#" || byte == "*" || byte == "(" || byte == "[" {
        let from = position
        position += 1
        while position < end, !text[position].isSpace, !"=/>\"'<{".utf8.contains(text[position]) { position &+= 1 }
        emit(.attribute, from, position)
      } else {
        position &+= 1
      }
    }
    return false
  }

  private mutating func scanAttributeValue() {
    let quote = next
    var chunk = position
    let quoted = quote == .quote || quote == .apostrophe
    if quoted { position += 1 }
    while position < end {
      let byte = text[position]
      if quoted ? byte == quote : byte.isSpace || byte == ">" { break }
      if (byte == "{" && templates == .jinja) || (byte == "<" && templates == .php) {
        let from = position
        let tokensBefore = tokens.count
        // The value so far comes first; it is taken back where no tag follows.
        emit(.string, chunk, from)
        if byte == "{" ? scanTemplateTag() : scanPHPTag() {
          chunk = position
        } else {
          if tokens.count > tokensBefore { tokens.removeLast() }
          position = from + 1
        }
        continue
      }
      position &+= 1
    }
    if quoted, position < end { position += 1 }
    emit(.string, chunk, position)
  }

  mutating func emitThrough(_ close: Literal, _ kind: Kind) {
    let from = position
    position = min(find(close, from: from + 1, before: end) + close.count, end)
    emit(kind, from, position)
  }

  /// The rest up to the closing tag, as another language; template tags stay template tags.
  private mutating func embedUpTo(_ close: StaticString, _ language: Language) {
    let from = position
    var index = from
    while index < end, !(text[index] == "<" && matchesFolded(close, at: index)) { index &+= 1 }
    let limit = index
    guard templates != .none else { return embed(language, from: from, to: limit) }
    var part = from
    position = from
    while position < limit {
      let at = position
      let isTag = templates == .jinja ? text[at] == "{" : text[at] == "<" && byte(at + 1) == "?"
      if isTag, templates == .php || "{%#".utf8.contains(byte(at + 1)) {
        embed(language, from: part, to: at)
        if !(templates == .jinja ? scanTemplateTag() : scanPHPTag()) { position = at + 1 }
        part = position
      } else {
        position += 1
      }
    }
    embed(language, from: part, to: max(limit, part))
  }

  /// `{{ … }}`, `{% … %}`, `{# … #}`; false where none stands here.
  mutating func scanTemplateTag() -> Bool {
    let from = position
    let second = byte(from + 1)
    if second == .hash {
      emitThrough("#}", .comment)
      return true
    }
    guard second == "{" || second == "%" else { return false }
    let close: Literal = second == "{" ? "}}" : "%}"
    let closeAt = find(close, from: from + 2, before: end)
    var inner = from + 2
    if byte(inner) == "-" || byte(inner) == "+" { inner += 1 }
    emit(.preprocessor, from, min(inner, end))
    let dashed = closeAt > inner && closeAt < end && (text[closeAt - 1] == "-" || text[closeAt - 1] == "+")
    let innerEnd = dashed ? closeAt - 1 : closeAt
    embed(from: inner, to: innerEnd) { $0.scanCode(.jinja) }
    position = min(closeAt + close.count, end)
    emit(.preprocessor, max(innerEnd, inner), position)
    return true
  }

  /// `<?php … ?>` and `<?= … ?>`; false where another processing instruction stands here.
  mutating func scanPHPTag() -> Bool {
    let from = position
    guard byte(from + 1) == "?" else { return false }
    let echo = byte(from + 2) == "="
    guard echo || matchesFolded("php", at: from + 2) else { return false }
    let inner = from + (echo ? 3 : 5)
    emit(.preprocessor, from, min(inner, end))
    let close = find("?>", from: inner, before: end)
    embed(from: inner, to: close) { $0.scanCode(.php) }
    position = min(close + 2, end)
    emit(.preprocessor, max(close, inner), position)
    return true
  }

  /// PHP in HTML; without any `<?` the whole text is code.
  mutating func scanPHP() {
    guard find("<?", from: position, before: end) < end else { return scanCode(.php) }
    templates = .php
    scanMarkup()
  }
}
