import DStor
import Kubo
import Transport

/// What speaks to a target.
public enum TargetClient: Sendable {
  case dstor(DStorClient)
  case kubo(KuboClient)

  /// The gateway's address of `path`, `<hash>` or `<hash>/a/b.html`; `filename` gives a lone file its type.
  func gatewayURL(_ path: String, filename: String? = nil) -> String {
    switch self {
    case .dstor(let client): client.gatewayURL(path, filename: filename)
    case .kubo(let client): client.gatewayURL(path, filename: filename)
    }
  }

  enum Fetched { case whole, stopped, notFound }

  /// Reads from the gateway.
  ///
  /// - Throws: `DStorError`, `KuboError`.
  func fetch(_ path: String, sink: BodySink, maxBytes: Int = 64 << 20) async throws -> Fetched {
    do {
      switch self {
      case .dstor(let client): _ = try await client.fetch(path, sink: sink, maxBytes: maxBytes)
      case .kubo(let client): try await client.fetch(path, sink: sink, maxBytes: maxBytes)
      }
      return .whole
    } catch let error as DStorError {
      if error.kind == .transport(.stoppedBySink) { return .stopped }
      guard error.kind == .notFound else { throw error }
      return .notFound
    } catch let error as KuboError {
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
