/// A member of `page`, by the name that templates have for it.
enum PageMember: String, CaseIterable, Sendable {
  case aliases, ancestors, authors, backlinks, card, content, count, cover, date, description, draft, feeds, kind
  case language, name, next, pages, paginator, params, permalink, prev
  case readingTime = "reading_time"
  case related, section, series, sections, slug, source, summary, tags, taxonomies, terms, title
  case titleID = "title_id"
  case toc, translations
  case updated, url, weight
  case wordCount = "word_count"

  static let names = allCases.map(\.rawValue)
  private static let table = MemberTable(names)
  private static let all = allCases

  init?(named name: String) {
    guard let place = Self.table[name] else { return nil }
    self = Self.all[place]
  }
}

// What the next build compares: see `Dependencies` and `MemberDigests`.
extension PageMember {
  /// The column of what follows from the page's own file and nothing else: one thing to depend on, since it changes together.
  static let record = 0

  /// Where `MemberDigests` has the digest of what the member said; those of the page's own file share the record's.
  var column: Int {
    switch self {
    case .aliases, .authors, .card, .date, .description, .draft, .kind, .name, .params, .permalink, .slug, .source,
      .title, .titleID, .updated, .url, .weight:
      Self.record
    case .ancestors: 1
    case .count: 2
    case .feeds: 3
    case .next: 4
    case .pages: 5
    case .prev: 6
    case .related: 7
    case .section: 8
    case .sections: 9
    case .tags: 10
    case .taxonomies: 11
    case .terms: 12
    case .content: 13
    case .readingTime: 14
    case .summary: 15
    case .toc: 16
    case .wordCount: 17
    case .cover: 18
    case .language: 19
    case .paginator: 20
    case .series: 21
    case .translations: 22
    case .backlinks: 23
    }
  }

  /// Members that say which other pages there are around the page, and nothing of what those say themselves.
  var isRelation: Bool { 1...12 ~= column }

  /// Members that follow from the page's rendered text.
  var followsFromText: Bool { 13...17 ~= column }

  /// By column, from 1 on.
  static let ofColumn: [PageMember] = allCases.filter { $0.column != record }.sorted { $0.column < $1.column }
}
