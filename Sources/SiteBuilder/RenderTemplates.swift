import Files
import Images
import Markdown
import Templates

/// What a page's text is made of beyond Markdown's own HTML: highlighted code, and the site's render templates
/// (`templates/render/link.html`, `image`, `heading`, `code`, `quote`, `table`), which take the place of the default.
struct RenderTemplates: Sendable {
  let site: Site
  let templates: TemplateSet
  private let names: Set<String>

  /// What a template in `render/` can be called, without extension.
  static let known = ["link", "image", "heading", "code", "quote", "table"]

  init(_ site: Site, _ templates: TemplateSet) {
    self.site = site
    self.templates = templates
    names = Set(Self.known.filter { templates.contains("render/\($0).html") })
  }

  /// Whether the site has none.
  var isEmpty: Bool { names.isEmpty }

  /// Hooks for one text. What goes wrong in a template is appended to `problems`.
  func hooks(_ context: ValueMap, for page: Page, _ problems: ProblemBox) -> MarkdownHooks {
    var hooks = MarkdownHooks()
    func render(_ name: String, _ more: ValueMap) -> [UInt8]? {
      var variables = context
      for key in more.keys { variables[key] = more[key] }
      var html: [UInt8] = []
      do {
        try templates.render("render/\(name).html", variables, into: &html)
      } catch {
        for var diagnostic in error.all {
          diagnostic.notes.append("while rendering \(page.sourcePath)")
          problems.all.append(diagnostic)
        }
      }
      while html.last == 0x0A { html.removeLast() }
      return html
    }
    if names.contains("link") {
      hooks.link = { link in
        render("link", ["url": .string(link.destination), "title": .string(link.title), "text": safe(link.html)])
      }
    }
    if names.contains("heading") {
      hooks.heading = { heading in
        render(
          "heading",
          [
            "level": .int(heading.level), "id": .string(heading.id), "text": safe(heading.html),
            "plain": .string(heading.text),
            "classes": .list(heading.attributes.classes.map { .string($0) }),
          ])
      }
    }
    if names.contains("quote") {
      hooks.blockQuote = { quote in
        render(
          "quote",
          [
            "alert": quote.alert.map { .string($0.rawValue) } ?? .undefined,
            "title": quote.title.map(safe) ?? .undefined, "text": safe(quote.html),
          ])
      }
    }
    if names.contains("table") { hooks.table = { table in render("table", ["text": safe(table.html)]) } }
    let hasImageTemplate = names.contains("image")
    var isFirst = true
    hooks.image = { image in
      // Images get their attributes when the text is read for its links.
      problems.hasOpenURLs = true
      if image.alternative.isEmpty { problems.urls.append(.missingAlt(image.destination)) }
      guard hasImageTemplate else { return nil }
      let size = imageInfo(image.destination, page)
      let isLazy = !isFirst
      isFirst = false
      return render(
        "image",
        [
          "url": .string(image.destination), "title": .string(image.title), "alt": .string(image.alternative),
          "width": size.map { .int($0.width) } ?? .undefined, "height": size.map { .int($0.height) } ?? .undefined,
          "lazy": .bool(isLazy), "classes": .list(image.attributes.classes.map { .string($0) }),
        ])
    }
    if names.contains("code") {
      hooks.codeBlock = { block in
        let code = String(decoding: block.code, as: UTF8.self)
        return render(
          "code", ["info": .string(block.info), "language": .string(block.language), "code": .string(code)])
      }
    }
    return hooks
  }

  private func imageInfo(_ url: String, _ page: Page) -> ImageInfo? {
    guard let source = page.source?.file.path,
      case .output(let output, _) = site.target(of: url, writtenIn: source, shownAt: page.output),
      let file = site.imageFile(at: output)
    else { return nil }
    return site.images.info(of: file)
  }
}

private func safe(_ html: [UInt8]) -> Value { .safe(String(decoding: html, as: UTF8.self)) }

/// Collects what goes wrong while one text is rendered, on one thread.
final class ProblemBox {
  /// Of render templates, with their places.
  var all: [Diagnostic] = []
  /// Of URLs, whose places are looked for in the text.
  var urls: [ContentVisitor.Problem] = []
  /// The text may hold URLs that are not in their final form yet.
  var hasOpenURLs = false
}
