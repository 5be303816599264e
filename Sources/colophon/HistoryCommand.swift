import ArgumentParser
import Publisher

struct HistoryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "List the editions that were published, the newest first.",
    discussion: """
      What is listed are the receipts in .colophon/receipts of the site's folder; nothing is asked of the network. A star marks the current \
      edition of each target: the one that was published, or rolled back to, last.

      Other commands name an edition as it is listed here: by the first digits of its build (7e1c), by its folder, by its root (Qm… or \
      bafy…), or as last, last~1, last~2, … counted back from the current one.
      """)

  @OptionGroup var site: SiteArgument

  @Option(name: .long, help: "Only editions on this target, by its name or the address of its API.")
  var target: String?

  @Option(name: [.short, .customLong("limit")], help: "How many editions to list (default: all).")
  var limit: Int?

  @Flag(name: .long, help: "Print one JSON object on standard output.")
  var json = false

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit is at least 1.") }
  }

  func run() async throws {
    try await reportingFailure(json: json, folder: site.site) {
      let editions = try readEditions(of: site.site)
      let all = editions.editions(on: target)
      let listed = all.reversed().prefix(limit ?? .max)
      let targets = Set(all.map(\.receipt.target.api))
      let current = Set(targets.compactMap { editions.currents(on: $0).last?.path })
      if json {
        return try printJSON(
          HistoryJSON(
            editions: listed.map {
              .init($0, isCurrent: current.contains($0.path), isUnpinned: editions.isUnpinned($0))
            }))
      }
      guard !all.isEmpty else { throw EditionError.noneYet(target: target) }
      for edition in listed {
        show(
          edition, isCurrent: current.contains(edition.path), isUnpinned: editions.isUnpinned(edition),
          namesTarget: targets.count > 1)
      }
      if listed.count < all.count { Terminal.output.print("… and \(all.count - listed.count) more") }
    }
  }

  private func show(_ edition: PublishedEdition, isCurrent: Bool, isUnpinned: Bool, namesTarget: Bool) {
    let terminal = Terminal.output
    let receipt = edition.receipt
    let row = EditionJSON(edition)
    let mark = isCurrent ? terminal.styled("*", .bold, .green) : " "
    var facts = [
      "\(counted(row.pages, "page")), \(counted(row.assets, "asset"))", byteCount(row.bytes),
    ]
    if let commit = receipt.commit {
      facts.append(
        String(commit.hash.prefix(9)) + (commit.dirty ? "+changes" : "") + (commit.branch.map { " " + $0 } ?? ""))
    }
    if isUnpinned { facts.append("unpinned") }
    if namesTarget { facts.append(row.target) }
    terminal.print(
      "\(mark) \(terminal.styled(receipt.build, .bold, .yellow))  \(receipt.time)  \(facts.joined(separator: ", "))")
    terminal.print("    " + terminal.styled(receipt.entry, .cyan))
  }
}

private struct HistoryJSON: Encodable {
  struct Row: Encodable {
    let edition: EditionJSON
    let isCurrent: Bool
    let isUnpinned: Bool

    init(_ edition: PublishedEdition, isCurrent: Bool, isUnpinned: Bool) {
      self.edition = EditionJSON(edition)
      self.isCurrent = isCurrent
      self.isUnpinned = isUnpinned
    }

    enum CodingKeys: CodingKey { case current, unpinned }

    func encode(to encoder: any Encoder) throws {
      try edition.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(isCurrent, forKey: .current)
      if isUnpinned { try container.encode(true, forKey: .unpinned) }
    }
  }

  let editions: [Row]
}
