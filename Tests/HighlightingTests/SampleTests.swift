import TestSupport
import Testing

@testable import Highlighting

/// One golden file a language in `Samples/`; `RECORD=1` rewrites them and fails the run.
@Suite struct SampleTests {
  @Test(arguments: Sample.all)
  func becomesTheExpectedHTML(_ sample: Sample) throws {
    let html = html(sample.source, sample.language)
    if isRecording {
      try sample.record(html)
      Issue.record("recorded \(sample.language)")
      return
    }
    #expect(String(decoding: html, as: UTF8.self) == sample.expected)
    #expect(text(ofHTML: html) == sample.source)
  }

  @Test func thereIsOneForEachLanguage() {
    let sampled = Set(Sample.all.compactMap { Language.named($0.language)?.name })
    #expect(sampled == Set(Language.all.map(\.name)))
    #expect(Language.all.count >= 40)
  }

  @Test func eachLanguageHasTokensInOrder() {
    for sample in Sample.all where sample.language != "text" {
      guard let language = Language.named(sample.language) else { continue }
      let found = sample.source.withUnsafeBufferPointer { tokens(of: $0, language: language) }
      #expect(Set(found.map(\.kind)).count >= 2, "\(sample.language)")
      var end = 0
      for token in found {
        #expect(
          token.start >= end && token.end > token.start && token.kind != .plain, "\(sample.language) at \(token.start)")
        end = token.end
      }
      #expect(end <= sample.source.count)
    }
  }

  @Test func threadsAgree() async {
    let expected = Sample.all.map { html($0.source, $0.language) }
    await withTaskGroup(of: [[UInt8]].self) { group in
      for _ in 0..<4 { group.addTask { Sample.all.map { html($0.source, $0.language) } } }
      for await result in group { #expect(result == expected) }
    }
  }
}
