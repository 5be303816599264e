import HTML
import Testing

@Suite struct CSSTests {
  @Test(arguments: [
    FindCase("a{b:url(x)}", "cssURL|x"), FindCase("a{b:url( 'x' )}", "cssURL|x"),
    FindCase("a{b:URL(\t\"x\"\n)}", "cssURL|x"),
    FindCase("a{b:url( x )}", "cssURL|x"), FindCase("a{b:url(x y) c:url(z)}", "cssURL|z"),
    FindCase("a{b:url(x'y) c:url(z)}", "cssURL|z"),
    FindCase("a{b:url(x(y) c:url(z)}", "cssURL|z"), FindCase("a{b:url(a\\)b\\(c)}", "cssURL|a)b(c"),
    FindCase("a{b:url(x", "cssURL|x"), FindCase("a{b:url('x", "cssURL|x"),
    FindCase("a{b:url('x\n c:url(y)}", "cssURL|y"), FindCase("a{b:url('x\n') c:url(z)}"),
    FindCase("a{b:\\75rl(x)}", "cssURL|x"), FindCase("a{b:\\75 \\72l(x)}", "cssURL|x"),
    FindCase("a{b:url(\\2F x\\2f\n)}", "cssURL|/x/"),
    FindCase("a{b:url('a\\\nb\\'c')}", "cssURL|ab'c"), FindCase("a{b:url(\\0 a)}", "cssURL|\u{FFFD}a"),
    FindCase("a{b:url(\\110000 a\\ä)}", "cssURL|\u{FFFD}aä"), FindCase("a{b:myurl(x)}"), FindCase("a{b:-url(x)}"),
    FindCase("a{b:1url(x)}"), FindCase("#url(x){}"), FindCase("a{b:url (x)}"), FindCase("a{b:'url(x)'}"),
    FindCase("/*url(x)*/a{b:url(y)}", "cssURL|y"), FindCase("/*/url(x)*/a{b:url(y)}", "cssURL|y"),
    FindCase("/* url(x)"),
    FindCase("a{b:url(/*x*/y)}", "cssURL|/*x*/y"), FindCase("a{b:'\\'url(x)'}"),
    FindCase("a{b:'x\n;c:url(y)}", "cssURL|y"),
    FindCase("a{b:url()}", "cssURL|"),
    FindCase("a{b:url(data:image/svg+xml;base64,AA==)}", "cssURL|data:image/svg+xml;base64,AA=="),
    FindCase("a{b:url(x)url(y)}", "cssURL|x", "cssURL|y"),
    FindCase("a{b:url('x' foo(bar)) c:url(y)}", "cssURL|x", "cssURL|y"),
  ])
  func url(_ expected: FindCase) {
    #expect(Language.css.found(in: expected.document) == expected.expected)
  }

  @Test(arguments: [
    FindCase("@import 'x';", "cssImport|x"), FindCase("@import\"x\"", "cssImport|x"),
    FindCase("@IMPORT url(x);", "cssImport|x"),
    FindCase("@\\69mport 'x';", "cssImport|x"),
    FindCase("@import url('x') layer(a) supports(b: url(c)) screen;d{e:url(f)}", "cssImport|x", "cssURL|f"),
    FindCase("@import/**/'x' 'y';@import 'z';", "cssImport|x", "cssImport|z"), FindCase("@namespace 'x';"),
    FindCase("@namespace a url(x);b{c:url(d)}", "cssURL|d"), FindCase("@charset 'x';a{b:'y'}"),
    FindCase("a{@import 'x';}"),
    FindCase("@media x{a{b:url(c)}}", "cssURL|c"), FindCase("@imports 'x';"),
    FindCase(
      "@font-face{font-family:'a';src:local('b'),url(c) format('d'),url('e')}f{g:url(h)}", "cssFont|c", "cssFont|e",
      "cssURL|h"),
    FindCase("@media x{@font-face{src:url(a)}b{c:url(d)}}", "cssFont|a", "cssURL|d"),
    FindCase("@supports (a:url(b)){c{d:url(e)}}", "cssURL|b", "cssURL|e"),
  ])
  func atRules(_ expected: FindCase) {
    #expect(Language.css.found(in: expected.document) == expected.expected)
  }

  @Test(arguments: [
    FindCase("a{b:image-set('x' 1x, \"y\" 2x)}", "cssURL|x", "cssURL|y"),
    FindCase("a{b:-webkit-image-set(url(x) 1x)}", "cssURL|x"),
    FindCase("a{b:image-set('x' type('image/avif'), 'y' 1x) 'z'}", "cssURL|x", "cssURL|y"),
    FindCase("a{b:image('x', red)}", "cssURL|x"), FindCase("a{b:cross-fade('x', url(y), 50%)}", "cssURL|x", "cssURL|y"),
    FindCase("a{b:src('x')}", "cssURL|x"), FindCase("a{b:attr('x') format('y')}"),
  ])
  func imageStrings(_ expected: FindCase) {
    #expect(Language.css.found(in: expected.document) == expected.expected)
  }
}
