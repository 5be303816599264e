/// Finds the parts of links: CommonMark 0.30, sections 4.7 (reference definitions) and 6.3 (links).
enum LinkScanner {
  /// A link destination: the index behind it. An empty one without brackets counts, as in `[a]()`.
  static func destination(_ text: Bytes, at index: Int) -> Int? {
    var at = index
    if at < text.count, text[at] == ascii("<") {
      at += 1
      while at < text.count {
        switch text[at] {
        case ascii(">"): return at + 1
        case ascii("<"), 0x0A, 0x0D: return nil
        case ascii("\\"): at += isPunctuation(text.at(at + 1)) ? 2 : 1
        default: at += 1
        }
      }
      return nil
    }
    var depth = 0
    while at < text.count {
      let byte = text[at]
      if byte == ascii("\\"), isPunctuation(text.at(at + 1)) {
        at += 2
        continue
      }
      if byte == ascii("(") {
        depth += 1
        if depth > 32 { return nil }
      } else if byte == ascii(")") {
        if depth == 0 { break }
        depth -= 1
      } else if byte <= 0x20 || byte == 0x7F {
        if byte < 0x20, !isWhitespace(byte) || byte == 0x7F { return at > index && depth == 0 ? at : nil }
        break
      }
      at += 1
    }
    return depth == 0 && at <= text.count ? at : nil
  }

  /// A link title with its quotes: the index behind it.
  static func title(_ text: Bytes, at index: Int) -> Int? {
    guard index < text.count else { return nil }
    let open = text[index]
    let close: UInt8
    switch open {
    case ascii("\""), ascii("'"): close = open
    case ascii("("): close = ascii(")")
    default: return nil
    }
    var at = index + 1
    while at < text.count {
      let byte = text[at]
      if byte == close { return at + 1 }
      if open == ascii("("), byte == open { return nil }
      at += byte == ascii("\\") && isPunctuation(text.at(at + 1)) ? 2 : 1
    }
    return nil
  }

  /// `(destination "title")` from its parenthesis on: the index behind it.
  static func inlineTail(_ text: Bytes, at index: Int) -> Int? {
    guard index < text.count, text[index] == ascii("(") else { return nil }
    let start = HTMLScanner.skipWhitespace(text, index + 1)
    guard let end = destination(text, at: start) else { return nil }
    var at = HTMLScanner.skipWhitespace(text, end)
    if at > end, let titleEnd = title(text, at: at) { at = HTMLScanner.skipWhitespace(text, titleEnd) }
    return at < text.count && text[at] == ascii(")") ? at + 1 : nil
  }

  /// `[label]` from its bracket on: the index behind it. The label may be empty here; at most 999 bytes.
  static func label(_ text: Bytes, at index: Int) -> Int? {
    guard index < text.count, text[index] == ascii("[") else { return nil }
    var at = index + 1
    while at < text.count, at - index <= 1000 {
      switch text[at] {
      case ascii("]"): return at + 1
      case ascii("["): return nil
      case ascii("\\"): at += isPunctuation(text.at(at + 1)) ? 2 : 1
      default: at += 1
      }
    }
    return nil
  }

  /// A link reference definition at `index`, where a paragraph begins: the index behind its line end, and its label.
  static func definition(_ text: Bytes, at index: Int) -> (end: Int, label: Range<Int>)? {
    guard let labelEnd = label(text, at: index), labelEnd < text.count, text[labelEnd] == ascii(":") else { return nil }
    let label = index + 1..<labelEnd - 1
    guard text.slice(label.lowerBound, label.upperBound).contains(where: { !isWhitespace($0) }) else { return nil }
    let start = skipToContent(text, labelEnd + 1)
    guard start < text.count, let end = destination(text, at: start), end > start else { return nil }
    let titleStart = skipToContent(text, end)
    if titleStart > end, let titleEnd = title(text, at: titleStart), let lineEnd = restOfLine(text, titleEnd) {
      return (lineEnd, label)
    }
    guard let lineEnd = restOfLine(text, end) else { return nil }
    return (lineEnd, label)
  }

  /// Behind spaces, tabs and at most one line end.
  private static func skipToContent(_ text: Bytes, _ index: Int) -> Int {
    var at = index
    while at < text.count, isSpaceOrTab(text[at]) { at += 1 }
    guard at < text.count, isLineEnd(text[at]) else { return at }
    at += 1
    while at < text.count, isSpaceOrTab(text[at]) { at += 1 }
    return at
  }

  private static func restOfLine(_ text: Bytes, _ index: Int) -> Int? {
    var at = index
    while at < text.count, isSpaceOrTab(text[at]) { at += 1 }
    if at >= text.count { return at }
    return isLineEnd(text[at]) ? at + 1 : nil
  }

  /// The label as labels are compared: case folded, white space collapsed.
  static func normalized(_ label: Bytes) -> String {
    var text = String(decoding: label, as: UTF8.self)
    if label.contains(where: { $0 >= 0x80 }) {
      // Case folding sends ß to ss; lowering the upper case does the same.
      text = text.uppercased()
    }
    var result: [UInt8] = []
    for byte in text.utf8 {
      if isWhitespace(byte) {
        if let last = result.last, last != 0x20 { result.append(0x20) }
      } else {
        result.append(lowercased(byte))
      }
    }
    if result.last == 0x20 { result.removeLast() }
    let folded = String(decoding: result, as: UTF8.self)
    return result.contains(where: { $0 >= 0x80 }) ? folded.lowercased() : folded
  }
}
