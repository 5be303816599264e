// Markdown: Markdown text → HTML, outline, references. libcmark does CommonMark; the extensions are said in its terms first (`Lowering/`)
// and put back while the tree is rendered (`Rendering/`). Imports: CCMark, Glibc; nothing else imports CCMark.
// Entry: `renderMarkdown`.
// Promises: never fails; time linear in the size, but for lines below list items that nest by the thousand, each of which libcmark looks through;
// no recursion that the input controls; no state between calls, so any thread may.
// Tests: `Tests/MarkdownTests`, the specifications' examples among them.
import CCMark

/// Renders a Markdown text.
///
/// Bytes that are no UTF-8, and NUL, become U+FFFD.
/// - Parameters:
///   - source: without front matter.
///   - firstLine: the number of the source's first line in its file; every line that is reported counts from it.
public func renderMarkdown(
  _ source: [UInt8], options: MarkdownOptions = .site, hooks: MarkdownHooks = MarkdownHooks(), firstLine: Int = 1
) -> RenderedMarkdown {
  source.withUnsafeBufferPointer { renderMarkdown($0, options: options, hooks: hooks, firstLine: firstLine) }
}

/// Renders a Markdown text that lies in memory elsewhere; see the other `renderMarkdown`.
public func renderMarkdown(
  _ source: UnsafeBufferPointer<UInt8>, options: MarkdownOptions = .site, hooks: MarkdownHooks = MarkdownHooks(),
  firstLine: Int = 1
) -> RenderedMarkdown {
  let text = source.hasPrefix("\u{FEFF}", at: 0) ? source.slice(3, source.count) : source
  return render(text, SourceTraits(text, options), options: options, hooks: hooks, firstLine: firstLine)
}

func render(
  _ text: Bytes, _ traits: SourceTraits, options: MarkdownOptions, hooks: MarkdownHooks, firstLine: Int
) -> RenderedMarkdown {
  var flags = options.smart ? CMARK_OPT_SMART : 0
  if traits.isBeyondASCII { flags |= CMARK_OPT_VALIDATE_UTF8 }

  var lowering: Lowering
  if traits.needsLowering {
    lowering = lower(text, options, resolvesEmphasis: false)
    if lowering.hasStrikethrough { lowering = lower(text, options, resolvesEmphasis: true) }
  } else {
    lowering = Lowering(Bytes(start: nil, count: 0), options: options, plan: LoweringPlan(), resolvesEmphasis: false)
  }
  let parsed = traits.needsLowering ? lowering.text.bytes : text
  // Hooks may render other texts meanwhile: their trees lie above this one, and are gone before it.
  let mark = colophon_arena_mark()
  defer { colophon_arena_release(mark) }
  guard !parsed.isEmpty, let document = parse(parsed, flags) else { return RenderedMarkdown() }
  var renderer = HTMLRenderer(
    options: options, hooks: hooks, firstLine: firstLine, lowering: lowering, isLowered: traits.needsLowering,
    source: text, capacity: text.count + text.count / 4 + 64)
  renderer.render(document)
  var result = renderer.result
  result.html = Array(renderer.out.bytes)
  result.hasOtherURLs =
    renderer.hasRawHTML || result.footnoteCount > 0 || !renderer.lowering.attributes.isEmpty
  return result
}

/// Renders a title or a caption: as `renderMarkdown` does, without the `<p>` around a single paragraph.
public func renderInlineMarkdown(
  _ source: [UInt8], options: MarkdownOptions = .site, hooks: MarkdownHooks = MarkdownHooks(), firstLine: Int = 1
) -> [UInt8] {
  var html = renderMarkdown(source, options: options, hooks: hooks, firstLine: firstLine).html[...]
  if html.last == 0x0A { html.removeLast() }
  let open = Array("<p>".utf8)
  let close = Array("</p>".utf8)
  guard html.starts(with: open), html.suffix(4).elementsEqual(close) else { return Array(html) }
  let inner = html.dropFirst(3).dropLast(4)
  let hasMore = inner.indices.contains { html[$0...].starts(with: close) }
  return Array(hasMore ? html : inner)
}

private func lower(_ source: Bytes, _ options: MarkdownOptions, resolvesEmphasis: Bool) -> Lowering {
  var scanner = BlockScanner(source, options: options)
  scanner.scan()
  var lowering = Lowering(source, options: options, plan: scanner.plan, resolvesEmphasis: resolvesEmphasis)
  lowering.lower()
  return lowering
}

private func parse(_ text: Bytes, _ flags: Int32) -> Node? {
  text.withMemoryRebound(to: CChar.self) { colophon_parse($0.baseAddress, $0.count, flags) }
}
