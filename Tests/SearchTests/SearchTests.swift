import Search
import TestSupport
import Testing

@Suite struct SearchTests {
  private func page(_ html: String, title: String = "", keywords: String = "") -> SearchPage {
    SearchPage(url: "u", title: title, excerpt: "", date: "", keywords: keywords, html: html)
  }

  /// Words with their weights.
  private func words(_ page: SearchPage) -> [String: Int] {
    var found: [String: Int] = [:]
    var index = 0
    while index < page.words.count {
      let end = index + 1 + Int(page.words[index])
      found[String(decoding: page.words[index + 1..<end], as: UTF8.self)] = Int(page.words[end])
      index = end + 1
    }
    return found
  }

  @Test(arguments: [
    ("Hello, world-wide WEB", ["hello", "web", "wide", "world"]),
    ("Café Straße ÆSIR Łódź Đà Nẵng", ["aesir", "cafe", "da", "lodz", "nang", "strasse"]),
    ("cafe\u{301} нить ΣΙΣΥΦΟΣ Έ1", ["cafe", "έ1", "нить", "σισυφοσ"]),
    ("I a 7 to", ["to"]), ("sha256 v1.2", ["sha256", "v1"]),
    ("漢字かな 茶", ["字か", "漢字", "かな", "茶"].sorted()), ("ink漢字", ["ink", "漢字"]),
    ("<b>h</b>and <i>m</i>ade<br>now", ["hand", "made", "now"]), ("one<p>two</p>three", ["one", "three", "two"]),
    ("a<script>let x1 = '<b>'</script>b2 <style>c3</style><!-- d4 -->e5", ["b2", "e5"]),
    ("<a title=\"no > text\">yes</a>", ["yes"]), ("caf&#233; &#xE9;t&amp;u n&nbsp;o", ["cafe", "et"]),
    ("x < y1 <3 &", ["y1"]), ("", []),
    (String(repeating: "a", count: 65) + " ab", ["ab"]),
  ])
  func cutting(_ html: String, _ expected: [String]) {
    #expect(words(page(html)).keys.sorted() == expected.sorted())
  }

  @Test func weights() {
    let found = words(page("<h2>Paper</h2><p>ink ink ink ink water</p>", title: "Colophon", keywords: "press"))
    let (title, heading, often, once) = (found["colophon"]!, found["paper"]!, found["ink"]!, found["water"]!)
    #expect(title > heading)
    #expect(heading > once)
    #expect(often > once)
    #expect(found["press"]! > 0)
    #expect(found.values.allSatisfy { (1...63).contains($0) })
  }

  @Test func excerpts() {
    #expect(excerpt(of: "<p>One <b>two</b>\n three</p><p>A &amp; B</p>", limit: 100) == "One two three A & B")
    #expect(excerpt(of: "one two three", limit: 9) == "one two…")
    #expect(excerpt(of: "ééééé", limit: 5) == "éé…")
  }

  // MARK: The files, read back

  /// word → (how many pages, the pages that are named).
  private func read(_ files: [SearchFile]) throws -> [String: (count: Int, pages: [Int])] {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    var found: [String: (Int, [Int])] = [:]
    for file in files where file.name.hasPrefix("words-") {
      let text = String(decoding: file.bytes, as: UTF8.self)
      let start = try #require(text.firstIndex(of: "\""))
      let end = try #require(text.lastIndex(of: "\""))
      for entry in text[text.index(after: start)..<end].split(separator: ",") {
        let parts = entry.split(separator: " ")
        let name = parts[0].split(separator: "!")
        var pages: [Int] = []
        var postings = parts[1].utf8.map { digits.firstIndex(of: $0) ?? -1 }[...]
        var page = 0
        while !postings.isEmpty {
          var shift = 0
          while true {
            let digit = postings.removeFirst()
            page += (digit & 31) << shift
            shift += 5
            if digit < 32 { break }
          }
          _ = postings.removeFirst()
          pages.append(page)
        }
        found[String(name[0])] = (name.count > 1 ? try #require(Int(name[1])) : pages.count, pages)
      }
    }
    return found
  }

  @Test func everyWordLeadsToItsPages() throws {
    let pages = (0..<300).map { page("number n\($0) of \($0 % 7 == 0 ? "seven" : "others") " + "w\($0 % 50)") }
    let files = searchFiles(pages)
    #expect(files.map(\.name).filter { $0.hasPrefix("pages-") } == (0..<5).map { "pages-\($0).js" })
    let words = try read(files)
    #expect(words["number"]?.pages == Array(0..<300))
    #expect(words["seven"]?.pages == Array(stride(from: 0, to: 300, by: 7)))
    #expect(words["w3"]?.pages == [3, 53, 103, 153, 203, 253])
    #expect(words["n299"]?.pages == [299])
  }

  /// A word on every page does not fill the index: the pages where it weighs most are named, and how many there are.
  @Test func wordsThatAreEverywhere() throws {
    let pages = (0..<1_500).map { page("the " + ($0 < 40 ? "<h2>the</h2>" : "")) }
    let words = try read(searchFiles(pages))
    #expect(words["the"]?.count == 1_500)
    #expect(words["the"]?.pages == Array(0..<40) + Array(540..<1_500))
  }

  @Test func filesAreCut() throws {
    let pages = (0..<200).map { number in page((0..<200).map { "w\(number)x\($0)" }.joined(separator: " ")) }
    let files = searchFiles(pages)
    #expect(files.filter { $0.name.hasPrefix("words-") }.count > 3)
    #expect(files.allSatisfy { $0.bytes.count < 60_000 })
    #expect(try read(files).count == 40_000)
  }

  @Test func theSameFilesEachTime() {
    let pages = (0..<100).map { page("one two \($0) three") }
    #expect(searchFiles(pages).map(\.bytes) == searchFiles(pages).map(\.bytes))
  }

  @Test(
    .timeLimit(.minutes(1)), arguments: ["<", "<a ", "<!--", "&", "&#", "<script>", "\"", "</", "<a title='", "漢", "a"])
  func repeatedMarks(_ mark: String) {
    let once = page(String(repeating: mark, count: 200_000))
    #expect(once.words.count < 100)
  }

  @Test(.timeLimit(.minutes(1))) func anyBytes() throws {
    var random = SeededGenerator(seed: 7)
    let pieces = [
      "<b>", "</", "<", ">", "&#", ";", "&amp;", "é", "漢", "\u{301}", "a", "Z", "9", " ", "\u{0}", "<script", "-->",
      "\"", "😀", "ß",
    ]
    for _ in 0..<1_000 {
      let html = (0..<random.below(60)).map { _ in pieces[random.below(pieces.count)] }.joined()
      let one = page(html, title: html, keywords: html)
      for (word, weight) in words(one) {
        #expect((1...63).contains(weight), "\(html)")
        #expect(word.utf8.count <= 64 && !word.contains { ", !\"\\".contains($0) }, "\(html)")
      }
      #expect(try read(searchFiles([one])).count == words(one).count, "\(html)")
    }
  }
}
