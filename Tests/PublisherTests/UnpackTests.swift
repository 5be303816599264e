import ContentAddressing
import Files
import Foundation
import TestSupport
import Testing

@testable import Publisher

@Suite struct UnpackTests {
  private let temporary: TemporaryFolder
  private var folder: String { temporary.path }

  init() throws { temporary = try TemporaryFolder() }

  /// Blocks of a tree, in a spool.
  private func spooled(_ tree: FileTree) throws -> (root: CID, spool: BlockSpool) {
    let spool = try BlockSpool(folder: folder)
    return (try address(tree, profile: .v0, sink: spool.put).root.cid, spool)
  }

  @Test func aTreeComesBack() throws {
    let large = String(repeating: "0123456789", count: 60_000)
    let (root, spool) = try spooled(["index.html": "home", "a/b/c": "deep", "a/large": "\(large)"])
    // Nothing of it is in the folder, whatever happens to the process.
    #expect(try listFolder(folder).isEmpty)
    let files = try unpackedFiles(of: [root], from: spool.block)
    #expect(files.map(\.path.string) == ["a/b/c", "a/large", "index.html"])
    let bytes = try unpack(files, to: folder + "/out/", from: spool.block) { _, _ in }
    #expect(bytes == 4 + 4 + 600_000)
    #expect(try readFile(folder + "/out/a/large") == Array(large.utf8))
    #expect(try address(FileTree(folder: folder + "/out"), profile: .v0).root.cid == root)
    #expect(throws: UnpackError.self) { try unpack(files, to: folder + "/out", from: spool.block) { _, _ in } }
    // A folder that is there and empty is filled; whoever is in it stays there.
    try makeFolder(folder + "/there")
    let before = try FileManager.default.attributesOfItem(atPath: folder + "/there")[.systemFileNumber] as? Int
    _ = try unpack(files, to: folder + "/there/.", from: spool.block) { _, _ in }
    #expect(try address(FileTree(folder: folder + "/there"), profile: .v0).root.cid == root)
    #expect(try listFolder(folder + "/there").map(\.name).sorted() == ["a", "index.html"])
    #expect(try FileManager.default.attributesOfItem(atPath: folder + "/there")[.systemFileNumber] as? Int == before)
  }

  @Test func aMissingBlockLeavesNothing() throws {
    let (root, spool) = try spooled(["a": "one", "b": "two"])
    let files = try unpackedFiles(of: [root], from: spool.block)
    let missing = files[1].cid
    #expect(throws: UnixFSError.missingBlock(missing)) {
      try unpack(files, to: folder + "/out", from: { $0 == missing ? nil : try spool.block($0) }) { _, _ in }
    }
    #expect(try listFolder(folder).isEmpty)
  }

  /// A few bytes may claim to be more than any disk holds.
  @Test func whatIsTooLargeIsNotBegun() throws {
    let (_, spool) = try spooled(["a": "one"])
    let leaf = try address(Array("leaf".utf8), profile: .v0).cid
    // 2^57 bytes (LEB128: eight times 0x80, 1 with nothing below): a file's size, and that of its only part.
    let size = [UInt8](repeating: 0x80, count: 8) + [1]
    let data: [UInt8] = [0x08, 0x02, 0x18] + size + [0x20] + size
    let block =
      [0x12, UInt8(2 + leaf.bytes.count), 0x0a, UInt8(leaf.bytes.count)] + leaf.bytes + [0x0a, UInt8(data.count)] + data
    let cid = CID.v0(SHA256Digest(of: block))
    let error = #expect(throws: UnpackError.self) {
      try unpack([("huge", cid)], to: folder + "/out", from: { $0 == cid ? block : try spool.block($0) }) { _, _ in }
    }
    guard case .tooLarge = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try listFolder(folder).isEmpty)
  }

  /// A directory of somebody else may name a file as it likes; what it names is never written outside the folder.
  @Test(arguments: ["..", ".", "a/b", "", "a\\b", "nul\0"]) func hostileNamesAreRefused(_ name: String) throws {
    let file = try address(Array("text".utf8), profile: .v0)
    var block: [UInt8] = []
    // One link, then the data of a directory (dag-pb, UnixFS).
    let link = [0x0a, 34] + file.cid.bytes + [0x12, UInt8(name.utf8.count)] + Array(name.utf8) + [0x18, 12]
    block += [0x12, UInt8(link.count)] + link + [0x0a, 0x02, 0x08, 0x01]
    let root = CID.v0(SHA256Digest(of: block))
    #expect(throws: UnixFSError.self) { try unpackedFiles(of: [root], from: { $0 == root ? block : nil }) }
  }
}
