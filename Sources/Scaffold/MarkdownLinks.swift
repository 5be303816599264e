import Files

/// Replaces destinations of links in a Markdown text outside of code: `[text](here)`, `[text](<here>)` and `[name]: here`, images included
/// (CommonMark 0.31, sections 6.3 and 4.7).
///
/// - Parameter changed: what a destination becomes; nil leaves it.
/// - Returns: the text, and how many were replaced.
func replacingLinks(in bytes: [UInt8], _ changed: (String) -> String?) -> (text: [UInt8], count: Int) {
  var code = RangeCursor(codeRanges(bytes, from: 0))
  var result: [UInt8] = []
  var copied = 0
  var count = 0
  var index = 0
  while index + 2 < bytes.count {
    let isEnd = bytes[index] == UInt8(ascii: "]") && bytes[index + 1] != UInt8(ascii: "]")
    guard isEnd else {
      index += 1
      continue
    }
    if let range = code.range(at: index) {
      index = range.upperBound
      continue
    }
    let mark = bytes[index + 1]
    index += 2
    guard mark == UInt8(ascii: "(") || mark == UInt8(ascii: ":") && beginsItsLine(bytes, index - 2) else { continue }
    while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
    let isBracketed = index < bytes.count && bytes[index] == UInt8(ascii: "<")
    let start = isBracketed ? index + 1 : index
    let end = endOfDestination(bytes, start, isBracketed: isBracketed)
    if end > start, end - start < 4096,
      let new = changed(String(decoding: bytes[start..<end], as: UTF8.self))
    {
      result += bytes[copied..<start] + new.utf8
      copied = end
      count += 1
    }
    index = max(end, index)
  }
  return count == 0 ? (bytes, 0) : (result + bytes[copied...], count)
}

private func endOfDestination(_ bytes: [UInt8], _ start: Int, isBracketed: Bool) -> Int {
  var depth = 0
  var end = start
  while end < bytes.count {
    switch bytes[end] {
    case 0x0A: return end
    case UInt8(ascii: ">") where isBracketed: return end
    case 0...0x20 where !isBracketed: return end
    case UInt8(ascii: "("): depth += 1
    case UInt8(ascii: ")") where !isBracketed:
      if depth == 0 { return end }
      depth -= 1
    default: break
    }
    end += 1
  }
  return end
}

/// Whether the bracket that is closed at `place` is the first thing in its line: `[name]:`.
private func beginsItsLine(_ bytes: [UInt8], _ place: Int) -> Bool {
  var index = place - 1
  let lowest = max(0, place - 1000)
  while index > lowest, bytes[index] != UInt8(ascii: "["), bytes[index] != 0x0A { index -= 1 }
  guard index >= 0, bytes[index] == UInt8(ascii: "[") else { return false }
  while index > 0, bytes[index - 1] == 0x20 { index -= 1 }
  return index == 0 || bytes[index - 1] == 0x0A
}

/// A destination without what follows its path: the path decoded, and `?query#fragment` as it stands; nil where it is no relative or
/// absolute path of the site.
func pathOfLink(_ link: String) -> (path: String, suffix: String)? {
  let end = link.firstIndex { $0 == "#" || $0 == "?" } ?? link.endIndex
  let path = link[..<end]
  guard !path.isEmpty, !path.hasPrefix("//"), !path.prefix(while: { $0 != "/" }).contains(":"), !path.contains("{")
  else {
    return nil
  }
  return percentDecoded(String(path)).map { ($0, String(link[end...])) }
}
