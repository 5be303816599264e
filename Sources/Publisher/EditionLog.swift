import Files
import FoundationEssentials
import Glibc

/// Which edition of a site was the current one, and since when: a line of JSON for each change, kept beside the receipts.
///
/// Only ever appended to. A line that was cut off by a crash is passed over.
public struct EditionLog: Sendable {
  public struct Entry: Codable, Sendable, Hashable {
    public enum Event: String, Codable, Sendable {
      case published
      case rolledBack = "rolled-back"
      case unpinned
      /// The pins of its single files too.
      case unpinnedWhole = "unpinned-whole"
    }

    public var event: Event
    /// The edition's.
    public var build: String
    /// The base URL of the target's API.
    public var target: String
    /// UTC, RFC 3339.
    public var time: String

    public init(event: Event, build: String, target: String, time: String) {
      self.event = event
      self.build = build
      self.target = target
      self.time = time
    }

    /// Whether the edition is the current one from then on.
    public var makesCurrent: Bool { event == .published || event == .rolledBack }
  }

  private let receipts: String
  private var path: String { receipts + "/log.jsonl" }

  /// - Parameter receipts: the folder of the receipts.
  public init(receipts: String) { self.receipts = receipts }

  /// The entries, the oldest first; none where there is no log.
  public func entries() -> [Entry] {
    guard let bytes = try? readFile(path) else { return [] }
    let decoder = JSONDecoder()
    return bytes.split(separator: UInt8(ascii: "\n")).compactMap { try? decoder.decode(Entry.self, from: Data($0)) }
  }

  /// Adds an entry, unless it only says again which edition is current.
  ///
  /// - Throws: `FileError`.
  public func append(_ entry: Entry) throws {
    if entry.event == .published,
      entries().last(where: { $0.target == entry.target && $0.makesCurrent })?.build == entry.build
    {
      return
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // The line end comes first too, behind a line that was cut off; an empty line is none.
    let line = [UInt8(ascii: "\n")] + Array(try encoder.encode(entry)) + [UInt8(ascii: "\n")]
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileError("write", path) }
    defer { close(descriptor) }
    // One call: it is there whole, or the next reader passes it over.
    guard line.withUnsafeBytes({ write(descriptor, $0.baseAddress, $0.count) }) == line.count, fsync(descriptor) == 0
    else { throw FileError("write", path) }
    // A log that is new is in its folder after a power cut only where that is on the disk too.
    let folder = open(receipts, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }
}
