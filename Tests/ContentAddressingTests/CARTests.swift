import ContentAddressing
import Files
import Testing

@Suite struct CARTests {
  private let store = BlockStore()
  private let tree: FileTree = ["index.html": "home", "a/x": "same", "a/y": "same", "b/z": "other"]

  private func car(_ profile: UnixFSProfile) throws -> (root: CID, bytes: [UInt8]) {
    let root = try address(tree, profile: profile, sink: store.put).root.cid
    var bytes: [UInt8] = []
    try writeCAR(root: root, from: store.get) { bytes += $0 }
    return (root, bytes)
  }

  private func read(
    _ bytes: [UInt8], pieces: Int = 1 << 20, limits: CARReader.Limits = CARReader.Limits()
  ) throws -> (roots: [CID], blocks: [(CID, [UInt8])]) {
    var blocks: [(CID, [UInt8])] = []
    var rest = bytes[...]
    let roots = try readCAR(
      from: {
        if rest.isEmpty { return nil }
        defer { rest = rest.dropFirst(pieces) }
        return Array(rest.prefix(pieces))
      }, limits: limits, to: { blocks.append(($0, $1)) })
    return (roots, blocks)
  }

  /// The bytes that `ipfs dag export` writes in front of the blocks.
  @Test func headers() throws {
    let block: [UInt8] = [0x0a, 0x02, 0x08, 0x01]
    for (cid, length, inner) in [
      (CID.v1(.dagPB, SHA256Digest(of: block)), 0x3a, 0x25), (CID.v0(SHA256Digest(of: block)), 0x38, 0x23),
    ] as [(CID, UInt8, UInt8)] {
      var bytes: [UInt8] = []
      var writer = try CARWriter(roots: [cid], to: { bytes += $0 })
      let expected =
        [length, 0xa2, 0x65] + Array("roots".utf8) + [0x81, 0xd8, 0x2a, 0x58, inner, 0x00] + cid.bytes
        + [0x67] + Array("version".utf8) + [0x01]
      #expect(bytes == expected)
      try writer.write(cid, block)
      try writer.write(cid, block)
      #expect(bytes == expected + [UInt8(cid.byteCount + 4)] + cid.bytes + block)
      #expect(try read(bytes).roots == [cid])
    }
  }

  @Test(arguments: profiles, [1, 7, 64, 1 << 20])
  func roundTrip(_ profile: UnixFSProfile, _ pieces: Int) throws {
    let (root, bytes) = try car(profile)
    let (roots, blocks) = try read(bytes, pieces: pieces)
    #expect(roots == [root])
    // Root first, and each block once: two of the files are the same.
    #expect(blocks.first?.0 == root)
    #expect(blocks.count == 6 && Set(blocks.map(\.0)) == Set(store.cids))
    for (cid, block) in blocks { #expect(store.blocks[cid] == block) }
  }

  @Test func depthFirst() throws {
    let root = try address(tree, profile: .v1, sink: store.put)
    var order: [CID] = []
    try forEachBlock(under: root.root.cid, from: store.get) { cid, _ in order.append(cid) }
    let expected = [root.root.cid] + ["a", "a/x", "b", "b/z", "index.html"].compactMap { root[$0]?.cid }
    #expect(order == expected)
  }

  @Test func noRootOrMany() throws {
    for count in [0, 1, 23, 24, 300] {
      var bytes: [UInt8] = []
      let roots = (0..<count).map { CID.v1(.raw, SHA256Digest(of: Array("\($0)".utf8))) }
      _ = try CARWriter(roots: roots, to: { bytes += $0 })
      #expect(try read(bytes).roots == roots)
    }
  }

  @Test func emptyBlocks() throws {
    var bytes: [UInt8] = []
    let cid = CID.v1(.raw, SHA256Digest(of: []))
    var writer = try CARWriter(roots: [cid], to: { bytes += $0 })
    try writer.write(cid, [])
    #expect(try read(bytes).blocks.map(\.0) == [cid])
  }

  @Test func everyTruncation() throws {
    let (_, bytes) = try car(.v0)
    var whole = 0
    for end in 0..<bytes.count {
      do {
        _ = try read(Array(bytes[..<end]))
        whole += 1
      } catch CARError.truncated(let missing) {
        #expect(missing > 0)
      }
    }
    // Between the header and the blocks a CAR may end.
    #expect(whole == 6)
  }

  /// In version 1, a codec's byte may change unseen: nothing hashes it.
  @Test func everyCorruption() throws {
    let (root, bytes) = try car(.v0)
    let header = 57
    for index in bytes.indices {
      var bytes = bytes
      bytes[index] ^= index < header ? 0x04 : 0x81
      do {
        let roots = try read(bytes).roots
        // The digest of the root in the header is any 32 bytes; what it says is the caller's to check.
        #expect((16..<48).contains(index) && roots != [root], "byte \(index)")
      } catch {
        #expect(error is CARError)
      }
    }
  }

  @Test func limits() throws {
    let (root, bytes) = try car(.v1)
    #expect(throws: CARError.headerTooLarge(58, limit: 57)) {
      try read(bytes, limits: CARReader.Limits(headerSize: 57))
    }
    let size = root.byteCount + (try #require(store.blocks[root]).count)
    #expect(throws: CARError.sectionTooLarge(size, limit: 100, offset: 59)) {
      try read(bytes, limits: CARReader.Limits(sectionSize: 100))
    }
    // A length of 4 GiB is refused before anything is reserved for it.
    let huge = bytes.prefix(59) + [0x80, 0x80, 0x80, 0x80, 0x10]
    #expect(throws: CARError.sectionTooLarge(1 << 32, limit: 8 << 20, offset: 59)) { try read(Array(huge)) }
  }

  @Test func refusedForms() throws {
    let header = Array(try car(.v1).bytes.prefix(59))
    let cid = CID.v1(.raw, SHA256Digest(of: [1]))
    #expect(throws: CARError.hashMismatch(cid, offset: 59)) { try read(header + [37] + cid.bytes + [2]) }
    #expect(throws: CARError.malformedSection(offset: 59, reason: "it is empty")) { try read(header + [0, 1]) }
    #expect(throws: CARError.malformedSection(offset: 59, reason: "a number of more than 63 bits")) {
      try read(header + [UInt8](repeating: 0xff, count: 12))
    }
    #expect(throws: CARError.malformedSection(offset: 59, reason: "\(CIDError.unsupportedVersion(2))")) {
      try read(header + [2, 2, 2])
    }
    #expect(throws: CARError.malformedHeader(reason: "it is empty")) { try read([0]) }
    #expect(throws: CARError.truncated(missing: 1)) { try read([]) }
    // The first bytes of every CAR of version 2.
    let second: [UInt8] = [0x0a, 0xa1, 0x67] + Array("version".utf8) + [0x02]
    #expect(throws: CARError.unsupportedVersion(2)) { try read(second) }
  }

  @Test func missingBlocks() throws {
    let (root, _) = try car(.v1)
    let gone = try #require(store.cids.first)
    store.remove(gone)
    #expect(throws: UnixFSError.missingBlock(gone)) {
      try writeCAR(root: root, from: store.get, to: { _ in })
    }
  }
}

@Suite struct DAGWalkTests {
  private let store = BlockStore()

  @Test(arguments: profiles) func asksForEachBlockOnce(_ profile: UnixFSProfile) throws {
    let tree: FileTree = ["index.html": "home", "a/x": "same", "a/y": "same", "b/z": "other"]
    let root = try address(tree, profile: profile, sink: store.put).root.cid
    var walk = DAGWalk(roots: [root, root.asV1])
    var asked: [CID] = []
    while !walk.isDone {
      // All that is known at a time is under way at once, and comes back in the other order.
      var wave: [CID] = []
      while let cid = try walk.next() { wave.append(cid) }
      asked += wave
      for cid in wave.reversed() { try walk.take(cid, try #require(store.blocks[cid])) }
    }
    #expect(asked.first == root)
    #expect(asked.count == 6 && Set(asked) == Set(store.cids))
    #expect(walk.blocks == 6 && walk.bytes == store.blocks.values.reduce(0) { $0 + $1.count })
  }

  @Test func refusesAnotherBlock() throws {
    let root = try address(["a": "text"] as FileTree, profile: .v0, sink: store.put).root.cid
    var walk = DAGWalk(roots: [root])
    let asked = try #require(try walk.next())
    #expect(throws: UnixFSError.hashMismatch(root)) { try walk.take(asked, [1, 2, 3]) }
    #expect(try walk.next() == nil)
    #expect(!walk.isDone)
  }
}
