import Files
import Synchronization

/// Where a build's files go.
protocol Output: Sendable {
  func write(_ bytes: [UInt8], to path: TreePath) throws
  func copy(_ file: Inventory.File, to path: TreePath) throws
  /// The file at `path` stays as the last build made it.
  func keep(_ path: TreePath) throws
  /// All is written: what was made takes the place of what was there.
  ///
  /// - Parameters:
  ///   - files: all files of the output.
  ///   - before: all files of the last one, where it was gone on from.
  /// - Returns: the files that have other bytes now than before, are new, or are no more.
  func commit(_ files: [TreePath], over before: [TreePath]) throws -> [TreePath]
  /// What was made goes; what was there stays.
  func discard()
}

/// Nowhere: for whoever wants to know what is wrong.
struct NoOutput: Output {
  func write(_ bytes: [UInt8], to path: TreePath) {}
  func copy(_ file: Inventory.File, to path: TreePath) {}
  func keep(_ path: TreePath) {}
  func commit(_ files: [TreePath], over before: [TreePath]) -> [TreePath] { [] }
  func discard() {}
}

/// Files in memory, for tests and for whoever wants the tree alone.
final class MemoryOutput: Output {
  private let files = Mutex(FileTree())

  var tree: FileTree { files.withLock { $0 } }

  func write(_ bytes: [UInt8], to path: TreePath) { files.withLock { $0[path] = .bytes(bytes) } }

  func copy(_ file: Inventory.File, to path: TreePath) {
    files.withLock { $0[path] = .onDisk(path: file.diskPath, size: file.size) }
  }

  func keep(_ path: TreePath) { preconditionFailure("bug: memory holds nothing of an earlier build") }

  func commit(_ files: [TreePath], over before: [TreePath]) -> [TreePath] { files }

  func discard() {}
}
