import Files
import TestSupport
import Testing

@testable import Highlighting

/// The text of highlighted HTML: tags removed, the four entities resolved.
func text(ofHTML html: [UInt8]) -> [UInt8] {
  var text: [UInt8] = []
  var index = 0
  while index < html.count {
    if html[index] == UInt8(ascii: "<") {
      while index < html.count, html[index] != UInt8(ascii: ">") { index += 1 }
      index += 1
      continue
    }
    if html[index] == UInt8(ascii: "&"), let semicolon = html[index...].prefix(6).firstIndex(of: UInt8(ascii: ";")) {
      let entity = String(decoding: html[index...semicolon], as: UTF8.self)
      if let character = ["&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": "\""][entity] {
        text += character.utf8
        index = semicolon + 1
        continue
      }
    }
    text.append(html[index])
    index += 1
  }
  return text
}

func html(_ code: [UInt8], _ language: String) -> [UInt8] {
  var output: [UInt8] = []
  #expect(highlight(code, language: language, into: &output), "unknown: \(language)")
  return output
}

func html(_ code: String, _ language: String) -> String {
  String(decoding: html(Array(code.utf8), language), as: UTF8.self)
}

/// One golden file: source, a line `=== html`, and what it becomes.
struct Sample: CustomTestStringConvertible, Sendable {
  let language: String
  let path: String
  let source: [UInt8]
  let expected: String?

  var testDescription: String { language }

  static let separator = "=== html\n"

  static let all: [Sample] = {
    let folder = testsFolder + "/HighlightingTests/Samples"
    let names = ((try? listFolder(folder)) ?? []).map(\.name).filter { $0.hasSuffix(".txt") }
    return names.map { name in
      let path = folder + "/" + name
      let text = String(decoding: (try? readFile(path)) ?? [], as: UTF8.self)
      let parts = text.split(separator: "\n" + separator, maxSplits: 1, omittingEmptySubsequences: false)
      return Sample(
        language: String(name.dropLast(4)), path: path, source: Array((parts[0] + (parts.count > 1 ? "\n" : "")).utf8),
        expected: parts.count > 1 ? String(parts[1]) : nil)
    }
  }()

  func record(_ html: [UInt8]) throws {
    try writeFile(path, source + (source.last == 0x0A ? [] : [0x0A]) + Array(Self.separator.utf8) + html)
  }
}
