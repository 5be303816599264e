import ArgumentParser
import Files
import Publisher
import SiteBuilder

struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show what differs between the site as it is now and its current edition.",
    discussion: """
      Builds the site in memory, computes every hash as publish does, and compares with the receipt. Nothing is written, sent or asked of \
      the network.

        colophon status my-site
        colophon status my-site --since 7e1c
      """)

  @OptionGroup var site: SiteArgument

  @OptionGroup var flags: BuildFlags

  @Option(name: .long, help: ArgumentHelp("Compare with this edition: \(editionNames).", valueName: "edition"))
  var since = "last"

  @Option(name: .long, help: "Only editions on this target, by its name or the address of its API.")
  var target: String?

  @Flag(name: .long, help: "Print one JSON object on standard output.")
  var json = false

  func run() async throws {
    try await reportingFailure(json: json, folder: site.site) {
      let edition = try readEditions(of: site.site).named(since, on: target)
      let (tree, report) = try await buildTree(try flags.options(site.site, output: nil))
      Terminal.error.print(report.warnings, folder: site.site, all: "colophon build --json")
      let source = try editionSource(report, tree, of: site.site)
      let status = try await status(of: source, since: edition, workers: flags.workers) { event in
        if case .warnings(let warnings) = event { Terminal.error.print(warnings, folder: site.site, all: nil) }
      }
      let changes = status.diff.changes
      if json {
        return try printJSON(
          StatusJSON(
            edition: EditionJSON(edition), root: status.root, isPublished: status.isPublished,
            changes: changes.map { ChangeJSON($0) }))
      }
      let terminal = Terminal.output
      let name = "\(terminal.styled(edition.receipt.build, .bold, .yellow)) (\(edition.receipt.time))"
      terminal.print(status.isPublished ? "As published in \(name)" : "Since \(name)")
      for change in changes { terminal.print("  " + line(change, terminal)) }
      if !changes.isEmpty { terminal.print("  " + summary(changes)) }
    }
  }
}

private struct StatusJSON: Encodable {
  let edition: EditionJSON
  let root: String
  let isPublished: Bool
  let changes: [ChangeJSON]
}
