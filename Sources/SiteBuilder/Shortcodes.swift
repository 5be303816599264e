import Files
import Markdown
import Templates

/// Expands the shortcodes of a page's text before and after Markdown: those in `{{% %}}` become Markdown, those in `{{< >}}` stand as a word
/// of their own in the text, and their HTML takes its place afterwards.
struct ShortcodeExpansion {
  /// The text for Markdown.
  private(set) var text: [UInt8] = []
  private(set) var diagnostics: [Diagnostic] = []
  private(set) var words: ShortcodeWords
  private let code: [CodeRange]
  private let templates: TemplateSet
  private let context: ValueMap
  private let page: PageWithoutText

  /// Of an argument that the template of a shortcode can't go without: the mistake is in the text, not in the template.
  static let missingArgument = "missing-argument"

  /// How deep shortcodes may stand in each other.
  static let deepestNesting = 16

  init(_ source: SourceText, _ range: Range<Int>, _ templates: TemplateSet, page: PageWithoutText, site: SiteObject) {
    self.templates = templates
    self.page = page
    context = ["page": .object(page), "site": .object(site)]
    words = ShortcodeWords(absentFrom: source.bytes[range])
    code = codeRanges(in: source.bytes[range])
    text = expand(source, range, depth: 0)
  }

  private mutating func expand(_ source: SourceText, _ range: Range<Int>, depth: Int) -> [UInt8] {
    let reader = ShortcodeReader(source, range, code: code, isInner: depth > 0)
    diagnostics += reader.diagnostics
    var edits: [(range: Range<Int>, bytes: [UInt8])] = reader.escaped.map { ($0, Self.unescaped(source.bytes[$0])) }
    for shortcode in reader.shortcodes {
      let bytes = expand(shortcode, source, depth: depth)
      edits.append((shortcode.range, shortcode.isMarkdown ? bytes : words.add(bytes)))
    }
    var result: [UInt8] = []
    var position = range.lowerBound
    for edit in edits.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      result += source.bytes[position..<edit.range.lowerBound]
      result += edit.bytes
      position = edit.range.upperBound
    }
    return result + source.bytes[position..<range.upperBound]
  }

  /// `{{</* name */>}}` → `{{< name >}}`.
  static func unescaped(_ tag: ArraySlice<UInt8>) -> [UInt8] {
    var bytes = Array(tag)
    if let end = find(Array("*/".utf8), in: bytes, from: 0) { bytes.removeSubrange(end..<end + 2) }
    if let start = find(Array("/*".utf8), in: bytes, from: 0) { bytes.removeSubrange(start..<start + 2) }
    return bytes
  }

  private mutating func expand(_ shortcode: Shortcode, _ source: SourceText, depth: Int) -> [UInt8] {
    func problem(_ id: String, _ message: String, _ hint: String?) -> Diagnostic {
      source.diagnostic(
        id: id, message, at: shortcode.range.lowerBound, length: shortcode.name.utf8.count + 4, hint: hint)
    }
    guard depth < Self.deepestNesting else {
      diagnostics.append(
        problem("shortcode-depth", "shortcodes stand in each other more than \(Self.deepestNesting) deep", nil))
      return []
    }
    let template = "shortcodes/\(shortcode.name).html"
    guard templates.contains(template) else {
      let known = templates.names.filter { $0.hasPrefix("shortcodes/") }.map { String($0.dropFirst(11).dropLast(5)) }
      let near = suggestion(for: shortcode.name, among: known).map { "did you mean \($0)?" }
      diagnostics.append(
        problem(
          "unknown-shortcode", "\(shortcode.name) is no shortcode",
          near ?? "write templates/\(template), or use one of \(known.joined(separator: ", "))"))
      return []
    }
    var variables = context
    for (name, value) in shortcode.named { variables[name] = value }
    variables["args"] = .list(shortcode.positional)
    variables["named"] = .map(ValueMap(shortcode.named))
    var inner: InnerText?
    if let range = shortcode.inner {
      let first = words.count
      var text = expand(source, range, depth: depth + 1)
      if !shortcode.isMarkdown { text = withoutIndentation(text, of: shortcode, source.bytes) }
      inner = InnerText(text, words, first..<words.count)
      variables["inner"] = .safe(String(decoding: inner?.shown ?? text, as: UTF8.self))
    }
    do {
      var html = try render(template, variables, inner)
      while html.last == 0x0A { html.removeLast() }
      if let inner { html = shortcode.isMarkdown ? inner.hidden(in: html) : inner.settled(in: html) }
      diagnostics += page.takeAsked().map { member in
        problem(
          "text-not-there", "page.\(member) follows from the text that this shortcode stands in",
          "ask for it in the page's template")
      }
      return html
    } catch {
      _ = page.takeAsked()
      for var diagnostic in error.all {
        if diagnostic.id == Self.missingArgument {
          diagnostics.append(problem(Self.missingArgument, diagnostic.message, diagnostic.hint))
          continue
        }
        let place = source.location(at: shortcode.range.lowerBound)
        diagnostic.notes.append("in the shortcode at \(place.path):\(place.line):\(place.column)")
        diagnostics.append(diagnostic)
      }
      return []
    }
  }

  private func render(
    _ template: String, _ variables: ValueMap, _ inner: InnerText?
  ) throws(Diagnostics) -> [UInt8] {
    let result = InnerText.$current.withValue(inner) { () -> Result<[UInt8], Diagnostics> in
      var html: [UInt8] = []
      do throws(Diagnostics) {
        try templates.render(template, variables, into: &html)
        return .success(html)
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// What stands between the tags without the indentation of the line that the shortcode begins on, as in the item of a list.
  private func withoutIndentation(_ text: [UInt8], of shortcode: Shortcode, _ bytes: [UInt8]) -> [UInt8] {
    let indentation = bytes[..<shortcode.range.lowerBound].ending {
      $0 == 0x20 || $0 == 0x09 || isDigit($0) || "-*+.)".utf8.contains($0)
    }
    let beginsLine = indentation.startIndex == 0 || bytes[indentation.startIndex - 1] == 0x0A
    guard beginsLine, !indentation.isEmpty else { return text }
    let width = indentation.reduce(0) { $0 + ($1 == 0x09 ? 4 - $0 % 4 : 1) }
    var result: [UInt8] = []
    var isFirst = true
    for line in text.split(separator: 0x0A, omittingEmptySubsequences: false) {
      var line = line
      if !isFirst {
        result.append(0x0A)
        var column = 0
        while column < width, let byte = line.first, byte == 0x20 || byte == 0x09 {
          column += byte == 0x09 ? 4 - column % 4 : 1
          line.removeFirst()
        }
      }
      isFirst = false
      result += line
    }
    return result
  }
}
