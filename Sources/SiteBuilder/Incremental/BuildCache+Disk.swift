import Files
import Glibc

extension BuildCache {
  /// One for each output folder, so that a preview and the site itself don't undo each other's.
  private static func file(_ folder: String, _ place: OutputFolder) -> String {
    let digest = String(Fingerprint.of(place.path), radix: 16)
    return "\(folder)/.colophon/build-\(String(repeating: "0", count: 16 - digest.utf8.count))\(digest).cache"
  }

  /// - Returns: nil where there is none, or none that can be used.
  static func read(
    _ folder: String, _ place: OutputFolder, _ configuration: Configuration, workers: Int
  ) async throws -> BuildCache? {
    guard let bytes = try? readFile(file(folder, place)) else { return nil }
    return try await BuildCache(bytes, configuration: configuration, workers: workers)
  }

  /// - Throws: `FileError`.
  func write(_ folder: String, _ place: OutputFolder, workers: Int) async throws {
    let file = Self.file(folder, place)
    let new = file + ".new"
    try writeFile(new, [])
    try await encode(workers: workers) { try appendToFile(new, $0) }
    guard rename(new, file) == 0 else { throw FileError("replace", file) }
  }
}
