/// Where in HTML that Markdown made a place is: in the value of an attribute, or anywhere else. No value goes on over the end of a line here: what
/// scripts and comments hold is left behind there.
struct MarkupPlace {
  private var isInTag = false
  private var quote: UInt8?
  private var last: UInt8 = 0

  var isInValue: Bool { quote != nil }

  mutating func pass(_ html: ArraySlice<UInt8>) {
    for byte in html {
      if byte == 0x0A {
        (isInTag, quote) = (false, nil)
      } else if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") {
        isInTag = byte == UInt8(ascii: "<")
      } else if isInTag, last == UInt8(ascii: "="), byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      }
      last = byte
    }
  }
}

/// Whether there is an element in `html` that no paragraph can hold: a browser ends the paragraph before it
/// (<https://html.spec.whatwg.org/multipage/grouping-content.html#the-p-element>).
func holdsBlock(_ html: [UInt8]) -> Bool {
  var index = 0
  while let open = html[index...].firstIndex(of: UInt8(ascii: "<")) {
    index = open + 1
    let name = html[index...].prefix { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    if blockElements.contains(name.map { $0 | 0x20 }) { return true }
    index = name.endIndex
  }
  return false
}

private let blockElements = Set(
  """
  address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 \
  header hgroup hr main menu nav ol p pre search section table ul
  """.split(separator: " ").map { Array($0.utf8) })
