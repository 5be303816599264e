import Testing
import Transport

@testable import DStor

@Suite struct FolderTests {
  let token = UploadToken(Secret("upload-token"))

  @Test func wholeFlow() async throws {
    let polls = Counter()
    let script = Script { request, _ in
      switch request.path {
      case "/v1/dev/temp-token": .token("t")
      case "/v1/upload/get-token/": .json("{\"message\": \"ok\", \"token\": \"upload-token\"}")
      case "/v1/upload/": .json("{\"upload_token\": \"upload-token\", \"errorAtStage\": null}")
      default:
        [
          .json("{\"status\": \"WAITING_FOR_CHUNKS\"}"), .json("{\"status\": \"ADDING_TO_IPFS\", \"data\": null}"),
          .json("{\"status\": \"SAVING_DATA\"}"),
          .json("{\"status\": \"DONE\", \"data\": [{\"Name\": \"a/b\", \"Hash\": \"Qm1\", \"Size\": \"3\"}]}"),
        ][min(polls.next(), 3)]
      }
    }
    let time = FakeTime()
    let client = try DStorClient.scripted(script, time)
    let given = try await client.getUploadToken(folderPath: "a/\"é", chunks: 2)
    #expect(given == token)
    for name in ["index.html", "posts/a b.html"] {
      let file = UploadFile(name: name, contentType: "text/html", contents: .bytes([]))
      try await client.sendChunk([file], given, comment: "c")
    }
    var added: [AddedFile] = []
    try await client.waitForFolder(given) { added.append($0) }
    #expect(added == [AddedFile(name: "a/b", hash: "Qm1", size: 3)])
    #expect(time.sleeps == [0.05, 0.1, 0.2, 0.5])
    #expect(script.sent(to: "/v1/upload/get-token/")[0].text == "{\"chunks_number\": 2, \"folder_path\": \"a/\\\"é\"}")
    let chunks = script.sent(to: "/v1/upload/")
    #expect(chunks.map { $0.parts.map(\.filename) } == [["index.html"], ["posts/a b.html"]])
    #expect(
      chunks.allSatisfy { $0.headers["x-dstor-upload-token"] == "upload-token" && $0.headers["x-dstor-comment"] == "c" }
    )
    let polled = script.sent(to: "/v1/upload/get-status/")
    #expect(polled.allSatisfy { $0.method == "GET" && $0.headers["x-dstor-upload-token"] == "upload-token" })
  }

  @Test(arguments: [
    ("{\"status\": \"DONE\"}", FolderStatus.done), ("{\"status\": \"NEW_ONE\"}", .other("NEW_ONE")),
    ("{\"status\": \"SAVING_DATA\"}", .savingData),
    (
      "{\"status\": \"ERROR\", \"errorExplanation\": \"disk\", \"errorAtStage\": \"IPFS\"}",
      .failed(explanation: "disk", stage: "IPFS")
    ),
    ("{\"status\": \"ERROR\"}", .failed(explanation: "no explanation", stage: "unknown")),
    // What a folder that is not done holds is of no interest, whatever it is.
    ("{\"data\": [{}], \"status\": \"ADDING_TO_IPFS\"}", .addingToIPFS),
  ])
  func statuses(_ body: String, _ status: FolderStatus) async throws {
    let client = try DStorClient.scripted(Script(.json(body)))
    #expect(try await client.uploadStatus(token) == status)
  }

  @Test(
    arguments: [
      ("{\"status\": \"DONE\"}", []), ("{\"status\": \"DONE\", \"data\": []}", []),
      ("{\"status\": \"DONE\", \"data\": null}", []),
      (
        "{\"status\": \"DONE\", \"data\": {\"Name\": \"\", \"Hash\": \"Qm\", \"Size\": 1}}",
        [AddedFile(name: "", hash: "Qm", size: 1)]
      ),
      (
        "{\"data\": [{\"Name\": \"b\", \"Hash\": \"Q2\"}, {\"Name\": \"a\", \"Hash\": \"Q1\", \"Size\": \"7\"}], \"status\": \"DONE\"}",
        [AddedFile(name: "b", hash: "Q2", size: nil), AddedFile(name: "a", hash: "Q1", size: 7)]
      ),
    ] as [(String, [AddedFile])])
  func filesOfAFolder(_ body: String, _ files: [AddedFile]) async throws {
    let client = try DStorClient.scripted(Script(.json(body)))
    var added: [AddedFile] = []
    try await client.waitForFolder(token) { added.append($0) }
    #expect(added == files)
  }

  @Test func filesOfAnAnswerThatIsReadAgainComeOnce() async throws {
    let bad = "{\"status\": \"DONE\", \"data\": [{\"Name\": \"a\", \"Hash\": \"Q\"}, {\"Name\": \"b\"}]}"
    let cut = "{\"status\": \"DONE\", \"data\": [{\"Name\": \"a\", \"Hash\": \"Q\"}, {\"Na"
    let good = "{\"status\": \"DONE\", \"data\": [{\"Name\": \"a\", \"Hash\": \"Q\"}]}"
    let client = try DStorClient.scripted(Script(.json(bad), .json(cut), .json(good)))
    var added: [AddedFile] = []
    try await client.waitForFolder(token) { added.append($0) }
    #expect(added.map(\.name) == ["a"])
  }

  @Test(arguments: [
    ("{}", DStorError.Kind.missingField("status")), ("{\"status\": 5}", .badField("status")),
    ("{\"status\": \"DONE\", \"data\": 5}", .badField("data")),
    (
      "{\"status\": \"DONE\", \"data\": [{\"Name\": \"a\", \"Hash\": \"Q\"}, {\"Name\": \"b\"}]}",
      .missingField("data[1].Hash")
    ),
  ])
  func statusesThatMakeNoSense(_ body: String, _ kind: DStorError.Kind) async throws {
    let client = try DStorClient.scripted(Script(.json(body)))
    #expect(await failure { () throws(DStorError) in try await client.waitForFolder(token) { _ in } }?.kind == kind)
  }

  @Test func failedFolder() async throws {
    let body =
      "{\"status\": \"ERROR\", \"errorExplanation\": \"no room for upload-token\", \"errorAtStage\": \"SAVING_DATA\"}"
    let client = try DStorClient.scripted(Script(.json(body)))
    let error = await failure { () throws(DStorError) in try await client.waitForFolder(token) { _ in } }
    #expect(error?.kind == .folderFailed(stage: "SAVING_DATA"))
    #expect(error?.came == "the server gave up the folder at stage SAVING_DATA: no room for ‹secret›")
  }

  @Test func statusThatNeverChanges() async throws {
    let time = FakeTime()
    let client = try DStorClient.scripted(Script(.json("{\"status\": \"ADDING_TO_IPFS\"}")), time) {
      $0.polling.deadline = 60
    }
    let error = await failure { () throws(DStorError) in try await client.waitForFolder(token) { _ in } }
    #expect(error?.kind == .folderDeadline)
    #expect(error?.came.contains("ADDING_TO_IPFS") == true)
    #expect((60...70).contains(time.sleeps.reduce(0, +)))
  }

  @Test func refusedChunkIsSentAgain() async throws {
    let script = Script(.json("{\"errorAtStage\": \"STORE\"}"), .json(""))
    let client = try DStorClient.scripted(script)
    try await client.sendChunk([hello], token)
    #expect(script.sent(to: "/v1/upload/").count == 2)
    let stubborn = try DStorClient.scripted(Script(.json("{\"errorAtStage\": \"STORE\"}")))
    let error = await failure { () throws(DStorError) in try await stubborn.sendChunk([hello], token) }
    #expect(error?.kind == .chunkRefused(stage: "STORE") && error?.attempts == 8)
  }

  @Test(arguments: [
    ("<html>", DStorError.Kind.htmlAnswer), ("{\"upload_token\": \"other\"}", .badField("upload_token")),
  ])
  func chunkAnswersThatMakeNoSense(_ body: String, _ kind: DStorError.Kind) async throws {
    let client = try DStorClient.scripted(Script(.json(body)))
    #expect(await failure { () throws(DStorError) in try await client.sendChunk([hello], token) }?.kind == kind)
  }

  @Test func uploadsThatAreNone() async throws {
    let script = Script(.added)
    let client = try DStorClient.scripted(script)
    for (path, chunks) in [("", 1), ("/a", 1), ("a", 0)] {
      let error = await failure { () throws(DStorError) in
        _ = try await client.getUploadToken(folderPath: path, chunks: chunks)
      }
      #expect(error?.kind == .invalidInput)
    }
    #expect(await failure { () throws(DStorError) in try await client.sendChunk([], token) }?.kind == .invalidInput)
    let forged = UploadToken(Secret("a\r\nb"))
    #expect(await failure { () throws(DStorError) in _ = try await client.uploadStatus(forged) }?.kind == .invalidInput)
    #expect(script.sent.isEmpty)
  }
}
