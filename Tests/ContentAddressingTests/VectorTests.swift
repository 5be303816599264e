import Files
import Testing

@testable import ContentAddressing

@Suite struct VectorTests {
  @Test(arguments: try Vectors.load().files, profiles)
  func file(_ vector: Vectors.File, _ profile: UnixFSProfile) throws {
    let expected = vector.expected[profile]
    var sizes: [CID: Int] = [:]
    var last: [UInt8] = []
    var addresser = FileAddresser(profile: profile) { cid, block in
      sizes[cid] = block.count
      last = block
    }
    try forEachPiece(of: vector.sizeBytes) { try addresser.append($0) }
    let file = try addresser.finish()
    #expect(file.cid.text == expected.cid)
    #expect(file.size == expected.size)
    #expect(file.fileSize == vector.sizeBytes)
    #expect(sizes.count == expected.blocks)
    #expect(sizes.values.reduce(0, +) == expected.uniqueBytes)
    #expect(file.cid.matches(last))
    if let hex = expected.blockHex { #expect(hexadecimal(last) == hex) }
  }

  @Test(arguments: try Vectors.load().files.filter { $0.sizeBytes < 2_000_000 }, profiles)
  func fileReadBack(_ vector: Vectors.File, _ profile: UnixFSProfile) throws {
    let store = BlockStore()
    let file = try address(pattern(vector.sizeBytes), profile: profile, sink: store.put)
    #expect(SHA256Digest(of: try store.read(file.cid)).hex == vector.sha256)
    #expect(try fileSize(of: file.cid, from: store.get) == vector.sizeBytes)
    // Without a sink, where no block is put together, the answer is the same.
    #expect(try address(pattern(vector.sizeBytes), profile: profile) == file)
  }

  @Test func twoLeafRootBlock() throws {
    let vector = try Vectors.load().twoLeafRoot
    let store = BlockStore()
    let file = try address(pattern(vector.sizeBytes), profile: .v0, sink: store.put)
    #expect(file.cid.text == vector.cid)
    #expect(hexadecimal(store.blocks[file.cid] ?? []) == vector.hex)
  }

  @Test(arguments: try Vectors.load().directories.filter { !$0.entries.isEmpty || $0.name == "dir-empty" }, profiles)
  func directory(_ vector: Vectors.Directory, _ profile: UnixFSProfile) throws {
    var tree = FileTree()
    var directories: [TreePath] = []
    for entry in vector.entries {
      let path = try #require(TreePath(entry.path))
      if entry.isDirectory { directories.append(path) } else { tree[path] = .bytes(entry.contents) }
    }
    let store = BlockStore()
    let addressed = try address(tree, emptyDirectories: directories, profile: profile, sink: store.put)
    let expected = vector.expected[profile]
    #expect(addressed.root.cid.text == expected.cid)
    #expect(addressed.root.size == expected.size)
    #expect(store.cids.count == expected.blocks)
    #expect(addressed.files.count + addressed.directories.count == vector.entries.count)
    for entry in vector.entries {
      let path = try #require(TreePath(entry.path))
      let link = try #require(addressed[path])
      #expect(link.cid.text == entry.expected[profile].cid, "\(entry.path)")
      #expect(link.size == entry.expected[profile].size, "\(entry.path)")
      let names = entry.path.split(separator: "/").map(String.init)
      let resolved = try resolve(names, under: addressed.root.cid, from: store.get)
      #expect(resolved.cid == link.cid)
      #expect(resolved.cids.count == names.count + 1)
      if !entry.isDirectory { #expect(try store.read(resolved.cid) == entry.contents) }
    }
    if let hex = expected.blockHex { #expect(hexadecimal(store.blocks[addressed.root.cid] ?? []) == hex) }
  }

  @Test(arguments: try Vectors.load().directories.filter { $0.entries.isEmpty && $0.name != "dir-empty" }, profiles)
  func largeDirectory(_ vector: Vectors.Directory, _ profile: UnixFSProfile) throws {
    let store = BlockStore()
    let entries = try entries(of: vector.name, profile, store)
    let node = try DirectoryNode(entries: entries, profile: profile, sink: store.put)
    let expected = vector.expected[profile]
    #expect(node.link.cid.text == expected.cid)
    #expect(node.link.size == expected.size)
    #expect(node.isSharded == (expected.root == "hamt"))
    #expect(store.cids.count == expected.blocks)
    #expect(node.isAtThreshold == (vector.name == "dir-4096-at-threshold" && profile == .v0))
    if let old = expected.cidWithOldThreshold {
      var profile = profile
      profile.shardingThreshold -= 1
      #expect(try DirectoryNode(entries: entries, profile: profile).link.cid.text == old)
    }
    let listed = try directoryEntries(of: node.link.cid, from: store.get)
    #expect(listed.map(\.name) == entries.map(\.name))
    #expect(listed.map(\.link) == entries.map(\.link))
    for index in stride(from: 0, to: entries.count, by: 311) {
      let entry = entries[index]
      #expect(try resolve([entry.name], under: node.link.cid, from: store.get).cid == entry.link.cid)
    }
    for name in ["", "missing", "00000000000000000000000000000", "file-10000.txt"] {
      #expect(throws: UnixFSError.noLink(name: name, under: node.link.cid)) {
        try resolve([name], under: node.link.cid, from: store.get)
      }
    }
  }

  private func entries(of name: String, _ profile: UnixFSProfile, _ store: BlockStore) throws -> [DirectoryEntry] {
    var addresser = FileAddresser(profile: profile, sink: store.put)
    func entry(_ name: String, _ text: String) throws -> DirectoryEntry {
      try addresser.append(text.utf8)
      return DirectoryEntry(name: name, link: try addresser.finish().link)
    }
    func padded(_ number: Int, _ width: Int) -> String {
      String(repeating: "0", count: width - String(number).count) + String(number)
    }
    switch name {
    case "dir-10000": return try (0..<10000).map { try entry("file-\(padded($0, 5)).txt", "\($0)\n") }
    case "dir-4096-at-threshold": return try (0..<4096).map { try entry(padded($0, 30), "x") }
    case "dir-4097-over-threshold": return try (0..<4097).map { try entry(padded($0, 30), "x") }
    default: throw UnknownVector(name: name)
    }
  }

  private struct UnknownVector: Error { let name: String }

  @Test func murmur3Hashes() throws {
    let vectors = try Vectors.load()
    for vector in vectors.murmur {
      let digits = String(murmur3(vector.name), radix: 16)
      #expect(String(repeating: "0", count: 16 - digits.count) + digits == vector.hex, "\(vector.name)")
    }
    #expect(vectors.murmur.count == 8)
  }

  @Test func hamtExample() throws {
    let vector = try Vectors.load().hamtExample
    let store = BlockStore()
    var profile = UnixFSProfile.v0
    profile.shardingThreshold = 0
    let file = try address(Array("x".utf8), profile: profile, sink: store.put)
    let entries = vector.names.keys.map { DirectoryEntry(name: $0, link: file.link) }
    for (name, hash) in vector.names { #expect(String(murmur3(name), radix: 16) == hash) }
    let node = try DirectoryNode(entries: entries, profile: profile, sink: store.put)
    #expect(node.link.cid.text == vector.root)
    #expect(node.link.size == vector.size)
    #expect(hexadecimal(store.blocks[node.link.cid] ?? []) == vector.rootBlockHex)
    #expect(try resolve(["b.txt"], under: node.link.cid, from: store.get).cid == file.cid)
  }
}
