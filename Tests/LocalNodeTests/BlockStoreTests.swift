import ContentAddressing
import Files
import Foundation
import GRDB
import TestSupport
import Testing

@testable import LocalNode

@Suite struct BlockStoreTests {
  private func packBytes(_ fixture: NodeFixture) throws -> Int {
    let folder = fixture.scratch.path + "/node/packs"
    return try listFolder(folder).reduce(0) { $0 + (fileSize("\(folder)/\($1.name)") ?? 0) }
  }

  private func blockCount(_ fixture: NodeFixture) async throws -> Int? {
    try await fixture.node.database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM block") }
  }

  private func hash(_ answer: Answer) throws -> CID { try CID(answer.json["Hash"] as? String ?? "") }

  @Test func everythingAnsweredSurvives() async throws {
    var generator = SeededGenerator(seed: 3)
    let first = try NodeFixture()
    var files: [CID: [UInt8]] = [:]
    for size in [0, 1, 1000, 262_144, 262_145, 5_000_000] {
      let bytes = generator.bytes(size)
      files[try hash(try await first.add("f\(size)", bytes))] = bytes
    }
    #expect(files.count == 6)
    let second = try NodeFixture(in: try crashed(first))
    #expect(second.node.ownerAPIKey == first.node.ownerAPIKey)
    #expect(try second.node.uploads() == first.node.uploads())
    for (cid, bytes) in files {
      #expect(try address(bytes, profile: .v0).cid == cid)
      #expect(try await second.send("GET", "/ipfs/\(cid)").body == bytes)
    }
    let more = try hash(try await second.add("more", [1, 2, 3]))
    let third = try NodeFixture(in: try crashed(second))
    for cid in Array(files.keys) + [more] { #expect(try third.node.block(cid) != nil) }
  }

  @Test func packsAreCARs() async throws {
    let fixture = try NodeFixture()
    var generator = SeededGenerator(seed: 4)
    let small = try hash(try await fixture.add("s", generator.bytes(10)))
    let large = try hash(try await fixture.add("l", generator.bytes(4_500_000)))
    let folder = fixture.scratch.path + "/node/packs"
    var found: Set<CID> = []
    for entry in try listFolder(folder) {
      var car: [UInt8]? = try readFile("\(folder)/\(entry.name)")
      let roots = try readCAR(
        from: {
          defer { car = nil }
          return car
        },
        to: { cid, _ in found.insert(cid) })
      #expect(roots.isEmpty)
    }
    #expect(found.isSuperset(of: [small, large]))
    #expect(found.count == 20)
  }

  @Test func sameContentIsStoredOnce() async throws {
    let fixture = try NodeFixture()
    var generator = SeededGenerator(seed: 5)
    let files = [generator.bytes(100), generator.bytes(600_000), generator.bytes(5_000_000)]
    for file in files { _ = try await fixture.add("f", file) }
    let bytes = try packBytes(fixture)
    let blocks = try await blockCount(fixture)
    for file in files { _ = try await fixture.add("g", file) }
    #expect(try packBytes(fixture) == bytes)
    #expect(try await blockCount(fixture) == blocks)
    // One file of one leaf again and again.
    _ = try await fixture.add("zeros", [UInt8](repeating: 0, count: 8 << 20))
    #expect(try packBytes(fixture) < bytes + 300_000)
    #expect(try listFolder(fixture.scratch.path + "/node/incoming").isEmpty)
  }

  @Test func manyAtOnce() async throws {
    let fixture = try NodeFixture()
    let token = try await fixture.token()
    var generator = SeededGenerator(seed: 6)
    let shared = generator.bytes(700_000)
    let hashes = try await withThrowingTaskGroup(of: (Int, CID).self) { group in
      for index in 0..<40 {
        let file = index % 2 == 0 ? shared : Array("file \(index)".utf8)
        group.addTask {
          let answer = try await fixture.add("f\(index)", file, ["Authorization": "Bearer \(token)"])
          return (index, try CID(answer.json["Hash"] as? String ?? ""))
        }
      }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    #expect(Set(hashes.values).count == 21)
    #expect(try await blockCount(fixture) == 20 + 4)
    #expect(try packBytes(fixture) < 1_000_000)
    #expect(try fixture.node.uploads().count == 40)
    #expect(try await fixture.send("GET", "/ipfs/\(hashes[0]?.text ?? "")").body == shared)
  }

  @Test func brokenUploadsLeaveNothing() async throws {
    let fixture = try NodeFixture()
    var generator = SeededGenerator(seed: 7)
    let body = multipart([Upload("big", generator.bytes(6_000_000))], "b").dropLast(3)
    let answer = try await fixture.send(
      "POST", "/api/v0/add",
      ["Authorization": "Bearer \(try await fixture.token())", "Content-Type": "multipart/form-data; boundary=b"],
      pieces: pieces(of: Array(body)))
    #expect(answer.status == 400)
    #expect(try packBytes(fixture) == 0)
    #expect(try listFolder(fixture.scratch.path + "/node/incoming").isEmpty)
    #expect(try await blockCount(fixture) == 0)
  }

  @Test func oneNodeAFolder() throws {
    let fixture = try NodeFixture()
    let error = #expect(throws: NodeError.self) { try Node(configuration: fixture.node.configuration) }
    guard case .inUse = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func foldersThatCannotBeUsed() throws {
    let scratch = try TemporaryFolder()
    try writeFile(scratch.path + "/file", [])
    #expect(throws: NodeError.self) { try Node(configuration: NodeConfiguration(folder: scratch.path + "/file")) }
  }

  @Test func folderIsPrivate() throws {
    let fixture = try NodeFixture()
    let attributes = try FileManager.default.attributesOfItem(atPath: fixture.scratch.path + "/node")
    #expect(attributes[.posixPermissions] as? Int == 0o700)
  }

  @Test func safeAgainstPowerCuts() async throws {
    let first = try NodeFixture { $0.durability = .powerLoss }
    var generator = SeededGenerator(seed: 8)
    let small = try hash(try await first.add("s", generator.bytes(10)))
    let large = try hash(try await first.add("l", generator.bytes(4_500_000)))
    let second = try NodeFixture(in: try crashed(first)) { $0.durability = .powerLoss }
    for cid in [small, large] { #expect(try second.node.block(cid) != nil) }
  }
}
