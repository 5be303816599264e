import Files
import Testing

@testable import Templates

/// What Jinja2 can't judge: the interface to Swift, and the filters that sites need.
@Suite struct EngineTests {
  /// Texts are looked at in words of eight bytes, and escaped in pieces of 256.
  @Test func escapesWhereverItStands() throws {
    let entities: [Character: String] = ["&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&#39;", "\"": "&#34;"]
    let plain = String(repeating: "a#*+.?é日=", count: 40)
    var texts = (0..<24).flatMap { length in entities.keys.map { plain.prefix(length) + "\($0)" + plain } }
    texts += [String(repeating: "<&\"'>", count: 120), plain + "<", "", "&"]
    for text in texts {
      let expected = text.map { entities[$0] ?? String($0) }.joined()
      #expect(try render("{{ text }}", ["text": .string(String(text))]) == expected)
      #expect(try render("{{ text | escape }}", ["text": .string(String(text))]) == expected)
    }
  }

  @Test func filtersAndFunctionsOfOnesOwn() throws {
    let set = try TemplateSet(
      [
        source(
          "a.html",
          "{{ '/x'|absolute_url }} {{ shout('hi', times=2) }} {{ base }} {{ page_title() }} {{ ['a']|map('absolute_url')|join }}"
        )
      ],
      filters: ["absolute_url": { _, arguments in .string("https://example.com" + arguments[0].text) }],
      functions: [
        "shout": { call, arguments in
          let text = try arguments.string(0, "text") ?? ""
          let times = try arguments.int(1, "times") ?? 1
          return .safe(
            "<b>" + String(repeating: text.uppercased(), count: times) + (call.autoescape ? "!" : "") + "</b>")
        },
        "page_title": { call, _ in .string("\(call.variable("title").text)") },
      ],
      globals: ["base": "B"])
    #expect(
      try set.render("a.html", ["title": "T"])
        == "https://example.com/x <b>HIHI!</b> B T https://example.coma")
  }

  @Test func errorsOfFunctionsGetAPlace() throws {
    struct Odd: Error {}
    let set = try TemplateSet(
      [source("a.html", "\n{{ fail() }}"), source("b.html", "{{ odd() }}"), source("c.html", "{{ 1|located }}")],
      filters: ["located": { _, _ in throw Diagnostic(id: "own-id", "own message") }],
      functions: [
        "fail": { _, _ in throw TemplateError("asked to", hint: "don't ask") }, "odd": { _, _ in throw Odd() },
      ])
    func found(_ name: String) -> Diagnostic? {
      var output: [UInt8] = []
      do { try set.render(name, [:], into: &output) } catch { return error.all.first }
      return nil
    }
    #expect(found("a.html")?.message == "asked to")
    #expect(found("a.html")?.hint == "don't ask")
    #expect(found("a.html")?.location == SourceLocation(path: "a.html", line: 2, column: 4, length: 4))
    #expect(found("b.html")?.message == "Odd()")
    #expect(found("c.html")?.id == "own-id")
    #expect(found("c.html")?.location?.column == 6)
  }

  @Test func lazyObjects() throws {
    let page = Value.object(LazyPage(7))
    #expect(
      try render(
        "{{ p.title }} {{ p['url'] }} {{ p.nothing }} {{ p|length }} {% for k, v in p|items %}{{ k }}={{ v }};{% endfor %}",
        ["p": page])
        == "Page 7 /7/  3 title=Page 7;weight=7;url=/7/;")
    let text = try render("{{ p.get('x', 1) }}{{ 'url' in p }}{{ p is mapping }}{{ p|tojson }}", ["p": page])
    #expect(text == "1TrueTrue{\"title\": \"Page 7\", \"url\": \"/7/\", \"weight\": 7}")
  }

  @Test func lazyListsMakeOnlyWhatIsUsed() throws {
    let pages = LazyPages()
    let context: ValueMap = ["pages": .sequence(pages)]
    #expect(
      try render("{{ pages|length }} {{ pages.title }} {{ pages[3].title }} {{ pages|last is defined }}", context)
        == "10000 All pages Page 3 True")
    #expect(pages.made == [3, 9999])
    #expect(
      try render("{% for p in pages[10:]|offset(5)|limit(2) %}{{ p.title }};{% endfor %}", context)
        == "Page 15;Page 16;")
    #expect(pages.made == [3, 9999, 15, 16])
    #expect(
      try render(
        "{{ (pages|where('weight', 3)|first).url }} {{ pages|selectattr('weight', 'eq', 4)|list|length }}", context)
        == "/3/ 1000")
    #expect(
      try render("{{ (pages|sort(by='title')|first).title }} {{ (pages|groupby('weight'))[2].list|length }}", context)
        == "Page 0 1000")
    #expect(
      try render(
        "{% for p in pages %}{% if loop.last %}{{ loop.index }}{{ loop.previtem.title }}{% endif %}{% endfor %}",
        context)
        == "10000Page 9998")
  }

  static let siteFilters: [(String, String)] = [
    ("{{ d|date('%d.%m.%Y %H:%M:%S') }}", "05.03.2026 09:07:02"),
    ("{{ d|date('rfc3339') }}", "2026-03-05T09:07:02+01:00"),
    ("{{ d|date('rfc822') }}", "Thu, 05 Mar 2026 09:07:02 +0100"),
    ("{{ d|date('iso') }}{{ d|date }}", "2026-03-052026-03-05"),
    ("{{ d|date('%-d %B %y %b %A %a %j %-m %I%p %e|%k|%l') }}", "5 March 26 Mar Thursday Thu 064 3 09AM  5| 9| 9"),
    ("{{ d|date('%s %u %w %V %G %U %W %Z %% %q %') }}", "1772698022 4 4 10 2026 09 09 +01:00 % %q %"),
    (
      "{{ d.year }}-{{ d.month }}-{{ d.day }} {{ d.hour }}:{{ d.minute }}:{{ d.second }} {{ d.weekday }}",
      "2026-3-5 9:7:2 3"
    ),
    ("{{ d }}|{{ d.strftime('%Y') }}|{{ d.isoformat() }}", "2026-03-05 09:07:02+01:00|2026|2026-03-05T09:07:02+01:00"),
    ("{{ '2026-11-22'|date('%d %b %Y') }}{{ '2026-11-22T10:30:00Z'|date('%H%Z') }}", "22 Nov 202610UTC"),
    ("{{ nothing|date }}{{ none|date('%Y') }}", ""),
    (
      "{{ 'one two  three'|truncatewords(2) }}|{{ 'one two'|truncatewords(2) }}|{{ 'a b c'|truncatewords(1, '') }}",
      "one two…|one two|a"
    ),
    (
      "{{ [1, 2, 3, 4]|limit(2) }}{{ [1, 2, 3, 4]|offset(3) }}{{ [1]|offset(9) }}{{ 'abc'|limit(1) }}",
      "[1, 2][4][][&#39;a&#39;]"
    ),
    ("{{ ps|where('w', '>', 1)|map(attribute='n')|join }}{{ ps|where('w', 1)|map(attribute='n')|join }}", "bca"),
    (
      "{{ ps|where('t', 'contains', 'x')|map(attribute='n')|join }}{{ ps|where('n', 'in', ['a', 'c'])|map(attribute='n')|join }}",
      "bac"
    ),
    (
      "{{ ps|where('t')|map(attribute='n')|join }}{{ ps|where('zz', '<', 1)|length }}{{ ps|where('n', '!=', 'a')|length }}",
      "bc02"
    ),
    ("{{ ps|sort(by='w', reverse=true)|map(attribute='n')|join }}", "cba"),
    (
      "{{ 1234567|numberformat }} {{ 1234.567|numberformat(2) }} {{ -1234.5|numberformat(1, ',', '.') }} {{ 12|numberformat }} {{ -0.1|numberformat }}",
      "1,234,567 1,234.57 -1.234,5 12 0"
    ),
    (
      "{{ '<p>a &amp; <b>b</b></p>'|plainify }}|{{ 'a]]>b'|cdata }}|{{ '<'|xmlescape }}",
      "a &amp; b|<![CDATA[a]]]]><![CDATA[>b]]>|&lt;"
    ),
    (
      "{{ {'b': d, 'a': '<é'}|tojson }}{{ ['<']|json|safe }}",
      "{\"a\": \"\\u003c\\u00e9\", \"b\": \"2026-03-05T09:07:02+01:00\"}[\"<\"]"
    ),
    ("{{ d < e }}{{ d == d }}{{ [e, d]|sort|first == d }}{{ [d, e]|max == e }}", "TrueTrueTrueTrue"),
  ]

  @Test(arguments: siteFilters) func siteFilter(_ template: String, _ expected: String) throws {
    let date = try #require(TemplateDate.parse("2026-03-05T09:07:02+01:00"))
    let later = try #require(TemplateDate.parse("2026-03-05 08:07:03Z"))
    let context: ValueMap = [
      "d": .date(date), "e": .date(later),
      "ps": [["n": "a", "w": 1, "t": []], ["n": "b", "w": 2, "t": ["x"]], ["n": "c", "w": 3, "t": ["y"]]],
    ]
    #expect(try render(template, context) == expected)
  }

  @Test func maps() {
    var map: ValueMap = ["a": 1, "b": 2, "a": 3]
    #expect(map.keys == ["a", "b"])
    #expect(map["a"] == 3)
    let copy = map
    for number in 0..<100 { map["k\(number)"] = .int(number) }
    #expect(map.count == 102)
    #expect(map["k77"] == 77)
    map["a"] = nil
    #expect(map["a"] == nil)
    #expect(map["k99"] == 99)
    #expect(map.entry(at: 0).name == "b")
    #expect(copy.count == 2)
  }

  @Test func aValueIsSmall() {
    #expect(MemoryLayout<Value>.stride <= 24)
  }

  @Test func namesOfASet() throws {
    let set = try TemplateSet([source("b", "1"), source("a", "2"), source("b", "3")])
    #expect(set.names == ["a", "b"])
    #expect(set.contains("a") && !set.contains("c"))
    #expect(try set.render("b", [:]) == "3")
  }

  @Test func manyThreadsShareASet() async throws {
    let set = try TemplateSet([
      source("m.html", "{% macro m(x) %}<{{ x }}>{% endmacro %}"),
      source("a.html", "{% from 'm.html' import m %}{% for i in range(n) %}{{ m(i) }}{% endfor %}"),
    ])
    let expected = (0..<50).map { number in "<\(number)>" }.joined(separator: "")
    try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<8 {
        group.addTask {
          let text: String = try set.render("a.html", ["n": 50])
          return text
        }
      }
      for try await text in group { #expect(text == expected) }
    }
  }
}
