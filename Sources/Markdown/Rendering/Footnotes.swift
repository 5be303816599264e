import CCMark

/// Which footnotes are referred to, in which order: as cmark-gfm numbers them.
struct FootnoteOrder {
  /// By definition: its block quote in the tree.
  var nodes: [Node?] = []
  /// By definition: 1-based, 0 where nothing refers to it.
  var numbers: [Int] = []
  /// By definition: how often it is referred to.
  var counts: [Int] = []
  /// The definitions by number.
  var order: [Int] = []
  /// By token: the how manyth reference to its definition.
  var references: [Int: Int] = [:]
  var current: (definition: Int, number: Int)?
  var hasBackReferences = false

  var isRendering: Bool { current != nil }
}

extension HTMLRenderer {
  /// Numbers the footnotes in the order of their references; text of a definition counts where the definition stands.
  mutating func numberFootnotes(_ document: Node) {
    let count = lowering.plan.footnotes.count
    var order = FootnoteOrder()
    order.nodes = Array(repeating: nil, count: count)
    order.numbers = Array(repeating: 0, count: count)
    order.counts = Array(repeating: 0, count: count)
    collectReferences(document, after: cellNodes.last, into: &order)
    footnotes = order
  }

  private func collectReferences(_ root: Node, after last: Node?, into order: inout FootnoteOrder) {
    guard let iterator = cmark_iter_new(root) else { return }
    defer { cmark_iter_free(iterator) }
    _ = cmark_iter_next(iterator)
    if let last { cmark_iter_reset(iterator, last, CMARK_EVENT_EXIT) }
    while true {
      let event = cmark_iter_next(iterator)
      guard event != CMARK_EVENT_DONE, let node = cmark_iter_get_node(iterator) else { return }
      guard event == CMARK_EVENT_ENTER else { continue }
      switch kind(node) {
      case .text:
        forEachToken(literal(node)) { number, token in
          guard token.kind == .footnote else { return }
          if order.numbers[token.value] == 0 {
            order.order.append(token.value)
            order.numbers[token.value] = order.order.count
          }
          order.counts[token.value] += 1
          order.references[number] = order.counts[token.value]
        }
      case .thematicBreak:
        guard let piece = marker(node) else { continue }
        if piece.marker == .footnote { order.nodes[piece.payload] = cmark_node_next(node) }
        if piece.marker == .table {
          for row in lowering.plan.tables[piece.payload].rows {
            for cell in row where cell < cellNodes.count {
              collectReferences(cellNodes[cell], after: nil, into: &order)
            }
          }
        }
      default: break
      }
    }
  }

  mutating func footnoteReference(_ token: Int) {
    let definition = lowering.tokens[token].value
    guard definition < footnotes.numbers.count else { return }
    out.append("<sup class=\"footnote-ref\"><a href=\"#fn-")
    appendLabel(definition)
    out.append("\" id=\"fnref-")
    appendLabel(definition)
    if let index = footnotes.references[token], index > 1 {
      out.append(ascii("-"))
      out.append(number: index)
    }
    out.append("\" data-footnote-ref>")
    out.append(number: footnotes.numbers[definition])
    out.append("</a></sup>")
  }

  private mutating func appendLabel(_ definition: Int) {
    lowering.plan.footnotes[definition].rawLabel.withUnsafeBufferPointer { out.append(escapingURL: $0) }
  }

  /// The section at the end.
  mutating func renderFootnotes() {
    guard isLowered, !footnotes.order.isEmpty else { return }
    result.footnoteCount = footnotes.order.count
    startLine()
    out.append("<section class=\"footnotes\" data-footnotes>\n<ol>\n")
    for (index, definition) in footnotes.order.enumerated() {
      out.append("<li id=\"fn-")
      appendLabel(definition)
      out.append("\">\n")
      footnotes.current = (definition, index + 1)
      footnotes.hasBackReferences = false
      if let node = footnotes.nodes[definition] { walk(node) }
      if !footnotes.hasBackReferences {
        appendBackReferences()
        out.append(0x0A)
      }
      out.append("</li>\n")
    }
    footnotes.current = nil
    out.append("</ol>\n</section>\n")
  }

  /// At the end of the last paragraph of a footnote.
  mutating func appendBackReferences(after paragraph: Node) {
    guard let current = footnotes.current, cmark_node_next(paragraph) == nil,
      cmark_node_parent(paragraph) == footnotes.nodes[current.definition]
    else { return }
    out.append(0x20)
    appendBackReferences()
  }

  private mutating func appendBackReferences() {
    guard let current = footnotes.current, !footnotes.hasBackReferences else { return }
    footnotes.hasBackReferences = true
    for index in 1...max(1, footnotes.counts[current.definition]) {
      if index > 1 { out.append(0x20) }
      out.append("<a href=\"#fnref-")
      appendLabel(current.definition)
      if index > 1 { appendSuffix(index) }
      out.append("\" class=\"footnote-backref\" data-footnote-backref data-footnote-backref-idx=\"")
      out.append(number: current.number)
      if index > 1 { appendSuffix(index) }
      out.append("\" aria-label=\"Back to reference ")
      out.append(number: current.number)
      if index > 1 { appendSuffix(index) }
      out.append("\">↩")
      if index > 1 {
        out.append("<sup class=\"footnote-ref\">")
        out.append(number: index)
        out.append("</sup>")
      }
      out.append("</a>")
    }
  }

  private mutating func appendSuffix(_ index: Int) {
    out.append(ascii("-"))
    out.append(number: index)
  }
}
