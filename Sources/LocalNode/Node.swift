import ContentAddressing
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
  let sessionsInWork = Mutex<Set<Int>>([])
  /// Keeps a second node out of the data folder.
  private let lock: FileLock

  /// Opens the data folder, or makes it: clears away what unfinished requests left, and finishes folder uploads whose chunks had all arrived.
  /// - Throws: `NodeError`.
  public init(configuration: NodeConfiguration) throws(NodeError) {
    self.configuration = configuration
    let folder = configuration.folder
    do {
      try makeFolder(folder)
      guard chmod(folder, 0o700) == 0 else { throw FileError("protect", folder) }
      guard let lock = try FileLock(folder + "/lock") else { throw NodeError.inUse(folder: folder) }
      self.lock = lock
      secrets = try Secrets(folder: folder, accounts: configuration.accounts)
      database = try Self.openDatabase(folder, configuration.durability)
      let store = try BlockStore(folder: folder, database: database, durability: configuration.durability)
      self.store = store
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

  private static func openDatabase(_ folder: String, _ durability: NodeDurability) throws -> DatabasePool {
    var configuration = Configuration()
    configuration.label = "node"
    // In WAL mode NORMAL synchronises at checkpoints only, FULL at each commit as well.
    let synchronous = durability == .powerLoss ? "FULL" : "NORMAL"
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA synchronous = \(synchronous)")
    }
    let database = try DatabasePool(path: folder + "/node.sqlite", configuration: configuration)
    try Catalog.migrator.migrate(database)
    return database
  }
}
