import ContentAddressing
import Files
import Foundation
import Testing

@testable import LocalNode

@Suite struct ImportRouteTests {
  private let tree: FileTree = ["index.html": "home", "a/x": "same", "a/y": "same", "b/z": "other"]

  private func car(leavingOut: Int = 0) throws -> (root: CID, bytes: [UInt8]) {
    var blocks: [CID: [UInt8]] = [:]
    let root = try address(tree, profile: .v0) { blocks[$0] = $1 }.root.cid
    var bytes: [UInt8] = []
    var writer = try CARWriter(roots: [root]) { bytes += $0 }
    var number = 0
    try forEachBlock(under: root, from: { blocks[$0] }) { cid, block in
      number += 1
      if number != leavingOut { try writer.write(cid, block) }
    }
    return (root, bytes)
  }

  private func upload(_ bytes: [UInt8]) -> Upload { Upload("site.car", bytes) }

  @Test func whatIsImportedIsServed() async throws {
    let fixture = try NodeFixture()
    let (root, bytes) = try car()
    let answer = try await fixture.post("/api/v0/dag/import", [upload(bytes)])
    #expect(answer.status == 200)
    #expect(
      answer.text
        == #"{"Root":{"Cid":{"/":"\#(root)"},"PinErrorMsg":""}}"# + "\n"
        + #"{"Stats":{"BlockCount":6,"BlockBytesCount":\#(try size(bytes))}}"# + "\n")
    #expect(try await fixture.send("GET", "/ipfs/\(root)/b/z").text == "other")
  }

  private func size(_ car: [UInt8]) throws -> Int {
    var size = 0
    var rest: [UInt8]? = car
    _ = try readCAR(
      from: {
        defer { rest = nil }
        return rest
      }, to: { size += $1.count })
    return size
  }

  /// Some roots are whole, others lack something in what they share; a root that is named twice is one.
  @Test func manyRoots() async throws {
    let fixture = try NodeFixture()
    var blocks: [CID: [UInt8]] = [:]
    let trees: [FileTree] = [["a/x": "one", "a/y": "two"], ["b/x": "one", "b/y": "two"], ["c": "three"]]
    let roots = try trees.map { try address($0, profile: .v0) { blocks[$0] = $1 }.root.cid }
    let gone = try address(Array("two".utf8), profile: .v0).cid
    var bytes: [UInt8] = []
    var writer = try CARWriter(roots: roots + roots) { bytes += $0 }
    for (cid, block) in blocks where cid != gone { try writer.write(cid, block) }
    let answer = try await fixture.post("/api/v0/dag/import", [upload(bytes), upload(bytes)])
    let lines = answer.text.split(separator: "\n")
    #expect(lines.count == 4)
    for (line, isWhole) in zip(lines, [false, false, true]) {
      #expect(line.hasSuffix(#""PinErrorMsg":""}}"#) == isWhole, "\(line)")
      #expect(line.contains("could not find \(gone)") != isWhole, "\(line)")
    }
  }

  /// As Kubo: what lacks a block is answered with 200, and named.
  @Test func whatLacksABlockIsNamed() async throws {
    let fixture = try NodeFixture()
    let answer = try await fixture.post("/api/v0/dag/import", [upload(try car(leavingOut: 3).bytes)])
    #expect(answer.status == 200)
    #expect(answer.text.contains("block was not found locally (offline)"))
    // The rest may come later, alone.
    let whole = try await fixture.post("/api/v0/dag/import", [upload(try car().bytes)])
    #expect(whole.text.contains(#""PinErrorMsg":"""#))
  }

  @Test func whatIsNoCARIsRefused() async throws {
    let fixture = try NodeFixture()
    let (root, bytes) = try car()
    var wrong = bytes
    wrong[wrong.count - 1] ^= 1
    for body in [wrong, Array(bytes.dropLast(3)), Array("no CAR".utf8), []] {
      let answer = try await fixture.post("/api/v0/dag/import", [upload(body)])
      #expect(answer.status == 400, "\(answer.text)")
    }
    #expect(try await fixture.send("GET", "/ipfs/\(root)/b/z").status == 404)
  }

  @Test func needsAToken() async throws {
    let fixture = try NodeFixture()
    #expect(try await fixture.send("POST", "/api/v0/dag/import").status == 401)
  }
}
