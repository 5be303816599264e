import Files
import Publisher

extension PublishPlan {
  /// What a person wants to know before it happens: how much, why, and what it costs.
  func tell(_ terminal: Terminal) {
    let name = target.name ?? target.api
    let asked = asked ? "; it was asked what it takes" : ""
    if isPublished {
      terminal.print(
        terminal.styled("Nothing to send:", .bold, .green) + " this edition is published already on \(name)\(asked)")
      return terminal.print("  " + terminal.styled(entry, .cyan))
    }
    let sent = files.filter(\.isSent)
    terminal.print(
      "\(terminal.styled("Would send", .bold)) \(counted(sent.count, "file")), \(byteCount(bytesSent)), in \(counted(requests, "request")) "
        + "to \(name) (mode \(mode.rawValue)\(asked))")
    terminal.print(
      "  \(byteCount(bytesStored)) more to store; \(counted(files.count - sent.count, "file")) held already")
    for reason in [Reason.new, .changed, .missing] {
      list(
        sent.filter { $0.reason == reason }.map { "\(reason.rawValue)  \($0.path)  \(byteCount($0.size))" }, terminal)
    }
    let whole = sent.count { $0.reason == .whole }
    if whole > 0 { terminal.print("  \(counted(whole, "page")) as before, sent again: a folder is uploaded whole") }
    if !laterLinks.isEmpty {
      let way = siteURL.isEmpty ? "by way of the front page, with a script" : "at \(siteURL)"
      terminal.print("  \(counted(laterLinks.count, "link")) to pages published later work \(way):")
      list(laterLinks.map { "  \($0.from) → \($0.to)" }, terminal)
    }
    terminal.print("  edition \(edition)")
    terminal.print("  " + terminal.styled(entry, .cyan))
  }

  private func list(_ lines: [String], _ terminal: Terminal) {
    for line in lines.prefix(20) { terminal.print("  " + line) }
    if lines.count > 20 { terminal.print("  … and \(lines.count - 20) more; --json lists all") }
  }
}

/// What `publish --json` prints.
struct PublishJSON: Encodable, Sendable {
  struct File: Encodable, Sendable {
    let path: String
    let kind: String
    let cid: String
    let size: Int
    let reason: String
  }

  struct Link: Encodable, Sendable {
    let from: String
    let to: String
  }

  let target: String?
  let entry: String
  let root: String
  let edition: String
  let mode: String
  let pages: Int
  let assets: Int
  var uploaded: Int?
  var receipt: String?
  // Of a plan only.
  var requests: Int?
  var bytesSent: Int?
  var bytesStored: Int?
  var files: [File]?
  var laterLinks: [Link]?

  init(_ report: PublishReport, target: String?) {
    self.target = target
    entry = report.entry
    root = report.root
    edition = report.edition
    mode = report.mode.rawValue
    pages = report.pages
    assets = report.assets
    uploaded = report.uploaded
    receipt = report.receipt
  }

  init(_ plan: PublishPlan) {
    target = plan.target.name
    entry = plan.entry
    root = plan.root
    edition = plan.edition
    mode = plan.mode.rawValue
    pages = plan.files.count { $0.kind == "page" }
    assets = plan.files.count { $0.kind == "asset" }
    requests = plan.requests
    bytesSent = plan.bytesSent
    bytesStored = plan.bytesStored
    files = plan.files.map {
      File(path: $0.path, kind: $0.kind, cid: $0.cid, size: $0.size, reason: $0.reason.rawValue)
    }
    laterLinks = plan.laterLinks.map { Link(from: $0.from, to: $0.to) }
  }
}
