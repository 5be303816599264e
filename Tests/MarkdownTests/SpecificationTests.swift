import Testing

@testable import Markdown

func html(_ markdown: String, _ options: MarkdownOptions = .site) -> String {
  String(decoding: renderMarkdown(Array(markdown.utf8), options: options).html, as: UTF8.self)
}

/// As `html`, but through the lowered text even where nothing asks for it.
func htmlThroughLowering(_ markdown: String, _ options: MarkdownOptions) -> String {
  var traits = SourceTraits()
  traits.isBeyondASCII = true
  traits.needsLowering = true
  let result = Array(markdown.utf8).withUnsafeBufferPointer {
    render($0, traits, options: options, hooks: MarkdownHooks(), firstLine: 1)
  }
  return String(decoding: result.html, as: UTF8.self)
}

@Suite struct SpecificationTests {
  @Test func `the files are read`() {
    #expect(SpecExample.all(in: "commonmark-spec-0.30.txt").count == 652)
    #expect(SpecExample.all(in: "gfm-spec-extensions.txt").count == 24)
    #expect(SpecExample.all(in: "cmark-gfm-extensions.txt").count == 29)
    #expect(SpecExample.all(in: "cmark-gfm-regression.txt").count == 25)
    #expect(SpecExample.all(in: "golden-gfm.txt").count >= 150)
  }

  @Test func `CommonMark 0.30`() {
    for example in SpecExample.all(in: "commonmark-spec-0.30.txt") {
      #expect(html(example.markdown, .commonMark) == example.html, "\(example.testDescription)")
    }
  }

  /// What has no extension in it comes through the lowering as it was.
  @Test func `CommonMark 0.30, lowered`() {
    for example in SpecExample.all(in: "commonmark-spec-0.30.txt") {
      #expect(htmlThroughLowering(example.markdown, .commonMark) == example.html, "\(example.testDescription)")
    }
  }

  @Test func `the extensions of GFM 0.29`() {
    for example in SpecExample.all(in: "gfm-spec-extensions.txt") {
      #expect(html(example.markdown, .gfm) == example.html, "\(example.testDescription)")
    }
  }

  @Test func `cmark-gfm's own cases`() {
    for example in SpecExample.all(in: "cmark-gfm-extensions.txt") {
      #expect(html(example.markdown, .gfm) == example.html, "\(example.testDescription)")
    }
  }

  @Test func `cmark-gfm's regressions`() {
    for example in SpecExample.all(in: "cmark-gfm-regression.txt") {
      var options = MarkdownOptions.commonMark
      options.tables = example.extensions.contains("table")
      options.strikethrough = example.extensions.contains("strikethrough")
      options.autolinks = example.extensions.contains("autolink")
      options.footnotes = example.extensions.contains("footnotes")
      options.taskLists = example.extensions.contains("tasklist")
      #expect(html(example.markdown, options) == example.html, "\(example.testDescription)")
    }
  }

  @Test func `random documents`() {
    for example in SpecExample.all(in: "golden-gfm.txt") {
      #expect(html(example.markdown, .gfm) == example.html, "\(example.testDescription)")
    }
  }
}
