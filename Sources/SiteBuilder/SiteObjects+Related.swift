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
    guard !windows.isEmpty, limit > 0 else { return [] }
    var best: [(id: PageID, shared: Int)] = []
    count(windows) { other, shared in
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

  /// How often each page occurs in the windows, in no particular order.
  ///
  /// Windows are in the order of `rank`: a table by rank is as long as the time that they span, and this is done for every page.
  private func count(_ windows: [ArraySlice<PageID>], _ body: (PageID, Int) -> Void) {
    let ends = windows.flatMap { [$0.first, $0.last] }.compactMap { $0.map { site.rank[$0] } }
    guard let first = ends.min(), let last = ends.max() else { return }
    guard last - first < 1 << 16 else {
      var counts: [PageID: Int] = [:]
      for id in windows.joined() { counts[id, default: 0] += 1 }
      return counts.forEach(body)
    }
    withUnsafeTemporaryAllocation(of: UInt16.self, capacity: last - first + 1) { counts in
      counts.initialize(repeating: 0)
      for window in windows {
        for id in window where counts[site.rank[id] - first] < .max { counts[site.rank[id] - first] += 1 }
      }
      for id in windows.joined() {
        let place = site.rank[id] - first
        guard counts[place] > 0 else { continue }
        body(id, Int(counts[place]))
        counts[place] = 0
      }
    }
  }
}
