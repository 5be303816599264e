import Files
import TestSupport
import Testing

@testable import ContentAddressing

/// What can be had of CARs and DAGs that are not whole.
@Suite struct DamageTests {
  private let store = BlockStore()

  /// A CAR of three blocks, and where each section begins.
  private func car() throws -> (bytes: [UInt8], sections: [Int]) {
    var bytes: [UInt8] = []
    var sections: [Int] = []
    var writer = try CARWriter(roots: []) { bytes += $0 }
    for text in ["one", "two", String(repeating: "three", count: 300_000)] {
      let block = Array(text.utf8)
      sections.append(bytes.count)
      try writer.write(CID.v1(.raw, SHA256Digest(of: block)), block)
    }
    return (bytes, sections)
  }

  private func scan(_ bytes: [UInt8], from start: Int) throws -> (blocks: [Int], end: Int, rest: CARRest) {
    var blocks: [Int] = []
    let (end, rest) = try scanCAR(
      start..<bytes.count, read: { Array(bytes[$0]) },
      visit: { cid, range in
        #expect(cid.matches(Array(bytes[range])))
        blocks.append(range.count)
      })
    return (blocks, end, rest)
  }

  @Test func scanningWhatIsWhole() throws {
    let (bytes, sections) = try car()
    for (index, start) in sections.enumerated() {
      let found = try scan(bytes, from: start)
      #expect(found.blocks == Array([3, 3, 1_500_000][index...]))
      #expect(found.end == bytes.count && found.rest == .nothing)
    }
  }

  @Test func scanningWhatIsDamaged() throws {
    let (bytes, sections) = try car()
    let third = sections[2]
    for length in [third + 1, third + 2, third + 20, bytes.count - 1] {
      let found = try scan(Array(bytes[..<length]), from: sections[0])
      #expect(found.blocks == [3, 3] && found.end == third && found.rest == .cutOff, "\(length)")
    }
    let zeros = try scan(bytes + [UInt8](repeating: 0, count: 3_000_000), from: sections[0])
    #expect(zeros.blocks.count == 3 && zeros.end == bytes.count && zeros.rest == .cutOff)
    for junk in [[0, 0, 1], [UInt8](repeating: 7, count: 100), [UInt8](repeating: 0xff, count: 12)] as [[UInt8]] {
      let found = try scan(bytes + junk, from: sections[0])
      #expect(found.blocks.count == 3 && found.end == bytes.count && found.rest == .unreadable, "\(junk)")
    }
    // A block that is not what it is called does not keep the ones behind it from being found.
    var wrong = bytes
    wrong[sections[2] - 1] ^= 1
    let found = try scan(wrong, from: sections[0])
    #expect(found.blocks == [3, 1_500_000] && found.end == bytes.count && found.rest == .nothing)
  }

  @Test func scanningAnythingEnds() throws {
    var generator = SeededGenerator(seed: 9)
    let (bytes, sections) = try car()
    for _ in 0..<300 {
      var damaged = Array(bytes.prefix(sections[2] + 400))
      for _ in 0..<3 { damaged[Int.random(in: sections[0]..<damaged.count, using: &generator)] ^= 0x41 }
      let found = try scan(damaged, from: sections[0])
      #expect(found.end <= damaged.count)
    }
  }

  private func directory(_ entries: [(String, CID)]) -> CID {
    var block: [UInt8] = []
    for (name, cid) in entries { PBLink.append(to: &block, name: name, link: DAGLink(cid: cid, size: 1)) }
    return store.put(dagPB: block + [0x0a, 0x02, 0x08, 0x01])
  }

  @Test func whatDAGsLack() throws {
    let leaf = try address(Array("leaf".utf8), profile: .v1, sink: store.put).cid
    let gone = CID.v1(.raw, SHA256Digest(of: [1]))
    let shared = directory([("a", leaf), ("b", gone), ("c", leaf)])
    let whole = directory([("a", leaf), ("b", leaf)])
    let first = directory([("w", whole), ("x", shared)])
    let second = directory([("x", shared)])
    let other = CID.v1(CID.Codec(rawValue: 0x71), SHA256Digest(of: [2]))
    store.put(other, [2])
    var check = DAGCheck()
    #expect(try check.problem(below: first, from: store.get) == .missingBlock(gone))
    // What was seen on the way to a block that is missing is not taken for whole.
    #expect(try check.problem(below: shared, from: store.get) == .missingBlock(gone))
    #expect(try check.problem(below: second, from: store.get) == .missingBlock(gone))
    #expect(try check.problem(below: whole, from: store.get) == nil)
    #expect(try check.problem(below: gone, from: store.get) == .missingBlock(gone))
    #expect(try check.problem(below: other, from: store.get) == .unsupportedCodec(other))
    struct Failure: Error {}
    #expect(throws: Failure.self) { try check.problem(below: directory([]), from: { _ in throw Failure() }) }
  }

  @Test func whatRootsShareIsReadOnce() throws {
    let leaves = try (0..<200).map { try address(Array("leaf \($0)".utf8), profile: .v1, sink: store.put).cid }
    let folder = directory(leaves.enumerated().map { ("\($0)", $1) })
    let roots = (0..<500).map { directory([("\($0)", folder)]) }
    var check = DAGCheck()
    for root in roots { #expect(try check.problem(below: root, from: store.get) == nil) }
    #expect(store.reads == 200 + 1 + 500)
    // As deep as may be: no recursion.
    let deep = (0..<20_000).reduce(folder) { cid, _ in directory([("d", cid)]) }
    #expect(try check.problem(below: deep, from: store.get) == nil)
  }

  /// Names of somebody else end up in terminals.
  @Test func messagesHoldNoControlCharacters() throws {
    let leaf = try address(Array("leaf".utf8), profile: .v1, sink: store.put).cid
    let name = "\u{1b}]0;x\u{7}\u{1b}[31m\n\u{9b}\u{202e}/é"
    let directory = directory([(name, leaf)])
    let error = #expect(throws: UnixFSError.self) { try treeFiles(of: directory, from: store.get) }
    let expected = #""\u{1b}]0;x\u{7}\u{1b}[31m\n\u{9b}\u{202e}/é""#
    #expect(error?.description == "the block \(directory) is malformed: the name \(expected) of an entry")
    #expect(UnixFSError.noLink(name: name, under: leaf).description.contains(expected))
    #expect(DirectoryError.invalidName(name).description.contains(expected))
    #expect(quoted(String(repeating: "a", count: 1000)) == "\"" + String(repeating: "a", count: 200) + "…\"")
  }

  @Test func oneNameTwice() throws {
    let leaf = try address(Array("leaf".utf8), profile: .v1, sink: store.put).cid
    let twice = directory([("a", leaf), ("b", leaf), ("a", leaf)])
    let reason = "two entries are named \"a\""
    #expect(throws: UnixFSError.malformed(twice, reason: reason)) { try treeFiles(of: twice, from: store.get) }
    // Bytes count, not what text they are.
    let forms = directory([("\u{e9}", leaf), ("e\u{301}", leaf)])
    #expect(try treeFiles(of: forms, from: store.get).count == 2)
  }
}
