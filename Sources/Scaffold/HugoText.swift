import Files

/// The text of one of Hugo's pages: `ref` and `relref` become links to files, other shortcodes stay and are listed.
struct HugoText {
  var edit: TextEdit
  private(set) var uses: [ShortcodeUse] = []
  private let start: Int
  private let links: ContentIndex
  private let page: String
  /// Shortcodes that the site has itself, Hugo's own names among them.
  private let own: Set<String>
  private let parameters: HugoParameters
  /// How many shortcodes of a name are open.
  private var open: [String: Int] = [:]
  /// Where a comment begins that is not closed yet.
  private var commentStart: Int?

  /// - Parameters:
  ///   - page: the place of the page in the new site.
  ///   - own: names of the site's own shortcodes.
  init(
    _ source: SourceText, from start: Int, links: ContentIndex, page: String, own: Set<String> = [],
    parameters: HugoParameters = HugoParameters()
  ) {
    edit = TextEdit(source, from: start)
    self.start = start
    self.links = links
    self.page = page
    self.own = own
    self.parameters = parameters
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
      let inCode = code.range(at: open)
      guard let close = isAngle ? angle.next(in: bytes, from: index + 1) : percent.next(in: bytes, from: index + 1)
      else { continue }
      let range = open..<close + 3
      let inner = bytes[(open + 3)..<close]
      if inCode != nil {
        // Hugo runs shortcodes in code too; here nothing does. Only what may be meant is read, and once.
        guard inner.drop(while: { $0 <= 0x20 }).starts(with: Array("param".utf8)) else { continue }
        index = range.upperBound
        if let tag = ShortcodeTag(inner), tag.name == "param", commentStart == nil, !own.contains(tag.name) {
          parameter(tag, range, inCode: true)
        }
        continue
      }
      index = range.upperBound
      self.tag(ShortcodeTag(inner), range)
    }
    if let start = commentStart {
      edit.note(.lost, at: start..<start, "comment is not closed", hint: "{{% /comment %}}")
    }
  }

  private mutating func tag(_ tag: ShortcodeTag?, _ range: Range<Int>) {
    guard let tag else { return }
    if commentStart == nil, !count(tag, range) { return }
    if own.contains(tag.name) {
      if !tag.isClosing { use(tag, range) }
      return
    }
    if let start = commentStart {
      guard tag.name == "comment", tag.isClosing else { return }
      commentStart = nil
      edit.replace(start..<range.upperBound, "")
      return edit.note(.converted, at: start..<range.upperBound, "comments are left out")
    }
    switch tag.name {
    case "comment":
      if !tag.isClosing { commentStart = range.lowerBound }
    case "param":
      if !tag.isClosing { parameter(tag, range, inCode: false) }
    case "ref", "relref":
      if !tag.isClosing { reference(tag, range) }
    case "qr" where tag.isClosing || tag.positional.isEmpty && tag.named["text"] == nil:
      // What it shows stands between its tags.
      edit.replace(range, "")
      if !tag.isClosing { noteLink(range) }
    default:
      guard !tag.isClosing else { return }
      guard let url = tag.address else { return use(tag, range) }
      edit.replace(range, url.contains("://") ? "<\(url)>" : url)
      noteLink(range)
    }
  }

  /// - Returns: whether the tag stays: what closes a shortcode that is not open is left out, Hugo takes some of those.
  private mutating func count(_ tag: ShortcodeTag, _ range: Range<Int>) -> Bool {
    if !tag.isClosing {
      open[tag.name, default: 0] += 1
      return true
    }
    guard open[tag.name, default: 0] > 0 else {
      edit.replace(range, "")
      edit.note(.lost, at: range, "\(tag.name) is closed here, it was not opened")
      return false
    }
    open[tag.name, default: 0] -= 1
    return true
  }

  private mutating func use(_ tag: ShortcodeTag, _ range: Range<Int>) {
    uses.append(ShortcodeUse(name: tag.name, location: edit.source.location(at: range.lowerBound, length: range.count)))
  }

  private mutating func noteLink(_ range: Range<Int>) {
    edit.note(
      .converted, at: range, "vimeo, x, instagram and qr are links now", hint: "a shortcode of your own can show more")
  }

  /// `param` is built in where the site has the value when it is built; else the value is written out.
  private mutating func parameter(_ tag: ShortcodeTag, _ range: Range<Int>, inCode: Bool) {
    guard let name = tag.positional.first ?? tag.named["name"] else { return }
    guard let found = parameters.find(name) else {
      if !inCode { use(tag, range) }
      return edit.note(.lost, at: range, "param \(name) is given nowhere")
    }
    if found.isKept, !inCode {
      use(tag, range)
      guard found.path != name else { return }
      let isMarkdown = edit.bytes[range.lowerBound + 2] == UInt8(ascii: "%")
      let argument = quoted(found.path)
      edit.replace(range, isMarkdown ? "{{% param \(argument) %}}" : "{{< param \(argument) >}}")
      return edit.note(.converted, at: range, "param names keys in their own case")
    }
    guard let text = found.value.text else {
      return edit.note(.lost, at: range, "param \(name) is no text")
    }
    edit.replace(range, text)
    edit.note(.converted, at: range, "param in code, and of keys that have a meaning here, is written out")
  }

  private mutating func reference(_ tag: ShortcodeTag, _ range: Range<Int>) {
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

extension ShortcodeTag {
  /// What one of Hugo's own shortcodes shows that has no like here, as a URL or, of a `qr`, as a text.
  var address: String? {
    let first = positional.first
    let id = named["id"] ?? first
    switch name {
    case "vimeo", "vimeo_simple": return id.map { "https://vimeo.com/\($0)" }
    case "x", "x_simple", "tweet", "twitter", "twitter_simple", "tweet_simple":
      let user = named["user"] ?? (positional.count > 1 ? first : nil) ?? "i"
      return (named["id"] ?? positional.last).map { "https://x.com/\(user)/status/\($0)" }
    case "instagram", "instagram_simple": return id.map { "https://www.instagram.com/p/\($0)/" }
    case "qr": return named["text"] ?? first
    default: return nil
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
