/// Works through many files at a time: runs `body` over `0..<count` in ranges on up to `workers` tasks; the results are in the order of the ranges, whatever order they ended in.
///
/// Where the task is cancelled, the ranges that have begun are ended, and no other is begun: it throws `CancellationError`.
///
/// Ranges are small enough for the workers to end together, and large enough that starting one costs nothing that shows.
public func inParallel<Result: Sendable>(
  _ count: Int, workers: Int, largest: Int = 64, _ body: @escaping @Sendable (Range<Int>) throws -> Result
) async throws -> [Result] {
  guard count > 0 else { return [] }
  let step = max(1, min(largest, (count + workers - 1) / workers))
  let ranges = stride(from: 0, to: count, by: step).map { $0..<min($0 + step, count) }
  if workers <= 1 || ranges.count == 1 {
    return try ranges.map { range in
      try Task.checkCancellation()
      return try body(range)
    }
  }
  return try await withThrowingTaskGroup(of: (Int, Result).self) { group in
    var results = [Result?](repeating: nil, count: ranges.count)
    var next = 0
    func start() {
      let index = next
      let range = ranges[index]
      group.addTask { (index, try body(range)) }
      next += 1
    }
    while next < min(workers, ranges.count) { start() }
    while let (index, result) = try await group.next() {
      try Task.checkCancellation()
      results[index] = result
      if next < ranges.count { start() }
    }
    return results.compactMap(\.self)
  }
}
