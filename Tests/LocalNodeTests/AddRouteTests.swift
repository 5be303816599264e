import ContentAddressing
import Files
import Foundation
import GRDB
import Testing

@testable import LocalNode

@Suite struct AddRouteTests {
  @Test func answersAsKubo() async throws {
    let fixture = try NodeFixture()
    let answer = try await fixture.add("hello-world.txt", Array("hello world\n".utf8), ["x-dstor-comment": "a note"])
    #expect(answer.status == 200)
    #expect(
      answer.text
        == #"{"Name":"hello-world.txt","Hash":"QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o","Size":"20"}"# + "\n")
    let records = try fixture.node.uploads()
    #expect(records.count == 1)
    #expect(records.first?.path == "hello-world.txt")
    #expect(records.first?.comment == "a note")
    #expect(records.first?.bytes == 12)
    #expect(records.first?.kind == .file)
    #expect(records.first?.at == NodeFixture.start)
  }

  @Test func severalFiles() async throws {
    let fixture = try NodeFixture()
    let answer = try await fixture.post("/api/v0/add", [Upload("a", "1"), Upload("b", ""), Upload("a", "1")])
    let lines = answer.text.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines.first == lines.last)
    #expect(lines[1] == #"{"Name":"b","Hash":"QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH","Size":"6"}"#)
    #expect(try fixture.node.uploads().count == 3)
  }

  /// Whoever sends need not try again: waiting makes no room.
  @Test func aDatabaseThatFillsTheDiskIs507() async throws {
    let fixture = try NodeFixture()
    try await fixture.node.database.write { db in
      let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(pages)")
    }
    var statuses: Set<Int> = []
    for number in 0..<200 {
      let answer = try await fixture.add("f\(number)", Array("\(number)".utf8))
      statuses.insert(answer.status)
      if answer.status != 200 {
        #expect(answer.status == 507 && answer.json["error"] as? String == "disk-full", "\(answer.text)")
        break
      }
    }
    #expect(statuses.contains(507))
  }

  @Test func directories() async throws {
    let fixture = try NodeFixture()
    let file = Array("x".utf8)
    for (headers, status, id) in [
      (["x-dstor-parent-id": "0"], 200, ""), ([:], 200, ""), (["x-dstor-folder-path": "a/b/c"], 200, ""),
      (["x-dstor-folder-path": "/a/b/"], 200, ""), (["x-dstor-folder-path": ""], 200, ""),
      (["x-dstor-parent-id": "0", "x-dstor-folder-path": "a"], 400, "two-directories"),
      (["x-dstor-parent-id": "77"], 404, "no-such-directory"), (["x-dstor-parent-id": "-1"], 400, "bad-parent-id"),
      (["x-dstor-parent-id": "99999999999999999999"], 400, "bad-parent-id"),
      (["x-dstor-parent-id": ""], 400, "bad-parent-id"),
      (["x-dstor-folder-path": "a/../b"], 400, "bad-folder-path"),
      (["x-dstor-folder-path": #"a\b"#], 400, "bad-folder-path"),
      (["x-dstor-comment": String(repeating: "c", count: 9000)], 400, "comment-too-long"),
    ] {
      let answer = try await fixture.add("f", file, headers)
      #expect(answer.status == status, "\(headers)")
      #expect(answer.json["error"] as? String ?? "" == id)
    }
    let names = try await fixture.node.database.read { db in
      try String.fetchAll(db, sql: "SELECT parent || '/' || name FROM directory ORDER BY id")
    }
    #expect(names == ["0/Library", "0/a", "2/b", "3/c"])
    let paths = try fixture.node.uploads().map(\.path)
    #expect(paths == ["f", "f", "a/b/c/f", "a/b/f", "f"])
    let library = try await fixture.add("g", file, ["x-dstor-parent-id": "1"])
    #expect(library.status == 200)
    // The same file in the same directory is listed once.
    let listed = try await fixture.node.database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM file") }
    #expect(listed == 4)
  }

  @Test(arguments: [
    ("a.txt", "a.txt"), ("/x/y/a.txt", "a.txt"), ("x/./a.txt", "a.txt"), ("b%20c%2Fd.txt", "d.txt"), ("a+b", "a+b"),
    ("", nil), ("..", nil), ("../a", nil), ("a/..", nil), ("/", nil), ("a%00b", nil), ("a%5Cb", nil),
  ])
  func names(filename: String, name: String?) async throws {
    let fixture = try NodeFixture()
    let answer = try await fixture.add(filename, [1])
    #expect(answer.status == (name == nil ? 400 : 200))
    #expect(answer.json["Name"] as? String == name)
    #expect(try fixture.node.uploads().count == (name == nil ? 0 : 1))
  }

  /// However late a request is refused, nothing of it stays on the disk.
  @Test func refusedUploadsLeaveNothing() async throws {
    let fixture = try NodeFixture()
    let large = [UInt8](repeating: 7, count: BlockStaging.memory + 1_000_000)
    let incoming = fixture.scratch.path + "/node/incoming"
    let first = try await fixture.add("..", large)
    #expect(first.json["error"] as? String == "bad-path")
    let second = try await fixture.post("/api/v0/add", [Upload("a", large), Upload("..", "")])
    #expect(second.json["error"] as? String == "bad-path")
    let token = try await fixture.openSession("site", chunks: 2)
    let headers = ["x-dstor-upload-token": token]
    let third = try await fixture.post("/v1/upload/", [Upload("a", large), Upload("a", "")], headers)
    #expect(third.json["error"] as? String == "path-conflict")
    #expect(try listFolder(incoming).isEmpty)
    // What is taken is there, and what comes twice is there once.
    for _ in 0..<2 { #expect(try await fixture.post("/v1/upload/", [Upload("a", large)], headers).status == 200) }
    #expect(try await fixture.add("a", large).status == 200)
    #expect(try listFolder(incoming).isEmpty)
    #expect(try fixture.node.block(address(large, profile: .v0).cid) != nil)
  }

  @Test func bodiesThatAreNotTaken() async throws {
    let fixture = try NodeFixture { $0.maximumFileSize = 1000 }
    let token = "Bearer \(try await fixture.token())"
    let form = "multipart/form-data; boundary=b"
    let part = "--b\r\nContent-Disposition: form-data; name=file"
    for (type, body, status, id) in [
      ("", "", 415, "not-multipart"), ("text/plain", "x", 415, "not-multipart"),
      ("multipart/form-data", "x", 415, "not-multipart"), ("multipart/mixed; boundary=b", "x", 415, "not-multipart"),
      ("multipart/form-data; boundary=\"\"", "x", 400, "bad-multipart"),
      (form, "", 400, "bad-multipart"), (form, "--b--", 400, "no-file"),
      (form, part + "\r\n\r\nx\r\n--b--", 400, "filename-missing"),
      (form, part + "; filename=a\r\n\r\nx", 400, "bad-multipart"),
      (form, part + "; filename=a\r\nContent-Type: application/x-directory\r\n\r\n\r\n--b--", 400, "not-a-file"),
      (form, part + "; filename=a\r\n\r\n" + String(repeating: "x", count: 1001) + "\r\n--b--", 413, "file-too-large"),
    ] {
      let answer = try await fixture.send(
        "POST", "/api/v0/add", ["Authorization": token, "Content-Type": type], pieces: pieces(of: Array(body.utf8)))
      #expect(answer.status == status, "\(type) \(body.prefix(80))")
      #expect(answer.json["error"] as? String == id)
    }
    #expect(try fixture.node.uploads().isEmpty)
  }
}
