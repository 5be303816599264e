/// A document in which everything that only extensions know is said in CommonMark's own terms, for libcmark to parse.
///
/// - A table becomes a thematic break; its cells become headings at the top of the document, where they disturb nothing.
/// - A footnote or a definition becomes a thematic break and a block quote.
/// - Inline constructs become tokens.
///
/// Which thematic break is what, `markers` says by its line.
struct Lowering: ~Copyable {
  let source: Bytes
  let options: MarkdownOptions
  let sentinels: Sentinels?
  /// Emphasis is ours as well, because a strikethrough may cross it.
  let resolvesEmphasis: Bool
  /// The bytes that an inline extension may begin with.
  private let triggers: [UInt8]
  var plan: LoweringPlan
  var footnoteNumbers: [String: Int] = [:]

  /// What libcmark parses.
  var text = ByteBuffer(capacity: 4096)
  /// Source line (0-based) of each line of `text`.
  var lines: [Int32] = []
  /// For each line of `text` the index of a marker piece, or -1.
  var markers: [Int32] = []
  var tokens: [Token] = []
  var tokenText = ByteBuffer()
  var attributes: [Attributes] = []
  var emoji: [String] = []
  /// There are runs of tildes that may strike through.
  var hasStrikethrough = false

  // The unit that is being read.
  var joined = ByteBuffer()
  var lexed = ByteBuffer()
  var copied = 0
  var lineIndex = 0
  var lineBreaks: [Int] = []
  var brackets: [Bracket] = []
  /// How many of them are images.
  var openImages = 0
  /// Of links, those before this index have a link in them, so that they can be none.
  var inactiveBrackets = 0
  var tildeOpeners: Set<Int> = []
  /// The last run of backticks of each length, up to 80 (longer ones never close in libcmark either); empty until needed.
  var lastBackticks: [Int] = []
  /// Those of what was read last, where they are asked for.
  var codeSpans: [Range<Int>]?
  var noMathAfter = Int.max
  /// For each kind of markup from where on nothing ends it: it is not looked for again. Empty until needed.
  var noMarkupEndAfter: [Int] = []

  struct Bracket {
    var isImage: Bool
    var hasBracketAfter = false
    /// Behind the bracket, in the content.
    var contentStart: Int
    /// Where the bracket stands in `lexed`.
    var lexedStart: Int
    /// How many tokens there were before it.
    var tokenCount: Int
    /// `lineIndex` and how many `lineBreaks` there are before it.
    var line: (index: Int, breaks: Int)
  }

  init(_ source: Bytes, options: MarkdownOptions, plan: consuming LoweringPlan, resolvesEmphasis: Bool) {
    self.source = source
    self.options = options
    self.plan = plan
    self.resolvesEmphasis = resolvesEmphasis
    sentinels = Sentinels(absentFrom: source)
    triggers = Self.triggers(
      options, resolvesEmphasis: resolvesEmphasis, hasManyImages: Self.hasManyImages(source))
    for (number, footnote) in self.plan.footnotes.enumerated() where footnoteNumbers[footnote.label] == nil {
      footnoteNumbers[footnote.label] = number
    }
  }

  /// How many images may be open within each other. libcmark 0.30 looks at all of them for each link that is closed, so that `![[]()`
  /// many times over takes quadratic time. Deeper ones are text.
  static let mostOpenImages = 256

  /// Whether there are enough `![` for that to matter.
  static func hasManyImages(_ source: Bytes) -> Bool {
    var count = 0
    source.forEachIndex(of: ascii("!")) { if source.at($0 + 1) == ascii("[") { count += 1 } }
    return count > mostOpenImages
  }

  mutating func lower() {
    text.reserve(source.count + source.count / 8)
    lines.reserveCapacity((plan.pieces.last?.line ?? 0) + plan.cells.count + plan.pieces.count / 4 + 8)
    markers.reserveCapacity(lines.capacity)
    for cell in plan.cells.indices { lowerCell(cell) }
    var unit = 0
    var piece = 0
    while piece < plan.pieces.count {
      if unit < plan.units.count, plan.units[unit].pieces.lowerBound == piece {
        lowerUnit(plan.units[unit])
        piece = plan.units[unit].pieces.upperBound
        unit += 1
      } else {
        lowerPiece(piece)
        piece += 1
      }
    }
  }

  /// Ends a line of `text`.
  private mutating func endLine(_ sourceLine: Int, marker: Int = -1) {
    text.append(0x0A)
    lines.append(Int32(truncatingIfNeeded: sourceLine))
    markers.append(Int32(truncatingIfNeeded: marker))
  }

  private mutating func appendPrefix(_ piece: LoweringPlan.Piece) {
    if !piece.prefix.isEmpty { text.append(plan.scratch.bytes(piece.prefix)) }
    text.append(source.slice(piece.start, piece.contentStart))
  }

  private mutating func lowerPiece(_ index: Int) {
    let piece = plan.pieces[index]
    appendPrefix(piece)
    switch piece.kind {
    case .marker:
      text.append("___")
      endLine(piece.line, marker: index)
    case .text:
      text.append(source.slice(piece.contentStart, piece.end))
      endLine(piece.line)
    case .verbatim:
      text.append(source.slice(piece.contentStart, piece.end))
      for line in piece.line..<piece.line + piece.lineCount {
        lines.append(Int32(truncatingIfNeeded: line))
        markers.append(-1)
      }
      if let last = text.last, !isLineEnd(last) { text.append(0x0A) }
    }
  }

  private mutating func lowerCell(_ index: Int) {
    let cell = plan.cells[index]
    text.append("# ")
    let content = plan.scratch.bytes(cell.content)
    if needsReading(content) {
      read(content, hasDefinitions: false)
      text.append(lexed.bytes)
    } else {
      text.append(content)
    }
    text.append(" #")
    endLine(cell.line)
  }

  private mutating func lowerUnit(_ unit: LoweringPlan.Unit) {
    var needsReading = unit.isTask || unit.alert != nil
    for index in unit.pieces where !needsReading {
      let piece = plan.pieces[index]
      needsReading = self.needsReading(source.slice(piece.contentStart, piece.end))
    }
    guard needsReading, sentinels != nil else {
      for index in unit.pieces { lowerPiece(index) }
      return
    }
    joined.truncate(0)
    for index in unit.pieces {
      let piece = plan.pieces[index]
      if index > unit.pieces.lowerBound { joined.append(0x0A) }
      joined.append(source.slice(piece.contentStart, piece.end))
    }
    read(
      joined.bytes, hasDefinitions: !unit.isATXHeading, isHeading: unit.isHeading, isTask: unit.isTask,
      alert: unit.alert)
    if opensFence(unit) {
      for index in unit.pieces { lowerPiece(index) }
      return
    }
    appendPrefix(plan.pieces[unit.pieces.lowerBound])
    var line = unit.pieces.lowerBound
    var at = 0
    var start = 0
    for target in lineBreaks {
      while lexed.start[at] != 0x0A { at += 1 }
      text.append(lexed.bytes(start..<at))
      endLine(plan.pieces[line].line)
      at += 1
      start = at
      line = unit.pieces.lowerBound + target
      appendPrefix(plan.pieces[line])
    }
    text.append(lexed.bytes(start..<lexed.count))
    endLine(plan.pieces[line].line)
  }

  /// Whether what was read has a line that is a fence now: a token took in the backtick behind it that made it none.
  private func opensFence(_ unit: LoweringPlan.Unit) -> Bool {
    unit.pieces.contains { source.hasPrefix("```", at: plan.pieces[$0].contentStart) }
      && Self.fences(lexed.bytes) > Self.fences(joined.bytes)
  }

  /// How many lines could begin a block of code; where they do not, they are indented.
  private static func fences(_ text: Bytes) -> Int {
    var count = 0
    var start = 0
    while start < text.count {
      let end = text.index(of: 0x0A, from: start)
      if text.hasPrefix("```", at: start) {
        var at = start
        while at < end, text[at] == ascii("`") { at += 1 }
        if text.slice(0, end).index(of: ascii("`"), from: at) == end { count += 1 }
      }
      start = end + 1
    }
    return count
  }

  /// Whether a line may hold something that only extensions know.
  private func needsReading(_ line: Bytes) -> Bool {
    triggers.contains { trigger in
      var index = line.index(of: trigger, from: 0)
      while index < line.count {
        if mayBegin(trigger, at: index, of: line) { return true }
        index = line.index(of: trigger, from: index + 1)
      }
      return false
    }
  }

  private func mayBegin(_ trigger: UInt8, at index: Int, of line: Bytes) -> Bool {
    let next = line.at(index + 1)
    switch trigger {
    case ascii("["): return next == ascii("^")
    case ascii("!"): return next == ascii("[")
    case ascii("w"): return line.hasPrefix("ww.", at: index + 1)
    case ascii(":"): return options.autolinks && next == ascii("/") || options.emoji && !isWhitespace(next)
    default: return true
    }
  }

  private static func triggers(
    _ options: MarkdownOptions, resolvesEmphasis: Bool, hasManyImages: Bool
  ) -> [UInt8] {
    let triggers: [(Unicode.Scalar, isOn: Bool)] = [
      ("*", resolvesEmphasis), ("_", resolvesEmphasis), ("~", options.strikethrough), ("$", options.math),
      ("{", options.attributes), ("!", hasManyImages), ("[", options.footnotes),
      (":", options.autolinks || options.emoji), ("w", options.autolinks),
    ]
    return triggers.compactMap { $0.isOn ? ascii($0.0) : nil }
  }
}
