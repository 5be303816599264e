import DStor
import Kubo
import Transport

/// What speaks to a target.
public enum TargetClient: Sendable {
  case dstor(DStorClient)
  case kubo(KuboClient, gateway: GatewayClient)

  /// Reads what was published, without credentials.
  var gateway: GatewayClient {
    switch self {
    case .dstor(let client): client.gateway
    case .kubo(_, let gateway): gateway
    }
  }

  /// The gateway's address of `path`, `<hash>` or `<hash>/a/b.html`; `filename` gives a lone file its type.
  func gatewayURL(_ path: String, filename: String? = nil) -> String { gateway.url(path, filename: filename) }

  /// Text that the server chose, for what is kept or shown.
  func withoutSecrets(_ text: String) -> String {
    switch self {
    case .dstor(let client): client.withoutSecrets(text)
    // Its client hands out no other.
    case .kubo: text
    }
  }

  enum Fetched { case whole, stopped, notFound }

  /// Reads from the gateway.
  ///
  /// - Parameter isFresh: as in `GatewayClient.fetch`.
  /// - Throws: `DStorError`.
  func fetch(
    _ path: String, sink: BodySink, maxBytes: Int = 64 << 20, isFresh: Bool = false
  ) async throws -> Fetched {
    do throws(DStorError) {
      _ = try await gateway.fetch(path, sink: sink, maxBytes: maxBytes, isFresh: isFresh)
      return .whole
    } catch {
      if error.kind == .transport(.stoppedBySink) { return .stopped }
      guard error.kind == .notFound else { throw error }
      return .notFound
    }
  }

  /// Whether pages can go up as one hashed folder. Asks a dStor.
  func takesFolders() async throws -> Bool {
    switch self {
    case .dstor(let client): try await client.takesFolders()
    case .kubo: true
    }
  }
}
