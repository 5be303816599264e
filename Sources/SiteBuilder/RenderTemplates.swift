import Files
import Markdown
import Templates

/// What a page's text is made of beyond Markdown's own HTML: images with their size, highlighted code, and the site's render templates
/// (`templates/render/link.html`, `image`, `heading`, `code`, `quote`, `table`), which take the place of the default.
struct RenderTemplates: Sendable {
  let site: Site
  let templates: TemplateSet
  private let names: Set<String>

  init(_ site: Site, _ templates: TemplateSet) {
    self.site = site
    self.templates = templates
    names = Set(
      ["link", "image", "heading", "code", "quote", "table"].filter { templates.contains("render/\($0).html") })
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
          ["alert": quote.alert.map { .string($0.rawValue) } ?? .undefined, "text": safe(quote.html)])
      }
    }
    if names.contains("table") { hooks.table = { table in render("table", ["text": safe(table.html)]) } }
    let images = ImageAttributes(site: site, page: page)
    let hasImageTemplate = names.contains("image")
    var isFirst = true
    hooks.image = { image in
      let size = images.size(of: image.destination)
      let isLazy = !isFirst
      isFirst = false
      if image.alternative.isEmpty { problems.urls.append(.missingAlt(image.destination)) }
      guard hasImageTemplate else { return images.html(image, size, isLazy: isLazy) }
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

/// Images know their size, so that a page does not jump while it loads; all but the first wait until they are near the window.
struct ImageAttributes {
  let site: Site
  let page: Page

  func size(of url: String) -> (width: Int, height: Int)? {
    guard let source = page.source?.file.path,
      case .output(let output, _) = site.target(of: url, writtenIn: source, shownAt: page.output),
      case .asset(let file)? = site.output(at: output)
    else { return nil }
    return site.imageSizes.size(of: file)
  }

  func html(_ image: ImageParts, _ size: (width: Int, height: Int)?, isLazy: Bool) -> [UInt8] {
    var html = Array("<img src=\"".utf8)
    appendURL(image.destination, to: &html)
    html += Array("\" alt=\"".utf8)
    appendAttribute(image.alternative, to: &html)
    html.append(UInt8(ascii: "\""))
    if !image.title.isEmpty {
      html += Array(" title=\"".utf8)
      appendAttribute(image.title, to: &html)
      html.append(UInt8(ascii: "\""))
    }
    let given = Set(image.attributes.pairs.map(\.key))
    if let size, !given.contains("width"), !given.contains("height") {
      html += Array(" width=\"\(size.width)\" height=\"\(size.height)\"".utf8)
    }
    if isLazy, !given.contains("loading") { html += Array(" loading=\"lazy\"".utf8) }
    html += image.attributes.html
    html += Array(" />".utf8)
    return html
  }

  /// Bytes that no URL holds are percent-encoded; escapes that are there stay.
  private func appendURL(_ url: String, to html: inout [UInt8]) {
    let encoded = url.split(separator: "%", omittingEmptySubsequences: false).map { part in
      part.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
        ? String(part) : urlEncoded(String(part))
    }
    appendAttribute(encoded.joined(separator: "%"), to: &html)
  }

  private func urlEncoded(_ text: String) -> String {
    text.split(separator: "?", omittingEmptySubsequences: false).map { part in
      part.split(separator: "#", omittingEmptySubsequences: false).map { percentEncoded(String($0)) }.joined(
        separator: "#")
    }.joined(separator: "?")
  }

  private func appendAttribute(_ text: String, to html: inout [UInt8]) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): html += Array("&amp;".utf8)
      case UInt8(ascii: "\""): html += Array("&quot;".utf8)
      case UInt8(ascii: "<"): html += Array("&lt;".utf8)
      case UInt8(ascii: ">"): html += Array("&gt;".utf8)
      default: html.append(byte)
      }
    }
  }
}
