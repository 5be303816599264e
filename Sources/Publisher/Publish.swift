import ContentAddressing
import DStor
import Files

/// Where and with what an edition is published.
public struct PublishTarget: Sendable {
  public var client: DStorClient
  /// The API's base URL: names the target in the ledger and in messages.
  public var api: String
  public var gateway: String
  /// How many uploads are under way at a time, at most.
  public var uploadsAtATime = 4

  public init(client: DStorClient, api: String, gateway: String) {
    self.client = client
    self.api = api
    self.gateway = gateway
  }
}

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
  /// CIDv0 of the edition's folder.
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
}

/// One run of `publish`, as its stages see it.
struct Run: Sendable {
  let source: EditionSource
  let client: DStorClient
  let ledger: Ledger
  let uploadTokens: UploadTokens
  let target: String
  let uploadsAtATime: Int
  let folder: String
  let build: String
  let answers = Answers()
  let report: @Sendable (PublishEvent) -> Void

  func uploadKey(_ root: CID) -> String { "\(target) \(root.text)" }
}

/// Publishes an edition: stages 9 to 15. Up to stage 11 nothing is sent; what an earlier run finished is not done again.
///
/// - Throws: `PublishError`, `DStorError`, `FileError`, and the ledger's own errors.
public func publish(
  _ source: EditionSource, to target: PublishTarget, state: PublishState, workers: Int,
  report: @escaping @Sendable (PublishEvent) -> Void
) async throws -> PublishReport {
  guard source.tree.contains("index.html") else { throw PublishError.nothingToPublish }
  report(.stage("Computing hashes", files: source.tree.count))
  let traced = try await trace(source.tree, siteURL: source.url, workers: workers)
  for warning in traced.warnings { report(.warning(warning)) }
  let (assets, urls) = try addressAssets(traced, in: source.tree, siteURL: source.url) { cid, name in
    target.client.gatewayURL(cid.text, filename: name)
  }
  let (pages, root) = try await rewritePages(traced, in: source.tree, siteURL: source.url, urls, workers: workers)
  let build = String(hexadecimal(root.bytes.suffix(32)).prefix(12))
  var known = try state.ledger.edition(root.text, on: target.api)
  let run = Run(
    source: source, client: target.client, ledger: state.ledger, uploadTokens: state.uploadTokens, target: target.api,
    uploadsAtATime: target.uploadsAtATime, folder: known?.folder ?? editionFolder(source, build: build), build: build,
    report: report)
  let entry = target.client.gatewayURL("\(root.text)/index.html")
  if let finished = known, finished.finished != nil, let name = finished.receipt {
    if try await isServed("\(root.text)/index.html", run) {
      try makeCurrent(root, run, in: state.receipts)
      return PublishReport(
        entry: entry, root: root.text, edition: finished.folder, pages: pages.count { isPage($0.path) },
        assets: assets.count, uploaded: 0,
        receipt: state.receipts + "/" + name)
    }
    known = nil
  }
  if try await hasLostFiles(run) {
    report(.note("\(target.api) no longer holds what was published to it: everything is sent again"))
    try state.ledger.forget(target.api)
  }
  try state.ledger.begin(root.text, folder: run.folder, on: target.api, at: source.time)
  let sentAssets = try await uploadAssets(assets, run)
  let sentPages = try await uploadPages(pages, root: root, run)
  guard let front = pages.first(where: { $0.path == "index.html" }) else { throw PublishError.nothingToPublish }
  let proven = assets.filter { sentAssets.isEmpty || sentAssets.contains($0.path) }.min {
    $0.file.fileSize < $1.file.fileSize
  }
  try await verify(root: root, entry: front, proven, run)
  let receipt = receipt(run, target, root: root, entry: entry, pages, assets, sent: sentAssets, proven)
  let path = try await record(receipt, root: root, run, in: state.receipts)
  return PublishReport(
    entry: entry, root: root.text, edition: run.folder, pages: pages.count { isPage($0.path) }, assets: assets.count,
    uploaded: sentAssets.count + sentPages + 1, receipt: path)
}

/// A node whose data was removed does not hold what the ledger says: one file, the last, is asked for.
private func hasLostFiles(_ run: Run) async throws -> Bool {
  guard let cid = try run.ledger.latestFile(on: run.target) else { return false }
  return try await !isServed(cid, run)
}
