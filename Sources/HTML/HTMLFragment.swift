/// What was found in a piece of HTML, for when the piece stands in a document: it need not be looked through again there.
public struct HTMLFragment: Sendable {
  /// By places in the piece.
  let findings: [Finding]
  let count: Int
  let hasImportMap: Bool
}

/// As `rewriteHTML`.
/// - Parameter fragment: becomes what is found in the returned bytes; nil where that follows from what stands around them, as after an open
///   comment.
public func rewriteHTML<Visitor: HTMLVisitor>(
  _ bytes: [UInt8], visitor: inout Visitor, fragment: inout HTMLFragment?
) throws(Visitor.Failure) -> [UInt8] {
  let (findings, isClosed, hasImportMap) = HTMLScanner.fragment(in: bytes)
  var moved: [Finding]? = isClosed ? [] : nil
  moved?.reserveCapacity(findings.count)
  let html = try rewritten(bytes, findings, &visitor, moved: &moved)
  fragment = moved.map { HTMLFragment(findings: $0, count: html.count, hasImportMap: hasImportMap) }
  return html
}

/// As `rewriteHTML`, for a document that has at `offset` the very bytes in which `fragment` was found.
public func rewriteHTML<Visitor: HTMLVisitor>(
  _ bytes: [UInt8], holding fragment: HTMLFragment, at offset: Int, visitor: inout Visitor
) throws(Visitor.Failure) -> [UInt8] {
  let findings = HTMLScanner.findings(
    in: bytes, .html, anchors: Visitor.collectsAnchors, images: Visitor.collectsImages, holding: (fragment, offset))
  return try rewritten(bytes, findings, &visitor)
}

extension Finding {
  /// As it stands in a document that has the fragment at `offset`.
  func moved(by offset: Int) -> Finding {
    Finding(what: what, range: (range.lowerBound + offset)..<(range.upperBound + offset), decoded: decoded)
  }
}
