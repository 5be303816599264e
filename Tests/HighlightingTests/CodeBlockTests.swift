import TestSupport
import Testing

@testable import Highlighting

@Suite struct CodeBlockOptionsTests {
  @Test(arguments: [
    ("", CodeBlockOptions()),
    ("swift", CodeBlockOptions(language: "swift")),
    (
      "swift {3,5-7} linenos=true start=10 title=\"Sources/x.swift\"",
      CodeBlockOptions(
        language: "swift", title: "Sources/x.swift", lineNumbers: .inline, firstLine: 10,
        highlightedLines: [3...3, 5...7])
    ),
    (
      "go {linenos=table,hl_lines=[1,\"3-5\"],linenostart=199}",
      CodeBlockOptions(language: "go", lineNumbers: .table, firstLine: 199, highlightedLines: [1...1, 3...5])
    ),
    ("go{hl_lines=\"1 3-5\"}", CodeBlockOptions(language: "go", highlightedLines: [1...1, 3...5])),
    ("go {linenos=false}", CodeBlockOptions(language: "go")),
    (
      "rust,linenos,hl_lines=3 8-9",
      CodeBlockOptions(language: "rust", lineNumbers: .inline, highlightedLines: [3...3, 8...9])
    ),
    (
      "rust,hl_lines=1 2,hide_lines=4-5 7,name=mod.rs,copy",
      CodeBlockOptions(
        language: "rust", title: "mod.rs", highlightedLines: [1...1, 2...2], hiddenLines: [4...5, 7...7])
    ),
    ("rust,linenos,linenostart=20", CodeBlockOptions(language: "rust", lineNumbers: .inline, firstLine: 20)),
    (
      "{.python .numberLines startFrom=\"5\"}", CodeBlockOptions(language: "python", lineNumbers: .inline, firstLine: 5)
    ),
    ("jsx showLineNumbers title='a \"b\"'", CodeBlockOptions(language: "jsx", title: "a \"b\"", lineNumbers: .inline)),
    ("title=\"x\"", CodeBlockOptions(title: "x")),
    ("c++ title=\"a \\\" b\"", CodeBlockOptions(language: "c++", title: "a \" b")),
    ("py start=-3", CodeBlockOptions(language: "py", firstLine: -3)),
  ])
  func areRead(_ info: String, _ expected: CodeBlockOptions) {
    #expect(CodeBlockOptions(info: info) == expected)
  }

  @Test(arguments: [
    ("rust,ignore", ["ignore"]), ("c {0}", ["0"]), ("c {7-5}", ["7-5"]),
    ("c {99999999999999999999}", ["99999999999999999999"]),
    ("c 5", ["5"]), ("c start=x", ["start=x"]), ("c colour=red", ["colour=red"]),
    ("c linenos=maybe", ["linenos=maybe"]),
    ("c hl_lines=[x]", ["hl_lines=x"]), ("c {", []), ("c {hl_lines=[1", []), ("c title=\"", []), ("c =", ["="]),
  ])
  func nameWhatTheyDoNotKnow(_ info: String, _ unknown: [String]) {
    #expect(CodeBlockOptions(info: info).unknown == unknown)
  }

  @Test func takeAnyBytes() {
    var numbers = SeededGenerator(seed: 4)
    let alphabet = Array("abc ,{}[]=\"'\\.-12 hl_lines=linenos".utf8) + [0xFF, 0]
    for _ in 0..<500 {
      let count = Int.random(in: 0...40, using: &numbers)
      let info = (0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &numbers)] }
      let options = CodeBlockOptions(info: info)
      #expect(options.highlightedLines.allSatisfy { $0.lowerBound >= 1 })
    }
  }
}

@Suite struct CodeBlockTests {
  private func render(_ info: String, _ code: String) -> String {
    String(decoding: renderCodeBlock(info: info, code: Array(code.utf8)), as: UTF8.self)
  }

  @Test(arguments: [
    (
      "swift", "let x = 1\n",
      #"<pre class="highlight"><code class="language-swift" data-lang="swift"><span class="kd">let</span> x <span class="o">=</span> "#
        + "<span class=\"mi\">1</span>\n</code></pre>\n"
    ),
    ("", "a < b\n", "<pre class=\"highlight\"><code>a &lt; b\n</code></pre>\n"),
    (
      "no<such", "a & \"b\" > c\n",
      "<pre class=\"highlight\"><code class=\"language-no&lt;such\" data-lang=\"no&lt;such\">a &amp; &quot;b&quot; &gt; c\n</code></pre>\n"
    ),
    (
      "text title=\"a<b\"", "x",
      #"<figure class="code"><figcaption>a&lt;b</figcaption><pre class="highlight"><code class="language-text" data-lang="text">x</code></pre>"#
        + "</figure>\n"
    ),
    (
      "c {2} start=9 linenos", "/*a\nb*/\n",
      #"<pre class="highlight"><code class="language-c" data-lang="c"><span class="line"><span class="ln">9</span><span class="cm">/*a</span>"#
        + "\n</span><span class=\"line hl\"><span class=\"ln\">10</span><span class=\"cm\">b*/</span>\n</span></code></pre>\n"
    ),
    (
      "text,hide_lines=2", "a\nb\nc",
      "<pre class=\"highlight\"><code class=\"language-text\" data-lang=\"text\"><span class=\"line\">a\n</span><span class=\"line\">c</span>"
        + "</code></pre>\n"
    ),
    ("c {1}", "", "<pre class=\"highlight\"><code class=\"language-c\" data-lang=\"c\"></code></pre>\n"),
  ])
  func isRendered(_ info: String, _ code: String, _ expected: String) {
    #expect(render(info, code) == expected)
  }

  @Test func highlightingCanBeOff() {
    var output: [UInt8] = []
    renderCodeBlock(
      Array("let x".utf8), options: CodeBlockOptions(info: "swift {1}"), highlighting: false, into: &output)
    let expected =
      "<pre class=\"highlight\"><code class=\"language-swift\" data-lang=\"swift\"><span class=\"line hl\">let x</span></code></pre>\n"
    #expect(String(decoding: output, as: UTF8.self) == expected)
  }

  /// Lines of a block with spans of lines have the text and, line by line, balanced tags.
  @Test(arguments: Sample.all)
  func linesAreWhole(_ sample: Sample) {
    var output: [UInt8] = []
    var options = CodeBlockOptions(language: sample.language)
    options.highlightedLines = [1...2, 2...3, 9...10_000_000]
    renderCodeBlock(sample.source, options: options, into: &output)
    #expect(text(ofHTML: output) == sample.source + [0x0A])
    let lines = String(decoding: output, as: UTF8.self).split(separator: "<span class=\"line").dropFirst()
    #expect(lines.count == sample.source.count { $0 == 0x0A })
    for line in lines {
      let content = line.replacing("</code></pre>", with: "")
      #expect(
        content.split(separator: "<span").count == content.split(separator: "</span>", omittingEmptySubsequences: false)
          .count - 1, "\(line)")
    }
  }
}
