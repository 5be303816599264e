import Glibc
import Publisher

/// Folders outside the site, as the XDG base directory specification places them.
enum Places {
  /// Where the local node keeps blocks, its key and its catalog.
  static var node: String {
    get throws {
      if let folder = environment("COLOPHON_NODE_DATA") { return folder }
      return try (environment("XDG_DATA_HOME") ?? home + "/.local/share") + "/colophon/node"
    }
  }

  /// Where access tokens are kept between runs.
  static var tokens: String {
    get throws { try (environment("XDG_STATE_HOME") ?? home + "/.local/state") + "/colophon/tokens" }
  }

  private static var home: String {
    get throws { try environment("HOME") ?? accountHome() ?? temporaryHome() }
  }

  /// As the system has it of this user; nil where it does not know the user, as in many containers.
  private static func accountHome() -> String? {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 16 << 10)
    guard getpwuid_r(getuid(), &entry, &buffer, buffer.count, &found) == 0, found != nil, let home = entry.pw_dir else {
      return nil
    }
    let path = String(cString: home)
    return path.isEmpty ? nil : path
  }

  /// Everybody can make a folder of that name before: keys go only into one that is this user's alone.
  private static func temporaryHome() throws -> String {
    let path = "/tmp/colophon-\(getuid())"
    var status = stat()
    mkdir(path, 0o700)
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == getuid(),
      status.st_mode & 0o077 == 0
    else {
      throw UsageError(
        message: "HOME is not set, and \(path) is no folder of this user alone",
        hint: "set HOME, or XDG_DATA_HOME and XDG_STATE_HOME")
    }
    return path
  }
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
func rfc3339(_ seconds: Int) -> String { UTCTime(seconds).description }
