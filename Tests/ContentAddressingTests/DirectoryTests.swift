import Files
import TestSupport
import Testing

@testable import ContentAddressing

@Suite struct DirectoryTests {
  private func link(_ text: String, _ profile: UnixFSProfile = .v0) throws -> DAGLink {
    try address(Array(text.utf8), profile: profile).link
  }

  /// One entry whose name fills the measure up to the threshold, then one byte more.
  @Test(arguments: profiles)
  func oneByteOverTheThreshold(_ profile: UnixFSProfile) throws {
    let link = try link("x", profile)
    // Bytes of the measure beside the name: the CID; or the link's fields around it, and the four of the data.
    let overhead: Int
    switch profile.shardingMeasure {
    case .links: overhead = link.cid.byteCount
    case .block: overhead = 4 + (1 + 3) + (1 + 1 + 36) + (1 + 3) + (1 + 1)
    }
    for (length, isSharded) in [(262_143, false), (262_144, false), (262_145, true)] {
      let name = String(repeating: "n", count: length - overhead)
      let store = BlockStore()
      let node = try DirectoryNode(
        entries: [DirectoryEntry(name: name, link: link)], profile: profile, sink: store.put)
      #expect(node.isSharded == isSharded, "\(length)")
      #expect(node.isAtThreshold == (length == 262_144))
      if profile.shardingMeasure == .block, !isSharded {
        #expect(store.blocks[node.link.cid]?.count == length)
      }
      let entries = try directoryEntries(of: node.link.cid, from: store.get)
      #expect(entries.map(\.name) == [name] && entries.map(\.link) == [link])
    }
  }

  @Test func orderOfEntriesDoesNotMatter() throws {
    var generator = SeededGenerator(seed: 3)
    for threshold in [0, 262_144] {
      var profile = UnixFSProfile.v0
      profile.shardingThreshold = threshold
      var entries = try (0..<600).map { DirectoryEntry(name: "n\($0)é", link: try link("\($0)")) }
      let root = try DirectoryNode(entries: entries, profile: profile).link
      for _ in 0..<3 {
        entries.shuffle(using: &generator)
        #expect(try DirectoryNode(entries: entries, profile: profile).link == root)
      }
    }
  }

  @Test(arguments: [8, 16, 32, 64, 128, 256, 512, 1024])
  func everyFanout(_ fanout: Int) throws {
    var profile = UnixFSProfile.v1
    profile.fanout = fanout
    profile.shardingThreshold = 0
    let store = BlockStore()
    let entries = try (0..<300).map { DirectoryEntry(name: "n\($0)", link: try link("\($0)", profile)) }
    let root = try DirectoryNode(entries: entries, profile: profile, sink: store.put).link.cid
    #expect(try directoryEntries(of: root, from: store.get).count == 300)
    for entry in entries { store.put(entry.link.cid, Array(entry.name.utf8.dropFirst())) }
    for entry in entries {
      #expect(try resolve([entry.name], under: root, from: store.get).cid == entry.link.cid)
    }
  }

  @Test(arguments: ["", ".", "..", "a/b"])
  func refusedNames(_ name: String) throws {
    let link = try link("x")
    #expect(throws: DirectoryError.invalidName(name)) {
      try DirectoryNode(entries: [DirectoryEntry(name: name, link: link)], profile: .v0)
    }
  }

  @Test func sameTextInTwoCodingsIsTwoNames() throws {
    let link = try link("x")
    let names = ["caf\u{e9}", "cafe\u{301}"]
    let store = BlockStore()
    let node = try DirectoryNode(
      entries: names.map { DirectoryEntry(name: $0, link: link) }, profile: .v0, sink: store.put)
    #expect(try directoryEntries(of: node.link.cid, from: store.get).count == 2)
    #expect(throws: DirectoryError.duplicateName("a")) {
      try DirectoryNode(
        entries: ["a", "b", "a"].map { DirectoryEntry(name: $0, link: link) }, profile: .v0)
    }
  }

  @Test func emptyDirectoryByHand() throws {
    let node = try DirectoryNode(entries: [], profile: .v0)
    #expect(node.link.cid.text == "QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn" && node.link.size == 4)
  }
}

@Suite struct TreeTests {
  private let tree: FileTree = [
    "index.html": "home", "a-b/x": "1", "a/x": "2", "a/b/c/d": "3", "a.x": "4", "a0/y": "5", "é/ü": "6",
  ]

  @Test(arguments: profiles)
  func knownLeavesGiveTheSameTree(_ profile: UnixFSProfile) throws {
    let whole = try address(tree, emptyDirectories: ["none", "a/none"], profile: profile)
    #expect(whole.files.map(\.path) == tree.paths)
    #expect(
      whole.directories.map(\.path.string) == ["a", "a-b", "a/b", "a/b/c", "a/none", "a0", "none", "é"])
    var leaves = whole.files.map { ($0.path, $0.link) }
    var generator = SeededGenerator(seed: 9)
    leaves.shuffle(using: &generator)
    let kept: [TreePath] = ["a/none", "none", "a"]
    let again = try directoryRoot(of: leaves, emptyDirectories: kept, profile: profile)
    #expect(again.root == whole.root)
    #expect(again.directories.map(\.link) == whole.directories.map(\.link))
    #expect(again["a/b/c/d"] == whole["a/b/c/d"] && again["a/b"] != nil && again["a/z"] == nil)
    let other = try directoryRoot(of: leaves, profile: profile)
    #expect(other.root != whole.root && other["none"] == nil)
  }

  @Test func directoriesAreThoseOfTheirEntries() throws {
    let whole = try address(tree, profile: .v0)
    let inner = try address(["x": "2", "b/c/d": "3"] as FileTree, profile: .v0)
    #expect(whole["a"] == inner.root)
  }

  @Test func conflicts() throws {
    let both: FileTree = ["a": "file", "a-b": "between", "a/b": "inside"]
    #expect(throws: TreeError.conflict("a")) { try address(both, profile: .v0) }
    let deep: FileTree = ["x/a": "file", "x/a.b": "between", "x/a/b": "inside"]
    #expect(throws: TreeError.conflict("x/a")) { try address(deep, profile: .v0) }
    let link = try address([], profile: .v0).link
    let twice: [(TreePath, DAGLink)] = [("b", link), ("b", link)]
    #expect(throws: TreeError.conflict("b")) { try directoryRoot(of: twice, profile: .v0) }
    let asDirectory: [TreePath] = ["a"]
    #expect(throws: TreeError.conflict("a")) {
      try address(["a": "file"] as FileTree, emptyDirectories: asDirectory, profile: .v0)
    }
  }

  @Test func directoriesAtTheThresholdAreNamed() throws {
    let link = try address([1], profile: .v0).link
    let name = String(repeating: "n", count: 262_144 - 34)
    let path = try #require(TreePath("some/" + name))
    #expect(try directoryRoot(of: [(path, link)], profile: .v0).directoriesAtThreshold == ["some"])
    let atRoot = try #require(TreePath(name))
    #expect(try directoryRoot(of: [(atRoot, link)], profile: .v0).directoriesAtThreshold == [nil])
    #expect(try address(tree, profile: .v0).directoriesAtThreshold.isEmpty)
  }

  @Test func deepPathsDoNotRecurse() throws {
    let path = try #require(TreePath(Array(repeating: "d", count: 2000).joined(separator: "/")))
    let link = try address([1], profile: .v0).link
    let addressed = try directoryRoot(of: [(path, link)], profile: .v0)
    #expect(addressed.directories.count == 1999)
  }

  @Test func blocksOfDirectoriesOnly() throws {
    let whole = try address(tree, profile: .v1)
    let store = BlockStore()
    _ = try directoryRoot(of: whole.files.map { ($0.path, $0.link) }, profile: .v1, sink: store.put)
    #expect(store.cids.count == whole.directories.count + 1)
    #expect(store.cids.last == whole.root.cid)
  }
}
