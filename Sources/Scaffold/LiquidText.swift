import Files

/// The text of one of Jekyll's pages: the Liquid in it that says one thing only becomes that thing, kramdown's own notations become ours,
/// the rest stays and is listed (https://jekyllrb.com/docs/liquid/, https://kramdown.gettalong.org/syntax.html).
struct LiquidText {
  var edit: TextEdit
  private(set) var uses: [ShortcodeUse] = []
  /// The first construct that stays; its text.
  private(set) var firstLeftover: SourceLocation?
  private(set) var leftover = ""
  let page: SourcePage
  let context: LiquidContext
  /// The page in the new site.
  let target: String
  /// How many files include this one.
  private var depth = 0
  private static let deepestInclude = 2
  private var isRaw = false
  private var commentStart: Int?
  private var isMarkdown = true
  /// Names of tags that stand in comments.
  private var unknownTags: Set<String> = []

  init(_ source: SourceText, _ page: SourcePage, _ context: LiquidContext, target: String) {
    edit = TextEdit(source, from: page.bodyStart)
    self.page = page
    self.context = context
    self.target = target
  }

  mutating func convert(isMarkdown: Bool) {
    self.isMarkdown = isMarkdown
    let bytes = edit.bytes
    let blocks = isMarkdown ? highlightBlocks(bytes, from: page.bodyStart) : []
    var blanked = bytes
    for block in blocks {
      for index in block.tag.lowerBound..<block.end.upperBound { blanked[index] = blank(bytes[index]) }
    }
    var code = RangeCursor(isMarkdown ? codeRanges(blanked, from: page.bodyStart) : [])
    let controls = isMarkdown ? controlBlocks(blanked, from: page.bodyStart) : []
    var nextControl = 0
    let separator = excerptSeparator
    var separatorFinder = Finder(separator ?? "")
    var separatorPlace = separator == nil ? nil : separatorFinder.next(in: bytes, from: page.bodyStart)
    var tagEnd = Finder("%}")
    var outputEnd = Finder("}}")
    var brace = Finder("}")
    var nextBlock = 0
    var index = page.bodyStart
    while index < bytes.count {
      if index == separatorPlace, let separator {
        edit.replace(index..<index + separator.utf8.count, "<!-- more -->")
        separatorPlace = nil
      }
      guard bytes[index] == UInt8(ascii: "{"), index + 1 < bytes.count else {
        index += 1
        continue
      }
      while nextBlock < blocks.count, blocks[nextBlock].tag.lowerBound < index { nextBlock += 1 }
      if nextBlock < blocks.count, blocks[nextBlock].tag.lowerBound == index, !isRaw, commentStart == nil {
        highlight(blocks[nextBlock])
        index = blocks[nextBlock].end.upperBound
        continue
      }
      let inCode = code.range(at: index) != nil
      while nextControl < controls.count, controls[nextControl].lowerBound < index { nextControl += 1 }
      if nextControl < controls.count, controls[nextControl].lowerBound == index, !isRaw, commentStart == nil, !inCode {
        commentOut(controls[nextControl])
        index = controls[nextControl].upperBound
        continue
      }
      switch bytes[index + 1] {
      case UInt8(ascii: "%"):
        guard let end = tagEnd.next(in: bytes, from: index + 2) else { break }
        tag(index..<end + 2, inCode: inCode)
        index = end + 2
        continue
      case UInt8(ascii: "{"):
        guard let end = outputEnd.next(in: bytes, from: index + 2), !isRaw, commentStart == nil else { break }
        if inCode {
          noteCode(index..<end + 2)
        } else {
          output(index..<end + 2)
        }
        index = end + 2
        continue
      case UInt8(ascii: ":") where isMarkdown && !inCode && !isRaw && commentStart == nil:
        guard let end = brace.next(in: bytes, from: index + 2), end - index < 400 else { break }
        index = attributes(index..<end + 1)
        continue
      default: break
      }
      index += 1
    }
    if let start = commentStart { leave(start..<start, "{% comment %} is not closed") }
  }

  private func blank(_ byte: UInt8) -> UInt8 { byte == 0x0A ? byte : 0x20 }

  /// What ends the summary, where it is not our own mark.
  private var excerptSeparator: String? {
    guard let given = (page.settings["excerpt_separator"] ?? context.config["excerpt_separator"])?.text else {
      return nil
    }
    let usual = ["<!-- more -->", "<!--more-->", "", "\n\n", "\\n\\n"]
    return usual.contains(given) || given.utf8.first == UInt8(ascii: "{") ? nil : given
  }

  // MARK: Output

  private mutating func output(_ range: Range<Int>) {
    let bytes = edit.bytes
    let text = inside(range)
    let next = range.upperBound < bytes.count ? bytes[range.upperBound] : 0
    if text == "site.baseurl" || text == "site.url" {
      let isPrefix = next == UInt8(ascii: "/") || next == UInt8(ascii: "{")
      let whole = context.config["url"]?.text ?? ""
      edit.replace(range, isPrefix ? "" : text == "site.url" && !whole.isEmpty ? whole : "/")
      edit.note(.converted, at: range, "addresses begin at the site's root")
    } else if let value = context.expression(text, page: page.settings) {
      edit.replace(range, value)
      edit.note(.converted, at: range, "values of the site and the page are written out")
    } else {
      leave(range, "{{ \(text.prefix(60)) }} is not known before the site is built")
    }
  }

  /// What stands between the marks, without those for white space.
  private func inside(_ range: Range<Int>) -> String {
    var inner = edit.bytes[(range.lowerBound + 2)..<(range.upperBound - 2)]
    if inner.first == UInt8(ascii: "-") { inner = inner.dropFirst() }
    if inner.last == UInt8(ascii: "-") { inner = inner.dropLast() }
    return trimmed(String(decoding: inner, as: UTF8.self))
  }

  mutating func leave(_ range: Range<Int>, _ what: String) {
    if firstLeftover == nil {
      firstLeftover = edit.source.location(at: range.lowerBound)
      leftover = what
    }
    edit.note(.lost, at: range, what, hint: "write out what it gives")
  }

  private mutating func noteCode(_ range: Range<Int>) {
    edit.note(.kept, at: range, "Liquid in code is shown as it is written, Jekyll ran it")
  }

  // MARK: Tags

  private mutating func tag(_ range: Range<Int>, inCode: Bool) {
    let text = inside(range)
    let name = String(text.prefix { !$0.isWhitespace })
    let rest = trimmed(text.dropFirst(name.count))
    if isRaw {
      guard name == "endraw" else { return }
      isRaw = false
      return edit.replace(range, "")
    }
    if let start = commentStart {
      guard name == "endcomment" else { return }
      commentStart = nil
      edit.replace(start..<range.upperBound, "")
      return edit.note(.converted, at: start..<range.upperBound, "comments are left out")
    }
    // Liquid ran before Markdown: raw means the same in code, where nothing else is touched.
    if name == "raw" {
      isRaw = true
      edit.replace(range, "")
      return edit.note(.converted, at: range, "raw is not needed, nothing runs Liquid")
    }
    guard !inCode else { return noteCode(range) }
    switch name {
    case "comment": commentStart = range.lowerBound
    case "link": link(range, context.file(rest, from: target), rest, "link")
    case "post_url": link(range, context.post(rest, from: target), rest, "post_url")
    case "include", "include_cached": include(range, rest)
    case "include_relative": includeRelative(range, rest)
    case "gist": gist(range, rest.split(whereSeparator: \.isWhitespace))
    case "youtube": shortcode(range, name, rest.split(whereSeparator: \.isWhitespace).map { quoted(String($0)) })
    case "endif", "endfor", "endunless", "endcase", "endcapture", "else", "elsif", "when", "endtablerow", "endraw",
      "endcomment", "break", "continue":
      if firstLeftover == nil { leave(range, "{% \(name) %} has no beginning") }
    default:
      let before = range.lowerBound > page.bodyStart ? edit.bytes[range.lowerBound - 1] : 0x0A
      if isMarkdown, !"(\"'=".utf8.contains(before) {
        // What ends a tag of which a note speaks needs none.
        let isEnd = name.hasPrefix("end") && unknownTags.contains(String(name.dropFirst(3)))
        unknownTags.insert(name)
        return commentOut(range, isNoted: !isEnd)
      }
      leave(range, "{% \(text.prefix(60)) %} is not run")
    }
  }

  /// `gist user/id file.rb`; without the user, whom the shortcode needs, a link.
  private mutating func gist(_ range: Range<Int>, _ words: [Substring]) {
    let parts = (words.first ?? "").split(separator: "/") + words.dropFirst()
    if let id = words.first, !id.contains("/") {
      edit.replace(range, "<https://gist.github.com/\(id)>")
      return edit.note(.converted, at: range, "a gist without its user is a link now")
    }
    shortcode(range, "gist", parts.map { quoted(String($0)) })
  }

  private mutating func link(_ range: Range<Int>, _ link: String?, _ name: String, _ tag: String) {
    guard let link else { return leave(range, "\(tag) \(name) leads to no file of the site") }
    edit.replace(range, link)
    edit.note(.converted, at: range, "\(tag) is a link to a file now")
  }

  /// `include figure.html src="a.png"` → `figure src="a.png"`, a shortcode.
  private mutating func include(_ range: Range<Int>, _ text: String) {
    let file = String(text.prefix { !$0.isWhitespace })
    guard !file.isEmpty, !file.contains("{"), let arguments = includeArguments(text.dropFirst(file.count)) else {
      return leave(range, "{% include \(text.prefix(40)) %} has arguments that are not known before the site is built")
    }
    var name = Self.shortcodeName(file)
    let needed = ["figure": "src", "youtube": "id", "audio": "src", "video": "src"]
    if let key = needed[name], !arguments.contains(where: { $0.hasPrefix(key + "=") }) { name = "include-" + name }
    shortcode(range, name, arguments)
  }

  /// The text of a file beside the page takes the tag's place, with the Liquid in it converted.
  private mutating func includeRelative(_ range: Range<Int>, _ name: String) {
    guard depth < Self.deepestInclude, !name.contains(where: { $0.isWhitespace || $0 == "{" }),
      let source = context.relative(name, to: edit.source.path), let file = try? SourcePage(source), file.format == nil
    else {
      return isMarkdown ? commentOut(range) : leave(range, "{% include_relative \(name.prefix(40)) %} is not run")
    }
    var text = LiquidText(source, file, context, target: target)
    text.depth = depth + 1
    text.convert(isMarkdown: isMarkdown)
    var body = String(decoding: text.edit.finish(), as: UTF8.self)
    if body.hasSuffix("\n"), range.upperBound < edit.bytes.count, edit.bytes[range.upperBound] == 0x0A {
      body.removeLast()
    }
    edit.replace(range, body)
    edit.note(.converted, at: range, "include_relative is the text of the file")
    edit.take(text.edit.notes)
    uses += text.uses
    if firstLeftover == nil { (firstLeftover, leftover) = (text.firstLeftover, text.leftover) }
  }

  /// `embeds/video.html` → `embeds-video`.
  static func shortcodeName(_ file: String) -> String {
    withoutExtension(file).pathParts.joined(separator: "-")
  }

  private mutating func shortcode(_ range: Range<Int>, _ name: String, _ arguments: [String]) {
    edit.replace(range, "{{< \(([name] + arguments).joined(separator: " ")) >}}")
    edit.note(.converted, at: range, "include, gist and youtube are shortcodes now")
    uses.append(ShortcodeUse(name: name, location: edit.source.location(at: range.lowerBound, length: range.count)))
  }

  private func includeArguments(_ text: Substring) -> [String]? {
    var arguments: [String] = []
    var rest = Array(text.utf8)[...]
    while true {
      while let byte = rest.first, byte <= 0x20 || byte == UInt8(ascii: ",") { rest.removeFirst() }
      if rest.isEmpty { return arguments }
      let key = rest.prefix { isNameByte($0) }
      rest = rest[key.endIndex...].drop { $0 <= 0x20 }
      guard !key.isEmpty, rest.popFirst() == UInt8(ascii: "=") else { return nil }
      rest = rest.drop { $0 <= 0x20 }
      guard let first = rest.first else { return nil }
      let value: String
      if "\"'".utf8.contains(first) {
        let inner = rest.dropFirst().prefix { $0 != first }
        guard inner.endIndex < rest.endIndex else { return nil }
        value = String(decoding: inner, as: UTF8.self)
        rest = rest[(inner.endIndex + 1)...]
        guard !value.contains("{{") else { return nil }
      } else {
        let word = rest.prefix { $0 > 0x20 }
        rest = rest[word.endIndex...]
        let name = String(decoding: word, as: UTF8.self)
        let isLiteral = name == "true" || name == "false" || Int(name) != nil
        guard let known = isLiteral ? name : context.value(name, page: page.settings) else { return nil }
        value = known
      }
      arguments.append(String(decoding: key, as: UTF8.self) + "=" + quoted(value))
    }
  }
}
