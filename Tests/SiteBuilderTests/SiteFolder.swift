import Files
import Glibc
import TestSupport
import Testing

/// A file of a site that a test writes.
struct SiteFile: Sendable {
  enum Contents: Sendable {
    case bytes([UInt8])
    case link(to: String)
  }

  var path: String
  var contents: Contents

  init(_ path: String, _ contents: Contents) {
    self.path = path
    self.contents = contents
  }

  init(_ path: String, _ text: String) {
    self.init(path, .bytes(Array(text.utf8)))
  }
}

/// A folder of its own for one test, gone when the test is.
final class SiteFolder {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  var path: String { folder.path }

  /// The site lies one level down, so that there is something outside it.
  var site: String { path + "/site" }

  func write(_ files: [SiteFile]) throws {
    try makeFolder(site)
    for file in files {
      let target = site + "/" + file.path
      if let slash = target.lastSlash { try makeFolder(String(target[..<slash])) }
      switch file.contents {
      case .bytes(let bytes): try writeFile(target, bytes)
      case .link(let destination):
        guard symlink(destination, target) == 0 else { throw FileError("link", target) }
      }
    }
  }
}

/// Compares an output folder with what a clean build makes: the same paths, and the same bytes in each.
func expect(_ folder: String, holds tree: FileTree) throws {
  let disk = try FileTree(folder: folder)
  #expect(disk.paths == tree.paths)
  for path in tree.paths where try disk.bytes(of: path) != tree.bytes(of: path) { Issue.record("\(path) differs") }
}
