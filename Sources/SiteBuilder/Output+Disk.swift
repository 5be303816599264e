import CLinux
import Files
import Glibc
import Synchronization

/// The output folder on disk. What a build makes is written beside it, and takes its place when all is written.
///
/// - Many changes: a whole tree is made beside the old one and exchanged with it in one step; whoever reads the folder sees the old tree or
///   the new one. Files with the bytes that they had are hard links to the old ones.
/// - Few changes: only those files are made beside it, with a journal of what is to happen to them. Once the journal is there, each file takes
///   its place in a step of its own; a build that is killed in between is finished from the journal by the next one.
struct OutputFolder {
  let path: String

  /// Marks a folder as made by a build, so that no other folder is ever replaced. It is no part of the output.
  static let marker = ".colophon-output"

  init(_ path: String) { self.path = path }

  /// Beside the folder, so that renaming from one to the other is one step.
  var staging: String {
    let name = path.lastSlash.map { path.utf8.index(after: $0) } ?? path.startIndex
    return path[..<name] + "." + path[name...] + ".colophon-new"
  }

  var isMarked: Bool { fileSize(path + "/" + Self.marker) != nil }

  /// Finishes what a build that was killed had decided, and clears away what it had not.
  ///
  /// - Throws: `SiteError` where the folder holds what no build made, `FileError`.
  func recover() throws {
    let isTaken = (try? listFolder(path)).map { !$0.isEmpty } ?? (fileSize(path) != nil)
    if isTaken, !isMarked { throw SiteError.foreignOutput(path) }
    if isTaken, let journal = Journal(file: staging + "/journal") { try journal.rollForward(from: staging, to: path) }
    try removeAll(staging)
  }

  /// - Throws: `FileError`.
  func open(_ plan: Plan) throws -> any Output {
    let isMostlyKept = !plan.kept.isEmpty && isMarked
    return isMostlyKept ? try openForChanges() : try WholeTree(self)
  }

  /// For a few changes to what is there.
  ///
  /// - Throws: `FileError`.
  func openForChanges() throws -> any Output { try ChangedFiles(self) }
}

// MARK: A whole tree

/// A tree written beside the old one, and exchanged with it.
private final class WholeTree: Output {
  private let old: String
  private let new: String
  private let hasOld: Bool
  private let lastParent = Mutex<TreePath?>(nil)
  private let changed = Mutex<[TreePath]>([])

  init(_ folder: OutputFolder) throws {
    old = folder.path
    new = folder.staging
    hasOld = folder.isMarked
    try makeFolder(new)
    try writeFile(
      new + "/" + OutputFolder.marker,
      Array("Made by colophon build; everything here is replaced by the next one.\n".utf8))
  }

  func write(_ bytes: [UInt8], to path: TreePath) throws {
    try makeParent(of: path)
    if hasOld, isFile(old + "/" + path.string, equalTo: bytes), link(path) { return }
    changed.withLock { $0.append(path) }
    try writeFile(new + "/" + path.string, bytes)
  }

  func copy(_ file: Inventory.File, to path: TreePath) throws {
    try makeParent(of: path)
    if hasOld, isFile(old + "/" + path.string, equalToFile: file.diskPath), link(path) { return }
    changed.withLock { $0.append(path) }
    try copyFile(file.diskPath, to: new + "/" + path.string)
  }

  func keep(_ path: TreePath) throws {
    try makeParent(of: path)
    guard !link(path) else { return }
    try copyFile(old + "/" + path.string, to: new + "/" + path.string)
  }

  /// - Returns: false where the file system cannot.
  private func link(_ path: TreePath) -> Bool { Glibc.link(old + "/" + path.string, new + "/" + path.string) == 0 }

  private func makeParent(of path: TreePath) throws {
    // A page has a folder of its own, others lie beside each other.
    guard let parent = path.parent, lastParent.withLock({ $0 != parent }) else { return }
    try makeFolder(new + "/" + parent.string)
    lastParent.withLock { $0 = parent }
  }

  func commit(_ files: [TreePath], over before: [TreePath]) throws -> [TreePath] {
    var removed: [TreePath] = []
    if hasOld {
      try exchange(new, old)
      let present = Set(files)
      removed = try FileTree(folder: new).paths.filter { !present.contains($0) }
      try removeAll(new)
    } else {
      // Nothing, or an empty folder: `rename` replaces that.
      try makeFolder(old)
      guard rename(new, old) == 0 else { throw FileError("replace", old) }
    }
    return changed.withLock { $0 } + removed
  }

  func discard() { try? removeAll(new) }
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

// MARK: Some files

/// Files that take the place of others one by one, by a journal.
private final class ChangedFiles: Output {
  private let folder: OutputFolder
  private let staged = Mutex<[TreePath]>([])

  init(_ folder: OutputFolder) throws {
    self.folder = folder
    try makeFolder(folder.staging)
  }

  func write(_ bytes: [UInt8], to path: TreePath) throws {
    if isFile(folder.path + "/" + path.string, equalTo: bytes) { return }
    try writeFile(stage(path), bytes)
  }

  func copy(_ file: Inventory.File, to path: TreePath) throws {
    if isFile(folder.path + "/" + path.string, equalToFile: file.diskPath) { return }
    try copyFile(file.diskPath, to: stage(path))
  }

  func keep(_ path: TreePath) {}

  private func stage(_ path: TreePath) -> String {
    let number = staged.withLock { staged in
      staged.append(path)
      return staged.count - 1
    }
    return folder.staging + "/\(number)"
  }

  func commit(_ files: [TreePath], over before: [TreePath]) throws -> [TreePath] {
    let present = Set(files)
    let removed = before.filter { !present.contains($0) }.sorted()
    let paths = staged.withLock { $0 }
    let journal = Journal(removed: removed, moved: paths)
    if !paths.isEmpty || !removed.isEmpty {
      try journal.write(folder.staging + "/journal")
      try journal.rollForward(from: folder.staging, to: folder.path)
    }
    try removeAll(folder.staging)
    return paths + removed
  }

  func discard() { try? removeAll(folder.staging) }
}

/// What is to happen to the output folder, written down before it does. Doing it twice, or the rest of it later, comes to the same.
struct Journal: Equatable {
  var removed: [TreePath]
  /// The file that is staged under its place in this list goes to the path.
  var moved: [TreePath]

  init(removed: [TreePath], moved: [TreePath]) {
    self.removed = removed
    self.moved = moved
  }

  /// - Returns: nil where there is no journal, or not all of it.
  init?(file: String) {
    guard let bytes = try? readFile(file), bytes.count > 8 else { return nil }
    var reader = ByteReader(bytes, 0..<bytes.count)
    do throws(ByteReader.Damaged) {
      removed = try reader.list { reader throws(ByteReader.Damaged) in try reader.path() }
      moved = try reader.list { reader throws(ByteReader.Damaged) in try reader.path() }
      guard try reader.word() == Fingerprint.of(bytes.dropLast(8)), reader.isAtEnd else { return nil }
    } catch {
      return nil
    }
  }

  /// - Throws: `FileError`.
  func write(_ file: String) throws {
    var writer = ByteWriter()
    writer.add(each: removed) { $0.add($1.string) }
    writer.add(each: moved) { $0.add($1.string) }
    writer.add(Fingerprint.of(writer.bytes))
    try replaceFile(file, writer.bytes)
  }

  /// - Throws: `FileError`.
  func rollForward(from staging: String, to folder: String) throws {
    for path in removed {
      // A folder of that name is one that a later step has made.
      guard unlink(folder + "/" + path.string) == 0 || errno == ENOENT || errno == ENOTDIR || errno == EISDIR else {
        throw FileError("remove", folder + "/" + path.string)
      }
      var parent = path.parent
      // Folders that still hold something stay.
      while let above = parent, rmdir(folder + "/" + above.string) == 0 { parent = above.parent }
    }
    var made: Set<TreePath> = []
    for (number, path) in moved.enumerated() {
      if let parent = path.parent, made.insert(parent).inserted { try makeFolder(folder + "/" + parent.string) }
      let staged = "\(staging)/\(number)"
      if rename(staged, folder + "/" + path.string) == 0 { continue }
      // What is staged no more has taken its place before.
      guard errno == ENOENT, stampOfEntry(staged) == nil else { throw FileError("replace", folder + "/" + path.string) }
    }
  }
}

// MARK: Comparing

private func isFile(_ path: String, equalTo bytes: [UInt8]) -> Bool {
  guard let stamp = stampOfEntry(path), stamp.size == bytes.count else { return false }
  return (try? readFile(path)) == bytes
}

private func isFile(_ path: String, equalToFile other: String) -> Bool {
  guard let stamp = stampOfEntry(path), let size = fileSize(other), stamp.size == size else { return false }
  return haveEqualBytes(path, other)
}

/// Compares two files piece by piece: a video need not fit into memory.
private func haveEqualBytes(_ first: String, _ second: String) -> Bool {
  let paths: [String] = [first, second]
  let descriptors = paths.map { open($0, O_RDONLY | O_CLOEXEC) }
  defer { for descriptor in descriptors where descriptor >= 0 { close(descriptor) } }
  guard descriptors.allSatisfy({ $0 >= 0 }) else { return false }
  var buffers = [[UInt8]](repeating: [UInt8](repeating: 0, count: 1 << 17), count: 2)
  while true {
    let counts = (0...1).map { index in
      var count = 0
      while count < buffers[index].count {
        let more = buffers[index].withUnsafeMutableBytes { buffer in
          read(descriptors[index], buffer.baseAddress.map { $0 + count }, buffer.count - count)
        }
        if more < 0, errno == EINTR { continue }
        if more <= 0 { return more < 0 ? -1 : count }
        count += more
      }
      return count
    }
    guard counts[0] >= 0, counts[0] == counts[1] else { return false }
    guard buffers[0][..<counts[0]] == buffers[1][..<counts[1]] else { return false }
    if counts[0] < buffers[0].count { return true }
  }
}
