import Synchronization

/// What a browser is to know: which build it sees, and what is wrong with the site since.
public struct PreviewState: Sendable, Equatable {
  /// Grows with every build that changed a file.
  public var build = 0
  /// Style sheets alone were changed by it: a page takes them anew without being loaded anew.
  public var onlyStyles = false
  /// What is wrong, as text; nil where all is well.
  public var problems: String?

  public init() {}

  /// One event of the stream (WHATWG HTML, section 9.2.6).
  var event: String {
    let fields = [
      "\"build\":\(build)", "\"styles\":\(onlyStyles)", "\"problems\":\(problems.map(Self.quoted) ?? "null")",
    ]
    return "data: {\(fields.joined(separator: ","))}\n\n"
  }

  /// JSON (RFC 8259, section 7), on one line.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\u{0}"..."\u{1F}", "\u{2028}", "\u{2029}":
        let hex = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

/// The state, and all who wait for the next one.
final class PreviewStates: Sendable {
  private struct Shared: Sendable {
    var state = PreviewState()
    var listeners: [Int: AsyncStream<PreviewState>.Continuation] = [:]
    var next = 0
  }

  private let shared = Mutex(Shared())

  var current: PreviewState { shared.withLock { $0.state } }

  func show(_ state: PreviewState) {
    shared.withLock { shared in
      shared.state = state
      for listener in shared.listeners.values { listener.yield(state) }
    }
  }

  /// The state now, and each one after it; of several that nobody waited for, the last.
  func all() -> AsyncStream<PreviewState> {
    let (stream, continuation) = AsyncStream<PreviewState>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let number = shared.withLock { shared in
      shared.next += 1
      shared.listeners[shared.next] = continuation
      // Still in the lock: of two states the newer one is to come last.
      continuation.yield(shared.state)
      return shared.next
    }
    continuation.onTermination = { [weak self] _ in self?.shared.withLock { $0.listeners[number] = nil } }
    return stream
  }
}
