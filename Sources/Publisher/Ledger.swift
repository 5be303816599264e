import Files
import GRDB

/// What is known of targets: which files they hold, which editions were published, how far an unfinished one came.
///
/// A cache of facts that can be asked again: deleting it costs time, never an edition. Each fact is written before the next request goes out,
/// so that a run after `kill -9` goes on from there. It holds no secrets.
public struct Ledger: Sendable {
  private let database: LedgerDatabase

  /// - Parameter path: of the SQLite file; nil keeps it in memory.
  /// - Throws: `LedgerError`.
  public init(path: String?) throws {
    database = try LedgerDatabase(path: path)
  }

  /// The ledger at `path`; one that is damaged is set aside, and this one begins with nothing.
  ///
  /// - Parameter note: is told of it.
  /// - Throws: `LedgerError`, `FileError`.
  public init(at path: String, note: (String) -> Void) throws {
    do {
      try self.init(path: path)
    } catch let error as LedgerError where error.isDamage {
      try setAside(path)
      note("\(path) is damaged and was renamed to \(path).damaged: what the target holds is found out again")
      try self.init(path: path)
    }
  }

  /// An edition as the ledger knows it.
  struct Edition: Sendable, Equatable {
    var folder: String
    /// Nil where the run that began it has not come to its end.
    var finished: Int?
    /// The receipt's file name in the state folder.
    var receipt: String?
  }

  // MARK: Files

  func holds(_ cid: String, on target: String) throws -> Bool {
    // Asked for each file of an edition.
    try database.read {
      let statement = try $0.cachedStatement(sql: "SELECT 1 FROM file WHERE target = ? AND cid = ?")
      return try Bool.fetchOne(statement, arguments: [target, cid]) ?? false
    }
  }

  func record(_ cid: String, path: TreePath, on target: String, at time: Int) throws {
    try record(CollectionOfOne((cid: cid, path: path)), on: target, at: time)
  }

  /// Several files at once: all of them are recorded, or none.
  func record(_ files: some Sequence<(cid: String, path: TreePath)>, on target: String, at time: Int) throws {
    try database.write {
      let statement = try $0.cachedStatement(
        sql: "INSERT OR REPLACE INTO file (target, cid, path, time) VALUES (?, ?, ?, ?)")
      for (cid, path) in files { try statement.execute(arguments: [target, cid, path.string, time]) }
    }
  }

  /// The hash that was recorded last, to ask the target whether it still holds what it held.
  func latestFile(on target: String) throws -> String? {
    try database.read {
      try String.fetchOne(
        $0, sql: "SELECT cid FROM file WHERE target = ? ORDER BY time DESC, cid LIMIT 1", arguments: [target])
    }
  }

  /// Forgets all about a target that has lost what it held.
  func forget(_ target: String) throws {
    try database.write { database in
      for table in ["file", "edition", "chunk", "mode"] {
        try database.execute(sql: "DELETE FROM \(table) WHERE target = ?", arguments: [target])
      }
    }
  }

  /// Forgets some files and editions, which the target need not keep any longer.
  ///
  /// - Parameter receipts: names of receipts in the state folder.
  func forget(files: [String], receipts: [String], on target: String) throws {
    try database.write { database in
      for cid in files {
        try database.execute(sql: "DELETE FROM file WHERE target = ? AND cid = ?", arguments: [target, cid])
      }
      for receipt in receipts {
        try database.execute(sql: "DELETE FROM edition WHERE target = ? AND receipt = ?", arguments: [target, receipt])
      }
    }
  }

  /// How a target takes pages, as it was found to; nil where nobody asked yet.
  public func mode(of target: String) throws -> PublishMode? {
    try database.read {
      try String.fetchOne($0, sql: "SELECT mode FROM mode WHERE target = ?", arguments: [target])
        .flatMap(PublishMode.init(rawValue:))
    }
  }

  func record(_ mode: PublishMode, of target: String) throws {
    try database.write {
      try $0.execute(
        sql: "INSERT OR REPLACE INTO mode (target, mode) VALUES (?, ?)", arguments: [target, mode.rawValue])
    }
  }

  // MARK: Editions

  func edition(_ root: String, on target: String) throws -> Edition? {
    try database.read { database in
      let row = try Row.fetchOne(
        database, sql: "SELECT folder, finished, receipt FROM edition WHERE target = ? AND root = ?",
        arguments: [target, root])
      return row.map { Edition(folder: $0["folder"], finished: $0["finished"], receipt: $0["receipt"]) }
    }
  }

  func begin(_ root: String, folder: String, on target: String, at time: Int) throws {
    try database.write {
      try $0.execute(
        sql: "INSERT OR IGNORE INTO edition (target, root, folder, started) VALUES (?, ?, ?, ?)",
        arguments: [target, root, folder, time])
    }
  }

  func finish(_ root: String, receipt: String, on target: String, at time: Int) throws {
    try database.write { database in
      try database.execute(
        sql: "UPDATE edition SET finished = ?, receipt = ? WHERE target = ? AND root = ?",
        arguments: [time, receipt, target, root])
      try database.execute(sql: "DELETE FROM chunk WHERE target = ? AND root = ?", arguments: [target, root])
    }
  }

  // MARK: Chunks of an upload under way

  func chunks(of root: String, on target: String) throws -> Set<Int> {
    try database.read {
      try Set(
        Int.fetchAll($0, sql: "SELECT number FROM chunk WHERE target = ? AND root = ?", arguments: [target, root]))
    }
  }

  func record(chunk number: Int, of root: String, on target: String) throws {
    try database.write {
      try $0.execute(
        sql: "INSERT OR IGNORE INTO chunk (target, root, number) VALUES (?, ?, ?)", arguments: [target, root, number])
    }
  }

  func forgetChunks(of root: String, on target: String) throws {
    try database.write {
      try $0.execute(sql: "DELETE FROM chunk WHERE target = ? AND root = ?", arguments: [target, root])
    }
  }
}
