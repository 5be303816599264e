import Files
import Testing

@testable import SiteBuilder

/// The guide's page on templates names every value that a template can ask for, and none that is not there.
@Suite struct DataModelTests {
  @Test(arguments: [("site", SiteObject.names), ("page", PageMember.names)])
  func guideIsComplete(_ object: String, _ names: [String]) throws {
    let documented = try Self.documented(object)
    #expect(Set(names).subtracting(documented).sorted() == [], "the guide does not name them")
    #expect(documented.subtracting(names).sorted() == [], "templates don't have them")
  }

  /// The members in the first cells of the guide's tables: `page.title`.
  private static func documented(_ object: String) throws -> Set<String> {
    let path = testsFolder + "/../example-site/content/guide/templates.md"
    let text = String(decoding: try readFile(path), as: UTF8.self)
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
