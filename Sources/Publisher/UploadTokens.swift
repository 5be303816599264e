import ContentAddressing
import DStor
import Files
import Glibc
import Transport

/// Upload tokens of folder uploads under way. They are secrets: kept outside the site, in files that only their owner can read.
public struct UploadTokens: Sendable {
  private let folder: String?

  /// - Parameter folder: made with mode 0700 when the first token is kept; nil keeps none, and an upload that is cut off starts again.
  public init(folder: String?) { self.folder = folder }

  private func path(_ key: String) -> String? {
    folder.map { "\($0)/upload-\(SHA256Digest(of: Array(key.utf8)).hex)" }
  }

  func load(_ key: String) -> UploadToken? {
    guard let path = path(key), let bytes = try? readFile(path), let text = String(validating: bytes, as: UTF8.self),
      !text.isEmpty
    else { return nil }
    return UploadToken(Secret(text))
  }

  func save(_ token: UploadToken, _ key: String) throws {
    guard let folder, let path = path(key) else { return }
    try makeFolder(folder)
    chmod(folder, 0o700)
    try replaceFile(path, Array(token.secret.reveal().utf8), mode: 0o600)
  }

  func remove(_ key: String) {
    if let path = path(key) { unlink(path) }
  }
}
