import Files

/// Pages that no chain of links leads to from a front page: readers find them in sitemaps and feeds at most. Strict builds tell them.
///
/// What a file links to is among what it was made from, so files that the last build has left are followed as well.
func orphans(among files: [WrittenFile], of site: Site) -> [Diagnostic] {
  // What is no page leads nowhere: feeds and sitemaps have no anchors.
  let pages = files.filter { $0.anchors != nil }
  var places: [Dependency: Int] = [:]
  var reached = [Bool](repeating: false, count: pages.count)
  var waiting: [Int] = []
  let homes = Set(site.languages.map { site.pages[$0.home].output })
  for (index, page) in pages.enumerated() {
    places[.output(page.path.fingerprint)] = index
    if homes.contains(page.path) {
      reached[index] = true
      waiting.append(index)
    }
  }
  while let index = waiting.popLast() {
    for dependency in pages[index].dependencies.all {
      guard let next = places[dependency], !reached[next] else { continue }
      reached[next] = true
      waiting.append(next)
    }
  }
  return pages.indices.compactMap { index in
    guard !reached[index], case .page(let id, number: 1)? = site.outputs[pages[index].path],
      let source = site.pages[id].source, site.pages[id].kind == .page || site.pages[id].kind == .section,
      !source.frontMatter.isOrphan, !site.pages[id].isRedirect
    else { return nil }
    return Diagnostic(
      .warning, id: "orphan-page", "\(site.pages[id].url) is reached by no chain of links from the front page",
      at: SourceLocation(path: source.file.path.string, line: 1),
      hint: "link to it, add it to a menu, or write orphan: true in its front matter")
  }
}
