import ContentAddressing
import Files
import Foundation
import GRDB
import Synchronization

/// Blocks by hash, each stored once: packs that only grow (`packs/<n>.car`), and an index of them in the database.
///
/// Writing is done in the database's transactions, one at a time, so a block is known exactly when the upload it came with is.
/// Reading checks every block's hash.
final class BlockStore: Sendable {
  /// A shared pack that has grown to this size is followed by a new one.
  static let packSize = 1 << 30
  /// Packs held open for reading.
  static let openPacks = 64

  struct State: Sendable {
    /// The pack that small requests share, with the place for the next block.
    var current: (id: Int, pack: PackFile, end: Int)?
    var unsynchronized = false
    var open: [Int: PackFile] = [:]
    var incoming = 0
    /// Never used twice, whatever transactions are undone.
    var nextPack = 1
  }

  let durability: NodeDurability
  let database: DatabasePool
  let folder: String
  let state = Mutex(State())

  /// Opens the store, clears away what unfinished requests left, and sees to it that the database knows what the packs hold.
  ///
  /// - Parameter report: told what is amiss.
  init(folder: String, database: DatabasePool, durability: NodeDurability, report: (String) -> Void) throws {
    self.folder = folder
    self.durability = durability
    self.database = database
    try makeFolder(folder + "/packs")
    try makeFolder(folder + "/incoming")
    for pack in try Self.packs(in: folder + "/incoming") { try removeAll("\(folder)/incoming/\(pack).car") }
    try recover(report)
  }

  /// The block of `cid`; nil where it is not here. The bytes have the hash that the CID names.
  func block(_ cid: CID) throws -> [UInt8]? {
    guard let digest = cid.digest else {
      guard case .identity(let bytes) = cid.multihash else { return nil }
      return bytes
    }
    let place = try database.read { db in
      try Row.fetchOne(
        db.cachedStatement(sql: "SELECT pack, offset, length FROM block WHERE digest = ?"), arguments: [digest.data]
      ).map { (pack: $0[0] as Int, offset: $0[1] as Int, length: $0[2] as Int) }
    }
    guard let place else { return nil }
    if let block = try pack(place.pack).read(at: place.offset, count: place.length), cid.matches(block) { return block }
    // What a power cut took is forgotten, so that sending it again mends it.
    try database.write { try $0.execute(sql: "DELETE FROM block WHERE digest = ?", arguments: [digest.data]) }
    return nil
  }

  func known(_ digests: [SHA256Digest]) throws -> Set<SHA256Digest> {
    try database.read { try Self.known(digests, $0) }
  }

  private static func known(_ digests: [SHA256Digest], _ db: Database) throws -> Set<SHA256Digest> {
    let statement = try db.cachedStatement(sql: "SELECT 1 FROM block WHERE digest = ?")
    return Set(try digests.filter { try Int.fetchOne(statement, arguments: [$0.data]) != nil })
  }

  func newIncomingPack() throws -> PackFile {
    let number = state.withLock { state in
      state.incoming += 1
      return state.incoming
    }
    return try PackFile(path: "\(folder)/incoming/\(number).car", create: true)
  }

  /// Makes staged blocks the store's, as part of the transaction that `db` is in.
  func commit(_ staged: StagedBlocks, _ db: Database) throws {
    if let pack = staged.pack { try adopt(pack, db) }
    if !staged.held.isEmpty { try append(staged.held, db) }
  }

  /// Waits until all packs are on the disk.
  func synchronize() throws {
    let pack = state.withLock { state -> PackFile? in
      defer { state.unsynchronized = false }
      return state.unsynchronized ? state.current?.pack : nil
    }
    try pack?.synchronize()
  }

  private func adopt(_ staged: StagedPack, _ db: Database) throws {
    let known = try Self.known(staged.blocks.map(\.digest), db)
    guard known.count < staged.blocks.count else { return }
    let id = try newPack(isShared: false, db)
    // Renamed before the transaction ends: a pack without its row gets one at the next start.
    guard rename(staged.path, path(of: id)) == 0 else { throw FileError("rename", staged.path) }
    if durability == .powerLoss { try synchronizeFolder() }
    try index(staged.blocks, pack: id, db)
  }

  private func append(_ blocks: [(cid: CID, block: [UInt8])], _ db: Database) throws {
    let known = try Self.known(blocks.compactMap(\.cid.digest), db)
    guard known.count < blocks.count else { return }
    let current = try currentPack(db)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(blocks.reduce(0) { $0 + $1.block.count + 48 })
    var packed: [PackedBlock] = []
    for (cid, block) in blocks {
      guard let digest = cid.digest, !known.contains(digest) else { continue }
      bytes += PackedBlock.prefix(cid, block.count)
      packed.append(PackedBlock(digest: digest, offset: current.end + bytes.count, length: block.count))
      bytes += block
    }
    try current.pack.write(bytes, at: current.end)
    state.withLock { state in
      state.current?.end += bytes.count
      state.unsynchronized = true
    }
    try index(packed, pack: current.id, db)
  }

  func index(_ blocks: [PackedBlock], pack: Int, _ db: Database) throws {
    let statement = try db.cachedStatement(
      sql: "INSERT OR IGNORE INTO block (digest, pack, offset, length) VALUES (?, ?, ?, ?)")
    for block in blocks {
      try statement.execute(arguments: [block.digest.data, pack, block.offset, block.length])
    }
  }

  private func currentPack(_ db: Database) throws -> (id: Int, pack: PackFile, end: Int) {
    if let current = state.withLock({ $0.current }), current.end < Self.packSize {
      // Again, should the transaction that made the row have been undone.
      try db.execute(sql: "INSERT OR IGNORE INTO pack (id, isShared) VALUES (?, 1)", arguments: [current.id])
      return current
    }
    try synchronize()
    let id = try newPack(isShared: true, db)
    let pack = try PackFile(path: path(of: id), create: true)
    if durability == .powerLoss { try synchronizeFolder() }
    let current = (id: id, pack: pack, end: PackFile.header.count)
    state.withLock { $0.current = current }
    return current
  }

  private func newPack(isShared: Bool, _ db: Database) throws -> Int {
    let id = state.withLock { state in
      defer { state.nextPack += 1 }
      return state.nextPack
    }
    try db.execute(sql: "INSERT INTO pack (id, isShared) VALUES (?, ?)", arguments: [id, isShared])
    return id
  }

  private func synchronizeFolder() throws {
    let descriptor = open(folder + "/packs", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("open", folder + "/packs") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw FileError("synchronize", folder + "/packs") }
  }

  func path(of pack: Int) -> String { "\(folder)/packs/\(pack).car" }

  private func pack(_ id: Int) throws -> PackFile {
    if let pack = state.withLock({ $0.current?.id == id ? $0.current?.pack : $0.open[id] }) { return pack }
    let pack = try PackFile(path: path(of: id))
    state.withLock { state in
      if state.open.count >= Self.openPacks { state.open.removeAll(keepingCapacity: true) }
      state.open[id] = pack
    }
    return pack
  }
}

extension SHA256Digest {
  var data: Data { withUnsafeBytes { Data($0) } }
}
