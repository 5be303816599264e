import CCMark

/// What a run of delimiters becomes: first the tags that it ends, then what is left of it as text, then the tags that it begins.
struct EmphasisTags {
  enum Tag { case emphasis, strong, strikethrough }
  var closes: [Tag] = []
  var remaining = 0
  /// In the order in which they were found, the innermost first.
  var opens: [Tag] = []
}

/// Decides which runs of `*`, `_` and `~` belong together: CommonMark 0.30, appendix "A parsing strategy", with the strikethrough of
/// GFM 6.5 as one more kind of run.
struct EmphasisResolver {
  private struct Run {
    var token: Int
    var mark: UInt8
    var length: Int
    var canOpen: Bool
    var canClose: Bool
    var previous: Int
    var isGone = false
  }

  private var runs: [Run] = []
  var count: Int { runs.count }

  mutating func append(_ number: Int, _ token: Token) {
    // Longer runs of tildes are text.
    if token.delimiter == ascii("~"), token.value > 2 { return }
    runs.append(
      Run(
        token: number, mark: token.delimiter, length: token.value, canOpen: token.canOpen, canClose: token.canClose,
        previous: runs.count - 1))
  }

  /// Pairs the runs from `bottom` on and forgets them.
  mutating func resolve(from bottom: Int, into tags: inout [EmphasisTags]) {
    // For each kind of closer: no opener at or before this index.
    var openersBottom = [Int](repeating: bottom - 1, count: 18)
    var closer = bottom
    while closer < runs.count {
      guard !runs[closer].isGone, runs[closer].canClose, tags[runs[closer].token].remaining > 0 else {
        closer += 1
        continue
      }
      let kind = Self.kind(of: runs[closer])
      var opener = runs[closer].previous
      while opener > openersBottom[kind] {
        let run = runs[opener]
        if !run.isGone, run.canOpen, run.mark == runs[closer].mark, Self.fit(run, runs[closer]) { break }
        opener = run.previous
      }
      guard opener > openersBottom[kind] else {
        openersBottom[kind] = closer - 1
        if !runs[closer].canOpen { remove(closer) }
        closer += 1
        continue
      }
      if runs[closer].mark == ascii("~") {
        if runs[opener].length == runs[closer].length {
          pair(opener, closer, .strikethrough, using: runs[closer].length, &tags)
        }
        runs[closer].isGone = true
        runs[opener].isGone = true
        unlink(from: opener, to: closer)
        closer += 1
        continue
      }
      let isStrong = tags[runs[opener].token].remaining >= 2 && tags[runs[closer].token].remaining >= 2
      pair(opener, closer, isStrong ? .strong : .emphasis, using: isStrong ? 2 : 1, &tags)
      runs[closer].previous = opener
      if tags[runs[opener].token].remaining == 0 {
        runs[opener].isGone = true
        runs[closer].previous = runs[opener].previous
      }
      if tags[runs[closer].token].remaining == 0 {
        remove(closer)
        closer += 1
      }
    }
    runs.removeLast(runs.count - bottom)
  }

  private mutating func pair(
    _ opener: Int, _ closer: Int, _ tag: EmphasisTags.Tag, using count: Int, _ tags: inout [EmphasisTags]
  ) {
    tags[runs[opener].token].remaining -= count
    tags[runs[closer].token].remaining -= count
    tags[runs[opener].token].opens.append(tag)
    tags[runs[closer].token].closes.append(tag)
  }

  /// The runs behind `index` look past it.
  private mutating func remove(_ index: Int) {
    runs[index].isGone = true
    if index + 1 < runs.count { runs[index + 1].previous = runs[index].previous }
  }

  private mutating func unlink(from opener: Int, to closer: Int) {
    if closer + 1 < runs.count { runs[closer + 1].previous = runs[opener].previous }
  }

  private static func kind(of run: Run) -> Int {
    let mark = run.mark == ascii("*") ? 0 : run.mark == ascii("_") ? 1 : 2
    return (mark * 2 + (run.canOpen ? 1 : 0)) * 3 + run.length % 3
  }

  /// The rule of three.
  private static func fit(_ opener: Run, _ closer: Run) -> Bool {
    if !opener.canClose, !closer.canOpen { return true }
    return closer.length % 3 == 0 || (opener.length + closer.length) % 3 != 0
  }
}

extension HTMLRenderer {
  /// Resolves the delimiters of the whole document.
  mutating func resolveEmphasis(_ document: Node) {
    var tags = lowering.tokens.map { EmphasisTags(remaining: $0.kind == .delimiters ? $0.value : 0) }
    var resolver = EmphasisResolver()
    var bottoms: [Int] = []
    guard let iterator = cmark_iter_new(document) else { return }
    defer { cmark_iter_free(iterator) }
    while true {
      let event = cmark_iter_next(iterator)
      guard event != CMARK_EVENT_DONE, let node = cmark_iter_get_node(iterator) else { break }
      let isEntering = event == CMARK_EVENT_ENTER
      switch kind(node) {
      case .text:
        forEachToken(literal(node)) { number, token in
          if token.kind == .delimiters { resolver.append(number, token) }
        }
      case .link, .image:
        if isEntering {
          bottoms.append(resolver.count)
        } else {
          resolver.resolve(from: bottoms.removeLast(), into: &tags)
        }
      case .paragraph, .heading: if !isEntering { resolver.resolve(from: 0, into: &tags) }
      default: break
      }
    }
    emphasis = tags
  }

  func forEachToken(_ text: Bytes, _ body: (Int, Token) -> Void) {
    guard let sentinels = lowering.sentinels, let base = text.baseAddress else { return }
    var index = 0
    while index < text.count {
      if base[index] >= 0xF0, let found = sentinels.token(base, at: index, end: text.count),
        found.number < lowering.tokens.count
      {
        body(found.number, lowering.tokens[found.number])
        index = found.end
      } else {
        index += 1
      }
    }
  }

  mutating func renderDelimiters(_ number: Int, _ token: Token) {
    guard number < emphasis.count else { return pending.append(token.delimiter, repeated: token.value) }
    let tags = emphasis[number]
    if !tags.closes.isEmpty, openInline() {
      for tag in tags.closes { out.append(tag == .emphasis ? "</em>" : tag == .strong ? "</strong>" : "</del>") }
    }
    pending.append(token.delimiter, repeated: tags.remaining)
    if !tags.opens.isEmpty, openInline() {
      for tag in tags.opens.reversed() { out.append(tag == .emphasis ? "<em>" : tag == .strong ? "<strong>" : "<del>") }
    }
  }
}
