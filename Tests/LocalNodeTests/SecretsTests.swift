import ContentAddressing
import Files
import Foundation
import TestSupport
import Testing

@testable import LocalNode

@Suite struct SecretsTests {
  /// RFC 7515, appendix A.1.
  @Test func rfc7515() throws {
    let key = try #require(
      base64URLDecoded("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"))
    let signer = TokenSigner(key: key)
    let header = Array("{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}".utf8)
    let payload = Array("{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}".utf8)
    let token =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
      + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
      + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    #expect(signer.signed(header: header, payload: payload) == token)
    #expect(signer.verifiedPayload(token) == payload)
  }

  @Test func tokensThatAreNotTaken() throws {
    let signer = TokenSigner(key: [1, 2, 3])
    let token = signer.token(account: "me", issuedAt: 1000, expiresAt: 2000)
    #expect(signer.account(of: token, now: 1999.9) == "me")
    #expect(signer.account(of: token, now: 2000) == nil)
    #expect(TokenSigner(key: [1, 2, 4]).account(of: token, now: 1500) == nil)
    let parts = token.split(separator: ".").map(String.init)
    let payload = try #require(base64URLDecoded(parts[1]))
    for header in [
      #"{"alg":"none"}"#, #"{"alg":"HS512"}"#, #"{"alg":"hs256"}"#, #"{}"#, "", #"{"alg":"HS256","crit":["x"]}"#,
    ] {
      #expect(signer.verifiedPayload(signer.signed(header: Array(header.utf8), payload: payload)) == nil, "\(header)")
    }
    let bad = [
      "", ".", "..", "...", token + ".", token + "A", "." + token, parts[0] + "." + parts[1] + ".",
      parts[0] + "." + parts[1], token.replacingOccurrences(of: ".", with: " "), String(repeating: "a", count: 10_000),
    ]
    for bad in bad { #expect(signer.account(of: bad, now: 1500) == nil, "\(bad.prefix(40))") }
    for index in token.indices where token[index] != "." {
      var changed = token
      changed.replaceSubrange(index...index, with: token[index] == "A" ? "B" : "A")
      #expect(signer.account(of: changed, now: 1500) == nil)
    }
  }

  @Test func claimsAreDStors() throws {
    let token = TokenSigner(key: [9]).token(account: "uuid", issuedAt: 5, expiresAt: 6)
    let payload = try #require(base64URLDecoded(token.split(separator: ".")[1]))
    #expect(
      String(decoding: payload, as: UTF8.self)
        == #"{"d":false,"o":false,"s":false,"t":null,"iat":5,"exp":6,"aud":"dstor.cloud","iss":"dstor.cloud","sub":"uuid"}"#
    )
  }

  @Test func base64() {
    for count in 0..<40 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 89 + 250) }
      #expect(base64URLDecoded(base64URL(bytes)) == bytes)
    }
    for bad in ["A", "AB", "AA=", "A A", "+A", "AAAAA"] { #expect(base64URLDecoded(bad) == nil, "\(bad)") }
  }

  /// RFC 7914, section 12.
  @Test(arguments: [
    ("", "", 4, 1, 1, "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"),
    ("password", "NaCl", 10, 8, 16, "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"),
  ])
  func scrypt(password: String, salt: String, logN: Int, r: Int, p: Int, start: String) {
    let key = Password.scrypt(password, salt: Array(salt.utf8), logN: logN, r: r, p: p, length: 64)
    #expect(hexadecimal(key).hasPrefix(start))
  }

  @Test func passwords() throws {
    let password = Password(hashing: "correct horse")
    #expect(password.stored.hasPrefix("scrypt$15$8$1$"))
    let again = try #require(Password(stored: password.stored))
    #expect(again.matches("correct horse"))
    #expect(!again.matches("correct hors"))
    #expect(Password(hashing: "correct horse").stored != password.stored)
    #expect(!"\(password)\(String(reflecting: password))".contains(password.stored.suffix(20)))
    for bad in ["", "scrypt$15$8$1$$", "scrypt$1$8$1$AAAAAAAAAAAAAAAA$AAAA", "plain"] {
      #expect(Password(stored: bad) == nil)
    }
  }

  @Test func secretsAreKeptAndPrivate() throws {
    let scratch = try TemporaryFolder()
    let folder = scratch.path
    let first = try Secrets(folder: folder, accounts: [])
    let key = try #require(first.ownerKey)
    #expect(key.utf8.count == 64)
    #expect(first.ownerKeyFile == folder + "/api-key")
    #expect(try readFile(folder + "/api-key") == Array((key + "\n").utf8))
    for file in ["api-key", "token-secret"] {
      let mode = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(file)")[.posixPermissions] as? Int
      #expect(mode == 0o600)
    }
    let token = first.signer.token(account: first.accounts[0].id, issuedAt: 0, expiresAt: 10)
    let second = try Secrets(folder: folder, accounts: [])
    #expect(second.ownerKey == key)
    #expect(second.account(token: token, now: 5) == first.accounts[0].id)
    let other = try Secrets(folder: folder, accounts: [NodeAccount(name: "other", apiKeys: ["k"])])
    #expect(other.ownerKey == nil)
    #expect(other.account(token: token, now: 5) == nil, "the account is gone, so is its token")
    #expect(other.account(apiKey: "k") == NodeAccount(name: "other").id)
    #expect(other.account(apiKey: key) == nil)
    #expect(other.account(apiKey: "") == nil)
    try writeFile(folder + "/api-key", Array("short\n".utf8))
    let error = #expect(throws: NodeError.self) { try Secrets(folder: folder, accounts: []) }
    #expect(error?.description.contains("short") == false)
  }

  @Test func accountIDs() {
    let id = NodeAccount(name: "owner").id
    #expect(id.utf8.count == 36)
    #expect(UUID(uuidString: id) != nil)
    #expect(id[id.index(id.startIndex, offsetBy: 14)] == "8")
    #expect(NodeAccount(name: "other").id != id)
  }
}
