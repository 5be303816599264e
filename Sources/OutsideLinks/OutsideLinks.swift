// OutsideLinks: URLs of other sites → which of them still lead somewhere. What `colophon check --external` calls.
// Imports: Files, HTML (anchors of an answer), Transport.
// Entry: `LinkChecker.check(_:)`, over any transport; `LinkMemory` is what is remembered between runs.
// Promises: one host is asked one URL at a time, with a pause between; an answer that may have other reasons than a dead link is never an error.
// Tests: `Tests/OutsideLinksTests`, against a server on this machine.
import Files
import Transport

/// How other sites are asked.
public struct LinkPolicy: Sendable {
  /// Patterns of URLs that are not asked; `*` stands for any text.
  public var ignored: [String] = []
  /// Patterns of URLs that are asked, and may be dead.
  public var allowed: [String] = []
  /// Whether an anchor in a URL has to be in the page.
  public var checksAnchors = false
  /// Seconds for one request.
  public var timeout = 20.0
  /// Seconds between the answer to one URL of a host and the request for the next.
  public var delay = 0.3
  /// How many hosts are asked at a time.
  public var hosts = 16
  public var retries = RetryPolicy()
  /// Seconds for which an answer is remembered.
  public var memory = 7 * 86_400
  public static let redirects = 10

  public init() {
    retries.attempts = 3
    retries.connectAttempts = 2
    retries.base = 1
    retries.longest = 8
    // A server that asks for more is not waited for.
    retries.longestRetryAfter = 20
    retries.budget = 500
  }
}

/// What is known of a URL.
public struct LinkResult: Sendable, Hashable {
  public enum State: Sendable, Hashable {
    case alive
    /// Alive, and its server says where it is for good.
    case moved(to: String)
    /// A status that says that there is nothing: 404, 410 and their like; or the host's name has no address any more.
    case dead(String)
    /// The page is there, the anchor is not.
    case anchorMissing
    /// No answer that tells: the server is broken, too slow, or wants no programs.
    case unclear(String)
  }

  public let url: String
  public let state: State
  /// Remembered from an earlier run.
  public var isRemembered = false
  /// By `LinkPolicy.allowed`: it may be dead.
  public var isAllowed = false

  /// What is wrong with it; nil where nothing is.
  public var problem: (severity: Diagnostic.Severity, id: String, message: String, hint: String?)? {
    if isAllowed { return nil }
    switch state {
    case .alive, .moved: return nil
    case .dead(let reason):
      return (
        .error, "dead-outside-link", "\(url) is dead: \(reason)",
        "mend the link, or name it in check.allow of site.yaml if it may be dead"
      )
    case .anchorMissing:
      return (
        .warning, "dead-outside-anchor", "\(url) leads to a page without that anchor",
        "a page may make its anchors with a script: name it in check.allow of site.yaml then"
      )
    case .unclear(let reason):
      return (
        .warning, "unclear-outside-link", "\(url) gives no answer that tells whether it is alive: \(reason)",
        "look at it in a browser; check.ignore of site.yaml names what is not to be asked"
      )
    }
  }
}

/// No host at all could be reached: that says something about this machine, not about the links.
public struct NoNetwork: Error, CustomStringConvertible, Sendable {
  public let hosts: Int
  public var description: String { "none of \(hosts) hosts can be reached, there seems to be no network" }
}
