/// A string of a script or of an import map that may stand for a module.
struct ScriptString {
  /// Without its quotes.
  let range: Range<Int>
  private let quote: UInt8
  private let text: [UInt8]
  private let isEscaped: Bool

  /// - Returns: nil where an escape is none that JSON knows, or `\'`.
  init?(_ bytes: Bytes, _ range: Range<Int>, quote: UInt8) {
    self.range = range
    self.quote = quote
    isEscaped = bytes[range].contains(UInt8(ascii: "\\"))
    guard let text = isEscaped ? unescaped(bytes[range]) : Array(bytes[range]) else { return nil }
    self.text = text
  }

  /// Whether it is a URL where a specifier stands.
  var isURL: Bool { text.withUnsafeBufferPointer(isURLSpecifier) }

  var namesFolder: Bool { text.withUnsafeBufferPointer(HTML.namesFolder) }

  func finding(_ kind: URLKind) -> Finding {
    let form: Notation.Form = kind == .moduleFile ? .scriptString(quote: quote) : .specifier(quote: quote)
    return Finding(
      what: .url(kind, Notation(form: form, host: .file)), range: range,
      decoded: isEscaped ? String(decoding: text, as: UTF8.self) : nil)
  }
}

/// Whether a specifier is a URL, and no name for an import map to explain: it begins with `/`, `./` or `../`, or has a scheme
/// (<https://html.spec.whatwg.org/multipage/webappapis.html#resolving-a-url-like-module-specifier>).
func isURLSpecifier(_ specifier: Bytes) -> Bool {
  specifier.starts(with: "/".utf8) || specifier.starts(with: "./".utf8) || specifier.starts(with: "../".utf8)
    || endOfScheme(specifier) != nil
}

/// Whether the path of a URL is that of a folder: it ends with a slash or with dots, or is empty.
func namesFolder(_ url: Bytes) -> Bool {
  let path = url.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
  let last = path.suffix(3)
  return path.isEmpty || last.last == UInt8(ascii: "/") || path.elementsEqual(".".utf8) || path.elementsEqual("..".utf8)
    || last.suffix(2).elementsEqual("/.".utf8) || last.elementsEqual("/..".utf8)
}

extension RandomAccessCollection where Element == UInt8, Index == Int {
  /// The inside of the JSON string whose first quote stands at `start`; nil where nothing ends it.
  func jsonString(at start: Int) -> Range<Int>? {
    var index = start + 1
    while index < endIndex {
      if self[index] == UInt8(ascii: "\"") { return start + 1..<index }
      index += self[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return nil
  }
}

/// `text` without the escapes of RFC 8259, which are JavaScript's too; nil where one is none. `\'` is known besides.
func unescaped<Text: RandomAccessCollection>(_ string: Text) -> [UInt8]?
where Text.Element == UInt8, Text.Index == Int {
  var text: [UInt8] = []
  text.reserveCapacity(string.count)
  var index = string.startIndex
  while index < string.endIndex {
    let byte = string[index]
    index += 1
    guard byte == UInt8(ascii: "\\"), index < string.endIndex else {
      text.append(byte)
      continue
    }
    let escape = string[index]
    index += 1
    switch escape {
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escape)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      guard var unit = fourHexDigits(of: string, at: index) else { return nil }
      index += 4
      if unit & 0xFC00 == 0xD800, index + 1 < string.endIndex, string[index] == UInt8(ascii: "\\"),
        string[index + 1] == UInt8(ascii: "u"), let low = fourHexDigits(of: string, at: index + 2),
        low & 0xFC00 == 0xDC00
      {
        unit = 0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF
        index += 6
      }
      appendScalar(unit, to: &text)
    default: return nil
    }
  }
  return text
}

private func fourHexDigits<Text: RandomAccessCollection>(of string: Text, at start: Int) -> UInt32?
where Text.Element == UInt8, Text.Index == Int {
  guard string.endIndex - start >= 4 else { return nil }
  var value: UInt32 = 0
  for index in start..<start + 4 {
    guard let digit = hexValue(string[index]) else { return nil }
    value = value << 4 | UInt32(digit)
  }
  return value
}
