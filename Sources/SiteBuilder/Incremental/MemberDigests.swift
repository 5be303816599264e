import Synchronization
import Templates

/// A digest of every member of a page that somebody read, so that the next build can tell whether it still says the same.
///
/// A table with a row for each page, then one for the site in each language. 0 stands where nobody read.
final class MemberDigests: Sendable {
  let rows: Int
  // Made in init, freed in deinit, and between them every access is atomic.
  nonisolated(unsafe) private let slots: UnsafeMutablePointer<Atomic<UInt64>>

  static let columns = 48
  /// Of a value that cannot be compared.
  static let unknown = UInt64.max

  init(rows: Int) {
    self.rows = rows
    let count = rows * Self.columns
    slots = .allocate(capacity: count)
    for index in 0..<count { (slots + index).initialize(to: Atomic(0)) }
  }

  deinit {
    slots.deinitialize(count: rows * Self.columns)
    slots.deallocate()
  }

  subscript(row: Int, column: Int) -> UInt64 {
    get { slots[row * Self.columns + column].load(ordering: .relaxed) }
    set { slots[row * Self.columns + column].store(newValue, ordering: .relaxed) }
  }
}

extension MemberDigests {
  /// What was read of the page in this row, or of the site.
  func members(_ row: Int) -> [SiteMemory.Member] {
    (0..<Self.columns).compactMap { column in
      let digest = self[row, column]
      return digest == 0 ? nil : SiteMemory.Member(column: column, digest: digest)
    }
  }

  /// How many members were read of the page in this row.
  func count(_ row: Int) -> Int { (0..<Self.columns).count { self[row, $0] != 0 } }
}

extension SiteObjects {
  /// Notes what a member said, for the next build to compare with.
  func note(_ value: Value, in row: Int, _ column: Int) {
    if digests[row, column] == 0 { digests[row, column] = Fingerprint.of(value) }
  }

  /// Asks the text of a page again for what was asked of it last time.
  ///
  /// - Parameter before: the page as it was.
  /// - Returns: what is not as it was.
  func changes(inTextOf page: PageObject, since before: SiteMemory.Page?) -> [Dependency] {
    var changed: [Dependency] = []
    for member in before?.members ?? [] {
      let name = PageMember.ofColumn[member.column - 1]
      guard name.followsFromText else { continue }
      let digest = Fingerprint.of(page.value(of: name))
      digests[page.id, member.column] = digest
      if digest != member.digest || digest == MemberDigests.unknown {
        changed.append(.page(page.identity, member.column))
      }
    }
    return changed
  }
}
