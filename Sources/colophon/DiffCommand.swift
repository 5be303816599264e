import ArgumentParser
import Files
import Publisher

struct DiffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show what changed between two editions.",
    discussion: """
      Compares two receipts, so it asks nothing of the network: pages and assets that were added (+), changed (~) and removed (-), by their \
      hashes. A page also changes when an asset does that it refers to, because its links hold the asset's hash. With --text the pages that \
      differ are read back, proved by their hashes, and what a reader sees of them is compared line by line.

        colophon diff              the edition before the current one, and that
        colophon diff 7e1c         that edition, and the current one
        colophon diff 7e1c 93ab    two editions, the older one first
        colophon diff --text       what was written anew
      """)

  @Argument(help: ArgumentHelp(editionHelp, valueName: "edition"))
  var before = "last~1"

  @Argument(help: ArgumentHelp("The edition to compare it with.", valueName: "edition"))
  var after = "last"

  @OptionGroup var site: SiteOption

  @Flag(name: .long, help: "Only pages and other files of the folder, no assets.")
  var pages = false

  @Flag(name: .long, help: "Fetch the pages that differ, and show what differs in their text.")
  var text = false

  @OptionGroup var gateways: GatewayOption

  @Flag(name: .long, help: "Print one JSON object on standard output.")
  var json = false

  func run() async throws {
    try await reportingFailure(json: json, folder: site.site) {
      let editions = try site.editions()
      let before = try editions.named(before, on: site.target)
      let after = try editions.named(after, on: site.target)
      let diff = EditionDiff(from: try before.files(), to: try after.files())
      let changes = diff.changes.filter { !pages || $0.noun != "asset" }
      let texts = text ? try await texts(from: before, to: after, editions) : []
      if json {
        let shown = Dictionary(texts.map { ($0.change.path, $0.lines) }, uniquingKeysWith: { first, _ in first })
        return try printJSON(
          DiffJSON(
            before: EditionJSON(before), after: EditionJSON(after),
            changes: changes.map { ChangeJSON($0, text: shown[$0.path]) }))
      }
      if text { return show(texts) }
      let terminal = Terminal.output
      terminal.print("\(describe(before)) → \(describe(after))")
      for change in changes { terminal.print("  " + line(change, terminal)) }
      terminal.print("  " + summary(changes))
    }
  }

  private func texts(
    from before: PublishedEdition, to after: PublishedEdition, _ editions: Editions
  ) async throws -> [TextDiff] {
    let progress = Progress(.error, folder: site.site)
    defer { progress.finish() }
    return try await untilInterruptedReturning {
      try await reading(.edition(before), of: editions, from: gateways.gateway, progress) { old in
        try await reading(.edition(after), of: editions, from: gateways.gateway, progress) { new in
          try await textDiffs(from: before, to: after, gateways: (old, new)) { progress.show($0) }
        }
      }
    }
  }

  /// As `diff -u` shows files, so that what reads its output reads this.
  private func show(_ texts: [TextDiff]) {
    let terminal = Terminal.output
    for diff in texts where !diff.lines.isEmpty {
      terminal.print(terminal.styled("--- \(diff.change.before == nil ? "/dev/null" : "a/" + diff.change.path)", .bold))
      terminal.print(terminal.styled("+++ \(diff.change.after == nil ? "/dev/null" : "b/" + diff.change.path)", .bold))
      for line in diff.lines {
        switch line.first {
        case "@": terminal.print(terminal.styled(line, .cyan))
        case "-": terminal.print(terminal.styled(line, .red))
        case "+": terminal.print(terminal.styled(line, .green))
        default: terminal.print(line)
        }
      }
    }
  }

  private func describe(_ edition: PublishedEdition) -> String {
    "\(Terminal.output.styled(edition.receipt.build, .bold, .yellow)) (\(edition.receipt.time))"
  }
}

/// `~ posts/paper/index.html  +120 bytes  (content/posts/paper.md)`.
func line(_ change: EditionDiff.Change, _ terminal: Terminal) -> String {
  let mark =
    switch change.kind {
    case .added: terminal.styled("+ ", .green)
    case .changed: terminal.styled("~ ", .yellow)
    case .removed: terminal.styled("- ", .red)
    }
  var line = mark + change.path
  switch change.kind {
  case .added: line += "  " + byteCount(change.after?.size ?? 0)
  case .changed where change.growth != 0:
    line += "  \(change.growth > 0 ? "+" : "-")\(byteCount(abs(change.growth)))"
  case .changed, .removed: break
  }
  if let source = (change.after ?? change.before)?.source { line += terminal.styled("  (\(source))", .dim) }
  return line
}

/// `2 pages added, 1 asset changed`.
func summary(_ changes: [EditionDiff.Change]) -> String {
  var parts: [String] = []
  for kind in EditionDiff.Change.Kind.allCases {
    for file in ["page", "other file", "asset"] {
      let count = changes.count { $0.kind == kind && $0.noun == file }
      if count > 0 { parts.append("\(counted(count, file)) \(kind.rawValue)") }
    }
  }
  return parts.isEmpty ? "nothing differs" : parts.joined(separator: ", ")
}

/// One file that differs, as every `--json` says it.
struct ChangeJSON: Encodable {
  let change: String
  let path: String
  let kind: String
  let source: String?
  let before: String?
  let after: String?
  let bytes: Int
  /// With `--text`, of a page: what differs in what a reader sees, as lines of a unified diff.
  let text: [String]?

  init(_ change: EditionDiff.Change, text: [String]? = nil) {
    self.text = text
    self.change = change.kind.rawValue
    path = change.path
    kind = (change.after ?? change.before)?.kind ?? ""
    source = (change.after ?? change.before)?.source
    before = change.before?.cid
    after = change.after?.cid
    bytes = change.after?.size ?? 0
  }
}

private struct DiffJSON: Encodable {
  let before: EditionJSON
  let after: EditionJSON
  let changes: [ChangeJSON]
}
