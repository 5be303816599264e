/// Cuts text into words as `words` of `search.js` does: runs of letters, digits and marks, in lower case, Latin letters without their accents.
/// Scripts that are written without spaces have a "word" for every two letters that stand together.
struct WordScanner {
  /// The word so far, folded.
  private var word: [UInt8] = []
  /// The last letter of a script without spaces, where the text is in a run of them.
  private var lastDense: [UInt8] = []
  private var isRunOfOne = false

  static let longest = 64

  init() { word.reserveCapacity(Self.longest + 4) }

  /// Hands each word of `bytes` to `found`; the last one is held back until `end`, since more text may follow.
  mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>, _ found: ([UInt8]) -> Void) {
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte < 0x80 {
        index += 1
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
          if !lastDense.isEmpty { endDense(found) }
          word.append(byte)
        case UInt8(ascii: "A")...UInt8(ascii: "Z"):
          if !lastDense.isEmpty { endDense(found) }
          word.append(byte | 0x20)
        default: end(found)
        }
        continue
      }
      guard let (scalar, length) = decode(bytes, at: index) else {
        end(found)
        index += 1
        continue
      }
      add(scalar, found)
      index += length
    }
  }

  /// A letter that was written as a character reference.
  mutating func add(_ scalar: Unicode.Scalar, _ found: ([UInt8]) -> Void) {
    switch scalar.value {
    case 0x300...0x36F: return
    case 0xC0...0x17F where scalar.value != 0xD7 && scalar.value != 0xF7, 0x1E00...0x1EFF:
      if !lastDense.isEmpty { endDense(found) }
      word += folded(scalar)
    case _ where Self.isDense(scalar.value):
      endWord(found)
      let letter = Array(String(scalar).utf8)
      if lastDense.isEmpty { isRunOfOne = true } else { isRunOfOne = false; found(lastDense + letter) }
      lastDense = letter
    default:
      guard Self.isLetter(scalar) else { return end(found) }
      if !lastDense.isEmpty { endDense(found) }
      // A sigma at the end of a word is a sigma.
      for lower in scalar.properties.lowercaseMapping.unicodeScalars where !(0x300...0x36F).contains(lower.value) {
        word += Array(String(lower.value == 0x3C2 ? "\u{3C3}" : lower).utf8)
      }
    }
  }

  mutating func end(_ found: ([UInt8]) -> Void) {
    endWord(found)
    if !lastDense.isEmpty { endDense(found) }
  }

  private mutating func endWord(_ found: ([UInt8]) -> Void) {
    guard !word.isEmpty else { return }
    // One letter alone says nothing; what is longer is no word.
    if word.count >= 2, word.count <= Self.longest { found(word) }
    word.removeAll(keepingCapacity: true)
  }

  private mutating func endDense(_ found: ([UInt8]) -> Void) {
    if isRunOfOne { found(lastDense) }
    lastDense = []
  }

  /// Thai, Lao, Burmese, Khmer, kana and Han: <https://www.unicode.org/reports/tr14/#SA> and ideographs.
  private static func isDense(_ value: UInt32) -> Bool {
    switch value {
    case 0xE00...0xEFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3041...0x30FF, 0x3400...0x9FFF, 0xF900...0xFAFF,
      0x20000...0x3FFFF:
      true
    default: false
    }
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
      .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
      true
    default: false
    }
  }
}

/// The scalar at `index`, and its length; nil where the bytes are no UTF-8.
private func decode(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (Unicode.Scalar, length: Int)? {
  let first = bytes[index]
  let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0
  guard length > 0, index + length <= bytes.count else { return nil }
  var value = UInt32(first) & (0x7F >> UInt32(length))
  for offset in 1..<length {
    guard bytes[index + offset] & 0xC0 == 0x80 else { return nil }
    value = value << 6 | UInt32(bytes[index + offset] & 0x3F)
  }
  return Unicode.Scalar(value).map { ($0, length) }
}

/// Latin letters without accents, in lower case, from U+00C0 to U+017F and from U+1E00 to U+1EFF: canonical decomposition without marks, and
/// for ß æ œ ø đ ł þ ð ħ ı ŋ and their like what they are spelled as.
private func folded(_ scalar: Unicode.Scalar) -> [UInt8] {
  scalar.value < 0x1E00 ? latin[Int(scalar.value - 0xC0)] : latinAdditional[Int(scalar.value - 0x1E00)]
}

private func letters(_ table: String) -> [[UInt8]] {
  table.split(whereSeparator: \.isWhitespace).map { Array($0.utf8) }
}

private let latin = letters(
  """
  a a a a a a ae c e e e e i i i i d n o o o o o × o u u u u y th ss a a a a a a ae c e e e e i i i i d n o o o
  o o ÷ o u u u u y th y a a a a a a c c c c c c c c d d d d e e e e e e e e e e g g g g g g g g h h h h i i i i
  i i i i i i ij ij j j k k k l l l l l l l l l l n n n n n n n n n o o o o o o oe oe r r r r r r s s s s s s s
  s t t t t ŧ ŧ u u u u u u u u u u u u w w y y y z z z z z z s
  """)

private let latinAdditional = letters(
  """
  a a b b b b b b c c d d d d d d d d d d e e e e e e e e e e f f g g h h h h h h h h h h i i i i k k k k k k l
  l l l l l l l m m m m m m n n n n n n n n o o o o o o o o p p p p r r r r r r r r s s s s s s s s s s t t t t
  t t t t u u u u u u u u u u v v v v w w w w w w w w w w x x x x y y z z z z z z h t w y ẚ ſ ẜ ẝ ss ẟ a a a a a
  a a a a a a a a a a a a a a a a a a a e e e e e e e e e e e e e e e e i i i i o o o o o o o o o o o o o o o o
  o o o o o o o o u u u u u u u u u u u u u u y y y y y y y y ỻ ỻ ỽ ỽ ỿ ỿ
  """)
