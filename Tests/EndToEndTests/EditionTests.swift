import Foundation
import Testing

/// What can be done with editions once they are published.
@Suite struct EditionTests {
  @Test func receiptsAreAsTheSchemaSays() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.copyExampleSite()
    let node = try sandbox.node()
    let first = try sandbox.publish(to: node)
    try sandbox.write("---\ntitle: New\n---\ntext\n", to: "site/content/new.md")
    let second = try sandbox.publish(to: node)
    try sandbox.write(try sandbox.colophon("schema", "receipt").output, to: "schema.json")
    func problems(_ paths: String...) throws -> String {
      let outcome = try sandbox.tool("schema.py", [sandbox.path("schema.json")] + paths)
      return outcome.status == 0 ? outcome.output : outcome.errors
    }
    #expect(try problems(first.receipt, second.receipt) == "")
    // The judge sees what is wrong.
    let text = try String(contentsOfFile: first.receipt, encoding: .utf8)
    try sandbox.write(
      text.replacingOccurrences(of: "\"mode\" : \"folder\"", with: "\"mode\" : \"heap\""), to: "wrong.json")
    #expect(try problems(sandbox.path("wrong.json")).contains("heap"))
    // What the server answered is in it, for files and for the folder.
    let receipt = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: second.receipt))) as? [String: Any])
    #expect((receipt["rootAnswer"] as? [String: Any])?["hash"] as? String == second.root)
    let files = try #require(receipt["files"] as? [[String: Any]])
    for file in files {
      let answer = file["answer"] as? [String: Any]
      #expect((answer != nil) == (file["sent"] as? Bool))
      if let answer { #expect(answer["hash"] as? String == file["cid"] as? String) }
    }
    let configuration = try #require(receipt["configuration"] as? [String: String])
    let sum = try sandbox.run(["sha256sum", "site/site.yaml"], in: "")
    #expect(sum.output.hasPrefix(configuration["sha256"] ?? "-"))
  }

  @Test func historyAndDiff() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.write("---\ntitle: One\n---\n[to](two.md)\n", to: "site/content/_index.md")
    try sandbox.write("---\ntitle: Two\n---\ntext\n", to: "site/content/two.md")
    let node = try sandbox.node()
    let none = try sandbox.colophon("history", "site")
    #expect(none.status == 64 && none.errors.contains("colophon publish"))
    let first = try sandbox.publish(to: node)
    try sandbox.write("---\ntitle: Two\n---\ntext and more\n", to: "site/content/two.md")
    let second = try sandbox.publish(to: node)

    struct History: Decodable {
      struct Row: Decodable {
        let root: String
        let current: Bool
      }
      let editions: [Row]
    }
    let history: History = try sandbox.colophon("history", "site", "--json").json()
    #expect(history.editions.map(\.root) == [second.root, first.root])
    #expect(history.editions.map(\.current) == [true, false])
    #expect(try sandbox.colophon("history", "site").output.contains(second.entry))

    struct Diff: Decodable {
      struct Change: Decodable {
        let change: String
        let path: String
      }
      let changes: [Change]
    }
    let diff: Diff = try sandbox.colophon("diff", first.root, "last", "--site", "site", "--json").json()
    #expect(diff.changes.contains { $0.path == "two/index.html" && $0.change == "changed" })
    #expect(!diff.changes.contains { $0.path == "404.html" })
    let same = try sandbox.colophon("diff", "last", "last", "--site", "site")
    #expect(same.status == 0 && same.output.contains("nothing differs"))
    let wrong = try sandbox.colophon("diff", "lsat", "--site", "site", "--json")
    #expect(wrong.status == 64 && wrong.errors.contains("did you mean last?"))
    // An edit taken back makes the first edition the current one again.
    try sandbox.write("---\ntitle: Two\n---\ntext\n", to: "site/content/two.md")
    #expect(try sandbox.publish(to: node).uploaded == 0)
    let back: History = try sandbox.colophon("history", "site", "--json").json()
    #expect(back.editions.map(\.current) == [false, true])
  }
}
