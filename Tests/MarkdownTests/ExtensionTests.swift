import Testing

@testable import Markdown

private func only(_ change: (inout MarkdownOptions) -> Void) -> MarkdownOptions {
  var options = MarkdownOptions.commonMark
  change(&options)
  return options
}

private func inline(_ formula: String) -> String { "<span class=\"math inline\">\\(\(formula)\\)</span>" }

@Suite struct ExtensionTests {
  @Test(arguments: [
    ("a\n: b\n", "<dl>\n<dt>a</dt>\n<dd>b</dd>\n</dl>\n"),
    ("a\nb\n: c\n: d\n", "<dl>\n<dt>a</dt>\n<dt>b</dt>\n<dd>c</dd>\n<dd>d</dd>\n</dl>\n"),
    (
      "a\n\n: b\n\n  c\n\nd\n: e\n\nf\n",
      "<dl>\n<dt>a</dt>\n<dd>\n<p>b</p>\n<p>c</p>\n</dd>\n<dt>d</dt>\n<dd>e</dd>\n</dl>\n<p>f</p>\n"
    ),
    ("a\n: - x\n  - y\n", "<dl>\n<dt>a</dt>\n<dd>\n<ul>\n<li>x</li>\n<li>y</li>\n</ul>\n</dd>\n</dl>\n"),
    ("a\n: b\n\n    c\n", "<dl>\n<dt>a</dt>\n<dd>\n<p>b</p>\n<p>c</p>\n</dd>\n</dl>\n"),
    ("a\n: b\n\n  - c\n", "<dl>\n<dt>a</dt>\n<dd>\n<p>b</p>\n<ul>\n<li>c</li>\n</ul>\n</dd>\n</dl>\n"),
    ("a\n: b\n  - c\n\n  d\n", "<dl>\n<dt>a</dt>\n<dd>\n<p>b</p>\n<ul>\n<li>c</li>\n</ul>\n<p>d</p>\n</dd>\n</dl>\n"),
    ("a\n: b\n  - c\n", "<dl>\n<dt>a</dt>\n<dd>b\n<ul>\n<li>c</li>\n</ul>\n</dd>\n</dl>\n"),
    (
      "a\n: b\n\n  ```\n  c\n\n  d\n  ```\ne\n: f\n",
      "<dl>\n<dt>a</dt>\n<dd>\n<p>b</p>\n<pre><code>c\n\nd\n</code></pre>\n</dd>\n<dt>e</dt>\n<dd>f</dd>\n</dl>\n"
    ),
    (
      "a\n: b\n\nc\n: : d\n  : e\n",
      "<dl>\n<dt>a</dt>\n<dd>b</dd>\n<dt>c</dt>\n<dd>\n<dl>\n<dd>d</dd>\n<dd>e</dd>\n</dl>\n</dd>\n</dl>\n"
    ),
    (": a\n", "<p>: a</p>\n"),
    ("a :b\n", "<p>a :b</p>\n"),
    ("- a\n  : b\n- c\n", "<ul>\n<li>\n<dl>\n<dt>a</dt>\n<dd>b</dd>\n</dl>\n</li>\n<li>c</li>\n</ul>\n"),
    ("a\n: b\n\n> q\n", "<dl>\n<dt>a</dt>\n<dd>b</dd>\n</dl>\n<blockquote>\n<p>q</p>\n</blockquote>\n"),
  ])
  func `definition lists`(markdown: String, expected: String) {
    #expect(html(markdown, only { $0.definitionLists = true }) == expected)
  }

  @Test(arguments: [
    ("# A {#b .c d=e}\n", "<h1 id=\"b\" class=\"c\" d=\"e\">A</h1>\n"),
    ("## A `{x}` {.c d='e f'} ##\n", "<h2 class=\"c\" d=\"e f\">A <code>{x}</code></h2>\n"),
    ("A *b* {#c}\n===\n", "<h1 id=\"c\">A <em>b</em></h1>\n"),
    ("# A {b}\n", "<h1>A {b}</h1>\n"),
    ("# A \\{#b}\n", "<h1>A {#b}</h1>\n"),
    ("![a](b.png){.wide width=\"50%\"} c\n", "<p><img src=\"b.png\" alt=\"a\" class=\"wide\" width=\"50%\" /> c</p>\n"),
    ("`![a](b)`{.c}\n", "<p><code>![a](b)</code>{.c}</p>\n"),
    ("[a](b){.c}\n", "<p><a href=\"b\">a</a>{.c}</p>\n"),
    ("# A {a=b{c}\n", "<h1>A {a=b{c}</h1>\n"), ("![a](b){c=d{e}\n", "<p><img src=\"b\" alt=\"a\" />{c=d{e}</p>\n"),
    ("# A {#x onclick=\"<\"}\n", "<h1 id=\"x\" onclick=\"&lt;\">A</h1>\n"),
  ])
  func attributes(markdown: String, expected: String) {
    #expect(html(markdown, only { $0.attributes = true }) == expected)
  }

  @Test func `heading ids are GitHub's, and unique`() {
    let options = only { $0.headingIDs = true }
    #expect(
      html("# Hello, *World*!\n# Hello World\n# hello-world-1\n# Ünïcode & Ω\n# 日本\n", options)
        == """
        <h1 id="hello-world">Hello, <em>World</em>!</h1>
        <h1 id="hello-world-1">Hello World</h1>
        <h1 id="hello-world-1-1">hello-world-1</h1>
        <h1 id="ünïcode--ω">Ünïcode &amp; Ω</h1>
        <h1 id="日本">日本</h1>

        """)
  }

  @Test(arguments: [
    (
      "> [!NOTE]\n> a *b*\n",
      "<div class=\"markdown-alert markdown-alert-note\">\n<p class=\"markdown-alert-title\">Note</p>\n"
        + "<p>a <em>b</em></p>\n</div>\n"
    ),
    (
      "> [!caution]  \n> a\n>\n> - b\n",
      "<div class=\"markdown-alert markdown-alert-caution\">\n<p class=\"markdown-alert-title\">Caution</p>\n"
        + "<p>a</p>\n<ul>\n<li>b</li>\n</ul>\n</div>\n"
    ),
    (
      "> [!NOTE] Read *me* & <b>\n> a\n",
      "<div class=\"markdown-alert markdown-alert-note\">\n<p class=\"markdown-alert-title\">Read <em>me</em> &amp; <b></p>\n"
        + "<p>a</p>\n</div>\n"
    ),
    (
      "> [!tip]-  Folded \n> > [!NOTE]\n> > b\n",
      "<div class=\"markdown-alert markdown-alert-tip\">\n<p class=\"markdown-alert-title\">Folded</p>\n"
        + "<div class=\"markdown-alert markdown-alert-note\">\n<p class=\"markdown-alert-title\">Note</p>\n<p>b</p>\n</div>\n"
        + "</div>\n"
    ),
    (
      "> [!NOTE]\n>\n> a\n",
      "<div class=\"markdown-alert markdown-alert-note\">\n<p class=\"markdown-alert-title\">Note</p>\n<p>a</p>\n</div>\n"
    ),
    (
      "> [!NOTE] # `x` - [y](z) #\n> # a\n",
      "<div class=\"markdown-alert markdown-alert-note\">\n<p class=\"markdown-alert-title\"># <code>x</code> - <a href=\"z\">y</a> #</p>\n"
        + "<h1>a</h1>\n</div>\n"
    ),
    (
      "> [!NOTE]\n> - a\n",
      "<div class=\"markdown-alert markdown-alert-note\">\n<p class=\"markdown-alert-title\">Note</p>\n"
        + "<ul>\n<li>a</li>\n</ul>\n</div>\n"
    ),
    ("> [!NOTE]a\n", "<blockquote>\n<p>[!NOTE]a</p>\n</blockquote>\n"),
    ("> [!NOTE a]\n", "<blockquote>\n<p>[!NOTE a]</p>\n</blockquote>\n"),
    ("> \\[!NOTE]\n> a\n", "<blockquote>\n<p>[!NOTE]\na</p>\n</blockquote>\n"),
    ("> [!OTHER]\n> a\n", "<blockquote>\n<p>[!OTHER]\na</p>\n</blockquote>\n"),
    ("[!NOTE]\n", "<p>[!NOTE]</p>\n"),
  ])
  func alerts(markdown: String, expected: String) {
    #expect(html(markdown, only { $0.alerts = true }) == expected)
  }

  @Test(arguments: [
    ("$a_b*c*<d$ e\n", "<p><span class=\"math inline\">\\(a_b*c*&lt;d\\)</span> e</p>\n"),
    ("$$a\n_b_$$\n", "<p><span class=\"math display\">\\[a\n_b_\\]</span></p>\n"),
    ("$$\na\n- b\n= c\n$$\nd\n", "<p><span class=\"math display\">\\[\na\n- b\n= c\n\\]</span></p>\n<p>d</p>\n"),
    ("> $$\n> a\n> $$\n", "<blockquote>\n<p><span class=\"math display\">\\[\na\n\\]</span></p>\n</blockquote>\n"),
    ("$5 and $6\n", "<p>$5 and $6</p>\n"),
    ("\\$a$ b\n", "<p>$a$ b</p>\n"),
    ("`$a$`\n", "<p><code>$a$</code></p>\n"),
    ("$$\na\n\nb\n", "<p>$$\na</p>\n<p>b</p>\n"),
    ("*$a$*\n", "<p><em><span class=\"math inline\">\\(a\\)</span></em></p>\n"),
    ("($a$), $b$-th\n", "<p>(\(inline("a"))), \(inline("b"))-th</p>\n"),
    ("其中$x$是\n", "<p>其中\(inline("x"))是</p>\n"),
    ("a $\\$5$ b\n", "<p>a \(inline("\\$5")) b</p>\n"),
    ("a $$ b $$ c\n", "<p>a <span class=\"math display\">\\[ b \\]</span> c</p>\n"),
  ])
  func math(markdown: String, expected: String) {
    #expect(html(markdown, only { $0.math = true }) == expected)
  }

  /// Signs of prices, paths and shells, which Pandoc and GitHub take for no formulas either, or should not.
  @Test(arguments: [
    "Set PATH to $HOME/bin:$PATH, or pay 5$/month, not 10$/month.", "$SRC/$NAME", "US$/A$", "^foo$|bar$",
    "$5, $10 or $20", "5$, 10$ or 20$", "$HOME, $PATH and $USER", "x$a$ b", "$a$b", "$a$1", "é$a$", "$a$é", "$ a$",
    "$a $",
    "$a$$", "$$a$", "$$$a$$$", "$$a$$b", "a$$b$$", "a: $x=$y", "$$$$", "$", "$$", "a $", "a $\n$ b", "$a\\$",
  ])
  func `signs that are no formulas stay as they are`(markdown: String) {
    let text = markdown.replacing("\\$", with: "$")
    #expect(html(markdown + "\n", only { $0.math = true }) == "<p>\(text)</p>\n")
  }

  @Test func `a formula ends before a code span`() {
    #expect(html("$5, not `a$`\n", only { $0.math = true }) == "<p>$5, not <code>a$</code></p>\n")
  }

  @Test func `emoji by their codes, not in code`() {
    let options = only { $0.emoji = true }
    #expect(html(":tada: :+1: :no_such: `:tada:` a:b\n", options) == "<p>🎉 👍 :no_such: <code>:tada:</code> a:b</p>\n")
    #expect(emojiShortCodes.count >= 150)
  }

  @Test func `smart punctuation`() {
    #expect(html("\"a\" -- 'b'...\n", only { $0.smart = true }) == "<p>“a” – ‘b’…</p>\n")
  }

  @Test func `raw HTML can be switched off`() {
    let options = only { $0.rawHTML = false }
    #expect(
      html("<b>a</b> [x](javascript:a) ![y](data:text/html,a) ![z](data:image/png;base64,a)\n\n<div>\n", options)
        == "<p><!-- raw HTML omitted -->a<!-- raw HTML omitted --> <a href=\"\">x</a> <img src=\"\" alt=\"y\" /> "
        + "<img src=\"data:image/png;base64,a\" alt=\"z\" /></p>\n<!-- raw HTML omitted -->\n")
  }

  /// Strikethrough and emphasis share one stack of delimiters.
  @Test(arguments: [
    ("~~a *b~~ c*\n", "<p><del>a *b</del> c*</p>\n"),
    ("*a ~~b* c~~\n", "<p><em>a ~~b</em> c~~</p>\n"),
    ("***~~a~~***\n", "<p><em><strong><del>a</del></strong></em></p>\n"),
    ("~a~~ ~~~b~~~ ~c~\n", "<p>~a~~ ~~~b~~~ <del>c</del></p>\n"),
    ("[*a* ~~b](c) d~~ ~~e~~\n", "<p><a href=\"c\"><em>a</em> ~~b</a> d~~ <del>e</del></p>\n"),
    ("~~a~~ [*b*]\n\n[*b*]: /c_d_\n", "<p><del>a</del> <a href=\"/c_d_\"><em>b</em></a></p>\n"),
    ("~~a~~ `*b*` <i title=\"*c*\"> \\*d\\*\n", "<p><del>a</del> <code>*b*</code> <i title=\"*c*\"> *d*</p>\n"),
  ])
  func `crossing delimiters`(markdown: String, expected: String) {
    #expect(html(markdown, .gfm) == expected)
  }

  @Test func `a delimiter row with its pipe far off`() {
    #expect(html("a\n|  -\n", .gfm) == "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n</table>\n")
  }

  /// Task lists by the specification, where its reference parser looks at the start of the line only.
  @Test(arguments: [
    (
      "> - [x] a\n",
      "<blockquote>\n<ul>\n<li><input type=\"checkbox\" checked=\"\" disabled=\"\" /> a</li>\n</ul>\n</blockquote>\n"
    ),
    ("- [ ] a [x]\n", "<ul>\n<li><input type=\"checkbox\" disabled=\"\" /> a [x]</li>\n</ul>\n"),
    ("- [ ]a\n", "<ul>\n<li>[ ]a</li>\n</ul>\n"),
    ("[ ] a\n", "<p>[ ] a</p>\n"),
  ])
  func `task lists`(markdown: String, expected: String) {
    #expect(html(markdown, .gfm) == expected)
  }
}
