/// An attribute's value or a text with its character references decoded, and where each byte came from.
struct DecodedText {
  var bytes: [UInt8] = []
  /// For each byte the offset of what it was written as; one more at the end.
  var origins: [Int] = []

  /// Where the bytes at `range` stand in the document.
  func origin(of range: Range<Int>) -> Range<Int> { origins[range.lowerBound]..<origins[range.upperBound] }

  /// Decodes by the rules for attributes: <https://html.spec.whatwg.org/multipage/parsing.html#character-reference-state>.
  ///
  /// Numeric references, all names that may stand without a semicolon (not before `=` or a letter or digit, so `&copy=` stays),
  /// and of those with a semicolon the ones that occur in URLs. Other names stay as written.
  ///
  /// Without `origins`, those stay empty, and only the bytes are of use.
  init(_ source: Bytes, _ range: Range<Int>, origins wantsOrigins: Bool = true) {
    bytes.reserveCapacity(range.count)
    if wantsOrigins { origins.reserveCapacity(range.count + 1) }
    var position = range.lowerBound
    while position < range.upperBound {
      let start = position
      let byte = source[position]
      if byte == UInt8(ascii: "&"),
        let reference = characterReference(in: source, at: position, before: range.upperBound)
      {
        appendScalar(reference.value, to: &bytes)
        position = reference.end
      } else {
        if byte == 0 { appendScalar(0xFFFD, to: &bytes) } else { bytes.append(byte) }
        position += 1
      }
      while wantsOrigins && origins.count < bytes.count { origins.append(start) }
    }
    origins.append(range.upperBound)
  }
}

/// The character that the reference at `start` (its `&`) stands for, and the offset behind it.
private func characterReference(in source: Bytes, at start: Int, before end: Int) -> (value: UInt32, end: Int)? {
  var position = start + 1
  guard position < end else { return nil }
  if source[position] == UInt8(ascii: "#") { return numericReference(in: source, at: position + 1, before: end) }
  var name = PackedName()
  while position < end, isLetter(source[position]) || isDigit(source[position]) {
    name.append(source[position])
    position += 1
  }
  guard name.length > 0 else { return nil }
  if position < end, source[position] == UInt8(ascii: ";") {
    return (legacyReferences[name] ?? urlReferences[name]).map { ($0, position + 1) }
  }
  if position < end, source[position] == UInt8(ascii: "=") { return nil }
  return legacyReferences[name].map { ($0, position) }
}

private func numericReference(in source: Bytes, at start: Int, before end: Int) -> (value: UInt32, end: Int)? {
  var position = start
  var value: UInt32 = 0
  let isHex = position < end && source[position] | 0x20 == UInt8(ascii: "x")
  if isHex { position += 1 }
  let firstDigit = position
  while position < end, let digit = hexValue(source[position]), isHex || digit < 10 {
    // Saturates just above the last code point.
    value = min(value * (isHex ? 16 : 10) + UInt32(digit), 0x110000)
    position += 1
  }
  guard position > firstDigit else { return nil }
  if position < end, source[position] == UInt8(ascii: ";") { position += 1 }
  if value == 0 || value > 0x10FFFF { value = 0xFFFD }
  if value >= 0x80, value < 0xA0, let meant = windows1252[value] { value = meant }
  return (value, position)
}

/// <https://html.spec.whatwg.org/multipage/parsing.html#numeric-character-reference-end-state>
private let windows1252: [UInt32: UInt32] = [
  0x80: 0x20AC, 0x82: 0x201A, 0x83: 0x0192, 0x84: 0x201E, 0x85: 0x2026, 0x86: 0x2020, 0x87: 0x2021, 0x88: 0x02C6,
  0x89: 0x2030, 0x8A: 0x0160, 0x8B: 0x2039, 0x8C: 0x0152, 0x8E: 0x017D, 0x91: 0x2018, 0x92: 0x2019, 0x93: 0x201C,
  0x94: 0x201D, 0x95: 0x2022, 0x96: 0x2013, 0x97: 0x2014, 0x98: 0x02DC, 0x99: 0x2122, 0x9A: 0x0161, 0x9B: 0x203A,
  0x9C: 0x0153, 0x9E: 0x017E, 0x9F: 0x0178,
]

/// The names that may stand without a semicolon: <https://html.spec.whatwg.org/multipage/named-characters.html>.
private let legacyReferences: [PackedName: UInt32] = {
  var table: [PackedName: UInt32] = [:]
  for (name, value) in [
    ("amp", 0x26), ("AMP", 0x26), ("lt", 0x3C), ("LT", 0x3C), ("gt", 0x3E), ("GT", 0x3E), ("quot", 0x22),
    ("QUOT", 0x22), ("COPY", 0xA9), ("REG", 0xAE),
  ] as [(String, UInt32)] {
    table[PackedName(name)] = value
  }
  // U+00A0 to U+00FF, in order.
  let latin1 = """
    nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para \
    middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave \
    Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc \
    Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc \
    iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml
    """
  for (index, name) in latin1.split(separator: " ").enumerated() {
    table[PackedName(String(name))] = 0xA0 + UInt32(index)
  }
  return table
}()

/// Names that need their semicolon and occur in URLs.
private let urlReferences: [PackedName: UInt32] = {
  var table: [PackedName: UInt32] = [:]
  for (name, value) in [
    ("apos", "'"), ("sol", "/"), ("colon", ":"), ("quest", "?"), ("num", "#"), ("equals", "="), ("percnt", "%"),
    ("period", "."), ("comma", ","), ("semi", ";"), ("excl", "!"), ("dollar", "$"), ("lpar", "("), ("rpar", ")"),
    ("lsqb", "["), ("lbrack", "["), ("rsqb", "]"), ("rbrack", "]"), ("lowbar", "_"), ("ast", "*"), ("plus", "+"),
    ("commat", "@"), ("bsol", "\\"), ("vert", "|"), ("verbar", "|"), ("lcub", "{"), ("lbrace", "{"), ("rcub", "}"),
    ("rbrace", "}"), ("grave", "`"), ("Hat", "^"), ("Tab", "\t"), ("NewLine", "\n"), ("ndash", "–"), ("mdash", "—"),
    ("hellip", "…"), ("lsquo", "‘"), ("rsquo", "’"), ("ldquo", "“"), ("rdquo", "”"), ("euro", "€"),
  ] as [(String, Unicode.Scalar)] {
    table[PackedName(name)] = value.value
  }
  return table
}()
