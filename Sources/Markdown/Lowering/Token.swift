/// An inline extension construct that travels through libcmark as an opaque word.
///
/// In the text it is a sentinel, decimal digits (its index), and a sentinel. A sentinel is one of two code points that the source does
/// not contain, one that counts as a letter and one that counts as punctuation, so that what stands beside the token sees the
/// neighbour that it would have seen.
struct Token {
  enum Kind: UInt8 {
    case link, footnote, delimiters, mathInline, mathDisplay, emoji, attributes, taskOpen, taskDone, alert, literal
  }
  var kind: Kind
  /// Where the source text lies in `Lowered.tokenText`; shown as it is where the construct ends up in a place that knows no
  /// extensions (a URL, raw HTML).
  var text: Range<Int>
  /// Link: bytes of `text` that are the scheme to add (`http://`). Footnote: which definition. Delimiters: the length of the run. Alert: which kind.
  var value = 0
  var delimiter: UInt8 = 0
  var canOpen = false
  var canClose = false
}

/// The code points around a token.
struct Sentinels {
  /// The last of the four bytes F4 8F BF xx (plane 16, private use).
  var letter: UInt8
  /// The last of the four bytes F0 92 91 xx (U+12470 to U+12474, cuneiform punctuation).
  var punctuation: UInt8

  /// Nil where the source contains all candidates.
  init?(absentFrom source: Bytes) {
    var usedLetters: UInt64 = 0
    var usedPunctuation: UInt64 = 0
    source.forEachIndex(of: 0xF4) { index in
      if source.at(index + 1) == 0x8F, source.at(index + 2) == 0xBF {
        usedLetters |= 1 << UInt64(source.at(index + 3) & 0x3F)
      }
    }
    source.forEachIndex(of: 0xF0) { index in
      if source.at(index + 1) == 0x92, source.at(index + 2) == 0x91 {
        usedPunctuation |= 1 << UInt64(source.at(index + 3) & 0x3F)
      }
    }
    // U+10FFC0 to U+10FFFD; the last two are noncharacters.
    guard let letter = (0..<62).first(where: { usedLetters & (1 << UInt64($0)) == 0 }),
      let punctuation = (0x30..<0x35).first(where: { usedPunctuation & (1 << UInt64($0)) == 0 })
    else { return nil }
    self.letter = 0x80 | UInt8(letter)
    self.punctuation = 0x80 | UInt8(punctuation)
  }

  func append(isPunctuation: Bool, to buffer: inout ByteBuffer) {
    buffer.reserve(4)
    buffer.append(isPunctuation ? 0xF0 : 0xF4)
    buffer.append(isPunctuation ? 0x92 : 0x8F)
    buffer.append(isPunctuation ? 0x91 : 0xBF)
    buffer.append(isPunctuation ? punctuation : letter)
  }

  /// Whether a sentinel begins at `index`.
  @inline(__always)
  func isSentinel(_ text: UnsafePointer<UInt8>, at index: Int, end: Int) -> Bool {
    guard index + 4 <= end else { return false }
    if text[index] == 0xF4 { return text[index + 1] == 0x8F && text[index + 2] == 0xBF && text[index + 3] == letter }
    return text[index] == 0xF0 && text[index + 1] == 0x92 && text[index + 2] == 0x91 && text[index + 3] == punctuation
  }

  /// The token that begins at `index`: which one, and the index behind it.
  func token(_ text: UnsafePointer<UInt8>, at index: Int, end: Int) -> (number: Int, end: Int)? {
    guard isSentinel(text, at: index, end: end) else { return nil }
    var at = index + 4
    var number = 0
    while at < end, isDigit(text[at]), number < 1_000_000_000 {
      number = number * 10 + Int(text[at] - 0x30)
      at += 1
    }
    return isSentinel(text, at: at, end: end) ? (number, at + 4) : nil
  }
}
