import CCMark
import Glibc

extension HTMLRenderer {
  // MARK: Text

  /// Text as libcmark gives it: tokens may be in it.
  mutating func text(_ text: Bytes) {
    guard let base = text.baseAddress else { return }
    guard isLowered else { return plainText(base, text.count) }
    var start = 0
    var index = 0
    while index < text.count {
      // Tokens begin beyond ASCII.
      if index + 8 <= text.count, load(base + index) & 0x8080_8080_8080_8080 == 0 {
        index += 8
        continue
      }
      guard base[index] >= 0xF0, let token = lowering.sentinels?.token(base, at: index, end: text.count),
        token.number < lowering.tokens.count
      else {
        index += 1
        continue
      }
      pending.append(base + start, index - start)
      index = token.end
      renderToken(token.number)
      let kind = lowering.tokens[token.number].kind
      if kind == .taskOpen || kind == .taskDone {
        while index < text.count, isSpaceOrTab(base[index]) { index += 1 }
      }
      start = index
    }
    pending.append(base + start, text.count - start)
    if image == nil, pending.count > 0, linkDepth > 0 || !options.autolinks { flushText() }
  }

  /// Writes the text that was held back.
  mutating func flushText() {
    guard pending.count > 0 else { return }
    let count = pending.count
    pending.append(0)
    // The buffer is not touched while its bytes are read.
    plainText(UnsafePointer(pending.start), count)
    pending.truncate(0)
  }

  private mutating func plainText(_ base: UnsafePointer<UInt8>, _ count: Int) {
    if image != nil {
      out.append(escaping: base, count)
      if hooks.image != nil { alternative.append(base, count) }
      return
    }
    countWords(base, count)
    if options.autolinks, linkDepth == 0, memchr(base, 0x40, count) != nil {
      mailLinks(Bytes(start: base, count: count))
    } else {
      out.append(escaping: base, count)
    }
  }

  @inline(__always)
  private mutating func countWords(_ base: UnsafePointer<UInt8>, _ count: Int) {
    result.wordCount &+= countWordStarts(base, count, isInWord: &isInWord)
  }

  /// Whether tags may be written here: not in the description of an image.
  mutating func openInline() -> Bool {
    flushText()
    return image == nil
  }

  mutating func softBreak() {
    flushText()
    isInWord = false
    if image != nil { return appendAlternative(0x20) }
    if isInTerm { return out.append("</dt>\n<dt>") }
    if skipsBreak() { return }
    out.append(0x0A)
  }

  /// The line end behind an alert's mark is not content.
  func skipsBreak() -> Bool {
    guard case .alert? = frames.last?.kind, isLowered else { return false }
    return out.count >= 3 && out.start[out.count - 1] == 0x3E && out.start[out.count - 2] == ascii("p")
      && out.start[out.count - 3] == ascii("<")
  }

  mutating func lineBreak() {
    flushText()
    isInWord = false
    if image != nil { return appendAlternative(0x20) }
    out.append("<br />\n")
  }

  private mutating func appendAlternative(_ byte: UInt8) {
    out.append(byte)
    if hooks.image != nil { alternative.append(byte) }
  }

  mutating func code(_ code: Bytes) {
    flushText()
    guard let base = code.baseAddress else { return }
    if image != nil {
      appendRestored(code) { renderer, bytes in
        renderer.out.append(escaping: bytes)
        if renderer.hooks.image != nil { renderer.alternative.append(bytes) }
      }
      return
    }
    countWords(base, code.count)
    out.append("<code>")
    appendRestored(code) { renderer, bytes in renderer.out.append(escaping: bytes) }
    out.append("</code>")
  }

  mutating func inlineHTML(_ html: Bytes) {
    flushText()
    if image != nil {
      return appendRestored(html) { renderer, bytes in
        renderer.out.append(escaping: bytes)
        if renderer.hooks.image != nil { renderer.alternative.append(bytes) }
      }
    }
    hasRawHTML = true
    guard options.rawHTML else { return out.append("<!-- raw HTML omitted -->") }
    appendRestored(html) { renderer, bytes in renderer.appendHTML(bytes) }
  }

  /// Raw HTML, through the tag filter where that is on.
  mutating func appendHTML(_ html: Bytes) {
    guard options.tagFilter else { return out.append(html) }
    var start = 0
    var index = 0
    while index < html.count {
      if html[index] == ascii("<"), TagFilter.filters(html, at: index) {
        out.append(html.slice(start, index))
        out.append("&lt;")
        start = index + 1
      }
      index += 1
    }
    out.append(html.slice(start, html.count))
  }

  /// Passes `text` on with every token as it was in the source.
  func restored(_ text: Bytes) -> [UInt8]? {
    guard isLowered, let sentinels = lowering.sentinels, let base = text.baseAddress,
      text.contains(where: { $0 >= 0xF0 })
    else { return nil }
    var bytes: [UInt8] = []
    var index = 0
    while index < text.count {
      if base[index] >= 0xF0, let token = sentinels.token(base, at: index, end: text.count),
        token.number < lowering.tokens.count
      {
        bytes += lowering.tokenText.bytes(lowering.tokens[token.number].text)
        index = token.end
      } else {
        bytes.append(base[index])
        index += 1
      }
    }
    return bytes
  }

  @inline(__always)
  private mutating func appendRestored(_ text: Bytes, _ body: (inout HTMLRenderer, Bytes) -> Void) {
    if let bytes = restored(text) {
      bytes.withUnsafeBufferPointer { body(&self, $0) }
    } else {
      body(&self, text)
    }
  }

  // MARK: Links and images

  /// The destination after the hook; notes the reference. Nil where it may stay as it is.
  mutating func resolve(_ url: Bytes, _ kind: MarkdownReference.Kind, line: Int) -> [UInt8]? {
    let restored = restored(url)
    let destination = restored.map { String(decoding: $0, as: UTF8.self) } ?? String(decoding: url, as: UTF8.self)
    result.references.append(MarkdownReference(kind: kind, destination: destination, line: line))
    if let hook = hooks.destination, let other = hook(destination, kind, line) { return Array(other.utf8) }
    return restored
  }

  private mutating func appendURL(_ url: Bytes) {
    if !options.rawHTML, isDangerousURL(url) { return }
    out.append(escapingURL: url)
  }

  /// The destination as a render template gets it.
  private func destination(_ url: Bytes, _ resolved: [UInt8]?) -> [UInt8] {
    let destination = resolved ?? Array(url)
    return !options.rawHTML && destination.withUnsafeBufferPointer(isDangerousURL) ? [] : destination
  }

  private mutating func appendTitle(_ title: Bytes) {
    guard !title.isEmpty else { return }
    out.append("\" title=\"")
    appendRestored(title) { renderer, bytes in renderer.out.append(escaping: bytes) }
  }

  mutating func openLink(_ node: Node) {
    flushText()
    guard image == nil else { return }
    linkDepth += 1
    let url = bytes(cmark_node_get_url(node))
    let resolved = resolve(url, .link, line: line(of: node))
    if hooks.link != nil { linkDestinations.append(destination(url, resolved)) }
    frames.append(.init(kind: .link, node: node, start: out.count))
    out.append("<a href=\"")
    if let resolved { resolved.withUnsafeBufferPointer { appendURL($0) } } else { appendURL(url) }
    appendTitle(bytes(cmark_node_get_title(node)))
    out.append("\">")
    if hooks.link != nil { linkContentStarts.append(out.count) }
  }

  mutating func closeLink(_ node: Node) {
    flushText()
    guard image == nil else { return }
    linkDepth -= 1
    guard let frame = frames.popLast() else { return }
    if let template = hooks.link, let destination = linkDestinations.popLast(),
      let content = linkContentStarts.popLast()
    {
      let title = bytes(cmark_node_get_title(node))
      let parts = LinkParts(
        destination: String(decoding: destination, as: UTF8.self),
        title: restored(title).map { String(decoding: $0, as: UTF8.self) } ?? String(decoding: title, as: UTF8.self),
        html: out.array(content..<out.count), line: line(of: node))
      if let html = template(parts) {
        out.truncate(frame.start)
        return out.append(html)
      }
    }
    out.append("</a>")
  }

  mutating func openImage(_ node: Node) {
    flushText()
    guard image == nil else { return }
    let url = bytes(cmark_node_get_url(node))
    let resolved = resolve(url, .image, line: line(of: node))
    if hooks.image != nil { linkDestinations.append(destination(url, resolved)) }
    frames.append(.init(kind: .image, node: node, start: out.count))
    out.append("<img src=\"")
    if let resolved { resolved.withUnsafeBufferPointer { appendURL($0) } } else { appendURL(url) }
    out.append("\" alt=\"")
    alternative.truncate(0)
    image = node
  }

  mutating func closeImage(_ node: Node) {
    flushText()
    guard image == node, let frame = frames.popLast() else { return }
    image = nil
    let title = bytes(cmark_node_get_title(node))
    var attributes: Attributes?
    if isLowered, let next = cmark_node_next(node), kind(next) == .text, let token = firstToken(literal(next)),
      token.kind == .attributes
    {
      attributes = lowering.attributes[token.value]
      if let id = attributes?.id { noteGivenID(id, of: node) }
    }
    if let template = hooks.image, let destination = linkDestinations.popLast() {
      let parts = ImageParts(
        destination: String(decoding: destination, as: UTF8.self),
        title: restored(title).map { String(decoding: $0, as: UTF8.self) } ?? String(decoding: title, as: UTF8.self),
        alternative: alternative.string(0..<alternative.count), attributes: attributes ?? Attributes(),
        line: line(of: node))
      if let html = template(parts) {
        out.truncate(frame.start)
        return out.append(html)
      }
    }
    appendTitle(title)
    out.append(0x22)
    if let attributes { out.append(attributes.html) }
    out.append(" />")
  }

  // MARK: Tokens

  private mutating func renderToken(_ number: Int) {
    let token = lowering.tokens[number]
    let raw = lowering.tokenText.bytes(token.text)
    switch token.kind {
    case .delimiters:
      renderDelimiters(number, token)
      return
    case .taskOpen, .taskDone, .alert: return
    case .attributes:
      if case .heading? = frames.last?.kind { headingAttributes = token.value }
      return
    case .literal:
      pending.append(raw)
      return
    case .emoji:
      pending.append(text: lowering.emoji[token.value])
      return
    case .footnote:
      flushText()
      if image == nil { footnoteReference(number) }
      return
    case .link:
      flushText()
      if image != nil { return out.append(escaping: raw) }
      autolink(raw, hasScheme: token.value == 0)
    case .mathInline, .mathDisplay:
      flushText()
      if image != nil { return out.append(escaping: raw) }
      let isInline = token.kind == .mathInline
      let mark = isInline ? 1 : 2
      out.append(isInline ? "<span class=\"math inline\">\\(" : "<span class=\"math display\">\\[")
      out.append(escaping: raw.slice(mark, raw.count - mark))
      out.append(isInline ? "\\)</span>" : "\\]</span>")
    }
    if !isInWord { result.wordCount += 1 }
    isInWord = true
  }

  private mutating func autolink(_ raw: Bytes, hasScheme: Bool) {
    guard linkDepth == 0 else { return out.append(escaping: raw) }
    var url = Array(raw)
    if !hasScheme { url = Array("http://".utf8) + url }
    appendLink(url, raw)
  }

  private mutating func appendLink(_ url: [UInt8], _ text: Bytes) {
    let line = currentLine
    let resolved = url.withUnsafeBufferPointer { resolve($0, .link, line: line) } ?? url
    if let template = hooks.link {
      var inner = ByteBuffer()
      inner.append(escaping: text)
      let parts = LinkParts(
        destination: String(decoding: resolved, as: UTF8.self), title: "", html: Array(inner.bytes), line: line)
      if let html = template(parts) { return out.append(html) }
    }
    out.append("<a href=\"")
    resolved.withUnsafeBufferPointer { appendURL($0) }
    out.append("\">")
    out.append(escaping: text)
    out.append("</a>")
  }

  /// Writes text with its e-mail addresses as links: GFM, section 6.9.
  private mutating func mailLinks(_ text: Bytes) {
    var start = 0
    var from = 0
    while from < text.count {
      guard let found = MailAddress.find(text, from: from, notBefore: start) else { break }
      from = found.next
      guard let range = found.range else { continue }
      out.append(escaping: text.slice(start, range.lowerBound))
      let address = text.slice(range.lowerBound, range.upperBound)
      appendLink(Array((found.needsScheme ? "mailto:" : "").utf8) + address, address)
      start = range.upperBound
    }
    out.append(escaping: text.slice(start, text.count))
  }
}
