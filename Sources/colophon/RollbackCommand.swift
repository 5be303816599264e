import ArgumentParser
import Files
import Publisher

struct RollbackCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback",
    abstract: "Make an earlier edition the current one again.",
    discussion: """
      Nothing is sent: the edition is where it was published. Its front page, its receipt and 20 files are read back first; one that is no \
      longer served, or is another, stays in the past. Then `last` means this edition, and `colophon dnslink` prints its record.

        colophon rollback last~1 && colophon dnslink --hook ./set-dns
      """)

  @Argument(help: ArgumentHelp(editionHelp, valueName: "edition"))
  var edition: String

  @Flag(name: .long, help: "Read back every file, not only some.")
  var all = false

  @OptionGroup var gateways: GatewayOption

  @OptionGroup var site: SiteOption

  @Flag(name: .long, help: "Print one JSON object on standard output.")
  var json = false

  func run() async throws {
    try await reportingFailure(json: json, folder: site.site) {
      let editions = try site.editions()
      let edition = try editions.named(edition, on: site.target)
      let terminal = Terminal.output
      let isCurrent = editions.currents(on: edition.receipt.target.api).last?.path == edition.path
      if !isCurrent {
        try await prove(edition, editions)
        try EditionLog(receipts: (realPath(site.site) ?? site.site) + "/.colophon/receipts").append(
          EditionLog.Entry(
            event: .rolledBack, build: edition.receipt.build, target: edition.receipt.target.api,
            time: rfc3339(try editionTime())))
      }
      if json { return try printJSON(EditionJSON(edition)) }
      let what = isCurrent ? "Nothing to do:" : "Rolled back to"
      terminal.print(
        terminal.styled(what, .bold, .green) + " \(edition.receipt.build)"
          + (isCurrent ? " is the current edition" : ""))
      terminal.print("  " + terminal.styled(edition.receipt.entry, .cyan))
    }
  }

  private func prove(_ edition: PublishedEdition, _ editions: Editions) async throws {
    let progress = Progress(.error, folder: site.site)
    defer { progress.finish() }
    let scope: VerificationScope = all ? .all : .sample(20, seed: .random(in: 0...(.max)))
    let reports = try await untilInterruptedReturning {
      try await reading(.edition(edition), of: editions, from: gateways.gateway, progress) { gateways in
        var reports: [VerificationReport] = []
        for gateway in gateways { reports.append(try await verify(edition, scope, at: gateway) { progress.show($0) }) }
        return reports
      }
    }
    // One gateway that serves it is enough.
    guard !reports.contains(where: { $0.problems.isEmpty }) else { return }
    let problems = reports.flatMap(\.problems)
    let worst = problems.first { if case .wrongHash = $0.kind { true } else { false } } ?? problems.first
    throw RollbackError(
      edition: edition.receipt.build, problem: worst?.text ?? "no gateway was asked",
      isVerification: reports.contains(where: \.hasWrongHash))
  }
}

/// An edition that cannot become the current one.
struct RollbackError: Error {
  let edition: String
  let problem: String
  let isVerification: Bool

  var message: String { "\(edition) is not served as it was published: \(problem)" }
  var hint: String { "colophon verify \(edition) --all lists all that is wrong with it; the current edition stays" }
}
