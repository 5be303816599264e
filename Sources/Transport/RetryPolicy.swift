/// Whether and when to try again; a pure value.
///
/// The delay is exponential with full jitter (Brooker, "Exponential Backoff And Jitter"). The budget works like gRPC's retry throttling
/// (gRFC A6): each retry takes one, each success gives a part back, so that a server that is down stops a run soon while one that
/// only stumbles does not.
public struct RetryPolicy: Sendable, Hashable {
  /// Attempts for one request, the first included.
  public var attempts = 8
  /// The same, where no connection can be made.
  public var connectAttempts = 5
  /// The same, where an answer came and cannot be read.
  public var unreadableAttempts = 3
  /// Seconds: the first delay is at most `base`, each further one at most twice the one before, none above `longest`.
  public var base = 0.5
  public var longest = 30.0
  /// Seconds; a server that asks for more is not waited for.
  public var longestRetryAfter = 300.0
  /// Retries for the whole run, and what each success gives back (never above `budget`).
  public var budget = 50.0
  public var refund = 0.5

  public enum Decision: Sendable, Hashable {
    /// In so many seconds.
    case retry(after: Double)
    case giveUp(Reason)
  }

  /// Why a request that is safe to repeat may go better next time.
  public enum Trouble: Sendable, Hashable {
    /// No connection can be made.
    case unreachable
    /// The connection broke, or the server says that it is busy or broken.
    case passing
    /// An answer came and cannot be read.
    case unreadable
  }

  public enum Reason: Sendable, Hashable { case notRepeatable, tooManyAttempts, budgetSpent, serverAsksTooLong }

  public init() {}

  /// - Parameters:
  ///   - attempt: how many were made, from 1.
  ///   - trouble: nil where trying again changes nothing.
  ///   - retryAfter: what the server asked for, in seconds.
  ///   - budgetLeft: what is left of `budget`.
  ///   - random: from 0 up to, not including, 1.
  public func decide(
    attempt: Int, trouble: Trouble?, retryAfter: Double? = nil, budgetLeft: Double, random: Double
  ) -> Decision {
    guard let trouble else { return .giveUp(.notRepeatable) }
    guard attempt < attempts(for: trouble) else { return .giveUp(.tooManyAttempts) }
    guard budgetLeft >= 1 else { return .giveUp(.budgetSpent) }
    if let retryAfter {
      guard retryAfter <= longestRetryAfter else { return .giveUp(.serverAsksTooLong) }
      // Somewhat later than asked, so that waiting clients don't all come at once.
      return .retry(after: max(0, retryAfter) + random * base)
    }
    var ceiling = base
    for _ in 1..<max(attempt, 1) where ceiling < longest { ceiling *= 2 }
    return .retry(after: random * min(ceiling, longest))
  }

  private func attempts(for trouble: Trouble) -> Int {
    switch trouble {
    case .unreachable: connectAttempts
    case .passing: attempts
    case .unreadable: unreadableAttempts
    }
  }
}

extension TransportError.Kind {
  /// Why the same request may go better next time; nil where it won't.
  public var trouble: RetryPolicy.Trouble? {
    switch self {
    case .couldNotConnect, .couldNotResolve: .unreachable
    case .timedOut, .stalled, .connectionLost, .cutShort, .tls(.other): .passing
    default: nil
    }
  }
}

extension RetryPolicy.Trouble {
  /// What an answer's status says of the next attempt; nil where it says that it would be the same.
  public init?(status: Int) {
    switch status {
    case 408, 425, 429: self = .passing
    // Not Implemented, HTTP Version Not Supported, Insufficient Storage: waiting changes nothing.
    case 501, 505, 507: return nil
    case 500...599: self = .passing
    default: return nil
    }
  }
}

/// What is left of `RetryPolicy.budget`.
public struct RetryBudget: Sendable {
  public private(set) var left: Double
  private let full: Double
  private let refund: Double

  public init(_ policy: RetryPolicy) {
    left = policy.budget
    full = policy.budget
    refund = policy.refund
  }

  public mutating func spend() { left = max(0, left - 1) }
  public mutating func succeed() { left = min(full, left + refund) }
}

/// The field `Retry-After` in seconds from now: a number, or a date (RFC 9110, section 10.2.3).
///
/// - Parameter now: Unix seconds. A date is measured against the answer's own `Date`, where it has one: the two clocks may differ.
public func retryAfter(_ headers: HTTPHeaders, now: Int) -> Double? {
  guard let value = headers["Retry-After"] else { return nil }
  if !value.isEmpty, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return Double(value) }
  guard let date = unixSeconds(httpDate: value) else { return nil }
  let reference = headers["Date"].flatMap(unixSeconds(httpDate:)) ?? now
  return Double(max(0, date - reference))
}

/// A date like `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7) in Unix seconds; nil for anything else.
func unixSeconds(httpDate text: String) -> Int? {
  let words = text.split(separator: " ")
  guard words.count == 6, words[0].hasSuffix(","), words[5] == "GMT" else { return nil }
  let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
  let time = words[4].split(separator: ":", omittingEmptySubsequences: false)
  guard let month = months.firstIndex(of: String(words[2])), time.count == 3, words[3].utf8.count == 4,
    let day = UInt8(words[1]), let year = UInt16(words[3]), let hour = UInt8(time[0]), let minute = UInt8(time[1]),
    let second = UInt8(time[2]), (1...31).contains(day), year >= 1970, hour < 24, minute < 60, second <= 60
  else { return nil }
  // Days from the civil calendar, years beginning in March so that the leap day is the last.
  let marchYear = Int(year) - (month < 2 ? 1 : 0)
  let dayOfYear = (153 * ((month + 10) % 12) + 2) / 5 + Int(day) - 1
  let days = marchYear * 365 + marchYear / 4 - marchYear / 100 + marchYear / 400 + dayOfYear - 719_468
  return days * 86400 + Int(hour) * 3600 + Int(minute) * 60 + Int(second)
}
