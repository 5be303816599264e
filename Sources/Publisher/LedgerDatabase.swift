import Files
import GRDB
import Glibc

/// The ledger's SQLite file.
struct LedgerDatabase: Sendable {
  private let queue: DatabaseQueue
  private let path: String

  /// - Parameter path: nil keeps it in memory.
  /// - Throws: `LedgerError`.
  init(path: String?) throws {
    var configuration = GRDB.Configuration()
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { database in
      // Safe against a killed process; a power cut may lose the last facts, which are then asked again.
      try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
    }
    self.path = path ?? ""
    do {
      queue = try path.map { try DatabaseQueue(path: $0, configuration: configuration) } ?? DatabaseQueue()
      try Self.migrator.migrate(queue)
    } catch let error as DatabaseError {
      throw LedgerError(error, path ?? "")
    }
  }

  func read<Value>(_ work: (Database) throws -> Value) throws -> Value {
    do { return try queue.read(work) } catch let error as DatabaseError { throw LedgerError(error, path) }
  }

  func write<Value>(_ work: (Database) throws -> Value) throws -> Value {
    do { return try queue.write(work) } catch let error as DatabaseError { throw LedgerError(error, path) }
  }

  private static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.execute(
        sql: """
          CREATE TABLE file (target TEXT NOT NULL, cid TEXT NOT NULL, path TEXT NOT NULL, time INTEGER NOT NULL,
            PRIMARY KEY (target, cid)) WITHOUT ROWID;
          CREATE TABLE edition (target TEXT NOT NULL, root TEXT NOT NULL, folder TEXT NOT NULL, started INTEGER NOT NULL,
            finished INTEGER, receipt TEXT, PRIMARY KEY (target, root)) WITHOUT ROWID;
          CREATE TABLE chunk (target TEXT NOT NULL, root TEXT NOT NULL, number INTEGER NOT NULL,
            PRIMARY KEY (target, root, number)) WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("mode of targets") { database in
      try database.execute(
        sql: "CREATE TABLE mode (target TEXT NOT NULL PRIMARY KEY, mode TEXT NOT NULL) WITHOUT ROWID")
    }
    return migrator
  }
}

/// The ledger cannot be used.
public struct LedgerError: Error, Sendable, Hashable, CustomStringConvertible {
  public let path: String
  /// SQLite's own words.
  public let reason: String
  /// The file is no ledger, or not whole.
  let isDamage: Bool

  init(_ error: DatabaseError, _ path: String) {
    self.path = path
    reason = error.message ?? "\(error.resultCode)"
    // SQLITE_ERROR is what a database of other tables ends with.
    isDamage = [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR].contains(error.resultCode)
  }

  public var description: String { "the ledger \(path) cannot be used: \(reason)" }

  /// What to try next.
  public var hint: String? {
    isDamage ? "remove it: it is a cache, and what the target holds is found out again" : nil
  }
}

/// SQLite's files beside the database are of no use to another one.
func setAside(_ database: String) throws(FileError) {
  guard rename(database, database + ".damaged") == 0 else { throw FileError("rename", database) }
  for suffix in ["-wal", "-shm"] {
    guard rename(database + suffix, database + ".damaged" + suffix) == 0 || errno == ENOENT else {
      throw FileError("rename", database + suffix)
    }
  }
}
