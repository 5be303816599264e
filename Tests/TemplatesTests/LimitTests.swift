import Files
import Testing

@testable import Templates

/// Input that must end in a diagnostic, not in a crash or a hang.
@Suite struct LimitTests {
  @Test(arguments: [
    "{% include 'main.html' %}", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% block b %}{{ self.b() }}{% endblock %}", "{% extends 'main.html' %}",
    "{% import 'main.html' as m with context %}",
    "{% macro m() %}{% call m() %}{{ caller() }}{% endcall %}{{ caller }}{% endmacro %}{{ m() }}",
    "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
  ])
  func endlessRecursion(_ text: String) {
    #expect(mistakes(text).first?.id == "template-depth", "\(mistakes(text))")
  }

  @Test(arguments: [
    String(repeating: "(", count: 5000) + "1" + String(repeating: ")", count: 5000),
    String(repeating: "[", count: 5000), String(repeating: "not ", count: 5000) + "1",
    "1" + String(repeating: " + 1", count: 5000), "a" + String(repeating: ".b", count: 5000),
    "a" + String(repeating: "|upper", count: 5000), String(repeating: "-", count: 5000) + "1",
    "1" + String(repeating: " if 1 else 1", count: 5000), "a" + String(repeating: "[a", count: 5000),
    "a" + String(repeating: " is odd(a", count: 5000), String(repeating: "{'a':", count: 5000),
  ])
  func deepExpressions(_ text: String) {
    #expect(mistakes("{{ \(text) }}").first != nil)
  }

  @Test func deepTags() {
    let found = mistakes(String(repeating: "{% if 1 %}", count: 5000) + String(repeating: "{% endif %}", count: 5000))
    #expect(found.first?.id == "template-depth")
    #expect(found.count <= 50)
  }

  @Test func longChainsThatAreFine() throws {
    #expect(try render("{{ 1" + String(repeating: " + 1", count: 300) + " }}") == "301")
    #expect(try render("{{ ''" + String(repeating: " ~ 'a'", count: 3000) + " }}").count == 3000)
    #expect(try render("{% if 0 %}" + String(repeating: "{% elif 0 %}", count: 3000) + "{% else %}x{% endif %}") == "x")
  }

  @Test(arguments: [
    "{{ range(100001) }}", "{{ 9223372036854775807 + 1 }}", "{{ 9223372036854775808 }}", "{{ 2 ** 64 }}",
    "{{ 'x' * 1000000000 }}", "{{ [1] * 1000000000 }}", "{{ 'a'|center(1000000) }}", "{{ '%1000000d' % 1 }}",
    "{{ '%*d' % (-9223372036854775807 - 1, 1) }}",
    "{% set ns = namespace(x='aaaaaaaaaaaaaaaa') %}{% for i in range(64) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
    "{% set ns = namespace(x=[1]) %}{% for i in range(64) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
    "{{ ('a' * 100000)|replace('a', 'b' * 10000) }}",
    "{{ 1e400|int + (-9223372036854775807 - 1) // -1 }}", "{{ 1 // 0 }}", "{{ 1.0 % 0 }}", "{{ 0 ** -1 }}",
    "{{ (-8) ** 0.5 }}", "{{ (-9223372036854775807 - 1)|abs }}", "{{ -(-9223372036854775807 - 1) }}",
  ])
  func limits(_ text: String) {
    #expect(mistakes(text).first != nil, "\(text)")
  }

  @Test func extremesThatAreFine() throws {
    #expect(try render("{{ range(-9223372036854775807, 9223372036854775807, 9223372036854775807)|length }}") == "2")
    #expect(try render("{{ [1, 2][-9223372036854775807:9223372036854775807] }}") == "[1, 2]")
    #expect(try render("{{ [1, 2][9223372036854775807:-9223372036854775807:-1] }}") == "[2, 1]")
    #expect(try render("{{ (-9223372036854775807 - 1) % -1 }}") == "0")
    #expect(try render("{{ [1, 2][::9223372036854775807] }}") == "[1]")
    #expect(try render("{{ 1 ** 9223372036854775807 }}{{ 0 ** 9223372036854775807 }}") == "10")
    #expect(try render("{{ 'ab'[9223372036854775807] }}{{ [1][-9223372036854775807] }}") == "")
  }

  @Test(.timeLimit(.minutes(1))) func setsOfObjects() throws {
    let pages = (0..<10_000).map { Value.object(LazyPage($0)) }
    #expect(try render("{{ (pages + pages) | unique | length }}", ["pages": .list(pages)]) == "10000")
  }

  @Test func valuesInsideEachOther() throws {
    let text = "{% set ns = namespace(x=1) %}{% for i in range(1000) %}{% set ns.x = [ns.x] %}{% endfor %}"
    #expect(try render(text + "{{ ns.x|string|length > 100 }}{{ ns.x == [ns.x] }}") == "TrueFalse")
    #expect(mistakes(text + "{{ ns.x|tojson }}").first?.id == "template-limit")
  }

  /// Lists that hold one another twice grow with each level, and have no end when they are written.
  @Test func whatDoublesIsCutOff() throws {
    let text =
      "{% set ns = namespace(x=[1]) %}{% for i in range(64) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x|string|length }}"
    #expect(try #require(Int(try render(text))) < 20_000_000)
    #expect(mistakes("{{ ('a\n' * 1000000)|indent('x' * 1000) }}").first?.id == "template-limit")
  }

  @Test func aLoopIsNotCalledAfterItsEnd() {
    let text = "{% set ns = namespace() %}{% for x in [1] recursive %}{% set ns.l = loop %}{% endfor %}{{ ns.l([1]) }}"
    #expect(mistakes(text).first?.id == "template-type")
  }

  @Test func invalidUTF8() throws {
    let bytes: [UInt8] = Array("a".utf8) + [0xFF, 0xC3] + Array("{{ '".utf8) + [0xE2, 0x82] + Array("' }}".utf8)
    let set = try TemplateSet([TemplateSource(name: "a.html", bytes: bytes)])
    #expect(try set.render("a.html", [:]).unicodeScalars.first == "a")
  }
}
