import HTML
import Testing

@Suite struct VisitorTests {
  struct Collector: HTMLVisitor {
    var seen: [String] = []

    mutating func url(_ found: FoundURL) -> String? {
      seen.append("url \(found.url)")
      return found.kind == .image ? "/new" : nil
    }
    mutating func anchor(_ name: String, at range: Range<Int>) { seen.append("anchor \(name) \(range)") }
    mutating func imageWithoutAlt(at offset: Int) { seen.append("no alt \(offset)") }
  }

  struct WithoutAnchors: HTMLVisitor {
    static var collectsAnchors: Bool { false }
    var names: [String] = []
    mutating func anchor(_ name: String, at range: Range<Int>) { names.append(name) }
  }

  struct Images: HTMLVisitor {
    static var collectsImages: Bool { true }
    var seen: [ImageTag] = []
    mutating func url(_ found: FoundURL) -> String? { found.url == "i" ? "new" : nil }
    mutating func image(_ tag: ImageTag) -> String? {
      seen.append(tag)
      return tag.attributes.contains(.loading) ? nil : " x"
    }
  }

  /// What is added to a tag stands behind its attributes, whatever they are, and is one.
  @Test(arguments: [
    ("<img>", "<img x>"), ("<img/>", "<img x/>"), ("<img src=i>", "<img src=new x>"),
    ("<img src=a/>", "<img src=a/ x>"), ("<img src=\"i\" alt=\"\" />", "<img src=\"new\" alt=\"\" x />"),
    ("<img src='i'\n\t>", "<img src='new' x\n\t>"),
    ("<IMG srcset='i 1x, j 2x' alt>", "<IMG srcset='new 1x, j 2x' alt x>"),
    ("<img loading=lazy>", "<img loading=lazy>"), ("<svg><image href=i /></svg>", "<svg><image href=new /></svg>"),
    ("<img src=i", "<img src=i"), ("<!-- <img> --><script><img></script>", "<!-- <img> --><script><img></script>"),
  ])
  func attributesAreAdded(_ document: String, _ expected: String) {
    var visitor = Images()
    #expect(String(decoding: rewriteHTML(Array(document.utf8), visitor: &visitor), as: UTF8.self) == expected)
  }

  @Test func imagesSayWhatTheyHave() {
    var visitor = Images()
    scanHTML(
      Array("<img src=i width=5 height='50%'><img width=0 WIDTH=7 sizes srcset=a loading=lazy height=1234567>".utf8),
      visitor: &visitor)
    #expect(
      visitor.seen == [
        ImageTag(attributes: [.src, .width, .height], width: 5, height: nil),
        ImageTag(attributes: [.width, .sizes, .srcset, .loading, .height], width: nil, height: nil),
      ])
  }

  struct Stop: Error {}

  struct Failing: HTMLVisitor {
    typealias Failure = Stop
    var count = 0
    mutating func url(_ found: FoundURL) throws(Stop) -> String? {
      count += 1
      if count == 2 { throw Stop() }
      return nil
    }
  }

  let document = Array("<p id='a&amp;b'><a name=x href=y><p name=z id=''><img src=i><img alt src=j><IMG>".utf8)

  @Test func collectsAllInOrder() {
    var collector = Collector()
    let result = rewriteHTML(document, visitor: &collector)
    #expect(String(decoding: result, as: UTF8.self).contains("<img src=/new><img alt src=/new>"))
    #expect(
      collector.seen == ["anchor a&b 7..<14", "anchor x 24..<25", "url y", "url i", "no alt 49", "url j", "no alt 75"])
    var scanning = Collector()
    scanHTML(document, visitor: &scanning)
    #expect(scanning.seen == collector.seen)
  }

  @Test func anchorsCanBeLeftOut() {
    var visitor = WithoutAnchors()
    scanHTML(document, visitor: &visitor)
    #expect(visitor.names.isEmpty)
  }

  @Test func errorsPassThrough() {
    var visitor = Failing()
    #expect(throws: Stop.self) { try rewriteHTML(document, visitor: &visitor) }
    #expect(throws: Stop.self) { try rewriteHTML(document) { _ throws(Stop) in throw Stop() } }
    #expect(throws: Stop.self) { try scanCSS(Array("a{b:url(c)}".utf8)) { _ throws(Stop) in throw Stop() } }
  }

  @Test func untypedErrorsPassThrough() {
    func replacement(_ found: FoundURL) throws -> String? { throw Stop() }
    #expect(throws: Stop.self) { try rewriteHTML(document) { try replacement($0) } }
    #expect(throws: Stop.self) { try rewriteHTML(document, replacement) }
  }

  @Test func nothingChangedIsTheSameArray() {
    let copy = rewriteHTML(document) { $0.url }
    let isSame = document.withUnsafeBufferPointer { old in
      copy.withUnsafeBufferPointer { $0.baseAddress == old.baseAddress }
    }
    #expect(isSame)
  }
}
