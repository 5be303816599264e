import Testing

@testable import DStor

@Suite struct AddTests {
  @Test func sendsWhatTheDocumentationSays() async throws {
    let script = Script(.added)
    let client = try DStorClient.scripted(script)
    let added = try await client.add(hello, to: .folderPath("site/2026"), comment: "made by a test")
    #expect(added == AddedFile(name: "a.txt", hash: "QmHash", size: 12))
    _ = try await client.add(hello)
    let sent = script.sent(to: "/api/v0/add")
    #expect(sent.allSatisfy { $0.method == "POST" && $0.url.hasPrefix("https://dstor.test/") })
    #expect(sent.map { $0.headers["x-dstor-folder-path"] } == ["site/2026", nil])
    #expect(sent.map { $0.headers["x-dstor-comment"] } == ["made by a test", nil])
    let part = try #require(sent[0].parts.first)
    #expect(part.filename == "a.txt" && part.contentType == "text/plain" && part.field == "file")
  }

  @Test(arguments: [
    ("{\"Name\":\"a\",\"Hash\":\"Qm\",\"Size\":5}", 5),
    ("{\"Name\":\"a\",\"Hash\":\"Qm\",\"Size\":\"6\",\"New\":[{}]}\n", 6),
    ("{\"Name\":\"a\",\"Hash\":\"Qm\"}", nil),
  ])
  func sizes(_ body: String, _ size: Int?) async throws {
    let client = try DStorClient.scripted(Script(.json(body)))
    #expect(try await client.add(hello).size == size)
  }

  @Test(arguments: [
    ("", DStorError.Kind.emptyAnswer), ("  \n", .emptyAnswer), ("\n <!DOCTYPE html><p>Sign in", .htmlAnswer),
    ("ok", .notJSON),
    ("{\"Name\":\"a\",\"Ha", .cutShort), ("[]", .notJSON), ("{\"Name\":\"a\"}", .missingField("Hash")),
    ("{\"Hash\":\"Qm\"}", .missingField("Name")), ("{\"Name\":\"a\",\"Hash\":5}", .badField("Hash")),
    ("{\"Name\":\"a\",\"Hash\":\"../x\"}", .badField("Hash")), ("{\"Name\":\"a\",\"Hash\":\"\"}", .badField("Hash")),
    ("{\"Name\":\"a\",\"Hash\":\"Qm\",\"Size\":-1}", .badField("Size")),
    ("{\"Name\":\"a\",\"Hash\":\"Qm\",\"Size\":\"99999999999999999999999\"}", .badField("Size")),
    ("{\"Name\":\"a\",\"Hash\":\"Qm\",\"Size\":9223372036854775807}", .badField("Size")),
    ("{\"Name\":\"a\",\"Hash\":\"Qm\",\"Size\":[]}", .badField("Size")),
  ])
  func answersThatMakeNoSense(_ body: String, _ kind: DStorError.Kind) async throws {
    let client = try DStorClient.scripted(Script(.json(body)))
    let error = await failure { () throws(DStorError) in _ = try await client.add(hello) }
    #expect(error?.kind == kind)
    #expect(error?.tried == "POST https://dstor.test/api/v0/add")
  }

  @Test(arguments: ["", "two\nlines", "é", "\u{7F}", " before", "after ", String(repeating: "x", count: 513)])
  func commentsThatAreNone(_ comment: String) async throws {
    let script = Script(.added)
    let client = try DStorClient.scripted(script)
    let error = await failure { () throws(DStorError) in _ = try await client.add(hello, comment: comment) }
    #expect(error?.kind == .invalidInput)
    #expect(script.sent.isEmpty)
  }

  @Test(arguments: ["", "/a", "a/", "a//b", "../a", "é", "a\r\nX: y"])
  func directoriesThatAreNone(_ path: String) async throws {
    let client = try DStorClient.scripted(Script(.added))
    let error = await failure { () throws(DStorError) in _ = try await client.add(hello, to: .folderPath(path)) }
    #expect(error?.kind == .invalidInput)
  }

  @Test(arguments: ["", "a/b", "..", "a\nb", "a\u{0}b"])
  func namesThatAreNone(_ name: String) async throws {
    let client = try DStorClient.scripted(Script(.added))
    let file = UploadFile(name: name, contentType: "text/plain", contents: .bytes([]))
    let error = await failure { () throws(DStorError) in _ = try await client.add(file) }
    #expect(error?.kind == .invalidInput)
  }

  @Test func contentsThatCannotBeMade() async throws {
    struct Reason: Error {}
    let client = try DStorClient.scripted(Script(.added))
    let file = UploadFile(name: "a", contentType: "text/plain", contents: .made { throw Reason() })
    let error = await failure { () throws(DStorError) in _ = try await client.add(file) }
    #expect(error?.kind == .unreadableFile)
  }
}
