extension SiteObjects {
  /// How far from a page, in each of its terms' lists, related pages are looked for: a site of any size takes the same time a page.
  private static let relatedReach = 100

  /// The pages that share most terms with this one, five unless the configuration says otherwise, of those near it in time; newest first among equals.
  func related(to id: PageID) -> [PageID] {
    var windows: [ArraySlice<PageID>] = []
    let settings = site.configuration.related
    let limit = settings.count
    for (taxonomy, terms) in site.pages[id].terms {
      let name = site.pages[taxonomy].name
      // The parts of a series are shown as what they are, in another order.
      guard name != seriesTaxonomy, settings.taxonomies?.contains(name) ?? true else { continue }
      for term in terms {
        let listed = site.pages[term].listed
        let place = site.position(of: id, in: listed)
        windows.append(
          listed[max(0, place - Self.relatedReach)..<min(listed.count, place + Self.relatedReach + 1)])
      }
    }
    let count = windows.reduce(0) { $0 + $1.count }
    guard count > 0, limit > 0 else { return [] }
    var best: [(id: PageID, shared: Int)] = []
    countEqual(windows, count) { other, shared in
      guard other != id, best.count < limit || shared >= best[limit - 1].shared else { return }
      let place = best.firstIndex {
        $0.shared < shared || ($0.shared == shared && site.rank[other] < site.rank[$0.id])
      }
      guard place != nil || best.count < limit else { return }
      best.insert((other, shared), at: place ?? best.count)
      if best.count > limit { best.removeLast() }
    }
    return best.map(\.id)
  }
}

/// How often each page occurs in the windows, in no particular order. A table on the stack: this is done for every page.
///
/// - Parameter count: of all elements.
private func countEqual(_ windows: [ArraySlice<PageID>], _ count: Int, _ body: (PageID, Int) -> Void) {
  var bits = 4
  while 1 << bits < count * 4 / 3 { bits += 1 }
  withUnsafeTemporaryAllocation(of: (id: UInt32, count: UInt32).self, capacity: 1 << bits) { slots in
    slots.initialize(repeating: (0, 0))
    for window in windows {
      for id in window {
        let key = UInt32(truncatingIfNeeded: id)
        var slot = Int(truncatingIfNeeded: (UInt64(key) &* 0x9E37_79B9_7F4A_7C15) &>> UInt64(64 - bits))
        while slots[slot].count != 0, slots[slot].id != key { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = (key, slots[slot].count + 1)
      }
    }
    for slot in slots where slot.count != 0 { body(PageID(slot.id), Int(slot.count)) }
  }
}
