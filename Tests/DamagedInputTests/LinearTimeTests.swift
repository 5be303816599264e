import Files
import Glibc
import TestSupport
import Testing

@testable import SiteBuilder

/// Texts that nobody meant: pieces of real ones, damaged by a seed and repeated. Each ends in a result or in diagnostics with their places,
/// and eight times as much of it takes no more than eight times as long.
///
/// `COLOPHON_INPUTS=10000 swift test --filter DamagedInputTests` reads that many of each kind; the ordinary run takes what fits into seconds.
@Suite struct LinearTimeTests {
  static let count = Int(getenv("COLOPHON_INPUTS").map { String(cString: $0) } ?? "") ?? 48
  private static let groups = 8

  @Test(arguments: InputKind.allCases, 0..<groups)
  func endsInTime(_ kind: InputKind, _ group: Int) throws {
    let corpus = try Corpus.texts(of: kind)
    #expect(corpus.count > 3)
    var inputs = 0
    var withMistakes = 0
    for number in stride(from: group, to: Self.count, by: Self.groups) {
      var seed = SeededGenerator(seed: UInt64(number) &* 0x9E37_79B9 &+ 1)
      let piece = damagedPiece(kind, corpus, &seed)
      let isNumbered = seed.below(2) == 0
      inputs += 1
      let mistakes = kind.read(kind == .frontMatter ? kind.grown(piece, to: piece.count, numbered: false) : piece)
      if !mistakes.isEmpty { withMistakes += 1 }
      for mistake in mistakes {
        #expect(!mistake.message.isEmpty && mistake.location?.line ?? 0 > 0, "\(kind.rawValue), \(number): \(mistake)")
      }
      let small = kind.grown(piece, to: 1500, numbered: isNumbered)
      let large = kind.grown(piece, to: 12_000, numbered: isNumbered)
      if let times = slowness(kind, small, large) {
        Issue.record(
          "\(kind.rawValue), \(number): \(small.count) bytes in \(times.small) s, \(large.count) in \(times.large): \(String(decoding: piece, as: UTF8.self).debugDescription)"
        )
      }
    }
    #expect(inputs > 0)
    // What is damaged is not all refused at the door, nor is none of it.
    if [.frontMatter, .template].contains(kind), inputs > 50 { #expect((1..<inputs).contains(withMistakes)) }
  }

  /// A page has as many inner texts as shortcodes: what is not closed in one of them is looked for there, and not to the end of the page.
  @Test func anInnerTextIsReadAlone() {
    let inner = Array("x {{</* y".utf8)
    var bytes = [UInt8](repeating: 0x61, count: 1 << 26)
    bytes.replaceSubrange(0..<inner.count, with: inner)
    let source = SourceText(path: "content/a.md", bytes: bytes)
    let seconds = processorSeconds {
      for _ in 0..<1_000 { _ = ShortcodeReader(source, 0..<inner.count, code: [], isInner: true) }
    }
    // Usually a tenth of a second; to the end of the page it is 64 GB.
    #expect(seconds < 4)
  }

  /// The times where they grow faster than the sizes, in seconds of the processor; nil where they don't. What looks slow is measured again,
  /// and larger: only what stays slow is.
  private func slowness(_ kind: InputKind, _ small: [UInt8], _ large: [UInt8]) -> (small: Double, large: Double)? {
    func time(_ input: [UInt8], _ runs: Int) -> Double {
      (0..<runs).map { _ in processorSeconds { _ = kind.read(input) } }.min() ?? 0
    }
    let limit = 24.0
    // Below this, it is the clock that is measured.
    let least = 0.000_3
    var times = (small: max(time(small, 1), least), large: time(large, 1))
    if times.large < limit * times.small { return nil }
    times = (max(time(small, 5), least), time(large, 5))
    if times.large < limit * times.small { return nil }
    let larger = large + large
    times = (max(time(large, 3), least), time(larger + larger + larger + larger, 3))
    return times.large < limit * times.small ? nil : times
  }

  private func damagedPiece(_ kind: InputKind, _ corpus: [[UInt8]], _ seed: inout SeededGenerator) -> [UInt8] {
    var piece: [UInt8] = []
    let words = kind.words
    for _ in 0...seed.below(3) {
      if seed.below(3) > 0 {
        let text = corpus[seed.below(corpus.count)]
        let start = text.isEmpty ? 0 : seed.below(text.count)
        piece += text[start..<min(text.count, start + 1 + seed.below(120))]
      }
      for _ in 0..<seed.below(4) { piece += words[seed.below(words.count)].utf8 }
    }
    for _ in 0..<seed.below(4) where !piece.isEmpty {
      let place = seed.below(piece.count)
      switch seed.below(4) {
      case 0: piece[place] = UInt8(seed.below(256))
      case 1: piece.removeSubrange(place..<min(piece.count, place + 1 + seed.below(6)))
      case 2: piece.insert(contentsOf: words[seed.below(words.count)].utf8, at: place)
      default: piece.insert(contentsOf: piece[place..<min(piece.count, place + 20)], at: place)
      }
    }
    return piece.isEmpty ? Array(words[0].utf8) : piece
  }
}
