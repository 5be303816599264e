import Files
import TestSupport
import Testing

@testable import Templates

/// Templates damaged by seed: each ends in text or diagnostics.
@Suite struct FuzzTests {
  private static let pieces = [
    "{{", "}}", "{%", "%}", "{#", "#}", "-", "'", "\"", "(", ")", "[", "]", "{", "}", "|", ".", ",", "if", "for", "in",
    "endfor", "endif", "else", "block", "endblock", "set", "endset", "macro", "endmacro", "call", "loop", "super()",
    "is", "not", "**", "//", "~", "1e999", "0x", "\\", "\n", "\u{0}", "é", "raw", "endraw", "recursive", "*", "=",
  ]

  @Test(arguments: 0..<8) func damagedTemplates(_ seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let cases = OracleTests.cases
    guard !cases.isEmpty else { return }
    var outcomes = (text: 0, mistakes: 0)
    for _ in 0..<250 {
      let oracle = cases[Int.random(in: 0..<cases.count, using: &generator)]
      let sources = oracle.sources.map { source in
        var bytes = source.bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          let place = Int.random(in: 0...bytes.count, using: &generator)
          switch Int.random(in: 0..<4, using: &generator) {
          case 0 where place < bytes.count: bytes.remove(at: place)
          case 1 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &generator)
          case 2: bytes.removeSubrange(place..<min(bytes.count, place + 5))
          default:
            let piece = Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &generator)]
            bytes.insert(contentsOf: Array(piece.utf8), at: place)
          }
        }
        return TemplateSource(name: source.name, bytes: bytes)
      }
      do {
        _ = try TemplateSet(sources, options: oracle.options).render(oracle.main, oracle.data)
        outcomes.text += 1
      } catch {
        outcomes.mistakes += 1
        #expect(!error.all.isEmpty)
        #expect(error.all.allSatisfy { !$0.message.isEmpty && $0.location != nil })
      }
    }
    #expect(outcomes.text > 10)
    #expect(outcomes.mistakes > 10)
  }

  /// Twice the input may take twice the time, not four times: the larger one has 16 times the bytes and must stay below 64 times.
  @Test(arguments: [
    "{{ ", "{% if x %}", "{# ", "{{ 'a", "{{ a.b|c(", "{% raw %}", "{{ x }}", "{% for x in y %}{{ x", "{{ \"' }}",
    "-%}", "{%- x",
  ])
  func timeIsLinear(_ piece: String) {
    func seconds(_ count: Int) -> Double {
      let text = String(repeating: piece, count: count)
      return processorSeconds { _ = mistakes(text) }
    }
    let small = max(seconds(500), 0.002)
    #expect(seconds(8000) < small * 64)
  }
}
