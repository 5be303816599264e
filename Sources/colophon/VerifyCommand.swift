import ArgumentParser
import ContentAddressing
import DStor
import Files
import Publisher

struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Read an edition back from its gateway, and compare every hash.",
    discussion: """
      Files are fetched as a reader gets them, without credentials, and hashed on this machine. With --all the root of the edition is \
      computed again from what came. All that is wrong is listed, not only the first thing.

      A CID that is no edition of this site is followed block by block; for that its gateway has to serve blocks (?format=raw), as \
      Kubo's and the local node's do.

        colophon verify               the front page, the receipt and 20 files
        colophon verify 7e1c --all    every file of an edition
        colophon verify last --gateway https://ipfs.io/ipfs
        colophon verify bafybeiaurqfau7oax2vvezpfrtyxxfqugb2xtpz574evcndw3254h67juq

      Exit codes: 0 all is right, 2 something does not come back, 3 something that came is not what was published.
      """)

  @Argument(help: ArgumentHelp(editionHelp + " Or any CID.", valueName: "edition"))
  var edition = "last"

  @Flag(name: .long, help: "Read every file, and compute the root again.")
  var all = false

  @Option(
    name: .long,
    help: "How many files to read beside the front page and the receipt, chosen anew each time (default: 20).")
  var sample: Int?

  @OptionGroup var gateways: GatewayOption

  @OptionGroup var site: SiteOption

  @Flag(name: .long, help: "Print one JSON object on standard output.")
  var json = false

  func validate() throws {
    if all, sample != nil { throw ValidationError("--all and --sample exclude each other.") }
    if let sample, sample < 0 { throw ValidationError("--sample is at least 0.") }
  }

  func run() async throws {
    try await reportingFailure(json: json, folder: site.site) {
      let (content, editions) = try site.content(edition)
      let progress = Progress(.error, folder: site.site)
      let scope: VerificationScope =
        all ? .all : .sample(sample ?? 20, seed: .random(in: 0...(.max)))
      let limit = sample
      let reports = try await untilInterruptedReturning {
        try await reading(content, of: editions, from: gateways.gateway, progress) { gateways in
          var reports: [VerificationReport] = []
          for gateway in gateways {
            let report =
              switch content {
              case .edition(let edition):
                try await verify(edition, scope, at: gateway) { progress.show($0) }
              case .cid(let cid):
                try await verify(cid, limit: limit, at: gateway) { progress.show($0) }
              }
            reports.append(report)
          }
          return reports
        }
      }
      progress.finish()
      if json {
        try printJSON(VerificationJSON(content, reports))
      } else {
        for report in reports { tell(report, content) }
      }
      if reports.contains(where: \.hasWrongHash) { throw ExitCode(ExitStatus.verificationFailed.rawValue) }
      if reports.contains(where: { !$0.problems.isEmpty }) { throw ExitCode(ExitStatus.worldFailed.rawValue) }
    }
  }

  private func tell(_ report: VerificationReport, _ content: PublishedContent) {
    for problem in report.problems {
      Terminal.error.print("\(Terminal.error.styled("wrong:", .bold, .red)) \(problem.text)")
    }
    let terminal = Terminal.output
    let what: String
    switch content {
    case .edition:
      what =
        report.verified == report.total
        ? "all \(counted(report.total, "file"))" : "\(report.verified) of \(counted(report.total, "file"))"
    case .cid: what = counted(report.verified, "block")
    }
    if report.problems.isEmpty {
      terminal.print(
        "\(terminal.styled("Verified", .bold, .green)) \(content.name): \(what), \(byteCount(report.bytes))")
    } else {
      terminal.print(
        "\(terminal.styled("Not verified", .bold, .red)) \(content.name): \(counted(report.problems.count, "problem")), \(what) as published"
      )
    }
    terminal.print("  at \(report.gateway)")
    if report.rootIsProven, case .edition(let edition) = content {
      terminal.print("  root \(edition.receipt.root.v0), computed from what came")
    }
  }
}

extension VerificationReport.Problem {
  var text: String {
    switch kind {
    case .wrongHash(let got): "\(url) hashes to \(got), not to \(expected)"
    case .notServed: "\(url) is not there"
    case .unreachable(let reason): reason
    }
  }

  var id: String {
    switch kind {
    case .wrongHash: "wrong-hash"
    case .notServed: "not-served"
    case .unreachable: "unreachable"
    }
  }
}

private struct VerificationJSON: Encodable {
  struct Problem: Encodable {
    let problem: String
    let path: String
    let url: String
    let expected: String
    let message: String
  }

  struct Gateway: Encodable {
    let gateway: String
    let verified: Int
    let total: Int
    let bytes: Int
    let rootIsProven: Bool
    let problems: [Problem]
  }

  let edition: EditionJSON?
  let cid: String
  let ok: Bool
  let gateways: [Gateway]

  init(_ content: PublishedContent, _ reports: [VerificationReport]) {
    switch content {
    case .edition(let edition):
      self.edition = EditionJSON(edition)
      cid = edition.receipt.root.v0
    case .cid(let cid):
      edition = nil
      self.cid = cid.text
    }
    ok = reports.allSatisfy { $0.problems.isEmpty }
    gateways = reports.map { report in
      Gateway(
        gateway: report.gateway, verified: report.verified, total: report.total, bytes: report.bytes,
        rootIsProven: report.rootIsProven,
        problems: report.problems.map {
          Problem(problem: $0.id, path: $0.path, url: $0.url, expected: $0.expected, message: $0.text)
        })
    }
  }
}
