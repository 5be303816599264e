import ArgumentParser
import Files
import Glibc
import Publisher
import Transport

struct DNSLinkCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dnslink",
    abstract: "Print the DNS record that points a domain at an edition, or have it written.",
    discussion: """
      A TXT record at _dnslink.DOMAIN says which content the domain stands for (https://dnslink.dev). Gateways that serve domains follow \
      it, and a new edition is one new value.

        colophon dnslink                     the record, as in a zone file
        colophon dnslink last~1 --domain example.org
        colophon dnslink --value             dnslink=/ipfs/bafy… alone
        colophon dnslink --hook ./set-dns    runs a program that writes it

      The program finds what to write in its environment: DNSLINK_NAME (_dnslink.example.org), DNSLINK_VALUE (dnslink=/ipfs/bafy…), \
      DNSLINK_DOMAIN, DNSLINK_ROOT (CIDv1), DNSLINK_EDITION (the build) and DNSLINK_ENTRY. It has no arguments. What it needs to know of its \
      DNS provider, tokens above all, it takes from the environment too; the credentials for dStor are removed from there.
      """)

  @Argument(help: ArgumentHelp(editionHelp, valueName: "edition"))
  var edition = "last"

  @Option(name: .long, help: "The domain (default: that of the site's url).")
  var domain: String?

  @Option(
    name: .long,
    help: "The program that writes the record (default: COLOPHON_DNSLINK_HOOK in the environment, where it is set).",
    completion: .file())
  var hook: String?

  @Flag(name: .long, help: "Print the value alone.")
  var value = false

  @OptionGroup var site: SiteOption

  @Flag(name: .long, help: "Print one JSON object on standard output.")
  var json = false

  func validate() throws {
    if value, json { throw ValidationError("--value and --json exclude each other.") }
  }

  func run() async throws {
    try await reportingFailure(json: json, folder: site.site) {
      let edition = try site.edition(edition)
      let domain = try domain ?? self.domain(of: edition.receipt)
      try check(domain)
      let record = DNSLinkRecord(domain: domain, edition)
      let program = hook ?? environment("COLOPHON_DNSLINK_HOOK")
      if let program { try run(program, record) }
      if json { return try printJSON(record) }
      if value { return Terminal.output.print(record.value) }
      if let program {
        let terminal = Terminal.output
        terminal.print("\(terminal.styled("Written", .bold, .green)) by \(program)")
      }
      // As in a zone file (RFC 1035, section 5.1).
      Terminal.output.print("\(record.name). IN TXT \"\(record.value)\"")
    }
  }

  private func domain(of receipt: Receipt) throws -> String {
    guard let url = receipt.siteURL, let host = WebAddress(url)?.host else {
      throw UsageError(
        message: "the site has no url, so there is no domain to point at it",
        hint: "name one with --domain example.org, or set url in the site's configuration")
    }
    return host
  }

  private func check(_ domain: String) throws {
    let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
    let isHostName = labels.allSatisfy { label in
      (1...63).contains(label.utf8.count)
        && label.utf8.allSatisfy { byte in
          (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_")
        }
    }
    guard labels.count > 1, isHostName, domain.utf8.count <= 240 else {
      throw UsageError(
        message: "\(domain) is no domain", hint: "--domain example.org; names in other scripts are written as xn--…")
    }
  }

  /// - Throws: `HookError` where the program cannot be run or does not succeed.
  private func run(_ program: String, _ record: DNSLinkRecord) throws {
    var variables = [
      "DNSLINK_NAME=\(record.name)", "DNSLINK_VALUE=\(record.value)", "DNSLINK_DOMAIN=\(record.domain)",
      "DNSLINK_ROOT=\(record.root)", "DNSLINK_EDITION=\(record.edition)", "DNSLINK_ENTRY=\(record.entry)",
    ]
    variables += ProgramEnvironment.withoutCredentials.filter { !$0.hasPrefix("DNSLINK_") }
    let end: ChildProcess.End
    do {
      // What it prints is for people: standard output may be a JSON object.
      end = try ChildProcess([program], environment: variables, output: STDERR_FILENO).wait()
    } catch {
      throw HookError(program: program, came: error.description)
    }
    switch end {
    case .exited(0): return
    case .exited(let status): throw HookError(program: program, came: "it ended with \(status)")
    case .signalled(let signal): throw HookError(program: program, came: "it was ended by signal \(signal)")
    }
  }
}

/// The hook did not write the record.
struct HookError: Error {
  let program: String
  let came: String

  var message: String { "\(program) did not write the record: \(came)" }
  var hint: String { "it is to be an executable file; what it printed is above" }
}

private struct DNSLinkRecord: Encodable {
  let domain: String
  let name: String
  let value: String
  /// CIDv1: what the case-insensitive names of domains can hold.
  let root: String
  let edition: String
  let entry: String

  init(domain: String, _ edition: PublishedEdition) {
    self.domain = domain
    name = "_dnslink." + domain
    root = edition.receipt.root.v1
    value = "dnslink=/ipfs/" + root
    self.edition = edition.receipt.build
    entry = edition.receipt.entry
  }
}
