import Glibc

/// A text with a table of its lines, to turn byte offsets into lines and columns and to quote a line.
public struct SourceText: Sendable {
  public let path: String
  public let bytes: [UInt8]
  private let lineStarts: [Int]

  /// - Parameter path: as diagnostics shall name it.
  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
    var starts = [0]
    bytes.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      starts.reserveCapacity(buffer.count / 64 + 2)
      var index = 0
      while let found = memchr(start + index, Int32(UInt8(ascii: "\n")), buffer.count - index) {
        index = UnsafeRawPointer(found) - UnsafeRawPointer(start) + 1
        starts.append(index)
      }
    }
    lineStarts = starts
  }

  /// Without the byte order mark that some editors put first: it is no part of a text, and no column of it.
  public var withoutByteOrderMark: SourceText {
    bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? SourceText(path: path, bytes: Array(bytes[3...])) : self
  }

  public var lineCount: Int { lineStarts.count }

  /// The place of the byte at `offset`; an offset behind the end is the end.
  public func location(at offset: Int, length: Int = 0) -> SourceLocation {
    let offset = min(max(offset, 0), bytes.count)
    var low = 0
    var high = lineStarts.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle - 1 }
    }
    return SourceLocation(path: path, line: low + 1, column: offset - lineStarts[low] + 1, length: length)
  }

  private func length(ofLine number: Int) -> Int {
    (number < lineStarts.count ? lineStarts[number] : bytes.count) - lineStarts[number - 1]
  }

  /// Where the bytes of a 1-based line are, without its line end; nil where there is no such line.
  public func range(ofLine number: Int) -> Range<Int>? {
    guard number >= 1, number <= lineStarts.count else { return nil }
    let start = lineStarts[number - 1]
    var end = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<end
  }

  /// The text of such a line, bytes that are no UTF-8 replaced.
  public func line(_ number: Int) -> String? {
    range(ofLine: number).map { String(decoding: bytes[$0], as: UTF8.self) }
  }

  /// Where a 1-based line begins; nil where there is no such line.
  public func offset(ofLine number: Int) -> Int? {
    lineStarts.indices.contains(number - 1) ? lineStarts[number - 1] : nil
  }

  /// A line that is longer is not quoted: no screen shows it, and a file of one line may have a mistake in every word.
  private static let longestQuotedLine = 2000

  /// A diagnostic at `offset`, with its source line.
  public func diagnostic(
    _ severity: Diagnostic.Severity = .error, id: String, _ message: String, at offset: Int, length: Int = 0,
    hint: String? = nil, notes: [String] = []
  ) -> Diagnostic {
    let location = location(at: offset, length: length)
    return Diagnostic(
      severity, id: id, message, at: location,
      sourceLine: self.length(ofLine: location.line) <= Self.longestQuotedLine ? line(location.line) : nil, hint: hint,
      notes: notes)
  }
}
