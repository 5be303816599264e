import ArgumentParser
import Files
import Publisher
import SiteBuilder

struct SchemaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print a JSON Schema: of the configuration, of front matter, or of a receipt.",
    discussion: """
      Schemas are JSON Schema, draft 2020-12; any validator reads them:

        colophon schema receipt > receipt.schema.json
        check-jsonschema --schemafile receipt.schema.json .colophon/receipts/*.json

      Editors complete and check site.yaml with its schema, where its first line names it:

        colophon schema site > site.schema.json
        # yaml-language-server: $schema=site.schema.json
      """)

  private static let schemas: [(name: String, text: String)] = [
    ("site", siteSchema), ("front-matter", frontMatterSchema), ("receipt", receiptSchema),
  ]

  @Argument(help: "site, front-matter or receipt.")
  var name: String

  func run() async throws {
    try await reportingFailure(json: false) {
      guard let schema = Self.schemas.first(where: { $0.name == name }) else {
        let names = Self.schemas.map(\.name)
        throw UsageError(
          message: "there is no schema of \(name)",
          hint: suggestion(for: name, among: names).map { "did you mean \($0)?" }
            ?? "there are \(names.joined(separator: ", "))")
      }
      Terminal.output.print(schema.text, terminator: "")
    }
  }
}
