import Glibc
import Synchronization

/// What the disk said no to: which operation, on what, and the system's own reason.
public struct FileError: Error, Sendable, CustomStringConvertible {
  /// As in "cannot read": one verb.
  public let verb: String
  public let path: String
  /// `errno` of the call.
  public let code: Int32

  public init(_ verb: String, _ path: String, code: Int32 = errno) {
    self.verb = verb
    self.path = path
    self.code = code
  }

  public var description: String { "cannot \(verb) \(path): \(String(cString: strerror(code)))" }
}

/// The bytes of the file at `path`.
public func readFile(_ path: String) throws(FileError) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw FileError("read", path) }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0 else { throw FileError("read", path) }
  guard status.st_mode & S_IFMT != S_IFDIR else { throw FileError("read", path, code: EISDIR) }
  var failure: FileError?
  // One byte more than the size said: what is no regular file, or says nothing of its size, ends with a read of nothing.
  let expected = Int(status.st_size) + 1
  let isSized = status.st_mode & S_IFMT == S_IFREG && status.st_size > 0
  var bytes = [UInt8](unsafeUninitializedCapacity: expected) { buffer, filled in
    while filled < expected, let start = buffer.baseAddress {
      let count = read(descriptor, start + filled, expected - filled)
      if count < 0, errno == EINTR { continue }
      if count < 0 { failure = FileError("read", path) }
      if count <= 0 { return }
      filled += count
      if isSized, filled == expected - 1 { return }
    }
  }
  if let failure { throw failure }
  guard bytes.count == expected else { return bytes }
  var more = [UInt8](repeating: 0, count: 65536)
  while true {
    let count = read(descriptor, &more, more.count)
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw FileError("read", path) }
    if count == 0 { return bytes }
    bytes += more[..<count]
  }
}

/// Makes or replaces the file at `path`. Not atomic; its folder must exist.
public func writeFile(_ path: String, _ bytes: [UInt8]) throws(FileError) { try write(bytes, to: path, O_TRUNC) }

/// Puts bytes behind those of the file at `path`, which is made where there is none.
public func appendToFile(_ path: String, _ bytes: [UInt8]) throws(FileError) { try write(bytes, to: path, O_APPEND) }

private func write(_ bytes: [UInt8], to path: String, _ flag: Int32) throws(FileError) {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flag, 0o644)
  guard descriptor >= 0 else { throw FileError("write", path) }
  do {
    try writeAll(bytes, to: descriptor, path)
  } catch {
    close(descriptor)
    throw error
  }
  guard close(descriptor) == 0 else { throw FileError("write", path) }
}

private func writeAll(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(FileError) {
  var offset = 0
  var failure: FileError?
  bytes.withUnsafeBytes { buffer in
    while offset < buffer.count, let start = buffer.baseAddress {
      let count = write(descriptor, start + offset, buffer.count - offset)
      if count < 0, errno == EINTR { continue }
      if count <= 0 {
        failure = FileError("write", path)
        return
      }
      offset += count
    }
  }
  if let failure { throw failure }
}

/// Makes the folder at `path` and those above it; one that is there already is fine.
public func makeFolder(_ path: String) throws(FileError) {
  if mkdir(path, 0o755) == 0 { return }
  if errno == EEXIST {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
    throw FileError("make the folder", path, code: EEXIST)
  }
  guard errno == ENOENT, let slash = path.lastSlash, slash != path.startIndex else {
    throw FileError("make the folder", path)
  }
  try makeFolder(String(path[..<slash]))
  if mkdir(path, 0o755) != 0, errno != EEXIST { throw FileError("make the folder", path) }
}

/// Removes what is at `path`, a folder with all that is in it; nothing there is fine. Symbolic links are removed, not followed.
public func removeAll(_ path: String) throws(FileError) {
  var status = stat()
  guard lstat(path, &status) == 0 else {
    if errno == ENOENT { return }
    throw FileError("remove", path)
  }
  guard status.st_mode & S_IFMT == S_IFDIR else {
    guard unlink(path) == 0 else { throw FileError("remove", path) }
    return
  }
  for entry in try listFolder(path) { try removeAll(path + "/" + entry.name) }
  guard rmdir(path) == 0 else { throw FileError("remove", path) }
}

/// One entry of a folder.
public struct FolderEntry: Sendable {
  public enum Kind: Sendable { case file, folder, symbolicLink, other }
  public let name: String
  public let kind: Kind
}

/// The entries of a folder, sorted by the bytes of their names, without `.` and `..`.
public func listFolder(_ path: String) throws(FileError) -> [FolderEntry] {
  guard let folder = opendir(path) else { throw FileError("list", path) }
  defer { closedir(folder) }
  var entries: [FolderEntry] = []
  while true {
    // At the end nothing is said, nor is anything where reading failed: only `errno` tells the two apart.
    errno = 0
    guard let entry = readdir(folder) else {
      if errno != 0 { throw FileError("list", path) }
      break
    }
    let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
      tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name == "." || name == ".." { continue }
    entries.append(FolderEntry(name: name, kind: kind(of: entry.pointee.d_type, at: path + "/" + name)))
  }
  return entries.sorted { precedes($0.name, $1.name) }
}

private func kind(of type: UInt8, at path: String) -> FolderEntry.Kind {
  switch Int(type) {
  case Int(DT_REG): return .file
  case Int(DT_DIR): return .folder
  case Int(DT_LNK): return .symbolicLink
  case Int(DT_UNKNOWN): break
  default: return .other
  }
  return kindOfFile(path)
}

/// What is at `path`; symbolic links are not followed. `.other` where nothing is.
public func kindOfFile(_ path: String) -> FolderEntry.Kind {
  var status = stat()
  guard lstat(path, &status) == 0 else { return .other }
  switch status.st_mode & S_IFMT {
  case S_IFREG: return .file
  case S_IFDIR: return .folder
  case S_IFLNK: return .symbolicLink
  default: return .other
  }
}

/// Symbolic links resolved, `.` and `..` gone; nil where nothing is at `path`.
public func realPath(_ path: String) -> String? {
  guard let resolved = realpath(path, nil) else { return nil }
  defer { free(resolved) }
  return String(cString: resolved)
}

/// The size in bytes of the file at `path`, symbolic links followed; nil where there is no regular file.
public func fileSize(_ path: String) -> Int? {
  var status = stat()
  guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
  return Int(status.st_size)
}

/// Copies a file's bytes, in the kernel where it can.
public func copyFile(_ source: String, to target: String) throws(FileError) {
  let input = open(source, O_RDONLY | O_CLOEXEC)
  guard input >= 0 else { throw FileError("read", source) }
  defer { close(input) }
  let output = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
  guard output >= 0 else { throw FileError("write", target) }
  defer { close(output) }
  while true {
    let count = sendfile(output, input, nil, 1 << 30)
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw FileError("write", target) }
    if count == 0 { return }
  }
}

extension FileTree {
  /// The files below `folder`, by reference to disk. Names that begin with a dot are left out, except `.well-known`; so are symbolic links.
  public init(folder: String) throws(FileError) {
    self.init()
    try add(folder, below: nil)
  }

  private mutating func add(_ folder: String, below parent: TreePath?) throws(FileError) {
    for entry in try listFolder(folder) {
      if entry.name.utf8.first == UInt8(ascii: "."), entry.name != ".well-known" { continue }
      guard let path = parent.map({ $0.appending(entry.name) }) ?? TreePath(entry.name) else { continue }
      let diskPath = folder + "/" + entry.name
      switch entry.kind {
      case .folder: try add(diskPath, below: path)
      case .file: self[path] = .onDisk(path: diskPath, size: fileSize(diskPath) ?? 0)
      case .symbolicLink, .other: continue
      }
    }
  }
}

/// Replaces the file at `path` in one step: whoever reads it sees the old bytes or the new ones.
///
/// - Parameter mode: of the new file: `0o600` keeps it to its owner from the first byte on.
public func replaceFile(_ path: String, _ bytes: [UInt8], mode: mode_t = 0o644) throws(FileError) {
  try replaceFile(path, mode: mode) { (take) throws(FileError) in try take(bytes) }
}

/// The same, written piece by piece: `pieces` is given what takes them. Where it throws, the old file stays.
///
/// - Parameter isDurable: returns when the file is on the disk, so that a power cut does not take it away again.
public func replaceFile(
  _ path: String, mode: mode_t = 0o644, isDurable: Bool = false,
  pieces: (_ take: ([UInt8]) throws(FileError) -> Void) throws(FileError) -> Void
) throws(FileError) {
  let temporary = path + ".\(getpid()).new"
  unlink(temporary)
  let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
  guard descriptor >= 0 else { throw FileError("write", temporary) }
  do throws(FileError) {
    try pieces { (bytes) throws(FileError) in try writeAll(bytes, to: descriptor, temporary) }
    if isDurable, fsync(descriptor) != 0 { throw FileError("write", temporary) }
  } catch {
    close(descriptor)
    unlink(temporary)
    throw error
  }
  guard close(descriptor) == 0, rename(temporary, path) == 0 else {
    let error = FileError("replace", path)
    unlink(temporary)
    throw error
  }
  // The name is the folder's, which has to be there as well.
  guard isDurable, let slash = path.lastSlash else { return }
  let folder = open(String(path[...slash]), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard folder >= 0 else { return }
  fsync(folder)
  close(folder)
}

/// A lock between processes: held from its making until it is released, this value is gone or the process ends, however it ends.
public final class FileLock: Sendable {
  private let descriptor: Mutex<Int32?>

  /// - Returns: nil where another process holds it.
  public init?(_ path: String) throws(FileError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileError("lock", path) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(descriptor)
      if code == EWOULDBLOCK { return nil }
      throw FileError("lock", path, code: code)
    }
    self.descriptor = Mutex(descriptor)
  }

  deinit { release() }

  /// Lets others have it. Doing it twice is fine.
  public func release() {
    descriptor.withLock { descriptor in
      guard let open = descriptor else { return }
      // A child that has been forked and not become its program yet has the file open as well: closing alone would leave it the lock.
      _ = flock(open, LOCK_UN)
      close(open)
      descriptor = nil
    }
  }
}
