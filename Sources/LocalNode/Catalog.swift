import ContentAddressing
import Files
import Foundation
import GRDB

/// What an account has uploaded, where and when: the rows around the blocks.
enum Catalog {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { db in
      try db.execute(sql: schema)
    }
    return migrator
  }

  private static let schema = """
    CREATE TABLE pack (id INTEGER PRIMARY KEY, isShared INTEGER NOT NULL);
    CREATE TABLE block (
      digest BLOB PRIMARY KEY, pack INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX blockByPack ON block (pack);

    -- Directories group files for people; they have no hash. 0 is every account's root and has no row.
    CREATE TABLE directory (
      id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, parent INTEGER NOT NULL, name TEXT NOT NULL,
      UNIQUE (account, parent, name)
    );
    -- The same name with other content is another file: nothing that was uploaded is hidden by what follows.
    CREATE TABLE file (
      id INTEGER PRIMARY KEY, account TEXT NOT NULL, directory INTEGER NOT NULL, name TEXT NOT NULL, cid TEXT NOT NULL,
      kind TEXT NOT NULL, size INTEGER NOT NULL, bytes INTEGER NOT NULL, type TEXT, comment TEXT, at REAL NOT NULL,
      UNIQUE (account, directory, name, cid)
    );
    -- The log: one row for each file or folder of each answered upload.
    CREATE TABLE upload (
      id INTEGER PRIMARY KEY, at REAL NOT NULL, account TEXT NOT NULL, kind TEXT NOT NULL, path TEXT NOT NULL,
      cid TEXT NOT NULL, size INTEGER NOT NULL, bytes INTEGER NOT NULL, comment TEXT
    );

    CREATE TABLE session (
      id INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE, account TEXT NOT NULL, path TEXT NOT NULL,
      chunks INTEGER NOT NULL, received INTEGER NOT NULL DEFAULT 0, status TEXT NOT NULL, explanation TEXT, stage TEXT,
      cid TEXT, size INTEGER, at REAL NOT NULL
    );
    CREATE TABLE sessionChunk (
      session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE, digest TEXT NOT NULL, PRIMARY KEY (session, digest)
    ) WITHOUT ROWID;
    CREATE TABLE sessionFile (
      session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE, path TEXT NOT NULL, cid TEXT NOT NULL,
      size INTEGER NOT NULL, PRIMARY KEY (session, path)
    ) WITHOUT ROWID;
    """

  /// Every new account has the directory "Library", as dStor's have.
  static func prepare(account: String, _ db: Database) throws {
    try db.execute(
      sql: "INSERT OR IGNORE INTO directory (account, parent, name) VALUES (?, 0, 'Library')", arguments: [account])
  }

  static func hasDirectory(_ id: Int, account: String, _ db: Database) throws -> Bool {
    if id == 0 { return true }
    return try Bool.fetchOne(
      db, sql: "SELECT EXISTS (SELECT 1 FROM directory WHERE id = ? AND account = ?)", arguments: [id, account])
      ?? false
  }

  /// The directory at `names` below the root, made where it is missing.
  static func directory(at names: [Substring], account: String, _ db: Database) throws -> Int {
    let find = try db.cachedStatement(sql: "SELECT id FROM directory WHERE account = ? AND parent = ? AND name = ?")
    var directory = 0
    for name in names {
      let name = String(name)
      if let found = try Int.fetchOne(find, arguments: [account, directory, name]) {
        directory = found
      } else {
        try db.execute(
          sql: "INSERT INTO directory (account, parent, name) VALUES (?, ?, ?)", arguments: [account, directory, name])
        directory = Int(db.lastInsertedRowID)
      }
    }
    return directory
  }

  /// One file or folder, as it is to be listed and logged.
  struct Entry: Sendable {
    var account: String
    var kind: UploadRecord.Kind
    /// Below the directory, or below the folder for a folder's file.
    var name: String
    var file: AddressedFile
    var type: String?
    var comment: String?
    var at: Double
  }

  static func list(_ entry: Entry, in directory: Int, _ db: Database) throws {
    let file = entry.file
    try db.cachedStatement(
      sql: """
        INSERT INTO file (account, directory, name, cid, kind, size, bytes, type, comment, at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET comment = excluded.comment, type = excluded.type, at = excluded.at
        """
    ).execute(arguments: [
      entry.account, directory, entry.name, file.cid.text, entry.kind.rawValue, file.size, file.fileSize, entry.type,
      entry.comment, entry.at,
    ])
  }

  static func log(_ entry: Entry, path: String, _ db: Database) throws {
    let file = entry.file
    try db.cachedStatement(
      sql: """
        INSERT INTO upload (at, account, kind, path, cid, size, bytes, comment) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      entry.at, entry.account, entry.kind.rawValue, path, file.cid.text, file.size, file.fileSize, entry.comment,
    ])
  }

  static func uploads(_ db: Database) throws -> [UploadRecord] {
    try Row.fetchAll(
      db, sql: "SELECT at, account, kind, path, cid, size, bytes, comment FROM upload ORDER BY id"
    ).map { row in
      UploadRecord(
        at: row[0], account: row[1], kind: UploadRecord.Kind(rawValue: row[2]) ?? .file, path: row[3], cid: row[4],
        size: row[5], bytes: row[6], comment: row[7])
    }
  }
}

/// One file or folder of an answered upload.
public struct UploadRecord: Sendable, Hashable {
  public enum Kind: String, Sendable {
    /// By `POST /api/v0/add`.
    case file
    /// In a chunk of a folder upload.
    case folderFile = "folder-file"
    /// A folder upload that is done.
    case folder
  }

  /// Unix seconds.
  public let at: Double
  /// The account's UUID.
  public let account: String
  public let kind: Kind
  /// Of a file, its name behind the directory it was put into; of a folder's file, the folder's path before it.
  public let path: String
  public let cid: String
  /// Cumulative size of the blocks in bytes.
  public let size: Int
  /// The file's own bytes; 0 for a folder.
  public let bytes: Int
  public let comment: String?
}
