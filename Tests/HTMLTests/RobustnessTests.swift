import HTML
import TestSupport
import Testing

/// Any bytes give a result, in time linear in their number, and stay as they are where nothing is replaced.
@Suite struct RobustnessTests {
  static let sample = """
    {"url" : "u\\/v", "name": 1}<!doctype html><!-- a --!><html lang=en><head><title>A &amp; b</title><base href="/x/"><meta http-equiv=refresh content="5; url='/a&amp;b'">
    <link rel=stylesheet href=a.css><style>@import "x" layer(a); @font-face { src: url( 'f.woff2' ) } a { b: url(c\\)d) }</style>
    <script type=module src='m.js'><!-- <script> </script> --> import "x"</script></head><body style="background:url(&quot;x&quot;)" id=top>
    <a href = '/a?b&copy=1&#x2F;' name=n>x</a><img srcset="a 1x, b&#44; 2x" src=c alt=''><svg><![CDATA[ <a> ]]><use xlink:href="#i"/>
    <title>t</title></svg><textarea></textarea ><p title="a>b" x=y/></body></html>
    import a, { b } from './c.js'; const d = `x${import("y")}` / 2; /[/"]/.test(d); export * from "z" // e
    <link>l&amp;m</link>
    """

  @Test(arguments: Language.allCases) func everyPrefix(_ language: Language) {
    let sample = Array(Self.sample.utf8)
    #expect(!language.found(in: sample).isEmpty)
    for length in 0...sample.count {
      let prefix = Array(sample[..<length])
      #expect(language.rewrite(prefix) { _ in nil } == prefix)
      if length % 4 != 0 { continue }
      _ = language.rewrite(prefix) { $0.url + "\"' <>&\\," }
    }
  }

  @Test(arguments: Language.allCases) func fuzzed(_ language: Language) {
    var random = SeededGenerator(seed: 42)
    let sample = Array(Self.sample.utf8)
    let parts = [
      "<", ">", "\"", "'", "&", "<a href=", "url(", "<!--", "-->", "</", "\\", "/*", "@import ", "<svg>", "<style>",
      "\0", "\n", ";", "{", "`",
    ]
    for _ in 0..<600 {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 1...12, using: &random) {
        let start = Int.random(in: 0..<sample.count, using: &random)
        bytes += sample[start..<min(sample.count, start + Int.random(in: 0...60, using: &random))]
        bytes += parts[Int.random(in: 0..<parts.count, using: &random)].utf8
        if Bool.random(using: &random) { bytes.append(UInt8.random(in: 0...255, using: &random)) }
      }
      #expect(language.rewrite(bytes) { _ in nil } == bytes)
      let found = language.found(in: bytes)
      var end = 0
      for url in found {
        #expect(url.range.lowerBound >= end && url.range.upperBound <= bytes.count)
        end = url.range.upperBound
      }
      // Rewriting changes nothing but the URLs, so as many are found again.
      let rewritten = language.rewrite(bytes) { _ in "/new" }
      #expect(language.found(in: rewritten).count == found.count)
    }
  }

  @Test(arguments: [
    "<", "<a ", "<a href=", "<a href='", "<a x", "</", "</a ", "<!--", "<!-", "-", "<!", "<?", "<![CDATA[", "<svg>",
    "<svg><desc>", "</svg>",
    "<script>", "<script><!--", "<script>", "<style>", "</style", "<title>", "&", "&a", "&#", "\"", "'", "url(",
    "url('", "@import ", "\\",
    "/*", "(", "{", "image-set(", "a ", ",", "`", "${", "`${", "import ", "import(", "/", "<p style='url(",
    "<img srcset='a,", "=", "\0",
  ])
  func pathologicalInputTakesLinearTime(_ part: String) {
    func bytes(_ count: Int) -> [UInt8] {
      let part = Array(part.utf8)
      return [UInt8]((0..<(count / part.count)).map { _ in part }.joined())
    }
    #if DEBUG
      let size = 1 << 15
    #else
      let size = 1 << 20
    #endif
    let large = bytes(size)
    let quoted = Array("<p style=\"".utf8) + large + Array("\"><a href='".utf8) + large + Array("'>".utf8)
    let seconds = processorSeconds {
      for language in Language.allCases { _ = language.rewrite(large) { _ in "x" } }
      _ = Language.html.rewrite(quoted) { _ in "x" }
    }
    // Usually some milliseconds; quadratic time would take minutes in a release build.
    #expect(seconds < 10)
  }
}
