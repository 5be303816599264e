/// What a quick look at the bytes tells: most documents need no more than libcmark.
struct SourceTraits {
  var isBeyondASCII = false
  /// Something may be in it that only extensions know.
  var needsLowering = false

  init() {}

  init(_ source: Bytes, _ options: MarkdownOptions) {
    guard let base = source.baseAddress else { return }
    let count = source.count
    var high: UInt64 = 0
    var index = 0
    while index + 8 <= count {
      high |= load(base + index)
      index += 8
    }
    while index < count {
      high |= UInt64(base[index])
      index += 1
    }
    isBeyondASCII = high & 0x8080_8080_8080_8080 != 0

    if Lowering.hasManyImages(source) {
      needsLowering = true
      return
    }
    guard options.hasSyntax else { return }
    // Up to where no delimiter row can begin; keeps `- - - a` linear.
    var noRowBefore = 0
    for mark in Self.marks {
      // memchr passes over what is no mark many bytes at a time.
      var place = source.index(of: mark, from: 0)
      while place < count {
        if Self.needsLowering(source, place, mark, options, &noRowBefore) {
          needsLowering = true
          return
        }
        place = source.index(of: mark, from: place + 1)
      }
    }
  }

  /// What the syntax of extensions begins with, or has in it; rare ones first.
  private static let marks: [UInt8] = ["$", "~", "{", "[", ":", "-", "w"].map { ascii($0) }

  private static func needsLowering(
    _ source: Bytes, _ index: Int, _ byte: UInt8, _ options: MarkdownOptions, _ noRowBefore: inout Int
  ) -> Bool {
    let next = source.at(index + 1)
    switch byte {
    case ascii("-"):
      return options.tables && index >= noRowBefore && isDelimiterRow(source, index, &noRowBefore)
    case ascii("["):
      if next == ascii("^") { return options.footnotes }
      if next == ascii("!") { return options.alerts }
      return options.taskLists && source.at(index + 2) == ascii("]")
        && (next == 0x20 || next == ascii("x") || next == ascii("X")) && isWhitespace(source.at(index + 3))
    case ascii("~"):
      guard options.strikethrough else { return false }
      return next != byte || (source.at(index + 2) != byte && (index == 0 || source[index - 1] != byte))
    case ascii("w"): return options.autolinks && source.hasPrefix("ww.", at: index + 1)
    case ascii(":"):
      if options.autolinks, next == ascii("/"), source.at(index + 2) == ascii("/"), isBareAddress(source, index) {
        return true
      }
      if options.definitionLists, isSpaceOrTab(next), beginsLine(source, index) { return true }
      return options.emoji && (isAlphanumeric(next) || next == ascii("+") || next == ascii("-"))
    case ascii("$"): return options.math
    case ascii("{"): return options.attributes && next != ascii("{") && next != ascii("%") && !isWhitespace(next)
    default: return false
    }
  }

  /// Whether the rest of the line looks like a table's delimiter row, seen from one of its dashes.
  private static func isDelimiterRow(_ source: Bytes, _ index: Int, _ noRowBefore: inout Int) -> Bool {
    var before = index - 1
    while before >= 0, isSpaceOrTab(source[before]) { before -= 1 }
    var mark = before >= 0 && (source[before] == ascii("|") || source[before] == ascii(":"))
    var at = index + 1
    while at < source.count, !isLineEnd(source[at]) {
      switch source[at] {
      case ascii("|"), ascii(":"): mark = true
      case ascii("-"), 0x09, 0x0B, 0x0C, 0x20: break
      default:
        noRowBefore = at
        return false
      }
      at += 1
    }
    if !mark { noRowBefore = at }
    return mark
  }

  /// Whether the address is none that stands in `](…)` or `<…>`.
  private static func isBareAddress(_ source: Bytes, _ colon: Int) -> Bool {
    var start = colon
    while start > 0, isLetter(source[start - 1]) { start -= 1 }
    guard colon - start >= 3, start > 0 else { return colon > start }
    if source[start - 1] == ascii("<"), start < 2 || source[start - 2] != ascii("\\") {
      var end = colon
      while end < source.count, source[end] > 0x20, source[end] != ascii("<"), source[end] != ascii(">") { end += 1 }
      return source.at(end) != ascii(">")
    }
    return !(source[start - 1] == ascii("(") && start > 1 && source[start - 2] == ascii("]"))
  }

  private static func beginsLine(_ source: Bytes, _ index: Int) -> Bool {
    var at = index
    while at > 0, isSpaceOrTab(source[at - 1]) || source[at - 1] == ascii(">") { at -= 1 }
    return at == 0 || isLineEnd(source[at - 1])
  }
}
