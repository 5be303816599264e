/// The text of `html`: without tags, comments, scripts, styles and footnote numbers; character references resolved; white space
/// collapsed. Meant for what this room writes, and for raw HTML in it.
public func plainText(ofHTML html: ArraySlice<UInt8>) -> [UInt8] {
  html.withUnsafeBufferPointer { bytes in
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    var at = 0
    while at < bytes.count {
      let byte = bytes[at]
      if byte == ascii("<") {
        at = skipTag(bytes, at)
      } else if byte == ascii("&"), let (replacement, end) = characterReference(bytes, at) {
        text += replacement
        at = end
      } else {
        if byte > 0x20 {
          text.append(byte)
        } else if let last = text.last, last != 0x20 {
          text.append(0x20)
        }
        at += 1
      }
    }
    if text.last == 0x20 { text.removeLast() }
    return text
  }
}

private func skipTag(_ html: Bytes, _ start: Int) -> Int {
  if html.hasPrefix("<!--", at: start) {
    return HTMLScanner.find("-->", in: html, from: start + 4).map { $0 + 3 } ?? html.count
  }
  let ends: [(StaticString, StaticString)] = [
    ("<script", "</script"), ("<style", "</style"), ("<sup class=\"footnote-ref\">", "</sup"),
  ]
  var from = start
  for (open, close) in ends where html.hasPrefixIgnoringCase(open, at: start) {
    let end = start + open.utf8CodeUnitCount
    // `<style-guide>` is no style sheet.
    guard html[end - 1] == ascii(">") || isWhitespace(html.at(end)) || html.at(end) == ascii(">") else { continue }
    from = html.index(of: ascii("<"), from: end)
    while from < html.count, !html.hasPrefixIgnoringCase(close, at: from) {
      from = html.index(of: ascii("<"), from: from + 1)
    }
  }
  // A `>` in an attribute's value ends no tag.
  var quote: UInt8?
  var at = from + 1
  while at < html.count {
    let byte = html[at]
    if let open = quote {
      if byte == open { quote = nil }
    } else if byte == ascii("\"") || byte == ascii("'") {
      quote = byte
    } else if byte == ascii(">") {
      return at + 1
    }
    at += 1
  }
  return html.count
}

private func characterReference(_ html: Bytes, _ start: Int) -> ([UInt8], Int)? {
  let named: [(StaticString, UInt8)] = [
    ("&amp;", 0x26), ("&lt;", 0x3C), ("&gt;", 0x3E), ("&quot;", 0x22), ("&#x27;", 0x27), ("&#39;", 0x27),
    ("&nbsp;", 0x20),
  ]
  for (name, byte) in named where html.hasPrefix(name, at: start) { return ([byte], start + name.utf8CodeUnitCount) }
  return nil
}

/// GitHub's anchor for a heading: in lower case, white space as `-`, everything else that is no letter, digit, `-` or `_` dropped.
func githubID(_ text: String) -> String {
  var text = text
  return text.withUTF8 { bytes in
    if bytes.allSatisfy({ $0 < 0x80 }) {
      return String(unsafeUninitializedCapacity: bytes.count) { slug in
        var count = 0
        for byte in bytes {
          guard let kept = asciiInSlug(byte) else { continue }
          slug[count] = kept
          count += 1
        }
        return count
      }
    }
    var slug: [UInt8] = []
    slug.reserveCapacity(bytes.count)
    var at = 0
    while at < bytes.count {
      if bytes[at] < 0x80 {
        if let kept = asciiInSlug(bytes[at]) { slug.append(kept) }
        at += 1
        continue
      }
      let scalar = bytes.scalar(at: at)
      if staysInSlug(scalar) { slug += scalar.properties.lowercaseMapping.utf8 }
      at += UTF8.width(scalar)
    }
    return String(decoding: slug, as: UTF8.self)
  }
}

/// What an ASCII character is in an anchor; nil where it is dropped.
@inline(__always)
private func asciiInSlug(_ byte: UInt8) -> UInt8? {
  if byte == 0x20 { return ascii("-") }
  return isAlphanumeric(byte) || byte == ascii("-") || byte == ascii("_") ? lowercased(byte) : nil
}

private func staysInSlug(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
    .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber, .connectorPunctuation:
    true
  default: false
  }
}
