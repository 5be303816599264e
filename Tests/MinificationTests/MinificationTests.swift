import Minification
import TestSupport
import Testing

@Suite struct MinificationTests {
  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test(arguments: [
    ("/* one */ a , b > c {\n  color : red ;\n  margin: 0 auto;\n}\n", "a,b > c{color:red;margin:0 auto}"),
    ("a/**/b{}", "a/**/b{}"), ("a /**/ b{}", "a b{}"), ("a :hover{}", "a :hover{}"), ("a: hover{}", "a: hover{}"),
    ("a{width:calc( 1px + 2px )}", "a{width:calc(1px + 2px)}"), ("/*! keep */ a{}", "/*! keep */a{}"),
    ("@media  (min-width: 3em)  and (x){a{b:c;}}", "@media (min-width: 3em) and (x){a{b:c}}"),
    ("a{--x: { b : c } ; --y:  ;--z:;}", "a{--x: { b : c } ;--y:  ;--z:;}"),
    ("a::before{content: \"/* no */  ;}\" ; d : e}", "a::before{content:\"/* no */  ;}\";d:e}"),
    ("a{background: url( a b;{c ) }", "a{background:url( a b;{c )}"), (".a\\, .b{}", ".a\\, .b{}"),
    (".\\31  .b{}", ".\\31  .b{}"), ("a{b:c}}", "a{b:c}}"), ("a{b:'c", "a{b:'c"), ("/* x", "/* x"), ("", ""),
    ("@import \"a.css\" ; b{}", "@import \"a.css\";b{}"), (".a{ &: hover { b : c } }", ".a{&: hover{b:c}}"),
    ("a{b:c;;}", "a{b:c}"), ("a[ b = \"c , d\" ] {}", "a[ b = \"c , d\" ]{}"),
  ])
  func styles(_ before: String, _ after: String) {
    #expect(Self.text(minifyCSS(Array(before.utf8))) == after)
    #expect(Self.text(minifyCSS(Array(after.utf8))) == after, "twice is once")
  }

  @Test(arguments: [
    ("// one\nlet a = 1; /* two */ let b = 2\nlet c\n", "let a=1;let b=2\nlet c"),
    ("return /a  b/.test( x )", "return /a  b/.test(x)"), ("a = b / c / d", "a=b / c / d"),
    ("if (a) /b  c/.test(d)", "if(a)/b  c/.test(d)"), ("(a) / b  / c", "(a)/ b / c"),
    ("x = {} / 2  // y", "x = {} / 2  // y"), ("a + +b - -c", "a + +b - -c"), ("i++ / 2", "i++ / 2"),
    ("`a  ${ b  +  `c  ${d}` }  e`", "`a  ${b + `c  ${d}`}  e`"), ("'a  b' + \"c  d\"", "'a  b' + \"c  d\""),
    ("a\n(b)", "a\n(b)"), ("a = {\n  b: 1,\n  c() {}\n}\nd", "a={b: 1,c(){}}\nd"), ("a <!--b", "a <!--b"),
    ("x\n--> y", "x\n--> y"), ("/*! keep */ a", "/*! keep */ a"),
    ("a;\n//# sourceMappingURL=b;\nc", "a;//# sourceMappingURL=b;\nc"),
    ("#!/usr/bin/env node\n\na", "#!/usr/bin/env node\na"), ("a /* \n */ b", "a\nb"), ("'a", "'a"),
    ("a = /[/]  /g", "a=/[/]  /g"),
    ("a.return / b  / c", "a.return / b / c"), ("1. / 2  / 3", "1. / 2 / 3"),
    ("for await (x of y) /a  b/.test(x)", "for await(x of y)/a  b/.test(x)"),
    ("(a", "(a"), ("", ""),
  ])
  func scripts(_ before: String, _ after: String) {
    #expect(Self.text(minifyScript(Array(before.utf8))) == after)
    #expect(Self.text(minifyScript(Array(after.utf8))) == after, "twice is once")
  }

  @Test(arguments: [
    ("<p  class = \"a  b\"\n id=x >a  \n b</p>", "<p class=\"a  b\" id=x>a\nb</p>"), ("a <!-- b --> c", "a c"),
    ("a<!-- b -->c", "a<!-- b -->c"), ("<<!-- a -->p>", "<<!-- a -->p>"),
    ("<!--[if IE]> <![endif]-->", "<!--[if IE]> <![endif]-->"), ("<br />", "<br/>"),
    ("<a href=x />", "<a href=x />"), ("<pre>  a\n\n <b  c>  </pre>  d", "<pre>  a\n\n <b c>  </pre> d"),
    ("<code>a  b</code>  c", "<code>a  b</code> c"), ("<textarea>  <p>  </textarea>", "<textarea>  <p>  </textarea>"),
    (
      "<head>\n  <meta a>\n  <title>a  b</title>\n</head>\n<body>  c",
      "<head><meta a><title>a  b</title></head><body> c"
    ),
    ("<p style=\"white-space: pre\">a  b</p>  c", "<p style=\"white-space: pre\">a  b</p> c"),
    ("<svg><text>a  b</text></svg>  c", "<svg><text>a  b</text></svg> c"),
    ("<script>a  =  1</script>", "<script>a=1</script>"),
    (
      "<script type=\"application/json\">{ \"a\":  1 }</script>",
      "<script type=\"application/json\">{ \"a\":  1 }</script>"
    ),
    ("<SCRIPT TYPE=\"text/template\">a // b</SCRIPT>", "<SCRIPT TYPE=\"text/template\">a // b</SCRIPT>"),
    ("<SCRIPT TYPE=\"Module\">a  =  1</SCRIPT>", "<SCRIPT TYPE=\"Module\">a=1</SCRIPT>"),
    ("<style> a { b : c } </style>", "<style>a{b:c}</style>"),
    ("<script>'<!--  <script>'</script>", "<script>'<!--  <script>'</script>"),
    ("<p a='", "<p a='"), ("<!-- a", "<!-- a"), ("a < b  > c", "a < b > c"), ("<plaintext>a  b", "<plaintext>a  b"),
    ("", ""),
  ])
  func documents(_ before: String, _ after: String) {
    let all = HTMLMinification(styles: true, scripts: true)
    #expect(Self.text(minifyHTML(Array(before.utf8), all)) == after)
    #expect(Self.text(minifyHTML(Array(after.utf8), all)) == after, "twice is once")
  }

  /// Whatever the bytes, there is an end, and doing it again changes nothing; by a fixed seed.
  @Test func anyBytes() {
    var random = SeededGenerator(seed: 0x5EED)
    let pieces = [
      "<", ">", "<p ", "</p>", "<pre>", "<script>", "</script>", "<!--", "-->", "\"", "'", "`", "${", "}", "{", "(",
      ")",
      "/", "/*", "*/", "//", "\n", "  ", "\\", ";", ":", ",", "a", "1", "url(", "@media", "--x", "=", "if", "\u{E9}",
      "[", "]",
    ]
    for _ in 0..<2000 {
      let text = (0..<random.below(30)).map { _ in pieces[random.below(pieces.count)] }.joined()
      let bytes = Array(text.utf8)
      for minify in [minifyCSS, minifyScript, { minifyHTML($0) }] {
        let once = minify(bytes)
        #expect(once.count <= bytes.count + 1 && minify(once) == once, "\(text)")
      }
    }
  }

  /// Time grows with the size and no faster.
  @Test func manyOfOneKind() {
    for piece in ["<", "<p ", "<!--", "/*", "{", "(", "a:", "`${", "\\", "/", "'", "<pre>", "url(", "<script>"] {
      let bytes = Array(String(repeating: piece, count: 20000).utf8)
      for minify in [minifyCSS, minifyScript, { minifyHTML($0) }] { #expect(minify(bytes).count <= bytes.count + 1) }
    }
  }

  /// Elements that stay open, and what is asked about them for each that follows.
  @Test(.timeLimit(.minutes(1)), arguments: ["<code/>", "</b>", "</code>", "<title></title>", "<svg>", "</svg><svg/>"])
  func manyOpenElements(_ next: String) {
    let bytes = Array((String(repeating: "<code>", count: 40_000) + String(repeating: next, count: 40_000)).utf8)
    #expect(minifyHTML(bytes).count <= bytes.count)
  }
}
