import Files

// Lists that no file asks for: taxonomies, their terms, archives. A page of the site's own at the address of one is that list, and gives it
// its title and its text.
extension Resolver {
  /// The site's own pages in a folder of the output, by the file that each is written to.
  func ownPages(below parts: [String], _ language: LanguageID) -> [TreePath: PageID] {
    let prefix = (prefix(language) + parts).joined(separator: "/") + "/"
    var own: [TreePath: PageID] = [:]
    for id in pages.indices where pages[id].language == language && pages[id].output.string.hasPrefix(prefix) {
      let isList = pages[id].kind == .page || pages[id].kind == .section
      if isList, !pages[id].isRedirect, own[pages[id].output] == nil { own[pages[id].output] = id }
    }
    return own
  }

  /// - Parameters:
  ///   - key: what its translations have too.
  ///   - own: the site's own pages that may be in its place.
  mutating func addList(
    _ list: Page, _ language: LanguageID, key: String, own: [TreePath: PageID]
  ) -> PageID {
    guard let id = own[list.output] else { return add(list, language, key: key) }
    leave(id, to: homes[language])
    let source = pages[id].source
    pages[id] = list
    pages[id].language = language
    pages[id].source = source
    pages[id].title = source?.frontMatter.title ?? source?.heading?.text ?? list.title
    translationKeys[id] = source?.frontMatter.translationKey.map { "key " + $0 } ?? key
    return id
  }

  /// The page is no section and no page of one any more; what it listed is listed by `heir`.
  private mutating func leave(_ id: PageID, to heir: PageID) {
    if pages[id].kind == .page {
      regularPages.removeAll { $0 == id }
      if let parent = pages[id].parent { pages[parent].listed.removeAll { $0 == id } }
      return
    }
    if let parent = pages[id].parent { pages[parent].subsections.removeAll { $0 == id } }
    for child in pages[id].listed + pages[id].subsections { pages[child].parent = heir }
    pages[heir].listed += pages[id].listed
    pages[heir].subsections += pages[id].subsections
    if let key = sections.first(where: { $0.value == id })?.key { sections[key] = nil }
  }
}
