import ContentAddressing
import Files
import Testing

@testable import Publisher

/// Style sheets are rewritten before they are published: pages that say what bytes they have must say what they have then.
@Suite struct IntegrityTests {
  private let before = SHA256Digest(of: [1]).integrity
  private let now = SHA256Digest(of: [2]).integrity
  private let other = SHA256Digest(of: [3]).integrity

  private func rewritten(_ page: String, _ urls: FileURLs) -> String {
    String(decoding: urls.withIntegrity(Array(page.utf8)), as: UTF8.self)
  }

  /// What `openssl dgst -sha256 -binary | base64` says of `abc`.
  @Test func asBrowsersReadIt() {
    #expect(
      SHA256Digest(of: Array("abc".utf8)).integrity == "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")
  }

  @Test func valuesAreReplaced() {
    var urls = FileURLs()
    #expect(rewritten(before, urls) == before)
    urls.addIntegrity(now, before: before)
    for (page, expected) in [
      ("", ""), (before, now), ("x\(before)y\(before)", "x\(now)y\(now)"), (other, other), ("sha256-", "sha256-"),
      ("<a>sha256-sha25\(before)</a>\(before.dropLast())", "<a>sha256-sha25\(before)</a>\(before.dropLast())"),
      ("<link integrity=\"\(other) \(before)\">", "<link integrity=\"\(other) \(now)\">"),
      (String(before.dropLast()), String(before.dropLast())), ("-a--256-\(before)", "-a--256-\(now)"),
    ] { #expect(rewritten(page, urls) == expected, "\(page)") }
    // Every number of bytes before it.
    for count in 0..<30 {
      let text = String("sha256sha2-sha256sha256-abc-sha2".prefix(count))
      #expect(rewritten(text + "|" + before, urls).hasSuffix("|" + now) || text.contains("sha256-"), "\(text)")
    }
  }

  @Test func equalFilesMayBecomeTwo() {
    var urls = FileURLs()
    urls.addIntegrity(now, before: before)
    urls.addIntegrity(other, before: before)
    urls.addIntegrity(now, before: before)
    #expect(rewritten(before, urls) == now + " " + other)
  }
}
