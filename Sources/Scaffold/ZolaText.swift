import Files

/// The text of one of Zola's pages: links through `@/` become relative, shortcodes get the marks that they have here
/// (https://www.getzola.org/documentation/content/shortcodes/).
struct ZolaText {
  var edit: TextEdit
  private(set) var uses: [ShortcodeUse] = []
  private let start: Int
  private let links: ContentIndex
  private let known: Set<String>
  private let own: Set<String>
  /// The default language, where the page is in another one.
  private let standard: String?
  /// Names of paired shortcodes that are open, for `{% end %}`.
  private var open: [String] = []

  /// - Parameters:
  ///   - shortcodes: those of the site and of Zola; anything else in such marks was text for Zola too.
  ///   - own: those of the site.
  ///   - standard: the default language, where the page is in another one.
  init(
    _ source: SourceText, from start: Int, links: ContentIndex, shortcodes: Set<String>, own: Set<String> = [],
    standard: String? = nil
  ) {
    edit = TextEdit(source, from: start)
    self.start = start
    self.links = links
    known = shortcodes
    self.own = own
    self.standard = standard
  }

  mutating func convert() {
    let bytes = edit.bytes
    var code = RangeCursor(codeRanges(bytes, from: start))
    var inlineEnd = Finder("}}")
    var pairedEnd = Finder("%}")
    var inlineStart = Finder("{{")
    var pairedStart = Finder("{%")
    var index = start
    while index + 1 < bytes.count {
      let byte = bytes[index]
      let isTag = byte == UInt8(ascii: "{") && (bytes[index + 1] == byte || bytes[index + 1] == UInt8(ascii: "%"))
      let isLink = byte == UInt8(ascii: "@") && bytes[index + 1] == UInt8(ascii: "/")
      guard isTag || isLink else {
        index += 1
        continue
      }
      let inCode = code.range(at: index)
      if isLink {
        if let inCode { index = inCode.upperBound } else { index = link(at: index) }
        continue
      }
      let isPaired = bytes[index + 1] == UInt8(ascii: "%")
      let end = isPaired ? pairedEnd.next(in: bytes, from: index + 2) : inlineEnd.next(in: bytes, from: index + 2)
      let next =
        isPaired ? pairedStart.next(in: bytes, from: index + 2) : inlineStart.next(in: bytes, from: index + 2)
      // What ends behind the next beginning belongs to that one; so each byte is read for one tag only.
      guard let end, end < next ?? bytes.count else {
        index += 2
        continue
      }
      let range = index..<end + 2
      if tag(range, isPaired: isPaired, inCode: inCode != nil) {
        index = range.upperBound
      } else {
        index += 2
      }
    }
    for name in open.reversed() {
      edit.note(.lost, at: bytes.count..<bytes.count, "shortcode \(name) is not closed", hint: "{{< /\(name) >}}")
    }
  }

  /// - Returns: where to read on.
  private mutating func link(at place: Int) -> Int {
    let bytes = edit.bytes
    let before = place > start ? bytes[place - 1] : 0
    guard "(<\" \t".utf8.contains(before) else { return place + 2 }
    let isReference = before == 0x20 || before == 0x09
    if isReference {
      // `[name]: @/path.md`
      var index = place - 1
      while index > start, bytes[index] == 0x20 || bytes[index] == 0x09 { index -= 1 }
      guard bytes[index] == UInt8(ascii: ":"), index > start, bytes[index - 1] == UInt8(ascii: "]") else {
        return place + 2
      }
    }
    let target = bytes[(place + 2)...].prefix { $0 > 0x20 && !")>\"".utf8.contains($0) }
    let range = place..<target.endIndex
    let text = String(decoding: target, as: UTF8.self)
    if let link = links.reference(to: "/" + text, from: edit.source.path).map({ inStandard($0) }) {
      edit.replace(range, link)
      edit.note(.converted, at: range, "@/ links are links to files now")
    } else {
      edit.note(
        .lost, at: range, "@/\(text) leads to no page",
        hint: suggestion(for: withoutExtension(fileName(text)), among: links.names).map { "did you mean \($0)?" })
    }
    return range.upperBound
  }

  /// Zola means the very file: where the page's language has the page too, a link that names no language would lead there.
  private func inStandard(_ link: String) -> String {
    guard let standard, let code = ownCode else { return link }
    let end = link.firstIndex { $0 == "#" || $0 == "?" } ?? link.endIndex
    let path = String(link[..<end])
    let decoded = percentDecoded(path) ?? path
    guard isMarkdown(fileName(decoded)), let file = joined(folder(of: edit.source.path), decoded),
      links.contains(withoutExtension(file) + ".\(code).md")
    else { return link }
    return withoutExtension(path) + ".\(standard).md" + link[end...]
  }

  /// `fr` of `about.fr.md`.
  private var ownCode: String? {
    let parts = fileName(edit.source.path).split(separator: ".")
    return parts.count > 2 ? String(parts[parts.count - 2]) : nil
  }

  /// - Returns: whether the range was a shortcode.
  private mutating func tag(_ range: Range<Int>, isPaired: Bool, inCode: Bool) -> Bool {
    let inner = edit.bytes[(range.lowerBound + 2)..<(range.upperBound - 2)]
    if inner.starts(with: Array("/*".utf8)), inner.suffix(2).elementsEqual(Array("*/".utf8)), inner.count >= 4 {
      let text = String(decoding: inner.dropFirst(2).dropLast(2), as: UTF8.self)
      edit.replace(range, isPaired ? "{%\(text)%}" : "{{\(text)}}")
      return true
    }
    if inCode { return false }
    let text = trimmed(String(decoding: inner, as: UTF8.self))
    if isPaired, text == "end" {
      guard let name = open.popLast() else { return false }
      edit.replace(range, "{{< /\(name) >}}")
      return true
    }
    guard let call = ZolaCall(text) else {
      noteCode(range, text, isPaired: isPaired)
      return isPaired
    }
    guard known.contains(call.name) || isPaired else {
      noteCode(range, text, isPaired: isPaired)
      return false
    }
    if !isPaired, !own.contains(call.name), let url = call.address {
      edit.replace(range, "<\(url)>")
      edit.note(
        .converted, at: range, "vimeo and streamable are links now", hint: "a shortcode of your own can show more")
      return true
    }
    edit.replace(range, "{{< \(([call.name] + call.arguments).joined(separator: " ")) >}}")
    edit.note(.converted, at: range, "shortcodes are written {{< … >}} now")
    uses.append(
      ShortcodeUse(name: call.name, location: edit.source.location(at: range.lowerBound, length: range.count)))
    if isPaired { open.append(call.name) }
    return true
  }

  private mutating func noteCode(_ range: Range<Int>, _ text: String, isPaired: Bool) {
    guard isPaired || text.contains("(") else { return }
    edit.note(
      .lost, at: range, "\(isPaired ? "{%" : "{{") \(text.prefix(40)) stays as text",
      hint: "it is no call of a shortcode")
  }
}

/// `name(key="text", number=1, flag=true, list=[1, 2])`.
struct ZolaCall {
  let name: String
  /// As arguments of ours: `key="text"`.
  private(set) var arguments: [String] = []

  init?(_ text: String) {
    let bytes = Array(text.utf8)
    let name = bytes.prefix { isNameByte($0) || $0 == UInt8(ascii: ":") }
    var index = name.endIndex
    func skipSpace() { while index < bytes.count, bytes[index] <= 0x20 { index += 1 } }
    skipSpace()
    guard !name.isEmpty, index < bytes.count, bytes[index] == UInt8(ascii: "("), bytes.last == UInt8(ascii: ")") else {
      return nil
    }
    self.name = String(decoding: name, as: UTF8.self)
    index += 1
    while true {
      skipSpace()
      if index == bytes.count - 1 { return }
      let key = bytes[index...].prefix { isNameByte($0) }
      index = key.endIndex
      skipSpace()
      guard !key.isEmpty, index < bytes.count, bytes[index] == UInt8(ascii: "=") else { return nil }
      index += 1
      skipSpace()
      guard index < bytes.count - 1, let end = Self.endOfValue(bytes, index) else { return nil }
      var value = bytes[index..<end]
      if let quote = value.first, "\"'`".utf8.contains(quote), value.count >= 2 { value = value.dropFirst().dropLast() }
      while value.last == 0x20 { value.removeLast() }
      arguments.append(String(decoding: key, as: UTF8.self) + "=" + quoted(String(decoding: value, as: UTF8.self)))
      index = end
      skipSpace()
      if index < bytes.count, bytes[index] == UInt8(ascii: ",") { index += 1 }
    }
  }

  /// What Zola's `vimeo` and `streamable` show.
  var address: String? {
    guard let id = arguments.first(where: { $0.hasPrefix("id=") }).map({ trimmed($0.dropFirst(4).dropLast()) }) else {
      return nil
    }
    switch name {
    case "vimeo": return "https://vimeo.com/\(id)"
    case "streamable": return "https://streamable.com/\(id)"
    default: return nil
    }
  }

  /// Behind a string, a list in brackets, or what stands before the next comma.
  private static func endOfValue(_ bytes: [UInt8], _ start: Int) -> Int? {
    let first = bytes[start]
    if "\"'`".utf8.contains(first) { return bytes[(start + 1)...].firstIndex(of: first).map { $0 + 1 } }
    if first == UInt8(ascii: "[") { return bytes[start...].firstIndex(of: UInt8(ascii: "]")).map { $0 + 1 } }
    return bytes[start..<(bytes.count - 1)].firstIndex(of: UInt8(ascii: ",")) ?? bytes.count - 1
  }
}
