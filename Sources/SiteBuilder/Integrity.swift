import Files
import HTML

extension Site {
  /// A page with `integrity` at the style sheets and scripts of the site that it loads: a browser uses no others, wherever they come from.
  /// `crossorigin` goes with it, without which a browser may not look at files of another host (<https://www.w3.org/TR/sri-1/>).
  ///
  /// - Parameter page: before its URLs are made relative. What a tag says itself stays.
  func addingIntegrity(to page: [UInt8], at path: TreePath) -> [UInt8] {
    var additions: [(offset: Int, text: String)] = []
    scanHTML(page) { found in
      guard found.kind.loadsCode, case .output(let file, _) = target(of: found.url, shownAt: path),
        let integrity = integrity(of: file)
      else { return }
      let start = page[..<found.range.lowerBound].lastIndex(of: UInt8(ascii: "<")) ?? 0
      let end = page[found.range.upperBound...].firstIndex(of: UInt8(ascii: ">")) ?? page.count
      let tag = Array(page[start..<end])
      guard find(Array("integrity=".utf8), in: tag, from: 0) == nil else { return }
      // Behind the quote that ends the URL.
      let isQuoted = page[found.range.upperBound...].first.map { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }
      let origin = find(Array("crossorigin".utf8), in: tag, from: 0) == nil ? " crossorigin=\"anonymous\"" : ""
      additions.append((found.range.upperBound + (isQuoted == true ? 1 : 0), " integrity=\"\(integrity)\"\(origin)"))
    }
    if additions.isEmpty { return page }
    var bytes: [UInt8] = []
    var copied = 0
    for (offset, text) in additions {
      bytes += page[copied..<offset]
      bytes += text.utf8
      copied = offset
    }
    return bytes + page[copied...]
  }
}
