import ContentAddressing
import Files
import Glibc
import Synchronization

/// Pictures made by earlier builds, one file each, named by the digest of all that decides its bytes. Whatever is in the folder, a damaged
/// file costs time and nothing else: each begins with the digest of the rest.
final class ImageCache: Sendable {
  private let folder: String
  private let used = Mutex<Set<String>>([])

  /// - Parameter folder: absolute; made when the first picture is kept.
  init(_ folder: String) { self.folder = folder }

  /// What is used stays.
  func use(_ key: SHA256Digest) { used.withLock { _ = $0.insert(key.hex) } }

  func picture(_ key: SHA256Digest) -> [UInt8]? {
    use(key)
    guard let bytes = try? readFile(folder + "/" + key.hex), bytes.count > SHA256Digest.length else { return nil }
    let picture = Array(bytes[SHA256Digest.length...])
    return SHA256Digest(of: picture).bytes.elementsEqual(bytes[..<SHA256Digest.length]) ? picture : nil
  }

  /// A cache that cannot be written is no reason to stop.
  func keep(_ picture: [UInt8], for key: SHA256Digest) {
    try? makeFolder(folder)
    try? replaceFile(folder + "/" + key.hex, SHA256Digest(of: picture).bytes + picture)
  }

  /// Removes what this build did not ask for, and what a killed one left.
  func removeUnused() {
    let used = used.withLock { $0 }
    for entry in (try? listFolder(folder)) ?? [] where !used.contains(entry.name) {
      try? removeAll(folder + "/" + entry.name)
    }
  }
}
