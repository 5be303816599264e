/// HTML as the text of a Markdown page that renders to the same: no line is blank or indented, so that one HTML block holds it all
/// (CommonMark 0.31, section 4.6). What stands in `pre` and `textarea` keeps its indentation, and a space in each blank line.
func htmlAsMarkdown(_ html: [UInt8]) -> [UInt8] {
  var result: [UInt8] = []
  result.reserveCapacity(html.count)
  var verbatim: [UInt8]?
  var line = 0
  while line < html.count {
    let end = html[line...].firstIndex(of: 0x0A) ?? html.count
    let text = html[line..<end]
    let content = text.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    let isBlank = content.isEmpty
    if verbatim == nil {
      if !isBlank { result += content + [0x0A] }
    } else {
      result += isBlank ? Array("&#32;\n".utf8) : Array(text) + [0x0A]
    }
    verbatim = openElement(in: text, verbatim)
    line = end + 1
  }
  return result
}

/// The element of literal text that is open at the end of a line.
private func openElement(in line: ArraySlice<UInt8>, _ open: [UInt8]?) -> [UInt8]? {
  var open = open
  let names = ["pre", "textarea"].map { Array($0.utf8) }
  var index = line.startIndex
  while index < line.endIndex {
    guard line[index] == UInt8(ascii: "<") else {
      index += 1
      continue
    }
    let rest = line[(index + 1)...]
    if let name = open {
      if rest.first == UInt8(ascii: "/"), rest.dropFirst().prefix(name.count).map({ $0 | 0x20 }) == name { open = nil }
    } else {
      open = names.first { rest.prefix($0.count).map { $0 | 0x20 } == $0 }
    }
    index += 1
  }
  return open
}
