import Files

extension Resolver {
  /// Puts every list into its order, and tells pages of a section their neighbours.
  mutating func order() {
    let rank = ranks()
    let weights = pages.map { $0.source?.frontMatter.weight ?? .max }
    let newestFirst: (PageID, PageID) -> Bool = { rank[$0] < rank[$1] }
    // Where a weight is given, the lightest first, before all without.
    let inSection: (PageID, PageID) -> Bool = { (weights[$0], rank[$0]) < (weights[$1], rank[$1]) }
    regularPages.sort(by: newestFirst)
    for id in pages.indices {
      switch pages[id].kind {
      case .section: pages[id].listed.sort(by: inSection)
      case .term where pages[id].parent.map { pages[$0].name } == seriesTaxonomy:
        let parts = pages[id].listed.sorted { Self.isEarlierPart(pages[$0], pages[$1]) }
        pages[id].listed = parts
      case .term, .archive: pages[id].listed.sort(by: newestFirst)
      case .taxonomy where pages[id].subsections.contains { weights[$0] < .max }:
        // Terms are in the order of their names but for those that have a weight.
        let terms = pages[id].subsections.enumerated().sorted {
          (weights[$0.element], $0.offset) < (weights[$1.element], $1.offset)
        }
        pages[id].subsections = terms.map(\.element)
        continue
      case .page, .taxonomy, .search, .notFound: continue
      case .home: break
      }
      if pages[id].kind != .archive { pages[id].subsections.sort(by: inSection) }
    }
    for id in pages.indices where pages[id].kind == .section || pages[id].kind == .home { link(pages[id].listed) }
    // The front page shows what is new in the whole site, not the pages at its top.
    for (language, home) in homes.enumerated() {
      let own = regularPages.filter { pages[$0].language == language }
      let posts = own.filter { pages[$0].date != nil }
      pages[home].listed = posts.isEmpty ? own : posts
    }
  }

  /// The place of every page among all: newest first, those without a date last, then by title and path.
  private func ranks() -> [Int] {
    let ages = pages.map { $0.date.map { -$0.secondsSince1970 } ?? .max }
    let sorted = pages.indices.sorted { left, right in
      if ages[left] != ages[right] { return ages[left] < ages[right] }
      if pages[left].title != pages[right].title { return pages[left].title < pages[right].title }
      return pages[left].output < pages[right].output
    }
    var ranks = [Int](repeating: 0, count: pages.count)
    for (rank, id) in sorted.enumerated() { ranks[id] = rank }
    return ranks
  }

  private mutating func link(_ neighbours: [PageID]) {
    for (index, id) in neighbours.enumerated() {
      pages[id].previous = index > 0 ? neighbours[index - 1] : nil
      pages[id].next = index + 1 < neighbours.count ? neighbours[index + 1] : nil
    }
  }
}
