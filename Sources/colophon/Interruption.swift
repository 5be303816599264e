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
  let signal: Int32
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
/// - Throws: what `work` throws, and `Interrupted`.
func untilInterrupted(_ work: @escaping @Sendable () async throws -> Void) async throws {
  let (stops, continuation) = AsyncStream<Int32>.makeStream()
  let sources = [SIGINT, SIGTERM].map { number in
    let before = signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler { continuation.yield(number) }
    source.resume()
    return (source, number, before)
  }
  defer {
    for (source, number, before) in sources {
      source.cancel()
      signal(number, before)
    }
  }
  let received = try await withThrowingTaskGroup(of: Int32?.self) { group in
    group.addTask {
      try await work()
      return nil
    }
    group.addTask {
      for await number in stops { return number }
      return nil
    }
    defer { group.cancelAll() }
    return try await group.next() ?? nil
  }
  if let received { throw Interrupted(signal: received) }
}
