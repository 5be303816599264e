@preconcurrency import Dispatch
import Files
import Glibc
import Synchronization

/// Word of changes in a folder and in some folders below it, by inotify (inotify(7)).
///
/// Whoever hears of it looks for himself. What changed is said where that is known for certain: where the kernel drops events, folders come
/// and go, or one has several names, it may be anything.
public final class FolderWatch: Sendable {
  private let folder: String
  private let names: Set<String>
  private let descriptor: Int32
  private let source: any DispatchSourceRead
  private let watched = Mutex<[Int32: String]>([:])
  /// Symbolic links to folders that are watched.
  private let links = Mutex<Set<String>>([])
  private let seen = Mutex(Seen())

  /// How often something changed, and who waits for the next time.
  private struct Seen: Sendable {
    var count = 0
    /// Absolute paths of files that changed, since they were last taken; nil where it may be anything.
    var files: Set<String>? = []
    var waiting: [Int: AsyncStream<Int>.Continuation] = [:]
    var next = 0
  }

  /// - Parameters:
  ///   - folder: files in it are watched; absolute, without symbolic links.
  ///   - names: folders in it that are watched with all below them, if they are there, or from when they are.
  /// - Throws: `FileError` where the system watches no more folders.
  public init(_ folder: String, below names: [String]) throws(FileError) {
    self.folder = folder
    self.names = Set(names)
    // IN_CLOEXEC and IN_NONBLOCK are these by definition.
    descriptor = inotify_init1(O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError("watch", folder) }
    source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: DispatchQueue(label: "colophon.watch"))
    source.setEventHandler { [weak self] in self?.takeEvents() }
    source.setCancelHandler { [descriptor] in close(descriptor) }
    source.activate()
    try watchAll()
  }

  deinit { source.cancel() }

  /// How often something has changed since the watch was set up.
  public var count: Int { seen.withLock { $0.count } }

  /// Absolute paths of the files that changed, came or went since the last call; nil where it may be anything.
  public func takeChanges() -> Set<String>? {
    seen.withLock { seen in
      defer { seen.files = [] }
      return seen.files
    }
  }

  /// Waits until something has changed more than `count` times.
  ///
  /// - Returns: how often it has; nil where the task was cancelled.
  public func next(after count: Int) async -> Int? {
    // One stream for each who waits: cancelling a task ends the stream that it waits for.
    let (stream, continuation) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let number = seen.withLock { seen in
      seen.next += 1
      seen.waiting[seen.next] = continuation
      continuation.yield(seen.count)
      return seen.next
    }
    defer { seen.withLock { $0.waiting[number] = nil } }
    for await now in stream where now > count { return now }
    return nil
  }

  /// Waits until nothing has changed for `quiet`, so that one save, which is several changes, is one; no longer than `patience`.
  public func settle(quiet: Duration = .milliseconds(5), patience: Duration = .milliseconds(100)) async throws {
    let clock = ContinuousClock()
    let end = clock.now + patience
    var before = count
    while clock.now < end {
      try await clock.sleep(for: quiet)
      let now = count
      if now == before { return }
      before = now
    }
  }

  // MARK: Folders

  private static let events =
    UInt32(IN_CLOSE_WRITE) | UInt32(IN_CREATE) | UInt32(IN_DELETE) | UInt32(IN_MOVED_FROM) | UInt32(IN_MOVED_TO)

  private func watchAll() throws(FileError) {
    try watch(folder)
    var visited: Set<Int32> = []
    for name in names { try watchTree(folder + "/" + name, &visited) }
  }

  /// - Returns: the number of the watch, one for each folder under whatever name; nil where the path leads to no folder, or to none of the site.
  @discardableResult
  private func watch(_ path: String) throws(FileError) -> Int32? {
    let isLink = kindOfFile(path) == .symbolicLink
    if isLink {
      guard let real = realPath(path), real.hasPrefix(folder + "/"),
        !real.dropFirst(folder.count).pathParts.contains(where: { isIgnored(String($0)) })
      else { return nil }
    }
    let number = inotify_add_watch(descriptor, path, Self.events | UInt32(IN_ONLYDIR))
    if number < 0 {
      // Else it went away again, or is no folder.
      guard errno != ENOSPC, errno != ENOMEM else { throw FileError("watch", path) }
      return nil
    }
    watched.withLock { $0[number] = path }
    if isLink { _ = links.withLock { $0.insert(path) } }
    return number
  }

  /// - Parameter visited: watches of this walk: symbolic links may lead in a circle, or by many ways to one folder.
  private func watchTree(_ path: String, _ visited: inout Set<Int32>) throws(FileError) {
    // First: what is made in it from now on is heard of, what was made before is listed.
    guard let number = try watch(path), visited.insert(number).inserted, let entries = try? listFolder(path) else {
      return
    }
    for entry in entries where entry.kind == .folder || entry.kind == .symbolicLink {
      if !isIgnored(entry.name) { try watchTree(path + "/" + entry.name, &visited) }
    }
  }

  /// What begins with a dot is no part of a site; editors write their copies under such names and under others that end so.
  private func isIgnored(_ name: String) -> Bool { name.hasPrefix(".") && name != ".well-known" || name.hasSuffix("~") }

  // MARK: Events

  private func takeEvents() {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var isChanged = false
    var files: Set<String>? = []
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { break }
      buffer.withUnsafeBytes { bytes in
        var offset = 0
        // struct inotify_event: watch, mask, cookie, length of the name, and the name with zeros behind it.
        while offset + 16 <= count {
          let number = bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)
          let mask = bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
          let length = Int(bytes.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self))
          let name = bytes[offset + 16..<min(offset + 16 + length, count)].prefix { $0 != 0 }
          switch take(number, mask, String(decoding: name, as: UTF8.self)) {
          case .nothing: break
          case .file(let path):
            isChanged = true
            files?.insert(path)
          case .anything:
            isChanged = true
            files = nil
          }
          offset += 16 + length
        }
      }
    }
    guard isChanged else { return }
    seen.withLock { [files] seen in
      seen.count += 1
      // Nobody may ever take them.
      seen.files = files.flatMap { new in seen.files.flatMap { $0.count < 10_000 ? $0.union(new) : nil } }
      for continuation in seen.waiting.values { continuation.yield(seen.count) }
    }
  }

  private enum Change { case nothing, file(String), anything }

  private func take(_ number: Int32, _ mask: UInt32, _ name: String) -> Change {
    if mask & UInt32(IN_Q_OVERFLOW) != 0 {
      try? watchAll()
      return .anything
    }
    if mask & UInt32(IN_IGNORED) != 0 {
      watched.withLock { $0[number] = nil }
      return .nothing
    }
    guard let path = watched.withLock({ $0[number] }), !isIgnored(name) else { return .nothing }
    let isFolder = mask & UInt32(IN_ISDIR) != 0
    // Beside the folders that are watched there may be others, such as the output.
    if path == folder, isFolder, !names.contains(name) { return .nothing }
    let isNew = mask & (UInt32(IN_CREATE) | UInt32(IN_MOVED_TO)) != 0
    if !isNew, !isFolder, forgetLinksThatAreGone() {
      // What they led to may be watched under their names.
      try? watchAll()
      return .anything
    }
    // It may lead to a folder.
    let isLink =
      isNew && !isFolder && (path != folder || names.contains(name))
      && kindOfFile(path + "/" + name) == .symbolicLink
    if isNew, isFolder || isLink {
      // Where the system watches no more, the rest of the tree still is.
      var visited: Set<Int32> = []
      try? watchTree(path + "/" + name, &visited)
    }
    // Where links lead to folders, a file has more names than this one.
    let isOne = !isFolder && !isLink && links.withLock { $0.isEmpty }
    return isOne ? .file(path + "/" + name) : .anything
  }

  /// - Returns: whether there were any.
  private func forgetLinksThatAreGone() -> Bool {
    links.withLock { links in
      let left = links.filter { kindOfFile($0) == .symbolicLink }
      defer { links = left }
      return left.count < links.count
    }
  }
}
