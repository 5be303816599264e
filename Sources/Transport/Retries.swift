import Synchronization

/// What the requests of a run share when they fail: a policy, and how much of its budget is left.
public final class Retries: Sendable {
  public let policy: RetryPolicy
  private let budget: Mutex<RetryBudget>
  private let sleep: @Sendable (Double) async throws -> Void
  private let random: @Sendable () -> Double

  /// - Parameters:
  ///   - sleep: waits so many seconds; throws where the task is cancelled.
  ///   - random: from 0 up to, not including, 1.
  public init(
    _ policy: RetryPolicy, sleep: @escaping @Sendable (Double) async throws -> Void,
    random: @escaping @Sendable () -> Double
  ) {
    self.policy = policy
    self.sleep = sleep
    self.random = random
    budget = Mutex(RetryBudget(policy))
  }

  /// Waits until a request that failed is to be made again.
  ///
  /// - Parameters:
  ///   - attempt: how many were made, from 1.
  ///   - trouble: nil where trying again changes nothing.
  ///   - retryAfter: what the server asked for, in seconds.
  ///   - willWait: called with the seconds until then.
  /// - Returns: why it is not to be made again; nil where it is, now.
  /// - Throws: what `sleep` throws.
  public func wait(
    after attempt: Int, _ trouble: RetryPolicy.Trouble?, retryAfter: Double?, willWait: (Double) -> Void = { _ in }
  ) async throws -> RetryPolicy.Reason? {
    let decision = budget.withLock { budget in
      let decision = policy.decide(
        attempt: attempt, trouble: trouble, retryAfter: retryAfter, budgetLeft: budget.left, random: random())
      if case .retry = decision { budget.spend() }
      return decision
    }
    switch decision {
    case .giveUp(let reason): return reason
    case .retry(let delay):
      willWait(delay)
      try await sleep(delay)
      return nil
    }
  }

  /// Notes a success, which gives a part of a retry back.
  public func succeed() { budget.withLock { $0.succeed() } }

  /// Takes one of the retries that are left, for something of several requests that is begun anew.
  ///
  /// - Returns: false where none is left.
  public func take() -> Bool {
    budget.withLock { budget in
      guard budget.left >= 1 else { return false }
      budget.spend()
      return true
    }
  }
}
