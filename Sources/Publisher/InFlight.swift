/// Does `work` for each item, at most `limit` at a time, in their order as far as that allows; the first error ends it.
///
/// - Parameter done: called with each result, one at a time, in the order in which they come.
func inFlight<Item: Sendable, Result: Sendable>(
  _ items: some Sequence<Item>, limit: Int = 8, _ work: @escaping @Sendable (Item) async throws -> Result,
  done: (Result) throws -> Void
) async throws {
  var rest = items.makeIterator()
  try await withThrowingTaskGroup(of: Result.self) { group in
    for _ in 0..<limit {
      guard let item = rest.next() else { break }
      group.addTask { try await work(item) }
    }
    while let result = try await group.next() {
      try done(result)
      if let item = rest.next() { group.addTask { try await work(item) } }
    }
  }
}
