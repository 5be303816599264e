import ContentAddressing
import DStor
import Files
import Kubo

/// What publishing would do.
public struct PublishPlan: Sendable {
  public struct File: Sendable {
    public let path: String
    /// `asset` or `page`.
    public let kind: String
    public let cid: String
    /// Bytes as published.
    public let size: Int
    public let reason: Reason

    public var isSent: Bool { reason != .held }
  }

  /// Why a file is sent, or not.
  public enum Reason: String, Sendable, CaseIterable {
    /// The edition before has no file of that path.
    case new
    /// Its bytes are not those of the edition before.
    case changed
    /// As before, but a hashed folder is uploaded whole.
    case whole
    /// As before, and the target is not known to hold it.
    case missing
    /// Not sent.
    case held
  }

  public struct LaterLink: Sendable, Hashable {
    public let from: String
    public let to: String
  }

  public let target: PublishTarget
  public let mode: PublishMode
  /// The target was asked what it takes.
  public let asked: Bool
  public let entry: String
  public let root: String
  public let edition: String
  /// This very edition is published already: nothing would be sent.
  public let isPublished: Bool
  /// Assets, then pages in the order in which they would be sent.
  public let files: [File]
  /// Uploads and what belongs to them, the receipt and the look at the result included; retries and tokens are not.
  public let requests: Int
  /// Links of pages to pages that are published after them, in `files` mode.
  public let laterLinks: [LaterLink]
  /// Where later links lead, if the site has a stable address.
  public let siteURL: String

  /// Bytes of all files that would be sent.
  public var bytesSent: Int { files.reduce(0) { $0 + ($1.isSent ? $1.size : 0) } }

  /// Bytes that the target would hold more: of distinct contents that it is not known to hold.
  public var bytesStored: Int {
    var seen: Set<String> = []
    return files.reduce(0) { sum, file in
      guard file.isSent, file.reason != .whole, seen.insert(file.cid).inserted else { return sum }
      return sum + file.size
    }
  }
}

/// Stages 9 to 11, and what the others would do. Nothing is sent or kept. The target is asked what it takes where nobody knows yet, and one that
/// answers at once is asked what it holds, as publishing asks it.
///
/// - Parameter asksWhatIsHeld: false where the target is not there to be asked, and holds nothing but what the ledger says.
/// - Throws: as `publish`.
public func plan(
  _ source: EditionSource, for target: PublishTarget, state: PublishState, workers: Int, full: Bool = false,
  asksWhatIsHeld: Bool = true, report: @escaping @Sendable (PublishEvent) -> Void
) async throws -> PublishPlan {
  guard source.tree.contains("index.html") else { throw PublishError.nothingToPublish }
  let known = try target.mode ?? state.ledger.mode(of: target.api)
  let mode: PublishMode = if let known { known } else { try await target.client.takesFolders() ? .folder : .files }
  let edition = try await addressedEdition(source, for: target, mode, workers: workers, report)
  let run = try Run(edition, of: source, to: target, state, report)
  let held =
    full ? Held() : try await held(edition, run, state, isAsked: asksWhatIsHeld && target.kind.answersAtOnce)
  var isWhole = false
  if case .dstor = target.client, mode == .folder { isWhole = try !held.holds(edition.pages.folder) }
  let files = try plannedFiles(edition, run, state, held, isWhole: isWhole)
  let laterLinks = edition.pages.order.map { order in
    order.laterLinks.map {
      PublishPlan.LaterLink(from: order.paths[$0.from].string, to: order.paths[$0.to].string)
    }
  }
  return PublishPlan(
    target: target, mode: mode, asked: known == nil, entry: run.entry, root: edition.pages.root.text,
    edition: run.folder, isPublished: held.isPublished, files: files,
    requests: held.isPublished ? 1 : requests(files, edition.pages, target, isWhole: isWhole),
    laterLinks: laterLinks ?? [], siteURL: source.url)
}

/// What a target holds, as far as is known.
private struct Held {
  /// This very edition is there.
  var isPublished = false
  /// Nil where the ledger does not count: it has nothing, or the target has lost what it says.
  var ledger: (Ledger, target: String)?
  /// What the target was asked for and has.
  var found: Set<CID> = []

  func holds(_ cid: CID) throws -> Bool {
    try found.contains(cid) || ledger.map { try $0.0.holds(cid.text, on: $0.target) } ?? false
  }
}

/// As the stages of publishing find it out, but nothing is noted.
private func held(
  _ edition: AddressedEdition, _ run: Run, _ state: PublishState, isAsked: Bool
) async throws -> Held {
  let (ledger, api) = (run.ledger, run.target.api)
  var held = Held(ledger: (ledger, api))
  held.isPublished = try finishedReceipt(of: edition, run, in: state.receipts) != nil
  guard isAsked else { return held }
  do {
    if held.isPublished, let front = edition.pages.front {
      held.isPublished = try await isServed(edition.pages.place(of: front).path, run)
    }
    if held.isPublished { return held }
    if let latest = try ledger.latestFile(on: api), try await isServed(latest, run) { return held }
    held.ledger = nil
    try await askWhatIsHeld(edition, run) { cid, _ in held.found.insert(cid) }
  } catch  where isUnreachable(error) {
    held.ledger = (ledger, api)
    run.report(.note("\(api) cannot be asked what it holds, so the plan is by what is known here: \(error)"))
  }
  return held
}

private func isUnreachable(_ error: any Error) -> Bool {
  switch error {
  case let error as DStorError: if case .transport = error.kind { true } else { false }
  case let error as KuboError: if case .transport = error.kind { true } else { false }
  default: false
  }
}

private func plannedFiles(
  _ edition: AddressedEdition, _ run: Run, _ state: PublishState, _ held: Held, isWhole: Bool
) throws -> [PublishPlan.File] {
  let last = try Editions(receipts: state.receipts).editions(on: run.target.api).last
  let before = Dictionary(
    (try last?.files() ?? []).map { (TreePath($0.path), $0.cid) }, uniquingKeysWith: { first, _ in first })
  var seen: Set<CID> = []
  func planned(_ file: AddressedContents, _ kind: String, whole: Bool) throws -> PublishPlan.File {
    let cid = file.file.cid.text
    let isFirst = seen.insert(file.file.cid).inserted
    var isHeld = held.isPublished
    if !isHeld, !whole { isHeld = try !isFirst || held.holds(file.file.cid) }
    let reason: PublishPlan.Reason =
      if isHeld { .held } else {
        switch before[file.path] {
        case nil: .new
        case cid: whole ? .whole : .missing
        default: .changed
        }
      }
    return PublishPlan.File(path: file.path.string, kind: kind, cid: cid, size: file.file.fileSize, reason: reason)
  }
  return try edition.assets.map { try planned($0, "asset", whole: false) }
    + edition.pages.pages.map { try planned($0, "page", whole: isWhole) }
}

private func requests(
  _ files: [PublishPlan.File], _ pages: AddressedPages, _ target: PublishTarget, isWhole: Bool
) -> Int {
  let sent = files.filter(\.isSent)
  // The receipt, and a look at the front page and one asset.
  let rest = 3
  switch target.client {
  case .dstor where isWhole:
    // A token for the upload, its chunks, and its status, asked at least once.
    return sent.count { $0.kind == "asset" } + 1 + chunks(of: pages.pages).count + 1 + rest
  case .dstor:
    return sent.count + rest
  case .kubo:
    // Blocks in CARs of 8 MiB; the folder's own, its pin and its path; the receipt's path.
    return sent.reduce(0) { $0 + $1.size } / (8 << 20) + 6 + rest
  }
}
