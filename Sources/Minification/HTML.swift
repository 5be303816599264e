/// What `minifyHTML` does inside of a document.
public struct HTMLMinification: Sendable {
  /// Style sheets in `style` elements too.
  public var styles = false
  /// Scripts in `script` elements too.
  public var scripts = false

  public init(styles: Bool = false, scripts: Bool = false) {
    self.styles = styles
    self.scripts = scripts
  }
}

/// A document without comments, and with one space where there are several.
///
/// By the tokens of the HTML standard (<https://html.spec.whatwg.org/multipage/parsing.html>). As it was stays: what is in `pre`, `code`,
/// `kbd`, `samp`, `textarea`, `svg` and `math`, in elements whose `style` speaks of white space, values of attributes, comments for old
/// browsers and servers (`<!--[if`, `<!--#`, `<!--!`).
public func minifyHTML(_ text: [UInt8], _ options: HTMLMinification = HTMLMinification()) -> [UInt8] {
  text.withUnsafeBufferPointer { bytes in
    var minifier = HTMLMinifier(bytes, options)
    minifier.run()
    return minifier.output
  }
}

private struct HTMLMinifier {
  let bytes: Bytes
  let options: HTMLMinification
  var output: [UInt8] = []
  private var position = 0
  /// Open elements whose text stays as it is, innermost last.
  private var verbatim: [[UInt8]] = []
  /// How many of each are open, and how many of them are of another language than HTML.
  private var opened: [[UInt8]: Int] = [:]
  private var foreign = 0
  /// Before `body`, white space between elements is no text.
  private var isInHead = false
  /// The text before goes on behind a comment that was left out.
  private var isBehindComment = false

  private static let keeping: Set<[UInt8]> = Set(
    ["pre", "code", "kbd", "samp", "listing", "svg", "math"].map { Array($0.utf8) })
  /// Their content is text whatever it looks like.
  private static let raw: Set<[UInt8]> = Set(
    ["textarea", "title", "style", "script", "xmp", "iframe", "noembed", "noframes"].map { Array($0.utf8) })
  /// They hold nothing.
  private static let void: Set<[UInt8]> = Set(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
      .map { Array($0.utf8) })
  private static let plaintext = Array("plaintext".utf8)
  private static let headElements: Set<[UInt8]> = Set(
    ["html", "head", "meta", "link", "title", "base", "style", "script", "noscript", "template"].map { Array($0.utf8) })

  init(_ bytes: Bytes, _ options: HTMLMinification) {
    self.bytes = bytes
    self.options = options
    output.reserveCapacity(bytes.count)
  }

  mutating func run() {
    while position < bytes.count {
      let byte = bytes[position]
      if byte != UInt8(ascii: "<") {
        text()
      } else if position + 1 < bytes.count, isLetter(bytes[position + 1]) {
        startTag()
      } else if bytes.has("</", at: position), position + 2 < bytes.count, isLetter(bytes[position + 2]) {
        endTag()
      } else if bytes.has("<!--", at: position) {
        comment()
      } else if bytes.has("<!", at: position) || bytes.has("<?", at: position) || bytes.has("</", at: position) {
        // A doctype, or what the standard calls a bogus comment.
        let isCDATA = bytes.has("<![CDATA[", at: position) && !verbatim.isEmpty
        let end =
          isCDATA ? bytes.first("]]>", from: position).map { $0 + 3 } : bytes.first(">", from: position).map { $0 + 1 }
        copy(to: end ?? bytes.count)
      } else {
        copy(to: position + 1)
      }
    }
  }

  private mutating func copy(to end: Int) {
    output += bytes[position..<end]
    position = end
  }

  // MARK: Text

  private mutating func text() {
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "<") { position += 1 }
    guard verbatim.isEmpty else {
      output += bytes[start..<position]
      return
    }
    if isInHead, bytes[start..<position].allSatisfy(isSpace) { return }
    var index = start
    // A comment between two spaces leaves one of them.
    if isBehindComment, let last = output.last, isSpace(last) {
      while index < position, isSpace(bytes[index]) { index += 1 }
    }
    isBehindComment = false
    while index < position {
      let byte = bytes[index]
      index += 1
      guard isSpace(byte) else {
        output.append(byte)
        continue
      }
      var hasLineEnd = byte == 0x0A
      while index < position, isSpace(bytes[index]) {
        if bytes[index] == 0x0A { hasLineEnd = true }
        index += 1
      }
      output.append(hasLineEnd ? 0x0A : 0x20)
    }
  }

  private mutating func comment() {
    let start = position
    // `<!-->` and `<!--->` are comments too; one that does not end takes in all that follows.
    var end: Int?
    if bytes.has("<!-->", at: start) {
      end = start + 5
    } else if bytes.has("<!--->", at: start) {
      end = start + 6
    } else {
      var index = start + 4
      while index < bytes.count, end == nil {
        if bytes[index] == UInt8(ascii: "-") {
          if bytes.has("-->", at: index) { end = index + 3 }
          if bytes.has("--!>", at: index) { end = index + 4 }
        }
        index += 1
      }
    }
    guard let end else { return copy(to: bytes.count) }
    let isForMachines =
      bytes.has("<!--[", at: start) || bytes.has("<!--#", at: start) || bytes.has("<!--!", at: start)
      || bytes.has("<!--<!", at: start)
    if isForMachines || !verbatim.isEmpty || mayJoin(at: end) { return copy(to: end) }
    position = end
    isBehindComment = true
  }

  /// Whether what stands before and behind a comment could become one tag or one character reference without it.
  private func mayJoin(at end: Int) -> Bool {
    guard let last = output.last, end < bytes.count else { return false }
    return !isSpace(last) && last != UInt8(ascii: ">") && !isSpace(bytes[end]) && bytes[end] != UInt8(ascii: "<")
  }

  // MARK: Tags

  private mutating func startTag() {
    isBehindComment = false
    let name = tagName(from: position + 1)
    let open = position
    guard let end = copyTag() else { return }
    let tag = bytes[open..<end]
    if !Self.headElements.contains(name) {
      isInHead = false
    } else if name.elementsEqual("html".utf8) || name.elementsEqual("head".utf8) {
      isInHead = true
    }
    if name == Self.plaintext, verbatim.isEmpty { return copy(to: bytes.count) }
    if Self.raw.contains(name), foreign == 0 { return rawText(of: name, tag) }
    if Self.keeping.contains(name) || mentionsWhiteSpace(tag) {
      let isSelfClosing =
        bytes[end - 2] == UInt8(ascii: "/")
        && (foreign > 0 || Self.isForeign(name))
      if !Self.void.contains(name), !isSelfClosing { keepText(of: name) }
    } else if verbatim.last == name {
      // An element of the same name inside: its end tag is not that of the outer one.
      keepText(of: name)
    }
  }

  private static func isForeign(_ name: [UInt8]) -> Bool {
    name.elementsEqual("svg".utf8) || name.elementsEqual("math".utf8)
  }

  private mutating func keepText(of name: [UInt8]) {
    verbatim.append(name)
    opened[name, default: 0] += 1
    if Self.isForeign(name) { foreign += 1 }
  }

  /// Up to the innermost element of that name, all are closed; nothing where none is open.
  private mutating func close(_ name: [UInt8]) {
    guard !verbatim.isEmpty, opened[name] ?? 0 > 0 else { return }
    while let last = verbatim.popLast() {
      opened[last, default: 0] -= 1
      if Self.isForeign(last) { foreign -= 1 }
      if last == name { return }
    }
  }

  private func tagName(from start: Int) -> [UInt8] {
    var name: [UInt8] = []
    var index = start
    while index < bytes.count, !isSpace(bytes[index]), bytes[index] != UInt8(ascii: ">"),
      bytes[index] != UInt8(ascii: "/"),
      name.count < 16
    {
      name.append(isLetter(bytes[index]) ? bytes[index] | 0x20 : bytes[index])
      index += 1
    }
    return name
  }

  private func mentionsWhiteSpace(_ tag: Slice<Bytes>) -> Bool {
    Bytes(rebasing: tag).first("white-space", from: 0) != nil
  }

  /// Copies the tag at `position` with one space between attributes.
  /// - Returns: the offset behind it; nil where the document ends first, and is copied whole.
  private mutating func copyTag() -> Int? {
    let start = position
    let written = output.count
    var index = start + 1
    while index < bytes.count, !isSpace(bytes[index]), bytes[index] != UInt8(ascii: ">"),
      bytes[index] != UInt8(ascii: "/")
    {
      index += 1
    }
    output += bytes[start..<index]
    var isUnquoted = false
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: ">") {
        output.append(byte)
        position = index + 1
        return position
      }
      if isSpace(byte) {
        while index < bytes.count, isSpace(bytes[index]) { index += 1 }
        guard index < bytes.count else { break }
        let next = bytes[index]
        let isBeforeEnd = next == UInt8(ascii: ">") || (!isUnquoted && bytes.has("/>", at: index))
        if !isBeforeEnd { output.append(0x20) }
        continue
      }
      if byte == UInt8(ascii: "/") {
        output.append(byte)
        index += 1
        continue
      }
      // A name, and perhaps a value.
      let name = index
      repeat {
        index += 1
      } while index < bytes.count && !isSpace(bytes[index]) && bytes[index] != UInt8(ascii: "=")
        && bytes[index] != UInt8(ascii: ">") && bytes[index] != UInt8(ascii: "/")
      output += bytes[name..<index]
      isUnquoted = false
      var equals = index
      while equals < bytes.count, isSpace(bytes[equals]) { equals += 1 }
      guard equals < bytes.count, bytes[equals] == UInt8(ascii: "=") else { continue }
      index = equals + 1
      while index < bytes.count, isSpace(bytes[index]) { index += 1 }
      output.append(UInt8(ascii: "="))
      guard index < bytes.count else { break }
      let quote = bytes[index]
      if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
        var close = index + 1
        while close < bytes.count, bytes[close] != quote { close += 1 }
        guard close < bytes.count else { break }
        output += bytes[index...close]
        index = close + 1
      } else {
        let value = index
        while index < bytes.count, !isSpace(bytes[index]), bytes[index] != UInt8(ascii: ">") { index += 1 }
        output += bytes[value..<index]
        isUnquoted = true
      }
    }
    output.removeSubrange(written...)
    copy(to: bytes.count)
    return nil
  }

  private mutating func endTag() {
    isBehindComment = false
    let name = tagName(from: position + 2)
    guard copyTag() != nil else { return }
    close(name)
    if name.elementsEqual("head".utf8) { isInHead = true }
  }

  // MARK: Raw text

  /// Copies the content of an element that holds no elements, and its end tag.
  private mutating func rawText(of name: [UInt8], _ tag: Slice<Bytes>) {
    let start = position
    let isScript = name == Array("script".utf8)
    var end: Int?
    var index = start
    while let open = bytes.first("</", from: index), end == nil {
      if isEndTag(of: name, at: open) { end = open }
      index = open + 2
    }
    guard let end else { return copy(to: bytes.count) }
    let content = bytes[start..<end]
    // Between `<!--` and `-->`, a script may end elsewhere than it seems.
    if isScript, Bytes(rebasing: content).first("<!--", from: 0) != nil { return copy(to: end) }
    if isScript, options.scripts, isJavaScript(tag) {
      output += minifyScript(Array(content))
    } else if name == Array("style".utf8), options.styles, isPlain(tag) {
      output += minifyCSS(Array(content))
    } else {
      output += content
    }
    position = end
  }

  private func isEndTag(of name: [UInt8], at open: Int) -> Bool {
    let end = open + 2 + name.count
    guard end < bytes.count else { return false }
    for (index, byte) in name.enumerated() where bytes[open + 2 + index] | 0x20 != byte { return false }
    return isSpace(bytes[end]) || bytes[end] == UInt8(ascii: ">") || bytes[end] == UInt8(ascii: "/")
  }

  /// Without a `type`, or with one that says so: a map of imports and data are none.
  private func isJavaScript(_ tag: Slice<Bytes>) -> Bool {
    hasNoType(tag, but: ["type=\"module\"", "type=module", "type=\"text/javascript\""])
  }

  private func isPlain(_ tag: Slice<Bytes>) -> Bool { hasNoType(tag, but: ["type=\"text/css\""]) }

  /// - Parameter own: what may stand there, in lower case.
  private func hasNoType(_ tag: Slice<Bytes>, but own: [StaticString]) -> Bool {
    tag.map { isLetter($0) ? $0 | 0x20 : $0 }.withUnsafeBufferPointer { tag in
      tag.first("type", from: 0) == nil || own.contains { tag.first($0, from: 0) != nil }
    }
  }
}
