import CCMark

/// Turns libcmark's tree into HTML, with the extensions put back where `Lowering` left their marks.
///
/// Iterative: depth of nesting costs no stack.
struct HTMLRenderer: ~Copyable {
  /// Something whose HTML is wanted as a whole when it ends.
  struct Frame {
    enum Kind { case quote, alert(Int), definition(isTight: Bool), link, image, heading }
    var kind: Kind
    var node: Node
    var start: Int
  }

  let options: MarkdownOptions
  let hooks: MarkdownHooks
  let firstLine: Int
  var lowering: Lowering
  /// The tree comes from lowered text.
  let isLowered: Bool
  /// The text as it was given.
  let source: Bytes

  var out: ByteBuffer
  var result = RenderedMarkdown()
  var frames: [Frame] = []
  /// Of the alerts among `frames`.
  var alertTitles: [[UInt8]] = []
  /// Text that waits for what follows it, because an e-mail address may cross tokens.
  var pending = ByteBuffer(capacity: 64)
  var isInWord = false
  var linkDepth = 0
  /// The image whose description is being written.
  var image: Node?
  var alternative = ByteBuffer(capacity: 16)
  var headingAttributes: Int?
  var isInTerm = false
  /// A footnote or definition whose block quote comes next.
  var loweredNext: (marker: LoweringPlan.Marker, payload: Int)?
  var cellNodes: [Node] = []
  /// Each with the last number behind it.
  var usedIDs: [String: Int] = [:]
  /// Those of `usedIDs` that the text gives, or a footnote, and that have been written.
  var givenIDs: Set<String> = []
  /// Where the lines of `source` begin; empty until that is needed.
  var sourceLines: [Int] = []
  var footnotes = FootnoteOrder()
  var emphasis: [EmphasisTags] = []
  /// For the render template of links and images: the destinations of those that are open, and where their content begins.
  var linkDestinations: [[UInt8]] = []
  var linkContentStarts: [Int] = []
  var hasRawHTML = false
  /// The text that is being written, for its line.
  var textNode: Node?

  init(
    options: MarkdownOptions, hooks: MarkdownHooks, firstLine: Int, lowering: consuming Lowering, isLowered: Bool,
    source: Bytes, capacity: Int
  ) {
    self.options = options
    self.hooks = hooks
    self.firstLine = firstLine
    self.lowering = lowering
    self.isLowered = isLowered
    self.source = source
    out = ByteBuffer(capacity: capacity)
    if let id = hooks.takenID { usedIDs[id] = 0 }
  }

  mutating func render(_ document: Node) {
    var first = cmark_node_first_child(document)
    if isLowered {
      for _ in lowering.plan.cells.indices {
        guard let cell = first else { break }
        cellNodes.append(cell)
        first = cmark_node_next(cell)
      }
      if lowering.resolvesEmphasis { resolveEmphasis(document) }
      if !lowering.plan.footnotes.isEmpty { numberFootnotes(document) }
    }
    reserveIDs()
    walk(document, skippingCells: true)
    renderFootnotes()
  }

  /// Renders what is inside `root`.
  mutating func walk(_ root: Node, skippingCells: Bool = false) {
    guard let iterator = cmark_iter_new(root) else { return }
    defer { cmark_iter_free(iterator) }
    _ = cmark_iter_next(iterator)
    if skippingCells, let last = cellNodes.last { cmark_iter_reset(iterator, last, CMARK_EVENT_EXIT) }
    while true {
      let event = cmark_iter_next(iterator)
      guard event != CMARK_EVENT_DONE, let node = cmark_iter_get_node(iterator) else { return }
      if node == root { return }
      if event == CMARK_EVENT_ENTER {
        if enter(node, kind(node)) == .skipChildren { cmark_iter_reset(iterator, node, CMARK_EVENT_EXIT) }
      } else {
        exit(node, kind(node))
      }
    }
  }

  enum Visit { case children, skipChildren }

  private mutating func enter(_ node: Node, _ kind: NodeKind) -> Visit {
    switch kind {
    case .text:
      textNode = node
      text(literal(node))
    case .softBreak: softBreak()
    case .lineBreak: lineBreak()
    case .code: code(literal(node))
    case .htmlInline: inlineHTML(literal(node))
    case .emphasis: if openInline() { out.append("<em>") }
    case .strong: if openInline() { out.append("<strong>") }
    case .link: openLink(node)
    case .image: openImage(node)
    case .paragraph: openParagraph(node)
    case .heading: openHeading(node)
    case .list: openList(node)
    case .item: openItem(node)
    case .blockQuote: return openQuote(node)
    case .codeBlock: codeBlock(node)
    case .htmlBlock: htmlBlock(node)
    case .thematicBreak: thematicBreak(node)
    case .document, .customBlock, .customInline: break
    }
    return .children
  }

  private mutating func exit(_ node: Node, _ kind: NodeKind) {
    switch kind {
    case .emphasis: if openInline() { out.append("</em>") }
    case .strong: if openInline() { out.append("</strong>") }
    case .link: closeLink(node)
    case .image: closeImage(node)
    case .paragraph: closeParagraph(node)
    case .heading: closeHeading(node)
    case .list: out.append(cmark_node_get_list_type(node) == CMARK_BULLET_LIST ? "</ul>\n" : "</ol>\n")
    case .item: out.append("</li>\n")
    case .blockQuote: closeQuote(node)
    default: break
    }
  }

  /// Begins a line, unless it has just begun.
  @inline(__always)
  mutating func startLine() {
    if out.count > 0, out.last != 0x0A { out.append(0x0A) }
  }

  /// The line of the file on which a node begins.
  func line(of node: Node) -> Int {
    let line = Int(cmark_node_get_start_line(node)) - 1
    guard isLowered else { return line + firstLine }
    guard line >= 0, line < lowering.lines.count else { return firstLine }
    return Int(lowering.lines[line]) + firstLine
  }

  var currentLine: Int { textNode.map { line(of: $0) } ?? firstLine }

  /// What a thematic break stands for; nil for a real one.
  func marker(_ node: Node) -> LoweringPlan.Piece? {
    guard isLowered else { return nil }
    let line = Int(cmark_node_get_start_line(node)) - 1
    guard line >= 0, line < lowering.markers.count, lowering.markers[line] >= 0 else { return nil }
    return lowering.plan.pieces[Int(lowering.markers[line])]
  }

  /// The token that a text begins with.
  func firstToken(_ text: Bytes) -> Token? {
    guard isLowered, let base = text.baseAddress,
      let found = lowering.sentinels?.token(base, at: 0, end: text.count), found.number < lowering.tokens.count
    else { return nil }
    return lowering.tokens[found.number]
  }
}
