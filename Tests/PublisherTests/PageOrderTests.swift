import Files
import TestSupport
import Testing

@testable import Publisher

@Suite struct PageOrderTests {
  /// `a` and `b` are posts, `l` and `m` lists, `f` the front page.
  func order(_ links: [String]) -> PageOrder {
    let names = ["a", "b", "f", "l", "m"]
    var targets = [[Int]](repeating: [], count: names.count)
    for link in links {
      guard let from = names.firstIndex(of: String(link.prefix(1))),
        let to = names.firstIndex(of: String(link.suffix(1)))
      else { continue }
      targets[from].append(to)
    }
    return PageOrder(paths: names.compactMap { TreePath($0) }, links: targets, levels: [0, 0, 2, 1, 1])
  }

  func waves(_ order: PageOrder) -> [String] {
    order.waves.map { $0.map { order.paths[$0].string }.joined() }
  }

  func later(_ order: PageOrder) -> [String] {
    order.laterLinks.map { "\(order.paths[$0.from])-\(order.paths[$0.to])" }
  }

  @Test func withoutCirclesEveryLinkIsDirect() {
    let order = order(["a-b", "f-a", "l-f", "m-l"])
    #expect(later(order) == [])
    #expect(waves(order) == ["b", "a", "f", "l", "m"])
  }

  @Test func inACircleLinksLeadDownALevel() {
    let order = order(["a-b", "b-a", "a-l", "l-a", "l-m", "m-l", "a-f", "f-l", "f-a", "m-b"])
    #expect(later(order) == ["a-b", "a-f", "a-l", "b-a", "l-m", "m-l"])
    #expect(waves(order) == ["ab", "lm", "f"])
  }

  /// A circle that the front page has no part in comes before it, so that its listing can name the pages in it.
  @Test func theFrontPageComesAfterAllThatDoesNotLeadToIt() {
    let order = order(["a-b", "b-a", "l-f"])
    #expect(waves(order) == ["abm", "f", "l"])
    #expect(later(order) == ["a-b", "b-a"])
  }

  @Test(arguments: [1, 7, 42]) func directLinksNeverLeadToALaterWave(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let count = 300
    let links = (0..<count).map { page in (0..<random.below(6)).map { _ in random.below(count) }.filter { $0 != page } }
    let levels = (0..<count).map { $0 == 0 ? 2 : random.below(2) }
    let order = PageOrder(paths: (0..<count).compactMap { TreePath("p\($0)") }, links: links, levels: levels)
    var wave = [Int](repeating: 0, count: count)
    for (number, pages) in order.waves.enumerated() { for page in pages { wave[page] = number } }
    #expect(order.waves.joined().sorted() == Array(0..<count))
    let later = Set(order.laterLinks.map { [$0.from, $0.to] })
    for (page, targets) in links.enumerated() {
      for target in targets {
        #expect(order.isDirect(from: page, to: target) != later.contains([page, target]))
        if order.isDirect(from: page, to: target) { #expect(wave[target] < wave[page]) }
      }
    }
  }
}
