import ContentAddressing
import Files
import Foundation
import GRDB

/// A folder on its way: what has arrived under one upload token. It lives in the database, so it survives the process.
struct UploadSession: Sendable {
  enum Status: String, Sendable {
    case waiting = "WAITING_FOR_CHUNKS"
    case adding = "ADDING_TO_IPFS"
    case saving = "SAVING_DATA"
    case done = "DONE"
    case error = "ERROR"
  }

  /// Seconds until an upload token is forgotten, counted from its making.
  static let life = 30.0 * 86400

  let id: Int
  let account: String
  /// The folder's, with the directories above it.
  let path: String
  /// How many are announced.
  let chunks: Int
  /// How many different ones have arrived.
  let received: Int
  let status: Status
  let explanation: String?
  let stage: String?
  let root: DAGLink?

  /// The folder's own name: the last component of its path.
  var name: String { path.pathParts.last.map(String.init) ?? path }
  var directory: [Substring] { path.pathParts.dropLast() }
  var isComplete: Bool { received == chunks }

  /// Only a token's hash is stored.
  static func digest(of token: String) -> String { SHA256Digest(of: Array(token.utf8)).hex }

  static func open(token: String, account: String, path: String, chunks: Int, at: Double, _ db: Database) throws {
    try db.execute(
      sql: "INSERT INTO session (token, account, path, chunks, status, at) VALUES (?, ?, ?, ?, ?, ?)",
      arguments: [digest(of: token), account, path, chunks, Status.waiting.rawValue, at])
  }

  static func find(token: String, account: String, _ db: Database) throws -> UploadSession? {
    try Row.fetchOne(
      db, sql: "SELECT * FROM session WHERE token = ? AND account = ?", arguments: [digest(of: token), account]
    ).flatMap(UploadSession.init)
  }

  static func find(id: Int, _ db: Database) throws -> UploadSession? {
    try Row.fetchOne(db, sql: "SELECT * FROM session WHERE id = ?", arguments: [id]).flatMap(UploadSession.init)
  }

  /// Sessions whose chunks have all arrived and whose folder is not made.
  static func interrupted(_ db: Database) throws -> [UploadSession] {
    try Row.fetchAll(db, sql: "SELECT * FROM session WHERE status IN ('ADDING_TO_IPFS', 'SAVING_DATA') ORDER BY id")
      .compactMap(UploadSession.init)
  }

  static func removeOld(before time: Double, _ db: Database) throws {
    try db.execute(sql: "DELETE FROM session WHERE at < ?", arguments: [time])
  }

  private init?(_ row: Row) {
    guard let status = Status(rawValue: row["status"]) else { return nil }
    self.status = status
    id = row["id"]
    account = row["account"]
    path = row["path"]
    chunks = row["chunks"]
    received = row["received"]
    explanation = row["explanation"]
    stage = row["stage"]
    if let text = row["cid"] as String?, let cid = try? CID(text), let size = row["size"] as Int? {
      root = DAGLink(cid: cid, size: size)
    } else {
      root = nil
    }
  }

  func set(_ status: Status, _ db: Database) throws {
    try db.execute(sql: "UPDATE session SET status = ? WHERE id = ?", arguments: [status.rawValue, id])
  }

  func fail(_ explanation: String, at stage: Status, _ db: Database) throws {
    try db.execute(
      sql: "UPDATE session SET status = 'ERROR', explanation = ?, stage = ? WHERE id = ?",
      arguments: [explanation, stage.rawValue, id])
  }

  func finish(_ root: DAGLink, _ db: Database) throws {
    try db.execute(
      sql: "UPDATE session SET status = 'DONE', cid = ?, size = ? WHERE id = ?",
      arguments: [root.cid.text, root.size, id])
  }

  /// All files so far, sorted by the bytes of their paths.
  func files(_ db: Database) throws -> [(path: String, link: DAGLink)] {
    let rows = try Row.fetchCursor(
      db, sql: "SELECT path, cid, size FROM sessionFile WHERE session = ? ORDER BY path", arguments: [id])
    var files: [(path: String, link: DAGLink)] = []
    while let row = try rows.next() {
      files.append((row[0], DAGLink(cid: try CID(row[1] as String), size: row[2])))
    }
    return files
  }
}

/// A chunk of a folder upload: the same files with the same content are the same chunk, whatever their order.
struct FolderChunk: Sendable {
  /// Sorted by path; none twice.
  let files: [(path: TreePath, received: ReceivedFile)]
  let digest: String

  /// - Throws: `Refusal` for a path that is there twice with different content.
  init(_ received: [ReceivedFile]) throws(Refusal) {
    var byPath: [TreePath: ReceivedFile] = [:]
    for file in received {
      if let known = byPath.updateValue(file, forKey: file.path), known.file.cid != file.file.cid {
        throw Refusal(400, "path-conflict", "\(file.path) is there twice with different content")
      }
    }
    files = byPath.map { (path: $0.key, received: $0.value) }.sorted { $0.path < $1.path }
    var hasher = SHA256Hasher()
    for file in files {
      // No path holds a NUL.
      hasher.update(Array("\(file.path)\0\(file.received.file.cid)\0".utf8))
    }
    digest = hasher.finish().hex
  }

  /// Adds the chunk to its session.
  /// - Returns: false where it had arrived before.
  func add(to session: UploadSession, _ db: Database) throws -> Bool {
    let isKnown = try Bool.fetchOne(
      db, sql: "SELECT EXISTS (SELECT 1 FROM sessionChunk WHERE session = ? AND digest = ?)",
      arguments: [session.id, digest])
    if isKnown == true { return false }
    guard session.status == .waiting else {
      throw Refusal(409, "no-more-chunks", "all \(session.chunks) chunks of this token have arrived")
    }
    let find = try db.cachedStatement(sql: "SELECT cid FROM sessionFile WHERE session = ? AND path = ?")
    // "0" is the byte after "/": the range holds what lies below.
    let below = try db.cachedStatement(
      sql: "SELECT path FROM sessionFile WHERE session = ? AND path > ? AND path < ? LIMIT 1")
    let insert = try db.cachedStatement(
      sql: "INSERT OR IGNORE INTO sessionFile (session, path, cid, size) VALUES (?, ?, ?, ?)")
    for (path, received) in files {
      let cid = received.file.cid.text
      if let known = try String.fetchOne(find, arguments: [session.id, path.string]), known != cid {
        throw Refusal(400, "path-conflict", "\(path) has arrived before with different content")
      }
      var above = path.parent
      while let folder = above {
        if try String.fetchOne(find, arguments: [session.id, folder.string]) != nil {
          throw Refusal(400, "path-conflict", "\(folder) cannot be a file and the folder of \(path)")
        }
        above = folder.parent
      }
      if try String.fetchOne(below, arguments: [session.id, path.string + "/", path.string + "0"]) != nil {
        throw Refusal(400, "path-conflict", "\(path) cannot be a file and a folder")
      }
      try insert.execute(arguments: [session.id, path.string, cid, received.file.size])
    }
    try db.execute(
      sql: "INSERT INTO sessionChunk (session, digest) VALUES (?, ?)", arguments: [session.id, digest])
    try db.execute(
      sql: """
        UPDATE session SET received = received + 1,
          status = CASE WHEN received + 1 = chunks THEN 'ADDING_TO_IPFS' ELSE status END
        WHERE id = ?
        """, arguments: [session.id])
    return true
  }
}
