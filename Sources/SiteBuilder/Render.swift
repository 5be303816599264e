import Files
import HTML
import Templates

/// Turns pages of the site into files. Immutable; shared by all workers.
struct SiteRenderer: Sendable {
  let site: Site
  let appearance: Appearance
  let objects: SiteObjects

  init(_ site: Site, _ appearance: Appearance, collectsOutsideLinks: Bool = false) {
    self.site = site
    self.appearance = appearance
    objects = SiteObjects(
      site, appearance.templates, collectsOutsideLinks: collectsOutsideLinks, collectsLinks: appearance.asksForBacklinks
    )
  }

  static let program: Value = .map(["name": "Colophon", "version": .string(colophonVersion)])

  /// One page of one list, or a whole page.
  func page(_ id: PageID, number: Int, at path: TreePath) throws -> (bytes: [UInt8], file: WrittenFile) {
    let page = site.pages[id]
    let object = objects.pages[id]
    if let redirect = redirect(of: page, at: path) {
      Dependencies.current?.add(.page(object.identity, PageMember.record))
      return redirect
    }
    let (content, problems) = objects.contents.content(of: id, objects)
    if let dependencies = Dependencies.current {
      dependencies.add(.page(object.identity, PageMember.record))
      if let text = objects.textDependencies(of: id) { dependencies.add(text) }
    }
    if page.source != nil { objects.remember(content, of: id) }
    let current = CurrentPage(object, content: content, paginator: objects.paginator(of: id, number: number))
    guard let template = try template(for: page) else {
      preconditionFailure("bug: the theme has no template for a \(page.kind.rawValue)")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(content.html.utf8.count + 16384)
    do {
      try timed(.template, template) { () throws(Diagnostics) in
        try appearance.templates.render(template, context(.object(current), of: page), into: &bytes)
      }
    } catch {
      throw explained(error, page)
    }
    var file = finish(&bytes, at: path, content)
    file.contentProblems = problems
    file.outsideLinks = content.outsideLinks
    if site.configuration.search, number == 1, page.source != nil, page.frontMatter.isSearched {
      file.searchPage = searchPage(page, content)
    }
    return (bytes, file)
  }

  /// - Parameter page: `object` as the site knows it; its language is that of `site`.
  func context(_ object: Value, of page: Page) -> ValueMap {
    ["page": object, "site": .object(objects.languages[page.language]), "colophon": Self.program]
  }

  /// Makes the URLs of a finished page relative, and collects what there is to check.
  ///
  /// - Parameter content: the text that is likely in it.
  func finish(_ bytes: inout [UInt8], at path: TreePath, _ content: PageContent? = nil) -> WrittenFile {
    var visitor = PageVisitor(site: site, path: path)
    visitor.collectsOutsideLinks = objects.contents.collectsOutsideLinks
    if site.configuration.integrity { bytes = site.addingIntegrity(to: bytes, at: path) }
    if let fragment = content?.fragment, let offset = content?.offset(in: bytes) {
      bytes = rewriteHTML(bytes, holding: fragment, at: offset, visitor: &visitor)
    } else {
      bytes = rewriteHTML(bytes, visitor: &visitor)
    }
    if site.configuration.minify.html { bytes = site.configuration.minify.minified(bytes, at: path) }
    var file = WrittenFile(path: path, size: bytes.count)
    file.anchors = visitor.anchors.sorted()
    // What leads to an anchor of the page itself needs no other page to be checked.
    file.fragments = visitor.fragments.filter {
      $0.target != path || !visitor.anchors.contains(digest($0.fragment.utf8))
    }
    file.pageProblems = visitor.problems
    file.outsideURLs = visitor.outsideURLs
    return file
  }

  private func template(for page: Page) throws -> String? {
    if let template = appearance.template(for: page, taxonomy: site.taxonomyName(of: page)) { return template }
    if let own = page.source?.frontMatter.template { throw missing(own, page) }
    return nil
  }

  private func missing(_ template: String, _ page: Page) -> Diagnostic {
    let path = page.sourcePath
    let names = appearance.templates.names.filter { $0.hasSuffix(".html") && !$0.contains("/") }
    let hint =
      suggestion(for: template.hasSuffix(".html") ? template : template + ".html", among: names).map {
        "did you mean \($0)?"
      }
      ?? "templates: \(names.joined(separator: ", "))"
    guard let parsed = page.source, let bytes = try? readFile(parsed.file.diskPath) else {
      return Diagnostic(
        id: "missing-template", "\(template) is no template", at: SourceLocation(path: path), hint: hint)
    }
    let source = SourceText(path: path, bytes: bytes)
    let place = locate(template, in: source)
    return source.diagnostic(
      id: "missing-template", "\(template) is no template", at: place?.offset ?? 0, length: place?.length ?? 0,
      hint: hint)
  }

  private func explained(_ diagnostics: Diagnostics, _ page: Page) -> Diagnostics {
    Diagnostics(
      diagnostics.all.map { diagnostic in
        var diagnostic = diagnostic
        diagnostic.notes.append("while rendering \(page.sourcePath)")
        return diagnostic
      })
  }
}

/// Stage 5: the site → HTML of its pages.
///
/// - Throws: `Diagnostics` with the errors of all templates, `FileError`.
func render(
  _ renderer: SiteRenderer, _ plan: Plan, into output: some Output, workers: Int
) async throws -> [WrittenFile] {
  let site = renderer.site
  // As they are listed: what a page shows of its neighbours has just been looked at, and is near.
  let pages = site.files.compactMap { path, file -> (rank: Int, path: TreePath, file: OutputFile)? in
    guard case .page(let id, _) = file, site.pages[id].kind == .page else { return nil }
    return (site.rank[id], path, file)
  }.sorted { $0.rank < $1.rank }.map { ($0.path, $0.file) }
  return try await write(pages, renderer, plan, to: output, workers: workers) { path, file in
    guard case .page(let id, let number) = file else { preconditionFailure("bug: only pages are rendered here") }
    let (bytes, file) = try renderer.page(id, number: number, at: path)
    try output.write(bytes, to: path)
    return file
  }
}

/// Makes those of `outputs` that `plan` does not keep, in parallel; what is wrong with some does not keep the others from being looked at.
func write(
  _ outputs: [(path: TreePath, file: OutputFile)], _ renderer: SiteRenderer, _ plan: Plan, to output: some Output,
  workers: Int,
  _ make: @escaping @Sendable (TreePath, OutputFile) throws -> WrittenFile
) async throws -> [WrittenFile] {
  var written: [WrittenFile] = []
  var jobs: [(path: TreePath, file: OutputFile)] = []
  for job in outputs {
    if let file = plan.kept[job.path] { written.append(file) } else { jobs.append(job) }
  }
  for file in written { try output.keep(file.path) }
  let chunks = try await inParallel(jobs.count, workers: workers) { [jobs] range in
    var files: [WrittenFile] = []
    files.reserveCapacity(range.count)
    var diagnostics: [Diagnostic] = []
    for (path, job) in jobs[range] {
      do {
        files.append(try renderer.recording(path, job, make))
      } catch let diagnostic as Diagnostic {
        diagnostics.append(diagnostic)
      } catch let several as Diagnostics {
        diagnostics += several.all
      }
    }
    return (files, diagnostics)
  }
  try Diagnostics.stop(at: onePerPlace(chunks.flatMap(\.1)))
  written.reserveCapacity(outputs.count)
  for (files, _) in chunks { written += files }
  return written
}

extension SiteRenderer {
  /// Makes a file of the output, and notes what it was made from.
  func recording(
    _ path: TreePath, _ job: OutputFile, _ make: (TreePath, OutputFile) throws -> WrittenFile
  ) throws -> WrittenFile {
    let dependencies = Dependencies()
    var file = try timed(.page, path.string) { try dependencies.recording { try make(path, job) } }
    file.dependencies = TextDependencies(dependencies)
    file.recipe = recipe(of: job)
    return file
  }
}

/// A mistake in a template comes up with every page: it is told once, with the number of pages.
private func onePerPlace(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
  var groups: [String: (first: Diagnostic, count: Int)] = [:]
  for diagnostic in diagnostics.sorted(by: Diagnostic.inOrder) {
    let place = diagnostic.location.map { "\($0.path):\($0.line):\($0.column)" } ?? ""
    groups["\(place) \(diagnostic.id) \(diagnostic.message)", default: (diagnostic, 0)].count += 1
  }
  return groups.values.map { group in
    var first = group.first
    if group.count > 1 { first.notes.append("and with \(group.count - 1) more pages") }
    return first
  }
}
