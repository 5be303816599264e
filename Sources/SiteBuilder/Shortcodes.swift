import Files
import Markdown
import Templates

/// Expands the shortcodes of a page's text before and after Markdown: those in `{{% %}}` become Markdown, those in `{{< >}}` stand as a word
/// of their own in the text, and their HTML takes its place afterwards.
struct ShortcodeExpansion {
  /// The text for Markdown.
  private(set) var text: [UInt8] = []
  private(set) var diagnostics: [Diagnostic] = []
  /// The HTML of each shortcode, and the numbers of those that stand inside it: of no others a word is looked for in it.
  private var replacements: [(html: [UInt8], inside: Range<Int>)] = []
  private let prefix: [UInt8]
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
    // A word that the text does not hold, whatever it holds.
    var prefix = Array("xshortcodex".utf8)
    var number = digest(source.bytes)
    while find(prefix, in: source.bytes, from: range.lowerBound) != nil {
      prefix = Array("xshortcode\(number)x".utf8)
      number &+= 1
    }
    self.prefix = prefix
    text = expand(source, range, depth: 0)
  }

  private mutating func expand(_ source: SourceText, _ range: Range<Int>, depth: Int) -> [UInt8] {
    let reader = ShortcodeReader(source, range)
    diagnostics += reader.diagnostics
    var edits: [(range: Range<Int>, bytes: [UInt8])] = reader.escaped.map { ($0, Self.unescaped(source.bytes[$0])) }
    for shortcode in reader.shortcodes {
      let first = replacements.count
      let bytes = expand(shortcode, source, depth: depth)
      if shortcode.isMarkdown {
        edits.append((shortcode.range, bytes))
      } else {
        let word = prefix + Array("\(replacements.count)x".utf8)
        replacements.append((bytes, first..<replacements.count))
        edits.append((shortcode.range, word))
      }
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
  private static func unescaped(_ tag: ArraySlice<UInt8>) -> [UInt8] {
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
    if let inner = shortcode.inner {
      // What stands inside is a word to the template, which may wrap it, render it as Markdown, or leave it.
      let bytes = expand(source, inner, depth: depth + 1)
      variables["inner"] = .safe(String(decoding: bytes, as: UTF8.self))
    }
    do {
      var html: [UInt8] = []
      try templates.render(template, variables, into: &html)
      while html.last == 0x0A { html.removeLast() }
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

  /// Puts the HTML of the shortcodes in the place of their words; a paragraph that is nothing but a shortcode, or several of which one is no
  /// part of a line, gives way to them. In the value of an attribute stands their text: the description of an image has no tags.
  func put(back html: [UInt8]) -> [UInt8] { put(back: html, 0..<replacements.count) }

  private func put(back html: [UInt8], _ numbers: Range<Int>) -> [UInt8] {
    guard !numbers.isEmpty else { return html }
    var result: [UInt8] = []
    var position = 0
    var place = MarkupPlace()
    while let word = nextWord(in: html, from: position, numbers) {
      let start = word.range.lowerBound
      place.pass(html[position..<start])
      if html[position..<start].ends(with: Self.opening), let paragraph = paragraph(of: word, in: html, numbers) {
        result += html[position..<start - Self.opening.count]
        let isLine = paragraph.shortcodes > 1 && !holdsBlock(paragraph.html)
        result += isLine ? Self.opening + paragraph.html + Self.closing : paragraph.html
        position = paragraph.end
      } else {
        result += html[position..<start]
        let bytes = self.html(of: word.number)
        result += place.isInValue ? Self.attributeText(bytes) : bytes
        position = word.range.upperBound
      }
    }
    return result + html[position...]
  }

  private static let opening = Array("<p>".utf8)
  private static let closing = Array("</p>".utf8)

  /// What stands in the paragraph that `first` opens, where that is nothing but shortcodes and white space; `end` is behind its `</p>`.
  private func paragraph(
    of first: (range: Range<Int>, number: Int), in html: [UInt8], _ numbers: Range<Int>
  ) -> (html: [UInt8], shortcodes: Int, end: Int)? {
    var words = [first]
    while true {
      var next = words[words.count - 1].range.upperBound
      while next < html.count, html[next] <= 0x20 { next += 1 }
      if let word = word(in: html, at: next, numbers) {
        words.append(word)
        continue
      }
      guard html[next...].starts(with: Self.closing) else { return nil }
      var result: [UInt8] = []
      var position = first.range.lowerBound
      for word in words {
        result += html[position..<word.range.lowerBound]
        result += self.html(of: word.number)
        position = word.range.upperBound
      }
      return (result, words.count, next + Self.closing.count)
    }
  }

  private func html(of number: Int) -> [UInt8] { put(back: replacements[number].html, replacements[number].inside) }

  /// The text of a heading, with what its shortcodes show instead of their words.
  func shown(in text: String) -> String {
    let bytes = Array(text.utf8)
    guard !replacements.isEmpty, find(prefix, in: bytes, from: 0) != nil else { return text }
    var result: [UInt8] = []
    var position = 0
    while let word = nextWord(in: bytes, from: position, 0..<replacements.count) {
      result +=
        bytes[position..<word.range.lowerBound] + plainText(ofHTML: html(of: word.number)[...])
      position = word.range.upperBound
    }
    return trimmed(String(decoding: result + bytes[position...], as: UTF8.self))
  }

  private func nextWord(
    in bytes: [UInt8], from start: Int, _ numbers: Range<Int>
  ) -> (range: Range<Int>, number: Int)? {
    var position = start
    while let start = find(prefix, in: bytes, from: position) {
      if let word = word(in: bytes, at: start, numbers) { return word }
      position = start + 1
    }
    return nil
  }

  /// The word that begins at `start`, if its number is one of these.
  private func word(
    in bytes: [UInt8], at start: Int, _ numbers: Range<Int>
  ) -> (range: Range<Int>, number: Int)? {
    guard bytes[start...].starts(with: prefix) else { return nil }
    var end = start + prefix.count
    var number = 0
    while end < bytes.count, (0x30...0x39).contains(bytes[end]), number < replacements.count {
      number = number * 10 + Int(bytes[end] - 0x30)
      end += 1
    }
    guard end < bytes.count, bytes[end] == UInt8(ascii: "x"), numbers.contains(number) else { return nil }
    return (start..<end + 1, number)
  }

  /// What an attribute can hold of `html`: without tags, and without the quote that would end it.
  private static func attributeText(_ html: [UInt8]) -> [UInt8] {
    let text = html.contains(UInt8(ascii: "<")) ? htmlEscaped(plainText(ofHTML: html[...])) : html
    return text.flatMap { $0 == UInt8(ascii: "\"") ? Array("&quot;".utf8) : [$0] }
  }

  private static func htmlEscaped(_ text: [UInt8]) -> [UInt8] {
    text.flatMap { byte in
      switch byte {
      case UInt8(ascii: "&"): Array("&amp;".utf8)
      case UInt8(ascii: "<"): Array("&lt;".utf8)
      default: [byte]
      }
    }
  }
}
