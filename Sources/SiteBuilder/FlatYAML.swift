import Files

/// Reads front matter as nearly all pages have it: one `key: value` a line, where a value is a word, a sentence, a text in quotes or a list of
/// words in brackets. What it reads, it reads as `readYAML` does, at a twentieth of the time; where anything else stands, it gives up.
///
/// - Returns: nil where the text is not that simple, or not right: libyaml shall read it, and say what is wrong.
func readFlatYAML(_ text: DataText) -> Datum? {
  text.source.bytes.withUnsafeBufferPointer { bytes in
    var reader = FlatYAMLReader(bytes: UnsafeBufferPointer(rebasing: bytes[text.range]), line: Int32(text.firstLine))
    return reader.map()
  }
}

private struct FlatYAMLReader {
  let bytes: UnsafeBufferPointer<UInt8>
  /// Of the byte at `lineStart`, in the file.
  var line: Int32
  var lineStart = 0
  var entries: [Datum.Entry] = []
  /// The keys of `entries`, where those are many.
  private var names: Set<String> = []

  init(bytes: UnsafeBufferPointer<UInt8>, line: Int32) {
    self.bytes = bytes
    self.line = line
  }

  mutating func map() -> Datum? {
    while lineStart < bytes.count {
      var end = lineStart
      while end < bytes.count, bytes[end] != UInt8(ascii: "\n") {
        // Tabs, carriage returns and other controls have rules of their own, and so have the line ends and marks of Unicode.
        if bytes[end] < 0x20 || bytes[end] == 0x7F || isSpecial(at: end) { return nil }
        end += 1
      }
      guard readLine(to: end) else { return nil }
      lineStart = end + 1
      line += 1
    }
    guard let first = entries.first else { return nil }
    return Datum(.map(entries), at: first.keyPlace)
  }

  /// U+0080 to U+009F, U+2028, U+2029, and what begins as U+FEFF, U+FFFE and U+FFFF do.
  private func isSpecial(at index: Int) -> Bool {
    let byte = bytes[index]
    guard byte >= 0xC2, index + 1 < bytes.count else { return false }
    let next = bytes[index + 1]
    switch byte {
    case 0xC2: return next < 0xA0
    case 0xE2: return next == 0x80 && index + 2 < bytes.count && (bytes[index + 2] == 0xA8 || bytes[index + 2] == 0xA9)
    case 0xEF: return next >= 0xBB
    default: return false
    }
  }

  private func place(_ index: Int) -> Datum.Place { Datum.Place(line: line, column: Int32(index - lineStart + 1)) }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
  }

  private mutating func readLine(to end: Int) -> Bool {
    var end = end
    while end > lineStart, bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
    if end == lineStart || bytes[lineStart] == UInt8(ascii: "#") { return true }
    var index = lineStart
    guard isLetter(bytes[index]) else { return false }
    while index < end, isKeyByte(bytes[index]) { index += 1 }
    // libyaml has a limit for keys, of 1,024 characters.
    guard index - lineStart < 100 else { return false }
    let key = text(lineStart..<index)
    // A value on lines of its own follows a key that has nothing behind it.
    guard index + 1 < end, bytes[index] == UInt8(ascii: ":"), bytes[index + 1] == UInt8(ascii: " ") else {
      return false
    }
    index += 1
    while index < end, bytes[index] == UInt8(ascii: " ") { index += 1 }
    guard let datum = value(index..<end), isNew(key) else { return false }
    entries.append(Datum.Entry(key: key, keyPlace: place(lineStart), datum: datum))
    return true
  }

  private mutating func isNew(_ key: String) -> Bool {
    if entries.count < 32 { return !entries.contains { $0.key == key } }
    if names.isEmpty { names = Set(entries.map(\.key)) }
    return names.insert(key).inserted
  }

  private func value(_ range: Range<Int>) -> Datum? {
    switch bytes[range.lowerBound] {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): quoted(range).map { Datum(.string($0), at: place(range.lowerBound)) }
    case UInt8(ascii: "["): list(range)
    default: plain(range, isInList: false)
    }
  }

  /// Quotes without escapes, and nothing behind them.
  private func quoted(_ range: Range<Int>) -> String? {
    let quote = bytes[range.lowerBound]
    guard range.count >= 2, bytes[range.upperBound - 1] == quote else { return nil }
    let inner = range.lowerBound + 1..<range.upperBound - 1
    for index in inner where bytes[index] == quote || bytes[index] == UInt8(ascii: "\\") { return nil }
    return text(inner)
  }

  private func plain(_ range: Range<Int>, isInList: Bool) -> Datum? {
    let first = bytes[range.lowerBound]
    let isNegative = first == UInt8(ascii: "-") && range.count > 1 && isDigit(bytes[range.lowerBound + 1])
    guard isAlphanumeric(first) || first == UInt8(ascii: "/") || first >= 0x80 || isNegative else {
      return nil
    }
    for index in range {
      switch bytes[index] {
      case UInt8(ascii: ":"):
        // In a list, a colon may part key and value without a space behind it.
        if isInList || index + 1 == range.upperBound || bytes[index + 1] == UInt8(ascii: " ") { return nil }
      case UInt8(ascii: "#"): if bytes[index - 1] == UInt8(ascii: " ") { return nil }
      case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "?"),
        UInt8(ascii: "\""), UInt8(ascii: "'"):
        if isInList { return nil }
      default: break
      }
    }
    return Datum(plainScalar(text(range)), at: place(range.lowerBound))
  }

  /// `[a, b c, "d"]`, without a comma in a text.
  private func list(_ range: Range<Int>) -> Datum? {
    guard range.count >= 2, bytes[range.upperBound - 1] == UInt8(ascii: "]") else { return nil }
    var items: [Datum] = []
    let end = range.upperBound - 1
    var start = range.lowerBound + 1
    while start < end {
      var comma = start
      while comma < end, bytes[comma] != UInt8(ascii: ",") { comma += 1 }
      // What a list ends with is an item.
      if comma == end - 1 { return nil }
      var item = start..<comma
      while !item.isEmpty, bytes[item.lowerBound] == UInt8(ascii: " ") { item = item.lowerBound + 1..<item.upperBound }
      while !item.isEmpty, bytes[item.upperBound - 1] == UInt8(ascii: " ") {
        item = item.lowerBound..<item.upperBound - 1
      }
      guard !item.isEmpty else { return nil }
      let isQuoted = bytes[item.lowerBound] == UInt8(ascii: "\"") || bytes[item.lowerBound] == UInt8(ascii: "'")
      let datum =
        isQuoted
        ? quoted(item).map { Datum(.string($0), at: place(item.lowerBound)) } : plain(item, isInList: true)
      guard let datum else { return nil }
      items.append(datum)
      start = comma + 1
    }
    return Datum(.list(items), at: place(range.lowerBound))
  }
}

private func isKeyByte(_ byte: UInt8) -> Bool {
  isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
}
