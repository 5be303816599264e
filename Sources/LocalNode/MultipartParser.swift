import Glibc

/// A body that is no `multipart/form-data`.
struct MultipartError: Error, Hashable, CustomStringConvertible {
  let reason: String

  init(_ reason: String) {
    self.reason = reason
  }

  var description: String { reason }
}

/// A strict streaming parser of `multipart/form-data` (RFC 7578 on RFC 2046, section 5.1).
///
/// Bytes go in by `append`, in pieces of any size; events come out of `next` until it has none, then more bytes are wanted. The events
/// are the same however the body is cut, but for the cuts between `data` events. It holds one piece of the body and, of headers, one line.
struct MultipartParser {
  enum Event: Equatable {
    case part(MultipartPart)
    /// Never empty.
    case data(ArraySlice<UInt8>)
    case endOfPart
  }

  enum Limit {
    static let preamble = 4096
    static let line = 8192
    static let lines = 32
    static let padding = 256
  }

  private enum State {
    case preamble
    case headers(MultipartPart, lines: Int)
    /// The line end before a delimiter belongs to it; right after the headers their own line end serves.
    case content(isAtLineStart: Bool)
    case epilogue
  }

  private enum Scan {
    /// Content ends at `contentEnd`, the delimiter's line at `end`.
    case delimiter(contentEnd: Int, end: Int, isLast: Bool)
    /// Content up to here for certain; what follows may be a delimiter's beginning.
    case content(upTo: Int)
  }

  private enum Match {
    case no
    case partial
    case delimiter(end: Int, isLast: Bool)
  }

  /// `--` and the boundary.
  private let dashBoundary: [UInt8]
  private var state = State.preamble
  private var isAtStart = true
  private var preambleLength = 0
  private var buffer: [UInt8] = []
  private var position = 0

  /// - Parameter boundary: 1 to 70 characters (RFC 2046, section 5.1.1).
  init(boundary: String) throws(MultipartError) {
    let allowed = Array("'()+_,-./:=? ".utf8)
    let bytes = Array(boundary.utf8)
    let isValid = bytes.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"):
        true
      default: allowed.contains(byte)
      }
    }
    guard (1...70).contains(bytes.count), isValid, bytes.last != UInt8(ascii: " ") else {
      throw MultipartError("boundary must be 1 to 70 characters of RFC 2046's set")
    }
    dashBoundary = Array("--".utf8) + bytes
  }

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    if position == buffer.count {
      buffer.removeAll(keepingCapacity: true)
    } else if position > 0 {
      buffer.removeSubrange(..<position)
    }
    position = 0
    buffer.append(contentsOf: bytes)
  }

  /// The next event; nil where more bytes are needed.
  mutating func next() throws(MultipartError) -> Event? {
    while true {
      switch state {
      case .preamble:
        guard try skipPreamble() else { return nil }
      case .headers(let part, let lines):
        guard let event = try header(part, lines: lines) else { return nil }
        if case .some(let event) = event { return event }
      case .content(let isAtLineStart):
        return try content(isAtLineStart: isAtLineStart)
      case .epilogue:
        position = buffer.count
        return nil
      }
    }
  }

  /// To be called when the body has ended and `next` has no more.
  func finish() throws(MultipartError) {
    guard case .epilogue = state else { throw MultipartError("body ends before its last boundary") }
  }

  /// - Returns: whether the first delimiter was found.
  private mutating func skipPreamble() throws(MultipartError) -> Bool {
    switch try scan(isAtLineStart: isAtStart) {
    case .delimiter(_, let end, let isLast):
      position = end
      state = isLast ? .epilogue : .headers(MultipartPart(), lines: 0)
      return true
    case .content(let end):
      preambleLength += end - position
      if end > position { isAtStart = false }
      position = end
      guard preambleLength <= Limit.preamble else {
        throw MultipartError("boundary not found at the start of the body")
      }
      return false
    }
  }

  /// Takes one line of headers.
  /// - Returns: nil where the line has not arrived whole; `.some(nil)` after a header, the event after the empty line.
  private mutating func header(_ part: MultipartPart, lines: Int) throws(MultipartError) -> Event?? {
    guard let end = lineEnd() else {
      guard buffer.count - position <= Limit.line else {
        throw MultipartError("header line longer than \(Limit.line) bytes")
      }
      return nil
    }
    let line = buffer[position..<end]
    position = end + 2
    if line.isEmpty {
      guard part.isFormData else { throw MultipartError("part without a Content-Disposition of form-data") }
      state = .content(isAtLineStart: true)
      return .some(.part(part))
    }
    guard line.count <= Limit.line else { throw MultipartError("header line longer than \(Limit.line) bytes") }
    guard lines < Limit.lines else { throw MultipartError("part with more than \(Limit.lines) header lines") }
    var part = part
    try part.add(headerLine: line)
    state = .headers(part, lines: lines + 1)
    return .some(nil)
  }

  private mutating func content(isAtLineStart: Bool) throws(MultipartError) -> Event? {
    switch try scan(isAtLineStart: isAtLineStart) {
    case .delimiter(let contentEnd, let end, let isLast):
      if contentEnd > position {
        let data = buffer[position..<contentEnd]
        // The delimiter is found again, at once, and then ends the part.
        position = contentEnd
        state = .content(isAtLineStart: false)
        return .data(data)
      }
      position = end
      state = isLast ? .epilogue : .headers(MultipartPart(), lines: 0)
      return .endOfPart
    case .content(let end):
      guard end > position else { return nil }
      let data = buffer[position..<end]
      position = end
      state = .content(isAtLineStart: false)
      return .data(data)
    }
  }

  /// Where the CR LF that ends the current line begins.
  private func lineEnd() -> Int? {
    var start = position
    while let found = carriageReturn(from: start) {
      guard found + 1 < buffer.count else { return nil }
      if buffer[found + 1] == UInt8(ascii: "\n") { return found }
      start = found + 1
    }
    return nil
  }

  private func carriageReturn(from start: Int) -> Int? {
    guard start < buffer.count else { return nil }
    return buffer.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, let found = memchr(base + start, 13, bytes.count - start) else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }

  private func scan(isAtLineStart: Bool) throws(MultipartError) -> Scan {
    if isAtLineStart {
      switch try match(at: position) {
      case .delimiter(let end, let isLast): return .delimiter(contentEnd: position, end: end, isLast: isLast)
      case .partial: return .content(upTo: position)
      case .no: break
      }
    }
    var start = position
    while let found = carriageReturn(from: start) {
      guard found + 1 < buffer.count else { return .content(upTo: found) }
      if buffer[found + 1] == UInt8(ascii: "\n") {
        switch try match(at: found + 2) {
        case .delimiter(let end, let isLast): return .delimiter(contentEnd: found, end: end, isLast: isLast)
        case .partial: return .content(upTo: found)
        case .no: break
        }
      }
      start = found + 1
    }
    return .content(upTo: buffer.count)
  }

  /// Whether a delimiter's line, without the line end before it, is at `start`.
  private func match(at start: Int) throws(MultipartError) -> Match {
    let known = min(buffer.count - start, dashBoundary.count)
    guard buffer[start..<start + known].elementsEqual(dashBoundary[..<known]) else { return .no }
    var index = start + dashBoundary.count
    guard index < buffer.count else { return .partial }
    if buffer[index] == UInt8(ascii: "-") {
      guard index + 1 < buffer.count else { return .partial }
      return buffer[index + 1] == UInt8(ascii: "-") ? .delimiter(end: index + 2, isLast: true) : .no
    }
    let paddingStart = index
    while index < buffer.count, buffer[index] == UInt8(ascii: " ") || buffer[index] == UInt8(ascii: "\t") { index += 1 }
    guard index - paddingStart <= Limit.padding else { throw MultipartError("boundary line with too much white space") }
    guard index < buffer.count else { return .partial }
    if buffer[index] == UInt8(ascii: "\r") {
      guard index + 1 < buffer.count else { return .partial }
      if buffer[index + 1] == UInt8(ascii: "\n") { return .delimiter(end: index + 2, isLast: false) }
    }
    // White space after the boundary is padding; anything else makes it a longer word, which is content.
    guard index == paddingStart else { throw MultipartError("boundary line with text after it") }
    return .no
  }
}
