import Testing
import Transport

@testable import DStor

@Suite struct RetryTests {
  @Test func goesOnWhenTheServerStumbles() async throws {
    let time = FakeTime()
    let script = Script(
      .broken(.connectionLost), .status(502), .status(429, ["Retry-After": "7"]), .json("{\"Na"), .added)
    let client = try DStorClient.scripted(script, time) { $0.retry.unreadableAttempts = 8 }
    #expect(try await client.add(hello).hash == "QmHash")
    #expect(time.sleeps == [0.25, 0.5, 7.25, 2])
    let retries = time.events.compactMap { if case .retrying(let error, _, _) = $0 { error.kind } else { nil } }
    #expect(retries == [.transport(.connectionLost), .serverError(502), .tooManyRequests, .cutShort])
  }

  @Test func endsWhenItDoesNotGetBetter() async throws {
    let time = FakeTime()
    let client = try DStorClient.scripted(Script(.status(500, [:], "boom")), time)
    let error = await failure { () throws(DStorError) in _ = try await client.add(hello) }
    #expect(error?.attempts == 8 && error?.kind == .serverError(500))
    #expect(
      error?.description
        == "POST https://dstor.test/api/v0/add: 500 server error, and the server says: boom, after 8 attempts; "
        + "the trouble is on the server's side: try again later")
    #expect(time.sleeps.count == 7)
  }

  @Test func budgetIsTheRuns() async throws {
    let script = Script(.status(500))
    let client = try DStorClient.scripted(script) { $0.retry.budget = 9 }
    for _ in 0..<3 { #expect(await failure { () throws(DStorError) in _ = try await client.add(hello) } != nil) }
    // 8 + 4 (a token gave nothing back to a full budget) + 1.
    #expect(script.sent(to: "/api/v0/add").count == 12)
    let error = await failure { () throws(DStorError) in _ = try await client.add(hello) }
    #expect(error?.came.contains("retries are spent") == true)
  }

  @Test func whatTheServerAsksOfOneHoldsForAll() async throws {
    let time = FakeTime()
    let script = Script(.status(429, ["Retry-After": "7"]), .added)
    let client = try DStorClient.scripted(script, time) { $0.retry.attempts = 1 }
    #expect(await failure { () throws(DStorError) in _ = try await client.add(hello) }?.kind == .tooManyRequests)
    #expect(time.sleeps == [])
    for _ in 0..<2 { _ = try await client.add(hello) }
    #expect(time.sleeps == [7.25])
  }

  @Test func fewerAtOnceWhenTheServerStruggles() async throws {
    let time = FakeTime()
    let client = try DStorClient.scripted(Script(.status(503), .broken(.timedOut), .added), time)
    _ = try await client.add(hello)
    let changes = time.events.compactMap { if case .concurrencyChanged(let limit) = $0 { limit } else { nil } }
    #expect(changes == [2, 1, 2])
  }

  @Test(arguments: [
    (400, DStorError.Kind.badRequest), (403, .forbidden), (404, .notFound), (413, .tooLarge), (422, .unprocessable),
    (409, .unexpectedStatus(409)), (304, .unexpectedStatus(304)), (507, .serverError(507)),
  ])
  func statusesThatStay(_ status: Int, _ kind: DStorError.Kind) async throws {
    let script = Script(.status(status))
    let client = try DStorClient.scripted(script)
    let error = await failure { () throws(DStorError) in _ = try await client.add(hello) }
    #expect(error?.kind == kind)
    #expect(script.sent(to: "/api/v0/add").count == 1)
  }

  @Test(
    arguments: [
      .couldNotResolve, .couldNotConnect, .timedOut, .stalled, .connectionLost, .cutShort, .tls(.expired),
      .tls(.untrusted), .tls(.certificates), .tls(.notSpoken), .tls(.other), .notHTTP, .tooLarge, .badRequest, .other,
    ] as [TransportError.Kind])
  func transportErrorsSayWhatToDo(_ kind: TransportError.Kind) async throws {
    let client = try DStorClient.scripted(Script(.broken(kind)))
    let error = await failure { () throws(DStorError) in _ = try await client.add(hello) }
    #expect(error?.kind == .transport(kind))
    #expect(error?.came == TransportError(kind).description)
    #expect((error?.hint != nil) == ![.tooLarge, .badRequest, .other].contains(kind))
  }

  @Test func cancellationEndsTheWait() async throws {
    let time = FakeTime()
    let client = try DStorClient.scripted(Script(.status(500)), time)
    let task = Task { await failure { () throws(DStorError) in _ = try await client.add(hello) } }
    task.cancel()
    #expect(await task.value?.kind == .cancelled)
  }
}
