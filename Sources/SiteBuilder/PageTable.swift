/// The pages of a site by their ids: read in place, never copied (a page has many fields, and each is counted by reference).
///
/// Memory without reference counts of its own, so that threads do not contend for it. Its owner frees it.
struct PageTable: RandomAccessCollection, @unchecked Sendable {
  // Written in `init`, and in `update` by whoever has the site for itself between two builds.
  private let start: UnsafeMutablePointer<Page>
  let count: Int

  init(_ pages: [Page]) {
    count = pages.count
    start = .allocate(capacity: Swift.max(1, pages.count))
    start.initialize(from: pages, count: pages.count)
  }

  /// To be called while nobody reads.
  func update(_ id: PageID, _ change: (inout Page) -> Void) {
    precondition(id >= 0 && id < count, "bug: there is no page \(id)")
    change(&start[id])
  }

  /// To be called once, when nobody reads any more.
  func deallocate() {
    start.deinitialize(count: count)
    start.deallocate()
  }

  var startIndex: PageID { 0 }
  var endIndex: PageID { count }

  subscript(id: PageID) -> Page {
    _read {
      precondition(id >= 0 && id < count, "bug: there is no page \(id)")
      yield start[id]
    }
  }
}
