/// The name among `candidates` that a person most likely meant by `word`, for "did you mean" hints.
///
/// Near means a Damerau-Levenshtein distance (optimal string alignment) of at most a third of the longer name's bytes, case ignored;
/// the nearest wins, the first in byte order among equals.
public func suggestion(for word: String, among candidates: some Sequence<String>) -> String? {
  let wanted = Array(word.lowercased().utf8)
  var best: (name: String, distance: Int)?
  for candidate in candidates {
    let bytes = Array(candidate.lowercased().utf8)
    let limit = max(1, max(wanted.count, bytes.count) / 3)
    if abs(bytes.count - wanted.count) > limit { continue }
    let distance = editDistance(wanted, bytes)
    guard distance <= limit else { continue }
    if let known = best, (known.distance, known.name) <= (distance, candidate) { continue }
    best = (candidate, distance)
  }
  return best?.name
}

private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
  var before = [Int](repeating: 0, count: right.count + 1)
  var above = Array(0...right.count)
  for row in 1...left.count {
    var current = [row]
    for column in 1...right.count {
      let cost = left[row - 1] == right[column - 1] ? 0 : 1
      var value = min(above[column] + 1, current[column - 1] + 1, above[column - 1] + cost)
      let isSwap =
        row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1]
      if isSwap { value = min(value, before[column - 2] + 1) }
      current.append(value)
    }
    before = above
    above = current
  }
  return above[right.count]
}
