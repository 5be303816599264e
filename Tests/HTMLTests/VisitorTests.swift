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
