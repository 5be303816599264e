import Files
import Synchronization

/// Where a build's files go.
protocol Output: Sendable {
  func write(_ bytes: [UInt8], to path: TreePath) throws
  func copy(_ file: Inventory.File, to path: TreePath) throws
}

/// Files in memory, for tests and for whoever wants the tree alone.
final class MemoryOutput: Output {
  private let files = Mutex(FileTree())

  var tree: FileTree { files.withLock { $0 } }

  func write(_ bytes: [UInt8], to path: TreePath) { files.withLock { $0[path] = .bytes(bytes) } }

  func copy(_ file: Inventory.File, to path: TreePath) {
    files.withLock { $0[path] = .onDisk(path: file.diskPath, size: file.size) }
  }
}
