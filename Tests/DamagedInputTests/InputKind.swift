import Files
import HTML
import Markdown
import Minification
import Templates

@testable import SiteBuilder

/// What people write that Colophon reads.
enum InputKind: String, Sendable, CaseIterable {
  case frontMatter = "front matter"
  case markdown = "Markdown"
  case template = "templates"
  case html = "HTML"
  case css = "CSS"

  /// Reads `input` with everything that reads this kind of text.
  ///
  /// - Returns: what is wrong with it.
  func read(_ input: [UInt8]) -> [Diagnostic] {
    switch self {
    case .frontMatter: readPage(input)
    case .markdown: readText(input)
    case .template: compile(input)
    case .html: readHTML(input)
    case .css: readCSS(input)
    }
  }

  /// `piece` over and over, `size` bytes of it at least, as one input.
  func grown(_ piece: [UInt8], to size: Int, numbered: Bool) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size + piece.count + 64)
    let fence = self == .frontMatter ? piece.count % 3 == 0 ? "+++\n" : "---\n" : ""
    bytes += fence.utf8
    var number = 0
    while bytes.count < size {
      // A key that comes twice is refused at once; keys of their own let a reader go on.
      if self == .frontMatter, numbered { bytes += "k\(number)\(fence == "+++\n" ? " = " : ": ")".utf8 }
      bytes += piece
      if self == .frontMatter, bytes.last != 0x0A { bytes.append(0x0A) }
      number += 1
    }
    bytes += fence.utf8
    return bytes
  }

  /// What has a meaning in such a text.
  var words: [String] {
    switch self {
    case .frontMatter:
      [
        "---\n", "+++\n", "{", "}", "[", "]", "\"", "'", ": ", " = ", "- ", "\n", "\r\n", "\t", "&a ", "*a ", "!!x ",
        "<<: ", "|\n", ">\n", "#", "\"\"\"", "'''", "[[a]]\n", "[a.b]\n", "title: ", "date: 2026-11-22\n", "tags: [",
        "true", "null", "-1", "1e999", "9999999999999999999999", "? ", "%YAML", "\u{0}", "\u{FEFF}", "é", "😀", "  ",
      ]
    case .markdown:
      [
        "*", "**", "_", "~~", "`", "```", "[", "]", "(", ")", "![", "](", "[^1]", "[^1]: ", "|", "\n|-|-|\n", "- ",
        "1. ",
        "> ", "# ", "<b>", "<!--", "-->", "www.a.b", "http://c", "d@e.f", "&amp;", "\\", "$", "$$", "{.a}", "{#b}",
        "\n: ", "> [!NOTE]\n", "- [ ] ", ":tada:", "\n", "\n\n", "\t", "    ", "===\n", "---\n", "\r\n", "é", "\u{0}",
        "{{< x >}}", "{{% x %}}", "{{< /x >}}", "{{< x \"", "{{</* x */>}}", "<", ">", "[a]: b\n",
      ]
    case .template:
      [
        "{{", "}}", "{%", "%}", "{#", "#}", "-", "'", "\"", "(", ")", "[", "]", "{", "}", "|", ".", ",", "if ", "for ",
        "in ", "endfor", "endif", "else", "block a", "endblock", "set a = ", "endset", "macro a()", "endmacro", "call ",
        "loop.index", "super()", "is ", "not ", "**", "//", "~", "1e999", "0x", "\\", "\n", "\u{0}", "é", "raw",
        "endraw", "recursive", "{% include 'a' %}", "{% extends 'a' %}", "{% import 'a' as b %}",
      ]
    case .html:
      [
        "<", ">", "</", "<a href=", "\"", "'", "&", "&amp;", "&#x", "<!--", "-->", "<![CDATA[", "]]>", "<svg>",
        "</svg>",
        "<script>", "</script>", "<style>", "</style>", "<textarea>", "<title>", "srcset=\"a 1x, ", "style=\"", "url(",
        "<img src=", "<base href=", "=", "/", "\u{0}", "\n", "é", "<pre>", "id=a ", "<?", "<!doctype html>",
      ]
    case .css:
      [
        "{", "}", "(", ")", "[", "]", "\"", "'", "url(", "@import ", "@media ", "/*", "*/", "\\", ";", ":",
        "!important",
        "#a", ".b", "<!--", "-->", "1e9px", "+", "-", "calc(", "image-set(", "U+0-9", "\n", "\u{0}", "é", ",", "~", "%",
      ]
    }
  }
}

private func readPage(_ input: [UInt8]) -> [Diagnostic] {
  let source = SourceText(path: "content/a.md", bytes: input)
  do throws(Diagnostic) {
    let parts = try splitFrontMatter(source)
    guard let format = parts.format else { return [] }
    let datum = try DataText(source: source, range: parts.range).read(format)
    return readFrontMatter(datum, in: source, taxonomies: ["tags"]).diagnostics
  } catch {
    return [error]
  }
}

private func readText(_ input: [UInt8]) -> [Diagnostic] {
  _ = renderMarkdown(input, options: .site)
  _ = renderMarkdown(input, options: .commonMark)
  return ShortcodeReader(
    SourceText(path: "content/a.md", bytes: input), 0..<input.count, code: codeRanges(in: input[...])
  ).diagnostics
}

private func compile(_ input: [UInt8]) -> [Diagnostic] {
  do throws(Diagnostics) {
    _ = try TemplateSet([TemplateSource(name: "main.html", bytes: input), TemplateSource(name: "a", bytes: [])])
    return []
  } catch {
    return error.all
  }
}

private func readHTML(_ input: [UInt8]) -> [Diagnostic] {
  _ = rewriteHTML(input) { _ in nil }
  _ = rewriteSVG(input) { _ in nil }
  _ = minifyHTML(input)
  _ = plainText(ofHTML: input[...])
  return []
}

private func readCSS(_ input: [UInt8]) -> [Diagnostic] {
  _ = rewriteCSS(input) { _ in nil }
  _ = minifyCSS(input)
  return []
}
