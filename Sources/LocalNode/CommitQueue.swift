import Dispatch
import GRDB
import Synchronization

/// Writes to the database, one transaction for all that is waiting: the more requests are in flight, the less each of them pays.
final class CommitQueue: Sendable {
  private struct Job: Sendable {
    /// Does the work; the closure that it returns gives the outcome to the one who waits.
    let run: @Sendable (Database) -> Outcome
    let fail: @Sendable (any Error) -> Void
  }

  private struct Outcome: Sendable {
    let tell: @Sendable () -> Void
    var isDiskFull = false
  }

  private struct State: Sendable {
    var waiting: [Job] = []
    var isRunning = false
  }

  private let database: DatabasePool
  private let beforeCommit: @Sendable () throws -> Void
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "colophon.node.commit")

  /// - Parameter beforeCommit: called at the end of each transaction.
  init(database: DatabasePool, beforeCommit: @escaping @Sendable () throws -> Void) {
    self.database = database
    self.beforeCommit = beforeCommit
  }

  /// Does `work` in a transaction. When this returns it is committed; when `work` throws, nothing of it is.
  func commit<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      let job = Job(
        run: { db in
          do {
            var value: Value?
            try db.inSavepoint {
              value = try work(db)
              return .commit
            }
            guard let value else { preconditionFailure("bug: a savepoint without its value") }
            return Outcome { continuation.resume(returning: value) }
          } catch {
            let isDiskFull = (error as? DatabaseError)?.resultCode == .SQLITE_FULL
            return Outcome(tell: { continuation.resume(throwing: error) }, isDiskFull: isDiskFull)
          }
        },
        fail: { continuation.resume(throwing: $0) })
      let mustStart = state.withLock { state in
        state.waiting.append(job)
        defer { state.isRunning = true }
        return !state.isRunning
      }
      if mustStart { queue.async { self.drain() } }
    }
  }

  private func drain() {
    while true {
      let jobs = state.withLock { state -> [Job] in
        let jobs = state.waiting
        state.waiting = []
        state.isRunning = !jobs.isEmpty
        return jobs
      }
      if jobs.isEmpty { return }
      var isDiskFull = false
      do {
        let outcomes = try database.write { db in
          let outcomes = jobs.map { $0.run(db) }
          isDiskFull = outcomes.contains(where: \.isDiskFull)
          try beforeCommit()
          return outcomes
        }
        for outcome in outcomes { outcome.tell() }
      } catch {
        // A full disk may end the transaction; what is heard at its end is then only that there is none.
        let cause = isDiskFull ? DatabaseError(resultCode: .SQLITE_FULL) : error
        for job in jobs { job.fail(cause) }
      }
    }
  }
}
