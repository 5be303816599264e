import Files
import Synchronization

/// Told while a build makes pictures, which takes longer than all else: for whoever sets `current` around a build.
public final class PictureProgress: Sendable {
  @TaskLocal public static var current: PictureProgress?

  private let show: @Sendable (_ done: Int, _ total: Int, _ path: TreePath) -> Void
  private let counts = Mutex((done: 0, total: 0))

  /// - Parameter show: called with how many pictures are made, how many are to be made, and the last one; one call at a time, from any thread.
  public init(_ show: @escaping @Sendable (_ done: Int, _ total: Int, _ path: TreePath) -> Void) { self.show = show }

  /// Where somebody watches: to be told of each of `count` further pictures.
  static func begin(_ count: Int) -> PictureProgress? {
    current?.counts.withLock { $0.total += count }
    return current
  }

  func made(_ path: TreePath) {
    counts.withLock { counts in
      counts.done += 1
      show(counts.done, counts.total, path)
    }
  }
}
