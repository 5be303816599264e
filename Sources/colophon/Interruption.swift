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
/// call that may take for ever. Afterwards the signals end the program, unless whoever started it has them ignored.
///
/// - Parameter goesOn: the next run goes on where this one stood.
/// - Throws: what `work` throws, and `Interrupted`.
func untilInterrupted(goesOn: Bool = false, _ work: @escaping @Sendable () async throws -> Void) async throws {
  let (stops, continuation) = AsyncStream<Void>.makeStream()
  let id = listeners.withLock { $0.add(continuation) }
  defer { listeners.withLock { $0.all[id] = nil } }
  _ = stopSignals
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

private struct Listeners {
  var all: [Int: AsyncStream<Void>.Continuation] = [:]
  private var next = 0

  mutating func add(_ continuation: AsyncStream<Void>.Continuation) -> Int {
    next += 1
    all[next] = continuation
    return next
  }
}

/// Whom a signal stops.
private let listeners = Mutex(Listeners())

/// Caught from the first work on that may be stopped, until the program ends. Dispatch takes a source off some time after it was cancelled: one that is made
/// meanwhile shares what is about to go, and never hears of its signal.
nonisolated(unsafe) private let stopSignals: [any DispatchSourceSignal] = {
  // A queue with a thread of its own: the global ones have no thread to spare where all tasks are busy.
  let queue = DispatchQueue(label: "colophon.signals")
  return [SIGINT, SIGTERM].map { number in
    let wasIgnored = unsafeBitCast(signal(number, SIG_IGN), to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
    source.setEventHandler {
      let all = listeners.withLock { Array($0.all.values) }
      if all.isEmpty, !wasIgnored { end(by: number) }
      for listener in all { listener.yield() }
    }
    source.resume()
    return source
  }
}()

/// Does what a signal does that nobody catches.
private func end(by number: Int32) {
  signal(number, SIG_DFL)
  var signals = sigset_t()
  sigemptyset(&signals)
  sigaddset(&signals, number)
  pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  raise(number)
}
