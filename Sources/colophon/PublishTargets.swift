import DStor
import Files
import Kubo
import Publisher
import SiteBuilder
import Transport

/// A target as the configuration, the environment and the arguments have it.
struct TargetSettings: Sendable {
  var name: String?
  var kind: PublishTarget.Kind
  var api: String?
  var gateway: String?
  var mode: PublishMode?

  /// What a person calls it.
  var title: String { name ?? api ?? "the local node" }

  /// Those to publish to: the named ones, or all.
  ///
  /// - Throws: `UsageError` where a name is none of the configuration's.
  static func chosen(
    _ settings: SiteBuilder.Configuration.PublishSettings, names: [String], mode: ModeChoice
  ) throws -> [TargetSettings] {
    if let unknown = names.first(where: { name in !settings.targets.contains { $0.name == name } }) {
      let known = settings.targets.compactMap(\.name)
      throw UsageError(
        message: "\(unknown) is no target of the configuration",
        hint: suggestion(for: unknown, among: known).map { "did you mean \($0)?" }
          ?? (known.isEmpty ? "name it under publish.targets" : "targets: \(known.joined(separator: ", "))"))
    }
    if let api = environment("COLOPHON_API"), names.isEmpty {
      let gateway = environment("COLOPHON_GATEWAY") ?? settings.target.gateway
      return [TargetSettings(kind: .dstor, api: api, gateway: gateway, mode: mode.mode ?? settings.target.chosenMode)]
    }
    var targets = settings.targets.filter { names.isEmpty || names.contains($0.name ?? "") }
    if targets.isEmpty { targets = [settings.target] }
    return targets.map { target in
      TargetSettings(
        name: target.name, kind: target.chosenKind, api: target.api, gateway: target.gateway,
        mode: mode.mode ?? target.chosenMode)
    }
  }

  /// - Parameters:
  ///   - key: of the local node.
  ///   - needsCredentials: false where nothing is asked of the target that needs them.
  func target(
    key: String?, api: String, needsCredentials: Bool, _ progress: Progress
  ) throws -> PublishTarget {
    let base = try baseURL(api, "api")
    let gateway = try gateway.map { try baseURL($0, "gateway") } ?? base.appending("ipfs")
    switch kind {
    case .dstor, .local:
      let credentials =
        try key.map { Credentials.apiKey(Secret($0)) } ?? credentials(needsCredentials: needsCredentials)
      let client = try DStorClient(
        DStorConfiguration(api: base, gateway: gateway, credentials: credentials), transport: network(),
        tokens: DiskTokenStore(folder: Places.tokens), environment: .system(observing: progress))
      // The local node takes folders; nobody need ask.
      return PublishTarget(
        name: name, kind: kind, client: .dstor(client), api: base.description, gateway: gateway.description,
        mode: mode ?? (kind == .local ? .folder : nil))
    case .kubo:
      let configuration = KuboConfiguration(api: base, authorization: kuboAuthorization())
      let transport = network()
      let kubo = try KuboClient(configuration, transport: transport)
      let reader = GatewayClient(gateway, transport: transport, environment: .system(observing: progress))
      return PublishTarget(
        name: name, kind: .kubo, client: .kubo(kubo, gateway: reader),
        api: base.description, gateway: gateway.description, mode: mode ?? .folder)
    }
  }

  private func baseURL(_ text: String, _ setting: String) throws -> BaseURL {
    do {
      return try BaseURL(text)
    } catch {
      let place = originForMessages(of: text).map { " at \($0)" } ?? ""
      throw UsageError(message: "the \(setting) of the target\(place) is no base URL", hint: error.detail)
    }
  }

  // MARK: Credentials

  /// The variable for this target alone, `DSTOR_API_KEY_MAIN`, or the one for all.
  private func variable(_ variable: String) -> String? {
    if let name {
      let suffix = String(name.uppercased().map { $0 == "-" ? "_" : $0 })
      if let value = environment("\(variable)_\(suffix)") { return value }
    }
    return environment(variable)
  }

  private func credentials(needsCredentials: Bool) throws -> Credentials {
    if let key = variable("DSTOR_API_KEY") { return .apiKey(Secret(key)) }
    if let email = variable("DSTOR_EMAIL"), let password = variable("DSTOR_PASSWORD") {
      return .login(email: email, Secret(password))
    }
    if !needsCredentials { return .apiKey(Secret("none")) }
    throw UsageError(
      message: "publishing to \(title) needs credentials, none are in the environment",
      hint: "set DSTOR_API_KEY, or DSTOR_EMAIL and DSTOR_PASSWORD; without an API configured the local node is used")
  }

  private func kuboAuthorization() -> KuboAuthorization? {
    if let token = variable("KUBO_TOKEN") { return .bearer(Secret(token)) }
    return variable("KUBO_LOGIN").map { .basic(Secret($0)) }
  }
}

extension SiteBuilder.Configuration.PublishSettings.Target {
  fileprivate var chosenKind: PublishTarget.Kind {
    kind.flatMap(PublishTarget.Kind.init(rawValue:)) ?? (api == nil ? .local : .dstor)
  }

  fileprivate var chosenMode: PublishMode? { mode.flatMap(PublishMode.init(rawValue:)) }
}

extension ClientEnvironment {
  /// The system's clock and chance; retries are told, so that nobody wonders at a silence.
  static func system(observing progress: Progress) -> ClientEnvironment {
    var environment = ClientEnvironment.system
    // For tests of many faults: the policy is the same, only its seconds are shorter.
    if let scale = colophon.environment("COLOPHON_WAIT_SCALE").flatMap(Double.init), (0...1).contains(scale) {
      let sleep = environment.sleep
      environment.sleep = { try await sleep($0 * scale) }
    }
    environment.observe = { event in
      switch event {
      case .retrying(let error, let attempt, let seconds):
        progress.show(.note("\(error.came); attempt \(attempt + 1) in \(String((seconds * 10).rounded() / 10)) s"))
      case .tokenNotKept(let why): progress.show(.note("the access token could not be kept: \(why)"))
      case .tokenAsked, .concurrencyChanged: break
      }
    }
    return environment
  }
}
