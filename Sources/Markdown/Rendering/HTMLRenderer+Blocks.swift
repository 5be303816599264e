import CCMark

extension HTMLRenderer {
  // MARK: Paragraphs

  private func isTight(_ paragraph: Node) -> Bool {
    guard let parent = cmark_node_parent(paragraph) else { return false }
    if case .definition(true)? = frames.last?.kind, frames.last?.node == parent { return true }
    guard let list = cmark_node_parent(parent), kind(list) == .list else { return false }
    return cmark_node_get_list_tight(list) != 0
  }

  mutating func openParagraph(_ node: Node) {
    isInWord = false
    if isLowered, isTerm(node) {
      startLine()
      if !continuesDefinitions(node) { out.append("<dl>\n") }
      out.append("<dt>")
      isInTerm = true
      return
    }
    if isTight(node) { return }
    startLine()
    if result.firstParagraph == nil, let parent = cmark_node_parent(node), kind(parent) == .document {
      result.firstParagraph = out.count..<out.count
    }
    out.append("<p>")
  }

  mutating func closeParagraph(_ node: Node) {
    flushText()
    if isInTerm {
      isInTerm = false
      return out.append("</dt>\n")
    }
    // Nothing but the mark of an alert.
    if case .alert? = frames.last?.kind, let start = frames.last?.start, out.count == start + 3, skipsBreak() {
      return out.truncate(start)
    }
    if isTight(node) { return }
    if footnotes.isRendering { appendBackReferences(after: node) }
    out.append("</p>\n")
    if let range = result.firstParagraph, range.isEmpty, let parent = cmark_node_parent(node),
      kind(parent) == .document
    {
      result.firstParagraph = range.lowerBound..<out.count - 1
    }
  }

  // MARK: Headings

  mutating func openHeading(_ node: Node) {
    isInWord = false
    startLine()
    headingAttributes = nil
    frames.append(.init(kind: .heading, node: node, start: out.count))
  }

  mutating func closeHeading(_ node: Node) {
    flushText()
    guard let frame = frames.popLast() else { return }
    let level = Int(cmark_node_get_heading_level(node))
    let inner = out.array(frame.start..<out.count)
    out.truncate(frame.start)
    let hasAttributes = headingAttributes != nil
    var attributes = headingAttributes.map { lowering.attributes[$0] } ?? Attributes()
    headingAttributes = nil
    let isPlain = !inner.contains { $0 == 0x26 || $0 == 0x3C || $0 == 0x0A }
    var text = String(decoding: isPlain ? inner : Markdown.plainText(ofHTML: inner[...]), as: UTF8.self)
    if let shown = hooks.headingText { text = shown(text) }
    var id = attributes.id ?? ""
    attributes.id = nil
    if !id.isEmpty {
      noteGivenID(id, of: node)
    } else if options.headingIDs {
      let style = options.headingIDStyle
      let written = style.readsMarkdown ? written(node, level, hasAttributes: hasAttributes, showing: inner) : nil
      id = uniqueID(style.id(of: written.map { hooks.headingText?($0) ?? $0 } ?? text))
    }
    let line = line(of: node)
    result.outline.append(
      OutlineHeading(level: level, id: id, html: String(decoding: inner, as: UTF8.self), text: text, line: line))
    if let template = hooks.heading,
      let html = template(
        HeadingParts(level: level, id: id, text: text, html: inner, attributes: attributes, line: line))
    {
      return out.append(html)
    }
    out.append("<h")
    out.append(UInt8(0x30 + level))
    if !id.isEmpty {
      out.append(" id=\"")
      out.append(escaping: id)
      out.append(0x22)
    }
    if !attributes.isEmpty { attributes.appendHTML(to: &out) }
    out.append(0x3E)
    out.append(inner)
    out.append("</h")
    out.append(UInt8(0x30 + level))
    out.append(">\n")
  }

  /// The Markdown of a heading; nil where it has several lines.
  private mutating func written(
    _ node: Node, _ level: Int, hasAttributes: Bool, showing html: [UInt8]
  ) -> String? {
    if html.contains(0x0A) { return nil }
    if sourceLines.isEmpty {
      sourceLines = [0]
      source.forEachIndex(of: 0x0A) { sourceLines.append($0 + 1) }
    }
    let line = line(of: node) - firstLine
    guard sourceLines.indices.contains(line) else { return nil }
    let end = line + 1 < sourceLines.count ? sourceLines[line + 1] - 1 : source.count
    return writtenHeading(
      source.slice(sourceLines[line], end), from: Int(cmark_node_get_start_column(node)) - 1, level: level,
      hasAttributes: hasAttributes)
  }

  // MARK: Lists and quotations

  mutating func openList(_ node: Node) {
    startLine()
    if cmark_node_get_list_type(node) == CMARK_BULLET_LIST { return out.append("<ul>\n") }
    let start = Int(cmark_node_get_list_start(node))
    if start == 1 { return out.append("<ol>\n") }
    out.append("<ol start=\"")
    out.append(number: start)
    out.append("\">\n")
  }

  mutating func openItem(_ node: Node) {
    startLine()
    out.append("<li>")
    guard isLowered, let paragraph = cmark_node_first_child(node), kind(paragraph) == .paragraph,
      let first = cmark_node_first_child(paragraph), kind(first) == .text, let token = firstToken(literal(first))
    else { return }
    if token.kind == .taskOpen { out.append("<input type=\"checkbox\" disabled=\"\" /> ") }
    if token.kind == .taskDone { out.append("<input type=\"checkbox\" checked=\"\" disabled=\"\" /> ") }
  }

  mutating func openQuote(_ node: Node) -> Visit {
    if let (marker, payload) = loweredNext {
      loweredNext = nil
      if marker == .footnote { return .skipChildren }
      startLine()
      out.append("<dd>")
      frames.append(
        .init(kind: .definition(isTight: lowering.plan.definitionsAreTight[payload]), node: node, start: out.count))
      return .children
    }
    startLine()
    if isLowered, let paragraph = cmark_node_first_child(node), kind(paragraph) == .paragraph,
      let first = cmark_node_first_child(paragraph), kind(first) == .text, let token = firstToken(literal(first)),
      token.kind == .alert
    {
      let title = titleHTML(of: token, line: line(of: node))
      if hooks.blockQuote == nil { openAlert(AlertKind.allCases[token.value], title) }
      alertTitles.append(title)
      frames.append(.init(kind: .alert(token.value), node: node, start: out.count))
      return .children
    }
    if hooks.blockQuote == nil { out.append("<blockquote>\n") }
    frames.append(.init(kind: .quote, node: node, start: out.count))
    return .children
  }

  mutating func closeQuote(_ node: Node) {
    guard frames.last?.node == node, let frame = frames.popLast() else { return }
    var alert: AlertKind?
    var title: [UInt8]?
    switch frame.kind {
    case .definition:
      out.append("</dd>\n")
      if !isContinued(node) { out.append("</dl>\n") }
      return
    case .alert(let index):
      alert = AlertKind.allCases[index]
      title = alertTitles.popLast()
    default: break
    }
    startLine()
    guard let template = hooks.blockQuote else {
      return out.append(alert == nil ? "</blockquote>\n" : "</div>\n")
    }
    let inner = out.array(frame.start..<max(out.count, frame.start))
    out.truncate(frame.start)
    if let html = template(BlockQuoteParts(alert: alert, title: title, html: inner, line: line(of: node))) {
      return out.append(html)
    }
    if let alert {
      openAlert(alert, title ?? [])
      out.append(inner)
      return out.append("</div>\n")
    }
    out.append("<blockquote>\n")
    out.append(inner)
    out.append("</blockquote>\n")
  }

  private mutating func openAlert(_ alert: AlertKind, _ title: [UInt8]) {
    out.append("<div class=\"markdown-alert markdown-alert-")
    out.append(text: alert.rawValue)
    out.append("\">\n<p class=\"markdown-alert-title\">")
    out.append(title)
    out.append("</p>\n")
  }

  /// What stands behind an alert's mark in its line; the name of its kind where nothing does.
  private mutating func titleHTML(of token: Token, line number: Int) -> [UInt8] {
    let line = lowering.tokenText.bytes(token.text)
    var start = (line.firstIndex(of: ascii("]")) ?? line.count) + 1
    if line.at(start) == ascii("+") || line.at(start) == ascii("-") { start += 1 }
    while start < line.count, isWhitespace(line[start]) { start += 1 }
    guard start < line.count else { return Array(AlertKind.allCases[token.value].title.utf8) }
    // In a heading nothing but inlines can be.
    let heading = Array("# ".utf8) + line[start...] + Array(" #".utf8)
    var (options, hooks) = (options, hooks)
    (options.headingIDs, options.attributes, options.footnotes) = (false, false, false)
    (hooks.heading, hooks.headingText) = (nil, nil)
    let rendered = renderMarkdown(heading, options: options, hooks: hooks, firstLine: number)
    if rendered.hasOtherURLs { hasRawHTML = true }
    return Array(rendered.html.dropFirst("<h1>".utf8.count).dropLast("</h1>\n".utf8.count))
  }

  // MARK: Definition lists

  private func isDefinitionMarker(_ node: Node?) -> Bool {
    guard let node, kind(node) == .thematicBreak else { return false }
    return marker(node)?.marker == .definition
  }

  /// Whether a paragraph is what the next block defines.
  private func isTerm(_ paragraph: Node) -> Bool {
    options.definitionLists && isDefinitionMarker(cmark_node_next(paragraph))
  }

  /// Whether the block before belongs to a definition list.
  private func continuesDefinitions(_ node: Node) -> Bool {
    guard let quote = cmark_node_previous(node), kind(quote) == .blockQuote else { return false }
    return isDefinitionMarker(cmark_node_previous(quote))
  }

  private func isContinued(_ definition: Node) -> Bool {
    guard let next = cmark_node_next(definition) else { return false }
    return isDefinitionMarker(next) || (kind(next) == .paragraph && isTerm(next))
  }

  // MARK: Leaves

  mutating func thematicBreak(_ node: Node) {
    guard let piece = marker(node) else {
      startLine()
      return out.append("<hr />\n")
    }
    switch piece.marker {
    case .separator: break
    case .footnote: loweredNext = (.footnote, piece.payload)
    case .definition:
      startLine()
      loweredNext = (.definition, piece.payload)
      let hasTerm = cmark_node_previous(node).map { kind($0) == .paragraph } ?? false
      if !hasTerm, !continuesDefinitions(node) { out.append("<dl>\n") }
    case .table:
      startLine()
      table(piece.payload, line: piece.line + firstLine)
    case .math:
      startLine()
      out.append("<p><span class=\"math display\">\\[")
      out.append(escaping: lowering.plan.mathText.bytes(lowering.plan.mathBlocks[piece.payload]))
      out.append("\\]</span></p>\n")
    }
  }

  mutating func codeBlock(_ node: Node) {
    startLine()
    let info = bytes(cmark_node_get_fence_info(node))
    let code = literal(node)
    var end = 0
    while end < info.count, !isWhitespace(info[end]) { end += 1 }
    if let hook = hooks.codeBlock,
      let html = hook(
        CodeBlock(
          info: String(decoding: info, as: UTF8.self), language: String(decoding: info.slice(0, end), as: UTF8.self),
          code: code, line: line(of: node)))
    {
      out.append(html)
      return startLine()
    }
    if info.isEmpty {
      out.append("<pre><code>")
    } else {
      out.append("<pre><code class=\"language-")
      out.append(escaping: info.slice(0, end))
      out.append("\">")
    }
    out.append(escaping: code)
    out.append("</code></pre>\n")
  }

  mutating func htmlBlock(_ node: Node) {
    startLine()
    let html = literal(node)
    if options.summaryMarker, isSummaryMarker(html) {
      if result.summaryEnd == nil { result.summaryEnd = out.count }
      return
    }
    hasRawHTML = true
    if !options.rawHTML { out.append("<!-- raw HTML omitted -->") } else { appendHTML(html) }
    startLine()
  }

  /// `<!-- more -->`, white space and case aside.
  private func isSummaryMarker(_ html: Bytes) -> Bool {
    guard html.count < 40, html.hasPrefix("<!--", at: 0) else { return false }
    var at = HTMLScanner.skipWhitespace(html, 4)
    guard html.hasPrefixIgnoringCase("more", at: at) else { return false }
    at = HTMLScanner.skipWhitespace(html, at + 4)
    guard html.hasPrefix("-->", at: at) else { return false }
    return HTMLScanner.skipWhitespace(html, at + 3) == html.count
  }

  // MARK: Tables

  /// GFM 4.10.
  mutating func table(_ number: Int, line: Int) {
    let table = lowering.plan.tables[number]
    let start = out.count
    out.append("<table>\n")
    for (index, row) in table.rows.enumerated() {
      if index == 0 { out.append("<thead>\n") } else if index == 1 { out.append("<tbody>\n") }
      out.append("<tr>\n")
      for (column, alignment) in table.alignments.enumerated() {
        out.append(index == 0 ? "<th" : "<td")
        switch alignment {
        case .none: break
        case .left: out.append(options.tableStyles ? " style=\"text-align: left\"" : " align=\"left\"")
        case .center: out.append(options.tableStyles ? " style=\"text-align: center\"" : " align=\"center\"")
        case .right: out.append(options.tableStyles ? " style=\"text-align: right\"" : " align=\"right\"")
        }
        out.append(0x3E)
        if column < row.count, row.lowerBound + column < cellNodes.count {
          isInWord = false
          walk(cellNodes[row.lowerBound + column])
          flushText()
        }
        out.append(index == 0 ? "</th>\n" : "</td>\n")
      }
      out.append("</tr>\n")
      if index == 0 { out.append("</thead>\n") }
    }
    if table.rows.count > 1 { out.append("</tbody>\n") }
    out.append("</table>\n")
    guard let template = hooks.table else { return }
    let inner = out.array(start + 8..<out.count - 9)
    if let html = template(TableParts(html: inner, line: line)) {
      out.truncate(start)
      out.append(html)
      startLine()
    }
  }
}
