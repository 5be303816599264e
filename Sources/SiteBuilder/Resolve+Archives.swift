import Files
import Templates

/// How finely pages with a date are listed by it.
enum ArchiveDepth: String, Sendable, CaseIterable {
  case year, month
}

extension Resolver {
  /// The folder of archives in a language's URLs.
  static let archiveFolder = "archives"

  /// `archives/`, a page for each year in it, and below these one for each month where the configuration asks for it.
  mutating func addArchives(_ language: LanguageID) {
    guard let depth = configuration.archives else { return }
    let dated = regularPages.filter { pages[$0].language == language && pages[$0].date != nil }
    guard !dated.isEmpty else { return }
    let title = phrases[language].text("archives", []) ?? "Archives"
    let own = ownPages(below: [Self.archiveFolder], language)
    let archives = addArchive(title, [], in: homes[language], dated, language, own)
    let years = Dictionary(grouping: dated) { pages[$0].date?.year ?? 0 }
    for (_, ofYear) in years.sorted(by: { $0.key > $1.key }) {
      let name = pages[ofYear[0]].date?.formatted("%Y") ?? ""
      let id = addArchive(name, [name], in: archives, ofYear, language, own)
      guard depth == .month else { continue }
      let months = Dictionary(grouping: ofYear) { pages[$0].date?.month ?? 0 }
      for (_, ofMonth) in months.sorted(by: { $0.key > $1.key }) {
        let title = pages[ofMonth[0]].date?.formatted("%B %Y", names: phrases[language].dateNames) ?? ""
        _ = addArchive(title, [name, pages[ofMonth[0]].date?.formatted("%m") ?? ""], in: id, ofMonth, language, own)
      }
    }
  }

  private mutating func addArchive(
    _ title: String, _ parts: [String], in parent: PageID, _ listed: [PageID], _ language: LanguageID,
    _ own: [TreePath: PageID]
  ) -> PageID {
    let output = Self.indexFile(in: prefix(language) + [Self.archiveFolder] + parts)
    let id = addList(
      Page(kind: .archive, source: nil, title: title, url: siteURL(of: output), output: output), language,
      key: "archive " + parts.joined(separator: "-"), own: own)
    pages[id].name = parts.last ?? ""
    pages[id].parent = parent
    pages[id].listed = listed
    if pages[parent].kind == .archive { pages[parent].subsections.append(id) }
    return id
  }
}
