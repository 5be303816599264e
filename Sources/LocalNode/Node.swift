import ContentAddressing
import Dispatch
import Files
import Foundation
import GRDB
import Hummingbird
import Synchronization

/// A dStor-compatible node over one data folder.
public final class Node: Sendable {
  public let configuration: NodeConfiguration
  let secrets: Secrets
  let store: BlockStore
  let database: DatabasePool
  let commits: CommitQueue
  let gateway: Gateway
  /// For walks through what was imported, one at a time.
  let checks = DispatchQueue(label: "colophon.node.checks")
  let sessionsInWork = Mutex<Set<Int>>([])
  /// Keeps a second node out of the data folder.
  private let lock: FileLock

  /// Opens the data folder, or makes it: clears away what unfinished requests left, and finishes folder uploads whose chunks had all arrived.
  /// A database that is damaged is set aside; one that is missing or older than the packs learns from them what they hold.
  /// - Throws: `NodeError`.
  public init(configuration: NodeConfiguration) throws(NodeError) {
    self.configuration = configuration
    let folder = configuration.folder
    do {
      try makeFolder(folder)
      guard try Self.isNodeFolder(folder) else { throw NodeError.foreignFolder(folder) }
      guard chmod(folder, 0o700) == 0 else { throw FileError("protect", folder) }
      guard let lock = try FileLock(folder + "/lock") else { throw NodeError.inUse(folder: folder) }
      self.lock = lock
      secrets = try Secrets(folder: folder, accounts: configuration.accounts)
      let store = try Self.openStore(configuration)
      self.store = store
      database = store.database
      commits = CommitQueue(database: database) {
        if configuration.durability == .powerLoss { try store.synchronize() }
      }
      gateway = Gateway(store: store)
      let accounts = secrets.accounts.map(\.id)
      let now = configuration.now()
      try database.write { db in
        for account in accounts { try Catalog.prepare(account: account, db) }
        try UploadSession.removeOld(before: now - UploadSession.life, db)
      }
      try finishInterruptedFolders()
    } catch let error as NodeError {
      throw error
    } catch let error as FileError {
      throw .folder(error.description)
    } catch {
      throw .database(String(describing: error))
    }
  }

  /// The owner's API key, where no accounts are configured. A secret: to be used, not shown.
  public var ownerAPIKey: String? { secrets.ownerKey }

  /// The file that holds `ownerAPIKey` and a line end.
  public var apiKeyFile: String? { secrets.ownerKeyFile }

  /// The log: one row for each file or folder of each upload that was answered, the oldest first.
  public func uploads() throws -> [UploadRecord] {
    try database.read { try Catalog.uploads($0) }
  }

  /// The block of `cid`; nil where it is not here.
  public func block(_ cid: CID) throws -> [UInt8]? { try store.block(cid) }

  /// Whether the folder is a node's already, or empty: files of somebody else are not to be made private, nor lie among the node's.
  private static func isNodeFolder(_ folder: String) throws(FileError) -> Bool {
    let names = try listFolder(folder).map(\.name)
    if names.contains("token-secret") || names.contains(databaseName) { return true }
    // What a first start that was cut off leaves.
    return names.allSatisfy { $0 == "lock" || $0.hasPrefix("token-secret.") }
  }

  private static let databaseName = "node.sqlite"

  private static func openStore(_ configuration: NodeConfiguration) throws -> BlockStore {
    let folder = configuration.folder
    func open() throws -> BlockStore {
      try BlockStore(
        folder: folder, database: openDatabase(folder, configuration.durability), durability: configuration.durability,
        report: configuration.report)
    }
    let lost = "the packs are read again; when and by whom what is in them was uploaded is not known any more"
    if (fileSize("\(folder)/\(databaseName)") ?? 0) == 0, kindOfFile(folder + "/packs") == .folder,
      try !BlockStore.packs(in: folder + "/packs").isEmpty
    {
      configuration.report("the node's database is gone: \(lost)")
    }
    do {
      return try open()
    } catch let error as DatabaseError where [.SQLITE_NOTADB, .SQLITE_CORRUPT].contains(error.resultCode) {
      let aside = try setDatabaseAside(folder)
      configuration.report("the node's database was damaged, and is \(aside) now: \(lost)")
      return try open()
    }
  }

  /// - Returns: where it is now.
  private static func setDatabaseAside(_ folder: String) throws(FileError) -> String {
    let path = "\(folder)/\(databaseName)"
    var aside = path + ".damaged"
    var number = 1
    while fileSize(aside) != nil {
      number += 1
      aside = "\(path).damaged-\(number)"
    }
    for suffix in ["-wal", "-shm", ""] where fileSize(path + suffix) != nil {
      guard rename(path + suffix, aside + suffix) == 0 else { throw FileError("set aside", path + suffix) }
    }
    return aside
  }

  private static func openDatabase(_ folder: String, _ durability: NodeDurability) throws -> DatabasePool {
    var configuration = Configuration()
    configuration.label = "node"
    // More than there are CARs in the making, each of which reads all the time.
    configuration.maximumReaderCount = 10
    // In WAL mode NORMAL synchronises at checkpoints only, FULL at each commit as well.
    let synchronous = durability == .powerLoss ? "FULL" : "NORMAL"
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA synchronous = \(synchronous)")
    }
    let database = try DatabasePool(path: "\(folder)/\(databaseName)", configuration: configuration)
    try Catalog.migrator.migrate(database)
    return database
  }
}
