/// Why a node cannot start or go on. Holds no secrets.
public enum NodeError: Error, Sendable, CustomStringConvertible {
  /// A file or folder of the data folder cannot be used.
  case folder(String)
  /// The database in the data folder cannot be used.
  case database(String)
  /// A file of secrets does not hold what it should; it is never replaced silently.
  case damagedSecret(file: String)
  /// The data folder holds files, and none of a node's.
  case foreignFolder(String)
  /// Another process uses the data folder.
  case inUse(folder: String)
  case cannotListen(host: String, port: Int, reason: String)
  /// Another program listens there.
  case portInUse(Int)

  public var description: String {
    switch self {
    case .folder(let reason): reason
    case .database(let reason): "cannot open the node's database: \(reason)"
    case .damagedSecret(let file): "the secret in \(file) is damaged; remove the file to have a new one made"
    case .foreignFolder(let folder):
      "\(folder) holds files that are no node's; name a folder that is empty, or not there yet"
    case .inUse(let folder): "another node uses \(folder)"
    case .cannotListen(let host, let port, let reason): "cannot listen on \(host):\(port): \(reason)"
    case .portInUse(let port): "port \(port) is in use; name another with --port, 0 takes a free one"
    }
  }
}

/// A request that is refused, as the caller is told.
struct Refusal: Error {
  var status: Int
  /// Kebab-case and stable.
  var id: String
  var message: String
  /// Further members of the answer's object.
  var details: [(String, JSONValue)] = []
  var headers: [(String, String)] = []

  init(_ status: Int, _ id: String, _ message: String) {
    self.status = status
    self.id = id
    self.message = message
  }
}
