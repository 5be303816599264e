import ContentAddressing
import Files
import Glibc

/// The blocks of one request until it is answered: in memory while they are few, else in a pack of their own that becomes one of the store's
/// by being renamed. What is not committed leaves nothing but, after a crash, a file that the next start removes.
final class BlockStaging {
  /// Bytes held in memory before a request gets a pack of its own.
  static let memory = 4 << 20

  private let store: BlockStore
  private var seen: Set<SHA256Digest> = []
  private var held: [(cid: CID, block: [UInt8])] = []
  private var heldBytes = 0
  private var pack: PackFile?
  private var packEnd = 0
  private var packed: [PackedBlock] = []

  init(store: BlockStore) {
    self.store = store
  }

  deinit {
    if let pack { unlink(pack.path) }
  }

  /// Takes a block, if neither this request nor, as far as it is looked up, the store has it.
  func put(_ cid: CID, _ block: [UInt8]) throws {
    guard case .sha256(let digest) = cid.multihash, seen.insert(digest).inserted else { return }
    held.append((cid, block))
    heldBytes += block.count
    if heldBytes >= Self.memory { try spill() }
  }

  /// Hands over what was put; this value is empty then.
  func finish() throws -> StagedBlocks {
    if pack != nil, !held.isEmpty { try spill() }
    var staged = StagedBlocks(held: held)
    if let pack, !packed.isEmpty {
      if store.durability == .powerLoss { try pack.synchronize() }
      staged.pack = StagedPack(path: pack.path, blocks: packed)
      self.pack = nil
    }
    held = []
    packed = []
    return staged
  }

  private func spill() throws {
    let known = try store.known(held.compactMap { $0.cid.digest })
    var bytes: [UInt8] = []
    for (cid, block) in held {
      guard let digest = cid.digest, !known.contains(digest) else { continue }
      bytes += PackedBlock.prefix(cid, block.count)
      packed.append(
        PackedBlock(digest: digest, offset: max(packEnd, PackFile.header.count) + bytes.count, length: block.count))
      bytes += block
    }
    held.removeAll(keepingCapacity: true)
    heldBytes = 0
    guard !bytes.isEmpty else { return }
    let pack = try self.pack ?? store.newIncomingPack()
    self.pack = pack
    packEnd = max(packEnd, PackFile.header.count)
    try pack.write(bytes, at: packEnd)
    packEnd += bytes.count
  }
}

/// Blocks on their way into the store.
struct StagedBlocks: Sendable {
  fileprivate(set) var held: [(cid: CID, block: [UInt8])] = []
  fileprivate(set) var pack: StagedPack?

  var isEmpty: Bool { held.isEmpty && pack == nil }
}

/// A finished pack outside the store. Its file goes with this value, unless the store has renamed it: a request may be refused after it came.
final class StagedPack: Sendable {
  let path: String
  let blocks: [PackedBlock]

  init(path: String, blocks: [PackedBlock]) { (self.path, self.blocks) = (path, blocks) }

  // No two packs have the same path.
  deinit { unlink(path) }
}

extension CID {
  var digest: SHA256Digest? {
    guard case .sha256(let digest) = multihash else { return nil }
    return digest
  }
}
