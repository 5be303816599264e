import Files
import Testing

@testable import Templates

@Suite struct DiagnosticTests {
  struct Expected: Sendable {
    var text: String
    var id: String
    var line: Int
    var column: Int
    var length: Int
    var message: String
    var hint: String?
  }

  static let compiling = [
    Expected(
      text: "a\n{{ x|uper }}", id: "unknown-filter", line: 2, column: 6, length: 4, message: "`uper` is no filter",
      hint: "did you mean `upper`?"),
    Expected(
      text: "{{ x is defind }}", id: "unknown-test", line: 1, column: 9, length: 6, message: "`defind` is no test",
      hint: "did you mean `defined`?"),
    Expected(
      text: "\n\n  {% fro x in y %}", id: "unknown-tag", line: 3, column: 6, length: 3, message: "`fro` is no tag",
      hint: "did you mean `for`?"),
    Expected(
      text: "{% if x %}\n{% endfor %}{% endif %}", id: "unknown-tag", line: 2, column: 4, length: 6,
      message: "`endfor` stands where `elif` or `else` or `endif` is needed", hint: nil),
    Expected(
      text: "é\n{% for x in y %}", id: "template-syntax", line: 2, column: 4, length: 3,
      message: "`for` is never closed",
      hint: "write {% endfor %} where it ends"),
    Expected(
      text: "{{ a b }}", id: "template-syntax", line: 1, column: 6, length: 1,
      message: "the end of the expression is expected, not \"b\"", hint: nil),
    Expected(
      text: "{{ a & b }}", id: "template-syntax", line: 1, column: 6, length: 1,
      message: "character \"&\" has no meaning in an expression", hint: "write `and`"),
    Expected(
      text: "{{ (a] }}", id: "template-syntax", line: 1, column: 6, length: 1,
      message: "\"]\" stands where \")\" is needed", hint: nil),
    Expected(
      text: "x{# y", id: "template-syntax", line: 1, column: 2, length: 2, message: "comment is never closed",
      hint: "write #} where it ends"),
    Expected(
      text: "{% include 'main.htm' %}", id: "template-not-found", line: 1, column: 12, length: 10,
      message: "\"main.htm\" is no template", hint: "did you mean \"main.html\"?"),
    Expected(
      text: "{% block a-b %}{% endblock %}", id: "template-syntax", line: 1, column: 11, length: 1,
      message: "block name has a hyphen", hint: "write an underscore instead"),
    Expected(
      text: "{{ [1]|random }}", id: "unknown-filter", line: 1, column: 8, length: 6, message: "`random` is no filter",
      hint: "a site is built the same way each time, so nothing is random"),
  ]

  static let rendering = [
    Expected(
      text: "x\n{{ page.titel.length }}", id: "undefined-value", line: 2, column: 9, length: 5,
      message: "`page.titel` is undefined", hint: "did you mean `page.title`?"),
    Expected(
      text: "{{ pgae.title }}", id: "undefined-value", line: 1, column: 4, length: 4, message: "`pgae` is undefined",
      hint: "did you mean `page`?"),
    Expected(
      text: "{% for p in pages %}{{ p.titl.x }}{% endfor %}", id: "undefined-value", line: 1, column: 26, length: 4,
      message: "`p.titl` is undefined", hint: "did you mean `p.title`?"),
    Expected(
      text: "{{ 1 + page.nothing }}", id: "undefined-value", line: 1, column: 13, length: 7,
      message: "`page.nothing` is undefined", hint: nil),
    Expected(
      text: "{{ page.shuot() }}", id: "undefined-value", line: 1, column: 9, length: 5,
      message: "`page.shuot` is undefined", hint: "did you mean `page.shout`?"),
    Expected(
      text: "{{ frm('x') }}", id: "undefined-value", line: 1, column: 4, length: 3, message: "`frm` is undefined",
      hint: nil),
    Expected(
      text: "{{ 1 + 'a' }}", id: "template-type", line: 1, column: 6, length: 1,
      message: "`+` does not take an integer and a string", hint: nil),
    Expected(
      text: "{{ 'a'|truncate(2) }}", id: "template-argument", line: 1, column: 8, length: 8,
      message: "length is below that of the end, 3", hint: nil),
    Expected(
      text: "{{ [1].append(2) }}", id: "template-type", line: 1, column: 8, length: 6,
      message: "a list has no method `append`",
      hint: "values do not change; write `list + [item]`"),
    Expected(
      text: "{% macro m(title) %}{% endmacro %}{{ m(titel=1) }}", id: "template-argument", line: 1, column: 38,
      length: 1,
      message: "macro `m` has no parameter `titel`", hint: "did you mean `title`?"),
    Expected(
      text: "{% include 'x' ~ page.title %}", id: "template-not-found", line: 1, column: 16, length: 1,
      message: "\"xHello\" is no template", hint: nil),
  ]

  private func check(_ found: Diagnostic?, _ expected: Expected) {
    #expect(found?.id == expected.id, "\(expected.text)")
    #expect(found?.message == expected.message)
    #expect(found?.hint == expected.hint, "\(expected.text)")
    #expect(
      found?.location
        == SourceLocation(path: "main.html", line: expected.line, column: expected.column, length: expected.length),
      "\(expected.text)")
    let lines = expected.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(found?.sourceLine == String(lines[expected.line - 1]))
  }

  @Test(arguments: compiling) func findsMistakesOfTemplates(_ expected: Expected) {
    let found = mistakes(expected.text)
    #expect(found.count == 1, "\(found.map(\.message))")
    check(found.first, expected)
  }

  @Test(arguments: rendering) func findsMistakesOfData(_ expected: Expected) {
    let page: Value = ["title": "Hello", "shout": .function("shout") { _, _ in "HELLO" }]
    let found = mistakes(expected.text, ["page": page, "pages": [page]])
    #expect(found.count == 1)
    check(found.first, expected)
  }

  @Test func allMistakesAreFoundAtOnce() {
    let found = mistakes([
      source("a.html", "{{ 1 + }}\n{% if x y %}{{ a|nope }}{% endif %}\n{% bogus %}\n{{ x is wrong }}"),
      source("b.html", "{% include 'nowhere' %}{{ ' }}"),
    ])
    let places = found.map { "\($0.location?.path ?? ""):\($0.location?.line ?? 0) \($0.id)" }
    #expect(
      places == [
        "a.html:1 template-syntax", "a.html:2 template-syntax", "a.html:2 unknown-filter", "a.html:3 unknown-tag",
        "a.html:4 unknown-test", "b.html:1 template-not-found", "b.html:1 template-syntax",
      ])
  }

  @Test func notesTellHowThePlaceWasReached() {
    let found = mistakes([
      source("main.html", "{% extends 'base.html' %}\n{% block b %}{% include 'part.html' %}{% endblock %}"),
      source("base.html", "<body>\n{% block b %}{% endblock %}"),
      source("part.html", "{% macro m(x) %}{{ x.y.z }}{% endmacro %}\n{{ m({}) }}"),
    ])
    #expect(found.first?.location == SourceLocation(path: "part.html", line: 1, column: 22, length: 1))
    #expect(
      found.first?.notes == ["from part.html:2:4", "in block `b`, from main.html:2:25", "from base.html:2:4"])
  }

  @Test func requiredBlockNamesItself() {
    let found = mistakes([
      source("main.html", "{% extends 'base.html' %}"), source("base.html", "{% block title required %}{% endblock %}"),
    ])
    #expect(found.first?.id == "required-block")
    #expect(found.first?.message == "block `title` is required and not given")
    #expect(found.first?.hint == "define it in \"main.html\"")
  }

  @Test func outputIsLeftAsItWas() throws {
    let set = try TemplateSet([source("a", "text {{ x.y.z }}")])
    var output = Array("before".utf8)
    #expect(throws: Diagnostics.self) { try set.render("a", [:], into: &output) }
    #expect(output == Array("before".utf8))
    #expect(throws: Diagnostics.self) { try set.render("b", [:], into: &output) }
  }

  @Test func pathsAreAsGiven() {
    do {
      _ = try TemplateSet([TemplateSource(name: "page.html", path: "templates/page.html", bytes: Array("{{".utf8))])
      Issue.record("a broken template compiled")
    } catch { #expect(error.all.first?.location?.path == "templates/page.html") }
  }
}
