/// Hands each URL of a web app manifest (<https://www.w3.org/TR/appmanifest/>) or JSON feed (<https://www.jsonfeed.org/version/1.1/>) to
/// `replace`, in order, and puts in what it returns (nil = unchanged).
///
/// A URL is known by the key that it stands behind. `content_html` is looked through as `rewriteHTML` does; ranges of URLs found there are
/// those in the unescaped text.
/// - Returns: the document; bytes outside a replaced URL, or a text with one in it, stay as they are.
public func rewriteJSON<Failure: Error>(
  _ bytes: [UInt8], _ replace: (FoundURL) throws(Failure) -> String?
) throws(Failure) -> [UInt8] {
  var rewriter = JSONRewriter(bytes)
  try rewriter.run(replace)
  return rewriter.finished()
}

/// Hands each URL of a web app manifest or JSON feed to `visit`, in order.
public func scanJSON<Failure: Error>(_ bytes: [UInt8], visit: (FoundURL) throws(Failure) -> Void) throws(Failure) {
  _ = try rewriteJSON(bytes) { (found) throws(Failure) -> String? in
    try visit(found)
    return nil
  }
}

/// Reads JSON as a row of strings with what stands between them: enough to tell keys from values.
private struct JSONRewriter {
  private let bytes: [UInt8]
  private var position = 0
  private var output: [UInt8] = []
  private var copied = 0

  private enum Value { case url(URLKind), html }

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  consuming func finished() -> [UInt8] {
    if copied == 0 { return bytes }
    output += bytes[copied...]
    return output
  }

  mutating func run<Failure: Error>(_ replace: (FoundURL) throws(Failure) -> String?) throws(Failure) {
    var key: String?
    while position < bytes.count {
      let byte = bytes[position]
      guard byte == UInt8(ascii: "\"") else {
        if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { key = nil }
        position += 1
        continue
      }
      guard let range = bytes.jsonString(at: position) else { return }
      position = range.upperBound + 1
      var next = position
      while next < bytes.count, isSpace(bytes[next]) { next += 1 }
      if next < bytes.count, bytes[next] == UInt8(ascii: ":") {
        key = String(decoding: bytes[range], as: UTF8.self)
        position = next + 1
        continue
      }
      guard let value = key.flatMap(Self.value(of:)), let text = unescaped(bytes[range]) else { continue }
      switch value {
      case .url(let kind):
        let url = String(decoding: text, as: UTF8.self)
        if let new = try replace(FoundURL(range: range, kind: kind, url: url)), new != url {
          put(Array(new.utf8), in: range)
        }
      case .html:
        let new = try rewriteHTML(text, replace)
        if new != text { put(new, in: range) }
      }
    }
  }

  private static func value(of key: String) -> Value? {
    switch key {
    case "src", "icon", "favicon", "image", "banner_image", "avatar": .url(.image)
    case "url", "home_page_url", "feed_url", "next_url", "external_url", "start_url", "scope", "action": .url(.link)
    case "content_html": .html
    default: nil
    }
  }

  private mutating func put(_ new: [UInt8], in range: Range<Int>) {
    output += bytes[copied..<range.lowerBound]
    copied = range.upperBound
    for byte in new {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
      case 0x0A: output += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
      case 0..<0x20: output += "\\u00".utf8 + [hexDigit(byte >> 4), hexDigit(byte & 15)]
      default: output.append(byte)
      }
    }
  }
}
