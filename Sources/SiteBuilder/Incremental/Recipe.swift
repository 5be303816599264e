import Files
import Templates

extension SiteRenderer {
  /// A digest of what a file is to be made from, as far as that is known before it is made. Where another digest than last time comes out, the
  /// file is made anew; what is read while it is made is in its `Dependencies`.
  ///
  /// A kind of file that is not told apart here follows from the whole site.
  func recipe(of file: OutputFile) -> UInt64 {
    var recipe = Fingerprint()
    switch file {
    case .page(let id, let number):
      recipe.add(1 as UInt64)
      recipe.add(objects.pages[id].identity)
      recipe.add(site.pages[id].kind.rawValue)
      recipe.add(number)
      recipe.add(Fingerprint.of(objects.paginator(of: id, number: number)))
    case .feed(let id, let format):
      recipe.add(2 as UInt64)
      recipe.add(objects.pages[id].identity)
      recipe.add(format.rawValue)
      let page = site.pages[id]
      for entry in page.kind == .home ? site.languages[page.language].posts : page.listed {
        recipe.add(objects.pages[entry].identity)
        recipe.add(site.pages[entry].date?.secondsSince1970 ?? .min)
      }
    case .redirect(let id):
      recipe.add(3 as UInt64)
      recipe.add(objects.pages[id].identity)
    case .asset(let file):
      recipe.add(4 as UInt64)
      recipe.add(file.path.string)
    case .generated(let bytes):
      recipe.add(5 as UInt64)
      recipe.add(bytes)
    case .card(let card):
      recipe.add(7 as UInt64)
      recipe.add(card.fingerprint)
    default:
      recipe.add(6 as UInt64)
      recipe.add(objects.fingerprints.everything)
    }
    return recipe.value
  }
}

/// Digests of the resolved site: they say what changed since the last build, before anything is rendered.
struct SiteFingerprints: Sendable {
  /// The same page has the same in every build: the digest of its output path.
  let identities: [UInt64]
  /// Each page as its own file makes it: all that the members in column `PageMember.record` say.
  private(set) var records: [UInt64]
  /// Which pages there are, and how they stand to each other: all that `PageMember.isRelation` follow from.
  let structure: UInt64
  /// Both: the site without its texts.
  private(set) var everything: UInt64

  init(_ site: Site) {
    // By their ids: a loop over the pages themselves would copy each.
    identities = site.pages.indices.map { site.pages[$0].output.fingerprint }
    records = site.pages.indices.map { Self.record(site.pages[$0]) }
    structure = Self.structure(site, identities)
    everything = Self.everything(structure, records)
  }

  /// Pages say something else of themselves, and all stand as they stood.
  mutating func update(_ ids: [PageID], in site: Site) {
    for id in ids { records[id] = Self.record(site.pages[id]) }
    everything = Self.everything(structure, records)
  }

  private static func everything(_ structure: UInt64, _ records: [UInt64]) -> UInt64 {
    var everything = Fingerprint()
    everything.add(structure)
    for record in records { everything.add(record) }
    return everything.value
  }

  private static func record(_ page: Page) -> UInt64 {
    var record = Fingerprint()
    record.add(page.source?.head ?? 0)
    record.add(page.source?.file.path.fingerprint ?? 0)
    record.add(page.title)
    record.add(page.url)
    record.add(page.name)
    record.add(page.kind.rawValue)
    record.add(page.language)
    record.add(page.date?.secondsSince1970 ?? .min)
    return record.value
  }

  private static func structure(_ site: Site, _ identities: [UInt64]) -> UInt64 {
    var structure = Fingerprint()
    func add(_ ids: [PageID]) {
      structure.add(ids.count)
      for id in ids { structure.add(identities[id]) }
    }
    func add(_ page: Page) {
      structure.add(page.kind.rawValue)
      structure.add(page.language)
      add(page.translations)
      for other in [page.parent, page.previous, page.next] { structure.add(other.map { identities[$0] } ?? 0) }
      add(page.listed)
      add(page.subsections)
      for (taxonomy, terms) in page.terms {
        structure.add(identities[taxonomy])
        add(terms)
      }
    }
    for id in site.pages.indices {
      structure.add(identities[id])
      add(site.pages[id])
    }
    add(site.regularPages)
    return structure.value
  }
}
