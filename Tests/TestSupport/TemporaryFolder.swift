import Files
import Glibc

/// A folder of its own for one test, gone when this value is.
public final class TemporaryFolder: Sendable {
  /// Absolute, without symbolic links.
  public let path: String

  public init() throws(FileError) {
    let place = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var name = Array("\(realPath(place) ?? place)/colophon-tests-XXXXXX".utf8CString)
    guard mkdtemp(&name) != nil else { throw FileError("make a folder in", place) }
    path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { try? removeAll(path) }
}
