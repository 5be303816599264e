/// How many requests may be under way at once: halved when the server struggles, one more after as many successes as there are places
/// (additive increase, multiplicative decrease, as RFC 5681 does for TCP). A pure value.
public struct ConcurrencyLimit: Sendable, Hashable {
  public private(set) var current: Int
  public let minimum: Int
  public let maximum: Int
  private var successes = 0
  private var generation = 0

  public enum Outcome: Sendable, Hashable {
    case success
    /// 429, 503, or time running out.
    case overload
    /// Says nothing about the server's load.
    case neither
  }

  /// When a request began, as the limit counts it.
  public struct Ticket: Sendable, Hashable {
    fileprivate let generation: Int
  }

  public init(starting: Int, minimum: Int = 1, maximum: Int) {
    precondition(minimum >= 1 && minimum <= maximum, "bug: a limit of \(minimum) to \(maximum) requests")
    self.minimum = minimum
    self.maximum = maximum
    current = min(max(starting, minimum), maximum)
  }

  public func begin() -> Ticket { Ticket(generation: generation) }

  /// A burst of overloads among requests that began together halves the limit once.
  public mutating func end(_ ticket: Ticket, _ outcome: Outcome) {
    switch outcome {
    case .neither:
      return
    case .success:
      successes += 1
      guard successes >= current else { return }
      successes = 0
      current = min(current + 1, maximum)
    case .overload:
      guard ticket.generation == generation else { return }
      generation += 1
      successes = 0
      current = max(current / 2, minimum)
    }
  }
}

/// Lets as many requests through as the limit says, the others wait in order.
public actor RequestGate {
  private var limit: ConcurrencyLimit
  private var running = 0
  private var waiting: [(id: Int, continuation: CheckedContinuation<Bool, Never>)] = []
  private var nextID = 0
  /// Cancelled before they began to wait.
  private var cancelled: Set<Int> = []

  public init(_ limit: ConcurrencyLimit) {
    self.limit = limit
  }

  /// - Returns: nil where the task was cancelled while it waited.
  public func enter() async -> ConcurrencyLimit.Ticket? {
    if running < limit.current, waiting.isEmpty {
      running += 1
      return limit.begin()
    }
    let id = nextID
    nextID += 1
    let isIn = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if cancelled.remove(id) != nil {
          continuation.resume(returning: false)
        } else {
          waiting.append((id, continuation))
        }
      }
    } onCancel: {
      Task { await self.cancel(id) }
    }
    cancelled.remove(id)
    return isIn ? limit.begin() : nil
  }

  /// - Returns: the new limit where it changed.
  public func leave(_ ticket: ConcurrencyLimit.Ticket, _ outcome: ConcurrencyLimit.Outcome) -> Int? {
    let before = limit.current
    limit.end(ticket, outcome)
    running -= 1
    while running < limit.current, !waiting.isEmpty {
      running += 1
      waiting.removeFirst().continuation.resume(returning: true)
    }
    return limit.current == before ? nil : limit.current
  }

  private func cancel(_ id: Int) {
    if let index = waiting.firstIndex(where: { $0.id == id }) {
      waiting.remove(at: index).continuation.resume(returning: false)
    } else {
      cancelled.insert(id)
    }
  }
}
