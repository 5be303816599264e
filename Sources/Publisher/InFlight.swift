/// Does `work` for each item, at most `limit` at a time, in their order as far as that allows.
///
/// After the first error nothing new begins; what was begun comes to its end and is told of, since an upload that was answered and not noted
/// would be sent again. Then the error is thrown.
/// - Parameter done: called with each result, one at a time, in the order in which they come.
func inFlight<Item: Sendable, Value: Sendable>(
  _ items: some Sequence<Item>, limit: Int = 8, _ work: @escaping @Sendable (Item) async throws -> Value,
  done: (Value) throws -> Void
) async throws {
  var rest = items.makeIterator()
  var failure: (any Error)?
  await withTaskGroup(of: Result<Value, any Error>.self) { group in
    func next() {
      guard failure == nil, let item = rest.next() else { return }
      group.addTask {
        do { return .success(try await work(item)) } catch { return .failure(error) }
      }
    }
    for _ in 0..<limit { next() }
    while let result = await group.next() {
      do { try done(result.get()) } catch { failure = failure ?? error }
      next()
    }
  }
  if let failure { throw failure }
}
