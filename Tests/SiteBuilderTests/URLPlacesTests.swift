import Files
import TestSupport
import Testing

@testable import SiteBuilder

/// The places of links in texts that nobody meant: found, or not, in time that grows with the text.
@Suite struct URLPlacesTests {
  private func places(_ text: String) -> URLPlaces {
    URLPlaces(SourceText(path: "a.md", bytes: Array(text.utf8)), bodyStart: 0)
  }

  static let marks = [
    "[", "](", "![", "]: ", "<a ", "<a href=", "<a href=\"", "<a:", "`", "``` ", "\\", "{{< a ", "{{< a=\"", "{#",
    "=\"", "=\"{{",
    "https://a", "[https://a ", "(", ")", "](<", "- ", "> ", "%", "&", "#", "a=", "\n\n    ", "\n\n",
  ]

  @Test(.timeLimit(.minutes(1)), arguments: marks) func repeatedMarks(_ mark: String) {
    let text = String(repeating: mark, count: 50_000)
    var markdown = places(text + "\n\n[x](gone.md)\n")
    #expect(
      mark.contains("`") || markdown.place(of: "gone.md")?.offset == text.utf8.count + 6 || mark.hasSuffix("    "))
    var template = URLPlaces(SourceText(path: "a.html", bytes: Array((text + "\n<a href='gone.md'>").utf8)))
    #expect(mark == "{#" || template.place(of: "gone.md") != nil)
  }

  @Test(.timeLimit(.minutes(1))) func manyLinks() {
    let text = (0..<5_000).map { "[x](gone\($0).md)\n" }.joined()
    var found = places(text)
    for number in 0..<5_000 { #expect(found.place(of: "gone\(number).md") != nil) }
  }

  @Test(.timeLimit(.minutes(1)), arguments: ["![](a.png)\n", "<img src=a.png>\n"])
  func manyImagesWithoutText(_ image: String) {
    var found = places(String(repeating: image, count: 5_000))
    for number in 0..<5_000 {
      #expect((found.imageWithoutText("a.png", number)?.offset ?? 0) / image.utf8.count == number)
    }
  }

  @Test func anything() {
    let alphabet = Array("[]()<>`!{}%=\"'#&\\ \n-:.ah/~1".utf8)
    var random = SeededGenerator(seed: 7)
    for _ in 0..<5_000 {
      let bytes = (0..<random.below(60)).map { _ in alphabet[random.below(alphabet.count)] }
      var markdown = URLPlaces(SourceText(path: "a.md", bytes: bytes), bodyStart: random.below(bytes.count + 1))
      var template = URLPlaces(SourceText(path: "a.html", bytes: bytes))
      for place in [markdown.place(of: "a", in: [.link, .value, .word]), template.place(of: "a")] {
        #expect(place.map { $0.offset + $0.length <= bytes.count } ?? true)
      }
    }
  }
}
