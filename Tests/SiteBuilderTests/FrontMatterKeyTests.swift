import Files
import TestSupport
import Testing

/// No key of front matter goes without a golden case, under any of its names, in any notation.
@Suite struct FrontMatterKeyTests {
  @Test func everyKeyIsShown() throws {
    let keys = try Self.keysInSource()
    #expect(keys.count > 40, "the scan of the source finds keys")
    let text = String(decoding: try readFile(GoldenCase.folder + "/front-matter/every-key.txt"), as: UTF8.self)
    for key in keys.sorted() {
      for (notation, forms) in [
        ("YAML", ["\n\(key): ", "{\(key): ", ", \(key): "]), ("TOML", ["\n\(key) = ", "{ \(key) = ", ", \(key) = "]),
        ("JSON", [" \"\(key)\": "]),
      ] {
        #expect(forms.contains { text.contains($0) }, "\(key) is not in every-key.txt in \(notation)")
      }
    }
  }

  /// The texts in calls that take a value out of front matter: `reader.date("updated", "lastmod")`.
  private static func keysInSource() throws -> Set<String> {
    let source = String(
      decoding: try readFile(testsFolder + "/../Sources/SiteBuilder/FrontMatter.swift"), as: UTF8.self)
    var keys: Set<String> = []
    for line in source.split(separator: "\n") where !line.drop(while: { $0 == " " }).hasPrefix("//") {
      for call in ["string(", "date(", "bool(", "int(", "strings(", "datum(", "map(", "choice(", "datum["] {
        var rest = String(line)
        while let (_, behind) = rest.splitOnce(call) {
          rest = behind
          let arguments = behind.prefix { $0 != ")" && $0 != "]" }
          guard arguments.hasPrefix("\"") else { continue }
          for (index, part) in arguments.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
          where index % 2 == 1 && part.utf8.allSatisfy({ $0 != 0x20 }) {
            keys.insert(String(part))
          }
        }
      }
    }
    return keys
  }
}
