/// Elements whose content is text whatever it looks like: <https://html.spec.whatwg.org/multipage/parsing.html#rawtext-state>.
extension HTMLScanner {
  /// The offset of the end tag that ends the raw text from `position` on, or of the end of the document.
  func endOfRawText(_ name: StaticString) -> Int {
    var index = position
    while let open = bytes.first(UInt8(ascii: "<"), from: index, to: bytes.count) {
      if isTag(name, at: open, closing: true) { return open }
      index = open + 1
    }
    return bytes.count
  }

  /// As `endOfRawText`, for a script, whose end tag does not count between `<!--` with a `<script` behind it and `-->`.
  func endOfScript() -> Int {
    enum State { case data, escaped, doubleEscaped }
    var state = State.data
    var index = position
    while index < bytes.count {
      if state == .data {
        guard let open = bytes.first(UInt8(ascii: "<"), from: index, to: bytes.count) else { break }
        index = open
      }
      let byte = bytes[index]
      if byte == UInt8(ascii: "-"), bytes.has("-->", at: index, before: bytes.count) {
        state = .data
        index += 3
      } else if byte == UInt8(ascii: "<") {
        if isTag("script", at: index, closing: true) {
          guard state == .doubleEscaped else { return index }
          state = .escaped
        } else if state == .escaped, isTag("script", at: index, closing: false) {
          state = .doubleEscaped
        } else if state == .data, bytes.has("<!--", at: index, before: bytes.count) {
          state = .escaped
          // Its dashes may be those of `-->` already.
          index += 1
        }
        index += 1
      } else {
        index += 1
      }
    }
    return bytes.count
  }

  private func isTag(_ name: StaticString, at open: Int, closing: Bool) -> Bool {
    let start = open + (closing ? 2 : 1)
    let end = start + name.utf8CodeUnitCount
    guard end < bytes.count, !closing || bytes[open + 1] == UInt8(ascii: "/") else { return false }
    guard bytes.has(name, at: start, before: end) else { return false }
    return bytes[end] == UInt8(ascii: ">") || bytes[end] == UInt8(ascii: "/") || isSpace(bytes[end])
  }

  /// Goes on behind the end tag at `end`.
  mutating func leaveRawText(at end: Int) {
    position = min(end + 2, bytes.count)
    while position < bytes.count, isLetter(bytes[position]) { position += 1 }
    if position < bytes.count { _ = readAttributes(before: bytes.count) }
  }
}
