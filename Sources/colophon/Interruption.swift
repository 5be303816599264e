import Dispatch
import Glibc
import Synchronization

/// As `untilInterrupted`, for work that ends in no other way.
func untilStopped(_ work: @escaping @Sendable () async throws -> Void) async throws {
  do {
    try await untilInterrupted(work)
  } catch is Interrupted {}
}

/// The program was asked to stop before its work was done.
struct Interrupted: Error {
  /// What was done is not done again.
  let goesOn: Bool
}

/// As `untilInterrupted`, with what `work` comes to.
func untilInterruptedReturning<Result: Sendable>(
  _ work: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  let result = Mutex<Result?>(nil)
  try await untilInterrupted {
    let value = try await work()
    result.withLock { $0 = value }
  }
  guard let value = result.withLock({ $0 }) else { preconditionFailure("bug: work that ended without a result") }
  return value
}

/// Runs `work` until it ends or the program is asked to stop (SIGINT, SIGTERM); then it is cancelled and waited for. So `work` must not block in a
/// call that may take for ever. Afterwards the signals do what they did before: end the program.
///
/// - Parameter goesOn: the next run goes on where this one stood.
/// - Throws: what `work` throws, and `Interrupted`.
func untilInterrupted(goesOn: Bool = false, _ work: @escaping @Sendable () async throws -> Void) async throws {
  let (stops, continuation) = AsyncStream<Void>.makeStream()
  // A queue with a thread of its own: the global ones have no thread to spare where all tasks are busy.
  let queue = DispatchQueue(label: "colophon.signals")
  let sources = [SIGINT, SIGTERM].map { number in
    let before = signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
    source.setEventHandler { continuation.yield() }
    source.resume()
    return (source, number, before)
  }
  defer {
    for (source, number, before) in sources {
      source.cancel()
      signal(number, before)
    }
  }
  let isStopped = try await withThrowingTaskGroup(of: Bool.self) { group in
    group.addTask {
      try await work()
      return false
    }
    group.addTask { await stops.first { true } != nil }
    defer { group.cancelAll() }
    return try await group.next() ?? false
  }
  if isStopped { throw Interrupted(goesOn: goesOn) }
}
