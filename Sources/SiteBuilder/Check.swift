import Files

/// Stage 8: the written files → what is wrong with the links between them.
func check(_ files: [WrittenFile], _ site: Site, _ appearance: Appearance) -> [Diagnostic] {
  var diagnostics: [Diagnostic] = []
  var told: Set<String> = []
  for problem in files.flatMap(\.contentProblems) {
    diagnostics.append(problem.diagnostic)
    told.insert(problem.url)
  }
  diagnostics += templateProblems(files, told, site, appearance)
  diagnostics += deadAnchors(files, site, appearance)
  return Array(Set(diagnostics)).sorted(by: Diagnostic.inOrder)
}

/// Links that no page's text has: each is told once, where a template, the configuration or front matter has it.
private func templateProblems(
  _ files: [WrittenFile], _ told: Set<String>, _ site: Site, _ appearance: Appearance
) -> [Diagnostic] {
  var problems: [String: (problem: WrittenFile.PageProblem, pages: [TreePath])] = [:]
  for file in files {
    for problem in file.pageProblems where !told.contains(problem.url) {
      problems[problem.url, default: (problem, [])].pages.append(file.path)
    }
  }
  return problems.values.map { problem, pages in
    var diagnostic = diagnostic(problem.id, problem.message, problem.url, on: pages[0], problem.hint, site, appearance)
    if pages.count > 1 { diagnostic.notes.append("on \(pages.count) pages, \(siteURL(of: pages[0])) is the first") }
    return diagnostic
  }
}

private func deadAnchors(_ files: [WrittenFile], _ site: Site, _ appearance: Appearance) -> [Diagnostic] {
  var written: [TreePath: WrittenFile] = [:]
  written.reserveCapacity(files.count)
  for file in files { written[file.path] = file }
  var diagnostics: [Diagnostic] = []
  for file in files {
    var occurrences: [String: Int] = [:]
    for link in file.fragments {
      // Media fragments (`video.mp4#t=10`) and PDF pages mean something else.
      guard let target = written[link.target], let anchors = target.anchors else { continue }
      // Between two files that the last build has left, every link was right then.
      if file.isKept, target.isKept { continue }
      if contains(anchors, digest(link.fragment.utf8)) { continue }
      let occurrence = occurrences[link.fragment, default: 0]
      occurrences[link.fragment] = occurrence + 1
      diagnostics.append(
        diagnostic(
          "dead-anchor", "#\(link.fragment) is no anchor of \(siteURL(of: link.target))", "#" + link.fragment,
          on: file.path, "anchors are the ids of headings and other elements", site, appearance, occurrence: occurrence)
      )
    }
  }
  return diagnostics
}

private func contains(_ sorted: [UInt64], _ anchor: UInt64) -> Bool {
  var range = sorted.indices
  while !range.isEmpty {
    let middle = (range.lowerBound + range.upperBound) / 2
    if sorted[middle] == anchor { return true }
    range = sorted[middle] < anchor ? middle + 1..<range.upperBound : range.lowerBound..<middle
  }
  return false
}

/// A diagnostic where `text` was written: in the source of the page, else in a template, else in the configuration.
private func diagnostic(
  _ id: String, _ message: String, _ text: String, on page: TreePath, _ hint: String?, _ site: Site,
  _ appearance: Appearance, occurrence: Int = 0
) -> Diagnostic {
  let own = source(of: page, site)
  let sources = [own].compactMap(\.self) + appearance.sources + [site.configuration.source].compactMap(\.self)
  for source in sources {
    let place =
      locate(text, in: source, occurrence: occurrence) ?? locateFragment(text, in: source, occurrence)
      ?? locate(text, in: source) ?? locateFragment(text, in: source, 0)
    if let place { return source.diagnostic(id: id, message, at: place.offset, length: place.length, hint: hint) }
  }
  return Diagnostic(id: id, message, at: SourceLocation(path: own?.path ?? page.string), hint: hint)
}

/// The file that a page of the output was written in; nil where it follows from others.
private func source(of page: TreePath, _ site: Site) -> SourceText? {
  let file: Inventory.File? =
    switch site.outputs[page] {
    case .page(let id, _): site.pages[id].source?.file
    case .asset(let file): file
    case .feed, .generated, .redirect, .sitemap, .llms, .manifest, .searchIndex, nil: nil
    }
  guard let file, let bytes = try? readFile(file.diskPath) else { return nil }
  return SourceText(path: file.path.string, bytes: bytes)
}

/// `#part` stands behind a path: `other.md#part`.
private func locateFragment(_ text: String, in source: SourceText, _ occurrence: Int) -> (offset: Int, length: Int)? {
  guard text.hasPrefix("#") else { return nil }
  var offset = 0
  var left = occurrence
  while let found = find(Array(text.utf8), in: source.bytes, from: offset) {
    if left == 0 { return (found, text.utf8.count) }
    left -= 1
    offset = found + 1
  }
  return nil
}
