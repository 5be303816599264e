import Testing
import Transport

@testable import DStor

@Suite struct GatewayClientTests {
  private func client(_ script: Script) throws -> GatewayClient {
    GatewayClient(try BaseURL("https://gateway.test/ipfs"), transport: script, environment: FakeTime().environment)
  }

  private func block(_ bytes: String, type: String = "application/vnd.ipld.raw") -> Script.Answer {
    .status(200, ["Content-Type": type], bytes)
  }

  @Test func asksForABlockWithoutCredentials() async throws {
    let script = Script(block("block"))
    #expect(try await client(script).block("QmHash") == Array("block".utf8))
    let request = try #require(script.sent.first)
    #expect(request.url == "https://gateway.test/ipfs/QmHash?format=raw")
    #expect(request.headers["Accept"] == "application/vnd.ipld.raw")
    #expect(request.headers["Authorization"] == nil && request.headers["api-key"] == nil)
  }

  /// dStor's gateway may know files only: then its answers are no blocks, however they are meant.
  @Test(arguments: [
    Script.Answer.status(200, ["Content-Type": "text/html"], "<p>a page"), .status(200, [:], "a file"), .status(400),
    .status(406), .status(501), .broken(.tooLarge),
  ])
  func aGatewayOfFilesGivesNone(_ answer: Script.Answer) async throws {
    #expect(try await client(Script(answer)).block("QmHash") == nil)
  }

  /// Larger than any block, and called one: that is no gateway of files.
  @Test func aBlockThatIsTooLargeIsNone() async throws {
    let script = Script(.broken(.tooLarge), block(""))
    let client = try client(script)
    let error = await failure { () throws(DStorError) in _ = try await client.block("QmHash") }
    #expect(error?.kind == .transport(.tooLarge))
    #expect(script.sent.map(\.method) == ["GET", "HEAD"])
    #expect(script.sent.allSatisfy { $0.url == "https://gateway.test/ipfs/QmHash?format=raw" })
  }

  /// An upload may take a while to show.
  @Test func whatIsFreshIsWaitedFor() async throws {
    let time = FakeTime()
    let script = Script(.status(404), .status(404), .status(200, [:], "here"))
    let client = GatewayClient(
      try BaseURL("https://gateway.test/ipfs"), transport: script, environment: time.environment)
    #expect(try await client.fetch("QmHash", isFresh: true).bytes == Array("here".utf8))
    #expect(time.sleeps == [0.5, 1])
    #expect(time.events.count == 2)
  }

  @Test func whatNeverShowsIsNotWaitedForLong() async throws {
    let time = FakeTime()
    let script = Script(.status(404))
    let client = GatewayClient(
      try BaseURL("https://gateway.test/ipfs"), transport: script, environment: time.environment)
    let error = await failure { () throws(DStorError) in _ = try await client.fetch("QmHash", isFresh: true) }
    #expect(error?.kind == .notFound)
    #expect(time.sleeps.reduce(0, +) == 15.5 && script.sent.count == 6)
  }

  @Test func whatIsNotThereIsTold() async throws {
    let script = Script(.status(404))
    let client = try client(script)
    let error = await failure { () throws(DStorError) in _ = try await client.block("QmHash") }
    #expect(error?.kind == .notFound)
    #expect(script.sent.count == 1)
  }

  @Test func goesOnWhenTheGatewayStumbles() async throws {
    #expect(try await client(Script(.status(502), .broken(.cutShort), block("b"))).block("QmHash") == Array("b".utf8))
  }
}

@Suite struct ImportTests {
  private func imported(_ answer: Script.Answer) async throws -> ImportedCAR {
    try await DStorClient.scripted(Script(answer)).importCAR("/nowhere/site.car", size: 10)
  }

  @Test func readsALineForEachRoot() async throws {
    let answer = try await imported(
      .json(
        #"{"Root":{"Cid":{"/":"QmOne"},"PinErrorMsg":""}}"# + "\n"
          + #"{"Root":{"Cid":{"/":"QmTwo"},"PinErrorMsg":"block was not found"}}"# + "\n"
          + #"{"Stats":{"BlockCount":6,"BlockBytesCount":262413}}"# + "\n"))
    #expect(
      answer.roots == [
        .init(cid: "QmOne", problem: nil), .init(cid: "QmTwo", problem: "block was not found"),
      ])
  }

  @Test(arguments: ["", "<html>", #"{"Stats":{}}"#, #"{"Root":{}}"#])
  func refusesOtherAnswers(_ text: String) async throws {
    let script = Script(.json(text))
    let client = try DStorClient.scripted(script)
    #expect(await failure { () throws(DStorError) in _ = try await client.importCAR("/nowhere", size: 1) } != nil)
  }
}
