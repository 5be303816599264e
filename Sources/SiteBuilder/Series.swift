import Files
import Templates

/// The taxonomy whose terms are read in order, from the first part to the last.
let seriesTaxonomy = "series"

extension Resolver {
  /// By `series_order`, then by weight, then the oldest first, then by title and path.
  static func isEarlierPart(_ left: Page, _ right: Page) -> Bool {
    let (mine, its) = (left.source?.frontMatter, right.source?.frontMatter)
    for (mine, its) in [(mine?.seriesOrder, its?.seriesOrder), (mine?.weight, its?.weight)] where mine != its {
      return (mine ?? .max) < (its ?? .max)
    }
    switch (left.date, right.date) {
    case (let mine?, let its?) where mine != its: return mine < its
    case (nil, _?): return false
    case (_?, nil): return true
    default: break
    }
    return left.title != right.title ? left.title < right.title : left.output < right.output
  }
}

extension SiteObjects {
  /// What a page that is part of a series knows of it: `{name, url, pages, position, total, prev, next}`; undefined for all others.
  func series(of id: PageID) -> Value {
    guard let (_, terms) = site.pages[id].terms.first(where: { site.pages[$0.taxonomy].name == seriesTaxonomy }),
      let term = terms.first, let place = site.pages[term].listed.firstIndex(of: id)
    else { return .undefined }
    let parts = site.pages[term].listed
    func part(_ index: Int) -> Value { parts.indices.contains(index) ? .object(pages[parts[index]]) : .undefined }
    return .map([
      "name": .string(site.pages[term].name), "url": .string(site.pages[term].url), "pages": sequence(parts),
      "position": .int(place + 1), "total": .int(parts.count), "prev": part(place - 1), "next": part(place + 1),
    ])
  }
}
