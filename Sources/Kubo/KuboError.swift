import Transport

/// Why Kubo did not do what it was asked for.
public struct KuboError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Kind: Sendable, Hashable {
    case configuration
    case transport(TransportError.Kind)
    case cancelled
    /// 401 or 403: the API wants credentials (`API.Authorizations`), or others, or does not like the address that it is called by.
    case forbidden
    /// 404: no Kubo listens there, or the gateway has nothing at that path.
    case notFound
    case status(Int)
    /// Kubo answers 500 to all that it does not do; its message says why.
    case refused
    /// A block that the pinned root leads to is not there.
    case missingBlock
    case unreadableAnswer
  }

  public let kind: Kind
  /// `POST https://host/path`.
  public let tried: String
  public let came: String
  public var attempts = 1

  public var description: String {
    "\(tried): \(came)" + (attempts > 1 ? ", after \(attempts) attempts" : "") + (hint.map { "; \($0)" } ?? "")
  }

  public var hint: String? {
    switch kind {
    case .forbidden: "check the credentials (KUBO_TOKEN, KUBO_LOGIN) and Kubo's API.Authorizations"
    case .notFound: "check the address of Kubo's API: it listens on port 5001 by default"
    case .transport(.couldNotConnect): "check that Kubo runs (ipfs daemon) and the address of its API"
    case .transport(.tls(.certificates)): "check SSL_CERT_FILE; without it the system's own certificates are trusted"
    case .transport(.tls(.notSpoken)):
      "check the address of Kubo's API: a port that speaks http is not addressed with https://"
    case .transport(.notHTTP): "check the address of Kubo's API: it listens on port 5001 by default"
    case .missingBlock: "publish with --full: the node no longer holds what was sent to it"
    default: nil
    }
  }

  var trouble: RetryPolicy.Trouble? {
    switch kind {
    case .transport(let kind): kind.trouble
    // Of Kubo's 500s those that are about the request itself stay the same.
    case .status(let status) where status != 500: RetryPolicy.Trouble(status: status)
    case .unreadableAnswer: .unreadable
    default: nil
    }
  }
}
