import Files

/// Stage 8: the written files → what is wrong with the links between them.
func check(_ files: [WrittenFile], _ site: Site, _ appearance: Appearance) -> [Diagnostic] {
  var diagnostics: [Diagnostic] = []
  var places = Places(site, appearance)
  var told: Set<String> = []
  for problem in files.flatMap(\.contentProblems) {
    diagnostics.append(problem.diagnostic)
    told.insert(problem.url.isEmpty ? problem.diagnostic.id : problem.url)
  }
  diagnostics += templateProblems(files, told, &places)
  let severity = site.configuration.check.deadLinks
  diagnostics += deadAnchors(files, &places, skipsKept: severity == .error)
  for index in diagnostics.indices where severity == .warning && isDeadLink(diagnostics[index]) {
    diagnostics[index].severity = .warning
  }
  return Array(Set(diagnostics)).sorted(by: Diagnostic.inOrder)
}

/// Whether it is about a link inside the site that leads readers nowhere.
private func isDeadLink(_ diagnostic: Diagnostic) -> Bool {
  ["dead-link", "dead-anchor", "hidden-file", "local-file", "outside-site", "wrong-url"].contains(diagnostic.id)
}

/// Links that no page's text has: each is told once, where a template, the configuration or front matter has it.
private func templateProblems(
  _ files: [WrittenFile], _ told: Set<String>, _ places: inout Places
) -> [Diagnostic] {
  var problems: [String: (problem: WrittenFile.PageProblem, first: TreePath, count: Int)] = [:]
  for file in files {
    for problem in file.pageProblems where !told.contains(problem.url.isEmpty ? problem.id : problem.url) {
      let known = problems[problem.url]
      // The first by its path, in whatever order they were written; rather a page than the 404 page.
      if let known, precedes(known.first, file.path) {
        problems[problem.url]?.count += 1
      } else {
        problems[problem.url] = (problem, file.path, (known?.count ?? 0) + 1)
      }
    }
  }
  return problems.values.sorted { precedes($0.first, $1.first) }.map { problem, first, count in
    var diagnostic = places.diagnostic(problem.id, problem.message, problem.url, on: first, problem.hint)
    if count > 1 { diagnostic.notes.append("on \(count) pages, \(siteURL(of: first)) is the first") }
    return diagnostic
  }
}

private func precedes(_ left: TreePath, _ right: TreePath) -> Bool {
  let (isPage, isOther) = (left.name == "index.html", right.name == "index.html")
  return isPage == isOther ? left < right : isPage
}

/// - Parameter skipsKept: the last build had no dead anchor, or it would have stopped: between files that it left, every link is right.
private func deadAnchors(_ files: [WrittenFile], _ places: inout Places, skipsKept: Bool) -> [Diagnostic] {
  let targets = Set(files.lazy.flatMap(\.fragments).map(\.target))
  var written: [TreePath: WrittenFile] = [:]
  for file in files where targets.contains(file.path) { written[file.path] = file }
  var diagnostics: [Diagnostic] = []
  for file in files {
    var occurrences: [String: Int] = [:]
    for link in file.fragments {
      // Media fragments (`video.mp4#t=10`) and PDF pages mean something else.
      guard let target = written[link.target], let anchors = target.anchors else { continue }
      if skipsKept, file.isKept, target.isKept { continue }
      if contains(anchors, digest(link.fragment.utf8)) { continue }
      let occurrence = occurrences[link.fragment, default: 0]
      occurrences[link.fragment] = occurrence + 1
      diagnostics.append(
        places.diagnostic(
          "dead-anchor", "#\(link.fragment) is no anchor of \(siteURL(of: link.target))", "#" + link.fragment,
          on: file.path, "anchors are the ids of headings and other elements", occurrence: occurrence)
      )
    }
  }
  return diagnostics
}

private func contains(_ sorted: [UInt64], _ anchor: UInt64) -> Bool {
  let index = sorted.partitioningIndex { $0 >= anchor }
  return index < sorted.count && sorted[index] == anchor
}
