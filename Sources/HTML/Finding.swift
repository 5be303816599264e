/// What the scanners report, small and without text of its own where the document's bytes will do.
struct Finding: Sendable {
  enum What: Sendable {
    case url(URLKind, Notation)
    case anchor
    case imageWithoutAlt
    /// The range is empty: attributes can be put in there.
    case image(ImageTag)
  }

  let what: What
  let range: Range<Int>
  /// The text meant; nil where it is the bytes at `range` as they are.
  let decoded: String?
}

extension Finding {
  func text(in document: [UInt8]) -> String {
    if let decoded { return decoded }
    return document.withUnsafeBufferPointer { String(decoding: $0[range], as: UTF8.self) }
  }

  /// What `visitor` says of the URL's bytes; `replacement` is emptied before.
  fileprivate func quickAnswer(
    in document: [UInt8], _ kind: URLKind, _ notation: Notation, _ visitor: inout some HTMLVisitor,
    _ replacement: inout [UInt8]
  ) -> QuickAnswer {
    if decoded != nil { return .unknown }
    if case .missing = notation.host { return .unknown }
    if case .specifier = notation.form { return .unknown }
    if !replacement.isEmpty { replacement.removeAll(keepingCapacity: true) }
    return document.withUnsafeBufferPointer {
      visitor.url(UnsafeBufferPointer(rebasing: $0[range]), kind, replacement: &replacement)
    }
  }

  fileprivate func isQuickAnchor(in document: [UInt8], _ visitor: inout some HTMLVisitor) -> Bool {
    if decoded != nil { return false }
    return document.withUnsafeBufferPointer { visitor.anchor(UnsafeBufferPointer(rebasing: $0[range])) }
  }
}

/// A document with its edits: source bytes are copied only from the first edit on.
private struct Edits {
  let source: [UInt8]
  private var output: [UInt8] = []
  private var copied: Int?

  init(_ source: [UInt8]) { self.source = source }

  mutating func replace(_ range: Range<Int>, with url: String, in notation: Notation) {
    copy(before: range, needing: url.utf8.count)
    notation.append(url, to: &output)
  }

  /// - Parameter bytes: what stands for itself in every notation.
  mutating func replace(_ range: Range<Int>, with bytes: [UInt8]) {
    copy(before: range, needing: bytes.count)
    output += bytes
  }

  private mutating func copy(before range: Range<Int>, needing count: Int) {
    if copied == nil { output.reserveCapacity(source.count + source.count / 8 + count) }
    output += source[(copied ?? 0)..<range.lowerBound]
    copied = range.upperBound
  }

  /// Renames the attribute that the URL at `range` is the value of, so that no browser follows it, and puts `url` in as its value.
  mutating func setAside(_ range: Range<Int>, as url: String, _ kind: URLKind, in notation: Notation) {
    if let name = attributeName(before: range.lowerBound, kind), name.lowerBound >= copied ?? 0 {
      if copied == nil { output.reserveCapacity(source.count + source.count / 8 + url.utf8.count) }
      output += source[(copied ?? 0)..<name.lowerBound]
      output += "data-later-".utf8
      copied = name.lowerBound
    }
    replace(range, with: url, in: notation)
  }

  /// The name of the attribute whose value holds what begins at `start`: backwards over quote, spaces and equals sign.
  private func attributeName(before start: Int, _ kind: URLKind) -> Range<Int>? {
    var index = start
    func back(over isSkipped: (UInt8) -> Bool) {
      while index > 0, isSkipped(source[index - 1]) { index -= 1 }
    }
    // In `content="5; url=page.html"` the value begins before the URL.
    if kind == .refresh {
      let isContent = { (equals: Int) in
        var end = equals
        while end > 0, isSpace(source[end - 1]) { end -= 1 }
        return source.withUnsafeBufferPointer { end >= 7 && $0.has("content", at: end - 7, before: end) }
      }
      while index > 0, !(source[index - 1] == UInt8(ascii: "=") && isContent(index - 1)) { index -= 1 }
    }
    back { isSpace($0) || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }
    guard index > 0, source[index - 1] == UInt8(ascii: "=") else { return nil }
    index -= 1
    back { isSpace($0) }
    let end = index
    back { isLetter($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ":") }
    return index < end ? index..<end : nil
  }

  mutating func insert(_ text: String, at offset: Int) {
    copy(before: offset..<offset, needing: text.utf8.count)
    output += text.utf8
  }

  /// Where the byte at `offset` of the source, behind all edits so far, stands in the output.
  func place(of offset: Int) -> Int { copied.map { output.count + offset - $0 } ?? offset }

  consuming func finished() -> [UInt8] {
    guard let copied else { return source }
    output += source[copied...]
    return output
  }
}

func rewritten<Failure: Error>(
  _ document: [UInt8], _ findings: [Finding], _ replace: (FoundURL) throws(Failure) -> String?
) throws(Failure) -> [UInt8] {
  var edits = Edits(document)
  for finding in findings {
    guard case .url(let kind, let notation) = finding.what else { continue }
    let found = FoundURL(range: finding.range, kind: kind, url: finding.text(in: document))
    guard let new = try replace(found), !new.utf8.elementsEqual(found.url.utf8) else { continue }
    edits.replace(finding.range, with: new, in: notation)
  }
  return edits.finished()
}

func edited<Failure: Error>(
  _ document: [UInt8], _ findings: [Finding], _ edit: (FoundURL) throws(Failure) -> URLEdit
) throws(Failure) -> [UInt8] {
  var edits = Edits(document)
  for finding in findings {
    guard case .url(let kind, let notation) = finding.what else { continue }
    let found = FoundURL(range: finding.range, kind: kind, url: finding.text(in: document))
    switch try edit(found) {
    case .keep: continue
    case .replace(let new): if new != found.url { edits.replace(finding.range, with: new, in: notation) }
    case .setAside(let new): edits.setAside(finding.range, as: new, kind, in: notation)
    }
  }
  return edits.finished()
}

func rewritten<Visitor: HTMLVisitor>(
  _ document: [UInt8], _ findings: [Finding], _ visitor: inout Visitor
) throws(Visitor.Failure) -> [UInt8] {
  var moved: [Finding]?
  return try rewritten(document, findings, &visitor, moved: &moved)
}

/// - Parameter moved: not nil where the findings are wanted as they stand in the returned bytes; becomes nil where that is not known.
func rewritten<Visitor: HTMLVisitor>(
  _ document: [UInt8], _ findings: [Finding], _ visitor: inout Visitor, moved: inout [Finding]?
) throws(Visitor.Failure) -> [UInt8] {
  var edits = Edits(document)
  var replacement: [UInt8] = []
  for finding in findings {
    var start = moved == nil ? 0 : edits.place(of: finding.range.lowerBound)
    var count = finding.range.count
    var what = finding.what
    var decoded = finding.decoded
    switch finding.what {
    case .url(let kind, let notation):
      switch finding.quickAnswer(in: document, kind, notation, &visitor, &replacement) {
      case .stays: break
      case .replaced:
        edits.replace(finding.range, with: replacement)
        count = replacement.count
      case .unknown:
        let found = FoundURL(range: finding.range, kind: kind, url: finding.text(in: document))
        guard let new = try visitor.url(found), !new.utf8.elementsEqual(found.url.utf8) else { break }
        edits.replace(finding.range, with: new, in: notation)
        if moved == nil { break }
        count = edits.place(of: finding.range.upperBound) - start
        decoded = nil
        // Written in another way than it is meant, or with quotes that were not there.
        if count != new.utf8.count { moved = nil }
      }
    case .anchor:
      if !Visitor.collectsAnchors || finding.isQuickAnchor(in: document, &visitor) { break }
      try visitor.anchor(finding.text(in: document), at: finding.range)
    case .imageWithoutAlt: try visitor.imageWithoutAlt(at: finding.range.lowerBound)
    case .image(let tag):
      guard Visitor.collectsImages, let added = try visitor.image(tag), !added.isEmpty else { break }
      edits.insert(added, at: finding.range.lowerBound)
      if moved == nil { break }
      what = .image(HTMLScanner.tag(tag, with: added))
      start += added.utf8.count
    }
    moved?.append(Finding(what: what, range: start..<(start + count), decoded: decoded))
  }
  return edits.finished()
}

func visitEach<Failure: Error>(
  _ findings: [Finding], of document: [UInt8], _ visit: (FoundURL) throws(Failure) -> Void
) throws(Failure) {
  for finding in findings {
    guard case .url(let kind, _) = finding.what else { continue }
    try visit(FoundURL(range: finding.range, kind: kind, url: finding.text(in: document)))
  }
}

func visitEach<Visitor: HTMLVisitor>(
  _ findings: [Finding], of document: [UInt8], _ visitor: inout Visitor
) throws(Visitor.Failure) {
  var replacement: [UInt8] = []
  for finding in findings {
    switch finding.what {
    case .url(let kind, let notation):
      guard case .unknown = finding.quickAnswer(in: document, kind, notation, &visitor, &replacement) else { continue }
      _ = try visitor.url(FoundURL(range: finding.range, kind: kind, url: finding.text(in: document)))
    case .anchor:
      if finding.isQuickAnchor(in: document, &visitor) { continue }
      try visitor.anchor(finding.text(in: document), at: finding.range)
    case .imageWithoutAlt: try visitor.imageWithoutAlt(at: finding.range.lowerBound)
    case .image(let tag): _ = try visitor.image(tag)
    }
  }
}
