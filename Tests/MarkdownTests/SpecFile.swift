import Files
import TestSupport
import Testing

/// An example of a specification in CommonMark's own format: a fence of 32 backticks, Markdown, a dot, HTML.
struct SpecExample: Sendable, CustomTestStringConvertible {
  var number: Int
  var section: String
  /// What stands behind `example`.
  var extensions: [String]
  var markdown: String
  var html: String

  var testDescription: String { "\(number) (\(section))" }

  /// All examples of a file in `Data/`; `→` is a tab.
  static func all(in name: String) -> [SpecExample] {
    guard let bytes = try? readFile(testsFolder + "/MarkdownTests/Data/\(name)") else { return [] }
    let fence = String(repeating: "`", count: 32)
    var examples: [SpecExample] = []
    var section = ""
    var current: SpecExample?
    var isInHTML = false
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix(fence + " example") {
        let extensions = line.dropFirst(fence.count + 8).split(separator: " ").map(String.init)
        current = SpecExample(
          number: examples.count + 1, section: section, extensions: extensions, markdown: "", html: "")
        isInHTML = false
      } else if line == fence, let example = current {
        examples.append(example)
        current = nil
      } else if current != nil {
        if line == ".", !isInHTML {
          isInHTML = true
        } else if isInHTML {
          current?.html += line.replacing("→", with: "\t") + "\n"
        } else {
          current?.markdown += line.replacing("→", with: "\t") + "\n"
        }
      } else if line.hasPrefix("#") {
        section = String(line.drop { $0 == "#" || $0 == " " })
      }
    }
    return examples
  }
}
