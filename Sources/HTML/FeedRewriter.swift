/// Hands each URL of a feed or sitemap in XML to `replace`, in order, and puts in what it returns (nil = unchanged): Atom (RFC 4287), RSS 2.0 with
/// Media RSS and `content:encoded`, sitemaps with images.
///
/// HTML in a text, escaped or in CDATA, is looked through as `rewriteHTML` does; ranges of URLs found there are those in the unescaped text.
/// - Returns: the document; bytes outside a replaced URL, or a text with one in it, stay as they are.
public func rewriteFeed<Failure: Error>(
  _ bytes: [UInt8], _ replace: (FoundURL) throws(Failure) -> String?
) throws(Failure) -> [UInt8] {
  var rewriter = FeedRewriter(bytes)
  try rewriter.run(replace)
  return rewriter.finished()
}

/// Hands each URL of a feed or sitemap in XML to `visit`, in order.
public func scanFeed<Failure: Error>(_ bytes: [UInt8], visit: (FoundURL) throws(Failure) -> Void) throws(Failure) {
  _ = try rewriteFeed(bytes) { (found) throws(Failure) -> String? in
    try visit(found)
    return nil
  }
}

/// Reads XML as far as feeds need it: tags with their attributes, and the text of elements that hold nothing else.
private struct FeedRewriter {
  private let bytes: [UInt8]
  private var position = 0
  private var output: [UInt8] = []
  private var copied = 0
  /// The element whose text comes next, where that text is a URL or HTML.
  private var text: Text?

  private enum Text { case url(URLKind), html }

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  consuming func finished() -> [UInt8] {
    if copied == 0 { return bytes }
    output += bytes[copied...]
    return output
  }

  mutating func run<Failure: Error>(_ replace: (FoundURL) throws(Failure) -> String?) throws(Failure) {
    var textStart = 0
    while let open = next(UInt8(ascii: "<"), from: position) {
      if starts(with: "<![cdata[", at: open) {
        let start = open + 9
        let end = find("]]>", from: start) ?? bytes.count
        try visit(start..<end, isCDATA: true, replace)
        position = min(end + 3, bytes.count)
        textStart = position
        continue
      }
      try visit(textStart..<open, isCDATA: false, replace)
      text = nil
      if starts(with: "<!--", at: open) {
        position = (find("-->", from: open + 4) ?? bytes.count) + 3
      } else if open + 1 < bytes.count, bytes[open + 1] == UInt8(ascii: "/") || bytes[open + 1] == UInt8(ascii: "?") {
        position = (next(UInt8(ascii: ">"), from: open) ?? bytes.count) + 1
      } else {
        try tag(at: open, replace)
      }
      position = min(position, bytes.count)
      textStart = position
    }
  }

  // MARK: Tags

  private mutating func tag<Failure: Error>(
    at open: Int, _ replace: (FoundURL) throws(Failure) -> String?
  ) throws(Failure) {
    var index = open + 1
    while index < bytes.count, !isSpace(bytes[index]), !isTagEnd(bytes[index]) { index += 1 }
    let element = String(decoding: bytes[open + 1..<index], as: UTF8.self)
    var type = ""
    while true {
      while index < bytes.count, isSpace(bytes[index]) || bytes[index] == UInt8(ascii: "/") { index += 1 }
      guard index < bytes.count, bytes[index] != UInt8(ascii: ">") else { break }
      let start = index
      while index < bytes.count, bytes[index] != UInt8(ascii: "="), !isSpace(bytes[index]), !isTagEnd(bytes[index]) {
        index += 1
      }
      let name = String(decoding: bytes[start..<index], as: UTF8.self)
      while index < bytes.count, isSpace(bytes[index]) { index += 1 }
      guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else {
        // A stray byte must not hold the scanner up.
        if index == start { index += 1 }
        continue
      }
      index += 1
      while index < bytes.count, isSpace(bytes[index]) { index += 1 }
      guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'") else {
        continue
      }
      guard let end = next(bytes[index], from: index + 1) else {
        index = bytes.count
        break
      }
      let value = index + 1..<end
      if name == "type" { type = String(decoding: bytes[value], as: UTF8.self) }
      if let kind = kind(ofAttribute: name, element) { try visitURL(value, kind, replace) }
      index = end + 1
    }
    text = Self.text(of: element, type: type)
    position = index + 1
  }

  private func kind(ofAttribute name: String, _ element: String) -> URLKind? {
    switch (name, element) {
    case ("href", "image"), ("href", "itunes:image"): .image
    case ("href", _): .link
    case ("src", "content"): .link
    case ("src", _): .media
    case ("url", "enclosure"), ("url", "media:content"): .media
    case ("url", "media:thumbnail"): .image
    default: nil
    }
  }

  private static func text(of element: String, type: String) -> Text? {
    switch element {
    case "link", "loc", "comments", "docs": .url(.link)
    case "icon", "logo": .url(.icon)
    // In RSS, of the channel's picture.
    case "url", "image:loc": .url(.image)
    case "description", "content:encoded": .html
    case "content", "summary", "title", "rights", "subtitle": type == "html" ? .html : nil
    default: nil
    }
  }

  // MARK: Text

  private mutating func visit<Failure: Error>(
    _ range: Range<Int>, isCDATA: Bool, _ replace: (FoundURL) throws(Failure) -> String?
  ) throws(Failure) {
    guard let text, !range.isEmpty else { return }
    switch text {
    case .url(let kind): try visitURL(range, kind, replace, isCDATA: isCDATA)
    case .html:
      let html = isCDATA ? Array(bytes[range]) : unescaped(range)
      let new = try rewriteHTML(html, replace)
      if new != html { put(new, in: range, isCDATA: isCDATA) }
    }
  }

  private mutating func visitURL<Failure: Error>(
    _ range: Range<Int>, _ kind: URLKind, _ replace: (FoundURL) throws(Failure) -> String?, isCDATA: Bool = false
  ) throws(Failure) {
    var range = range
    while let first = range.first, isSpace(bytes[first]) { range.removeFirst() }
    while let last = range.last, isSpace(bytes[last]) { range.removeLast() }
    let url = String(decoding: isCDATA ? Array(bytes[range]) : unescaped(range), as: UTF8.self)
    guard let new = try replace(FoundURL(range: range, kind: kind, url: url)), new != url else { return }
    put(Array(new.utf8), in: range, isCDATA: isCDATA)
  }

  private mutating func put(_ new: [UInt8], in range: Range<Int>, isCDATA: Bool) {
    output += bytes[copied..<range.lowerBound]
    copied = range.upperBound
    if isCDATA { return output += new }
    for byte in new {
      switch byte {
      case UInt8(ascii: "&"): output += "&amp;".utf8
      case UInt8(ascii: "<"): output += "&lt;".utf8
      case UInt8(ascii: ">"): output += "&gt;".utf8
      case UInt8(ascii: "\""): output += "&#34;".utf8
      case UInt8(ascii: "'"): output += "&#39;".utf8
      default: output.append(byte)
      }
    }
  }

  /// XML's five entities and character references, which HTML has too.
  private func unescaped(_ range: Range<Int>) -> [UInt8] {
    bytes.withUnsafeBufferPointer { buffer in
      buffer.first(UInt8(ascii: "&"), from: range.lowerBound, to: range.upperBound) == nil
        ? Array(buffer[range]) : DecodedText(buffer, range, origins: false).bytes
    }
  }

  // MARK: Bytes

  private func next(_ byte: UInt8, from start: Int) -> Int? {
    guard start < bytes.count else { return nil }
    return bytes.withUnsafeBufferPointer { $0.first(byte, from: start, to: $0.count) }
  }

  private func starts(with text: StaticString, at start: Int) -> Bool {
    bytes.withUnsafeBufferPointer { $0.has(text, at: start, before: $0.count) }
  }

  private func find(_ text: StaticString, from start: Int) -> Int? {
    var index = start
    while let found = next(text.utf8Start[0], from: index) {
      if starts(with: text, at: found) { return found }
      index = found + 1
    }
    return nil
  }

  private func isTagEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") }
}
