import Synchronization
import Testing

@testable import Transport

@Suite struct RetryPolicyTests {
  let policy = RetryPolicy()

  func delay(_ attempt: Int, _ trouble: RetryPolicy.Trouble? = .passing, after: Double? = nil, random: Double = 0.5)
    -> RetryPolicy.Decision
  {
    policy.decide(attempt: attempt, trouble: trouble, retryAfter: after, budgetLeft: 50, random: random)
  }

  @Test func whatWillBeTheSameIsNotRepeated() {
    #expect(delay(1, nil) == .giveUp(.notRepeatable))
    let kinds: [TransportError.Kind] = [
      .tls(.expired), .tls(.untrusted), .tls(.certificates), .tls(.notSpoken), .notHTTP, .tooLarge, .badFile,
      .cancelled,
    ]
    for kind in kinds {
      #expect(kind.trouble == nil)
    }
    for status in [200, 400, 401, 403, 404, 409, 413, 422, 501, 505, 507] {
      #expect(RetryPolicy.Trouble(status: status) == nil)
    }
    for status in [408, 425, 429, 500, 502, 503, 504] { #expect(RetryPolicy.Trouble(status: status) == .passing) }
  }

  @Test func backsOffWithFullJitter() {
    #expect(delay(1, random: 0) == .retry(after: 0))
    #expect((1...7).map { delay($0) } == [0.25, 0.5, 1, 2, 4, 8, 15].map { .retry(after: $0) })
    #expect(delay(8) == .giveUp(.tooManyAttempts))
    #expect(delay(3, .unreadable) == .giveUp(.tooManyAttempts))
    #expect(delay(5, .unreachable) == .giveUp(.tooManyAttempts))
  }

  @Test func honoursRetryAfter() {
    #expect(delay(1, .passing, after: 10) == .retry(after: 10.25))
    #expect(delay(1, .passing, after: 301) == .giveUp(.serverAsksTooLong))
  }

  @Test func budgetEndsARunThatOnlyFails() {
    var budget = RetryBudget(policy)
    for _ in 0..<50 { budget.spend() }
    #expect(
      policy.decide(attempt: 1, trouble: .passing, budgetLeft: budget.left, random: 0.5)
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

@Suite struct RetriesTests {
  @Test func allRequestsShareWhatIsLeft() async throws {
    var policy = RetryPolicy()
    policy.budget = 2
    let slept = Mutex<[Double]>([])
    let retries = Retries(policy, sleep: { seconds in slept.withLock { $0.append(seconds) } }, random: { 0.5 })
    #expect(try await retries.wait(after: 1, .passing, retryAfter: nil) == nil)
    #expect(try await retries.wait(after: 1, .passing, retryAfter: 3) == nil)
    #expect(slept.withLock { $0 } == [0.25, 3.25])
    #expect(try await retries.wait(after: 1, .passing, retryAfter: nil) == .budgetSpent)
    #expect(!retries.take())
    // A success gives half of one back.
    retries.succeed()
    retries.succeed()
    #expect(retries.take() && !retries.take())
    #expect(try await retries.wait(after: 1, nil, retryAfter: nil) == .notRepeatable)
    #expect(slept.withLock { $0.count } == 2)
  }
}
