import Files
import TestSupport
import Testing

@testable import SiteBuilder
@testable import Templates

/// The guide's page on templates names every value that a template can ask for, and none that is not there.
@Suite struct DataModelTests {
  @Test(arguments: [("site", SiteObject.names), ("page", PageMember.names)])
  func guideIsComplete(_ object: String, _ names: [String]) throws {
    let documented = try Self.documented(object)
    #expect(Set(names).subtracting(documented).sorted() == [], "the guide does not name them")
    #expect(documented.subtracting(names).sorted() == [], "templates don't have them")
  }

  /// Jinja2's own filters are in its documentation: <https://jinja.palletsprojects.com/en/stable/templates/#list-of-builtin-filters>
  @Test func guideHasFilters() throws {
    let own = SiteBuilder.filters(of: Configuration(), [PhraseBook(language: "en", [])])
    let beyond = Set(builtinFilters.keys).union(own.keys).subtracting(Self.filtersOfJinja2)
    let text = String(decoding: try readFile(Self.guide), as: UTF8.self)
    let lines = text.split(separator: "\n").drop { $0 != "## Filters beyond Jinja2" }
    var named: Set<String> = []
    for line in lines.dropFirst().prefix(while: { !$0.hasPrefix("## ") }) where line.hasPrefix("| `") {
      let cell = line.dropFirst(2).prefix { $0 != "|" }
      named.formUnion(cell.split(separator: "`").map(String.init).filter { $0.allSatisfy { $0.isLetter || $0 == "_" } })
    }
    #expect(beyond.subtracting(named).sorted() == [], "the guide does not name them")
    #expect(named.subtracting(beyond).sorted() == [], "templates don't have them")
  }

  private static let filtersOfJinja2: Set<String> = [
    "abs", "attr", "batch", "capitalize", "center", "count", "d", "default", "dictsort", "e", "escape",
    "filesizeformat", "first", "float", "forceescape", "format", "groupby", "indent", "int", "items", "join", "last",
    "length", "list", "lower", "map", "max", "min", "pprint", "random", "reject", "rejectattr", "replace", "reverse",
    "round", "safe", "select", "selectattr", "slice", "sort", "string", "striptags", "sum", "title", "tojson", "trim",
    "truncate", "unique", "upper", "urlencode", "urlize", "wordcount", "wordwrap", "xmlattr",
  ]

  private static let guide = testsFolder + "/../example-site/content/guide/templates.md"

  /// The members in the first cells of the guide's tables: `page.title`.
  private static func documented(_ object: String) throws -> Set<String> {
    let text = String(decoding: try readFile(guide), as: UTF8.self)
    var names: Set<String> = []
    for line in text.split(separator: "\n") where line.hasPrefix("| `\(object).") {
      let cell = line.dropFirst(2).prefix { $0 != "|" }
      for value in cell.split(separator: "`") where value.hasPrefix(object + ".") {
        let name = value.dropFirst(object.utf8.count + 1)
        // What stands deeper is the site's own: `site.params.logo`.
        if !name.contains(".") { names.insert(String(name)) }
      }
    }
    return names
  }
}
