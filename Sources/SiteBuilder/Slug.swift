/// Text as a part of a URL: lower case, runs of what is no letter, digit, `_` or `.` become one hyphen; letters of any script stay. It begins
/// with no dot: such files are hidden.
///
/// `Über uns & mehr` → `über-uns-mehr`. Where nothing of that stays, the numbers of the characters do: `❤️` → `u2764`. Empty for white space alone.
func slug(_ text: String) -> String {
  let words = slugOfWords(text)
  return words.isEmpty ? slugOfSigns(text) : words
}

/// As `slug`; empty where the text has no letter or digit.
func slugOfWords(_ text: String) -> String { asciiSlug(text) ?? unicodeSlug(text) }

/// Emoji and signs are told apart by their numbers: `!!!` → `u21-21-21`. Whether one is shown as text or in color makes no difference.
private func slugOfSigns(_ text: String) -> String {
  let signs = text.unicodeScalars.filter { !$0.properties.isWhitespace && !$0.properties.isVariationSelector }
  if signs.isEmpty { return "" }
  return "u" + signs.map { String($0.value, radix: 16) }.joined(separator: "-")
}

/// Nearly all names are ASCII, and there are many. Nil where `text` is not.
private func asciiSlug(_ text: String) -> String? {
  var text = text
  return text.withUTF8 { bytes in
    guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
    var slug: [UInt8] = []
    slug.reserveCapacity(bytes.count)
    var isGap = false
    for byte in bytes {
      switch byte {
      case _ where isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "."):
        if isGap, !slug.isEmpty { slug.append(UInt8(ascii: "-")) }
        isGap = false
        slug.append(UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte)
      case UInt8(ascii: "'"): continue
      default: isGap = true
      }
    }
    return String(decoding: slug.drop { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }, as: UTF8.self)
  }
}

private func unicodeSlug(_ text: String) -> String {
  var slug = String.UnicodeScalarView()
  var isGap = false
  for scalar in text.lowercased().unicodeScalars {
    let properties = scalar.properties
    // What only says how its neighbours are drawn is no part of a name: variation selectors, zero width joiners.
    if properties.isVariationSelector || properties.isJoinControl { continue }
    // Nor are marks without the letter that they belong to.
    if scalar.isCombiningMark, isGap || slug.isEmpty { continue }
    let stays =
      properties.isAlphabetic || properties.numericType != nil || scalar == "_" || scalar == "."
      || properties.generalCategory == .nonspacingMark
    if stays {
      if isGap, !slug.isEmpty { slug.append("-") }
      isGap = false
      slug.append(scalar)
    } else if scalar != "'" && scalar != "\u{2019}" {
      isGap = true
    }
  }
  return String(slug.drop { $0 == "." || $0 == "-" || $0.isCombiningMark })
}

extension Unicode.Scalar {
  /// It belongs to the letter before it.
  fileprivate var isCombiningMark: Bool {
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: true
    default: false
    }
  }
}

/// The slug of a term: `C++` and `C#` are two.
func termSlug(_ term: String) -> String {
  guard term.utf8.contains(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "#") }) else { return slug(term) }
  var spelled = ""
  for character in term {
    switch character {
    case "+": spelled += "-plus-"
    case "#": spelled += "-sharp-"
    default: spelled.append(character)
    }
  }
  return slug(spelled)
}
