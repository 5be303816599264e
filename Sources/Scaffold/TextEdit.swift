import Files

/// A text that is read from left to right, with pieces replaced on the way. Offsets are those of the source, so notes have its lines.
struct TextEdit {
  let source: SourceText
  private(set) var output: [UInt8] = []
  private(set) var notes: [MigrationNote] = []
  private var copied: Int

  init(_ source: SourceText, from start: Int) {
    self.source = source
    copied = start
    output.reserveCapacity(source.bytes.count - start)
  }

  var bytes: [UInt8] { source.bytes }

  /// Ranges come in order; one that begins in what was replaced already is left alone.
  mutating func replace(_ range: Range<Int>, _ text: String) {
    guard range.lowerBound >= copied else { return }
    output += bytes[copied..<range.lowerBound]
    output += text.utf8
    copied = range.upperBound
  }

  mutating func note(
    _ severity: MigrationNote.Severity, at range: Range<Int>, _ what: String, hint: String? = nil
  ) {
    notes.append(
      MigrationNote(
        severity: severity, location: source.location(at: range.lowerBound, length: range.count), what: what,
        hint: hint))
  }

  /// Takes over what was said of a text that stands in this one now.
  mutating func take(_ notes: [MigrationNote]) { self.notes += notes }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  mutating func finish() -> [UInt8] {
    output += bytes[copied...]
    copied = bytes.count
    return output
  }
}

/// Finds the next place of a few bytes; asked with rising positions, it reads the text once.
struct Finder {
  private let needle: [UInt8]
  /// The answer to the last question; `count` of the text where there was none.
  private var known = -1
  private var asked = 0

  init(_ needle: String) { self.needle = Array(needle.utf8) }

  /// - Returns: the offset of the first byte; nil where there is none at or after `start`.
  mutating func next(in bytes: [UInt8], from start: Int) -> Int? {
    if known >= start, start >= asked { return known < bytes.count ? known : nil }
    asked = start
    known = bytes.count
    bytes.withUnsafeBufferPointer { buffer in
      var index = start
      while index + needle.count <= buffer.count {
        if buffer[index] == needle[0], needle.indices.allSatisfy({ buffer[index + $0] == needle[$0] }) {
          known = index
          return
        }
        index += 1
      }
    }
    return known < bytes.count ? known : nil
  }
}

/// Fenced code blocks and code spans of a Markdown text, in order (CommonMark 0.31, sections 4.5 and 6.1).
///
/// Approximate where only a parser could know: a fence may be indented and quoted to any depth.
func codeRanges(_ bytes: [UInt8], from start: Int) -> [Range<Int>] {
  var ranges: [Range<Int>] = []
  var runs: [Range<Int>] = []
  var line = start
  var fence: (byte: UInt8, count: Int, start: Int)?
  func flush() {
    ranges += codeSpans(runs)
    runs = []
  }
  while line < bytes.count {
    let end = bytes[line...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    var first = line
    while first < end, bytes[first] == 0x20 || bytes[first] == 0x09 || bytes[first] == UInt8(ascii: ">") { first += 1 }
    let byte = first < end ? bytes[first] : 0
    let isMark = byte == UInt8(ascii: "`") || byte == UInt8(ascii: "~")
    let count = isMark ? bytes[first..<end].prefix { $0 == byte }.count : 0
    if let open = fence {
      let isEnd =
        byte == open.byte && count >= open.count
        && bytes[(first + count)..<end].allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
      if isEnd {
        ranges.append(open.start..<end)
        fence = nil
      }
    } else if count >= 3,
      byte == UInt8(ascii: "~") || !bytes[(first + count)..<end].contains(UInt8(ascii: "`"))
    {
      flush()
      fence = (byte, count, first)
    } else if first == end || bytes[first] == 0x0D {
      flush()
    } else {
      collectRuns(bytes, first..<end, into: &runs)
    }
    line = end + 1
  }
  flush()
  if let open = fence { ranges.append(open.start..<bytes.count) }
  return ranges
}

private func collectRuns(_ bytes: [UInt8], _ range: Range<Int>, into runs: inout [Range<Int>]) {
  var index = range.lowerBound
  while index < range.upperBound {
    guard bytes[index] == UInt8(ascii: "`") else {
      // A backslash takes the meaning of the backtick behind it.
      index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
      continue
    }
    let count = bytes[index..<range.upperBound].prefix { $0 == UInt8(ascii: "`") }.count
    runs.append(index..<index + count)
    index += count
  }
}

/// Pairs runs of backticks of equal length, within one block.
private func codeSpans(_ runs: [Range<Int>]) -> [Range<Int>] {
  var places: [Int: [Int]] = [:]
  for (index, run) in runs.enumerated() { places[run.count, default: []].append(index) }
  var used: [Int: Int] = [:]
  var spans: [Range<Int>] = []
  var index = 0
  while index < runs.count {
    let count = runs[index].count
    let same = places[count] ?? []
    var next = used[count] ?? 0
    while next < same.count, same[next] <= index { next += 1 }
    used[count] = next
    if next < same.count {
      spans.append(runs[index].lowerBound..<runs[same[next]].upperBound)
      index = same[next] + 1
    } else {
      index += 1
    }
  }
  return spans
}

/// Whether places lie in one of sorted ranges; asked with rising places, each range is looked at once.
struct RangeCursor {
  let ranges: [Range<Int>]
  private var index = 0

  init(_ ranges: [Range<Int>]) { self.ranges = ranges }

  /// The range that holds `place`.
  mutating func range(at place: Int) -> Range<Int>? {
    while index < ranges.count, ranges[index].upperBound <= place { index += 1 }
    return index < ranges.count && ranges[index].lowerBound <= place ? ranges[index] : nil
  }
}
