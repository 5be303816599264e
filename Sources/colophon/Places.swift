import Glibc

/// Folders outside the site, as the XDG base directory specification places them.
enum Places {
  /// Where the local node keeps blocks, its key and its catalog.
  static var node: String { environment("COLOPHON_NODE_DATA") ?? data + "/colophon/node" }

  /// Where access tokens are kept between runs.
  static var tokens: String { state + "/colophon/tokens" }

  private static var home: String { environment("HOME") ?? "/tmp/colophon-\(getuid())" }
  private static var data: String { environment("XDG_DATA_HOME") ?? home + "/.local/share" }
  private static var state: String { environment("XDG_STATE_HOME") ?? home + "/.local/state" }
}

/// The time for dated folders and comments: `SOURCE_DATE_EPOCH` (reproducible-builds.org) where it is set, else now. Seconds since 1970.
func editionTime() throws -> Int {
  guard let text = environment("SOURCE_DATE_EPOCH") else { return time(nil) }
  guard let seconds = Int(text), seconds >= 0, seconds < 253_402_300_800 else {
    throw UsageError(
      message: "SOURCE_DATE_EPOCH is \(text), it is seconds since 1970",
      hint: "SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)")
  }
  return seconds
}

/// `2026-11-22T10:30:00Z`.
func rfc3339(_ seconds: Int) -> String {
  var moment = time_t(seconds)
  var parts = tm()
  gmtime_r(&moment, &parts)
  func padded(_ number: Int32, _ width: Int = 2) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
  let date = "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1))-\(padded(parts.tm_mday))"
  return date + "T\(padded(parts.tm_hour)):\(padded(parts.tm_min)):\(padded(parts.tm_sec))Z"
}
