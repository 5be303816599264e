import ArgumentParser
import Files
import Publisher

struct UnpinCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unpin",
    abstract: "Let a Kubo forget old editions.",
    discussion: """
      Takes the pins off the folders and receipts of all editions but the newest, and their paths out of the node's file system. What they \
      held goes with the node's next garbage collection (ipfs repo gc), unless an edition that is kept, or another site, has it too. The \
      current edition is always kept. Receipts stay here: what was published remains provable, and publishing the same again sends it again.

        colophon unpin --keep 10 --dry-run

      A Kubo has one pin for a hash, whoever asked for it. The same picture or style sheet may be part of another site, so assets keep \
      their pins, and so do the pages of editions sent file by file. --single-files takes those off too: for a node that nobody else pins \
      on, and that no other site is published to.

      dStor has no call that takes content away: its dashboard does. The local node keeps all that it is given.
      """)

  @OptionGroup var site: SiteArgument

  @Option(name: .long, help: "How many editions to keep of each target, the current one among them.")
  var keep: Int

  @Option(name: .long, help: "Only editions on this target, by its name or the address of its API.")
  var target: String?

  @Flag(name: .long, help: "Also take the pins off assets and single pages, though another site may need them.")
  var singleFiles = false

  @Flag(name: [.customShort("n"), .long], help: "Tell what would be done, and do nothing.")
  var dryRun = false

  @Flag(name: .long, help: "Print one JSON object on standard output.")
  var json = false

  func validate() throws {
    guard keep >= 1 else { throw ValidationError("--keep is at least 1.") }
  }

  func run() async throws {
    try await reportingFailure(json: json, folder: site.site) {
      let editions = try readEditions(of: site.site)
      let all = editions.editions(on: target)
      guard !all.isEmpty else { throw EditionError.noneYet(target: target) }
      let kubos = Dictionary(grouping: all.map(\.receipt.target).filter { $0.kind == "kubo" }, by: \.api)
      guard !kubos.isEmpty else { throw try cannotUnpin(all) }
      var results: [UnpinJSON] = []
      // The newest receipt says how the target is called now.
      for (api, receipts) in kubos.sorted(by: { $0.key < $1.key }) {
        guard let settings = receipts.last else { continue }
        let unpinning = try editions.unpinning(keep: keep, on: api, isWhole: singleFiles)
        var removed = 0
        if !dryRun, !unpinning.editions.isEmpty {
          removed = try await untilInterruptedReturning { try await unpin(unpinning, at: settings) }
        }
        if !json { tell(unpinning, on: settings.name ?? api) }
        results.append(UnpinJSON(target: settings.name ?? api, unpinning, removed: removed, isDone: !dryRun))
      }
      if json { try printJSON(["targets": results]) }
    }
  }

  private func cannotUnpin(_ editions: [PublishedEdition]) throws -> UsageError {
    let isLocal = editions.allSatisfy { $0.receipt.target.kind == "local" }
    return try UsageError(
      message: isLocal ? "the local node keeps all that it is given" : "dStor has no call that takes content away",
      hint: isLocal
        ? "to begin anew, stop it and remove \(shortened(Places.node))"
        : "files are removed in its dashboard; pins are Kubo's (target: kubo)")
  }

  private func unpin(_ unpinning: Unpinning, at settings: Receipt.Target) async throws -> Int {
    let progress = Progress(.error, folder: site.site)
    defer { progress.finish() }
    let target = try TargetSettings(
      name: settings.name, kind: .kubo, api: settings.api, gateway: settings.gateway, mode: nil
    ).target(key: nil, api: settings.api, needsCredentials: true, progress)
    guard case .kubo(let kubo, _) = target.client else { preconditionFailure("bug: a Kubo that speaks something else") }
    let state = try publishState(of: site.site)
    return try await Publisher.unpin(
      unpinning, at: kubo, on: settings.api, state: state, time: editionTime()
    ) { progress.show($0) }
  }

  private func tell(_ unpinning: Unpinning, on target: String) {
    let terminal = Terminal.output
    defer {
      if !unpinning.left.isEmpty {
        terminal.print(
          "\(counted(unpinning.left.count, "edition")) sent file by file not touched, for other sites may have the same files "
            + "(--single-files)")
      }
    }
    guard !unpinning.editions.isEmpty else {
      return terminal.print("\(terminal.styled("Nothing to unpin", .bold, .green)) on \(target)")
    }
    for edition in unpinning.editions {
      terminal.print("- \(terminal.styled(edition.receipt.build, .bold, .yellow))  \(edition.receipt.time)")
    }
    terminal.print(
      "\(dryRun ? "Would unpin" : "Unpinned") \(counted(unpinning.editions.count, "edition")) on \(target): "
        + "\(counted(unpinning.files.count, "file")) that no other one has, \(byteCount(unpinning.bytes))"
        + (unpinning.isWhole ? "" : "; assets stay"))
  }
}

private struct UnpinJSON: Encodable {
  let target: String
  let editions: [EditionJSON]
  let files: Int
  let bytes: Int
  /// Pins that there were.
  let removed: Int
  let done: Bool

  init(target: String, _ unpinning: Unpinning, removed: Int, isDone: Bool) {
    self.target = target
    editions = unpinning.editions.map(EditionJSON.init)
    files = unpinning.files.count
    bytes = unpinning.bytes
    self.removed = removed
    done = isDone
  }
}
