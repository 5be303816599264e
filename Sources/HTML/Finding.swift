/// What the scanners report, small and without text of its own where the document's bytes will do.
struct Finding {
  enum What {
    case url(URLKind, Notation)
    case anchor
    case imageWithoutAlt
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
}

/// A document with its edits: source bytes are copied only from the first edit on.
private struct Edits {
  let source: [UInt8]
  var output: [UInt8] = []
  var copied: Int?

  init(_ source: [UInt8]) { self.source = source }

  mutating func replace(_ range: Range<Int>, with url: String, in notation: Notation) {
    if copied == nil { output.reserveCapacity(source.count + source.count / 8 + url.utf8.count) }
    output += source[(copied ?? 0)..<range.lowerBound]
    notation.append(url, to: &output)
    copied = range.upperBound
  }

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

func rewritten<Visitor: HTMLVisitor>(
  _ document: [UInt8], _ findings: [Finding], _ visitor: inout Visitor
) throws(Visitor.Failure) -> [UInt8] {
  var edits = Edits(document)
  for finding in findings {
    switch finding.what {
    case .url(let kind, let notation):
      let found = FoundURL(range: finding.range, kind: kind, url: finding.text(in: document))
      guard let new = try visitor.url(found), !new.utf8.elementsEqual(found.url.utf8) else { continue }
      edits.replace(finding.range, with: new, in: notation)
    case .anchor: try visitor.anchor(finding.text(in: document), at: finding.range)
    case .imageWithoutAlt: try visitor.imageWithoutAlt(at: finding.range.lowerBound)
    }
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
  for finding in findings {
    switch finding.what {
    case .url(let kind, _):
      _ = try visitor.url(FoundURL(range: finding.range, kind: kind, url: finding.text(in: document)))
    case .anchor: try visitor.anchor(finding.text(in: document), at: finding.range)
    case .imageWithoutAlt: try visitor.imageWithoutAlt(at: finding.range.lowerBound)
    }
  }
}
