import Synchronization
import Transport

/// One request as the client means it, before redirects and retries.
struct Call: Sendable {
  var request: HTTPRequest
  var redirects = Redirects.sameOrigin
  /// The body of a success holds a token: no message quotes it.
  var answersWithSecret = false

  enum Redirects: Sendable {
    /// The request carries credentials: they stay with the origin they are for.
    case sameOrigin
    /// A public read.
    case anywhere
  }
}

/// Sends calls through the gate, follows redirects, repeats what failed, and keeps what all calls of a run share.
final class Session: Sendable {
  let environment: ClientEnvironment
  let retries: Retries
  private let credentialsSource: String?
  private let transport: any HTTPTransport
  private let gate: RequestGate
  private let shared: Mutex<Shared>

  private struct Shared {
    var redactor: Redactor
    /// Where the server moved an address for good (301, 308), so that a large body is not sent twice each time.
    var moved: [String: String] = [:]
    /// Unix seconds by origin: a server that asked one request to wait need not tell each of the others.
    var pausedUntil: [String: Int] = [:]
  }

  static let maxRedirects = 5

  /// - Parameters:
  ///   - secrets: that no message may show.
  ///   - credentialsSource: as in `DStorConfiguration`.
  init(
    retry: RetryPolicy, concurrency: ConcurrencyLimit, secrets: [Secret] = [], credentialsSource: String? = nil,
    transport: any HTTPTransport, environment: ClientEnvironment
  ) {
    retries = Retries(retry, sleep: environment.sleep, random: environment.random)
    self.credentialsSource = credentialsSource
    self.transport = transport
    self.environment = environment
    gate = RequestGate(concurrency)
    shared = Mutex(Shared(redactor: Redactor(secrets)))
  }

  func keepSecret(_ secret: Secret) {
    shared.withLock { $0.redactor.insert(secret) }
  }

  var redactor: Redactor { shared.withLock { $0.redactor } }

  /// A server chooses where its redirects lead, and could put a secret there.
  private func tried(_ request: HTTPRequest) -> String { redactor.excerpt(request.description.utf8, limit: 1000) }

  /// - Parameter read: takes a success apart; what it throws counts as a failure of the attempt.
  func perform<Answer: Sendable>(
    _ call: Call, read: (Reader) throws(DStorError) -> Answer
  ) async throws(DStorError) -> Answer {
    var attempt = 1
    while true {
      var wait: Double?
      let failure: DStorError
      do throws(DStorError) {
        try await waitOutPause(call.request)
        let (response, tried) = try await follow(call)
        wait = response.isSuccess ? nil : retryAfter(response.headers, now: environment.now())
        if let wait, response.status == 429 || response.status == 503 { pause(call.request, wait) }
        let answer = try check(response, tried, call, read)
        retries.succeed()
        return answer
      } catch {
        failure = error.replacing(attempts: attempt)
      }
      let reason: RetryPolicy.Reason?
      do {
        reason = try await retries.wait(after: attempt, failure.kind.trouble, retryAfter: wait) { delay in
          environment.observe(.retrying(failure, attempt: attempt, after: delay))
        }
      } catch {
        throw .cancelled
      }
      switch reason {
      case nil: attempt += 1
      case .budgetSpent: throw failure.replacing(came: failure.came + ", and the run's retries are spent")
      case .serverAsksTooLong:
        throw failure.replacing(came: failure.came + ", and asks to wait \(Int(min(wait ?? 0, 1e9))) s")
      case .notRepeatable, .tooManyAttempts: throw failure
      }
    }
  }

  private func pause(_ request: HTTPRequest, _ seconds: Double) {
    guard let origin = WebAddress(request.url)?.origin, seconds <= retries.policy.longestRetryAfter else { return }
    let until = environment.now() + Int(seconds.rounded(.up))
    shared.withLock { $0.pausedUntil[origin] = max(until, $0.pausedUntil[origin] ?? 0) }
  }

  private func waitOutPause(_ request: HTTPRequest) async throws(DStorError) {
    guard let origin = WebAddress(request.url)?.origin else { return }
    let seconds = shared.withLock { $0.pausedUntil[origin] ?? 0 } - environment.now()
    guard seconds > 0 else { return }
    let delay = Double(seconds) + environment.random() * retries.policy.base
    do { try await environment.sleep(delay) } catch { throw .cancelled }
  }

  private func check<Answer>(
    _ response: HTTPResponse, _ tried: String, _ call: Call, _ read: (Reader) throws(DStorError) -> Answer
  ) throws(DStorError) -> Answer {
    guard response.isSuccess else {
      throw DStorError(
        status: response.status, tried: tried, excerpt: redactor.excerpt(response.body),
        credentials: credentialsSource, isPublicRead: call.redirects == .anywhere)
    }
    return try read(Reader(response, tried: tried, redactor: call.answersWithSecret ? nil : redactor))
  }

  /// One attempt, redirects included.
  private func follow(_ call: Call) async throws(DStorError) -> (HTTPResponse, tried: String) {
    var request = call.request
    let original = request.url
    if let moved = shared.withLock({ $0.moved[original] }) { request.url = moved }
    var isPermanent = true
    for _ in 0...Self.maxRedirects {
      let response = try await send(request)
      guard [301, 302, 303, 307, 308].contains(response.status) else { return (response, tried(request)) }
      let target = try self.target(of: response, request, call.redirects)
      isPermanent = isPermanent && (response.status == 301 || response.status == 308)
      request.url = target.text
      if isPermanent, call.redirects == .sameOrigin {
        let url = request.url
        shared.withLock { $0.moved[original] = url }
      }
    }
    throw DStorError(
      .tooManyRedirects, tried: tried(call.request), came: "more than \(Self.maxRedirects) redirects",
      hint: "the server sends its readers in a circle")
  }

  private func target(
    of response: HTTPResponse, _ request: HTTPRequest, _ rule: Call.Redirects
  ) throws(DStorError) -> WebAddress {
    let tried = tried(request)
    guard let here = WebAddress(request.url), let location = response.headers["Location"],
      let target = here.resolving(location), !target.hasUserInfo
    else {
      throw DStorError(
        .badRedirect, tried: tried, came: "\(response.status), a redirect without an address to go to")
    }
    guard rule == .sameOrigin else { return target }
    guard target.origin == here.origin else {
      throw DStorError(
        .redirectedElsewhere, tried: tried,
        came:
          "\(response.status), a redirect to \(redactor.excerpt(target.origin.utf8)), where the credentials may not go",
        hint: "if that is the right server, configure it as the base URL")
    }
    guard request.method == "GET" || response.status == 307 || response.status == 308 else {
      throw DStorError(
        .badRedirect, tried: tried,
        came: "\(response.status), a redirect to \(redactor.excerpt(target.path.utf8)) that would drop what is sent",
        hint: "check the base URL")
    }
    return target
  }

  private func send(_ request: HTTPRequest) async throws(DStorError) -> HTTPResponse {
    guard !Task.isCancelled, let ticket = await gate.enter() else { throw .cancelled }
    let result: Result<HTTPResponse, TransportError>
    do throws(TransportError) {
      result = .success(try await transport.send(request))
    } catch {
      result = .failure(error)
    }
    let outcome: ConcurrencyLimit.Outcome =
      switch result {
      case .success(let response) where response.status == 429 || response.status == 503: .overload
      case .success(let response) where response.isSuccess: .success
      case .failure(let error) where error.kind == .timedOut || error.kind == .stalled: .overload
      default: .neither
      }
    if let limit = await gate.leave(ticket, outcome) { environment.observe(.concurrencyChanged(limit)) }
    switch result {
    case .success(let response): return response
    case .failure(let error): throw DStorError(error, tried: tried(request), redactor: redactor)
    }
  }
}
