/// The URLs of a `srcset`: <https://html.spec.whatwg.org/multipage/images.html#parsing-a-srcset-attribute>.
func candidates(in bytes: Bytes, _ range: Range<Int>) -> [Range<Int>] {
  let end = range.upperBound
  let comma = UInt8(ascii: ",")
  var found: [Range<Int>] = []
  var index = range.lowerBound
  while true {
    while index < end, isSpace(bytes[index]) || bytes[index] == comma { index += 1 }
    guard index < end else { return found }
    let start = index
    while index < end, !isSpace(bytes[index]) { index += 1 }
    var last = index
    while bytes[last - 1] == comma { last -= 1 }
    found.append(start..<last)
    // A comma right behind the URL says that no descriptors follow.
    if last < index { continue }
    var isInParentheses = false
    while index < end, isInParentheses || bytes[index] != comma {
      if bytes[index] == UInt8(ascii: "(") { isInParentheses = true }
      if bytes[index] == UInt8(ascii: ")") { isInParentheses = false }
      index += 1
    }
  }
}

/// The URL of `meta http-equiv=refresh`: <https://html.spec.whatwg.org/multipage/semantics.html#shared-declarative-refresh-steps>.
func refreshURL(in bytes: Bytes, _ range: Range<Int>) -> Range<Int>? {
  let end = range.upperBound
  var index = range.lowerBound
  func skipSpaces() { while index < end, isSpace(bytes[index]) { index += 1 } }
  skipSpaces()
  let time = index
  while index < end, isDigit(bytes[index]) || bytes[index] == UInt8(ascii: ".") { index += 1 }
  guard index > time, index < end else { return nil }
  let isSeparated = bytes[index] == UInt8(ascii: ";") || bytes[index] == UInt8(ascii: ",")
  guard isSeparated || isSpace(bytes[index]) else { return nil }
  skipSpaces()
  if index < end, bytes[index] == UInt8(ascii: ";") || bytes[index] == UInt8(ascii: ",") { index += 1 }
  skipSpaces()
  guard index < end else { return nil }
  let rest = index
  if bytes.has("url", at: index, before: end) {
    index += 3
    skipSpaces()
    guard index < end, bytes[index] == UInt8(ascii: "=") else { return bytes.trimmed(rest..<end) }
    index += 1
    skipSpaces()
  }
  guard index < end else { return nil }
  let quote = bytes[index]
  guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return bytes.trimmed(index..<end) }
  return bytes.trimmed((index + 1)..<(bytes.first(quote, from: index + 1, to: end) ?? end))
}
