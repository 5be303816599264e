import Files

/// Where URLs stand in a text. The text is read once; each question then costs what the URL's own occurrences cost, so that a text full of
/// dead links is told in a time that grows with its length.
struct URLPlaces {
  let source: SourceText
  /// Offsets of the runs of URL bytes, and of what follows a `#` in them, by digest.
  private var runs: [UInt64: [Int]] = [:]
  /// What was asked already: where each spelling of a URL stands.
  private var known: [String: [Place]] = [:]

  typealias Place = (offset: Int, length: Int)

  init(_ source: SourceText) {
    self.source = source
    let bytes = source.bytes
    var index = 0
    while index < bytes.count {
      guard isURLByte(bytes[index]) else {
        index += 1
        continue
      }
      let start = index
      while index < bytes.count, isURLByte(bytes[index]) { index += 1 }
      runs[digest(bytes[start..<index]), default: []].append(start)
      if let hash = bytes[start..<index].firstIndex(of: UInt8(ascii: "#")), hash > start {
        runs[digest(bytes[hash..<index]), default: []].append(hash)
      }
    }
  }

  /// The `occurrence`-th (0-based) place at or behind `start` where `url` was written, in itself or with its escapes decoded; the first
  /// place where there are fewer. A URL that is only a fragment may stand behind a path.
  mutating func place(of url: String, occurrence: Int = 0, from start: Int = 0) -> Place? {
    let all = places(of: url)
    // Places of one spelling are sorted; there are two spellings at most.
    let first = all.partitioningIndex { $0.offset >= start }
    guard first < all.count else { return all.first }
    return first + occurrence < all.count ? all[first + occurrence] : all[first]
  }

  private mutating func places(of url: String) -> [Place] {
    if let places = known[url] { return places }
    var found: [Place] = []
    let decoded = leniently(percentDecoding: url)
    for spelling in decoded == url ? [url] : [url, decoded] {
      let needle = Array(spelling.utf8)
      let run = needle.prefix { isURLByte($0) }
      // A run that is shorter than the URL: its rest has bytes that end a run.
      for offset in runs[digest(run)] ?? [] where !run.isEmpty && matches(needle, at: offset) {
        found.append((offset, needle.count))
      }
      if run.isEmpty, let offset = find(needle, in: source.bytes, from: 0) { found.append((offset, needle.count)) }
      if !found.isEmpty { break }
    }
    known[url] = found
    return found
  }

  private func matches(_ needle: [UInt8], at offset: Int) -> Bool {
    let end = offset + needle.count
    guard end <= source.bytes.count, source.bytes[offset..<end].elementsEqual(needle) else { return false }
    return end == source.bytes.count || !isURLByte(source.bytes[end])
  }
}

extension Array {
  /// The first index whose element passes `test`, where all that pass stand behind all that don't.
  func partitioningIndex(_ test: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if test(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

/// Finds the place where `url` was written.
func locate(_ url: String, in source: SourceText) -> (offset: Int, length: Int)? {
  var places = URLPlaces(source)
  return places.place(of: url)
}

/// Escapes decoded; a percent sign that begins none stays.
private func leniently(percentDecoding url: String) -> String {
  let parts = url.split(separator: "%", omittingEmptySubsequences: false)
  return parts.dropFirst().reduce(into: String(parts.first ?? "")) { text, part in
    text += percentDecoded("%" + part) ?? "%" + part
  }
}

private func isURLByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"),
    UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "%"), UInt8(ascii: "."), UInt8(ascii: "#"),
    0x80...0xFF:
    true
  default: false
  }
}
