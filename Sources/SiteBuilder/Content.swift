import Files
import HTML
import Highlighting
import Markdown
import Templates

/// The text of a page as HTML: every internal URL in it is site-rooted, so that lists and feeds can show it too.
struct PageContent: Sendable {
  var html = ""
  var facts = PageFacts(summary: "", wordCount: 0)
  var outline: [OutlineHeading] = []

  /// Headings below level 1 as a tree of `{id, title, level, children}`.
  var toc: Value {
    var index = 0
    return .list(Self.branch(outline.filter { $0.level > 1 && !$0.id.isEmpty }, &index, above: 1))
  }

  private static func branch(_ headings: [OutlineHeading], _ index: inout Int, above level: Int) -> [Value] {
    var items: [Value] = []
    while index < headings.count, headings[index].level > level {
      let heading = headings[index]
      index += 1
      let children = branch(headings, &index, above: heading.level)
      items.append(
        .map([
          "id": .string(heading.id), "title": .string(heading.text), "level": .int(heading.level),
          "children": .list(children),
        ]))
    }
    return items
  }
}

/// Markdown → `PageContent`, reading the page's file anew each time: no text is held longer than it is needed.
struct ContentRenderer: Sendable {
  let site: Site
  let options: MarkdownOptions

  init(_ site: Site) {
    self.site = site
    let settings = site.configuration.markdown
    var options = MarkdownOptions.site
    options.rawHTML = settings.rawHTML
    options.smart = settings.smart
    options.emoji = settings.emoji
    self.options = options
  }

  /// - Returns: the text, and what is wrong with its links.
  func content(of page: Page) -> (content: PageContent, problems: [LinkProblem]) {
    guard let parsed = page.source else { return (PageContent(), []) }
    let bytes: [UInt8]
    do {
      bytes = try readFile(parsed.file.diskPath)
    } catch {
      let diagnostic = Diagnostic(id: "unreadable-file", "\(error)", at: SourceLocation(path: parsed.file.path.string))
      return (PageContent(), [LinkProblem(url: "", diagnostic: diagnostic)])
    }
    let bodyStart = min(parsed.bodyStart, bytes.count)
    let rendered = bytes.withUnsafeBufferPointer { buffer in
      renderMarkdown(UnsafeBufferPointer(rebasing: buffer[bodyStart...]), options: options, hooks: hooks())
    }
    var visitor = ContentVisitor(site: site, page: page, source: parsed.file.path)
    var content = PageContent()
    content.outline = rendered.outline
    content.html = String(decoding: rewriteHTML(rendered.html, visitor: &visitor), as: UTF8.self)
    let (summary, summaryProblems) = summary(of: rendered, page, parsed)
    content.facts = PageFacts(summary: summary, wordCount: rendered.wordCount)
    let found = visitor.problems + summaryProblems
    let source = found.isEmpty ? nil : SourceText(path: parsed.file.path.string, bytes: bytes)
    return (content, source.map { located(found, in: $0, from: bodyStart) } ?? [])
  }

  private func hooks() -> MarkdownHooks {
    var hooks = MarkdownHooks()
    let settings = site.configuration.markdown
    hooks.codeBlock = { block in
      guard !block.info.isEmpty || settings.lineNumbers else { return nil }
      var options = CodeBlockOptions(info: block.info)
      if settings.lineNumbers, options.lineNumbers == .none { options.lineNumbers = .inline }
      var html: [UInt8] = []
      renderCodeBlock(Array(block.code), options: options, highlighting: settings.highlight, into: &html)
      return html
    }
    return hooks
  }

  /// Front matter's summary, else the text before `<!-- more -->`, else the first paragraph.
  private func summary(
    of rendered: RenderedMarkdown, _ page: Page, _ parsed: ParsedPage
  ) -> (html: String, problems: [ContentVisitor.Problem]) {
    var part: [UInt8]
    if let own = parsed.frontMatter.summary {
      part = renderMarkdown(Array(own.utf8), options: options).html
    } else if let end = rendered.summaryEnd {
      part = Array(rendered.html[..<end])
    } else if let paragraph = rendered.firstParagraph {
      part = Array(rendered.html[paragraph])
    } else {
      return ("", [])
    }
    removeFootnoteReferences(&part)
    var visitor = ContentVisitor(site: site, page: page, source: parsed.file.path)
    let html = String(decoding: rewriteHTML(part, visitor: &visitor), as: UTF8.self)
    return (html, parsed.frontMatter.summary == nil ? [] : visitor.problems)
  }

  /// Notes stay behind where a summary is shown alone.
  private func removeFootnoteReferences(_ html: inout [UInt8]) {
    let opening = Array("<sup class=\"footnote-ref\">".utf8)
    let closing = Array("</sup>".utf8)
    while let start = find(opening, in: html, from: 0), let end = find(closing, in: html, from: start) {
      html.removeSubrange(start..<end + closing.count)
    }
  }

  private func located(_ found: [ContentVisitor.Problem], in source: SourceText, from start: Int) -> [LinkProblem] {
    var occurrences: [String: Int] = [:]
    return found.map { problem in
      let occurrence = occurrences[problem.url, default: 0]
      occurrences[problem.url] = occurrence + 1
      let place =
        locate(problem.url, in: source, from: start, occurrence: occurrence) ?? locate(
          problem.url, in: source, from: start)
        ?? locate(problem.url, in: source)
      var diagnostic = source.diagnostic(
        problem.severity, id: problem.id, problem.message, at: place?.offset ?? start, length: place?.length ?? 0,
        hint: problem.hint)
      if place == nil { diagnostic.location = SourceLocation(path: source.path) }
      return LinkProblem(url: problem.url, diagnostic: diagnostic)
    }
  }
}

/// Makes the URLs of a page's text site-rooted, and notes those that lead nowhere.
struct ContentVisitor: HTMLVisitor {
  struct Problem {
    let url: String
    let severity: Diagnostic.Severity
    let id: String
    let message: String
    let hint: String?
  }

  let site: Site
  let page: Page
  let source: TreePath
  var problems: [Problem] = []

  static let collectsAnchors = false

  init(site: Site, page: Page, source: TreePath) {
    self.site = site
    self.page = page
    self.source = source
  }

  mutating func url(_ found: FoundURL) -> String? {
    switch site.target(of: found.url, writtenIn: source, shownAt: page.output) {
    case .elsewhere: return nil
    case .output(_, let url): return url == found.url ? nil : url
    case .refused(let id, let message, let hint):
      problems.append(Problem(url: found.url, severity: .error, id: id, message: message, hint: hint))
      return nil
    }
  }
}
