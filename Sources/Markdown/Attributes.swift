/// `{#id .class key=value}`, as written on headings and images.
public struct Attributes: Sendable, Hashable {
  public struct Pair: Sendable, Hashable {
    public var key: String
    public var value: String
  }

  public var id: String?
  public var classes: [String] = []
  public var pairs: [Pair] = []

  public init() {}

  public var isEmpty: Bool { id == nil && classes.isEmpty && pairs.isEmpty }

  /// Reads a list from its `{` on; nil where it is malformed, empty, or goes beyond its line.
  init?(_ text: Bytes, at index: Int, end: inout Int) {
    guard index < text.count, text[index] == ascii("{") else { return nil }
    var at = index + 1
    while at < text.count {
      while at < text.count, isSpaceOrTab(text[at]) { at += 1 }
      guard at < text.count else { return nil }
      switch text[at] {
      case ascii("}"):
        guard !isEmpty else { return nil }
        end = at + 1
        return
      case ascii("#"):
        guard let name = Self.name(text, &at) else { return nil }
        id = name
      case ascii("."):
        guard let name = Self.name(text, &at) else { return nil }
        classes.append(name)
      default:
        guard let pair = Self.pair(text, &at) else { return nil }
        if pair.key == "id" {
          id = pair.value
        } else if pair.key == "class" {
          classes += pair.value.split(separator: " ").map(String.init)
        } else {
          pairs.append(pair)
        }
      }
      guard at < text.count, isSpaceOrTab(text[at]) || text[at] == ascii("}") else { return nil }
    }
    return nil
  }

  /// Without what runs code: `onclick`, `onerror` and their like.
  var withoutHandlers: Attributes {
    var safe = self
    safe.pairs.removeAll { $0.key.lowercased().hasPrefix("on") }
    return safe
  }

  /// The word behind the mark at `at`.
  private static func name(_ text: Bytes, _ at: inout Int) -> String? {
    let start = at + 1
    at = start
    while at < text.count, isNameByte(text[at]) { at += 1 }
    return at > start ? String(decoding: text.slice(start, at), as: UTF8.self) : nil
  }

  private static func pair(_ text: Bytes, _ at: inout Int) -> Pair? {
    let start = at
    guard isLetter(text[at]) || text[at] == ascii("_") else { return nil }
    while at < text.count, isNameByte(text[at]), text[at] < 0x80 { at += 1 }
    let key = String(decoding: text.slice(start, at), as: UTF8.self)
    guard at < text.count, text[at] == ascii("=") else { return nil }
    at += 1
    let isQuoted = at < text.count && (text[at] == ascii("\"") || text[at] == ascii("'"))
    let quote = text.at(at)
    if isQuoted { at += 1 }
    let valueStart = at
    while at < text.count, !isLineEnd(text[at]) {
      // Without quotes there is no `{` in it: lists that nothing ends are not read once more for each of them.
      if isQuoted ? text[at] == quote : isWhitespace(text[at]) || text[at] == ascii("}") || text[at] == ascii("{") {
        break
      }
      at += 1
    }
    let value = String(decoding: text.slice(valueStart, at), as: UTF8.self)
    if isQuoted {
      guard at < text.count, text[at] == quote else { return nil }
      at += 1
    } else if value.isEmpty {
      return nil
    }
    return Pair(key: key, value: value)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || byte >= 0x80 || byte == ascii("-") || byte == ascii("_") || byte == ascii(":")
      || byte == ascii(".")
  }

  /// ` class="…" key="…"`, without the id.
  func appendHTML(to buffer: inout ByteBuffer) {
    if !classes.isEmpty {
      buffer.append(" class=\"")
      buffer.append(escaping: classes.joined(separator: " "))
      buffer.append(0x22)
    }
    for pair in pairs {
      buffer.append(0x20)
      buffer.append(text: pair.key)
      buffer.append("=\"")
      buffer.append(escaping: pair.value)
      buffer.append(0x22)
    }
  }

  /// As they stand in a tag, with a leading space: ` id="…" class="…" key="…"`; empty where there are none.
  public var html: [UInt8] {
    var buffer = ByteBuffer()
    if let id {
      buffer.append(" id=\"")
      buffer.append(escaping: id)
      buffer.append(0x22)
    }
    appendHTML(to: &buffer)
    return Array(buffer.bytes)
  }
}
