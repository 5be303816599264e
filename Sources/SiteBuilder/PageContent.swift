import CLinux
import Glibc
import HTML
import Markdown
import Templates

/// The text of a page as HTML: every internal URL in it is site-rooted, so that lists and feeds can show it too.
struct PageContent: Sendable {
  var html = ""
  /// What is found in `html`, where it was looked through.
  var fragment: HTMLFragment?
  var facts = PageFacts(summary: "", wordCount: 0)
  var outline: [OutlineHeading] = []
  /// Links to other sites, where they are collected.
  var outsideLinks: [OutsideLink] = []

  /// Where `document` holds the text; nil where it does not, or nothing is known of the text.
  func offset(in document: [UInt8]) -> Int? {
    guard fragment != nil else { return nil }
    var text = html
    return text.withUTF8 { text in
      document.withUnsafeBytes { document in
        guard let all = document.baseAddress, let start = text.baseAddress, document.count >= text.count else {
          return nil
        }
        // A long needle costs memmem more than the comparison behind a short one.
        guard let found = memmem(all, document.count, start, min(text.count, 64)) else { return nil }
        let offset = UnsafeRawPointer(found) - all
        return document.count - offset >= text.count && memcmp(found, start, text.count) == 0 ? offset : nil
      }
    }
  }

  /// Headings below level 1 as a tree of `{id, title, level, children}`.
  var toc: Value {
    var index = 0
    return .list(Self.branch(outline.filter { $0.level > 1 && !$0.id.isEmpty && !$0.text.isEmpty }, &index, above: 1))
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
