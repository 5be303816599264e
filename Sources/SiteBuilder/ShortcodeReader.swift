import Files
import Glibc
import Markdown
import Templates

/// One shortcode of a text, as `{{< figure src="a.png" >}}` or `{{% note %}}…{{% /note %}}`.
struct Shortcode {
  /// `{{% … %}}`: what it gives is Markdown, not HTML.
  var isMarkdown: Bool
  var name: String
  /// Arguments without a name, in order.
  var positional: [Value] = []
  var named: [(name: String, value: Value)] = []
  /// Of the opening tag, or of the whole shortcode where it has a closing one.
  var range: Range<Int>
  /// The text between the tags; nil where there is no closing tag.
  var inner: Range<Int>?
}

/// The shortcodes at the top level of a piece of text, and the escaped ones in it.
///
/// Nothing is looked for in code. `{{</* name */>}}` stands for the text `{{< name >}}`, in code too.
/// Source of the forms: Hugo's documentation, "Shortcodes".
struct ShortcodeReader {
  private let range: Range<Int>
  private var tags: ShortcodeTagReader
  private var code: CodeCursor
  private(set) var shortcodes: [Shortcode] = []
  /// Tags whose `/*` and `*/` are to be taken out.
  private(set) var escaped: [Range<Int>] = []
  var diagnostics: [Diagnostic] { tags.diagnostics }

  /// - Parameters:
  ///   - range: of `source`; tags outside are not looked at.
  ///   - code: where code stands in the text that `range` is a part of.
  ///   - isInner: whether it stands between the tags of a shortcode, where what is indented need not be code.
  init(_ source: SourceText, _ range: Range<Int>, code: [CodeRange], isInner: Bool = false) {
    self.range = range
    tags = ShortcodeTagReader(source, range)
    self.code = CodeCursor(code, from: range.lowerBound, isInner: isInner)
    scan()
  }

  /// Whether a text can hold a shortcode at all: one fast look.
  static func mayContain(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.withUnsafeBufferPointer { text in
      var rest = text[...]
      while let base = text.baseAddress, !rest.isEmpty,
        let found = memchr(base + rest.startIndex, Int32(UInt8(ascii: "{")), rest.count)
      {
        rest = text[(UnsafeRawPointer(found) - UnsafeRawPointer(base))...].dropFirst()
        guard rest.first == UInt8(ascii: "{") else { continue }
        let delimiter = rest.dropFirst().first
        if delimiter == UInt8(ascii: "<") || delimiter == UInt8(ascii: "%") { return true }
      }
      return false
    }
  }

  // MARK: Tags

  private mutating func scan() {
    var pairs = Pairs()
    var index = range.lowerBound
    while index + 2 < range.upperBound {
      guard tags.isTag(at: index) else {
        index += 1
        continue
      }
      let code = code.range(at: index)
      tags.reports = code == nil
      guard let tag = tags.tag(at: index), mayStand(tag, in: code, &pairs) else {
        index += 3
        continue
      }
      index = tag.shortcode.range.upperBound
      if tag.kind != .escaped { self.code.pass(index) }
      if tag.kind == .close, !pairs.isOpen(tag.shortcode.name) {
        tags.report(
          "shortcode-syntax", "\(tag.shortcode.name) is closed here, it was not opened",
          at: tag.shortcode.range.lowerBound, tag.shortcode.range.count)
      } else {
        pairs.add(tag)
      }
    }
    collect(pairs)
  }

  /// Whether a tag counts. In code, escaped ones do, and what closes a shortcode that began before the code: backticks and indentation between
  /// its tags need not be Markdown's.
  private func mayStand(_ tag: ShortcodeTag, in code: CodeRange?, _ pairs: inout Pairs) -> Bool {
    guard let code, tag.kind != .escaped else { return true }
    guard code.kind != .fenced, tag.shortcode.range.upperBound <= code.range.upperBound else { return false }
    let name = tag.shortcode.name
    switch tag.kind {
    case .open:
      if !tag.isClosed { pairs.noteOpen(name, in: code) }
      return false
    case .close:
      return !pairs.closes(name, in: code) && pairs.isOpen(name) && beginsLine(tag.shortcode.range.lowerBound)
    case .escaped: return true
    }
  }

  private func beginsLine(_ index: Int) -> Bool {
    tags.bytes[range.lowerBound..<index].last { $0 != 0x20 && $0 != 0x09 && $0 != UInt8(ascii: ">") } == 0x0A
  }

  // MARK: Pairs

  private mutating func collect(_ pairs: Pairs) {
    var end = range.lowerBound
    for (number, tag) in pairs.tags.enumerated() where tag.shortcode.range.lowerBound >= end {
      switch tag.kind {
      case .escaped: escaped.append(tag.shortcode.range)
      case .close: continue
      case .open:
        var shortcode = tag.shortcode
        if let closing = pairs.partners[number].map({ pairs.tags[$0].shortcode.range }) {
          shortcode.inner = shortcode.range.upperBound..<closing.lowerBound
          shortcode.range = shortcode.range.lowerBound..<closing.upperBound
        }
        shortcodes.append(shortcode)
        end = shortcode.range.upperBound
      }
    }
  }

  /// A closing tag belongs to the nearest open one of its name; what stands open between them has no closing tag.
  private struct Pairs {
    private(set) var tags: [ShortcodeTag] = []
    /// Of opening tags the number of the closing one.
    private(set) var partners: [Int: Int] = [:]
    private var open: [Int] = []
    /// Those of them that have a name, so that none is looked for in vain.
    private var openByName: [String: Int] = [:]
    /// Those that were opened in the code that is being read.
    private var openInCode: (code: CodeRange, byName: [String: Int])?

    func isOpen(_ name: String) -> Bool { openByName[name, default: 0] > 0 }

    mutating func add(_ tag: ShortcodeTag) {
      tags.append(tag)
      let name = tag.shortcode.name
      switch tag.kind {
      case .open where !tag.isClosed:
        open.append(tags.count - 1)
        openByName[name, default: 0] += 1
      case .close:
        while let opening = open.popLast() {
          let other = tags[opening].shortcode.name
          openByName[other, default: 0] -= 1
          guard name == other else { continue }
          partners[opening] = tags.count - 1
          break
        }
      case .open, .escaped: break
      }
    }

    mutating func noteOpen(_ name: String, in code: CodeRange) {
      if openInCode?.code != code { openInCode = (code, [:]) }
      openInCode?.byName[name, default: 0] += 1
    }

    /// Whether the tag closes one that was opened in the same code.
    mutating func closes(_ name: String, in code: CodeRange) -> Bool {
      guard openInCode?.code == code, let count = openInCode?.byName[name], count > 0 else { return false }
      openInCode?.byName[name] = count - 1
      return true
    }
  }
}

/// The code of a text, asked for in ascending order.
private struct CodeCursor {
  private let code: [CodeRange]
  private let isInner: Bool
  private var next: Int
  /// Code that begins before is none: it would begin in a tag, or between the tags of another shortcode.
  private var floor: Int

  init(_ code: [CodeRange], from start: Int, isInner: Bool) {
    self.code = code
    self.isInner = isInner
    next = code.partitioningIndex { $0.range.upperBound > start }
    floor = start
  }

  /// A tag ends at `index`.
  mutating func pass(_ index: Int) { floor = index }

  mutating func range(at index: Int) -> CodeRange? {
    while next < code.count, code[next].range.upperBound <= index { next += 1 }
    guard next < code.count, code[next].range.contains(index), code[next].range.lowerBound >= floor else { return nil }
    return isInner && code[next].kind == .indented ? nil : code[next]
  }
}
