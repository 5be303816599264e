import Files
import Testing

@testable import ContentAddressing

/// What a gateway does, and what a hostile DAG may try with it.
@Suite struct ReaderTests {
  private let store = BlockStore()

  @Test func resolving() throws {
    let tree: FileTree = ["index.html": "home", "posts/a b.html": "a", "posts/caf\u{e9}.html": "b"]
    let root = try address(tree, profile: .v0, sink: store.put)
    let posts = try #require(root["posts"]).cid
    let file = try resolve(["posts", "caf\u{e9}.html"], under: root.root.cid, from: store.get)
    #expect(file.cids == [root.root.cid, posts, try #require(root["posts/caf\u{e9}.html"]).cid])
    #expect(try store.read(file.cid) == Array("b".utf8))
    #expect(try resolve([], under: posts, from: store.get).cids == [posts])
    #expect(throws: UnixFSError.noLink(name: "none", under: posts)) {
      try resolve(["posts", "none"], under: root.root.cid, from: store.get)
    }
    #expect(throws: UnixFSError.noLink(name: "cafe\u{301}.html", under: posts)) {
      try resolve(["posts", "cafe\u{301}.html"], under: root.root.cid, from: store.get)
    }
    let index = try #require(root["index.html"]).cid
    #expect(throws: UnixFSError.notADirectory(index)) {
      try resolve(["index.html", "x"], under: root.root.cid, from: store.get)
    }
    #expect(throws: UnixFSError.notADirectory(index)) { try directoryEntries(of: index, from: store.get) }
    #expect(throws: UnixFSError.notAFile(posts)) { try store.read(posts) }
    #expect(throws: UnixFSError.notAFile(posts)) { try fileSize(of: posts, from: store.get) }
    #expect(throws: UnixFSError.tooManyEntries(posts, limit: 1)) {
      try directoryEntries(of: posts, limit: 1, from: store.get)
    }
    store.remove(posts)
    #expect(throws: UnixFSError.missingBlock(posts)) {
      try resolve(["posts"], under: root.root.cid, from: store.get)
    }
    let message = UnixFSError.noLink(name: "missing", under: posts).description
    #expect(message == "no link named \"missing\" under \(posts)")
  }

  @Test func symbolicLinks() throws {
    let cid = store.put(dagPB: [0x0a, 0x09, 0x08, 0x04, 0x12, 0x03] + Array("a/b".utf8) + [0x18, 0x03])
    guard case .symlink(let target) = try UnixFSNode(cid: cid, block: try #require(store.get(cid))) else {
      Issue.record("no symbolic link")
      return
    }
    #expect(target == "a/b")
    #expect(throws: UnixFSError.notAFile(cid)) { try store.read(cid) }
  }

  @Test func modesAndTimesArePassedOver() throws {
    // Type file, data "hi", filesize 2, mode 0644, mtime {seconds: 5}.
    let data: [UInt8] = [0x08, 0x02, 0x12, 0x02, 0x68, 0x69, 0x18, 0x02, 0x38, 0xa4, 0x03, 0x42, 0x02, 0x08, 0x05]
    let cid = store.put(dagPB: [0x0a, UInt8(data.count)] + data)
    #expect(try store.read(cid) == [0x68, 0x69])
  }

  @Test func dataOfAnInnerNodeComesFirst() throws {
    let leaf = try address([3, 4], profile: .v1, sink: store.put)
    let root = fileNode([(leaf.cid, 2)], data: [1, 2], fileSize: 4)
    #expect(try store.read(root) == [1, 2, 3, 4])
    #expect(try store.read(root, range: 1..<3) == [2, 3])
  }

  @Test func wrongHashesAreSeen() throws {
    let file = try address([1, 2, 3], profile: .v1)
    let lookup = verifying { _ in [1, 2, 4] }
    #expect(throws: UnixFSError.hashMismatch(file.cid)) { try readFile(file.cid, from: lookup, to: { _ in }) }
    let right = verifying { _ in [1, 2, 3] }
    #expect(try fileSize(of: file.cid, from: right) == 3)
    #expect(try verifying { _ in nil }(file.cid) == nil)
  }

  // MARK: - Hostile DAGs

  /// A file node put together by hand, sizes as claimed.
  private func fileNode(_ children: [(CID, Int)], data: [UInt8] = [], fileSize: Int) -> CID {
    var block: [UInt8] = []
    for (cid, _) in children { PBLink.append(to: &block, name: "", link: DAGLink(cid: cid, size: 1)) }
    var unixFS: [UInt8] = [0x08, 0x02]
    if !data.isEmpty {
      unixFS += [0x12, UInt8(data.count)] + data
    }
    unixFS.append(0x18)
    unixFS.appendUvarint(fileSize)
    for (_, size) in children {
      unixFS.append(0x20)
      unixFS.appendUvarint(size)
    }
    block.appendPBData(unixFS)
    return store.put(dagPB: block)
  }

  @Test func chainsWithoutEnd() throws {
    var cid = try address([1], profile: .v1, sink: store.put).cid
    for _ in 0..<64 { cid = fileNode([(cid, 1)], fileSize: 1) }
    #expect(try store.read(cid) == [1])
    cid = fileNode([(cid, 1)], fileSize: 1)
    #expect { try store.read(cid) } throws: { error in
      if case .tooDeep = error as? UnixFSError { true } else { false }
    }
  }

  /// 100 links to the same child, on 20 levels: 10^40 visits to no bytes at all, were they made.
  @Test func manyWaysToNothing() throws {
    var cid = try address([], profile: .v1, sink: store.put).cid
    for _ in 0..<20 { cid = fileNode(Array(repeating: (cid, 0), count: 100), fileSize: 0) }
    let before = store.reads
    #expect(try store.read(cid) == [])
    #expect(store.reads - before == 1)
  }

  @Test func sizesThatLie() throws {
    let leaf = try address([1, 2, 3], profile: .v1, sink: store.put).cid
    for (claimed, total) in [(2, 2), (4, 4)] {
      let root = fileNode([(leaf, claimed)], fileSize: total)
      #expect(throws: UnixFSError.malformed(leaf, reason: "3 bytes where its parent says \(claimed)")) {
        try store.read(root)
      }
    }
    for root in [
      fileNode([(leaf, 3)], fileSize: 4), fileNode([(leaf, Int.max), (leaf, Int.max)], fileSize: 6),
    ] {
      #expect { try fileSize(of: root, from: store.get) } throws: { error in
        if case .malformed(root, _) = error as? UnixFSError { true } else { false }
      }
    }
  }

  /// Bytes of a file of 2^62: a range of it costs a walk down, and nothing else.
  @Test func oneBlockFarInAHugeFile() throws {
    var cid = try address([7], profile: .v1, sink: store.put).cid
    var size = 1
    for _ in 0..<62 {
      cid = fileNode([(cid, size), (cid, size)], fileSize: 2 * size)
      size *= 2
    }
    let before = store.reads
    #expect(try store.read(cid, range: size - 2..<size) == [7, 7])
    #expect(store.reads - before <= 64)
  }

  private func shard(_ links: [(slot: Int, name: String, cid: CID)]) -> CID {
    var bitfield = [UInt8](repeating: 0, count: 32)
    var block: [UInt8] = []
    for link in links {
      bitfield[31 - link.slot / 8] |= 1 << UInt8(link.slot % 8)
      let name = HAMTSlots(fanout: 256).prefix(link.slot) + link.name
      PBLink.append(to: &block, name: name, link: DAGLink(cid: link.cid, size: 1))
    }
    block.appendPBData(UnixFSData.shard(bitfield: bitfield.drop { $0 == 0 }, fanout: 256))
    return store.put(dagPB: block)
  }

  /// 256 links to the same node on 7 levels: 2^56 entries, were the slots not checked against the names.
  @Test func oneShardManyTimes() throws {
    let leaf = try address([1], profile: .v1, sink: store.put).cid
    var cid = shard([(Int(murmur3("a") & 0xff), "a", leaf)])
    for _ in 0..<7 {
      let below = cid
      cid = shard((0..<256).map { ($0, "", below) })
    }
    let before = store.reads
    #expect { try directoryEntries(of: cid, from: store.get) } throws: { error in
      if case .malformed = error as? UnixFSError { true } else { false }
    }
    #expect(store.reads - before <= 16)
  }

  @Test func shardsWithoutEntriesOrEnd() throws {
    let empty = shard([])
    #expect(try directoryEntries(of: empty, from: store.get).isEmpty)
    #expect(throws: UnixFSError.malformed(empty, reason: "a sharded directory's node without entries")) {
      try directoryEntries(of: shard([(1, "", empty)]), from: store.get)
    }
    var cid = empty
    let hash = murmur3("a")
    for level in (0..<9).reversed() {
      cid = shard([(HAMTSlots(fanout: 256).slot(of: hash, level: level % 8), "", cid)])
    }
    #expect(throws: UnixFSError.noLink(name: "a", under: cid)) { try resolve(["a"], under: cid, from: store.get) }
    #expect { try directoryEntries(of: cid, from: store.get) } throws: { error in
      if case .tooDeep = error as? UnixFSError { true } else { false }
    }
  }

  @Test func shardsThatAreFilesOrHaveWrongSlots() throws {
    let leaf = try address([1], profile: .v1, sink: store.put).cid
    let slot = HAMTSlots(fanout: 256).slot(of: murmur3("a"), level: 0)
    let root = shard([(slot, "", leaf)])
    #expect(throws: UnixFSError.self) { try resolve(["a"], under: root, from: store.get) }
    #expect(throws: UnixFSError.self) { try directoryEntries(of: root, from: store.get) }
    // The right block, with one bit of its bitfield moved.
    var block = try #require(store.get(shard([(0x54, "c.txt", leaf)])))
    let byte = try #require(block.lastIndex(of: 0x10))
    block[byte] = 0x20
    let cid = store.put(dagPB: block)
    #expect(throws: UnixFSError.malformed(cid, reason: "the slot of \"54c.txt\" is not one of its node at byte 0")) {
      try directoryEntries(of: cid, from: store.get)
    }
  }

  @Test(arguments: [
    "", "0a", "0a00", "0a0108", "0a020800ff", "0a020806", "0a040802180", "0a0408021801", "0a020803", "0a0208010a020801",
    "1200", "12020a00", "12040a021220", "0a0408020802", "1a00", "0a80808080808080808001", "0a8000", "0a0408022005",
  ])
  func malformedBlocks(_ hex: String) throws {
    let cid = store.put(dagPB: hexadecimalBytes(hex) ?? [0xff])
    #expect { try UnixFSNode(cid: cid, block: try #require(store.get(cid))) } throws: { error in
      if case .malformed(cid, let reason) = error as? UnixFSError { !reason.isEmpty } else { false }
    }
  }

  @Test func otherCodecs() throws {
    let cid = CID.v1(CID.Codec(rawValue: 0x71), SHA256Digest(of: [0xa0]))
    store.put(cid, [0xa0])
    #expect(throws: UnixFSError.unsupportedCodec(cid)) { try resolve([], under: cid, from: store.get) }
    #expect(throws: UnixFSError.unsupportedCodec(cid)) { try forEachBlock(under: cid, from: store.get) { _, _ in } }
  }
}
