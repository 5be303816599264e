import Files
import Highlighting
import Markdown
import Templates
import Theme

/// What a site is dressed in: the built-in theme, overridden file by file by the site's own `templates/`.
struct Appearance: Sendable {
  let templates: TemplateSet
  /// Files of the theme that are no templates, by their path in the output.
  let assets: [(path: TreePath, bytes: [UInt8])]
  /// The sources of all templates in use, to find where a URL was written.
  let sources: [SourceText]

  /// Reads and compiles the templates.
  ///
  /// - Throws: `Diagnostics` with every mistake in them, `FileError`.
  init(_ inventory: Inventory, _ configuration: Configuration, _ phrases: [PhraseBook]) throws {
    var templates: [TreePath: SourceText] = [:]
    var assets: [TreePath: [UInt8]] = ["highlight.css": Array(highlightStyleSheet.utf8)]
    for (name, bytes) in themeFiles
    where !name.hasPrefix("i18n/") && (name != "search.js" || configuration.search) {
      guard let path = TreePath(name) else { preconditionFailure("bug: the theme has a file \(name)") }
      if Self.isTemplate(path) {
        templates[path] = SourceText(path: "theme/" + name, bytes: bytes)
      } else {
        assets[path] = bytes
      }
    }
    for file in inventory.templates {
      guard let path = TreePath(file.path.components.dropFirst().joined(separator: "/")) else { continue }
      let bytes = try readFile(file.diskPath)
      if Self.isTemplate(path) {
        templates[path] = SourceText(path: file.path.string, bytes: bytes).withoutByteOrderMark
      } else {
        assets[path] = bytes
      }
    }
    let sorted = templates.sorted { $0.key < $1.key }
    try Diagnostics.stop(at: sorted.compactMap(\.value.encodingProblem))
    do {
      self.templates = try TemplateSet(
        sorted.map { TemplateSource(name: $0.key.string, path: $0.value.path, bytes: $0.value.bytes) },
        filters: SiteBuilder.filters(of: configuration, phrases),
        members: ["page": PageMember.names, "site": SiteObject.names], options: Self.options)
    } catch {
      throw Diagnostics(error.all.map { Self.explained($0, templates) })
    }
    self.assets = assets.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    sources = sorted.map(\.value)
  }

  /// Diagnostics call the theme's templates `theme/base.html`, and so do people then. One that the site has in its place is not there.
  private static func explained(_ problem: Diagnostic, _ templates: [TreePath: SourceText]) -> Diagnostic {
    let folder = "\"theme/"
    guard problem.id == "template-not-found", problem.message.hasPrefix(folder) else { return problem }
    let name = String(problem.message.dropFirst(folder.utf8.count).prefix { $0 != "\"" })
    guard let source = TreePath(name).flatMap({ templates[$0] }) else { return problem }
    var problem = problem
    problem.hint =
      source.path.hasPrefix("theme/")
      ? "did you mean \"\(name)\"? the theme's templates are in no folder"
      : "\(source.path) is there in its place, copy what you need of the theme's into it"
    return problem
  }

  /// Templates in `render/` that nothing asks for: their names are those of marks.
  var renderWarnings: [Diagnostic] {
    let folder = "templates/render/"
    return sources.filter { $0.path.hasPrefix(folder) }.compactMap { source in
      let name = String(source.path.dropFirst(folder.utf8.count))
      if RenderTemplates.known.contains(where: { $0 + ".html" == name }) { return nil }
      let wanted = Array("render/\(name)".utf8)
      if sources.contains(where: { find(wanted, in: $0.bytes, from: 0) != nil }) { return nil }
      let near = suggestion(for: name, among: RenderTemplates.known.map { $0 + ".html" })
      return Diagnostic(
        .warning, id: "unknown-render-template", "\(name) stands for no mark of a text, it is not used",
        at: SourceLocation(path: source.path),
        hint: near.map { "did you mean \($0)?" }
          ?? "known: \(RenderTemplates.known.map { $0 + ".html" }.joined(separator: ", "))")
    }
  }

  /// What templates ask of `page` and `site` that these never have.
  func memberWarnings(_ configuration: Configuration) -> [Diagnostic] {
    templates.unknownMembers.map { unknown in
      var warning = unknown.warning
      if configuration.taxonomies.contains(unknown.member) {
        warning.hint = "terms of a page are in page.taxonomies.\(unknown.member)"
      }
      warning.hint = warning.hint ?? "keys of your own are in page.params and site.params"
      return warning
    }
  }

  /// A tag on a line of its own leaves no empty line behind.
  private static var options: TemplateOptions {
    var options = TemplateOptions()
    options.trimBlocks = true
    options.lstripBlocks = true
    return options
  }

  private static func isTemplate(_ path: TreePath) -> Bool {
    ["html", "xml", "txt", "json"].contains(path.fileExtension)
  }

  /// The first of the names that there is a template for.
  func template(_ names: [String]) -> String? { names.first { templates.contains($0) } }

  /// The template of a page; nil where its front matter names one that is none.
  ///
  /// - Parameter taxonomy: the name of the taxonomy that a term belongs to.
  func template(for page: Page, taxonomy: String) -> String? {
    if let own = page.source?.frontMatter.template {
      if let template = template([own, own + ".html"]) { return template }
      // Layouts of a Jekyll or Hugo site that a section's kind already says.
      if !["post", "default", "page", "single", "list", "home"].contains(own) { return nil }
    }
    return switch page.kind {
    case .home: template(["index.html"])
    case .page: template(["page.html"])
    case .section: template(["section.html"])
    case .taxonomy: template(["\(page.name)/list.html", "taxonomy.html"])
    case .term: template(["\(taxonomy)/single.html", "term.html"])
    case .search: template(["search.html"])
    case .archive: template(["archive.html"])
    case .notFound: template(["404.html"])
    }
  }

  /// Templates that may ask for `page.paginator`, themselves or by others that they name. A list whose template never does shows the same on
  /// each of its pages: it has one.
  var pagingTemplates: Set<String> {
    let names = sources.map { $0.path.pathParts.dropFirst().joined(separator: "/") }
    let paginator = Array("paginator".utf8)
    var paging: Set<String> = []
    for (name, source) in zip(names, sources)
    where find(paginator, in: source.bytes, from: 0) != nil || Self.namesUnknown(source.bytes) { paging.insert(name) }
    var new = paging
    while !new.isEmpty {
      let wanted = new.map { Array($0.utf8) }
      new = []
      for (name, source) in zip(names, sources)
      where !paging.contains(name) && wanted.contains(where: { find($0, in: source.bytes, from: 0) != nil }) {
        new.insert(name)
      }
      paging.formUnion(new)
    }
    return paging
  }

  /// Whether it includes or extends something that is named by more than a text: `{% include page.params.layout %}`, `{% include "a" ~ b %}`.
  private static func namesUnknown(_ source: [UInt8]) -> Bool {
    for word in ["include", "extends", "import", "from"] {
      let word = Array(word.utf8)
      var position = 0
      while let start = find(word, in: source, from: position) {
        position = start + word.count
        // Behind `{%`, `{%-` or `{%+`, it is a tag.
        let before = source[..<start].last { !isSpace($0) }
        let isTag = before.map { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
        if isTag == true, !isOneText(source[position...]) { return true }
      }
    }
    return false
  }

  /// Whether what stands behind the word of a tag is one text and what may follow it: `"list.html" ignore missing`.
  private static func isOneText(_ expression: ArraySlice<UInt8>) -> Bool {
    let expression = expression.drop(while: isSpace)
    guard let quote = expression.first, quote == 0x22 || quote == 0x27,
      let end = expression.dropFirst().firstIndex(of: quote),
      !expression[..<end].contains(UInt8(ascii: "\\"))
    else { return false }
    let rest = expression[(end + 1)...].drop(while: isSpace)
    if ["%}", "-%}", "+%}"].contains(where: { rest.starts(with: $0.utf8) }) { return true }
    let word = rest.prefix { (0x61...0x7A).contains($0) }
    return ["as", "import", "ignore", "with", "without"].contains { word.elementsEqual($0.utf8) }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

/// All filters of a site beside those of the engine.
func filters(of configuration: Configuration, _ phrases: [PhraseBook]) -> [String: TemplateFunction] {
  filters(knowing: configuration).merging(imageFilters) { $1 }
    .merging(languageFilters(phrases, standard: configuration.defaultLanguage)) { $1 }
}

/// Links are meant from the page's own file, as in its text.
private func linkHooks(_ page: Value) -> MarkdownHooks {
  var hooks = MarkdownHooks()
  guard case .object(let object) = page, let page = PageObject.behind(object), let source = page.page.source else {
    return hooks
  }
  hooks.destination = { url, _, _ in
    let target = page.objects.site.target(of: url, writtenIn: source.file.path, shownAt: page.page.output)
    guard case .output(_, let found) = target else { return nil }
    return found
  }
  return hooks
}

/// Those that know the site.
private func filters(knowing configuration: Configuration) -> [String: TemplateFunction] {
  let base = configuration.url
  let options = MarkdownOptions(configuration.markdown)
  return [
    "absolute_url": { _, arguments in
      let url = try arguments.string(0, "url") ?? ""
      return .string(url.hasPrefix("/") && !url.hasPrefix("//") ? base + url : url)
    },
    "markdownify": { call, arguments in
      let text = arguments.positional.first?.text ?? ""
      let markdown = Array(text.utf8)
      let hooks = markdown.contains(UInt8(ascii: "[")) ? linkHooks(call.variable("page")) : MarkdownHooks()
      func render(_ markdown: [UInt8]) -> [UInt8] { renderInlineMarkdown(markdown, options: options, hooks: hooks) }
      return .safe(
        String(decoding: InnerText.current?.rendered(markdown, render) ?? render(markdown), as: UTF8.self))
    },
    // `code | highlight("swift", "linenos=true")`, as the info string of a fence.
    "highlight": { _, arguments in
      let code = Array((arguments.positional.first?.text ?? "").utf8)
      let language = try arguments.string(1, "language") ?? ""
      let wishes = try arguments.string(2, "options") ?? ""
      var html: [UInt8] = []
      renderCodeBlock(
        Array(code.drop { $0 == 0x0A }), options: CodeBlockOptions(info: language + " " + wishes),
        highlighting: configuration.markdown.highlight, into: &html)
      return .safe(String(decoding: html, as: UTF8.self))
    },
    // `named.src | required("src")`: an argument that a shortcode can't go without; `inner | required("inner")`: its closing tag.
    "required": { call, arguments in
      let argument = try arguments.string(1, "name") ?? "a value"
      switch arguments[0] {
      case .undefined, .none: break
      case .string(let text) where text.isEmpty, .safe(let text) where text.isEmpty:
        if argument == "inner" { return arguments[0] }
      case let value: return value
      }
      let parts = call.templateName.pathParts
      let template = parts.last.map { String($0.prefix { $0 != "." }) } ?? call.templateName
      if argument == "inner" {
        throw Diagnostic(
          id: ShortcodeExpansion.missingArgument, "\(template) has no closing tag",
          hint: "{{< \(template) >}}…{{< /\(template) >}}")
      }
      if let message = try arguments.string(2, "message") {
        throw Diagnostic(id: ShortcodeExpansion.missingArgument, message)
      }
      throw Diagnostic(
        id: ShortcodeExpansion.missingArgument, "\(template) needs \(argument)",
        hint: parts.first == "shortcodes" ? "{{< \(template) \(argument)=\"…\" >}}" : nil)
    },
    "slugify": { _, arguments in .string(slug(try arguments.string(0, "text") ?? "")) },
  ]
}
