/// What a `Range` header asks of a file, in HTTP.
public enum ByteRange: Equatable, Sendable {
  /// No range, or one that is not understood: the whole file (RFC 9110, section 14.2). So are several ranges at once.
  case whole
  case part(Range<Int>)
  /// 416.
  case unsatisfiable

  /// - Parameter size: of the file, in bytes.
  public init(_ header: String?, size: Int) {
    self = .whole
    guard let header = header?.trimmingSpaces, header.lowercased().hasPrefix("bytes=") else { return }
    let text = header.dropFirst(6).trimmingSpaces
    guard !text.contains(","), let dash = text.firstIndex(of: "-") else { return }
    let first = text[..<dash].trimmingSpaces
    let last = text[text.index(after: dash)...].trimmingSpaces
    guard [first, last].allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }) else { return }
    // More digits than an Int has lie behind every file's end.
    let start = first.isEmpty ? nil : Int(first) ?? Int.max
    let end = last.isEmpty ? nil : Int(last) ?? Int.max
    switch (start, end) {
    case (nil, nil): return
    case (nil, .some(let length)):
      self = length == 0 || size == 0 ? .unsatisfiable : .part(max(0, size - length)..<size)
    case (.some(let start), let end):
      if let end, end < start { return }
      self = start >= size ? .unsatisfiable : .part(start..<min(end ?? Int.max, size - 1) + 1)
    }
  }
}
