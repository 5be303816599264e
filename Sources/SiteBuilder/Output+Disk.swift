import CLinux
import Files
import Glibc
import Synchronization

/// A folder on disk, written aside and swapped in at the end: whoever reads it sees the old tree or the new one.
final class DiskOutput: Output {
  private let folder: String
  private let staging: String
  private let madeFolders = Mutex<Set<TreePath>>([])

  /// Marks a folder as made by a build, so that no other folder is ever replaced. It is no part of the output.
  static let marker = ".colophon-output"

  /// - Throws: `SiteError` where `folder` holds what no build made, `FileError`.
  init(_ folder: String) throws {
    self.folder = folder
    let parts = folder.split(separator: "/", omittingEmptySubsequences: false)
    staging = parts.dropLast().map { $0 + "/" }.joined() + "." + (parts.last ?? "") + ".colophon-new"
    let isTaken = (try? listFolder(folder)).map { !$0.isEmpty } ?? (fileSize(folder) != nil)
    if isTaken, fileSize(folder + "/" + Self.marker) == nil { throw SiteError.foreignOutput(folder) }
    // A build that was killed leaves its half of a tree here.
    try removeAll(staging)
    try makeFolder(staging)
    try writeFile(
      staging + "/" + Self.marker, Array("Made by colophon build; everything here is replaced by the next one.\n".utf8))
  }

  func write(_ bytes: [UInt8], to path: TreePath) throws {
    try makeParent(of: path)
    try writeFile(staging + "/" + path.string, bytes)
  }

  func copy(_ file: Inventory.File, to path: TreePath) throws {
    try makeParent(of: path)
    try copyFile(file.diskPath, to: staging + "/" + path.string)
  }

  private func makeParent(of path: TreePath) throws {
    guard let parent = path.parent else { return }
    let isNew = madeFolders.withLock { !$0.contains(parent) }
    guard isNew else { return }
    try makeFolder(staging + "/" + parent.string)
    madeFolders.withLock { _ = $0.insert(parent) }
  }

  /// Puts the new tree in the place of the old one.
  func swapIn() throws {
    if fileSize(folder + "/" + Self.marker) == nil {
      // Nothing, or an empty folder: `rename` replaces that.
      try makeFolder(folder)
      guard rename(staging, folder) == 0 else { throw FileError("replace", folder) }
      return
    }
    try exchange(staging, folder)
    try removeAll(staging)
  }

  func discard() { try? removeAll(staging) }
}

/// Exchanges two folders in one step (`renameat2` with `RENAME_EXCHANGE`): each path always leads to one of them.
/// Where the file system cannot do that, `second` is replaced in two steps.
private func exchange(_ first: String, _ second: String) throws(FileError) {
  if renameat2(AT_FDCWD, first, AT_FDCWD, second, UInt32(COLOPHON_RENAME_EXCHANGE)) == 0 { return }
  guard errno == EINVAL || errno == ENOSYS else { throw FileError("replace", second) }
  let aside = second + ".colophon-old"
  try removeAll(aside)
  guard rename(second, aside) == 0 else { throw FileError("replace", second) }
  guard rename(first, second) == 0 else { throw FileError("replace", second) }
  guard rename(aside, first) == 0 else { throw FileError("replace", second) }
}
