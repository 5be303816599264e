// Templates, configuration and front matter: attributes with their values, and any run of bytes that a URL can have.

extension URLScanner {
  /// - Parameter isTemplate: false for configuration, where a line may be a comment.
  mutating func scanValues(before end: Int, isTemplate: Bool) {
    scanRuns(before: end, isTemplate: isTemplate)
    scanLines(before: end)
    if isTemplate { scanAttributes(before: end) }
  }

  private mutating func scanRuns(before end: Int, isTemplate: Bool) {
    var index = 0
    var isLineStart = true
    while index < end {
      let byte = bytes[index]
      if isLineStart, !isTemplate, byte == UInt8(ascii: "#") {
        index = lineEnd(from: index, before: end)
      } else if isTemplate, let comment = commentEnd(at: index, before: end) {
        index = comment
      } else if Self.isURLByte(byte) {
        let run = index..<runEnd(from: index, before: end)
        noteRun(run, .value)
        index = run.upperBound
      } else {
        index += 1
      }
      isLineStart = byte == 0x0A || isLineStart && byte <= 0x20
    }
  }

  /// What may have other bytes than a URL stands in quotes, or is all of the line behind its key.
  private mutating func scanLines(before end: Int) {
    var index = 0
    while index < end {
      let line = index..<lineEnd(from: index, before: end)
      index = line.upperBound + 1
      if let colon = bytes[line].firstIndex(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "=") }),
        let start = bytes[(colon + 1)..<line.upperBound].firstIndex(where: { $0 > 0x20 }),
        let last = bytes[line].lastIndex(where: { $0 > 0x20 })
      {
        note(start..<last + 1, .value)
      }
      var position = line.lowerBound
      while let open = bytes[position..<line.upperBound].firstIndex(where: { $0 == 0x22 || $0 == 0x27 }) {
        position = open + 1
        if let close = bytes[position..<line.upperBound].firstIndex(of: bytes[open]) {
          note(position..<close, .value)
          position = close + 1
        }
      }
    }
  }

  private mutating func scanAttributes(before end: Int) {
    var index = 0
    while index < end {
      if let comment = commentEnd(at: index, before: end) {
        index = comment
      } else if bytes[index] == UInt8(ascii: "="), index + 1 < end, [0x22, 0x27].contains(bytes[index + 1]) {
        let name = bytes[..<index].ending { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
        let start = index + 2
        var codes: [Range<Int>] = []
        guard let close = valueEnd(from: start, quote: bytes[index + 1], before: end, &codes) else {
          // What is unfinished on its line is not begun again further on in it.
          index = lineEnd(from: index, before: end)
          continue
        }
        index = close + 1
        if isNoURL(attribute: name) { continue }
        noteAttribute(start..<close, of: name)
        if let first = codes.first, let last = codes.last, patterns.count < Self.mostPatterns {
          let pattern = URLPattern(
            prefix: bytes[start..<first.lowerBound], suffix: bytes[last.upperBound..<close], offset: start,
            length: close - start)
          // `{{ page.url }}` may be anything.
          if pattern.textCount > 3 { patterns.append(pattern) }
        }
      } else {
        index += 1
      }
    }
  }

  /// Each URL that is looked for is compared with all of them.
  private static let mostPatterns = 500

  /// The quote that ends the value on its line, beyond the code in it.
  private func valueEnd(from start: Int, quote: UInt8, before end: Int, _ codes: inout [Range<Int>]) -> Int? {
    var index = start
    while index < end, bytes[index] != 0x0A {
      if bytes[index] == quote { return index }
      if bytes[index] == UInt8(ascii: "{"), index + 1 < end, "{%".utf8.contains(bytes[index + 1]) {
        let closing = bytes[index + 1] == UInt8(ascii: "{") ? UInt8(ascii: "}") : UInt8(ascii: "%")
        var close = index + 2
        while close + 1 < end, bytes[close] != 0x0A, !(bytes[close] == closing && bytes[close + 1] == UInt8(ascii: "}"))
        {
          close += 1
        }
        guard close + 1 < end, bytes[close] != 0x0A else { return nil }
        codes.append(index..<close + 2)
        index = close + 2
      } else {
        index += 1
      }
    }
    return nil
  }

  func lineEnd(from start: Int, before end: Int) -> Int { bytes[start..<end].firstIndex(of: 0x0A) ?? end }

  /// Behind the comment that begins at `start`, of HTML or of a template.
  func commentEnd(at start: Int, before end: Int) -> Int? {
    guard bytes[start] == UInt8(ascii: "<") || bytes[start] == UInt8(ascii: "{") else { return nil }
    for (open, close) in [("<!--", "-->"), ("{#", "#}")] where bytes[start..<end].starts(with: open.utf8) {
      // Where it goes on to the end, all is one comment: nothing is looked through twice.
      return find(Array(close.utf8), in: bytes, from: start + open.utf8.count).map { min($0 + close.utf8.count, end) }
        ?? end
    }
    return nil
  }
}
