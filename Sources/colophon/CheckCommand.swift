import ArgumentParser
import Files
import Glibc
import OutsideLinks
import SiteBuilder
import Synchronization
import Transport

struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Say what is wrong with a site, and write nothing.",
    discussion: """
      Builds the site in memory: every link, anchor, image and template is checked as `colophon build` does it.

      With --external, other sites are asked whether what the pages link to is still there: one request at a time and host, with a pause \
      between, HEAD before GET. A dead link is an error; an answer that does not tell (403, 429, a server that is down) is a warning. \
      Good answers are remembered for a week in .colophon/links.tsv. The key check of site.yaml has more:

        check:
          ignore: [https://example.com/private/*]   # not asked
          allow: [https://old.example.org/*]        # may be dead
          anchors: true    # #parts of other sites' pages too
          timeout: 20      # seconds
          delay: 300       # milliseconds between requests to a host
          retries: 2
          max_age: 7       # days
      """)

  @OptionGroup var site: SiteArgument

  @Flag(name: .long, help: "Ask other sites whether links to them are alive.")
  var external = false

  @Flag(name: .long, help: "Ask all of them again, whatever is remembered.")
  var fresh = false

  @OptionGroup var flags: BuildFlags

  @Flag(name: .long, help: "Print one JSON object on standard output.")
  var json = false

  func validate() throws {
    if fresh, !external { throw ValidationError("--fresh goes with --external.") }
  }

  func run() async throws {
    try await reportingFailure(json: json, folder: site.site) {
      var options = try flags.options(site.site, output: nil)
      options.collectsOutsideLinks = external
      // Warnings of the site must not keep other sites from being asked: all is told at the end.
      options.isStrict = false
      options.tellsOrphans = flags.strict
      let report = try await Progress.showingPictures(folder: site.site) { try await checkSite(options) }
      let outcome = Mutex<[LinkResult]>([])
      if external {
        try await untilInterrupted(goesOn: true) {
          let results = try await ask(report)
          outcome.withLock { $0 = results }
        }
      }
      let results = outcome.withLock { $0 }
      let found = report.warnings + diagnostics(results, report.outsideLinks)
      try Diagnostics.stop(at: found, strict: flags.strict)
      Terminal.error.print(found, folder: site.site)
      if json {
        try printJSON(CheckJSON(report, found, external ? results : nil))
      } else {
        tell(report, found, results)
      }
    }
  }

  private func ask(_ report: BuildReport) async throws -> [LinkResult] {
    let policy = LinkPolicy(report.configuration.check)
    let folder = (realPath(site.site) ?? site.site) + "/.colophon"
    try makeFolder(folder)
    let memory = LinkMemory(folder + "/links.tsv")
    let checker = LinkChecker(
      fresh ? policy.forgetting : policy,
      transport: network(
        maxConnections: policy.hosts, userAgent: "Mozilla/5.0 (compatible; Colophon/\(colophonVersion); link check)"),
      now: { time(nil) },
      sleep: { try? await Task.sleep(for: .seconds($0)) })
    let urls = report.outsideLinks.map(\.url)
    let progress = LinkProgress(Terminal.error, of: Set(urls).count)
    defer {
      progress.finish()
      // What was asked is kept, however it ends.
      do throws(FileError) { try memory.save(since: Int(time(nil)) - policy.memory) } catch {
        Terminal.error.print("what other sites answered is asked again next time: \(error)")
      }
    }
    return try await checker.check(urls, memory) { progress.show($0) }
  }

  /// One for each place of each link that something is wrong with.
  private func diagnostics(_ results: [LinkResult], _ links: [OutsideLink]) -> [Diagnostic] {
    let problems = Dictionary(
      uniqueKeysWithValues: results.compactMap { result in result.problem.map { (result.url, $0) } })
    return links.compactMap { link in
      guard let problem = problems[link.url] else { return nil }
      return Diagnostic(
        problem.severity, id: problem.id, problem.message, at: link.location, sourceLine: link.sourceLine,
        hint: problem.hint)
    }
  }

  private func tell(_ report: BuildReport, _ found: [Diagnostic], _ results: [LinkResult]) {
    let terminal = Terminal.output
    let warnings = found.isEmpty ? "" : ", " + counted(found.count, "warning")
    terminal.print("\(terminal.styled("Checked", .bold, .green)) \(counted(report.pages.count, "page"))\(warnings)")
    guard external else { return }
    let remembered = results.count { $0.isRemembered }
    let moved = results.compactMap { result in
      if case .moved(let target) = result.state { (result.url, target) } else { nil }
    }
    let allowed = results.count { $0.isAllowed && $0.state != .alive }
    terminal.print(
      "  \(counted(results.count, "outside link")): \(results.count - remembered) asked, \(remembered) remembered"
        + (allowed > 0 ? ", \(allowed) allowed to be dead" : ""))
    for (url, target) in moved { terminal.print("  \(url) has moved to \(target)") }
  }
}

extension LinkPolicy {
  fileprivate init(_ settings: SiteBuilder.Configuration.CheckSettings) {
    self.init()
    ignored = settings.ignore
    allowed = settings.allow
    checksAnchors = settings.anchors
    if let value = settings.timeout { timeout = Double(value) }
    if let value = settings.delay { delay = Double(value) / 1000 }
    if let value = settings.retries {
      retries.attempts = value + 1
      retries.connectAttempts = min(value + 1, retries.connectAttempts)
    }
    if let value = settings.maxAge { memory = value * 86_400 }
  }

  /// Nothing that is remembered is new enough.
  fileprivate var forgetting: LinkPolicy {
    var policy = self
    policy.memory = -1
    return policy
  }
}

/// How many links have been asked, on one line that stays, where a person watches.
private final class LinkProgress: Sendable {
  private let terminal: Terminal
  private let total: Int
  private let done = Mutex(0)

  init(_ terminal: Terminal, of total: Int) {
    self.terminal = terminal
    self.total = total
  }

  func show(_ result: LinkResult) {
    done.withLock { done in
      done += 1
      guard terminal.isInteractive else { return }
      let line = "Asking other sites  \(done)/\(total)  \(result.url)"
      terminal.print("\r\u{1B}[K" + String(line.prefix(max(20, terminal.width - 1))), terminator: "")
    }
  }

  func finish() { if terminal.isInteractive { terminal.print("\r\u{1B}[K", terminator: "") } }
}

private struct CheckJSON: Encodable {
  let pages: Int
  let warnings: [DiagnosticJSON]
  let outsideLinks: [Link]?

  struct Link: Encodable {
    let url: String
    let state: String
    let reason: String?
    let movedTo: String?
    let remembered: Bool
    let allowed: Bool
    let places: [String]
  }

  init(_ report: BuildReport, _ found: [Diagnostic], _ results: [LinkResult]?) {
    pages = report.pages.count
    warnings = found.map { DiagnosticJSON($0) }
    let uses = Dictionary(grouping: report.outsideLinks, by: \.url)
    outsideLinks = results?.map { result in
      let (state, reason, target) = Self.words(result.state)
      return Link(
        url: result.url, state: state, reason: reason, movedTo: target, remembered: result.isRemembered,
        allowed: result.isAllowed,
        places: (uses[result.url] ?? []).map { "\($0.location)" })
    }
  }

  private static func words(_ state: LinkResult.State) -> (state: String, reason: String?, target: String?) {
    switch state {
    case .alive: ("alive", nil, nil)
    case .moved(let target): ("moved", nil, target)
    case .dead(let reason): ("dead", reason, nil)
    case .anchorMissing: ("anchor missing", nil, nil)
    case .unclear(let reason): ("unclear", reason, nil)
    }
  }
}
