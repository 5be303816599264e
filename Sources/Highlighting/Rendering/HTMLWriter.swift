/// Appends `code` escaped as cmark does: `&`, `<`, `>` and `"`.
public func appendEscaped(_ code: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
  appendHTML(code, [], to: &output)
}

/// Appends `code` with a span around each token.
func appendHTML(_ code: UnsafeBufferPointer<UInt8>, _ tokens: [Token], to output: inout [UInt8]) {
  guard let text = code.baseAddress else { return }
  // The exact size first, so that the bytes are written without a check each.
  let size =
    escapedSize(text, code.count)
    + tokens.reduce(0) { $0 &+ SpanTags.table[Int($1.kind.rawValue)].count &+ SpanTags.close.count }
  withUnsafeTemporaryAllocation(of: UInt8.self, capacity: size + 1) { buffer in
    guard let start = buffer.baseAddress else { return }
    var writer = HTMLWriter(text: text, output: start)
    var position = 0
    for token in tokens {
      writer.escape(position, token.start)
      writer.tag(SpanTags.table[Int(token.kind.rawValue)])
      writer.escape(token.start, token.end)
      writer.tag(SpanTags.close)
      position = token.end
    }
    writer.escape(position, code.count)
    precondition(writer.output == start + size, "bug: HTML of another size than computed")
    output.append(contentsOf: UnsafeBufferPointer(start: start, count: size))
  }
}

private func escapedSize(_ text: UnsafePointer<UInt8>, _ count: Int) -> Int {
  var size = count
  for index in 0..<count { size &+= Int(escapes.lengths[Int(text[index])]) }
  return size
}

/// What a byte becomes: how many bytes more it takes, and which.
private struct Escapes: @unchecked Sendable {
  /// 0 for what stays.
  let lengths: UnsafePointer<UInt8>

  init() {
    var lengths = [UInt8](repeating: 0, count: 256)
    for (byte, entity) in Self.entities { lengths[Int(byte)] = UInt8(entity.utf8CodeUnitCount - 1) }
    self.lengths = UnsafePointer(immortal(lengths))
  }

  private static let entities: [(UInt8, StaticString)] = [
    (0x26, "&amp;"), (0x3C, "&lt;"), (0x3E, "&gt;"), (0x22, "&quot;"),
  ]

  @inline(__always)
  func entity(_ byte: UInt8) -> StaticString {
    switch byte {
    case 0x26: "&amp;"
    case 0x3C: "&lt;"
    case 0x3E: "&gt;"
    default: "&quot;"
    }
  }
}

private let escapes = Escapes()

/// Writes to memory that is known to be large enough.
private struct HTMLWriter {
  let text: UnsafePointer<UInt8>
  var output: UnsafeMutablePointer<UInt8>
  let lengths = escapes.lengths

  @inline(__always)
  mutating func escape(_ from: Int, _ to: Int) {
    var index = from
    while index < to {
      let byte = text[index]
      index &+= 1
      if lengths[Int(byte)] == 0 {
        output.pointee = byte
        output += 1
      } else {
        let entity = escapes.entity(byte)
        output.update(from: entity.utf8Start, count: entity.utf8CodeUnitCount)
        output += entity.utf8CodeUnitCount
      }
    }
  }

  @inline(__always)
  mutating func tag(_ tag: SpanTags.Tag) {
    output.update(from: tag.start, count: tag.count)
    output += tag.count
  }
}

/// `<span class="k">` for each kind, and `</span>`.
enum SpanTags {
  struct Tag: @unchecked Sendable {
    let start: UnsafePointer<UInt8>
    let count: Int

    init(_ text: String) {
      start = UnsafePointer(immortal(Array(text.utf8)))
      count = text.utf8.count
    }
  }

  struct Table: @unchecked Sendable {
    let start: UnsafePointer<Tag>
    @inline(__always) subscript(kind: Int) -> Tag { start[kind] }
  }

  static let close = Tag("</span>")
  static let table = Table(start: immortal(Kind.allCases.map { Tag("<span class=\"\($0.className)\">") }))
}
