import Files
import HTML
import Search
import Templates

/// What is left of a file of the output once it is written: enough to check the links between files.
struct WrittenFile: Sendable {
  let path: TreePath
  /// In bytes.
  var size: Int
  /// Digests of the anchors in it, sorted; nil for files that are no HTML.
  var anchors: [UInt64]?
  /// Links to an anchor of this or another file.
  var fragments: [FragmentLink] = []
  /// Problems found in a page's own text, with their places.
  var contentProblems: [LinkProblem] = []
  /// Problems of the finished page: they come from a template, from front matter or from the configuration.
  var pageProblems: [PageProblem] = []
  /// Links to other sites in the page's own text, with their places.
  var outsideLinks: [OutsideLink] = []
  /// All links to other sites that the finished page has.
  var outsideURLs: Set<String> = []
  /// What the search index has of it; nil where it is not searched.
  var searchPage: SearchPage?
  /// What the file was made from: see `Renderer.recipe` and `Dependencies`.
  var recipe: UInt64 = 0
  var dependencies: TextDependencies = TextDependencies(all: [], isUnknown: true)
  /// It is as the last build left it.
  var isKept = false

  struct FragmentLink: Sendable {
    let target: TreePath
    let fragment: String
  }

  struct PageProblem: Sendable {
    let url: String
    let id: String
    let message: String
    let hint: String?
  }
}

/// Turns pages of the site into files. Immutable; shared by all workers.
struct Renderer: Sendable {
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
    if page.source != nil { object.remember(content) }
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
    var file = finish(&bytes, at: path)
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
  func finish(_ bytes: inout [UInt8], at path: TreePath) -> WrittenFile {
    var visitor = PageVisitor(site: site, path: path)
    visitor.collectsOutsideLinks = objects.contents.collectsOutsideLinks
    if site.configuration.integrity { bytes = site.addingIntegrity(to: bytes, at: path) }
    bytes = rewriteHTML(bytes, visitor: &visitor)
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
    if let own = page.source?.frontMatter.template {
      if let template = appearance.template([own, own + ".html"]) { return template }
      // Layouts of a Jekyll or Hugo site that a section's kind already says.
      if !["post", "default", "page", "single", "list", "home"].contains(own) { throw missing(own, page) }
    }
    return switch page.kind {
    case .home: appearance.template(["index.html"])
    case .page: appearance.template(["page.html"])
    case .section: appearance.template(["section.html"])
    case .taxonomy: appearance.template(["\(page.name)/list.html", "taxonomy.html"])
    case .term: appearance.template(["\(page.parent.map { site.pages[$0].name } ?? "")/single.html", "term.html"])
    case .search: appearance.template(["search.html"])
    case .archive: appearance.template(["archive.html"])
    case .notFound: appearance.template(["404.html"])
    }
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

/// Makes URLs relative to their page, and notes anchors, links to anchors and links that lead nowhere.
struct PageVisitor: HTMLVisitor {
  let site: Site
  let path: TreePath
  var anchors: Set<UInt64> = []
  var fragments: [WrittenFile.FragmentLink] = []
  var problems: [WrittenFile.PageProblem] = []
  var collectsOutsideLinks = false
  var outsideURLs: Set<String> = []
  /// The page among the site's URLs.
  private let own: Int?
  private let pathBytes: [UInt8]
  private let namesFiles: Bool
  /// The 404 page has URLs of its own kind.
  private let isQuick: Bool
  private var lastImage: TreePath?
  private let addsAttributes: Bool
  private let hasHashedNames: Bool

  static let collectsImages = true

  /// - Parameter addsAttributes: false for pages that stay as they were written.
  init(site: Site, path: TreePath, addsAttributes: Bool = true) {
    self.site = site
    self.path = path
    own = site.urls.file(at: siteURL(of: path))
    pathBytes = Array(path.string.utf8)
    namesFiles = site.configuration.linkStyle == .file
    isQuick = path.name != "404.html"
    self.addsAttributes = addsAttributes
    hasHashedNames = addsAttributes && site.configuration.fingerprint
  }

  mutating func anchor(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    anchors.insert(digest(bytes))
    return true
  }

  mutating func anchor(_ name: String, at range: Range<Int>) { anchors.insert(digest(name.utf8)) }

  /// As `url(_:)`, for links that are written as the site writes them.
  mutating func url(
    _ bytes: UnsafeBufferPointer<UInt8>, _ kind: URLKind, replacement: inout [UInt8]
  ) -> QuickAnswer {
    if !isQuick || kind == .base || hasHashedNames && kind.takesHashedName { return .unknown }
    switch PlainURL(bytes, site.urls) {
    case .elsewhere: return collectsOutsideLinks ? .unknown : .stays
    case .other: return .unknown
    case .fragment:
      note(UnsafeBufferPointer(rebasing: bytes[1...]), of: path)
      return .stays
    case .file(let file, let end):
      let suffix = UnsafeBufferPointer(rebasing: bytes[end...])
      if kind == .image { lastImage = site.urls[file] }
      if suffix.count > 1 { note(UnsafeBufferPointer(rebasing: suffix[1...]), of: site.urls[file]) }
      if file == own {
        guard suffix.count > 1 else { return .unknown }
        replacement += suffix
        return .replaced
      }
      let isRooted = pathBytes.withUnsafeBufferPointer {
        appendRelative(UnsafeBufferPointer(rebasing: bytes[..<end]), from: $0, to: &replacement)
      }
      guard isRooted else { return .unknown }
      if namesFiles, replacement.last == UInt8(ascii: "/") {
        if replacement.count == 2, replacement[0] == UInt8(ascii: ".") { replacement.removeAll(keepingCapacity: true) }
        replacement += "index.html".utf8
      }
      replacement += suffix
      return .replaced
    }
  }

  private mutating func note(_ fragment: UnsafeBufferPointer<UInt8>, of target: TreePath) {
    if fragment.elementsEqual("top".utf8) { return }
    fragments.append(WrittenFile.FragmentLink(target: target, fragment: String(decoding: fragment, as: UTF8.self)))
  }

  mutating func image(_ tag: ImageTag) -> String? {
    defer { lastImage = nil }
    guard addsAttributes, tag.attributes.contains(.src), let output = lastImage,
      let info = site.imageInfo(at: output)
    else { return nil }
    let size = site.sizeAttributes(tag, info)
    guard !tag.attributes.contains(.srcset), let file = site.imageFile(at: output) else { return size }
    let pictures = site.responsiveImages(of: file, at: output, info, shown: tag.width)
    return size + site.responsiveAttributes(pictures, tag, info, shownAt: path)
  }

  mutating func url(_ found: FoundURL) -> String? {
    if found.kind == .base { return nil }
    switch site.target(of: found.url, shownAt: path) {
    case .elsewhere:
      if collectsOutsideLinks, let url = outsideURL(found, site) { outsideURLs.insert(url) }
      return nil
    case .refused(let id, let message, let hint):
      if !problems.contains(where: { $0.url == found.url }) {
        problems.append(WrittenFile.PageProblem(url: found.url, id: id, message: message, hint: hint))
      }
      return nil
    case .output(let target, let url):
      if found.kind == .image { lastImage = target }
      if hasHashedNames, found.kind.takesHashedName, let hashed = site.hashedName(of: target) {
        return site.reference(to: "/" + hashed.urlEncoded, from: path)
      }
      var fragment = ""
      if let hash = url.firstIndex(of: "#") { fragment = String(url[url.index(after: hash)...]) }
      if !fragment.isEmpty, fragment != "top" {
        fragments.append(WrittenFile.FragmentLink(target: target, fragment: percentDecoded(fragment) ?? fragment))
      }
      // An empty href or a bare fragment stays on the page.
      if target == path, !found.url.hasPrefix("/") { return nil }
      if target == path, !fragment.isEmpty { return "#" + fragment }
      return site.reference(to: url, from: path)
    }
  }
}

extension Site {
  private func isNotFoundPage(_ path: TreePath) -> Bool {
    if path.name == "404.html", case .page(let id, _)? = outputs[path] { pages[id].kind == .notFound } else { false }
  }

  /// A site-rooted URL as the page at `path` writes it: relative, so that the output works anywhere. A host serves the 404 page for paths of
  /// any depth: where the site has an address, its links start from there.
  func reference(to url: String, from path: TreePath) -> String? {
    if !configuration.url.isEmpty, path == "404.html" || isNotFoundPage(path) { return configuration.url + url }
    let reference = relativize(url, from: path)
    return configuration.linkStyle == .file ? reference.map(namingFile) : reference
  }
}

/// `../about/#part` → `../about/index.html#part`: a relative URL of a folder as that of its page.
func namingFile(_ url: String) -> String {
  let path = url.prefix { $0 != "?" && $0 != "#" }
  guard path.hasSuffix("/") else { return url }
  return (path == "./" ? "" : path) + "index.html" + url[path.endIndex...]
}

/// FNV-1a, 64 bits: anchors are compared by digests, so that those of a large site take little room.
func digest(_ text: some Sequence<UInt8>) -> UInt64 {
  text.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}

/// Stage 5: the site → HTML of its pages.
///
/// - Throws: `Diagnostics` with the errors of all templates, `FileError`.
func render(
  _ renderer: Renderer, _ plan: Plan, into output: some Output, workers: Int
) async throws -> [WrittenFile] {
  let pages = renderer.site.files.filter { _, file in
    if case .page(let id, _) = file { renderer.site.pages[id].kind == .page } else { false }
  }
  return try await write(pages, renderer, plan, to: output, workers: workers) { path, file in
    guard case .page(let id, let number) = file else { preconditionFailure("bug: only pages are rendered here") }
    let (bytes, file) = try renderer.page(id, number: number, at: path)
    try output.write(bytes, to: path)
    return file
  }
}

/// Makes those of `outputs` that `plan` does not keep, in parallel; what is wrong with some does not keep the others from being looked at.
func write(
  _ outputs: [(path: TreePath, file: OutputFile)], _ renderer: Renderer, _ plan: Plan, to output: some Output,
  workers: Int,
  _ make: @escaping @Sendable (TreePath, OutputFile) throws -> WrittenFile
) async throws -> [WrittenFile] {
  var kept: [WrittenFile] = []
  var jobs: [(path: TreePath, file: OutputFile)] = []
  for job in outputs {
    if let file = plan.kept[job.path] { kept.append(file) } else { jobs.append(job) }
  }
  for file in kept { try output.keep(file.path) }
  let chunks = try await inParallel(jobs.count, workers: workers) { [jobs] range in
    var files: [WrittenFile] = []
    var diagnostics: [Diagnostic] = []
    for (path, job) in jobs[range] {
      do {
        let dependencies = Dependencies()
        var file = try timed(.page, path.string) { try dependencies.recording { try make(path, job) } }
        file.dependencies = TextDependencies(dependencies)
        file.recipe = renderer.recipe(of: job)
        // Problems of pages are told with the first and the number of them: of kept files, none is known any more.
        if !file.pageProblems.isEmpty { file.dependencies.isUnknown = true }
        files.append(file)
      } catch let diagnostic as Diagnostic {
        diagnostics.append(diagnostic)
      } catch let several as Diagnostics {
        diagnostics += several.all
      }
    }
    return (files, diagnostics)
  }
  try Diagnostics.stop(at: onePerPlace(chunks.flatMap(\.1)))
  return kept + chunks.flatMap(\.0)
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
