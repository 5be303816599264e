import Files

/// `{% highlight ruby linenos %}` … `{% endhighlight %}`.
struct HighlightBlock {
  /// The opening tag.
  let tag: Range<Int>
  /// The closing tag.
  let end: Range<Int>
  /// `ruby linenos`.
  let arguments: String
}

/// The highlighted blocks of a text, in order.
func highlightBlocks(_ bytes: [UInt8], from start: Int) -> [HighlightBlock] {
  var blocks: [HighlightBlock] = []
  var opener = Finder("{%")
  var closer = Finder("%}")
  var open: (range: Range<Int>, arguments: String)?
  var index = start
  while let place = opener.next(in: bytes, from: index), let end = closer.next(in: bytes, from: place + 2) {
    let range = place..<end + 2
    index = range.upperBound
    let inner = bytes[(place + 2)..<end].drop { $0 == UInt8(ascii: "-") || $0 <= 0x20 }
    guard inner.count < 400 else { continue }
    let words = String(decoding: inner, as: UTF8.self).split { $0.isWhitespace || $0 == "-" }
    if words.first == "highlight", open == nil {
      var arguments = trimmed(String(decoding: inner.dropFirst("highlight".count), as: UTF8.self))
      if arguments.hasSuffix("-") { arguments = trimmed(arguments.dropLast()) }
      open = (range, arguments)
    } else if words.first == "endhighlight", let begin = open {
      blocks.append(HighlightBlock(tag: begin.range, end: range, arguments: begin.arguments))
      open = nil
    }
  }
  return blocks
}

/// Loops, conditions and captures of a text, the outermost ones, each with all that stands in it. What is not closed is none.
func controlBlocks(_ bytes: [UInt8], from start: Int) -> [Range<Int>] {
  let names: Set<String> = ["for", "if", "unless", "case", "capture", "tablerow"]
  var blocks: [Range<Int>] = []
  var opener = Finder("{%")
  var closer = Finder("%}")
  var open: [(name: String, start: Int)] = []
  var isRaw = false
  var index = start
  while let place = opener.next(in: bytes, from: index), let end = closer.next(in: bytes, from: place + 2) {
    index = end + 2
    let inner = bytes[(place + 2)..<end].drop { $0 == UInt8(ascii: "-") || $0 <= 0x20 }
    let word = String(decoding: inner.prefix { isNameByte($0) }, as: UTF8.self)
    let name = word.hasSuffix("-") ? String(word.dropLast()) : word
    if name == "raw" || name == "comment" { isRaw = true }
    if name == "endraw" || name == "endcomment" { isRaw = false }
    if isRaw { continue }
    if names.contains(name) {
      open.append((name, place))
    } else if name.hasPrefix("end"), let last = open.last, last.name == name.dropFirst(3) {
      open.removeLast()
      if open.isEmpty { blocks.append(last.start..<index) }
    }
  }
  return blocks
}

extension LiquidText {
  /// Liquid that only Jekyll can run stays in the text, as a comment of HTML's.
  mutating func commentOut(_ range: Range<Int>, isNoted: Bool = true) {
    let bytes = edit.bytes
    let text = edit.text(range)
    let isAtStart = range.lowerBound == page.bodyStart || bytes[range.lowerBound - 1] == 0x0A
    // A comment inside a paragraph ends with it.
    let needsBlock = !isAtStart && (text.contains("\n\n") || text.contains("\r\n\r\n"))
    edit.replace(range, (needsBlock ? "\n" : "") + "<!-- " + replaced("-->", by: "-- >", in: text) + " -->")
    guard isNoted else { return }
    let first = text.prefix { !$0.isNewline }.prefix(60)
    edit.note(.lost, at: range, "\(first) is not run, it stands in a comment", hint: "write out what it gives")
  }

  /// A highlighted block as a fence, as deep as its tag stands.
  mutating func highlight(_ block: HighlightBlock) {
    let bytes = edit.bytes
    let lineStart = startOfOwnLine(block.tag.lowerBound)
    let margin = lineStart.map { edit.text($0..<block.tag.lowerBound) } ?? ""
    var code = withoutRawTags(bytes[block.tag.upperBound..<block.end.lowerBound])
    if let line = code.firstIndex(of: 0x0A), code[..<line].allSatisfy({ $0 <= 0x20 }) {
      code = Array(code[(line + 1)...])
    }
    while let last = code.last, last == 0x20 || last == 0x09 || last == 0x0A || last == 0x0D { code.removeLast() }
    let fence = String(repeating: "`", count: max(3, longestRun(of: UInt8(ascii: "`"), in: code) + 1))
    let lineEnd = endOfOwnLine(block.end.upperBound)
    let text =
      (lineStart == nil ? "\n" : "") + fence + info(block.arguments) + "\n" + String(decoding: code, as: UTF8.self)
      + "\n"
      + margin + fence + (lineEnd == nil ? "\n" : "")
    edit.replace(block.tag.lowerBound..<(lineEnd ?? block.end.upperBound), text)
    edit.note(.converted, at: block.tag, "highlight blocks are fences now")
  }

  /// `ruby linenos mark_lines="1 3"` → `ruby {1,3} linenos=true`.
  private func info(_ arguments: String) -> String {
    let words = arguments.split(separator: " ", maxSplits: 1)
    var info = words.first.map(String.init) ?? ""
    let rest = words.count > 1 ? String(words[1]) : ""
    let parts = rest.split { $0 == "\"" || $0 == "'" }
    if let index = parts.firstIndex(where: { $0.hasSuffix("hl_lines=") || $0.hasSuffix("mark_lines=") }),
      index + 1 < parts.count
    {
      info += " {" + parts[index + 1].split(separator: " ").joined(separator: ",") + "}"
    }
    if rest.contains("linenos") { info += " linenos=true" }
    return info
  }

  private func withoutRawTags(_ code: ArraySlice<UInt8>) -> [UInt8] {
    let bytes = Array(code)
    var opener = Finder("{%")
    var closer = Finder("%}")
    var result: [UInt8] = []
    var index = 0
    while let place = opener.next(in: bytes, from: index), let end = closer.next(in: bytes, from: place + 2) {
      let word = bytes[(place + 2)..<end].filter { $0 > 0x20 && $0 != UInt8(ascii: "-") }
      let isRaw = word == Array("raw".utf8) || word == Array("endraw".utf8)
      result += bytes[index..<(isRaw ? place : end + 2)]
      index = end + 2
    }
    return result + bytes[index...]
  }

  private func longestRun(of byte: UInt8, in bytes: [UInt8]) -> Int {
    var longest = 0
    var run = 0
    for other in bytes {
      run = other == byte ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }

  /// One of kramdown's attribute lists, `{:.wide}`. Headings and images keep theirs, others have none here.
  ///
  /// - Returns: where to read on.
  mutating func attributes(_ range: Range<Int>) -> Int {
    let bytes = edit.bytes
    let inner = trimmed(String(decoding: bytes[(range.lowerBound + 2)..<(range.upperBound - 1)], as: UTF8.self))
    if inner == "/comment" || inner == ":comment" || inner == "/" {
      edit.replace(range, inner == ":comment" ? "<!--" : "-->")
      return range.upperBound
    }
    guard let lineStart = startOfOwnLine(range.lowerBound), let lineEnd = endOfOwnLine(range.upperBound) else {
      return inlineAttributes(range, inner)
    }
    let whole = lineStart..<min(lineEnd + 1, bytes.count)
    let before = lineStart > page.bodyStart ? startOfLine(lineStart - 1)..<lineStart - 1 : lineStart..<lineStart
    let isList = ["* ", "- ", "+ ", "1. "].contains { bytes[before].starts(with: Array($0.utf8)) }
    if inner.hasPrefix("toc"), isList {
      edit.replace(before.lowerBound..<whole.upperBound, "")
      edit.note(.converted, at: range, "the table of contents is the theme's")
    } else if bytes[before].first == UInt8(ascii: "#"), inner.contains(where: { $0 == "#" || $0 == "." }),
      inner != ".no_toc"
    {
      edit.replace(before.upperBound..<lineEnd, " {\(inner)}")
      edit.note(.converted, at: range, "attributes of headings stand in the heading's line")
    } else {
      // Behind a table it needs a block of its own.
      let isBehindTable = bytes[before].contains(UInt8(ascii: "|"))
      edit.replace(whole, anchor(inner).map { (isBehindTable ? "\n" : "") + $0 + "\n" } ?? "")
      noteAttributes(range, inner, "a block", hint: "HTML around it can have a class")
    }
    return whole.upperBound
  }

  /// What links lead to in place of an element with an id: `#fn1 .note` → `<a id="fn1"></a>`.
  private func anchor(_ attributes: String) -> String? {
    guard let word = attributes.split(separator: " ").first(where: { $0.hasPrefix("#") })?.dropFirst() else {
      return nil
    }
    let isName = !word.isEmpty && word.utf8.allSatisfy { isNameByte($0) || $0 >= 0x80 || ".:".utf8.contains($0) }
    return isName ? "<a id=\"\(word)\"></a>" : nil
  }

  private mutating func noteAttributes(_ range: Range<Int>, _ inner: String, _ place: String, hint: String) {
    if anchor(inner) != nil, !inner.contains(" ") {
      edit.note(.converted, at: range, "the id of a block or a word is an anchor")
    } else {
      edit.note(.lost, at: range, "attributes {: \(inner)} of \(place)", hint: hint)
    }
  }

  private mutating func inlineAttributes(_ range: Range<Int>, _ inner: String) -> Int {
    let bytes = edit.bytes
    // Something must stand right before it, else it is text.
    guard range.lowerBound > page.bodyStart, ")*_`>]".utf8.contains(bytes[range.lowerBound - 1]) else {
      return range.lowerBound + 2
    }
    if bytes[range.lowerBound - 1] == UInt8(ascii: ")"), isBehindImage(range.lowerBound - 1) {
      edit.replace(range, "{\(inner)}")
      edit.note(.converted, at: range, "attributes of images are written {…}")
    } else {
      edit.replace(range, anchor(inner) ?? "")
      noteAttributes(range, inner, "a link or a word", hint: "HTML can have them")
    }
    return range.upperBound
  }

  /// Whether the `)` at `place` ends an image: `![text](url)` on one line.
  private func isBehindImage(_ place: Int) -> Bool {
    let bytes = edit.bytes
    var index = place - 1
    let lowest = max(page.bodyStart, place - 1000)
    while index > lowest, bytes[index] != UInt8(ascii: "("), bytes[index] != 0x0A { index -= 1 }
    guard index > lowest, bytes[index] == UInt8(ascii: "("), bytes[index - 1] == UInt8(ascii: "]") else { return false }
    while index > lowest, bytes[index] != UInt8(ascii: "["), bytes[index] != 0x0A { index -= 1 }
    return index > lowest && bytes[index] == UInt8(ascii: "[") && bytes[index - 1] == UInt8(ascii: "!")
  }

  /// The start of the line where only white space stands before `place`.
  private func startOfOwnLine(_ place: Int) -> Int? {
    let bytes = edit.bytes
    var index = place
    while index > page.bodyStart, bytes[index - 1] == 0x20 || bytes[index - 1] == 0x09 { index -= 1 }
    return index == page.bodyStart || bytes[index - 1] == 0x0A ? index : nil
  }

  /// The end of the line, without its line feed, where only white space stands behind `place`.
  private func endOfOwnLine(_ place: Int) -> Int? {
    let bytes = edit.bytes
    var index = place
    while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 || bytes[index] == 0x0D { index += 1 }
    return index == bytes.count || bytes[index] == 0x0A ? index : nil
  }

  private func startOfLine(_ place: Int) -> Int {
    var index = place
    while index > page.bodyStart, edit.bytes[index - 1] != 0x0A { index -= 1 }
    return index
  }
}
