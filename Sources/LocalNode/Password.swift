import CCrypto
import Foundation

/// A password as it is kept: scrypt (RFC 7914) with N = 2^15, r = 8, p = 1 and a random salt.
public struct Password: Sendable, CustomStringConvertible, CustomReflectable {
  private static let logN = 15
  /// 128 * N * r bytes are what scrypt needs; libcrypto wants some room beside them.
  private static let memory: UInt64 = 64 << 20

  private let salt: [UInt8]
  private let hash: [UInt8]

  public init(hashing password: String) {
    salt = randomBytes(16)
    hash = Self.scrypt(password, salt: salt, logN: Self.logN)
  }

  /// - Parameter stored: `scrypt$15$8$1$<salt>$<hash>`, both in base64url, as `stored` gives it.
  public init?(stored: String) {
    let parts = stored.split(separator: "$", omittingEmptySubsequences: false)
    guard parts.count == 6, parts[..<4].elementsEqual(["scrypt", "\(Self.logN)", "8", "1"]),
      let salt = base64URLDecoded(parts[4]), let hash = base64URLDecoded(parts[5]), salt.count >= 8, hash.count == 32
    else { return nil }
    self.salt = salt
    self.hash = hash
  }

  public var stored: String { "scrypt$\(Self.logN)$8$1$\(base64URL(salt))$\(base64URL(hash))" }

  func matches(_ password: String) -> Bool {
    isSameSecret(hash, Self.scrypt(password, salt: salt, logN: Self.logN))
  }

  static func scrypt(_ password: String, salt: [UInt8], logN: Int, r: Int = 8, p: Int = 1, length: Int = 32) -> [UInt8]
  {
    var key = [UInt8](repeating: 0, count: length)
    let bytes = password.utf8.map { CChar(bitPattern: $0) }
    let done = EVP_PBE_scrypt(
      bytes, bytes.count, salt, salt.count, 1 << UInt64(logN), UInt64(r), UInt64(p), memory, &key, key.count)
    precondition(done == 1, "bug: scrypt was given bad parameters")
    return key
  }

  public var description: String { "‹password›" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Checks passwords one at a time: each check takes 32 MiB.
actor PasswordCheck {
  private static let nobody = Password(hashing: "")

  /// An address that nobody has takes as long as a wrong password.
  func account(email: String, password: String, among accounts: [NodeAccount]) -> NodeAccount? {
    let account = accounts.first { $0.password != nil && $0.email?.lowercased() == email.lowercased() }
    let isRight = (account?.password ?? Self.nobody).matches(password)
    return isRight ? account : nil
  }
}
