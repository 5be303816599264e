import Files
import TestSupport
import Testing

@testable import Templates

/// What Jinja2 makes of the same templates and data; `make_oracle.py` writes the cases.
@Suite struct OracleTests {
  struct Case: Sendable {
    var name: String
    var sources: [TemplateSource]
    var main: String
    var data: ValueMap
    var options: TemplateOptions
    /// Nil where Jinja2 rejects the case.
    var expected: String?
  }

  static let cases: [Case] = {
    guard let bytes = try? readFile(testsFolder + "/TemplatesTests/jinja2.json"),
      case .map(let file)? = try? JSONReader.read(bytes)
    else { return [] }
    return (file["cases"]?.elements ?? []).compactMap { record in
      guard case .map(let record) = record, case .map(let templates)? = record["templates"],
        case .map(let data)? = record["data"]
      else { return nil }
      var options = TemplateOptions()
      if case .map(let set)? = record["options"] {
        options.trimBlocks = set["trimBlocks"]?.isTrue ?? false
        options.lstripBlocks = set["lstripBlocks"]?.isTrue ?? false
        options.keepTrailingNewline = set["keepTrailingNewline"]?.isTrue ?? false
      }
      return Case(
        name: record["name"]?.text ?? "",
        sources: templates.keys.map {
          TemplateSource(name: $0, bytes: Array((templates[$0]?.text ?? "").utf8))
        },
        main: record["main"]?.text ?? "", data: data, options: options, expected: record["expected"]?.text)
    }
  }()

  static let groups: [String] = {
    var seen: Set<String> = []
    return cases.map { group(of: $0) }.filter { seen.insert($0).inserted }
  }()

  private static func group(of oracle: Case) -> String {
    oracle.name.split(separator: " ").dropLast().joined(separator: " ")
  }

  @Test func thereAreEnoughCases() {
    #expect(Self.cases.count >= 900)
  }

  @Test(arguments: groups) func rendersAsJinja2(group: String) {
    for oracle in Self.cases where Self.group(of: oracle) == group {
      let template = oracle.sources.map { String(decoding: $0.bytes, as: UTF8.self) }.joined(separator: " ⏎ ")
      do {
        let text = try TemplateSet(oracle.sources, options: oracle.options).render(oracle.main, oracle.data)
        #expect(text == oracle.expected, "\(oracle.name): \(template)")
      } catch {
        #expect(
          oracle.expected == nil, "\(oracle.name): \(template)\n\(error.all.map { "\($0.message) \($0.hint ?? "")" })")
        #expect(!error.all.isEmpty)
      }
    }
  }
}
