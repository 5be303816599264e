import ContentAddressing
import Files
import GRDB
import Glibc

/// What a start does about packs and index that don't fit together. Packs are what counts: the index is made from them where it is gone or older,
/// and nothing is taken from them but what a write that was cut off left at the end.
extension BlockStore {
  private struct PackRow: Sendable {
    let id: Int
    let isShared: Bool
    /// Of the last block that the database knows; 0 where it knows none.
    let end: Int
  }

  /// The numbers of the packs in a folder. Other files are somebody else's.
  static func packs(in folder: String) throws -> [Int] {
    try listFolder(folder).compactMap { entry in
      guard entry.kind == .file, entry.name.hasSuffix(".car"), let id = Int(entry.name.dropLast(4)), id > 0,
        id < 1 << 53, entry.name == "\(id).car"
      else { return nil }
      return id
    }
  }

  func recover(_ report: (String) -> Void) throws {
    let files = try Self.packs(in: folder + "/packs")
    try forgetBlocksBehindEnds(report)
    let rows = try packRows()
    let last = rows.last(where: \.isShared)
    let known = Set(rows.filter { $0.end > 0 || $0.id == last?.id }.map(\.id))
    try readAgain(files.filter { !known.contains($0) }, report)
    state.withLock { $0.nextPack = max(rows.last?.id ?? 0, files.max() ?? 0) + 1 }
    if let last { try resume(last, report) }
  }

  private func packRows() throws -> [PackRow] {
    try database.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT pack.id, pack.isShared, coalesce(max(block.offset + block.length), 0)
          FROM pack LEFT JOIN block ON block.pack = pack.id GROUP BY pack.id ORDER BY pack.id
          """
      ).map { PackRow(id: $0[0], isShared: $0[1], end: $0[2]) }
    }
  }

  /// What a power cut took is missing, and can be sent again.
  private func forgetBlocksBehindEnds(_ report: (String) -> Void) throws {
    for row in try packRows() {
      let length = fileSize(path(of: row.id)) ?? 0
      guard length < row.end else { continue }
      let count = try database.write { db in
        try db.execute(sql: "DELETE FROM block WHERE pack = ? AND offset + length > ?", arguments: [row.id, length])
        return db.changesCount
      }
      report(
        "\(path(of: row.id)) is \(length == 0 ? "gone" : "cut short"): it held \(count) blocks more, which are to be sent again"
      )
    }
  }

  /// Puts packs that the database does not know into it.
  private func readAgain(_ packs: [Int], _ report: (String) -> Void) throws {
    let sizes = packs.map { fileSize(path(of: $0)) ?? 0 }
    if sizes.contains(where: { $0 > PackFile.header.count }) {
      report(
        "the database knows nothing of \(packs.count) pack\(packs.count == 1 ? "" : "s") (\(sizes.reduce(0, +)) bytes): they are read again"
      )
    }
    for id in packs {
      let pack = try PackFile(path: path(of: id))
      let header = try pack.read(at: 0, count: min(pack.length, PackFile.header.count)) ?? []
      if pack.length <= PackFile.header.count, PackFile.header.starts(with: header) {
        // Made, and never written to.
        unlink(pack.path)
        continue
      }
      guard header == PackFile.header else {
        report("\(pack.path) is no pack of a node, and left alone")
        continue
      }
      let rest = try database.write { db in
        try db.execute(sql: "INSERT OR IGNORE INTO pack (id, isShared) VALUES (?, 0)", arguments: [id])
        return try index(pack, id, from: header.count, db)
      }
      if rest.kind == .unreadable { report(Self.unreadable(pack.path, rest.end)) }
    }
  }

  /// Goes on with the last shared pack. Blocks that an older database does not know are put into it.
  private func resume(_ row: PackRow, _ report: (String) -> Void) throws {
    guard let length = fileSize(path(of: row.id)), length >= PackFile.header.count else { return }
    let pack = try PackFile(path: path(of: row.id))
    let rest = try database.write { try index(pack, row.id, from: max(row.end, PackFile.header.count), $0) }
    if rest.kind == .unreadable {
      report(Self.unreadable(pack.path, rest.end))
      try database.write { try $0.execute(sql: "UPDATE pack SET isShared = 0 WHERE id = ?", arguments: [row.id]) }
      return
    }
    if rest.kind == .cutOff { try pack.truncate(to: rest.end) }
    state.withLock { $0.current = (row.id, pack, rest.end) }
  }

  /// Puts the blocks of a pack from `start` on into the database.
  private func index(
    _ pack: PackFile, _ id: Int, from start: Int, _ db: Database
  ) throws -> (end: Int, kind: CARRest) {
    let (end, rest) = try scanCAR(
      start..<max(start, pack.length), read: { try pack.read(at: $0.lowerBound, count: $0.count) ?? [] },
      visit: { cid, block in
        guard let digest = cid.digest else { return }
        try index([PackedBlock(digest: digest, offset: block.lowerBound, length: block.count)], pack: id, db)
      })
    return (end, rest)
  }

  private static func unreadable(_ pack: String, _ offset: Int) -> String {
    "\(pack) cannot be read from byte \(offset) on; it is left as it is"
  }
}
