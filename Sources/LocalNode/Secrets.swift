import CCrypto
import ContentAddressing
import Files
import Foundation

/// Who may do what: API keys, passwords and the key that signs tokens.
struct Secrets: Sendable {
  private struct KnownKey: Sendable {
    let digest: [UInt8]
    let account: String
  }

  let signer: TokenSigner
  let accounts: [NodeAccount]
  /// Of the owner, where no accounts are configured.
  let ownerKey: String?
  let ownerKeyFile: String?
  private let keys: [KnownKey]
  private let passwords = PasswordCheck()

  /// Reads the secrets of the data folder; those that are missing are made.
  /// - Throws: `NodeError`.
  init(folder: String, accounts configured: [NodeAccount]) throws(NodeError) {
    let tokenKey = try Self.secret(in: folder + "/token-secret") { hexadecimal(randomBytes(32)) }
    // 32 bytes in hexadecimal, as a digest is.
    guard let key = SHA256Digest(hex: tokenKey) else { throw .damagedSecret(file: folder + "/token-secret") }
    signer = TokenSigner(key: key.bytes)
    if configured.isEmpty {
      let file = folder + "/api-key"
      let key = try Self.secret(in: file) { Self.newAPIKey() }
      ownerKey = key
      ownerKeyFile = file
      accounts = [NodeAccount(name: "owner", apiKeys: [key])]
    } else {
      ownerKey = nil
      ownerKeyFile = nil
      accounts = configured
    }
    keys = accounts.flatMap { account in
      account.apiKeys.map { KnownKey(digest: Self.digest($0), account: account.id) }
    }
  }

  /// The account that an API key belongs to. All keys are compared, in constant time.
  func account(apiKey: String) -> String? {
    let digest = Self.digest(apiKey)
    var found: String?
    for key in keys where isSameSecret(key.digest, digest) { found = key.account }
    return apiKey.isEmpty ? nil : found
  }

  func account(email: String, password: String) async -> String? {
    await passwords.account(email: email, password: password, among: accounts)?.id
  }

  func account(token: String, now: Double) -> String? {
    guard let account = signer.account(of: token, now: now) else { return nil }
    return accounts.contains { $0.id == account } ? account : nil
  }

  private static func digest(_ secret: String) -> [UInt8] { SHA256Digest(of: Array(secret.utf8)).bytes }

  /// 64 characters, as dStor's keys have; 64 of them to choose from, so every byte counts 6 bits evenly.
  private static func newAPIKey() -> String {
    base64URL(randomBytes(48))
  }

  /// What the file holds, without its line end; made with mode 0600 where there is none.
  private static func secret(in file: String, make: () -> String) throws(NodeError) -> String {
    do {
      if fileSize(file) == nil {
        let line = Array((make() + "\n").utf8)
        try replaceFile(file, mode: 0o600, isDurable: true) { (take) throws(FileError) in try take(line) }
      }
      guard chmod(file, 0o600) == 0 else { throw FileError("protect", file) }
      let bytes = try readFile(file)
      let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
      let isUsable = text.utf8.count == 64 && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
      guard isUsable else { throw NodeError.damagedSecret(file: file) }
      return text
    } catch let error as NodeError {
      throw error
    } catch {
      throw .folder(String(describing: error))
    }
  }
}
