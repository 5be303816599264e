import ContentAddressing
import Files

/// Where and with what an edition is published.
public struct PublishTarget: Sendable {
  /// What a target speaks.
  public enum Kind: String, Sendable, CaseIterable {
    case dstor, kubo, local
  }

  /// As in the configuration; nil where there is one target without a name.
  public var name: String?
  public var kind: Kind
  public var client: TargetClient
  /// The API's base URL: names the target in the ledger and in messages.
  public var api: String
  public var gateway: String
  /// Nil asks the target what it has, once.
  public var mode: PublishMode?

  public init(
    name: String? = nil, kind: Kind = .dstor, client: TargetClient, api: String, gateway: String,
    mode: PublishMode? = nil
  ) {
    self.name = name
    self.kind = kind
    self.client = client
    self.api = api
    self.gateway = gateway
    self.mode = mode
  }
}

/// How many uploads are under way at a time, at most.
let uploadsAtATime = 4

/// What publishing remembers between runs.
public struct PublishState: Sendable {
  public var ledger: Ledger
  public var uploadTokens: UploadTokens
  /// Where receipts are kept; made when needed.
  public var receipts: String

  public init(ledger: Ledger, uploadTokens: UploadTokens, receipts: String) {
    self.ledger = ledger
    self.uploadTokens = uploadTokens
    self.receipts = receipts
  }
}

/// What came of it.
public struct PublishReport: Sendable {
  /// The URL of the front page.
  public let entry: String
  /// CIDv0 of the edition's folder; in `files` mode of its front page.
  public let root: String
  /// The dated folder.
  public let edition: String
  /// HTML pages; feeds and other files that go into the folder are not counted.
  public let pages: Int
  public let assets: Int
  /// How many files this run sent, the receipt included.
  public let uploaded: Int
  /// The path of the receipt.
  public let receipt: String
  public let mode: PublishMode
}

/// One run of `publish`, as its stages see it.
struct Run: Sendable {
  let source: EditionSource
  let target: PublishTarget
  let ledger: Ledger
  let uploadTokens: UploadTokens
  let folder: String
  let build: String
  /// The URL of the front page.
  let entry: String
  let answers: Answers
  let report: @Sendable (PublishEvent) -> Void

  var client: TargetClient { target.client }

  func uploadKey(_ root: CID) -> String { "\(target.api) \(root.text)" }
}

/// Publishes an edition, in the mode that the target was found to have, or was told to use.
///
/// - Parameter full: sends everything again, whatever the ledger says.
/// - Throws: `PublishError`, `DStorError`, `FileError`, and the ledger's own errors.
public func publish(
  _ source: EditionSource, to target: PublishTarget, state: PublishState, workers: Int, full: Bool = false,
  report: @escaping @Sendable (PublishEvent) -> Void
) async throws -> PublishReport {
  guard source.tree.contains("index.html") else { throw PublishError.nothingToPublish }
  if full { try state.ledger.forget(target.api) }
  let mode = try await chosenMode(of: target, state, report)
  do {
    return try await publish(source, to: target, mode, state, workers: workers, full: full, report)
  } catch PublishError.folderNotServed(let url) where target.mode == nil {
    report(.note("\(url) does not come back, and the server did not name the folder's hash: file by file then"))
    try state.ledger.record(.files, of: target.api)
    return try await publish(source, to: target, .files, state, workers: workers, full: full, report)
  }
}

/// Stages 9 to 15. Up to stage 11 nothing is sent; what an earlier run finished is not done again.
private func publish(
  _ source: EditionSource, to target: PublishTarget, _ mode: PublishMode, _ state: PublishState, workers: Int,
  full: Bool,
  _ report: @escaping @Sendable (PublishEvent) -> Void
) async throws -> PublishReport {
  let edition = try await addressedEdition(source, for: target, mode, workers: workers, report)
  let run = try Run(edition, of: source, to: target, state, report)
  let receipt = try finishedReceipt(of: edition, run, in: state.receipts)
  if let receipt, let finished = try await finishedBefore(edition, run, receipt, in: state.receipts) { return finished }
  // What was waited for once is not waited for again.
  try await forgetWhatWasLost(run, waits: receipt == nil)
  if !full { try await askWhatIsHeld(edition, run) }
  try state.ledger.begin(edition.pages.folder.text, folder: run.folder, on: target.api, at: source.time)
  let sentAssets = try await uploadAssets(edition.assets, run)
  let sentPages = try await uploadPages(edition.pages, run)
  let verified = try await verify(edition.pages, edition.assets, sent: sentAssets, run)
  let sent = sentAssets.union(sentPages)
  let path = try await record(edition, sent: sent, verified: verified, run, in: state.receipts)
  return PublishReport(edition, run, uploaded: sent.count + 1, receipt: path)
}

/// An edition with all its hashes, nothing sent.
struct AddressedEdition: Sendable {
  let assets: [AddressedContents]
  let pages: AddressedPages
}

/// Stages 9 to 11.
///
/// - Throws: `FileError`, `DirectoryError`.
func addressedEdition(
  _ source: EditionSource, for target: PublishTarget, _ mode: PublishMode, workers: Int,
  _ report: @Sendable (PublishEvent) -> Void
) async throws -> AddressedEdition {
  let client = target.client
  return try await addressedEdition(source, mode, workers: workers, report) { cid, name in
    client.gatewayURL(cid.text, filename: name)
  }
}

/// The same for any gateway.
///
/// - Parameter url: where the gateway has a file, by its hash and its name.
func addressedEdition(
  _ source: EditionSource, _ mode: PublishMode, workers: Int, _ report: @Sendable (PublishEvent) -> Void,
  gatewayURL url: @escaping @Sendable (CID, String) -> String
) async throws -> AddressedEdition {
  report(.stage("Computing hashes", files: source.tree.count))
  let traced = try await trace(source.tree, siteURL: source.url, workers: workers)
  report(.warnings(traced.warnings))
  let (assets, urls) = try addressAssets(traced, in: source.tree, siteURL: source.url, gatewayURL: url)
  let pages = try await rewritePages(traced, of: source, urls, mode: mode, workers: workers, gatewayURL: url)
  report(.warnings(filesOutOfReach(pages, source.tree)))
  return AddressedEdition(assets: assets + (pages.script.map { [$0] } ?? []), pages: pages)
}

/// The part of the dated folder that is derived from the content.
func build(of folder: CID) -> String { String(hexadecimal(folder.bytes.suffix(32)).prefix(12)) }

extension Run {
  init(
    _ edition: AddressedEdition, of source: EditionSource, to target: PublishTarget, _ state: PublishState,
    _ report: @escaping @Sendable (PublishEvent) -> Void
  ) throws {
    let build = Publisher.build(of: edition.pages.folder)
    let known = try state.ledger.edition(edition.pages.folder.text, on: target.api)
    let place = edition.pages.front.map(edition.pages.place) ?? (edition.pages.root.text, nil)
    self.init(
      source: source, target: target, ledger: state.ledger, uploadTokens: state.uploadTokens,
      folder: known?.folder ?? editionFolder(source, build: build), build: build,
      entry: target.client.gatewayURL(place.path, filename: place.filename),
      answers: Answers(clean: target.client.withoutSecrets), report: report)
  }
}

extension PublishReport {
  fileprivate init(_ edition: AddressedEdition, _ run: Run, uploaded: Int, receipt: String) {
    self.init(
      entry: run.entry, root: edition.pages.root.text, edition: run.folder,
      pages: edition.pages.pages.count { isPage($0.path) }, assets: edition.assets.count, uploaded: uploaded,
      receipt: receipt, mode: edition.pages.mode)
  }
}

/// Asks the target once what it has, and says what was chosen.
func chosenMode(
  of target: PublishTarget, _ state: PublishState, _ report: @Sendable (PublishEvent) -> Void
) async throws -> PublishMode {
  if let mode = try target.mode ?? state.ledger.mode(of: target.api) { return mode }
  let mode: PublishMode = try await target.client.takesFolders() ? .folder : .files
  let choice = mode == .files ? "takes no folders: publishing file by file" : "takes folders: the pages go up as one"
  report(.note("\(target.api) \(choice)"))
  try state.ledger.record(mode, of: target.api)
  return mode
}

/// The report of an earlier run that published the same; nil where the target no longer serves it.
private func finishedBefore(
  _ edition: AddressedEdition, _ run: Run, _ receipt: String, in receipts: String
) async throws -> PublishReport? {
  // It may have been sent a moment ago, and sending it again costs money.
  guard let front = edition.pages.front,
    try await isServed(edition.pages.place(of: front).path, run, isFresh: !run.target.kind.answersAtOnce)
  else { return nil }
  try makeCurrent(run, in: receipts)
  return PublishReport(edition, run, uploaded: 0, receipt: receipt)
}

/// The path of the receipt of an earlier run that published the same; nil where there was none, or the receipt is gone or damaged: it is made
/// again then, or nothing that reads receipts would know of the edition.
func finishedReceipt(of edition: AddressedEdition, _ run: Run, in receipts: String) throws -> String? {
  guard let known = try run.ledger.edition(edition.pages.folder.text, on: run.target.api), known.finished != nil,
    let name = known.receipt
  else { return nil }
  let path = receipts + "/" + name
  guard fileSize(path) != nil else { return nil }
  if let receipt = try? Receipt(json: readFile(path), each: { _ in }), receipt.build == run.build,
    receipt.target.api == run.target.api
  {
    return path
  }
  run.report(.note("\(path) is no receipt of this edition: it is written anew"))
  return nil
}

/// A node whose data was removed does not hold what the ledger says: one file, the last, is asked for.
///
/// - Parameter waits: false where the target was asked long enough for what it should have.
private func forgetWhatWasLost(_ run: Run, waits: Bool) async throws {
  guard let cid = try run.ledger.latestFile(on: run.target.api) else { return }
  // Here too, by a run that was cut off.
  if try await isServed(cid, run, isFresh: waits && !run.target.kind.answersAtOnce) { return }
  run.report(.note("\(run.target.api) no longer holds what was published to it: everything is sent again"))
  try run.ledger.forget(run.target.api)
}
