import Files

/// A key of YAML that comes again in its map: the value here does not count.
struct RepeatedKey {
  let key: String
  /// 1-based line of the file.
  let line: Int
}

/// Reads YAML as Ruby's Psych and older Hugos do, where of a key that is given twice the last value counts.
///
/// - Returns: the settings, and the source with the earlier ones as comments, which is as many lines long; none of it differs where no key comes again.
/// - Throws: a `Diagnostic` where the text is not well formed otherwise.
func readLeniently(
  _ source: SourceText, _ range: Range<Int>, _ format: SettingFormat
) throws(Diagnostic) -> (settings: Setting, source: SourceText, range: Range<Int>, repeated: [RepeatedKey]) {
  do throws(SettingError) {
    return (try parseSettings(source, range, format), source, range, [])
  } catch {
    guard format == .yaml, error.isRepeatedKey else { throw error.diagnostic }
    var keys = RepeatedKeys(source, range)
    keys.find()
    guard !keys.found.isEmpty else { throw error.diagnostic }
    let (mended, length) = keys.commentedOut()
    let end = range.lowerBound + length
    guard let settings = try? readSettings(mended, range.lowerBound..<end, format) else {
      throw error.diagnostic
    }
    return (settings, mended, range.lowerBound..<end, keys.found.map(\.repeated))
  }
}

/// Finds keys of block maps that come again further down, by the indentation of lines. What it takes for a key and is none does no harm:
/// the text is read again afterwards.
private struct RepeatedKeys {
  private(set) var found: [(repeated: RepeatedKey, lines: Range<Int>)] = []
  private let source: SourceText
  private let range: Range<Int>
  private var maps: [Map] = []

  private struct Map {
    var indent: Int
    /// The last of its statements with a key.
    var keys: [String: Int] = [:]
    /// Their lines end where the next one begins.
    var statements: [(key: String, start: Int, end: Int?, beginsItem: Bool)] = []
  }

  init(_ source: SourceText, _ range: Range<Int>) {
    self.source = source
    self.range = range
  }

  mutating func find() {
    var start = range.lowerBound
    // The indentation of a key whose value is a text of several lines.
    var textIndent: Int?
    while start < range.upperBound {
      let end = source.bytes[start..<range.upperBound].firstIndex(of: 0x0A).map { $0 + 1 } ?? range.upperBound
      defer { start = end }
      let indent = source.bytes[start..<end].prefix { $0 == 0x20 }.count
      let content = source.bytes[(start + indent)..<end]
      guard let first = content.first, !"\r\n#".utf8.contains(first) else { continue }
      if let open = textIndent {
        if indent > open { continue }
        textIndent = nil
      }
      if let key = take(content, indent, start), isTextMark(content) { textIndent = key }
    }
    close(downTo: -1, at: range.upperBound)
    found.sort { $0.lines.lowerBound < $1.lines.lowerBound }
  }

  /// - Returns: the indentation of the key in the line.
  private mutating func take(_ content: ArraySlice<UInt8>, _ indent: Int, _ start: Int) -> Int? {
    var (content, indent) = (content, indent)
    var isItem = false
    while content.first == UInt8(ascii: "-"), content.dropFirst().first == 0x20 {
      close(downTo: indent, at: start, isItem: true)
      let mark = 1 + content.dropFirst().prefix { $0 == 0x20 }.count
      content = content.dropFirst(mark)
      indent += mark
      isItem = true
    }
    guard let key = key(content) else { return nil }
    close(downTo: indent, at: start)
    if maps.last?.indent != indent { maps.append(Map(indent: indent)) }
    let last = maps.count - 1
    if let earlier = maps[last].keys[key] {
      let statement = maps[last].statements[earlier]
      if !statement.beginsItem, let end = statement.end {
        let line = source.location(at: statement.start).line
        found.append((RepeatedKey(key: key, line: line), statement.start..<end))
      }
    }
    maps[last].keys[key] = maps[last].statements.count
    maps[last].statements.append((key, start, nil, isItem))
    return indent
  }

  /// Ends the maps that are deeper than `indent`, and the last key of that one.
  private mutating func close(downTo indent: Int, at place: Int, isItem: Bool = false) {
    while let deepest = maps.last?.indent, deepest > indent { maps.removeLast() }
    // By index: a copy of the map would cost as much as it has keys.
    let map = maps.count - 1
    guard !isItem, map >= 0, maps[map].indent == indent else { return }
    let last = maps[map].statements.count - 1
    if last >= 0 { maps[map].statements[last].end = place }
  }

  private func key(_ content: ArraySlice<UInt8>) -> String? {
    var end = content.startIndex
    while end < content.endIndex {
      let isMark = content[end] == UInt8(ascii: ":") && (end + 1 == content.endIndex || content[end + 1] <= 0x20)
      if isMark { break }
      end += 1
    }
    guard end < content.endIndex, end > content.startIndex else { return nil }
    var name = content[..<end]
    if let quote = name.first, "\"'".utf8.contains(quote), name.count >= 2, name.last == quote {
      name = name.dropFirst().dropLast()
    }
    return String(decoding: name, as: UTF8.self)
  }

  /// Whether the line ends in `|` or `>`, perhaps with how to treat its last line ends.
  private func isTextMark(_ content: ArraySlice<UInt8>) -> Bool {
    let word = content.split { $0 <= 0x20 }.last ?? []
    guard let mark = word.first, mark == UInt8(ascii: "|") || mark == UInt8(ascii: ">") else { return false }
    return word.dropFirst().allSatisfy { isDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
  }

  /// - Returns: the source with those keys as comments, and how long the range is then.
  func commentedOut() -> (source: SourceText, length: Int) {
    var bytes = Array(source.bytes[..<range.lowerBound])
    var position = range.lowerBound
    for (_, lines) in found where lines.lowerBound >= position {
      bytes += source.bytes[position..<lines.lowerBound]
      position = lines.lowerBound
      while position < lines.upperBound {
        let end = source.bytes[position..<lines.upperBound].firstIndex(of: 0x0A).map { $0 + 1 } ?? lines.upperBound
        let isBlank = source.bytes[position..<end].allSatisfy { $0 <= 0x20 }
        bytes += (isBlank ? [] : Array("# ".utf8)) + source.bytes[position..<end]
        position = end
      }
    }
    bytes += source.bytes[position..<range.upperBound]
    let length = bytes.count - range.lowerBound
    return (SourceText(path: source.path, bytes: bytes + source.bytes[range.upperBound...]), length)
  }
}
