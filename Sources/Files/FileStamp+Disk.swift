import Glibc

/// What the file system says of a file without its being read: equal stamps mean an unchanged file, as far as clocks can tell.
public struct FileStamp: Sendable, Hashable {
  /// In bytes.
  public var size: Int64
  /// Nanoseconds since 1970, of the last change to the contents.
  public var modified: Int64
  /// The same of the last change to the file's own record, which no program can set back; 0 where it does not count.
  public var changed: Int64
  public var inode: UInt64

  public init(size: Int64, modified: Int64, changed: Int64, inode: UInt64) {
    self.size = size
    self.modified = modified
    self.changed = changed
    self.inode = inode
  }

  /// Whether the file was left alone for long enough before `time` (nanoseconds since 1970, by the file system's clock) for every change
  /// after it to show in the stamp. Clocks of file systems tick in up to 10 ms, some in one or two seconds.
  public func isSettled(at time: Int64) -> Bool {
    let tick: Int64 = changed % 1_000_000_000 == 0 ? 2_000_000_000 : 50_000_000
    return changed < time - tick
  }

  fileprivate init(_ status: stat) {
    func nanoseconds(_ time: timespec) -> Int64 { Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec) }
    self.init(
      size: Int64(status.st_size), modified: nanoseconds(status.st_mtim), changed: nanoseconds(status.st_ctim),
      inode: UInt64(status.st_ino))
  }
}

/// A folder that is held open: what is in it is looked up from there, and not from the root of the file system each time.
public final class OpenFolder: Sendable {
  private let descriptor: Int32

  /// - Returns: nil where there is no folder at `path` that may be read.
  public init?(_ path: String) {
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor < 0 { return nil }
  }

  deinit { close(descriptor) }

  /// The stamp of the regular file at `path` in the folder, symbolic links followed; nil where there is none.
  public func fileStamp(_ path: String) -> FileStamp? { Files.fileStamp(path, in: descriptor) }

  /// The stamp of the regular file or folder at `path` in the folder itself; nil where there is none, or a symbolic link.
  ///
  /// Its `changed` is 0: renaming a file, or making a hard link to it, changes no more than that.
  public func stampOfEntry(_ path: String, isFolder: Bool = false) -> FileStamp? {
    Files.stampOfEntry(path, isFolder: isFolder, in: descriptor)
  }
}

/// The stamp of the regular file at `path`, symbolic links followed; nil where there is none.
public func fileStamp(_ path: String) -> FileStamp? { fileStamp(path, in: AT_FDCWD) }

/// As `OpenFolder.stampOfEntry(_:isFolder:)`, with a path of its own.
public func stampOfEntry(_ path: String, isFolder: Bool = false) -> FileStamp? {
  stampOfEntry(path, isFolder: isFolder, in: AT_FDCWD)
}

private func fileStamp(_ path: String, in folder: Int32) -> FileStamp? {
  var status = stat()
  guard fstatat(folder, path, &status, 0) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
  return FileStamp(status)
}

private func stampOfEntry(_ path: String, isFolder: Bool, in folder: Int32) -> FileStamp? {
  var status = stat()
  guard fstatat(folder, path, &status, AT_SYMLINK_NOFOLLOW) == 0,
    status.st_mode & S_IFMT == (isFolder ? S_IFDIR : S_IFREG)
  else { return nil }
  var stamp = FileStamp(status)
  stamp.changed = 0
  if isFolder { stamp.size = 0 }
  return stamp
}

/// What time it is by the file system's own clock, in nanoseconds since 1970: the file at `path`, which must exist, is touched.
public func fileSystemTime(byTouching path: String) throws(FileError) -> Int64 {
  guard utimensat(AT_FDCWD, path, nil, 0) == 0, let stamp = fileStamp(path) else { throw FileError("touch", path) }
  return stamp.modified
}
