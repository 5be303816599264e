import Files
import Synchronization

/// What other sites answered, kept between runs. Only good answers are kept: a link that is dead, or gives no clear answer, is asked again.
///
/// A cache: deleting the file costs time. One line an answer: Unix seconds, URL, and where the page moved to, with tabs between.
public final class LinkMemory: Sendable {
  private struct Entry {
    var time: Int
    var movedTo: String?
  }

  private let path: String?
  private let entries: Mutex<[String: Entry]>

  /// - Parameter path: the file; nil remembers nothing beyond this run. One that is missing or no longer makes sense is as good as empty.
  public init(_ path: String?) {
    self.path = path
    var entries: [String: Entry] = [:]
    if let path, let bytes = try? readFile(path) {
      for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
        let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
        guard parts.count == 3, let time = Int(parts[0]) else { continue }
        entries[String(parts[1])] = Entry(time: time, movedTo: parts[2].isEmpty ? nil : String(parts[2]))
      }
    }
    self.entries = Mutex(entries)
  }

  /// Nil where there is no answer that came at `oldest` or later.
  func state(of url: String, since oldest: Int) -> LinkResult.State? {
    guard let entry = entries.withLock({ $0[url] }), entry.time >= oldest else { return nil }
    return entry.movedTo.map { .moved(to: $0) } ?? .alive
  }

  func remember(_ url: String, _ state: LinkResult.State, at time: Int) {
    entries.withLock { entries in
      switch state {
      case .alive: entries[url] = Entry(time: time)
      case .moved(let target): entries[url] = Entry(time: time, movedTo: target)
      case .dead, .anchorMissing, .unclear: entries[url] = nil
      }
    }
  }

  /// Writes the file, without what is older than `oldest`.
  ///
  /// - Throws: `FileError`.
  public func save(since oldest: Int) throws(FileError) {
    guard let path else { return }
    let lines = entries.withLock { entries in
      entries.filter { url, entry in entry.time >= oldest && !url.contains { $0 == "\t" || $0 == "\n" } }
        .sorted { $0.key < $1.key }.map { "\($0.value.time)\t\($0.key)\t\($0.value.movedTo ?? "")\n" }
    }
    try replaceFile(path, Array(lines.joined().utf8))
  }
}
