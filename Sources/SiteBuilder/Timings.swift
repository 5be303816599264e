import Glibc
import Synchronization

/// When the stages of a build, its pages and their templates began, and how long they took.
///
/// For whoever sets `current` around a build; a build itself knows no clock, and what it makes does not depend on one.
public final class Timings: Sendable {
  public enum Kind: String, Sendable { case stage, page, template }

  /// One thing that was done. Times are nanoseconds of the clock that was given.
  public struct Span: Sendable {
    public let kind: Kind
    /// Of a stage: what it is called, or what is done between two; of a page: its path in the output; of a template: the name of its file.
    public let name: String
    public let start: UInt64
    public let duration: UInt64
    /// Tells threads apart.
    public let thread: UInt
  }

  /// What is measured now; nil where nothing is.
  @TaskLocal public static var current: Timings?

  private let now: @Sendable () -> UInt64
  private let collected = Mutex<[Span]>([])

  /// - Parameter now: a clock that never goes back, in nanoseconds.
  public init(now: @escaping @Sendable () -> UInt64) { self.now = now }

  /// In the order in which they ended.
  public var spans: [Span] { collected.withLock { $0 } }

  fileprivate func began() -> UInt64 { now() }

  fileprivate func ended(_ kind: Kind, _ name: String, _ start: UInt64) {
    let span = Span(kind: kind, name: name, start: start, duration: now() - start, thread: UInt(pthread_self()))
    collected.withLock { $0.append(span) }
  }
}

/// Does one thing of a build; its time is noted where somebody measures.
func timed<Result, Failure: Error>(
  _ kind: Timings.Kind, _ name: @autoclosure () -> String, _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  guard let timings = Timings.current else { return try body() }
  let start = timings.began()
  defer { timings.ended(kind, name(), start) }
  return try body()
}

/// Runs a stage; its time is noted where somebody measures.
func stage<Result>(_ name: String, _ body: () async throws -> Result) async rethrows -> Result {
  guard let timings = Timings.current else { return try await body() }
  let start = timings.began()
  defer { timings.ended(.stage, name, start) }
  return try await body()
}
