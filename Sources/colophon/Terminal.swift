import Glibc
import Synchronization

/// One of the two streams a person reads: colours only where it is a terminal and `NO_COLOR` (no-color.org) is not set.
struct Terminal: Sendable {
  let descriptor: Int32
  let isInteractive: Bool
  let hasColors: Bool

  static let output = Terminal(STDOUT_FILENO)
  static let error = Terminal(STDERR_FILENO)

  private init(_ descriptor: Int32) {
    self.descriptor = descriptor
    isInteractive = isatty(descriptor) == 1 && environment("TERM") != "dumb"
    hasColors = isInteractive && environment("NO_COLOR") == nil
  }

  enum Style: String { case bold = "1", dim = "2", red = "31", green = "32", yellow = "33", cyan = "36" }

  func styled(_ text: String, _ styles: Style...) -> String {
    guard hasColors else { return text }
    return "\u{1B}[\(styles.map(\.rawValue).joined(separator: ";"))m\(text)\u{1B}[0m"
  }

  func print(_ text: String = "", terminator: String = "\n") {
    var bytes = Array((text + terminator).utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN, waitUntilWritable() { continue }
      if count <= 0 {
        // Whoever read the other end has gone.
        if descriptor == STDOUT_FILENO, errno != EPIPE { Self.outputProblem.withLock { [code = errno] in $0 = code } }
        return
      }
      bytes = bytes.dropFirst(count)
    }
  }

  private func waitUntilWritable() -> Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&waiting, 1, -1) >= 0 || errno == EINTR
  }

  /// Why results could not be written: a disk that is full.
  private static let outputProblem = Mutex<Int32?>(nil)

  /// - Throws: `OutputError` where some of the results did not get to where they were to go.
  static func checkOutput() throws {
    if let code = outputProblem.withLock({ $0 }) { throw OutputError(code: code) }
  }

  /// Columns of the window; 80 where it does not say.
  var width: Int {
    var size = winsize()
    return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }
}

/// Text that may be somebody else's, fit for a terminal: nothing in it moves the cursor or sets colours.
///
/// - Parameter lines: whether it may have several.
func printable(_ text: String, lines: Bool = false) -> String {
  guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == 0xC2 }) else { return text }
  return String(
    String.UnicodeScalarView(
      text.unicodeScalars.map { scalar in
        scalar.properties.generalCategory != .control || lines && scalar == "\n" ? scalar : " "
      }))
}

/// Standard output took no more.
struct OutputError: Error, CustomStringConvertible {
  let code: Int32

  var description: String { "standard output cannot be written: \(String(cString: strerror(code)))" }
}

/// An environment variable; nil where it is not set or empty.
func environment(_ name: String) -> String? {
  guard let value = getenv(name), value[0] != 0 else { return nil }
  return String(cString: value)
}
