/// What a window shows of a source line: all of it, or the part around the place that is meant.
public struct Excerpt: Sendable, Hashable {
  /// With an ellipsis where the line goes on; tabs are spaces.
  public let text: String
  /// How many characters stand before the part that is meant; nil where only the line is known.
  public let indent: Int?
  /// How many characters are meant; at least 1.
  public let length: Int

  /// - Parameter width: how many characters are shown at most.
  public init(_ line: String, _ location: SourceLocation, width: Int = 160) {
    let characters = line.map { $0 == "\t" ? " " : $0 }
    func count(ofBytes bytes: some Sequence<UInt8>) -> Int { String(decoding: Array(bytes), as: UTF8.self).count }
    let column =
      location.column > 0 ? min(count(ofBytes: line.utf8.prefix(location.column - 1)), characters.count) : nil
    var start = 0
    if characters.count > width, let column {
      // Some words before it, and more behind: what is meant begins there.
      start = max(0, min(column - width / 3, characters.count - width))
    }
    let end = min(start + width, characters.count)
    var shown = Array(characters[start..<end])
    if start > 0 { shown[0] = "…" }
    if end < characters.count { shown[shown.count - 1] = "…" }
    text = String(shown)
    indent = column.map { $0 - start }
    let meant = count(ofBytes: line.utf8.dropFirst(max(0, location.column - 1)).prefix(max(location.length, 1)))
    length = max(1, min(meant, shown.count - (indent ?? 0)))
  }
}
