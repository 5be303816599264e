import Files
import Transport

/// Has the access token of a run: from memory, from the store, or from the server, which is asked by one task whoever else waits.
actor TokenSource {
  private let session: Session
  private let configuration: DStorConfiguration
  private let store: any TokenStore
  private let account: TokenAccount
  private var current: AccessToken?
  private var hasLookedInStore = false
  private var asking: Task<Result<AccessToken, DStorError>, Never>?
  private var waiters = 0
  private var cancelledWaiters = 0
  /// The server does not take the credentials: asking again would lock an account, not open it.
  private var refusal: DStorError?
  private var keyHeaders: [String]

  init(_ session: Session, _ configuration: DStorConfiguration, store: any TokenStore) {
    self.session = session
    self.configuration = configuration
    self.store = store
    account = TokenAccount(api: configuration.api, credentials: configuration.credentials)
    keyHeaders =
      switch configuration.credentials {
      case .apiKey: ["api-key", "x-api-key"]
      case .login: []
      }
  }

  /// - Parameter refused: a token that the server just answered with 401; another one is given.
  func token(insteadOf refused: AccessToken? = nil) async throws(DStorError) -> AccessToken {
    while true {
      lookInStore()
      if let token = current {
        if token.value != refused?.value, !token.needsRenewal(at: session.environment.now()) { return token }
        current = nil
        if token.value == refused?.value { store.remove(account) }
      }
      if let refusal { throw refusal }
      let (answer, wasGivenUp) = await answer()
      switch answer {
      case .success(let token): return token
      // Those who waited were cancelled and the question with them; this task came later and still wants its token.
      case .failure where wasGivenUp && !Task.isCancelled: continue
      case .failure(let error): throw error
      }
    }
  }

  private func lookInStore() {
    guard !hasLookedInStore else { return }
    hasLookedInStore = true
    current = store.load(account)
    if let current { session.keepSecret(current.value) }
  }

  /// Waits with the others. The question is given up when all who wait are cancelled.
  private func answer() async -> (Result<AccessToken, DStorError>, wasGivenUp: Bool) {
    let task = asking ?? Task { await ask() }
    asking = task
    waiters += 1
    let answer = await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      Task { await leave(task) }
    }
    return (answer, task.isCancelled)
  }

  private func leave(_ task: Task<Result<AccessToken, DStorError>, Never>) {
    guard asking == task else { return }
    cancelledWaiters += 1
    if cancelledWaiters >= waiters { task.cancel() }
  }

  private func ask() async -> Result<AccessToken, DStorError> {
    defer {
      asking = nil
      waiters = 0
      cancelledWaiters = 0
    }
    session.environment.observe(.tokenAsked)
    do throws(DStorError) {
      let secret =
        switch configuration.credentials {
        case .apiKey(let key): try await ask(with: key)
        case .login(let email, let password): try await ask(with: email, password)
        }
      session.keepSecret(secret)
      let token = AccessToken(secret, receivedAt: session.environment.now())
      current = token
      do throws(FileError) {
        try store.save(token, for: account)
      } catch {
        session.environment.observe(.tokenNotKept(error.description))
      }
      return .success(token)
    } catch {
      if error.kind == .unauthorized || error.kind == .forbidden { refusal = error }
      return .failure(error)
    }
  }

  private func ask(with key: Secret) async throws(DStorError) -> Secret {
    var first: DStorError?
    for header in keyHeaders {
      do throws(DStorError) {
        let token = try await ask("GET", "/v1/dev/temp-token", [header: key.reveal()], .none)
        keyHeaders = [header]
        return token
      } catch {
        guard [.badRequest, .unauthorized, .forbidden].contains(error.kind) else { throw error }
        first = first ?? error
      }
    }
    guard let first else { preconditionFailure("bug: no header to carry the key") }
    throw first.replacing(came: first.came + " (the key was sent as \(keyHeaders.joined(separator: ", then as ")))")
  }

  private func ask(with email: String, _ password: Secret) async throws(DStorError) -> Secret {
    let json = "{\"email\": \"\(jsonEscaped(email))\", \"password\": \"\(jsonEscaped(password.reveal()))\"}"
    let headers: HTTPHeaders = ["Content-Type": "application/json"]
    do throws(DStorError) {
      return try await ask("POST", "/v1/dev/temp-token", headers, .bytes(Array(json.utf8)))
    } catch  where error.kind == .notFound {
      // One page of the documentation writes the path so.
      return try await ask("POST", "/dev/temp-token", headers, .bytes(Array(json.utf8)))
    }
  }

  private func ask(
    _ method: String, _ path: String, _ headers: HTTPHeaders, _ body: HTTPRequest.Body
  ) async throws(DStorError) -> Secret {
    var request = HTTPRequest(
      method, "\(configuration.api)\(path)", headers: headers, body: body,
      timeouts: configuration.timeouts.forSmallAnswers)
    request.headers["Accept"] = "application/json"
    if let lifetime = configuration.tokenLifetime {
      request.headers["x-expiration"] = String(session.environment.now() + lifetime)
    }
    return try await session.perform(Call(request: request, answersWithSecret: true)) { reader throws(DStorError) in
      try reader.token("access_token")
    }
  }
}
