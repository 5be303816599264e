import Testing

@testable import DStor

@Suite struct RetryPolicyTests {
  let policy = RetryPolicy()

  func delay(_ attempt: Int, _ kind: DStorError.Kind = .serverError(500), after: Double? = nil, random: Double = 0.5)
    -> RetryPolicy.Decision
  {
    policy.decide(attempt: attempt, failure: kind, retryAfter: after, budgetLeft: 50, random: random)
  }

  @Test(
    arguments: [
      .transport(.couldNotConnect), .transport(.connectionLost), .transport(.timedOut), .transport(.stalled),
      .transport(.cutShort), .unexpectedStatus(408), .unexpectedStatus(425), .tooManyRequests, .serverError(500),
      .serverError(502), .serverError(503), .serverError(504), .notJSON, .chunkRefused(stage: "x"),
    ] as [DStorError.Kind])
  func repeats(_ kind: DStorError.Kind) {
    #expect(delay(1, kind) == .retry(after: 0.25))
  }

  @Test(
    arguments: [
      .badRequest, .unauthorized, .forbidden, .notFound, .tooLarge, .unprocessable, .serverError(501), .cancelled,
      .unreadableFile, .transport(.tls(.expired)), .transport(.tls(.untrusted)), .redirectedElsewhere, .htmlAnswer,
      .unexpectedStatus(409), .folderFailed(stage: "x"), .transport(.tooLarge),
    ] as [DStorError.Kind])
  func doesNotRepeat(_ kind: DStorError.Kind) {
    #expect(delay(1, kind) == .giveUp(.notRepeatable))
  }

  @Test func backsOffWithFullJitter() {
    #expect(delay(1, random: 0) == .retry(after: 0))
    #expect((1...7).map { delay($0) } == [0.25, 0.5, 1, 2, 4, 8, 15].map { .retry(after: $0) })
    #expect(delay(8) == .giveUp(.tooManyAttempts))
    #expect(delay(3, .notJSON) == .giveUp(.tooManyAttempts))
    #expect(delay(5, .transport(.couldNotConnect)) == .giveUp(.tooManyAttempts))
  }

  @Test func honoursRetryAfter() {
    #expect(delay(1, .tooManyRequests, after: 10) == .retry(after: 10.25))
    #expect(delay(1, .tooManyRequests, after: 301) == .giveUp(.serverAsksTooLong))
  }

  @Test func budgetEndsARunThatOnlyFails() {
    var budget = RetryBudget(policy)
    for _ in 0..<50 { budget.spend() }
    #expect(
      policy.decide(attempt: 1, failure: .serverError(500), budgetLeft: budget.left, random: 0.5)
        == .giveUp(.budgetSpent))
    budget.succeed()
    budget.succeed()
    #expect(budget.left == 1)
    for _ in 0..<500 { budget.succeed() }
    #expect(budget.left == 50)
  }

  @Test(arguments: [
    ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
    ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199), ("Wed, 31 Dec 2025 12:00:00 GMT", 1_767_182_400),
  ])
  func dates(_ text: String, _ seconds: Int) {
    #expect(unixSeconds(httpDate: text) == seconds)
  }

  @Test(arguments: [
    "", "soon", "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Xxx 1994 08:49:37 GMT", "-1",
  ])
  func noDates(_ text: String) {
    #expect(unixSeconds(httpDate: text) == nil)
    #expect(retryAfter(["Retry-After": text], now: 0) == nil)
  }

  @Test func retryAfterForms() {
    #expect(retryAfter(["retry-after": "120"], now: 0) == 120)
    #expect(retryAfter(["Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT"], now: 784_111_770) == 7)
    #expect(retryAfter(["Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT"], now: 784_111_790) == 0)
    // The server's clock is its own.
    let headers: HTTPHeaders = [
      "Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT", "Date": "Sun, 06 Nov 1994 08:49:07 GMT",
    ]
    #expect(retryAfter(headers, now: 0) == 30)
    #expect(retryAfter(["Retry-After": "99999999999999999999999"], now: 0) == 1e23)
  }
}

@Suite struct ConcurrencyLimitTests {
  @Test func growsByOneARound() {
    var limit = ConcurrencyLimit(starting: 2, maximum: 4)
    var sizes: [Int] = []
    for _ in 0..<12 {
      limit.end(limit.begin(), .success)
      sizes.append(limit.current)
    }
    #expect(sizes == [2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4])
  }

  @Test func oneBurstHalvesOnce() {
    var limit = ConcurrencyLimit(starting: 16, maximum: 16)
    let burst = (0..<16).map { _ in limit.begin() }
    for ticket in burst { limit.end(ticket, .overload) }
    #expect(limit.current == 8)
    for expected in [4, 2, 1, 1] {
      limit.end(limit.begin(), .overload)
      #expect(limit.current == expected)
    }
    limit.end(limit.begin(), .neither)
    #expect(limit.current == 1)
  }

  @Test func gateKeepsTheLimitAndLetsTheCancelledGo() async throws {
    let gate = RequestGate(ConcurrencyLimit(starting: 1, maximum: 1))
    let ticket = try #require(await gate.enter())
    let waiting = Task { await gate.enter() }
    let cancelled = Task { await gate.enter() }
    cancelled.cancel()
    #expect(await cancelled.value == nil)
    #expect(await gate.leave(ticket, .success) == nil)
    #expect(await waiting.value != nil)
  }
}

@Suite struct PollScheduleTests {
  @Test func growsSlowly() {
    let schedule = PollSchedule()
    #expect((0..<7).map { schedule.delay(before: $0) } == [0.05, 0.1, 0.2, 0.5, 2, 2.25, 2.5])
    #expect(schedule.delay(before: 1000) == 10)
  }
}

@Suite struct FolderChunksTests {
  @Test(
    arguments: [
      ([], []), ([1], [0..<1]), ([5, 5, 1], [0..<2, 2..<3]), ([11, 1, 1], [0..<1, 1..<3]),
      ([1, 11, 1], [0..<1, 1..<2, 2..<3]),
      ([0, 0, 0, 0], [0..<3, 3..<4]), ([Int.max, Int.max], [0..<1, 1..<2]), ([10, 0], [0..<2]),
    ] as [([Int], [Range<Int>])])
  func splits(_ sizes: [Int], _ chunks: [Range<Int>]) {
    #expect(folderChunks(sizes: sizes, maxFiles: 3, maxBytes: 10) == chunks)
  }
}
