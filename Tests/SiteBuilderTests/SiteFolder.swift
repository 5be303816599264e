import Files
import Glibc
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
  let path: String

  init() throws {
    var name = Array("/tmp/colophon-site-XXXXXX".utf8CString)
    guard mkdtemp(&name) != nil else { throw FileError("make the folder", "/tmp/colophon-site-XXXXXX") }
    let end = name.firstIndex(of: 0) ?? name.endIndex
    path = String(decoding: name[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

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

  deinit { try? removeAll(path) }
}

/// Compares an output folder with what a clean build makes: the same paths, and the same bytes in each.
func expect(_ folder: String, holds tree: FileTree) throws {
  let disk = try FileTree(folder: folder)
  #expect(disk.paths == tree.paths)
  for path in tree.paths where try disk.bytes(of: path) != tree.bytes(of: path) { Issue.record("\(path) differs") }
}

/// A seeded generator (SplitMix64): a failing run can be had again.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
