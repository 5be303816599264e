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
        templates[path] = SourceText(path: file.path.string, bytes: bytes)
      } else {
        assets[path] = bytes
      }
    }
    let sorted = templates.sorted { $0.key < $1.key }
    try Diagnostics.stop(at: sorted.compactMap(\.value.encodingProblem))
    self.templates = try TemplateSet(
      sorted.map { TemplateSource(name: $0.key.string, path: $0.value.path, bytes: $0.value.bytes) },
      filters: siteFilters(configuration).merging(imageFilters) { $1 }.merging(
        languageFilters(phrases, standard: configuration.defaultLanguage)
      ) { $1 }, options: Self.options)
    self.assets = assets.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    sources = sorted.map(\.value)
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
}

/// Filters that know the site, beside those of the engine.
private func siteFilters(_ configuration: Configuration) -> [String: TemplateFunction] {
  let base = configuration.url
  let options = MarkdownOptions(configuration.markdown)
  return [
    "absolute_url": { _, arguments in
      let url = try arguments.string(0, "url") ?? ""
      return .string(url.hasPrefix("/") && !url.hasPrefix("//") ? base + url : url)
    },
    "markdownify": { _, arguments in
      let text = arguments.positional.first?.text ?? ""
      return .safe(String(decoding: renderInlineMarkdown(Array(text.utf8), options: options), as: UTF8.self))
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
    "slugify": { _, arguments in .string(slug(try arguments.string(0, "text") ?? "")) },
  ]
}
