import ContentAddressing
import Files
import Foundation
import GRDB
import TestSupport
import Testing

@testable import LocalNode

@Suite struct FolderUploadTests {
  private func send(_ fixture: NodeFixture, _ token: String, _ files: [(String, String)]) async throws -> Answer {
    try await fixture.post(
      "/v1/upload/", files.map { Upload($0.0, $0.1) }, ["x-dstor-upload-token": token, "x-dstor-comment": "an edition"])
  }

  @Test func wholeFlow() async throws {
    let fixture = try NodeFixture()
    let token = try await fixture.openSession("sites/blog/b1", chunks: 3)
    #expect(token.utf8.count == 43)
    let second = [("/posts/a/index.html", "<p>a"), ("style.css", "p{}")]
    for (chunk, received) in [
      (second, 1), (second, 1), (second.reversed(), 1), ([("index.html", "<h1>"), ("./posts//b%20c.html", "b")], 2),
    ] {
      let answer = try await send(fixture, token, chunk)
      #expect(answer.status == 200)
      #expect(answer.json["chunks_received"] as? Int == received)
      #expect(answer.json["upload_token"] as? String == token)
      #expect(try await fixture.status(token).json["status"] as? String == "WAITING_FOR_CHUNKS")
    }
    #expect(try await send(fixture, token, [("z", "")]).json["chunks_received"] as? Int == 3)

    let tree: FileTree = [
      "posts/a/index.html": "<p>a", "style.css": "p{}", "index.html": "<h1>", "posts/b c.html": "b", "z": "",
    ]
    let expected = try address(tree, profile: .v0)
    let status = try await fixture.status(token).json
    #expect(status["status"] as? String == "DONE")
    #expect(status["errorExplanation"] is NSNull)
    let data = try #require(status["data"] as? [[String: String]])
    #expect(data.map { $0["Name"] } == tree.paths.map(\.string) + ["b1"])
    #expect(data.map { $0["Hash"] } == tree.paths.map { expected[$0]?.cid.text } + [expected.root.cid.text])
    #expect(data.last?["Size"] == String(expected.root.size))

    let page = try await fixture.send("GET", "/ipfs/\(expected.root.cid)/posts/b%20c.html")
    #expect(page.text == "b")
    let records = try fixture.node.uploads()
    #expect(records.filter { $0.kind == .folderFile }.count == 5)
    #expect(records.last?.kind == .folder)
    #expect(records.last?.path == "sites/blog/b1")
    #expect(records.first?.path == "sites/blog/b1/posts/a/index.html")
    #expect(records.first?.comment == "an edition")
    // Done is done: a chunk again is fine, another one is not.
    #expect(try await send(fixture, token, second).status == 200)
    #expect(try await send(fixture, token, [("new", "")]).status == 409)
    #expect(try fixture.node.uploads().count == records.count)
  }

  @Test func conflicts() async throws {
    let fixture = try NodeFixture()
    let token = try await fixture.openSession("f", chunks: 9)
    #expect(try await send(fixture, token, [("a/b", "1"), ("c", "2"), ("c", "2")]).status == 200)
    for (files, status, id) in [
      ([("a/b", "other")], 400, "path-conflict"), ([("a", "1")], 400, "path-conflict"),
      ([("c/d/e", "1")], 400, "path-conflict"), ([("x", "1"), ("x", "2")], 400, "path-conflict"),
      ([("y", "1"), ("y/z", "2")], 400, "path-conflict"), ([("../x", "1")], 400, "bad-path"),
      ([("a%00", "1")], 400, "bad-path"), ([("/", "1")], 400, "bad-path"), ([], 400, "no-file"),
    ] {
      let answer = try await send(fixture, token, files)
      #expect(answer.status == status, "\(files)")
      #expect(answer.json["error"] as? String == id)
      #expect(answer.json["errorAtStage"] as? String == "RECEIVING_CHUNK")
      #expect(answer.json["upload_token"] as? String == token)
    }
    // Nothing of a refused chunk stays; a neighbour in byte order is no conflict.
    #expect(try await send(fixture, token, [("y", "1"), ("a!", "3"), ("a0", "4"), ("a/b", "1")]).status == 200)
    #expect(try await fixture.status(token).json["chunks_received"] as? Int == 2)
  }

  @Test(arguments: [
    ("{}", "bad-json"), (#"{"chunks_number": 0, "folder_path": "a"}"#, "bad-chunks-number"),
    (#"{"chunks_number": 1.5, "folder_path": "a"}"#, "bad-json"),
    (#"{"chunks_number": "1", "folder_path": "a"}"#, "bad-json"),
    (#"{"chunks_number": 99999999, "folder_path": "a"}"#, "bad-chunks-number"),
    (#"{"chunks_number": 1, "folder_path": "/"}"#, "bad-folder-path"),
    (#"{"chunks_number": 1, "folder_path": "a/../b"}"#, "bad-folder-path"),
  ])
  func wishesThatAreNotGranted(body: String, id: String) async throws {
    let fixture = try NodeFixture()
    let answer = try await fixture.send(
      "POST", "/v1/upload/get-token", ["Authorization": "Bearer \(try await fixture.token())"],
      pieces: [Array(body.utf8)])
    #expect(answer.status == 400)
    #expect(answer.json["error"] as? String == id)
  }

  @Test func tokensBelongToTheirAccount() async throws {
    let fixture = try NodeFixture {
      $0.accounts = [NodeAccount(name: "a", apiKeys: ["ka"]), NodeAccount(name: "b", apiKeys: ["kb"])]
    }
    func access(_ key: String) async throws -> [String: String] {
      let answer = try await fixture.send("GET", "/v1/dev/temp-token", ["api-key": key])
      return ["Authorization": "Bearer \(answer.json["access_token"] as? String ?? "")"]
    }
    let body = Array(#"{"chunks_number": 1, "folder_path": "a"}"#.utf8)
    let opened = try await fixture.send("POST", "/v1/upload/get-token/", try await access("ka"), pieces: [body])
    let token = try #require(opened.json["token"] as? String)
    for (key, uploadToken, status) in [("ka", token, 200), ("kb", token, 404), ("ka", "x", 404), ("ka", nil, 400)] {
      var headers = try await access(key)
      headers["x-dstor-upload-token"] = uploadToken
      #expect(try await fixture.send("GET", "/v1/upload/get-status", headers).status == status)
      if status != 200 {
        #expect(try await fixture.post("/v1/upload", [Upload("f", "1")], headers).status == status)
      }
    }
  }

  /// Opened again between chunks, and after the last one before the folder is made, on a copy of what is on the disk, as a crash leaves it.
  @Test func goesOnAfterACrash() async throws {
    let first = try NodeFixture()
    let token = try await first.openSession("f", chunks: 2)
    _ = try await send(first, token, [("a", "1")])
    let copy = try crashed(first)
    let second = try NodeFixture(in: copy)
    #expect(try await second.status(token).json["chunks_received"] as? Int == 1)
    #expect(try await send(second, token, [("a", "1")]).json["chunks_received"] as? Int == 1)
    #expect(try await send(second, token, [("b", "2")]).json["chunks_received"] as? Int == 2)
    #expect(try await second.status(token).json["status"] as? String == "DONE")
    // The same state, as if the folder had not been made yet.
    try await second.node.database.write {
      try $0.execute(sql: "UPDATE session SET status = 'ADDING_TO_IPFS', cid = NULL, size = NULL")
    }
    let third = try NodeFixture(in: try crashed(second))
    let status = try await third.status(token).json
    #expect(status["status"] as? String == "DONE")
    let expected = try address(["a": "1", "b": "2"] as FileTree, profile: .v0).root.cid.text
    #expect((status["data"] as? [[String: String]])?.last?["Hash"] == expected)
  }

  @Test func oldSessionsAreForgotten() async throws {
    let fixture = try NodeFixture()
    let token = try await fixture.openSession("f", chunks: 2)
    _ = try await send(fixture, token, [("a", "1")])
    let later = try NodeFixture(in: try crashed(fixture)) { $0.now = { NodeFixture.start + 31 * 86400 } }
    let key = ["api-key": later.node.ownerAPIKey ?? ""]
    let access = try await later.send("GET", "/v1/dev/temp-token", key).json["access_token"] as? String ?? ""
    let headers = ["Authorization": "Bearer \(access)", "x-dstor-upload-token": token]
    #expect(try await later.send("GET", "/v1/upload/get-status", headers).status == 404)
    let left = try await later.node.database.read { db in
      try Int.fetchOne(db, sql: "SELECT (SELECT count(*) FROM sessionFile) + (SELECT count(*) FROM sessionChunk)")
    }
    #expect(left == 0)
  }

  @Test func aChunkTwiceAtOnce() async throws {
    let fixture = try NodeFixture()
    let token = try await fixture.openSession("f", chunks: 8)
    try await withThrowingTaskGroup(of: Int.self) { group in
      for index in 0..<24 {
        group.addTask { try await self.send(fixture, token, [("\(index % 8)", "content")]).status }
      }
      for try await status in group { #expect(status == 200) }
    }
    #expect(try await fixture.status(token).json["status"] as? String == "DONE")
    #expect(try fixture.node.uploads().count == 9)
  }
}

/// The node's folder as the disk has it now, without the node closing anything.
func crashed(_ fixture: NodeFixture) throws -> TemporaryFolder {
  let copy = try TemporaryFolder()
  try FileManager.default.copyItem(atPath: fixture.scratch.path + "/node", toPath: copy.path + "/node")
  return copy
}
