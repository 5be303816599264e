import Dispatch
import Synchronization

/// Whether somebody still waits for what long work comes to.
final class Cancellation: Sendable {
  private let isCancelled = Atomic(false)

  func cancel() { isCancelled.store(true, ordering: .relaxed) }

  func check() throws(CancellationError) {
    if isCancelled.load(ordering: .relaxed) { throw CancellationError() }
  }
}

/// Does work that keeps a thread busy for long, as walks through whole DAGs do, on the thread of a serial queue: those that tasks share are as
/// few as the processors, and answer everybody.
///
/// - Parameter work: asks the value that it is given whether to go on.
func onThread<Value: Sendable>(
  of queue: DispatchQueue, _ work: @escaping @Sendable (Cancellation) throws -> Value
) async throws -> Value {
  let cancellation = Cancellation()
  return try await withTaskCancellationHandler {
    try await withCheckedThrowingContinuation { continuation in
      queue.async {
        continuation.resume(
          with: Result {
            try cancellation.check()
            return try work(cancellation)
          })
      }
    }
  } onCancel: {
    cancellation.cancel()
  }
}

/// As many as may do something at the same time.
final class Slots: Sendable {
  /// Given back with this value.
  final class Slot: Sendable {
    private let slots: Slots

    fileprivate init(_ slots: Slots) { self.slots = slots }

    deinit { slots.taken.withLock { $0 -= 1 } }
  }

  private let most: Int
  private let taken = Mutex(0)

  init(_ most: Int) { self.most = most }

  /// - Returns: nil where none is free.
  func take() -> Slot? {
    let isFree = taken.withLock { taken in
      guard taken < most else { return false }
      taken += 1
      return true
    }
    return isFree ? Slot(self) : nil
  }
}
