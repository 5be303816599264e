import ContentAddressing
import Files
import TestSupport
import Testing

/// Small enough that trees of several levels come out of a few bytes.
let tiny = UnixFSProfile(
  cidVersion: .v1, chunkSize: 2, hasRawLeaves: true, maxLinks: 3, shardingMeasure: .links)
let tinyV0 = UnixFSProfile(
  cidVersion: .v0, chunkSize: 2, hasRawLeaves: false, maxLinks: 3, shardingMeasure: .links)

@Suite struct FileAddresserTests {
  /// The balanced layout as boxo's `balanced/builder.go` describes it: leaves as dots, nodes as brackets.
  private func expectedShape(leaves: Int, width: Int) -> String {
    var rest = leaves - 1
    func fill(_ first: String, depth: Int) -> String {
      var children = first
      var count = first.isEmpty ? 0 : 1
      while count < width, rest > 0 {
        if depth == 1 {
          rest -= 1
          children += "."
        } else {
          children += fill("", depth: depth - 1)
        }
        count += 1
      }
      return "(" + children + ")"
    }
    var root = "."
    var depth = 1
    while rest > 0 {
      root = fill(root, depth: depth)
      depth += 1
    }
    return root
  }

  private func shape(_ cid: CID, _ store: BlockStore) throws -> String {
    guard case .file(let file) = try UnixFSNode(cid: cid, block: try #require(store.get(cid))) else { return "?" }
    if file.children.isEmpty { return "." }
    return "(" + (try file.children.map { try shape($0.cid, store) }).joined() + ")"
  }

  @Test(arguments: [tiny, tinyV0])
  func balancedLayout(_ profile: UnixFSProfile) throws {
    for size in 0...130 {
      let store = BlockStore()
      // No byte twice, so that no two leaves are one block.
      let bytes = (0..<size).map { UInt8($0) }
      let file = try address(bytes, profile: profile, sink: store.put)
      #expect(try shape(file.cid, store) == expectedShape(leaves: max(1, (size + 1) / 2), width: 3))
      #expect(try store.read(file.cid) == bytes)
      #expect(file.size == store.blocks.values.reduce(0) { $0 + $1.count })
      for (cid, block) in store.blocks { #expect(cid.matches(block)) }
    }
  }

  @Test(arguments: profiles, [1000, 4093, 65537, 262_144, 262_145, 999_999])
  func piecesOfAnySize(_ profile: UnixFSProfile, _ piece: Int) throws {
    let bytes = pattern(1_600_000)
    let whole = try address(bytes, profile: profile)
    var blocks = 0
    var addresser = FileAddresser(profile: profile) { _, _ in blocks += 1 }
    for start in stride(from: 0, to: bytes.count, by: piece) {
      try addresser.append(bytes[start..<min(start + piece, bytes.count)])
      try addresser.append([])
    }
    #expect(try addresser.finish() == whole)
    #expect(blocks > 1)
    // The next file starts from nothing, also after one that was given up.
    try addresser.append(bytes.prefix(300_000))
    addresser.reset()
    try addresser.append(bytes)
    #expect(try addresser.finish() == whole)
    #expect(try addresser.finish() == address([], profile: profile))
  }

  @Test(arguments: profiles)
  func fromDisk(_ profile: UnixFSProfile) throws {
    let temporary = try TemporaryFolder()
    let folder = temporary.path
    for size in [0, 1, 262_144, 1_100_000] {
      let bytes = pattern(size)
      try writeFile(folder + "/file", bytes)
      let expected = try address(bytes, profile: profile)
      #expect(try address(fileAt: folder + "/file", profile: profile) == expected)
      #expect(try address(.onDisk(path: folder + "/file", size: size), profile: profile) == expected)
      #expect(try address(.bytes(bytes), profile: profile) == expected)
      #expect(try address(.made { bytes }, profile: profile) == expected)
    }
    #expect(throws: FileError.self) { try address(fileAt: folder, profile: profile) }
    #expect(throws: FileError.self) { try address(fileAt: folder + "/none", profile: profile) }
  }

  @Test func bytesThatAreNoArray() throws {
    var addresser = FileAddresser(profile: tiny)
    try addresser.append("caf\u{e9}".utf8)
    try addresser.append([1, 2, 3, 4, 5].lazy.map { $0 + 1 })
    try addresser.append(repeatElement(9, count: 3))
    #expect(try addresser.finish() == address(Array("caf\u{e9}".utf8) + [2, 3, 4, 5, 6, 9, 9, 9], profile: tiny))
  }

  @Test func errorsOfTheSinkPass() {
    struct Full: Error {}
    #expect(throws: Full.self) { try address([1, 2, 3], profile: .v0, sink: { _, _ in throw Full() }) }
  }

  @Test(arguments: [tiny, tinyV0])
  func everyRange(_ profile: UnixFSProfile) throws {
    let store = BlockStore()
    let bytes = (0..<41).map { UInt8($0) }
    let file = try address(bytes, profile: profile, sink: store.put)
    for start in 0...41 {
      for end in start...41 {
        #expect(try store.read(file.cid, range: start..<end) == Array(bytes[start..<end]))
      }
    }
    #expect(throws: UnixFSError.rangeBeyondEnd(file.cid, fileSize: 41)) { try store.read(file.cid, range: 0..<42) }
    #expect(throws: UnixFSError.rangeBeyondEnd(file.cid, fileSize: 41)) { try store.read(file.cid, range: -1..<4) }
  }

  @Test func aRangeReadsOnlyItsBlocks() throws {
    let store = BlockStore()
    let file = try address((0..<200).map { UInt8($0) }, profile: tiny, sink: store.put)
    let before = store.reads
    #expect(try store.read(file.cid, range: 100..<101) == [100])
    // 100 leaves, 3 links a node: five levels of nodes, then the leaf.
    #expect(store.reads - before == 6)
    #expect(try store.read(file.cid, range: 7..<7) == [])
    #expect(store.reads - before == 7)
  }

  @Test func pulledPieceByPiece() throws {
    let store = BlockStore()
    let bytes = pattern(600_000)
    let file = try address(bytes, profile: .v0, sink: store.put)
    var reader = UnixFSFileReader(file.cid, range: 10..<600_000)
    var pieces: [[UInt8]] = []
    while let piece = try reader.next(from: store.get) { pieces.append(Array(piece)) }
    #expect(pieces.map(\.count) == [262_134, 262_144, 75_712])
    #expect(Array(pieces.joined()) == Array(bytes[10...]))
    #expect(try reader.next(from: store.get) == nil)
  }
}
