import Files
import Glibc
import Synchronization
import Transport

/// Keeps access tokens between runs. One token serves many uploads: asking for one each time is a misuse of dStor.
public protocol TokenStore: Sendable {
  /// nil where there is none that can be read.
  func load(_ account: TokenAccount) -> AccessToken?
  func save(_ token: AccessToken, for account: TokenAccount) throws(FileError)
  func remove(_ account: TokenAccount)
}

/// Whose token it is, and for which server, without saying so.
public struct TokenAccount: Sendable, Hashable {
  /// SHA-256 in hexadecimal, of the API's address with the key, or with the login's address of mail. A password is no part of it:
  /// it could be guessed from the digest.
  public let digest: String

  public init(api: BaseURL, credentials: Credentials) {
    let identity =
      switch credentials {
      case .apiKey(let key): "key\0" + key.reveal()
      case .login(let email, _): "login\0" + email
      }
    let hex = Array("0123456789abcdef".utf8)
    let bytes = sha256(Array("\(api)\0\(identity)".utf8))
    digest = String(decoding: bytes.flatMap { [hex[Int($0 >> 4)], hex[Int($0 & 15)]] }, as: UTF8.self)
  }
}

/// Keeps tokens while the process lives.
public final class MemoryTokenStore: TokenStore {
  private let tokens = Mutex<[TokenAccount: AccessToken]>([:])

  public init() {}

  public func load(_ account: TokenAccount) -> AccessToken? { tokens.withLock { $0[account] } }
  public func save(_ token: AccessToken, for account: TokenAccount) throws(FileError) {
    tokens.withLock { $0[account] = token }
  }
  public func remove(_ account: TokenAccount) { tokens.withLock { $0[account] = nil } }
}

/// Keeps tokens on disk: one JSON file an account, mode 0600, in a folder of mode 0700.
///
/// A file that is damaged, belongs to another user or can be read by one is taken for none.
public struct DiskTokenStore: TokenStore {
  public let folder: String

  /// - Parameter folder: made when first needed; outside the site.
  public init(folder: String) {
    self.folder = folder
  }

  private func path(_ account: TokenAccount) -> String { "\(folder)/\(account.digest).json" }

  public func load(_ account: TokenAccount) -> AccessToken? {
    let path = path(account)
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 == 0,
      status.st_uid == geteuid(), status.st_size < 65536, let bytes = try? readFile(path), let json = try? JSON(bytes),
      json["version"]?.int == 1, let value = json["token"]?.string, isBearerToken(value),
      let expires = json["expires"]?.int, let received = json["received"]?.int,
      (0..<100_000_000_000).contains(expires), (0..<100_000_000_000).contains(received)
    else { return nil }
    return AccessToken(value: Secret(value), expires: expires, received: received)
  }

  public func save(_ token: AccessToken, for account: TokenAccount) throws(FileError) {
    guard let expires = token.expires else { return }
    try makePrivateFolder()
    let text =
      "{\"version\": 1, \"token\": \"\(jsonEscaped(token.value.reveal()))\", \"expires\": \(expires), "
      + "\"received\": \(token.received)}\n"
    // Beside it first, then renamed: another run sees the old file or the new one.
    let temporary = "\(folder)/.\(account.digest).\(getpid()).\(UInt32.random(in: 0 ... .max))"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError("write", temporary) }
    let bytes = Array(text.utf8)
    let isWritten = write(descriptor, bytes, bytes.count) == bytes.count
    let code = errno
    guard close(descriptor) == 0, isWritten, rename(temporary, path(account)) == 0 else {
      let code = isWritten ? errno : code
      unlink(temporary)
      throw FileError("write", path(account), code: code)
    }
  }

  public func remove(_ account: TokenAccount) {
    unlink(path(account))
  }

  private func makePrivateFolder() throws(FileError) {
    if let slash = folder.lastSlash, slash != folder.startIndex { try makeFolder(String(folder[..<slash])) }
    guard mkdir(folder, 0o700) != 0 else { return }
    guard errno == EEXIST else { throw FileError("make the folder", folder) }
    guard chmod(folder, 0o700) == 0 else { throw FileError("protect the folder", folder) }
  }
}

/// Whether `text` can stand in `Authorization: Bearer` (RFC 6750, section 2.1, a little wider) without leaving its place.
func isBearerToken(_ text: String) -> Bool {
  (1...16384).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
}
