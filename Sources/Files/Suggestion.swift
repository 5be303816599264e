/// The name among `candidates` that a person most likely meant by `word`, for "did you mean" hints.
///
/// Near means a Damerau-Levenshtein distance (optimal string alignment) of at most a third of the longer name's bytes, case ignored;
/// the nearest wins, the first in byte order among equals. Of paths, the last component alone has that many, and the whole two at most otherwise:
/// long folders that two paths share make them no nearer.
///
/// - Parameter most: how many edits may lie between, where a third is too many.
public func suggestion(for word: String, among candidates: some Sequence<String>, most: Int = .max) -> String? {
  NearNames(candidates).nearest(to: word, most: most)
}

/// Names that are asked often which of them is near to a word: a large site with many dead links asks thousands of times.
public struct NearNames: Sendable {
  /// Sorted by their text.
  private let names: [Name]

  private struct Name: Sendable {
    let text: String
    let bytes: [UInt8]
    /// How often each letter occurs, at most 127 times; letters that are equal modulo 32 are counted together, eight to a word.
    let letters: SIMD4<UInt64>
    /// How far another name of the same form may be.
    let reach: Int

    init(_ text: String) {
      self.text = text
      let bytes = Array(text.lowercased().utf8)
      self.bytes = bytes
      let slash = bytes.dropLast().lastIndex(of: UInt8(ascii: "/"))
      let third = max(1, bytes.count / 3)
      reach = slash.map { min(third, max(2, (bytes.count - $0) / 3)) } ?? third
      var counts = [UInt64](repeating: 0, count: 32)
      for byte in bytes where counts[Int(byte & 31)] < 127 { counts[Int(byte & 31)] += 1 }
      var letters = SIMD4<UInt64>()
      for (index, count) in counts.enumerated() { letters[index / 8] |= count << UInt64(index % 8 * 8) }
      self.letters = letters
    }
  }

  public init(_ names: some Sequence<String>) {
    self.names = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { Name($0) }
  }

  /// As `suggestion(for:among:most:)`.
  public func nearest(to word: String, most: Int = .max) -> String? {
    let wanted = Name(word)
    // Those that may be nearest come first: all the others are then mostly too far to be measured.
    let candidates = names.indices.compactMap { index -> (bound: Int, index: Int)? in
      let limit = min(limit(wanted, names[index]), most)
      let bound = leastDistance(wanted, names[index])
      return bound <= limit ? (bound, index) : nil
    }.sorted { $0 < $1 }
    var best: (distance: Int, index: Int)?
    for (bound, index) in candidates {
      // Of names at one distance, the first counts: the rest of these stand behind it.
      if let best, (best.distance, best.index) < (bound, index) { break }
      let limit = min(limit(wanted, names[index]), most, best?.distance ?? .max)
      guard let distance = editDistance(wanted.bytes, names[index].bytes, limit: limit) else { continue }
      if let known = best, known < (distance, index) { continue }
      best = (distance, index)
    }
    return best.map { names[$0.index].text }
  }

  private func limit(_ one: Name, _ other: Name) -> Int { max(one.reach, other.reach) }

  /// What the distance cannot be below: an edit adds a letter at most and takes one at most; to swap two changes no count.
  private func leastDistance(_ one: Name, _ other: Name) -> Int {
    var missing: UInt64 = 0
    var added: UInt64 = 0
    for word in 0..<4 {
      missing &+= excess(one.letters[word], over: other.letters[word])
      added &+= excess(other.letters[word], over: one.letters[word])
    }
    // The sum of the four counts of sixteen bits is in the topmost.
    let most = max((missing &* 0x0001_0001_0001_0001) >> 48, (added &* 0x0001_0001_0001_0001) >> 48)
    return max(Int(most), abs(one.bytes.count - other.bytes.count))
  }
}

/// By how much each byte of `left` is above that of `right`, both below 128, and 0 where it is not; neighbours added, in sixteen bits each.
/// A word at a time: by elements it would cost as much as measuring the distance.
@inline(__always)
private func excess(_ left: UInt64, over right: UInt64) -> UInt64 {
  let high: UInt64 = 0x8080_8080_8080_8080
  let difference = (left | high) &- right
  // Where the high bit is left, nothing was borrowed.
  let isAbove = (difference & high) >> 7
  let excess = difference & (isAbove &* 127)
  return (excess & 0x00FF_00FF_00FF_00FF) &+ ((excess >> 8) & 0x00FF_00FF_00FF_00FF)
}

/// Nil where it is more than `limit`.
private func editDistance(_ left: [UInt8], _ right: [UInt8], limit: Int) -> Int? {
  // What both begin and end with costs nothing.
  var start = 0
  while start < min(left.count, right.count), left[start] == right[start] { start += 1 }
  var end = 0
  while end < min(left.count, right.count) - start, left[left.count - 1 - end] == right[right.count - 1 - end] {
    end += 1
  }
  let left = left[start..<left.count - end]
  let right = right[start..<right.count - end]
  if left.isEmpty || right.isEmpty {
    let distance = max(left.count, right.count)
    return distance <= limit ? distance : nil
  }
  var before = [Int](repeating: 0, count: right.count + 1)
  var above = Array(0...right.count)
  var current = above
  for row in 1...left.count {
    current[0] = row
    var least = row
    for column in 1...right.count {
      let cost = left[start + row - 1] == right[start + column - 1] ? 0 : 1
      var value = min(above[column] + 1, current[column - 1] + 1, above[column - 1] + cost)
      let isSwap =
        row > 1 && column > 1 && left[start + row - 1] == right[start + column - 2]
        && left[start + row - 2] == right[start + column - 1]
      if isSwap { value = min(value, before[column - 2] + 1) }
      current[column] = value
      least = min(least, value)
    }
    // A later row is at most one swap below this one.
    if least > limit + 1 { return nil }
    (before, above, current) = (above, current, before)
  }
  return above[right.count] <= limit ? above[right.count] : nil
}
