/// Text as Python sees it: Unicode scalars, not Swift's characters.
typealias Scalars = String.UnicodeScalarView

extension Unicode.Scalar {
  /// As Python's `str.isspace`.
  var isSpace: Bool {
    value < 128 ? Templates.isSpace(UInt8(truncatingIfNeeded: value)) : properties.isWhitespace
  }

  /// As `\w` of Python's regular expressions.
  var isWord: Bool {
    if self == "_" { return true }
    if value < 128 { return isASCIILetter || isASCIIDigit }
    if properties.isAlphabetic && properties.generalCategory != .nonspacingMark
      && properties.generalCategory != .spacingMark
    {
      return true
    }
    switch properties.generalCategory {
    case .decimalNumber, .letterNumber, .otherNumber: return true
    default: return false
    }
  }

  var isASCIILetter: Bool { "a"..."z" ~= self || "A"..."Z" ~= self }
  var isASCIIDigit: Bool { "0"..."9" ~= self }

  /// Has a case at all.
  var isCased: Bool { properties.isCased }
}

extension String {
  /// The first `count` scalars.
  func scalarPrefix(_ count: Int) -> String {
    let end = unicodeScalars.index(
      unicodeScalars.startIndex, offsetBy: max(0, count), limitedBy: unicodeScalars.endIndex)
    return String(unicodeScalars[..<(end ?? unicodeScalars.endIndex)])
  }

  var scalarCount: Int { unicodeScalars.count }

  /// Without the scalars that `drop` names, at the ends.
  func stripped(start: Bool = true, end: Bool = true, _ drop: (Unicode.Scalar) -> Bool) -> String {
    var rest = unicodeScalars[...]
    if start { while let first = rest.first, drop(first) { rest.removeFirst() } }
    if end { while let last = rest.last, drop(last) { rest.removeLast() } }
    return String(rest)
  }

  var stripped: String { stripped { $0.isSpace } }

  /// First scalar in upper case, the others in lower case.
  var pythonCapitalized: String {
    guard let first = unicodeScalars.first else { return "" }
    return first.properties.titlecaseMapping + String(unicodeScalars.dropFirst()).lowercased()
  }

  /// As Python's `str.title`: a letter behind something that is none begins a word.
  var pythonTitle: String {
    var result = ""
    var isInWord = false
    for scalar in unicodeScalars {
      if scalar.isCased {
        result += isInWord ? scalar.properties.lowercaseMapping : scalar.properties.titlecaseMapping
        isInWord = true
      } else {
        result.unicodeScalars.append(scalar)
        isInWord = false
      }
    }
    return result
  }

  /// As Python's `str.splitlines`, without the line ends.
  var pythonLines: [String] {
    var lines: [String] = []
    var line = Scalars()
    var previous: Unicode.Scalar?
    for scalar in unicodeScalars {
      switch scalar {
      case "\n" where previous == "\r": break
      case "\n", "\r", "\u{B}", "\u{C}", "\u{1C}", "\u{1D}", "\u{1E}", "\u{85}", "\u{2028}", "\u{2029}":
        lines.append(String(line))
        line = Scalars()
      default: line.append(scalar)
      }
      previous = scalar
    }
    if !line.isEmpty { lines.append(String(line)) }
    return lines
  }

  /// All occurrences, or the first `limit` ones, replaced; an empty `old` stands between all scalars.
  func replacing(_ old: String, with new: String, limit: Int = -1) throws -> String {
    if limit == 0 { return self }
    var result: [UInt8] = []
    var count = 0
    if old.isEmpty {
      for scalar in unicodeScalars {
        if limit < 0 || count < limit {
          result.append(new)
          count += 1
        }
        result.append(String(Character(scalar)))
        if result.count > Renderer.textLimit { throw TemplateError.limit("text is too long") }
      }
      if limit < 0 || count < limit { result.append(new) }
      return String(decoding: result, as: UTF8.self)
    }
    var text = self
    var (old, new) = (old, new)
    var isTooLong = false
    text.withUTF8 { text in
      old.withUTF8 { old in
        new.withUTF8 { new in
          var start = 0
          while limit < 0 || count < limit, let place = find(old, in: text, from: start) {
            result.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<place]))
            result.append(contentsOf: new)
            start = place + old.count
            count += 1
            if result.count > Renderer.textLimit {
              isTooLong = true
              return
            }
          }
          result.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
        }
      }
    }
    if isTooLong { throw TemplateError.limit("text is too long") }
    return String(decoding: result, as: UTF8.self)
  }

  /// As Python's `str.split`: by `separator`, or by any whitespace where there is none.
  func pythonSplit(_ separator: String?, limit: Int = -1) -> [String] {
    var parts: [String] = []
    guard let separator else {
      var rest = unicodeScalars[...]
      while true {
        rest = rest.drop { $0.isSpace }
        if rest.isEmpty { return parts }
        if limit >= 0, parts.count == limit {
          parts.append(String(rest).stripped(start: false) { $0.isSpace })
          return parts
        }
        let word = rest.prefix { !$0.isSpace }
        parts.append(String(word))
        rest = rest[word.endIndex...]
      }
    }
    var start = 0
    let bytes = Array(utf8)
    while limit < 0 || parts.count < limit, let place = find(separator, in: self, from: start) {
      parts.append(String(decoding: bytes[start..<place], as: UTF8.self))
      start = place + separator.utf8.count
    }
    parts.append(String(decoding: bytes[start...], as: UTF8.self))
    return parts
  }

  /// As Python's `str.center`: of an odd number of spaces the larger half goes left, where the width is odd.
  func centered(_ width: Int, _ padding: String = " ") -> String {
    let missing = width - scalarCount
    if missing <= 0 { return self }
    let left = missing / 2 + (missing & width & 1)
    return String(repeating: padding, count: left) + self + String(repeating: padding, count: missing - left)
  }
}

/// Tags and comments gone, character references replaced, runs of whitespace made one space: MarkupSafe's `striptags`. What is written for
/// the browser goes too, unlike there: scripts and style sheets are no text.
func withoutTags(_ text: String) -> String {
  let markup = removingCode(removingTags(Array(text.utf8), from: "<!--", to: "-->"))
  let plain = removingTags(markup, from: "<", to: ">")
  let joined = String(decoding: plain, as: UTF8.self).pythonSplit(nil).joined(separator: " ")
  return decodingReferences(joined)
}

private func removingTags(_ bytes: [UInt8], from start: String, to end: String) -> [UInt8] {
  let text = String(decoding: bytes, as: UTF8.self)
  var result: [UInt8] = []
  var position = 0
  while let open = find(start, in: text, from: position),
    let close = find(end, in: text, from: open + start.utf8.count)
  {
    result += bytes[position..<open]
    position = close + end.utf8.count
  }
  return result + bytes[position...]
}

/// `script` and `style` elements gone; one without an end goes on to the end.
private func removingCode(_ bytes: [UInt8]) -> [UInt8] {
  var result: [UInt8] = []
  var position = 0
  while position < bytes.count, let open = bytes[position...].firstIndex(of: UInt8(ascii: "<")) {
    guard let name = ["script", "style"].first(where: { begins(tag: $0, bytes, at: open + 1) }) else {
      result += bytes[position...open]
      position = open + 1
      continue
    }
    result += bytes[position..<open]
    var end = open + 1
    while end < bytes.count, !(bytes[end - 1] == UInt8(ascii: "<") && begins(tag: "/" + name, bytes, at: end)) {
      end += 1
    }
    guard let close = bytes[end...].firstIndex(of: UInt8(ascii: ">")) else { return result }
    position = close + 1
  }
  return result + bytes[position...]
}

/// Whether `name`, in whatever case, stands at `index` and ends there.
private func begins(tag name: String, _ bytes: [UInt8], at index: Int) -> Bool {
  let end = index + name.utf8.count
  guard end <= bytes.count, zip(bytes[index..<end], name.utf8).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) else {
    return false
  }
  return end == bytes.count || isSpace(bytes[end]) || bytes[end] == UInt8(ascii: ">") || bytes[end] == UInt8(ascii: "/")
}

private let namedReferences: [String: String] = [
  "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}", "copy": "©", "reg": "®", "trade": "™",
  "hellip": "…", "ndash": "–", "mdash": "—", "lsquo": "‘", "rsquo": "’", "sbquo": "‚", "ldquo": "“", "rdquo": "”",
  "bdquo": "„", "laquo": "«", "raquo": "»", "bull": "•", "middot": "·", "times": "×", "euro": "€", "pound": "£",
  "yen": "¥", "cent": "¢", "sect": "§", "para": "¶", "deg": "°", "plusmn": "±", "frac12": "½", "larr": "←", "rarr": "→",
  "uarr": "↑", "darr": "↓", "harr": "↔", "shy": "\u{AD}", "zwj": "\u{200D}", "zwnj": "\u{200C}", "thinsp": "\u{2009}",
  "ensp": "\u{2002}", "emsp": "\u{2003}", "auml": "ä", "ouml": "ö", "uuml": "ü", "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü",
  "szlig": "ß", "eacute": "é", "egrave": "è", "agrave": "à", "ccedil": "ç", "ntilde": "ñ", "oslash": "ø", "aring": "å",
]

/// `&amp;`, `&#39;`, `&#x27;` and the named references that prose uses.
func decodingReferences(_ text: String) -> String {
  guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
  var result = ""
  var rest = text[...]
  while let ampersand = rest.utf8.firstIndex(of: UInt8(ascii: "&")) {
    result += rest[..<ampersand]
    rest = rest[ampersand...]
    let candidate = rest.dropFirst().prefix(12)
    guard let semicolon = candidate.firstIndex(of: ";"), let decoded = character(String(candidate[..<semicolon])) else {
      result += "&"
      rest = rest.dropFirst()
      continue
    }
    result += decoded
    rest = rest[rest.index(after: semicolon)...]
  }
  return result + rest
}

private func character(_ reference: String) -> String? {
  guard reference.hasPrefix("#") else { return namedReferences[reference] }
  let digits = reference.dropFirst()
  let isHex = digits.hasPrefix("x") || digits.hasPrefix("X")
  return UInt32(isHex ? digits.dropFirst() : digits, radix: isHex ? 16 : 10).flatMap(Unicode.Scalar.init)
    .map { String(Character($0)) }
}
