import ContentAddressing
import Files
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import LocalNode

/// What a start makes of a data folder in which something is missing, damaged, older or not the node's.
@Suite struct RecoveryTests {
  private static let database = ["node.sqlite", "node.sqlite-wal", "node.sqlite-shm"]

  private final class Reports: Sendable {
    private let texts = Mutex<[String]>([])
    var all: [String] { texts.withLock { $0 } }
    func add(_ text: String) { texts.withLock { $0.append(text) } }
  }

  private func hash(_ answer: Answer) throws -> CID { try CID(answer.json["Hash"] as? String ?? "") }

  private func start(_ scratch: TemporaryFolder) throws -> (fixture: NodeFixture, reports: [String]) {
    let reports = Reports()
    let fixture = try NodeFixture(in: scratch) { $0.report = reports.add }
    return (fixture, reports.all)
  }

  /// A node with files in packs of both kinds.
  private func filled() async throws -> (fixture: NodeFixture, files: [CID: [UInt8]]) {
    let fixture = try NodeFixture()
    var files: [CID: [UInt8]] = [:]
    try await fill(fixture, seed: 1, &files)
    return (fixture, files)
  }

  private func fill(_ fixture: NodeFixture, seed: UInt64, _ files: inout [CID: [UInt8]]) async throws {
    var generator = SeededGenerator(seed: seed)
    for size in [10, 300_000, 4_500_000] {
      let bytes = generator.bytes(size)
      files[try hash(try await fixture.add("f\(size)", bytes))] = bytes
    }
  }

  private func expectAll(_ files: [CID: [UInt8]], in fixture: NodeFixture) async throws {
    for (cid, bytes) in files { #expect(try await fixture.send("GET", "/ipfs/\(cid)").body == bytes) }
  }

  /// Starts, reads and writes, and starts once more: by then nothing is amiss.
  private func expectWhole(_ copy: TemporaryFolder, _ files: [CID: [UInt8]], reports expected: [String]) async throws {
    let (second, reports) = try start(copy)
    for text in expected { #expect(reports.contains { $0.contains(text) }, "\(reports)") }
    var files = files
    try await expectAll(files, in: second)
    try await fill(second, seed: 2, &files)
    try await expectAll(files, in: second)
    let (third, none) = try start(try crashed(second))
    #expect(none.isEmpty, "\(none)")
    try await expectAll(files, in: third)
  }

  @Test func everyBlockOutlivesTheDatabase() async throws {
    let (first, files) = try await filled()
    let copy = try crashed(first)
    for name in Self.database { try removeAll("\(copy.path)/node/\(name)") }
    try await expectWhole(copy, files, reports: ["database is gone", "they are read again"])
  }

  @Test func aDamagedDatabaseIsSetAside() async throws {
    let (first, files) = try await filled()
    let copy = try crashed(first)
    for name in Self.database { try removeAll("\(copy.path)/node/\(name)") }
    let text = Array("this is no database, it is a text of some length".utf8)
    for name in ["node.sqlite", "node.sqlite.damaged"] { try writeFile("\(copy.path)/node/\(name)", text) }
    try await expectWhole(copy, files, reports: ["node.sqlite.damaged-2", "they are read again"])
    #expect(try readFile(copy.path + "/node/node.sqlite.damaged-2") == text)
  }

  @Test func packsAreNewerThanTheDatabase() async throws {
    let (first, one) = try await filled()
    let older = try crashed(first)
    var files = one
    try await fill(first, seed: 3, &files)
    let copy = try crashed(first)
    for name in Self.database {
      try removeAll("\(copy.path)/node/\(name)")
      if fileSize("\(older.path)/node/\(name)") != nil {
        try copyFile("\(older.path)/node/\(name)", to: "\(copy.path)/node/\(name)")
      }
    }
    try await expectWhole(copy, files, reports: ["they are read again"])
  }

  @Test func aPackThatIsGone() async throws {
    let (first, files) = try await filled()
    let copy = try crashed(first)
    try removeAll(copy.path + "/node/packs/1.car")
    let (second, reports) = try start(copy)
    #expect(reports.count == 1 && reports[0].contains("1.car is gone"), "\(reports)")
    for (cid, bytes) in files {
      _ = try await second.add("f", bytes)
      #expect(try await second.send("GET", "/ipfs/\(cid)").body == bytes)
    }
  }

  @Test(arguments: [[200, 1, 0x12, 0x20, 3], [UInt8](repeating: 0, count: 5000)] as [[UInt8]])
  func whatWasCutOffIsCleared(_ rest: [UInt8]) async throws {
    let first = try NodeFixture()
    let kept = try hash(try await first.add("f", Array("kept".utf8)))
    let copy = try crashed(first)
    let folder = copy.path + "/node"
    try writeFile(folder + "/incoming/9.car", [1, 2, 3])
    try writeFile(folder + "/packs/2.car", Array(PackFile.header.prefix(3)))
    let pack = try readFile(folder + "/packs/1.car")
    try writeFile(folder + "/packs/1.car", pack + rest)
    let (second, reports) = try start(copy)
    #expect(reports.isEmpty, "\(reports)")
    #expect(try listFolder(folder + "/incoming").isEmpty)
    #expect(try listFolder(folder + "/packs").map(\.name) == ["1.car"])
    #expect(try readFile(folder + "/packs/1.car") == pack)
    let added = try hash(try await second.add("g", Array("new".utf8)))
    let (third, _) = try start(try crashed(second))
    for cid in [kept, added] { #expect(try third.node.block(cid) != nil) }
  }

  /// Nothing that might be of use is taken away.
  @Test func whatCannotBeReadIsLeftAlone() async throws {
    let first = try NodeFixture()
    let kept = try hash(try await first.add("f", Array("kept".utf8)))
    let copy = try crashed(first)
    let folder = copy.path + "/node"
    let strange: [UInt8] = [1, 2, 3]
    for name in ["packs/2.car", "packs/mine.txt", "packs/02.car", "incoming/letter.txt"] {
      try writeFile("\(folder)/\(name)", strange)
    }
    let pack = try readFile(folder + "/packs/1.car") + [UInt8](repeating: 7, count: 1000)
    try writeFile(folder + "/packs/1.car", pack)
    let (second, reports) = try start(copy)
    #expect(reports.contains { $0.contains("1.car cannot be read from byte \(pack.count - 1000) on") }, "\(reports)")
    #expect(reports.contains { $0.contains("2.car is no pack") }, "\(reports)")
    let added = try hash(try await second.add("g", Array("new".utf8)))
    let (third, _) = try start(try crashed(second))
    for cid in [kept, added] { #expect(try third.node.block(cid) != nil) }
    #expect(try readFile(folder + "/packs/1.car") == pack)
    for name in ["packs/2.car", "packs/mine.txt", "packs/02.car", "incoming/letter.txt"] {
      #expect(try readFile("\(folder)/\(name)") == strange)
    }
  }

  /// What a power cut took is missing, not wrong, and can be sent again.
  @Test func damageIsNoticedAndMended() async throws {
    let first = try NodeFixture()
    let one = try hash(try await first.add("f", Array("one one one".utf8)))
    let two = try hash(try await first.add("f", Array("two two two".utf8)))
    let copy = try crashed(first)
    let path = copy.path + "/node/packs/1.car"
    var pack = try readFile(path)
    pack[60] ^= 1
    try writeFile(path, pack.dropLast(4))
    let second = try NodeFixture(in: copy)
    for cid in [one, two] {
      #expect(try second.node.block(cid) == nil)
      #expect(try await second.send("GET", "/ipfs/\(cid)").status == 404)
    }
    _ = try await second.add("f", Array("one one one".utf8))
    _ = try await second.add("f", Array("two two two".utf8))
    for cid in [one, two] { #expect(try second.node.block(cid) != nil) }
  }

  @Test func foldersOfSomebodyElse() throws {
    let scratch = try TemporaryFolder()
    let files = ["packs/mine.txt", "packs/1.car", "incoming/letter.txt"].map { "\(scratch.path)/\($0)" }
    for folder in ["packs", "incoming"] { try makeFolder("\(scratch.path)/\(folder)") }
    for file in files { try writeFile(file, [1]) }
    chmod(scratch.path, 0o755)
    let error = #expect(throws: NodeError.self) { try Node(configuration: NodeConfiguration(folder: scratch.path)) }
    #expect(error?.description.contains("holds files that are no node's") == true)
    for file in files { #expect(try readFile(file) == [1]) }
    #expect(try listFolder(scratch.path).map(\.name) == ["incoming", "packs"])
    let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path)
    #expect(attributes[.posixPermissions] as? Int == 0o755)
    // One that was made for it, and one in which the first start was cut off, are fine.
    for folder in ["empty", "begun"] { try makeFolder("\(scratch.path)/\(folder)") }
    try writeFile(scratch.path + "/begun/lock", [])
    for folder in ["empty", "begun"] {
      _ = try Node(configuration: NodeConfiguration(folder: "\(scratch.path)/\(folder)"))
    }
  }
}
