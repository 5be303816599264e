import Files
import TestSupport
import Testing

@testable import ContentAddressing

/// Damaged input ends in a value or in the typed error of its decoder, whatever was damaged.
@Suite struct FuzzTests {
  private func damaged(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      let place = Int.random(in: 0...bytes.count, using: &generator)
      switch Int.random(in: 0..<5, using: &generator) {
      case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 1 where place < bytes.count: bytes[place] = [0, 0x7f, 0x80, 0xff].randomElement(using: &generator) ?? 0
      case 2 where place < bytes.count: bytes.remove(at: place)
      case 3: bytes.removeLast(bytes.count - place)
      default: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
      }
    }
    return bytes
  }

  @Test func cidTexts() {
    var generator = SeededGenerator(seed: 11)
    let digest = SHA256Digest(of: [1])
    let texts = [CID.v0(digest).text] + Multibase.allCases.map { CID.v1(.raw, digest).text(in: $0) }
    var refused = 0
    for round in 0..<6000 {
      let text = String(decoding: damaged(Array(texts[round % texts.count].utf8), &generator), as: UTF8.self)
      do throws(CIDError) {
        let cid = try CID(text)
        // Each text is the only one of its CID in its base.
        #expect(cid.text == text || Multibase.allCases.contains { cid.text(in: $0) == text })
      } catch {
        refused += 1
      }
    }
    #expect(refused > 3000 && refused < 6000)
  }

  @Test func blocks() throws {
    var generator = SeededGenerator(seed: 12)
    let store = BlockStore()
    var profile = tiny
    profile.shardingThreshold = 100
    let tree: FileTree = ["index.html": "home page", "a/x": "one", "a/y": "two", "a/z": "three"]
    let root = try address(tree, profile: profile, sink: store.put).root.cid
    let originals = store.cids.filter { $0.codec == .dagPB }
    #expect(originals.count > 5)
    var refused = 0
    for round in 0..<6000 {
      let original = originals[round % originals.count]
      let block = damaged(try #require(store.blocks[original]), &generator)
      do throws(UnixFSError) {
        _ = try UnixFSNode(cid: original, block: block)
      } catch {
        refused += 1
      }
      // The same block inside its DAG, read through a lookup that does not check.
      let lookup: BlockLookup = { $0 == original ? block : store.get($0) }
      for attempt in [
        { _ = try resolve(["a", "y"], under: root, from: lookup) },
        { _ = try directoryEntries(of: root, from: lookup) },
        { try readFile(original, from: lookup, to: { _ in }) },
        { try forEachBlock(under: root, from: lookup) { _, _ in } },
      ] {
        do {
          try attempt()
        } catch {
          #expect(error is UnixFSError)
        }
      }
    }
    #expect(refused > 3000 && refused < 6000)
  }

  @Test func cars() throws {
    var generator = SeededGenerator(seed: 13)
    let store = BlockStore()
    let root = try address(["a": "1", "b/c": "2"] as FileTree, profile: .v0, sink: store.put).root.cid
    var car: [UInt8] = []
    try writeCAR(root: root, from: store.get) { car += $0 }
    var refused = 0
    for _ in 0..<4000 {
      var rest: [UInt8]? = damaged(car, &generator)
      do {
        _ = try readCAR(
          from: {
            defer { rest = nil }
            return rest
          }, to: { cid, block in #expect(cid.matches(block)) })
      } catch {
        #expect(error is CARError)
        refused += 1
      }
    }
    #expect(refused > 3000)
  }
}
