import ContentAddressing
import Files
import Kubo

/// Editions that a target need not keep any longer, and what nothing else of the site needs with them.
public struct Unpinning: Sendable {
  /// The oldest first.
  public let editions: [PublishedEdition]
  /// Pins that no edition has that is kept: roots, assets, receipts; each once.
  public let pins: [String]
  /// Files that no edition has that is kept, pinned or below a pinned root.
  public let files: [Receipt.File]
  /// Where the editions stand in the node's own file system.
  public let paths: [String]

  /// Of distinct contents; blocks that two of them share count twice.
  public var bytes: Int { files.reduce(0) { $0 + $1.size } }
}

extension Editions {
  /// All but the newest editions of a target. The current one is always kept; one whose pins are off already counts for nothing.
  ///
  /// - Parameters:
  ///   - keep: how many to keep, at least 1.
  ///   - target: a target's API.
  /// - Throws: `FileError`, `DamagedReceipt`.
  public func unpinning(keep: Int, on target: String) throws -> Unpinning {
    precondition(keep > 0, "bug: no edition to keep")
    let pinned = editions(on: target).filter { !isUnpinned($0) }
    let current = currents(on: target).last?.path
    var left = keep - (pinned.contains { $0.path == current } ? 1 : 0)
    var kept: [PublishedEdition] = []
    var dropped: [PublishedEdition] = []
    for edition in pinned.reversed() {
      if edition.path == current {
        kept.append(edition)
      } else if left > 0 {
        kept.append(edition)
        left -= 1
      } else {
        dropped.insert(edition, at: 0)
      }
    }
    var (pins, cids): (Set<String>, Set<String>) = ([], [])
    for edition in kept {
      let files = try edition.files()
      pins.formUnion(edition.pins(files))
      cids.formUnion(files.map(\.cid))
    }
    var (droppedPins, droppedFiles): ([String], [Receipt.File]) = ([], [])
    for edition in dropped {
      let files = try edition.files()
      droppedPins += edition.pins(files).filter { pins.insert($0).inserted }
      droppedFiles += files.filter { cids.insert($0.cid).inserted }
    }
    return Unpinning(
      editions: dropped, pins: droppedPins, files: droppedFiles,
      paths: dropped.flatMap { ["/\($0.receipt.folder)", "/\($0.receipt.folder).colophon.json"] })
  }

  /// Whether the pins of an edition were taken off since it was published last.
  public func isUnpinned(_ edition: PublishedEdition) -> Bool {
    let receipt = edition.receipt
    return log.last { $0.build == receipt.build && $0.target == receipt.target.api }?.event == .unpinned
  }
}

extension PublishedEdition {
  /// What has a pin of its own.
  fileprivate func pins(_ files: [Receipt.File]) -> [String] {
    let alone = receipt.mode == PublishMode.files.rawValue ? files : files.filter { $0.kind == "asset" }
    return [receipt.root.v0] + alone.map(\.cid) + [receiptCID.text]
  }
}

/// Takes the pins off; what they held goes with the node's next garbage collection.
///
/// The ledger forgets first: a run that is cut off in between costs sending again, never a page that is missing. Doing it twice is fine.
/// - Returns: how many pins there were.
/// - Throws: `KuboError`, `FileError`, and the ledger's own errors.
public func unpin(
  _ unpinning: Unpinning, at kubo: KuboClient, on target: String, state: PublishState, time: Int,
  report: @escaping @Sendable (PublishEvent) -> Void
) async throws -> Int {
  // As `record` names them.
  let receipts = unpinning.editions.map { String($0.path.dropFirst(state.receipts.count + 1)) }
  try state.ledger.forget(files: unpinning.files.map(\.cid) + unpinning.pins, receipts: receipts, on: target)
  report(.stage("Unpinning", files: unpinning.pins.count))
  var count = 0
  let remove = { @Sendable (cid: String) in (cid, try await kubo.unpin(cid)) }
  try await inFlight(unpinning.pins, limit: 4, remove) { cid, wasPinned in
    count += wasPinned ? 1 : 0
    report(.sent(cid, bytes: 0))
  }
  for path in unpinning.paths { try await kubo.unlink(path) }
  let log = EditionLog(receipts: state.receipts)
  for edition in unpinning.editions {
    try log.append(
      EditionLog.Entry(
        event: .unpinned, build: edition.receipt.build, target: target, time: UTCTime(time).description))
  }
  return count
}
