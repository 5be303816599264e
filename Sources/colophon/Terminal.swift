import Glibc

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
      // Whoever read the other end has gone.
      if count <= 0 { return }
      bytes = bytes.dropFirst(count)
    }
  }

  /// Columns of the window; 80 where it does not say.
  var width: Int {
    var size = winsize()
    return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }
}

/// An environment variable; nil where it is not set or empty.
func environment(_ name: String) -> String? {
  guard let value = getenv(name), value[0] != 0 else { return nil }
  return String(cString: value)
}
