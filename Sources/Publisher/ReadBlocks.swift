import ContentAddressing
import DStor

/// Why something that was published cannot be read back.
public enum ReadingError: Error, Sendable, CustomStringConvertible {
  /// The gateway serves files, no blocks, and what is asked for can only be had by blocks.
  case noBlocks(gateway: String)
  /// What came is something else.
  case wrongHash(url: String, expected: String, got: String)
  case notServed(url: String, cid: String)
  case unreachable(url: String, cid: String, reason: String)
  /// A block that is what its name says, but nothing that can be followed or unpacked.
  case malformed(String)

  /// - Parameter size: what was asked for has no more bytes; more is something else.
  /// - Throws: `CancellationError` where that is what it was.
  init(_ error: DStorError, url: String, cid: CID, size: Int) throws(CancellationError) {
    switch error.kind {
    case .transport(.tooLarge): self = .wrongHash(url: url, expected: cid.text, got: moreThan(size))
    case .cancelled: throw CancellationError()
    case .notFound: self = .notServed(url: url, cid: cid.text)
    default: self = .unreachable(url: url, cid: cid.text, reason: error.description)
    }
  }

  public var description: String {
    switch self {
    case .noBlocks(let gateway): "\(gateway) serves files, it does not give their blocks"
    case .wrongHash(let url, let expected, let got): "\(url) hashes to \(got), not to \(expected)"
    case .notServed(let url, _): "\(url) is not there"
    case .unreachable(_, _, let reason): reason
    case .malformed(let reason): reason
    }
  }

  public var hint: String? {
    switch self {
    case .noBlocks:
      "name an edition of this site, whose receipt says which files it has, or another gateway with --gateway"
    case .wrongHash: "the gateway serves something else than what was published: try another with --gateway"
    case .notServed: "a fresh upload may take a while to show; else try another gateway with --gateway"
    case .unreachable, .malformed: nil
    }
  }

  /// A hash is wrong, rather than the network.
  public var isVerification: Bool { if case .wrongHash = self { true } else { false } }

  /// The same for a report; nil where it is no fault of the content.
  var problem: VerificationReport.Problem? {
    switch self {
    case .wrongHash(let url, let expected, let got):
      .init(path: "", url: url, expected: expected, kind: .wrongHash(got: got))
    case .notServed(let url, let cid): .init(path: "", url: url, expected: cid, kind: .notServed)
    case .unreachable(let url, let cid, let reason):
      .init(path: "", url: url, expected: cid, kind: .unreachable(reason))
    case .noBlocks, .malformed: nil
    }
  }
}

/// What stands for the hash of something that is longer than it should be, which nobody reads to its end.
func moreThan(_ size: Int) -> String { "something of more than \(size) bytes" }

/// Reads all blocks below some roots from a gateway, several at a time; each is hashed before it is handed on.
///
/// - Parameters:
///   - limit: stops after so many blocks.
///   - take: gets each block once, one at a time.
/// - Throws: `ReadingError`, `CancellationError`, and what `take` throws.
func followBlocks(
  _ roots: [CID], at gateway: GatewayClient, limit: Int? = nil, take: (CID, [UInt8]) throws -> Void
) async throws -> DAGWalk {
  var walk = DAGWalk(roots: roots)
  try await withThrowingTaskGroup(of: (CID, [UInt8]).self) { group in
    var underWay = 0
    var asked = 0
    func ask() throws {
      while underWay < 8, asked < limit ?? .max, let cid = try walk.next() {
        group.addTask { (cid, try await readBlock(cid, at: gateway)) }
        underWay += 1
        asked += 1
      }
    }
    do {
      try ask()
      while let (cid, block) = try await group.next() {
        underWay -= 1
        try walk.take(cid, block)
        try take(cid, block)
        try ask()
      }
    } catch let error as UnixFSError {
      throw ReadingError.malformed(error.description)
    }
  }
  return walk
}

private func readBlock(_ cid: CID, at gateway: GatewayClient) async throws -> [UInt8] {
  let url = gateway.url(cid.text) + "?format=raw"
  let answer: [UInt8]?
  do throws(DStorError) {
    answer = try await gateway.block(cid.text)
  } catch {
    throw try ReadingError(error, url: url, cid: cid, size: GatewayClient.largestBlock)
  }
  guard let block = answer else { throw ReadingError.noBlocks(gateway: gateway.gateway.description) }
  guard cid.matches(block) else {
    let got = CID.v1(cid.codec, SHA256Digest(of: block))
    throw ReadingError.wrongHash(
      url: url, expected: cid.text, got: (cid.version == .v0 ? got.asV0 : got)?.text ?? got.text)
  }
  return block
}
