import Files

/// The text of one of Hugo's pages: `ref` and `relref` become links to files, other shortcodes stay and are listed.
struct HugoText {
  struct Use {
    var name: String
    var location: SourceLocation
  }

  var edit: TextEdit
  private(set) var uses: [Use] = []
  private let start: Int
  private let links: ContentIndex
  private let page: String

  /// - Parameter page: the place of the page in the new site.
  init(_ source: SourceText, from start: Int, links: ContentIndex, page: String) {
    edit = TextEdit(source, from: start)
    self.start = start
    self.links = links
    self.page = page
  }

  mutating func convert(code: [Range<Int>]) {
    let bytes = edit.bytes
    var code = RangeCursor(code)
    var opener = Finder("{{")
    var angle = Finder(">}}")
    var percent = Finder("%}}")
    var index = start
    while let open = opener.next(in: bytes, from: index) {
      index = open + 2
      guard index < bytes.count, bytes[index] == UInt8(ascii: "<") || bytes[index] == UInt8(ascii: "%") else {
        continue
      }
      let isAngle = bytes[index] == UInt8(ascii: "<")
      if let range = code.range(at: open) {
        index = range.upperBound
        continue
      }
      guard let close = isAngle ? angle.next(in: bytes, from: index + 1) : percent.next(in: bytes, from: index + 1)
      else { continue }
      let range = open..<close + 3
      index = range.upperBound
      tag(ShortcodeTag(bytes[(open + 3)..<close]), range)
    }
  }

  private mutating func tag(_ tag: ShortcodeTag?, _ range: Range<Int>) {
    guard let tag, !tag.isClosing else { return }
    guard tag.name == "ref" || tag.name == "relref" else {
      uses.append(Use(name: tag.name, location: edit.source.location(at: range.lowerBound, length: range.count)))
      return
    }
    guard let target = tag.positional.first ?? tag.named["path"] else { return }
    if let link = links.reference(to: target, from: page) {
      edit.replace(range, link)
      edit.note(.converted, at: range, "\(tag.name) is a link to a file now")
    } else {
      edit.replace(range, target)
      edit.note(
        .lost, at: range, "\(tag.name) \(target) leads to no page",
        hint: suggestion(for: fileName(target), among: links.names).map { "did you mean \($0)?" })
    }
  }
}

/// What stands between the marks of a shortcode: `figure src="a.png"`, `/figure`.
struct ShortcodeTag {
  var name: String
  var isClosing = false
  var positional: [String] = []
  var named: [String: String] = [:]

  /// Nil where it is escaped (`/* … */`) or has no name.
  init?(_ bytes: ArraySlice<UInt8>) {
    var words = ArgumentReader(bytes)
    guard var name = words.next()?.value else { return nil }
    if name.hasPrefix("/*") { return nil }
    if name.hasPrefix("/") {
      isClosing = true
      name.removeFirst()
      if name.isEmpty { name = words.next()?.value ?? "" }
    }
    while name.hasSuffix("/") { name.removeLast() }
    guard let first = name.utf8.first, isNameByte(first) else { return nil }
    self.name = name
    while let word = words.next() {
      if let key = word.key { named[key] = word.value } else if word.value != "/" { positional.append(word.value) }
    }
  }
}

/// Words of a shortcode: bare, quoted, or `key=value`.
private struct ArgumentReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  mutating func next() -> (key: String?, value: String)? {
    while let byte = rest.first, byte <= 0x20 { rest.removeFirst() }
    guard let first = rest.first else { return nil }
    if first == UInt8(ascii: "\"") || first == UInt8(ascii: "`") { return (nil, string(first)) }
    let word = rest.prefix { $0 > 0x20 && $0 != UInt8(ascii: "=") }
    rest = rest[word.endIndex...]
    let text = String(decoding: word, as: UTF8.self)
    guard rest.first == UInt8(ascii: "=") else { return (nil, text) }
    rest.removeFirst()
    guard let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "`") else {
      let value = rest.prefix { $0 > 0x20 }
      rest = rest[value.endIndex...]
      return (text, String(decoding: value, as: UTF8.self))
    }
    return (text, string(quote))
  }

  private mutating func string(_ quote: UInt8) -> String {
    rest.removeFirst()
    var bytes: [UInt8] = []
    while let byte = rest.popFirst() {
      if byte == quote { break }
      if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\""), let next = rest.popFirst() {
        bytes.append(next)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
