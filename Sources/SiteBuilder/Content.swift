import Files
import HTML
import Highlighting
import Markdown
import Templates

/// The text of a page on its way from the file to HTML.
private struct PageText {
  let page: Page
  let parsed: ParsedPage
  let bytes: [UInt8]
  let bodyStart: Int
  var content = PageContent()
  var problems: [LinkProblem] = []
}

extension MarkdownOptions {
  init(_ settings: Configuration.MarkdownSettings) {
    self = .site
    rawHTML = settings.rawHTML
    smart = settings.smart
    emoji = settings.emoji
    math = settings.math
    headingIDStyle = settings.headingIDs
  }
}

/// Markdown → `PageContent`, reading the page's file anew each time: no text is held longer than it is needed.
struct ContentRenderer: Sendable {
  let site: Site
  let options: MarkdownOptions
  let collectsOutsideLinks: Bool
  /// Whether texts note what they link to.
  let collectsLinks: Bool
  private let renderTemplates: RenderTemplates
  private var templates: TemplateSet { renderTemplates.templates }

  init(_ site: Site, _ templates: TemplateSet, collectsOutsideLinks: Bool, collectsLinks: Bool) {
    self.site = site
    self.collectsOutsideLinks = collectsOutsideLinks
    self.collectsLinks = collectsLinks
    options = MarkdownOptions(site.configuration.markdown)
    renderTemplates = RenderTemplates(site, templates)
  }

  /// The texts that are being rendered for the sake of each other: a page may show another, which may show a third.
  @TaskLocal private static var trail: [PageID] = []

  /// Whether a text is being rendered just now, and not what it is poured into.
  static var isRenderingText: Bool { !trail.isEmpty }

  /// - Returns: the text, and what is wrong with it.
  func content(of id: PageID, _ objects: SiteObjects) -> (content: PageContent, problems: [LinkProblem]) {
    guard let parsed = site.pages[id].source else { return (PageContent(), []) }
    // What a text reads is its own affair; who shows it depends on what became of it.
    if let start = Self.trail.firstIndex(of: id) { return (PageContent(), [circle(Self.trail[start...])]) }
    let dependencies = Dependencies()
    let trail = Self.trail + [id]
    func render() -> (content: PageContent, problems: [LinkProblem]) {
      dependencies.recording {
        dependencies.add(.file(parsed.file.path.fingerprint))
        return Self.$trail.withValue(trail) { content(of: id, parsed, objects) }
      }
    }
    // Texts may show each other in a row of any length; a thread's stack has an end.
    let result = trail.count % 8 == 0 ? onAnotherStack(render) : render()
    if dependencies.isUnknown { Dependencies.current?.isUnknown = true }
    objects.remember(TextDependencies(dependencies), of: id)
    return result
  }

  private func content(
    of id: PageID, _ parsed: ParsedPage, _ objects: SiteObjects
  ) -> (content: PageContent, problems: [LinkProblem]) {
    let page = site.pages[id]
    let path = parsed.file.path.string
    let bytes: [UInt8]
    do {
      bytes = try readFile(parsed.file.diskPath)
    } catch {
      let diagnostic = Diagnostic(id: "unreadable-file", "\(error)", at: SourceLocation(path: path))
      return (PageContent(), [LinkProblem(url: "", diagnostic: diagnostic)])
    }
    var text = PageText(page: page, parsed: parsed, bytes: bytes, bodyStart: min(parsed.bodyStart, bytes.count))
    render(&text, objects.pages[id], objects)
    return (text.content, text.problems)
  }

  /// Pages that show each other's texts in a circle, whichever of them came first.
  private func circle(_ ids: ArraySlice<PageID>) -> LinkProblem {
    Dependencies.current?.isUnknown = true
    let pages = ids.compactMap { site.pages[$0].source?.file.path }.sorted()
    var diagnostic = Diagnostic(
      id: "text-in-itself", "the page shows its own text in it",
      at: pages.first.map { SourceLocation(path: $0.string) },
      hint: "where a shortcode asks pages for content, summary, toc, word_count or reading_time, "
        + "let it leave out its own"
    )
    if pages.count > 1 {
      diagnostic.notes.append("by way of \(pages.dropFirst().map(\.string).joined(separator: ", "))")
    }
    return LinkProblem(url: "", diagnostic: diagnostic)
  }

  private func render(_ text: inout PageText, _ object: PageObject, _ objects: SiteObjects) {
    let site = objects.languages[text.page.language]
    let context: ValueMap = ["page": .object(PageWithoutText(object)), "site": .object(site)]
    var shortcodes: ShortcodeExpansion?
    if ShortcodeReader.mayContain(text.bytes[text.bodyStart...]) {
      let source = SourceText(path: text.parsed.file.path.string, bytes: text.bytes)
      shortcodes = ShortcodeExpansion(
        source, text.bodyStart..<text.bytes.count, templates, page: PageWithoutText(object), site: site)
    }
    let box = ProblemBox()
    var hooks = hooks(context, text.page, box)
    hooks.takenID = text.parsed.heading?.id
    if let shortcodes { hooks.headingText = { shortcodes.words.shown(in: $0) } }
    let rendered =
      if let shortcodes { renderMarkdown(shortcodes.text, options: options, hooks: hooks) } else {
        text.bytes.withUnsafeBufferPointer {
          renderMarkdown(UnsafeBufferPointer(rebasing: $0[text.bodyStart...]), options: options, hooks: hooks)
        }
      }
    func finished(_ html: [UInt8]) -> [UInt8] { shortcodes?.words.put(back: html) ?? html }
    var visitor = ContentVisitor(site: self.site, page: text.page, source: text.parsed.file.path)
    visitor.collectsOutsideLinks = collectsOutsideLinks
    visitor.collectsLinks = collectsLinks
    text.content.outline = rendered.outline
    let hasOpenURLs = box.hasOpenURLs || rendered.hasOtherURLs || shortcodes != nil
    let html =
      hasOpenURLs
      ? rewriteHTML(finished(rendered.html), visitor: &visitor, fragment: &text.content.fragment) : rendered.html
    text.content.html = String(text: html)
    let (summary, summaryProblems) = summary(of: rendered, hasOpenURLs, text.page, text.parsed, finished)
    text.content.facts = PageFacts(summary: summary, wordCount: rendered.wordCount)
    text.problems = (box.all + (shortcodes?.diagnostics ?? [])).map { LinkProblem(url: "", diagnostic: $0) }
    if !rendered.repeatedIDs.isEmpty {
      let source = SourceText(path: text.parsed.file.path.string, bytes: text.bytes)
      text.problems += rendered.repeatedIDs.map { problem($0, in: source, from: text.bodyStart) }
    }
    if !visitor.outsideURLs.isEmpty {
      let source = SourceText(path: text.parsed.file.path.string, bytes: text.bytes)
      text.content.outsideLinks = outsideLinks(visitor.outsideURLs, in: source, from: text.bodyStart)
    }
    let found = visitor.problems + summaryProblems + box.urls
    if !found.isEmpty {
      text.problems += located(
        found, in: SourceText(path: text.parsed.file.path.string, bytes: text.bytes), from: text.bodyStart)
    }
  }

  private func hooks(_ context: ValueMap, _ page: Page, _ problems: ProblemBox) -> MarkdownHooks {
    var hooks = renderTemplates.hooks(context, for: page, problems)
    if renderTemplates.isEmpty {
      hooks.destination = { destination, kind, _ in finalURL(destination, kind, page, problems) }
    } else {
      problems.hasOpenURLs = true
    }
    let settings = site.configuration.markdown
    if hooks.codeBlock == nil {
      hooks.codeBlock = { block in
        guard !block.info.isEmpty || settings.lineNumbers else { return nil }
        var options = CodeBlockOptions(info: block.info)
        if settings.lineNumbers, options.lineNumbers == .none { options.lineNumbers = .inline }
        var html: [UInt8] = []
        renderCodeBlock(block.code, options: options, highlighting: settings.highlight, into: &html)
        return html
      }
    }
    return hooks
  }

  /// Links that are written as the site writes them have their final form at once; where all have, the HTML need not be read for them.
  private func finalURL(
    _ destination: String, _ kind: MarkdownReference.Kind, _ page: Page, _ problems: ProblemBox
  ) -> String? {
    var text = destination
    switch text.withUTF8({ PlainURL($0, site.urls) }) {
    case .file(let file, _):
      if collectsLinks, kind == .link { Dependencies.current?.addLink(to: site.urls[file]) }
      return nil
    case .elsewhere where !collectsOutsideLinks: return nil
    case .fragment where site.urls.file(at: page.url) != nil: return page.url + destination
    case .elsewhere, .fragment, .other:
      problems.hasOpenURLs = true
      return nil
    }
  }

  /// Front matter's summary, else the text before `<!-- more -->`, else the first paragraph.
  private func summary(
    of rendered: RenderedMarkdown, _ hasOpenURLs: Bool, _ page: Page, _ parsed: ParsedPage,
    _ finished: ([UInt8]) -> [UInt8]
  ) -> (html: String, problems: [ContentVisitor.Problem]) {
    var part: [UInt8]
    if let own = parsed.frontMatter.summary {
      part = renderMarkdown(Array(own.utf8), options: options).html
    } else if let end = rendered.summaryEnd {
      part = finished(Array(rendered.html[..<end]))
    } else if let paragraph = rendered.firstParagraph {
      part = finished(Array(rendered.html[paragraph]))
    } else {
      return ("", [])
    }
    removeFootnoteReferences(&part)
    if !hasOpenURLs, parsed.frontMatter.summary == nil { return (String(decoding: part, as: UTF8.self), []) }
    var visitor = ContentVisitor(site: site, page: page, source: parsed.file.path)
    let html = String(decoding: rewriteHTML(part, visitor: &visitor), as: UTF8.self)
    return (html, parsed.frontMatter.summary == nil ? [] : visitor.problems)
  }

  /// Notes stay behind where a summary is shown alone.
  private func removeFootnoteReferences(_ html: inout [UInt8]) {
    let opening = Array("<sup class=\"footnote-ref\">".utf8)
    let closing = Array("</sup>".utf8)
    var kept: [UInt8] = []
    var position = 0
    while let start = find(opening, in: html, from: position), let end = find(closing, in: html, from: start) {
      kept += html[position..<start]
      position = end + closing.count
    }
    if position > 0 { html = kept + html[position...] }
  }

  private func located(_ found: [ContentVisitor.Problem], in source: SourceText, from start: Int) -> [LinkProblem] {
    guard !found.isEmpty else { return [] }
    var places = URLPlaces(source, bodyStart: start)
    // An image that is not there may have no text either: each rule counts for itself.
    var occurrences: [String: [String: Int]] = [:]
    return found.map { problem in
      let occurrence = occurrences[problem.id]?[problem.url] ?? 0
      occurrences[problem.id, default: [:]][problem.url] = occurrence + 1
      let place =
        problem.id == ContentVisitor.Problem.missingAlt
        ? places.imageWithoutText(problem.url, occurrence)
        : places.place(of: problem.url, occurrence: occurrence, in: [.link, .word])
      var diagnostic = source.diagnostic(
        problem.severity, id: problem.id, problem.message, at: place?.offset ?? start, length: place?.length ?? 0,
        hint: problem.hint)
      if place == nil { diagnostic.location = SourceLocation(path: source.path) }
      return LinkProblem(url: problem.url, diagnostic: diagnostic)
    }
  }
}
