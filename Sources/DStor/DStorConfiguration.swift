import Transport

/// How to get an access token.
public enum Credentials: Sendable, Hashable {
  /// Sent as `api-key`, as dStor's newer documentation says, and as `x-api-key`, the older one's, where the server refuses that. Both go to the
  /// same server, so neither tells the key to anyone new.
  case apiKey(Secret)
  case login(email: String, Secret)

  var secret: Secret {
    switch self {
    case .apiKey(let key): key
    case .login(_, let password): password
    }
  }
}

/// Which dStor, as whom, and with how much patience.
public struct DStorConfiguration: Sendable {
  public var api: BaseURL
  public var gateway: BaseURL
  public var credentials: Credentials
  /// Where the credentials are configured, for messages: `environment variable DSTOR_API_KEY`.
  public var credentialsSource: String?
  /// Lets credentials go over http to a machine other than this one.
  public var allowsPlainHTTP = false
  /// How long a token shall live, in seconds; nil leaves it to the server.
  public var tokenLifetime: Int?
  public var timeouts = HTTPRequest.Timeouts()
  public var retry = RetryPolicy()
  public var concurrency = ConcurrencyLimit(starting: 4, maximum: 16)
  public var polling = PollSchedule()

  /// - Parameter gateway: nil for the API's own, `<api>/ipfs`.
  public init(api: BaseURL, gateway: BaseURL? = nil, credentials: Credentials) {
    self.api = api
    self.gateway = gateway ?? api.appending("ipfs")
    self.credentials = credentials
  }

  func validate() throws(DStorError) {
    func problem(_ text: String, _ hint: String) -> DStorError {
      DStorError(.configuration, came: text, hint: credentialsSource.map { "\(hint) (\($0))" } ?? hint)
    }
    switch credentials {
    case .apiKey(let key):
      guard isBearerToken(key.reveal()) else {
        throw problem("an API key is printable ASCII without spaces", "copy it again from the dashboard")
      }
    case .login(let email, let password):
      guard !email.isEmpty, !password.reveal().isEmpty else {
        throw problem("a login has an address of mail and a password", "give both")
      }
    }
    guard api.address.scheme == "https" || api.address.isLoopback || allowsPlainHTTP else {
      throw problem("http shows the API key to everyone on the way to \(api.address.host)", "use https://")
    }
  }
}

/// When to ask for the state of a folder upload. All in seconds.
public struct PollSchedule: Sendable, Hashable {
  /// Delays before the first polls: a node on this machine is done at once.
  public var quick = [0.05, 0.1, 0.2, 0.5]
  /// The delays after these: `first`, then each longer by `growth`, none above `longest`.
  public var first = 2.0
  public var growth = 0.25
  public var longest = 10.0
  /// For the whole wait.
  public var deadline = 1800.0

  public init() {}

  /// The delay before a poll, counted from 0.
  public func delay(before poll: Int) -> Double {
    guard poll >= quick.count else { return quick[max(0, poll)] }
    return min(longest, first + growth * Double(poll - quick.count))
  }
}

/// Time, chance and waiting, which tests replace.
public struct ClientEnvironment: Sendable {
  /// Unix seconds.
  public var now: @Sendable () -> Int
  /// Waits so many seconds; throws where the task is cancelled.
  public var sleep: @Sendable (Double) async throws -> Void
  /// From 0 up to, not including, 1.
  public var random: @Sendable () -> Double
  public var observe: @Sendable (DStorEvent) -> Void

  public init(
    now: @escaping @Sendable () -> Int, sleep: @escaping @Sendable (Double) async throws -> Void,
    random: @escaping @Sendable () -> Double, observe: @escaping @Sendable (DStorEvent) -> Void = { _ in }
  ) {
    self.now = now
    self.sleep = sleep
    self.random = random
    self.observe = observe
  }
}

/// What a person who waits may want to know. Holds no secrets.
public enum DStorEvent: Sendable, Hashable {
  /// - Parameters:
  ///   - attempt: which one failed, from 1.
  ///   - after: seconds until the next.
  case retrying(DStorError, attempt: Int, after: Double)
  case tokenAsked
  /// Each run will ask for a token until the store can be written.
  case tokenNotKept(String)
  /// So many requests at once from now on.
  case concurrencyChanged(Int)
}
