/// How the ids of headings follow from their texts. A site that moved in keeps the rule it had, and so every link to its headings.
public enum HeadingIDStyle: String, Sendable, Hashable, CaseIterable {
  /// GitHub's, and Jekyll's where kramdown reads GitHub's dialect, its default: `generate_gfm_header_id` of kramdown-parser-gfm.
  case github
  /// Hugo's `autoHeadingIDType: github`: like GitHub's, but of the heading as it is written, without combining marks.
  /// <https://gohugo.io/configuration/markup/#parserautoheadingidtype>
  case hugo
  /// Hugo's `github-ascii`: accents are taken off, other characters beyond ASCII are dropped.
  case hugoASCII = "hugo-ascii"
  /// Hugo's `blackfriday`: letters and digits, everything between them one hyphen.
  case blackfriday
  /// kramdown's own: ASCII letters, digits, spaces and hyphens, from the first letter on.
  /// <https://kramdown.gettalong.org/converter/html.html#auto-ids>
  case kramdown
  /// Zola's `slugify.anchors = "on"`, its default: transliterated to ASCII, everything between letters and digits one hyphen.
  /// <https://www.getzola.org/documentation/getting-started/configuration/>
  case zola
  /// Zola's `slugify.anchors = "safe"` and `"off"`: the text itself, white space as `_`.
  case zolaSafe = "zola-safe"

  /// Whether the rule is about the heading's Markdown, and not about what it shows.
  var readsMarkdown: Bool {
    switch self {
    case .hugo, .hugoASCII, .blackfriday, .kramdown: true
    case .github, .zola, .zolaSafe: false
    }
  }

  /// What a heading gets that leaves nothing.
  var fallback: String {
    switch self {
    case .hugo, .hugoASCII, .blackfriday: "heading"
    case .github, .kramdown, .zola, .zolaSafe: "section"
    }
  }

  /// The id of a heading that is the first of its text; empty where nothing of it stays.
  func id(of text: String) -> String {
    switch self {
    case .github: githubID(text)
    case .hugo: hugoID(text, ascii: false)
    case .hugoASCII: hugoID(text, ascii: true)
    case .blackfriday: blackfridayID(text)
    case .kramdown: kramdownID(text)
    case .zola: zolaID(text)
    case .zolaSafe: String(text.map { $0.isASCII && $0.isWhitespace ? "_" : $0 })
    }
  }
}

private func hugoID(_ text: String, ascii: Bool) -> String {
  var id = ""
  for scalar in text.unicodeScalars {
    if scalar == " " || scalar == "\t" || scalar == "-" {
      id.append("-")
    } else if scalar.isASCII || !ascii {
      if scalar == "_" || scalar.isLetter || scalar.properties.generalCategory == .decimalNumber {
        id += scalar.properties.lowercaseMapping
      }
    } else if let base = scalar.latinBase, base.count == 1, scalar.hasAccent {
      id += base
    }
  }
  return id
}

private func blackfridayID(_ text: String) -> String {
  var id = ""
  var isGap = false
  for scalar in text.unicodeScalars {
    guard scalar.isLetter || scalar.isNumber else {
      isGap = true
      continue
    }
    if isGap, !id.isEmpty { id.append("-") }
    isGap = false
    id += scalar.properties.lowercaseMapping
  }
  return id
}

private func kramdownID(_ text: String) -> String {
  var id: [UInt8] = []
  for byte in text.utf8.drop(while: { !isLetter($0) }) {
    if isAlphanumeric(byte) || byte == ascii("-") { id.append(lowercased(byte)) }
    if byte == 0x20 { id.append(ascii("-")) }
  }
  return String(decoding: id, as: UTF8.self)
}

/// What is no letter of a script that is transliterated stays as it is: pinyin takes a dictionary.
private func zolaID(_ text: String) -> String {
  var id = ""
  var isGap = false
  func add(_ part: some StringProtocol) {
    if isGap, !id.isEmpty { id.append("-") }
    isGap = false
    id += part
  }
  for scalar in text.unicodeScalars {
    let ascii = scalar.isASCII ? String(scalar) : scalar.transliteration
    guard let ascii else {
      if scalar.isLetter || scalar.isNumber { add(scalar.properties.lowercaseMapping) } else { isGap = true }
      continue
    }
    for byte in ascii.utf8 {
      if isAlphanumeric(byte) { add(String(UnicodeScalar(lowercased(byte)))) } else { isGap = true }
    }
  }
  return id
}

extension Unicode.Scalar {
  var isLetter: Bool {
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    default: false
    }
  }

  var isNumber: Bool {
    switch properties.generalCategory {
    case .decimalNumber, .letterNumber, .otherNumber: true
    default: false
    }
  }
}

/// The text of a heading as it is written on `line`: without marks of containers, `#`s, and `{…}` at its end.
///
/// - Parameters:
///   - column: where the heading's block begins on the line, 0-based; where nothing is known of it, 0.
///   - hasAttributes: a list in braces ends the line.
func writtenHeading(_ line: Bytes, from column: Int, level: Int, hasAttributes: Bool) -> String {
  var start = column
  while start < line.count, isSpaceOrTab(line[start]) { start += 1 }
  var end = line.count
  func trimEnd() { while end > start, isWhitespace(line[end - 1]) { end -= 1 } }
  trimEnd()
  if hasAttributes, let brace = line.slice(start, end).lastIndex(of: ascii("{")) {
    end = start + brace
    trimEnd()
  }
  if let marks = headingMarks(line.slice(0, end), from: start, level) {
    start = marks
    var close = end
    while close > start, line[close - 1] == ascii("#") { close -= 1 }
    if close < end, close == start || isSpaceOrTab(line[close - 1]) { end = close }
  }
  while start < end, isSpaceOrTab(line[start]) { start += 1 }
  trimEnd()
  return String(decoding: line.slice(start, end), as: UTF8.self)
}

/// Behind the `#`s of a heading, at `start` or further on: behind the label of a footnote, for one.
private func headingMarks(_ line: Bytes, from start: Int, _ level: Int) -> Int? {
  var at = start
  while at < line.count {
    let first = at
    while at < line.count, line[at] == ascii("#") { at += 1 }
    let begins = first == start || isSpaceOrTab(line[first - 1]) || line[first - 1] == ascii(">")
    if at - first == level, begins, at == line.count || isSpaceOrTab(line[at]) { return at }
    at = max(at, first + 1)
  }
  return nil
}
