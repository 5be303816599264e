import ContentAddressing
import Files
import Kubo

/// Editions that a target need not keep any longer, and what nothing else of the site needs with them.
public struct Unpinning: Sendable {
  /// The oldest first.
  public let editions: [PublishedEdition]
  /// Editions that would be given up, if pins of single files were taken off.
  public let left: [PublishedEdition]
  /// Whether pins of single files are taken off.
  public let isWhole: Bool
  /// Pins that no edition has that is kept, each once: of folders and receipts, and where it is whole of single files.
  public let pins: [String]
  /// Files that no edition has that is kept, and no pin is left of.
  public let files: [Receipt.File]
  /// Where the editions stand in the node's own file system.
  public let paths: [String]

  /// Of distinct contents; blocks that two of them share count twice.
  public var bytes: Int {
    // Each receipt is held to sizes that can be added up; thousands of them are not.
    files.reduce(0) { sum, file in
      let (bytes, isTooLarge) = sum.addingReportingOverflow(file.size)
      return isTooLarge ? .max : bytes
    }
  }
}

extension Editions {
  /// All but the newest editions of a target. The current one is always kept; one whose pins are off already counts for nothing.
  ///
  /// - Parameters:
  ///   - keep: how many to keep, at least 1.
  ///   - target: a target's API.
  ///   - isWhole: takes off the pins of single files too, the assets and the pages of `files` mode. A node has one pin for a CID, so one of
  ///     these may be what keeps the same bytes for another site. Folders and receipts also stand in the file system of the node, each site's at
  ///     paths of its own, and what stands there stays.
  /// - Throws: `FileError`, `DamagedReceipt`.
  public func unpinning(keep: Int, on target: String, isWhole: Bool = false) throws -> Unpinning {
    precondition(keep > 0, "bug: no edition to keep")
    let all = editions(on: target)
    let pinned = all.filter { !isUnpinned($0) }
    let current = currents(on: target).last?.path
    var rest = keep - (pinned.contains { $0.path == current } ? 1 : 0)
    var keptPaths: Set<String> = []
    for edition in pinned.reversed() {
      if edition.path != current {
        guard rest > 0 else { continue }
        rest -= 1
      }
      keptPaths.insert(edition.path)
    }
    let kept = pinned.filter { keptPaths.contains($0.path) }
    let dropped = all.filter { edition in
      guard !keptPaths.contains(edition.path) else { return false }
      return isWhole ? lastEvent(of: edition) != .unpinnedWhole : !isUnpinned(edition)
    }
    // Without the pins of its pages nothing of such an edition would be given up.
    let left = isWhole ? [] : dropped.filter { !$0.isFolder }
    let editions = isWhole ? dropped : dropped.filter(\.isFolder)
    var (pins, cids): (Set<String>, Set<String>) = ([], [])
    for edition in kept + left {
      let files = try edition.files()
      pins.formUnion(edition.pins(files, isWhole: true))
      cids.formUnion(files.map(\.cid))
    }
    var (droppedPins, droppedFiles): ([String], [Receipt.File]) = ([], [])
    for edition in editions {
      let files = try edition.files()
      droppedPins += edition.pins(files, isWhole: isWhole).filter { pins.insert($0).inserted }
      droppedFiles += files.filter { isWhole || !edition.isAlone($0) }.filter { cids.insert($0.cid).inserted }
    }
    // Two targets may be one node, and hold the same edition.
    let keptFolders = Set((kept + left).map(\.receipt.folder))
    let folders = Set(editions.map(\.receipt.folder)).subtracting(keptFolders).sorted()
    return Unpinning(
      editions: editions, left: left, isWhole: isWhole, pins: droppedPins, files: droppedFiles,
      paths: folders.flatMap { ["/\($0)", "/\($0).colophon.json"] })
  }

  /// Whether the pins of an edition were taken off since it was published last.
  public func isUnpinned(_ edition: PublishedEdition) -> Bool {
    let event = lastEvent(of: edition)
    return event == .unpinned || event == .unpinnedWhole
  }

  private func lastEvent(of edition: PublishedEdition) -> EditionLog.Entry.Event? {
    let receipt = edition.receipt
    return log.last { $0.build == receipt.build && $0.target == receipt.target.api }?.event
  }
}

extension PublishedEdition {
  fileprivate var isFolder: Bool { receipt.mode != PublishMode.files.rawValue }

  /// Whether a file has a pin of its own.
  fileprivate func isAlone(_ file: Receipt.File) -> Bool { !isFolder || file.kind == "asset" }

  /// What has a pin of its own.
  fileprivate func pins(_ files: [Receipt.File], isWhole: Bool) -> [String] {
    (isFolder || isWhole ? [receipt.root.v0] : []) + (isWhole ? files.filter(isAlone).map(\.cid) : []) + [
      receiptCID.text
    ]
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
        event: unpinning.isWhole ? .unpinnedWhole : .unpinned, build: edition.receipt.build, target: target,
        time: UTCTime(time).description))
  }
  return count
}
