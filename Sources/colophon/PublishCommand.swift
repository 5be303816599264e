import ArgumentParser
import CLinux
import ContentAddressing
import DStor
import Files
import Glibc
import LocalNode
import Publisher
import SiteBuilder
import Synchronization
import Transport

struct PublishCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish",
    abstract: "Build a site, then publish it by content hash.",
    discussion: """
      Assets go up first, then the pages, into a dated folder; every answer is compared with the hash computed here. What the server holds \
      already is not sent again, and a run that was cut off goes on where it stood.

      Targets are under publish.targets in site.yaml, by name; all of them are published to, or those named with --target. A site with one target \
      has publish.api, or COLOPHON_API (and COLOPHON_GATEWAY) in the environment. With none of these it is the local node. \
      Credentials come from the environment: DSTOR_API_KEY, or DSTOR_EMAIL and DSTOR_PASSWORD; for Kubo KUBO_TOKEN, or KUBO_LOGIN as \
      user:password. With the name of a target behind it (DSTOR_API_KEY_MAIN) a variable is for that target alone.

      --plan tells what would be sent, why, and what it costs; it sends nothing.
      """)

  @OptionGroup var site: SiteArgument

  @Option(
    name: [.short, .long], help: "The output folder of the build (default: public in the site's folder).",
    completion: .directory)
  var output: String?

  @OptionGroup var flags: BuildFlags

  @Option(name: .long, help: "The local node's port.")
  var port = 8420

  @Option(
    name: .long, help: "How pages are sent: auto asks the target, folder sends one hashed folder, files one by one.")
  var mode = ModeChoice.auto

  @Option(name: .long, help: "Publish to this target of the configuration only. Repeatable.")
  var target: [String] = []

  @Flag(name: [.long, .customLong("dry-run")], help: "Tell what would be sent and why, and send nothing.")
  var plan = false

  @Flag(name: [.short, .long], help: "Don't ask before sending.")
  var yes = false

  @Flag(
    name: .long,
    help:
      "Open the front page in the browser afterwards. A local node that runs no longer than this lets it read, as with --serve."
  )
  var open = false

  @Flag(name: .long, help: "Send everything again, whatever was sent before.")
  var full = false

  @Flag(name: .long, help: "Let the local node run on after publishing, until Ctrl-C.")
  var serve = false

  @Flag(name: .long, help: "Print one JSON object on standard output; of several targets it has a list.")
  var json = false

  func validate() throws {
    guard (1...65535).contains(port) else { throw ValidationError("--port is from 1 to 65535.") }
  }

  func run() async throws {
    try await reportingFailure(json: json, folder: site.site) {
      let report = try await Progress.showingPictures(folder: site.site) {
        var options = try flags.options(site.site, output: output)
        options.locksOutput = true
        return try await build(options)
      }
      Terminal.error.print(report.warnings, folder: site.site, all: "colophon build --json")
      // What a large build took is given back before publishing takes its own.
      _ = malloc_trim(0)
      let source = try editionSource(report, FileTree(folder: report.output), of: site.site)
      var targets = try TargetSettings.chosen(report.configuration.publish, names: target, mode: mode)
      // A node that goes on serving would hold up the targets behind it.
      if serve || open { targets = targets.filter { $0.kind != .local } + targets.filter { $0.kind == .local } }
      let results = PublishResults(targets: targets.count, isJSON: json, output: report.outputLock)
      defer { results.releaseOutput() }
      for (number, settings) in targets.enumerated() {
        if targets.count > 1 { Terminal.error.print(Terminal.error.styled(settings.title, .bold)) }
        do {
          let serving = Serving(isWanted: (serve || open) && !plan && number == targets.count - 1)
          try await publish(source, to: settings, serving, results)
        } catch  where targets.count > 1 && !(error is Interrupted) {
          results.add(Failure(error), at: settings.title)
        }
      }
      try results.finish()
    }
  }

  private func publish(
    _ source: EditionSource, to settings: TargetSettings, _ serving: Serving, _ results: PublishResults
  ) async throws {
    guard settings.kind == .local else {
      return try await untilInterrupted(goesOn: true) {
        try await publish(source, settings, key: nil, api: settings.api ?? "", results)
      }
    }
    do {
      try await untilInterrupted(goesOn: true) { try await publishLocally(source, settings, serving, results) }
    } catch is Interrupted where serving.isOn.withLock({ $0 }) {
      // To be stopped is how serving ends.
    }
  }

  // MARK: The local node

  /// Publishes to the node that runs on the port, or to one that runs as long as this takes.
  private func publishLocally(
    _ source: EditionSource, _ settings: TargetSettings, _ serving: Serving, _ results: PublishResults
  ) async throws {
    let address = "http://127.0.0.1:\(port)"
    // Of several that publish at once one runs the node and the others use it. It ends with that one: another one goes on with a node of its own.
    var lost = 0
    while true {
      let isRunning = try await isNodeRunning(port: port)
      // A plan makes no node where there is none: that one holds nothing, and what it takes is known.
      if plan, !isRunning, (try? listFolder(Places.node))?.isEmpty ?? true {
        return try await publish(source, settings, key: "none", api: address, asksWhatIsHeld: false, results)
      }
      let configuration = try nodeConfiguration(folder: Places.node, port: port)
      if isRunning {
        do {
          let key = try runningNodeKey(configuration.folder, port: port)
          return try await publish(source, settings, key: key, api: address, results)
        } catch let error as DStorError {
          guard case .transport = error.kind, lost < 20, try await !isNodeRunning(port: port) else { throw error }
          lost += 1
          Terminal.error.print("The node on port \(port) has ended; publishing goes on with another one")
        }
      } else if let node = try await openNode(configuration) {
        return try await publish(source, settings, running: node, serving, results)
      }
    }
  }

  private func publish(
    _ source: EditionSource, _ settings: TargetSettings, running node: Node, _ serving: Serving,
    _ results: PublishResults
  ) async throws {
    try await running(node) { address in
      try await publish(source, settings, key: nodeKey(node), api: address.url, results)
      // A browser begins to read when the node would be gone.
      if serving.isWanted {
        Terminal.error.print("  Serving until Ctrl-C")
        results.releaseOutput()
        serving.isOn.withLock { $0 = true }
        try await Task.sleep(for: .seconds(1 << 40))
      } else if !json, !plan {
        Terminal.output.print("  Run `colophon node\(port == 8420 ? "" : " --port \(port)")` to read it")
      }
    }
  }

  // MARK: Publishing

  /// - Parameters:
  ///   - key: of the local node; nil takes the target's credentials from the environment.
  ///   - asksWhatIsHeld: as in `Publisher.plan`.
  private func publish(
    _ source: EditionSource, _ settings: TargetSettings, key: String?, api: String, asksWhatIsHeld: Bool = true,
    _ results: PublishResults
  ) async throws {
    let progress = Progress(.error, folder: site.site)
    let state = try publishState(of: site.site)
    // A plan asks how pages are taken, where nobody has asked before.
    let known = try settings.mode ?? (try? BaseURL(api)).flatMap { try state.ledger.mode(of: $0.description) }
    let target = try settings.target(key: key, api: api, needsCredentials: !plan || known == nil, progress)
    defer { progress.finish() }
    let isAsked = mustAsk && settings.kind != .local
    if plan || isAsked {
      let plan = try await Publisher.plan(
        source, for: target, state: state, workers: flags.workers, full: full, asksWhatIsHeld: asksWhatIsHeld
      ) {
        switch $0 {
        case .stage, .sent: break
        case .warnings, .note: progress.show($0)
        }
      }
      if !json { plan.tell(Terminal.output) }
      if self.plan { return try results.add(PublishJSON(plan)) }
      var isMeant = plan.isPublished
      if !isMeant { isMeant = try await isYes() }
      guard isMeant else { return Terminal.error.print("Nothing was sent") }
    }
    let report = try await Publisher.publish(source, to: target, state: state, workers: flags.workers, full: full) {
      // The plan has told of them.
      if isAsked, case .warnings = $0 { return }
      progress.show($0)
    }
    progress.finish()
    if !json { tell(report) }
    try results.add(PublishJSON(report, target: settings.name))
    if open { openInBrowser(report.entry) }
  }

  /// Storage costs money: a person at a terminal is asked.
  private var mustAsk: Bool { !yes && !json && isatty(STDIN_FILENO) == 1 && Terminal.error.isInteractive }

  private func isYes() async throws -> Bool {
    Terminal.error.print("Publish? [y/N] ", terminator: "")
    // Looked at until there is an answer: a call that waits for one would not hear of Ctrl-C.
    var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    do {
      while poll(&input, 1, 0) < 1 { try await Task.sleep(for: .milliseconds(50)) }
    } catch {
      Terminal.error.print()
      throw error
    }
    return ["y", "yes"].contains((readLine() ?? "").lowercased())
  }

  private func tell(_ report: PublishReport) {
    let terminal = Terminal.output
    if report.uploaded == 0 {
      terminal.print(terminal.styled("Nothing to send:", .bold, .green) + " this edition is published already")
    } else {
      terminal.print(
        "\(terminal.styled("Published", .bold, .green)) \(counted(report.pages, "page")) and \(counted(report.assets, "asset")), "
          + "\(counted(report.uploaded, "file")) sent")
    }
    terminal.print("  " + terminal.styled(report.entry, .cyan))
    terminal.print("  edition \(report.edition)")
    terminal.print("  receipt \(shortened(report.receipt))")
  }
}

/// What publishing remembers of a site, in its state folder and outside it.
///
/// - Parameter site: its folder.
func publishState(of site: String) throws -> PublishState {
  let folder = (realPath(site) ?? site) + "/.colophon"
  try makeFolder(folder)
  return PublishState(
    ledger: try Ledger(at: folder + "/ledger.sqlite") { Terminal.error.print($0) },
    uploadTokens: UploadTokens(folder: try Places.tokens),
    receipts: folder + "/receipts")
}

/// `--mode`.
enum ModeChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, folder, files

  var mode: PublishMode? { PublishMode(rawValue: rawValue) }
}

/// Whether a node of this process goes on once the edition is published.
private final class Serving: Sendable {
  let isWanted: Bool
  /// The edition is published and only served from now on.
  let isOn = Mutex(false)

  init(isWanted: Bool) { self.isWanted = isWanted }
}

/// A name as the first part of a folder path: what dStor's dashboard shows, without what separates paths.
func folderName(_ name: String) -> String {
  let allowed = name.lowercased().unicodeScalars.map { scalar in
    scalar.isASCII
      && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "." || scalar == "_")
      ? Character(scalar) : "-"
  }
  return String(allowed).split(separator: "-").joined(separator: "-").drop { $0 == "." }.description
}
