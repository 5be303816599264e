/// Bytes of a file's beginning that are looked at.
let sniffedLength = 3072

extension ContentType {
  /// The type of a file without a name, guessed from its first bytes as Kubo does: pages, SVG, JSON and the usual images are found; style
  /// sheets and scripts are only text, fonts only bytes. After https://mimesniff.spec.whatwg.org, sections 7.1 and 6.
  static func sniffed(_ bytes: ArraySlice<UInt8>) -> String {
    let head = bytes.prefix(sniffedLength)
    for (magic, offset, type) in signatures where head.dropFirst(offset).starts(with: magic) {
      if magic != riff { return type }
      if head.dropFirst(8).starts(with: Array("WEBP".utf8)) { return "image/webp" }
      if head.dropFirst(8).starts(with: Array("WAVE".utf8)) { return "audio/wav" }
    }
    guard !head.contains(where: isBinary) else { return "application/octet-stream" }
    var text = head
    if text.starts(with: [0xef, 0xbb, 0xbf]) { text = text.dropFirst(3) }
    text = text.drop(while: isSpace)
    if let markup = markup(text) { return markup }
    if text.first == UInt8(ascii: "{") || text.first == UInt8(ascii: "["),
      isJSON(text, isWhole: bytes.count <= sniffedLength)
    {
      return "application/json"
    }
    return "text/plain; charset=utf-8"
  }

  private static let riff = Array("RIFF".utf8)
  private static let signatures: [(magic: [UInt8], offset: Int, type: String)] = [
    ([0x89] + Array("PNG\r\n".utf8) + [0x1a, 0x0a], 0, "image/png"), ([0xff, 0xd8, 0xff], 0, "image/jpeg"),
    (Array("GIF87a".utf8), 0, "image/gif"), (Array("GIF89a".utf8), 0, "image/gif"), (riff, 0, ""),
    ([0, 0, 1, 0], 0, "image/vnd.microsoft.icon"), (Array("ftypavif".utf8), 4, "image/avif"),
    (Array("ftyp".utf8), 4, "video/mp4"), ([0x1a, 0x45, 0xdf, 0xa3], 0, "video/webm"),
    (Array("OggS\0".utf8), 0, "application/ogg"), (Array("ID3".utf8), 0, "audio/mpeg"),
    (Array("%PDF-".utf8), 0, "application/pdf"), (Array("PK\u{3}\u{4}".utf8), 0, "application/zip"),
    ([0x1f, 0x8b, 8], 0, "application/gzip"), ([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], 0, "application/wasm"),
  ]

  /// mimesniff, section 3: binary data bytes.
  private static func isBinary(_ byte: UInt8) -> Bool {
    byte <= 8 || byte == 0x0b || (0x0e...0x1a).contains(byte) || (0x1c...0x1f).contains(byte)
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0a).contains(byte) || (0x0c...0x0d).contains(byte)
  }

  private static let htmlTags = [
    "<!doctype html", "<html", "<head", "<script", "<iframe", "<h1", "<div", "<font", "<table", "<a", "<style",
    "<title",
    "<b", "<body", "<br", "<p",
  ].map { Array($0.utf8) }

  private static func markup(_ text: ArraySlice<UInt8>) -> String? {
    guard text.first == UInt8(ascii: "<") else { return nil }
    if begins(text, "<svg") { return "image/svg+xml" }
    if text.starts(with: Array("<!--".utf8)) || begins(text, "<?xml") || begins(text, "<!doctype") {
      switch rootElement(text) {
      case "svg": return "image/svg+xml"
      case "rss": return "application/rss+xml"
      case "feed": return "application/atom+xml"
      case "html": return "text/html"
      case .some, nil: if begins(text, "<?xml") { return "text/xml; charset=utf-8" }
      }
      if text.starts(with: Array("<!--".utf8)) { return "text/html" }
    }
    for tag in htmlTags where text.count > tag.count && begins(text, tag) {
      let next = text[text.startIndex + tag.count]
      if isSpace(next) || next == UInt8(ascii: ">") { return "text/html" }
    }
    return nil
  }

  private static func begins(_ text: ArraySlice<UInt8>, _ word: String) -> Bool { begins(text, Array(word.utf8)) }

  private static func begins(_ text: ArraySlice<UInt8>, _ word: [UInt8]) -> Bool {
    text.count >= word.count && zip(text, word).allSatisfy { lowercase($0) == $1 }
  }

  private static func lowercase(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }

  /// The name of the first element, behind declarations and comments.
  private static func rootElement(_ text: ArraySlice<UInt8>) -> String? {
    var rest = text
    while let open = rest.firstIndex(of: UInt8(ascii: "<")) {
      rest = rest[open...]
      if rest.starts(with: Array("<!--".utf8)) {
        rest = rest.dropFirst(4)
        while !rest.isEmpty, !rest.starts(with: Array("-->".utf8)) { rest = rest.dropFirst() }
        continue
      }
      rest = rest.dropFirst()
      guard let first = rest.first else { return nil }
      if first == UInt8(ascii: "?") || first == UInt8(ascii: "!") {
        guard let close = rest.firstIndex(of: UInt8(ascii: ">")) else { return nil }
        rest = rest[(close + 1)...]
        continue
      }
      let name = rest.prefix { (0x30...0x3a).contains($0) || (0x61...0x7a).contains(lowercase($0)) }
      return String(decoding: name.map(lowercase), as: UTF8.self)
    }
    return nil
  }

  /// Whether `text` is JSON or, where it is not whole, may be the beginning of some. Looks at structure only: strings closed, brackets in
  /// pairs, and nothing outside strings that JSON has no use for.
  private static func isJSON(_ text: ArraySlice<UInt8>, isWhole: Bool) -> Bool {
    var open: [UInt8] = []
    var isInString = false
    var isEscaped = false
    var hasEnded = false
    for byte in text {
      if isInString {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
        } else if byte < 0x20 {
          return false
        }
        continue
      }
      if isSpace(byte) { continue }
      if hasEnded { return false }
      switch byte {
      case UInt8(ascii: "\""): isInString = true
      case UInt8(ascii: "{"): open.append(UInt8(ascii: "}"))
      case UInt8(ascii: "["): open.append(UInt8(ascii: "]"))
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard open.popLast() == byte else { return false }
        hasEnded = open.isEmpty
      case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "E"), UInt8(ascii: "a"), UInt8(ascii: "e"),
        UInt8(ascii: "f"), UInt8(ascii: "l"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "s"),
        UInt8(ascii: "t"), UInt8(ascii: "u"):
        break
      default: return false
      }
    }
    return hasEnded || !isWhole
  }
}
