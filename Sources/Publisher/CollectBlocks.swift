import ContentAddressing
import DStor
import Files

/// What was collected, ready to be written to a CAR or a folder.
public struct CollectedEdition: Sendable {
  /// The edition's folder first, then what is addressed by itself: assets, and the receipt last. One root where a CID was collected.
  public let roots: [CID]
  /// Where each file goes; nil where a CID was collected.
  public let files: [(path: TreePath, cid: CID)]?
  public let blocks: BlockSpool
}

/// Reads a whole edition from its gateways: files as a reader gets them, cut into blocks again. Each must hash to what the receipt says, and
/// the folder made of them to the root.
///
/// - Parameter gateways: asked in order; the next one where a file is not to be had, or is another.
/// - Throws: `ReadingError`, `DamagedReceipt`, `FileError`.
public func collect(
  _ edition: PublishedEdition, from gateways: [GatewayClient], into blocks: BlockSpool,
  report: @escaping @Sendable (PublishEvent) -> Void
) async throws -> CollectedEdition {
  let expected = try edition.expectedFiles()
  report(.stage("Fetching", files: expected.count))
  var leaves: [(TreePath, DAGLink)] = []
  try await inFlight(expected, { ($0, try await collect($0, from: gateways, into: blocks)) }) { file, addressed in
    if file.isInFolder { leaves.append((file.path, addressed.link)) }
    report(.sent(file.path.string, bytes: addressed.fileSize))
  }
  var roots: [CID] = []
  if !leaves.isEmpty {
    let root = try directoryRoot(of: leaves, profile: .v0, sink: blocks.put).root.cid
    guard root.text == edition.receipt.root.v0 else {
      throw ReadingError.wrongHash(url: edition.receipt.folder, expected: edition.receipt.root.v0, got: root.text)
    }
    roots.append(root)
  }
  var seen = Set(roots)
  for file in expected where !file.isInFolder && seen.insert(file.cid).inserted { roots.append(file.cid) }
  let files = expected.dropLast().map { (path: $0.path, cid: $0.cid) }
  return CollectedEdition(roots: roots, files: files.sorted { $0.path < $1.path }, blocks: blocks)
}

private func collect(
  _ file: ExpectedFile, from gateways: [GatewayClient], into blocks: BlockSpool
) async throws -> AddressedFile {
  try await firstRight(file, from: gateways) { gateway in
    let hash = HashingSink { cid, block in try blocks.put(cid, block) }
    do {
      _ = try await gateway.fetch(file.place, filename: file.filename, sink: hash.sink, maxBytes: file.size + 1)
    } catch {
      // The disk's, not the gateway's.
      throw hash.sinkFailure ?? error
    }
    let addressed = try hash.finish()
    return (addressed, addressed.cid)
  }
}

/// What came from the first gateway that has the right file.
///
/// - Parameter fetch: gets it from a gateway, and hashes it.
/// - Throws: `ReadingError`, and what `fetch` throws that is no `DStorError`.
func firstRight<Value: Sendable>(
  _ file: ExpectedFile, from gateways: [GatewayClient], _ fetch: @Sendable (GatewayClient) async throws -> (Value, CID)
) async throws -> Value {
  var failure: ReadingError?
  for gateway in gateways {
    let url = gateway.url(file.place, filename: file.filename)
    let problem: ReadingError
    do {
      let (value, cid) = try await fetch(gateway)
      if cid == file.cid { return value }
      problem = .wrongHash(url: url, expected: file.cid.text, got: cid.text)
    } catch let error as DStorError {
      problem = try ReadingError(error, url: url, cid: file.cid, size: file.size)
    }
    if failure == nil || problem.isVerification { failure = problem }
  }
  throw failure ?? .notServed(url: file.place, cid: file.cid.text)
}

/// Reads a whole DAG from a gateway, block by block.
///
/// - Throws: `ReadingError`, `FileError`.
public func collect(
  _ root: CID, from gateways: [GatewayClient], into blocks: BlockSpool,
  report: @escaping @Sendable (PublishEvent) -> Void
) async throws -> CollectedEdition {
  report(.stage("Fetching blocks", files: 0))
  var failure: ReadingError?
  for gateway in gateways {
    do {
      _ = try await followBlocks([root], at: gateway) { cid, block in
        try blocks.put(cid, block)
        report(.sent(cid.text, bytes: block.count))
      }
      return CollectedEdition(roots: [root], files: nil, blocks: blocks)
    } catch let error as ReadingError {
      if failure == nil || error.isVerification { failure = error }
    }
  }
  throw failure ?? ReadingError.notServed(url: root.text, cid: root.text)
}
