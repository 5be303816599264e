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
  var anchors: [TreePath: Set<UInt64>] = [:]
  for file in files { if let known = file.anchors { anchors[file.path] = known } }
  var diagnostics: [Diagnostic] = []
  for file in files {
    for link in file.fragments {
      // Media fragments (`video.mp4#t=10`) and PDF pages mean something else.
      guard let known = anchors[link.target], !known.contains(digest(link.fragment)) else { continue }
      diagnostics.append(
        diagnostic(
          "dead-anchor", "#\(link.fragment) is no anchor of \(siteURL(of: link.target))", "#" + link.fragment,
          on: file.path,
          "anchors are the ids of headings and other elements", site, appearance))
    }
  }
  return diagnostics
}

/// A diagnostic where `text` was written: in the source of the page, else in a template, else in the configuration.
private func diagnostic(
  _ id: String, _ message: String, _ text: String, on page: TreePath, _ hint: String?, _ site: Site,
  _ appearance: Appearance
) -> Diagnostic {
  var sources: [SourceText] = []
  if case .page(let id, _)? = site.outputs[page], let file = site.pages[id].source?.file,
    let bytes = try? readFile(file.diskPath)
  {
    sources.append(SourceText(path: file.path.string, bytes: bytes))
  }
  sources += appearance.sources
  for source in sources {
    let place = locate(text, in: source) ?? locateFragment(text, in: source)
    if let place { return source.diagnostic(id: id, message, at: place.offset, length: place.length, hint: hint) }
  }
  let path = sources.first.map(\.path) ?? page.string
  return Diagnostic(id: id, message, at: SourceLocation(path: path), hint: hint)
}

/// `#part` stands behind a path: `other.md#part`.
private func locateFragment(_ text: String, in source: SourceText) -> (offset: Int, length: Int)? {
  guard text.hasPrefix("#"), let offset = find(Array(text.utf8), in: source.bytes, from: 0) else { return nil }
  return (offset, text.utf8.count)
}
