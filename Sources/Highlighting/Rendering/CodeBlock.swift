/// A fenced code block as HTML, with a line end behind it.
///
/// `<pre class="highlight"><code class="language-swift" data-lang="swift">…</code></pre>`, in a `<figure class="code">` with a `<figcaption>` where
/// there is a title. Lines are `<span class="line">` (`line hl` where highlighted) only when numbers or highlighted or hidden lines are asked for;
/// a number is `<span class="ln">`.
/// - Parameters:
///   - info: the fence's info string, its entities and escapes resolved.
///   - code: the block's text.
/// - Returns: the HTML; code of an unknown language is escaped only.
public func renderCodeBlock(info: String, code: [UInt8]) -> [UInt8] {
  var output: [UInt8] = []
  code.withUnsafeBufferPointer { renderCodeBlock($0, options: CodeBlockOptions(info: info), into: &output) }
  return output
}

/// Appends a fenced code block; see `renderCodeBlock(info:code:)`.
/// - Parameter highlighting: false prints the code escaped; title and lines stay.
public func renderCodeBlock(
  _ code: [UInt8], options: CodeBlockOptions, highlighting: Bool = true, into output: inout [UInt8]
) {
  code.withUnsafeBufferPointer { renderCodeBlock($0, options: options, highlighting: highlighting, into: &output) }
}

/// The same, for code that lies in memory elsewhere.
public func renderCodeBlock(
  _ text: UnsafeBufferPointer<UInt8>, options: CodeBlockOptions, highlighting: Bool = true,
  into output: inout [UInt8]
) {
  output.reserveCapacity(output.count + 128 + (highlighting ? 4 : 1) * text.count)
  if let title = options.title {
    output += "<figure class=\"code\"><figcaption>".utf8
    appendEscaped(title, to: &output)
    output += "</figcaption>".utf8
  }
  output += "<pre class=\"highlight\"><code".utf8
  if !options.language.isEmpty {
    output += " class=\"language-".utf8
    appendEscaped(options.language, to: &output)
    output += "\" data-lang=\"".utf8
    appendEscaped(options.language, to: &output)
    output += "\"".utf8
  }
  output += ">".utf8
  var found: [Token] = []
  if highlighting, let language = Language.named(options.language) { found = tokens(of: text, language: language) }
  if options.wantsLines {
    appendLines(text, found, options, to: &output)
  } else {
    appendHTML(text, found, to: &output)
  }
  output += "</code></pre>".utf8
  if options.title != nil { output += "</figure>".utf8 }
  output.append(.lineFeed)
}

extension CodeBlockOptions {
  fileprivate var wantsLines: Bool { lineNumbers != .none || !highlightedLines.isEmpty || !hiddenLines.isEmpty }
}

private func appendEscaped(_ string: String, to output: inout [UInt8]) {
  var string = string
  string.withUTF8 { appendEscaped($0, to: &output) }
}

/// Line by line: a token of several lines is closed and opened again at each line end.
private func appendLines(
  _ text: UnsafeBufferPointer<UInt8>, _ tokens: [Token], _ options: CodeBlockOptions, to output: inout [UInt8]
) {
  var highlighted = LineSet(options.highlightedLines)
  var hidden = LineSet(options.hiddenLines)
  var from = 0
  var line = 1
  var token = 0
  var parts: [Token] = []
  while from < text.count {
    let content = text[from...].firstIndex(of: .lineFeed) ?? text.count
    let next = min(content + 1, text.count)
    parts.removeAll(keepingCapacity: true)
    while token < tokens.count, tokens[token].start < next {
      let current = tokens[token]
      let (start, end) = (max(current.start, from), min(current.end, content))
      if start < end { parts.append(Token(kind: current.kind, start: start - from, end: end - from)) }
      if current.end > next { break }
      token += 1
    }
    if !hidden.contains(line) {
      output += (highlighted.contains(line) ? "<span class=\"line hl\">" : "<span class=\"line\">").utf8
      if options.lineNumbers != .none {
        output += "<span class=\"ln\">".utf8
        output += String(options.firstLine + line - 1).utf8
        output += "</span>".utf8
      }
      appendHTML(UnsafeBufferPointer(rebasing: text[from..<content]), parts, to: &output)
      if content < next { output.append(.lineFeed) }
      output += "</span>".utf8
    }
    from = next
    line += 1
  }
}

/// Ranges of lines, asked in ascending order.
private struct LineSet {
  private let ranges: [ClosedRange<Int>]
  private var index = 0
  private var lastLine = 0

  init(_ ranges: [ClosedRange<Int>]) { self.ranges = ranges.sorted { $0.lowerBound < $1.lowerBound } }

  mutating func contains(_ line: Int) -> Bool {
    while index < ranges.count, ranges[index].lowerBound <= line {
      lastLine = max(lastLine, ranges[index].upperBound)
      index += 1
    }
    return line <= lastLine
  }
}
