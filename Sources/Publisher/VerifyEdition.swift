import ContentAddressing
import DStor
import Files

/// How much of an edition is read back.
public enum VerificationScope: Sendable, Hashable {
  /// Every file; then the root is computed again from what came.
  case all
  /// The front page, the receipt, and so many files more, chosen by `seed`.
  case sample(Int, seed: UInt64)
}

/// What a gateway serves, compared with what was published.
public struct VerificationReport: Sendable {
  /// One thing that is not as it should be.
  public struct Problem: Sendable {
    public enum Kind: Sendable, Hashable {
      /// What came hashes to something else.
      case wrongHash(got: String)
      /// The gateway has nothing there.
      case notServed
      /// It could not be asked.
      case unreachable(String)
    }

    /// In the output tree; `colophon.json` for the receipt, empty for the folder as a whole.
    public let path: String
    public let url: String
    /// As text.
    public let expected: String
    public let kind: Kind
  }

  public let gateway: String
  /// Files, or blocks where a CID was followed, that came and hashed to what was expected.
  public internal(set) var verified = 0
  /// How many there are.
  public internal(set) var total = 0
  /// Bytes that were read and found right.
  public internal(set) var bytes = 0
  /// The root was computed from what came, and is the edition's.
  public internal(set) var rootIsProven = false
  public internal(set) var problems: [Problem] = []

  public var hasWrongHash: Bool { problems.contains { if case .wrongHash = $0.kind { true } else { false } } }
}

/// One file to be read back.
struct ExpectedFile: Sendable {
  let path: TreePath
  /// As the gateway is asked for it: `<hash>`, or `<hash>/a/b.html`.
  let place: String
  let filename: String?
  let cid: CID
  let size: Int
  let isPage: Bool
  /// Whether it is asked for below the edition's folder.
  let isInFolder: Bool
}

extension PublishedEdition {
  /// Where each file is served, the front page first and the receipt last.
  ///
  /// - Throws: `FileError`, `DamagedReceipt`.
  func expectedFiles() throws -> [ExpectedFile] {
    var front: [ExpectedFile] = []
    var files: [ExpectedFile] = []
    for file in try self.files() {
      guard let cid = try? CID(file.cid), let path = TreePath(file.path) else {
        throw DamagedReceipt(path: self.path, reason: .unreadable)
      }
      let isInFolder = file.kind == "page" && receipt.mode == "folder"
      let expected = ExpectedFile(
        path: path, place: isInFolder ? "\(receipt.root.v0)/\(file.path)" : file.cid,
        filename: isInFolder ? nil : path.name, cid: cid, size: file.size, isPage: file.kind == "page",
        isInFolder: isInFolder)
      if path == "index.html" { front.append(expected) } else { files.append(expected) }
    }
    files.append(
      ExpectedFile(
        path: "colophon.json", place: receiptCID.text, filename: "colophon.json", cid: receiptCID, size: receiptSize,
        isPage: false, isInFolder: false))
    return front + files
  }
}

/// Reads an edition back from a gateway, as a reader would, and hashes it. All that is wrong is reported, not only the first thing.
///
/// - Throws: `DamagedReceipt`, `CancellationError`; what a gateway does wrong is in the report.
public func verify(
  _ edition: PublishedEdition, _ scope: VerificationScope, at gateway: GatewayClient,
  report: @escaping @Sendable (PublishEvent) -> Void
) async throws -> VerificationReport {
  let all = try edition.expectedFiles()
  let chosen: [ExpectedFile]
  switch scope {
  case .all: chosen = all
  case .sample(let count, let seed):
    var random = SplitMix64(state: seed)
    let middle = all.dropFirst().dropLast().shuffled(using: &random).prefix(count)
    chosen = all.prefix(1) + middle + all.suffix(1)
  }
  var result = VerificationReport(gateway: gateway.gateway.description)
  result.total = all.count
  report(.stage("Verifying", files: chosen.count))
  var leaves: [(TreePath, DAGLink)] = []
  try await inFlight(chosen, { try await check($0, at: gateway) }) { file, outcome in
    switch outcome {
    case .success(let addressed):
      result.verified += 1
      result.bytes += addressed.fileSize
      if file.isPage { leaves.append((file.path, addressed.link)) }
      report(.sent(file.path.string, bytes: addressed.fileSize))
    case .failure(let problem): result.problems.append(problem)
    }
  }
  result.problems.sort { $0.path < $1.path }
  if scope == .all, result.problems.isEmpty {
    // In both modes the build is made of the folder that the pages make.
    let folder = try directoryRoot(of: leaves, profile: .v0).root.cid
    result.rootIsProven = edition.receipt.mode == "folder" ? folder.text == edition.receipt.root.v0 : true
    if !result.rootIsProven || build(of: folder) != edition.receipt.build {
      result.rootIsProven = false
      result.problems.append(
        .init(
          path: "", url: gateway.url(edition.receipt.root.v0), expected: edition.receipt.root.v0,
          kind: .wrongHash(got: folder.text)))
    }
  }
  return result
}

private enum FileOutcome: Sendable {
  case success(AddressedFile)
  case failure(VerificationReport.Problem)
}

private func check(_ file: ExpectedFile, at gateway: GatewayClient) async throws -> (ExpectedFile, FileOutcome) {
  func problem(_ kind: VerificationReport.Problem.Kind) -> (ExpectedFile, FileOutcome) {
    let url = gateway.url(file.place, filename: file.filename)
    return (file, .failure(.init(path: file.path.string, url: url, expected: file.cid.text, kind: kind)))
  }
  let hash = HashingSink()
  do throws(DStorError) {
    _ = try await gateway.fetch(file.place, filename: file.filename, sink: hash.sink, maxBytes: file.size + 1)
  } catch {
    switch error.kind {
    case .cancelled: throw CancellationError()
    case .notFound: return problem(.notServed)
    case .transport(.tooLarge): return problem(.wrongHash(got: moreThan(file.size)))
    default: return problem(.unreachable(error.description))
    }
  }
  let addressed = try hash.finish()
  return addressed.cid == file.cid ? (file, .success(addressed)) : problem(.wrongHash(got: addressed.cid.text))
}

/// Follows a DAG from its root down, block by block, and hashes each.
///
/// - Parameter limit: stops after so many blocks; nil follows all.
/// - Throws: `ReadingError.noBlocks` where the gateway serves files only, `CancellationError`.
public func verify(
  _ root: CID, limit: Int? = nil, at gateway: GatewayClient, report: @escaping @Sendable (PublishEvent) -> Void
) async throws -> VerificationReport {
  var result = VerificationReport(gateway: gateway.gateway.description)
  report(.stage("Following blocks", files: 0))
  do {
    let walk = try await followBlocks([root], at: gateway, limit: limit) { cid, block in
      report(.sent(cid.text, bytes: block.count))
    }
    (result.verified, result.total, result.bytes) = (walk.blocks, walk.blocks, walk.bytes)
    result.rootIsProven = walk.isDone
  } catch let error as ReadingError {
    guard let problem = error.problem else { throw error }
    result.problems = [problem]
  }
  return result
}

/// A small generator whose numbers follow from its seed (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators").
private struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
