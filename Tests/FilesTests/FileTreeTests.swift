import Files
import Glibc
import TestSupport
import Testing

@Suite struct FileTreeTests {
  @Test func sortedWhateverTheOrder() throws {
    var tree: FileTree = ["b": "2", "a/z": "1", "a-": "0"]
    tree["é"] = .bytes([1])
    #expect(tree.paths.map(\.string) == ["a-", "a/z", "b", "é"])
    #expect(tree.count == 4)
    #expect(tree.contains("b"))
    #expect(try tree.bytes(of: "a/z") == Array("1".utf8))
    #expect(try tree.bytes(of: "c") == nil)
    tree["b"] = nil
    #expect(!tree.contains("b"))
    #expect(FileTree().isEmpty)
  }

  @Test func madeAndOnDisk() throws {
    struct Wrong: Error {}
    let folder = try TemporaryFolder()
    try writeFile(folder.path + "/x", [1, 2, 3])
    var tree = FileTree()
    tree["made"] = .made { [7] }
    tree["wrong"] = .made { throw Wrong() }
    tree["disk"] = .onDisk(path: folder.path + "/x", size: 3)
    tree["gone"] = .onDisk(path: folder.path + "/y", size: 3)
    #expect(try tree.bytes(of: "made") == [7])
    #expect(try tree.bytes(of: "disk") == [1, 2, 3])
    #expect(throws: Wrong.self) { try tree.bytes(of: "wrong") }
    #expect(throws: FileError.self) { try tree.bytes(of: "gone") }
  }

  @Test func folders() throws {
    let folder = try TemporaryFolder()
    for path in ["b.txt", "a/c", "a/.hidden", ".git/config", ".well-known/x", "a/.well-known/y"] {
      let parts = path.split(separator: "/")
      if parts.count > 1 { try makeFolder(folder.path + "/" + parts.dropLast().joined(separator: "/")) }
      try writeFile(folder.path + "/" + path, Array(path.utf8))
    }
    try makeFolder(folder.path + "/empty")
    try writeFile(folder.path + "/back\\slash", [])
    #expect(symlink("b.txt", folder.path + "/link") == 0)
    #expect(symlink("..", folder.path + "/a/up") == 0)
    #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
    let tree = try FileTree(folder: folder.path)
    #expect(tree.paths.map(\.string) == [".well-known/x", "a/.well-known/y", "a/c", "b.txt"])
    #expect(try tree.bytes(of: "a/c") == Array("a/c".utf8))
    #expect(throws: FileError.self) { try FileTree(folder: folder.path + "/none") }
    #expect(throws: FileError.self) { try FileTree(folder: folder.path + "/b.txt") }
  }
}

@Suite struct DiskTests {
  @Test(arguments: [0, 1, 65_535, 65_536, 300_001])
  func readingWhatWasWritten(_ count: Int) throws {
    let folder = try TemporaryFolder()
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let path = folder.path + "/file"
    try writeFile(path, bytes)
    #expect(try readFile(path) == bytes)
    #expect(fileSize(path) == count)
    try writeFile(path, [1])
    #expect(try readFile(path) == [1])
    try replaceFile(path, bytes)
    #expect(try readFile(path) == bytes)
    try copyFile(path, to: folder.path + "/copy")
    #expect(try readFile(folder.path + "/copy") == bytes)
    #expect(try listFolder(folder.path).map(\.name) == ["copy", "file"])
  }

  /// `/proc` says 0 for the size of its files.
  @Test func filesWithoutASize() throws {
    #expect(try readFile("/proc/self/status").count > 100)
  }

  @Test func readingErrors() throws {
    let folder = try TemporaryFolder()
    let missing = #expect(throws: FileError.self) { try readFile(folder.path + "/none") }
    #expect(missing?.code == ENOENT)
    #expect(missing?.description == "cannot read \(folder.path)/none: No such file or directory")
    let isFolder = #expect(throws: FileError.self) { try readFile(folder.path) }
    #expect(isFolder?.code == EISDIR)
  }

  @Test func writingErrors() throws {
    let folder = try TemporaryFolder()
    try writeFile(folder.path + "/file", [])
    let missing = #expect(throws: FileError.self) { try writeFile(folder.path + "/no/file", [1]) }
    #expect(missing?.verb == "write")
    #expect(missing?.code == ENOENT)
    let isFolder = #expect(throws: FileError.self) { try writeFile(folder.path, [1]) }
    #expect(isFolder?.code == EISDIR)
    let full = #expect(throws: FileError.self) { try writeFile("/dev/full", [1]) }
    #expect(full?.code == ENOSPC)
    let below = #expect(throws: FileError.self) { try makeFolder(folder.path + "/file/x") }
    #expect(below?.code == ENOTDIR)
    let taken = #expect(throws: FileError.self) { try makeFolder(folder.path + "/file") }
    #expect(taken?.code == EEXIST)
    let source = #expect(throws: FileError.self) { try copyFile(folder.path + "/none", to: folder.path + "/x") }
    #expect(source?.verb == "read")
    let target = #expect(throws: FileError.self) { try copyFile(folder.path + "/file", to: folder.path + "/no/x") }
    #expect(target?.verb == "write")
  }

  /// A folder in the way: nothing is replaced, and nothing is left beside it.
  @Test func replacingErrors() throws {
    let folder = try TemporaryFolder()
    try makeFolder(folder.path + "/taken/inside")
    let error = #expect(throws: FileError.self) { try replaceFile(folder.path + "/taken", [1]) }
    #expect(error?.verb == "replace")
    let names = try listFolder(folder.path).map(\.name)
    #expect(names == ["taken"])
    #expect(throws: FileError.self) { try replaceFile(folder.path + "/no/x", [1]) }
  }

  @Test func replacingKeepsToItsOwner() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/secret"
    try replaceFile(path, [1], mode: 0o600)
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
  }

  @Test func makingFolders() throws {
    let folder = try TemporaryFolder()
    try makeFolder(folder.path + "/a/b/c")
    try makeFolder(folder.path + "/a/b/c")
    #expect(try listFolder(folder.path + "/a/b").map(\.name) == ["c"])
    #expect(throws: FileError.self) { try makeFolder("") }
    #expect(symlink("a", folder.path + "/link") == 0)
    try makeFolder(folder.path + "/link")
  }

  @Test func removing() throws {
    let folder = try TemporaryFolder()
    let outside = try TemporaryFolder()
    try writeFile(outside.path + "/kept", [1])
    try makeFolder(folder.path + "/a/b")
    try writeFile(folder.path + "/a/b/file", [1])
    #expect(symlink(outside.path, folder.path + "/a/link") == 0)
    try removeAll(folder.path + "/a")
    #expect(try listFolder(folder.path).isEmpty)
    #expect(try readFile(outside.path + "/kept") == [1])
    try removeAll(folder.path + "/a")
    let error = #expect(throws: FileError.self) { try removeAll(outside.path + "/kept/x") }
    #expect(error?.code == ENOTDIR)
  }

  @Test func listing() throws {
    let folder = try TemporaryFolder()
    for name in ["é", "b", "B", "a.b", "a"] { try writeFile(folder.path + "/" + name, []) }
    try makeFolder(folder.path + "/sub")
    #expect(symlink("none", folder.path + "/link") == 0)
    let entries = try listFolder(folder.path)
    #expect(entries.map(\.name) == ["B", "a", "a.b", "b", "link", "sub", "é"])
    #expect(entries.first { $0.name == "sub" }?.kind == .folder)
    #expect(entries.first { $0.name == "link" }?.kind == .symbolicLink)
    #expect(entries.first { $0.name == "a" }?.kind == .file)
    #expect(fileSize(folder.path + "/link") == nil)
    #expect(fileSize(folder.path + "/sub") == nil)
  }

  @Test func locking() throws {
    let folder = try TemporaryFolder()
    let lock = try #require(try FileLock(folder.path + "/lock"))
    let second = try FileLock(folder.path + "/lock")
    #expect(second == nil)
    lock.release()
    let third = try #require(try FileLock(folder.path + "/lock"))
    third.release()
    // Once more is no harm, and whoever forgets it is helped.
    let other = open("/dev/null", O_RDONLY)
    third.release()
    #expect(fcntl(other, F_GETFD) >= 0)
    close(other)
    do { _ = try FileLock(folder.path + "/lock") }
    #expect(try FileLock(folder.path + "/lock") != nil)
    let error = #expect(throws: FileError.self) { try FileLock(folder.path + "/no/lock") }
    #expect(error?.verb == "lock")
  }

  @Test func realPaths() throws {
    let folder = try TemporaryFolder()
    try makeFolder(folder.path + "/a")
    #expect(symlink("a", folder.path + "/link") == 0)
    let real = try #require(realPath(folder.path))
    #expect(realPath(folder.path + "/link/../a/.") == real + "/a")
    #expect(realPath(folder.path + "/none") == nil)
  }
}

@Suite struct MediaTypeTests {
  @Test(arguments: [
    ("html", "text/html; charset=utf-8"), ("HTML", "text/html; charset=utf-8"), ("png", "image/png"),
    ("", "application/octet-stream"), ("nosuch", "application/octet-stream"), ("woff2", "font/woff2"),
  ])
  func types(_ fileExtension: String, _ type: String) { #expect(mediaType(ofExtension: fileExtension) == type) }
}
