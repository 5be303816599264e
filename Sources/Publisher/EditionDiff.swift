import Files

/// What differs between two editions, by their files.
public struct EditionDiff: Sendable {
  public struct Change: Sendable {
    public enum Kind: String, Sendable, CaseIterable { case added, changed, removed }

    public let kind: Kind
    public let path: String
    /// As it is in the older edition; nil where it was added.
    public let before: Receipt.File?
    /// As it is in the newer one; nil where it was removed.
    public let after: Receipt.File?

    /// `page`, `asset` or `other file`.
    public var noun: String { (after ?? before)?.noun ?? "" }
    /// How many bytes more the file has.
    public var growth: Int { (after?.size ?? 0) - (before?.size ?? 0) }
  }

  /// Sorted by path.
  public let changes: [Change]

  public var isEmpty: Bool { changes.isEmpty }

  public init(from before: [Receipt.File], to after: [Receipt.File]) {
    // As texts two paths would be equal that are written in two forms of Unicode.
    let old = Dictionary(before.map { (TreePath($0.path), $0) }, uniquingKeysWith: { $1 })
    let new = Dictionary(after.map { (TreePath($0.path), $0) }, uniquingKeysWith: { $1 })
    var changes: [Change] = []
    for (path, file) in new {
      guard let known = old[path] else {
        changes.append(Change(kind: .added, path: file.path, before: nil, after: file))
        continue
      }
      if known.cid != file.cid { changes.append(Change(kind: .changed, path: file.path, before: known, after: file)) }
    }
    for (path, file) in old where new[path] == nil {
      changes.append(Change(kind: .removed, path: file.path, before: file, after: nil))
    }
    self.changes = changes.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }
}
