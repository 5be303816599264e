import Files
import Markdown

/// The words that stand for shortcodes in a text while it is Markdown, and their HTML.
struct ShortcodeWords {
  private let prefix: [UInt8]
  private var html: [[UInt8]] = []

  var count: Int { html.count }

  /// - Parameter text: holds no word, whatever it holds.
  init(absentFrom text: ArraySlice<UInt8>) {
    let text = Array(text)
    var prefix = Array("xshortcodex".utf8)
    var number = digest(text)
    while find(prefix, in: text, from: 0) != nil {
      prefix = Array("xshortcode\(number)x".utf8)
      number &+= 1
    }
    self.prefix = prefix
  }

  /// - Returns: the word that stands for `html`.
  mutating func add(_ html: [UInt8]) -> [UInt8] {
    self.html.append(html)
    return word(count - 1)
  }

  /// Puts the HTML of the shortcodes in the place of their words; a paragraph that is nothing but a shortcode, or several of which one is no
  /// part of a line, gives way to them. In the value of an attribute stands their text: the description of an image has no tags.
  func put(back html: [UInt8]) -> [UInt8] { put(back: html, 0..<count) }

  fileprivate func put(back html: [UInt8], _ numbers: Range<Int>) -> [UInt8] {
    guard !numbers.isEmpty else { return html }
    var result: [UInt8] = []
    var position = 0
    var place = MarkupPlace()
    while let word = nextWord(in: html, from: position, numbers) {
      let start = word.range.lowerBound
      place.pass(html[position..<start])
      if html[position..<start].ends(with: Self.opening), let paragraph = paragraph(of: word, in: html, numbers) {
        result += html[position..<start - Self.opening.count]
        let isLine = paragraph.shortcodes > 1 && !holdsBlock(paragraph.html)
        result += isLine ? Self.opening + paragraph.html + Self.closing : paragraph.html
        position = paragraph.end
      } else {
        result += html[position..<start]
        let bytes = self.html[word.number]
        result += place.isInValue ? Self.attributeText(bytes) : bytes
        position = word.range.upperBound
      }
    }
    return result + html[position...]
  }

  private static let opening = Array("<p>".utf8)
  private static let closing = Array("</p>".utf8)

  /// What stands in the paragraph that `first` opens, where that is nothing but shortcodes and white space; `end` is behind its `</p>`.
  private func paragraph(
    of first: (range: Range<Int>, number: Int), in html: [UInt8], _ numbers: Range<Int>
  ) -> (html: [UInt8], shortcodes: Int, end: Int)? {
    var words = [first]
    while true {
      var next = words[words.count - 1].range.upperBound
      while next < html.count, html[next] <= 0x20 { next += 1 }
      if let word = word(in: html, at: next, numbers) {
        words.append(word)
        continue
      }
      guard html[next...].starts(with: Self.closing) else { return nil }
      var result: [UInt8] = []
      var position = first.range.lowerBound
      for word in words {
        result += html[position..<word.range.lowerBound]
        result += self.html[word.number]
        position = word.range.upperBound
      }
      return (result, words.count, next + Self.closing.count)
    }
  }

  /// The text of a heading, with what its shortcodes show instead of their words.
  func shown(in text: String) -> String {
    let bytes = Array(text.utf8)
    guard count > 0, find(prefix, in: bytes, from: 0) != nil else { return text }
    var result: [UInt8] = []
    var position = 0
    while let word = nextWord(in: bytes, from: position, 0..<count) {
      result +=
        bytes[position..<word.range.lowerBound] + plainText(ofHTML: html[word.number][...])
      position = word.range.upperBound
    }
    return String(decoding: result + bytes[position...], as: UTF8.self).trimmingSpaces
  }

  private func nextWord(
    in bytes: [UInt8], from start: Int, _ numbers: Range<Int>
  ) -> (range: Range<Int>, number: Int)? {
    var position = start
    while let start = find(prefix, in: bytes, from: position) {
      if let word = word(in: bytes, at: start, numbers) { return word }
      position = start + 1
    }
    return nil
  }

  /// The word that begins at `start`, if its number is one of these.
  private func word(
    in bytes: [UInt8], at start: Int, _ numbers: Range<Int>
  ) -> (range: Range<Int>, number: Int)? {
    guard bytes[start...].starts(with: prefix) else { return nil }
    var end = start + prefix.count
    var number = 0
    while end < bytes.count, isDigit(bytes[end]), number < count {
      number = number * 10 + Int(bytes[end] - 0x30)
      end += 1
    }
    guard end < bytes.count, bytes[end] == UInt8(ascii: "x"), numbers.contains(number) else { return nil }
    return (start..<end + 1, number)
  }

  /// What an attribute can hold of `html`: without tags, and without the quote that would end it.
  private static func attributeText(_ html: [UInt8]) -> [UInt8] {
    if html.contains(UInt8(ascii: "<")) {
      return Array(escapedAttribute(String(decoding: plainText(ofHTML: html[...]), as: UTF8.self)).utf8)
    }
    return html.flatMap { $0 == UInt8(ascii: "\"") ? Array("&quot;".utf8) : [$0] }
  }

  fileprivate func hasTag(_ number: Int) -> Bool { html[number].contains(UInt8(ascii: "<")) }

  fileprivate func word(_ number: Int) -> [UInt8] { prefix + Array("\(number)x".utf8) }

  fileprivate func place(of number: Int, in text: [UInt8], from start: Int) -> Range<Int>? {
    find(html[number], in: text, from: start).map { $0..<$0 + html[number].count }
  }
}

/// What stands between the tags of a shortcode. Its template sees it with the shortcodes in it filled in; to Markdown these are words, as in the
/// page's own text.
struct InnerText: Sendable {
  /// That of the shortcode whose template is being rendered.
  @TaskLocal static var current: InnerText?

  /// With the HTML of its shortcodes.
  let shown: [UInt8]
  private let words: ShortcodeWords
  private let numbers: Range<Int>
  /// Without the white space around it: with words, and as the template sees it.
  private let hidden: [UInt8]
  private let needle: [UInt8]

  /// - Parameter numbers: of the words in `text`.
  init(_ text: [UInt8], _ words: ShortcodeWords, _ numbers: Range<Int>) {
    self.words = words
    self.numbers = numbers
    shown = words.put(back: text, numbers)
    hidden = numbers.isEmpty ? [] : Self.trimmed(text)
    needle = numbers.isEmpty ? [] : Self.trimmed(words.put(back: hidden, numbers))
  }

  private static func trimmed(_ text: [UInt8]) -> [UInt8] {
    Array(text.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed())
  }

  /// `text` as `render`, which reads Markdown, makes HTML of it, the HTML of shortcodes in it untouched.
  func rendered(_ text: [UInt8], _ render: ([UInt8]) -> [UInt8]) -> [UInt8] {
    numbers.isEmpty ? render(text) : words.put(back: render(hidden(in: text)), numbers)
  }

  /// What a template made of it, with the text of shortcodes in place of their HTML in the values of attributes.
  func settled(in html: [UInt8]) -> [UInt8] {
    needle.contains(UInt8(ascii: "<")) ? words.put(back: hidden(in: html), numbers) : html
  }

  /// How many shortcodes are looked for in vain in a part of the text.
  private static let mostMisses = 256

  /// `text` with words in place of the HTML of shortcodes, where it holds the whole inner text; else in place of HTML that has tags in it.
  func hidden(in text: [UInt8]) -> [UInt8] {
    guard !numbers.isEmpty else { return text }
    var result: [UInt8] = []
    var position = 0
    while let start = find(needle, in: text, from: position) {
      result += text[position..<start]
      result += hidden
      position = start + needle.count
    }
    if position > 0 { return result + text[position...] }
    var misses = 0
    for number in numbers where words.hasTag(number) {
      guard let found = words.place(of: number, in: text, from: position) else {
        misses += 1
        if misses > Self.mostMisses { break }
        continue
      }
      result += text[position..<found.lowerBound]
      result += words.word(number)
      position = found.upperBound
    }
    return result + text[position...]
  }
}
