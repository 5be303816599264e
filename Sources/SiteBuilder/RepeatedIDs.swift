import Files
import Markdown

extension ContentRenderer {
  /// An id that two places of a text have, as a warning at the second. Where a shortcode has moved the lines, only the file is named.
  ///
  /// - Parameter start: where the text begins in its file.
  func problem(_ repeated: RepeatedID, in source: SourceText, from start: Int) -> LinkProblem {
    let written = Array("#\(repeated.id)".utf8)
    let line = source.offset(ofLine: source.location(at: start).line - 1 + repeated.line)
    let offset = line.flatMap { line in
      // A line may hold any number of images; no longer one is quoted either.
      let beginning = source.bytes[line...].prefix(1000).prefix { $0 != UInt8(ascii: "\n") }
      return find(written, in: Array(beginning), from: 0).map { line + $0 }
    }
    var diagnostic = source.diagnostic(
      .warning, id: "repeated-id", "\(repeated.id) is the id of two places in this text", at: offset ?? 0,
      length: written.count, hint: "links lead to the first, the other needs an id of its own")
    if offset == nil {
      diagnostic.location = SourceLocation(path: source.path)
      diagnostic.sourceLine = nil
    }
    return LinkProblem(url: "", diagnostic: diagnostic)
  }
}
