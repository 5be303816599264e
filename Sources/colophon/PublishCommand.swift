import ArgumentParser
import ContentAddressing
import DStor
import Files
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
      Assets go up first, then the pages, into a dated folder; every answer is compared with the hash computed here. What the server holds
      already is not sent again, and a run that was cut off goes on where it stood.

      The target is publish.api in site.yaml, or COLOPHON_API (and COLOPHON_GATEWAY) in the environment; with neither it is the local node.
      Credentials come from the environment: DSTOR_API_KEY, or DSTOR_EMAIL and DSTOR_PASSWORD.
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

  @Flag(name: .long, help: "Send everything again, whatever was sent before.")
  var full = false

  @Flag(name: .long, help: "Let the local node run on after publishing, until Ctrl-C.")
  var serve = false

  @Flag(name: .long, help: "Print one JSON object on standard output.")
  var json = false

  func validate() throws {
    guard (1...65535).contains(port) else { throw ValidationError("--port is from 1 to 65535.") }
  }

  func run() async throws {
    try await reportingFailure(json: json, folder: site.site) {
      let report = try await build(try flags.options(site.site, output: output))
      for warning in report.warnings { Terminal.error.print(warning, folder: site.site) }
      let source = try editionSource(report, FileTree(folder: report.output), of: site.site)
      let settings = report.configuration.publish
      if let api = environment("COLOPHON_API") ?? settings.api {
        let gateway = environment("COLOPHON_GATEWAY") ?? settings.gateway
        try await untilInterrupted { try await publish(source, api: api, gateway: gateway, credentials: credentials()) }
      } else {
        let serving = Serving()
        do {
          try await untilInterrupted { try await publishLocally(source, serving) }
        } catch is Interrupted where serving.isOn.withLock({ $0 }) {
          // To be stopped is how serving ends.
        }
      }
    }
  }

  private func credentials() throws -> Credentials {
    if let key = environment("DSTOR_API_KEY") { return .apiKey(Secret(key)) }
    if let email = environment("DSTOR_EMAIL"), let password = environment("DSTOR_PASSWORD") {
      return .login(email: email, Secret(password))
    }
    throw UsageError(
      message: "publishing there needs credentials, none are in the environment",
      hint: "set DSTOR_API_KEY, or DSTOR_EMAIL and DSTOR_PASSWORD; without an API configured the local node is used")
  }

  // MARK: The local node

  /// Publishes to the node that runs on the port, or to one that runs as long as this takes.
  private func publishLocally(_ source: EditionSource, _ serving: Serving) async throws {
    let configuration = try nodeConfiguration(folder: Places.node, port: port)
    if try await isNodeRunning(port: port) {
      return try await publish(
        source, toNodeAt: "http://127.0.0.1:\(port)", key: runningNodeKey(configuration.folder, port: port))
    }
    let node = try Node(configuration: configuration)
    try await withThrowingTaskGroup(of: Void.self) { group in
      let (addresses, continuation) = AsyncStream<NodeAddress>.makeStream()
      group.addTask {
        defer { continuation.finish() }
        try await node.run { continuation.yield($0) }
      }
      group.addTask {
        for await address in addresses {
          try await publish(source, toNodeAt: address.url, key: nodeKey(node))
          if serve {
            Terminal.error.print("  Serving until Ctrl-C")
            serving.isOn.withLock { $0 = true }
            try await Task.sleep(for: .seconds(1 << 40))
          } else if !json {
            Terminal.output.print("  Run `colophon node\(port == 8420 ? "" : " --port \(port)")` to read it")
          }
          return
        }
      }
      defer { group.cancelAll() }
      // Whichever ends first: the publishing, or a node that cannot listen.
      try await group.next()
    }
  }

  private func publish(_ source: EditionSource, toNodeAt address: String, key: String) async throws {
    try await publish(source, api: address, gateway: nil, credentials: .apiKey(Secret(key)))
  }

  // MARK: Publishing

  private func publish(_ source: EditionSource, api: String, gateway: String?, credentials: Credentials) async throws {
    let progress = Progress(.error, folder: site.site)
    let environment = ClientEnvironment.system(observing: progress)
    let configuration = DStorConfiguration(
      api: try baseURL(api, "COLOPHON_API or publish.api"),
      gateway: try gateway.map { try baseURL($0, "COLOPHON_GATEWAY or publish.gateway") }, credentials: credentials)
    let client = try DStorClient(
      configuration, transport: CurlTransport(), tokens: DiskTokenStore(folder: Places.tokens), environment: environment
    )
    let folder = (realPath(site.site) ?? site.site) + "/.colophon"
    try makeFolder(folder)
    let state = PublishState(
      ledger: try Ledger(path: folder + "/ledger.sqlite"), uploadTokens: UploadTokens(folder: Places.tokens),
      receipts: folder + "/receipts")
    let target = PublishTarget(
      client: client, api: configuration.api.description, gateway: configuration.gateway.description, mode: mode.mode)
    defer { progress.finish() }
    let report = try await Publisher.publish(source, to: target, state: state, workers: flags.workers, full: full) {
      progress.show($0)
    }
    progress.finish()
    try tell(report)
  }

  private func baseURL(_ text: String, _ setting: String) throws -> BaseURL {
    do {
      return try BaseURL(text)
    } catch {
      throw UsageError(message: "\(text), set by \(setting), is no base URL", hint: error.detail)
    }
  }

  private func tell(_ report: PublishReport) throws {
    if json { return try printJSON(PublishJSON(report)) }
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

/// `--mode`.
enum ModeChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, folder, files

  var mode: PublishMode? { PublishMode(rawValue: rawValue) }
}

/// Whether the edition is published and only served from now on.
private final class Serving: Sendable {
  let isOn = Mutex(false)
}

private struct PublishJSON: Encodable {
  let entry: String
  let root: String
  let edition: String
  let pages: Int
  let assets: Int
  let uploaded: Int
  let receipt: String
  let mode: String

  init(_ report: PublishReport) {
    entry = report.entry
    root = report.root
    edition = report.edition
    pages = report.pages
    assets = report.assets
    uploaded = report.uploaded
    receipt = report.receipt
    mode = report.mode.rawValue
  }
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

extension ClientEnvironment {
  /// The system's clock and chance; retries are told, so that nobody wonders at a silence.
  static func system(observing progress: Progress) -> ClientEnvironment {
    var environment = ClientEnvironment.system
    // For tests of many faults: the policy is the same, only its seconds are shorter.
    if let scale = colophon.environment("COLOPHON_WAIT_SCALE").flatMap(Double.init), (0...1).contains(scale) {
      let sleep = environment.sleep
      environment.sleep = { try await sleep($0 * scale) }
    }
    environment.observe = { event in
      switch event {
      case .retrying(let error, let attempt, let seconds):
        progress.show(.note("\(error.came); attempt \(attempt + 1) in \(String((seconds * 10).rounded() / 10)) s"))
      case .tokenNotKept(let why): progress.show(.note("the access token could not be kept: \(why)"))
      case .tokenAsked, .concurrencyChanged: break
      }
    }
    return environment
  }
}
