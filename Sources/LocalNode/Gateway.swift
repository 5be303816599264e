import ContentAddressing
import Dispatch
import Files
import Hummingbird
import Synchronization

/// Reads what is stored by its hash: `/ipfs/<cid>[/path]`, as Kubo's gateway answers
/// (https://specs.ipfs.tech/http-gateways/path-gateway/).
struct Gateway: Sendable {
  /// A path that was resolved, to be taken again: content that is named by hash never changes.
  private final class Resolved: Sendable {
    static let most = 4096
    /// By the bytes of root and names: to `String`, "é" in its two codings is one key.
    let cids = Mutex<[[UInt8]: [CID]]>([:])
  }

  static let immutable = "public, max-age=29030400, immutable"
  static let listing = "public, max-age=604800, stale-while-revalidate=2678400"

  let store: BlockStore
  private let resolved = Resolved()
  let exports = Slots(4)
  /// For lists of directories, one at a time.
  let listings = DispatchQueue(label: "colophon.node.listings")

  init(store: BlockStore) {
    self.store = store
  }

  /// - Parameter target: a path that begins with `/ipfs/`.
  func respond(to request: Request, _ target: RequestTarget) async -> Response {
    let isHead = request.method == .head
    var response: Response
    if request.method == .options {
      response = .empty(.noContent)
    } else {
      do {
        response = try await read(GatewayRequest(request, target))
      } catch {
        response = failure(error, onlyIfCached: isOnlyIfCached(request))
      }
    }
    response.headers.set("Access-Control-Allow-Origin", "*")
    response.headers.set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
    response.headers.set("Access-Control-Allow-Headers", "Content-Type, Range, User-Agent, X-Requested-With")
    response.headers.set(
      "Access-Control-Expose-Headers", "Content-Length, Content-Range, X-Ipfs-Path, X-Ipfs-Roots")
    return isHead ? response.withoutBody : response
  }

  var lookup: BlockLookup {
    { [store] cid in try store.block(cid) }
  }

  private func read(_ request: GatewayRequest) async throws -> Response {
    switch request.format {
    case .raw: return try rawBlock(request)
    case .car: return try await car(request)
    case .unknown(let name):
      throw GatewayFailure(400, "the format \"\(name)\" is not served here; raw and car are")
    case nil: break
    }
    let path = try resolve(request)
    switch path.node {
    case .file(let file):
      return try self.file(request, path.cid, path.cids, file, name: request.names.last)
    case .directory, .shard: return try await directory(request, path)
    case .symlink(let target):
      let answer = Response(200, type: "inode/symlink", Array(target.utf8))
      return adding(headers(request, path.cids, tag: "\"\(path.cid)\"", caching: Self.immutable), to: answer)
    }
  }

  /// Follows the request's path. Where it leads is remembered.
  func resolve(_ request: GatewayRequest) throws -> GatewayPath {
    let key = request.names.reduce(into: request.root.bytes) { key, name in
      key.append(0)
      key += name.utf8
    }
    if let cids = resolved.cids.withLock({ $0[key] }), let last = cids.last {
      guard let block = try lookup(last) else { throw UnixFSError.missingBlock(last) }
      return GatewayPath(cids: cids, node: try UnixFSNode(cid: last, block: block))
    }
    let path = try ContentAddressing.resolve(request.names, under: request.root, from: lookup)
    resolved.cids.withLock { cids in
      if cids.count >= Resolved.most { cids.removeAll(keepingCapacity: true) }
      cids[key] = path.cids
    }
    return GatewayPath(cids: path.cids, node: path.node)
  }

  /// What every answer with content has.
  func headers(_ request: GatewayRequest, _ cids: [CID], tag: String, caching: String) -> [(String, String)] {
    [
      ("ETag", tag), ("Cache-Control", caching), ("X-Ipfs-Path", request.contentPath),
      ("X-Ipfs-Roots", cids.map(\.text).joined(separator: ",")),
    ]
  }

  func notModified(_ request: GatewayRequest, tag: String, caching: String) -> Response? {
    guard let list = request.ifNoneMatch, names(list, tag: tag) else { return nil }
    return adding([("ETag", tag), ("Cache-Control", caching)], to: .empty(.notModified))
  }

  func adding(_ headers: [(String, String)], to response: Response) -> Response {
    var response = response
    for (name, value) in headers { response.headers.set(name, value) }
    return response
  }

  private func isOnlyIfCached(_ request: Request) -> Bool {
    request.headers.value("Cache-Control")?.lowercased().contains("only-if-cached") == true
  }

  private func failure(_ error: any Error, onlyIfCached: Bool) -> Response {
    switch error {
    case let failure as GatewayFailure: return .text(failure.status, failure.message, headers: failure.headers)
    case UnixFSError.missingBlock where onlyIfCached: return .text(412, "\(error)")
    case UnixFSError.missingBlock, UnixFSError.noLink, UnixFSError.notADirectory:
      return .text(404, "failed to resolve: \(error)")
    case UnixFSError.unsupportedCodec: return .text(406, "\(error); ask for format=raw")
    case let error as UnixFSError: return .text(422, "\(error)")
    default: return .text(500, "the node cannot read this: \(error)")
    }
  }
}

/// Where a request leads.
struct GatewayPath: Sendable {
  /// The root's, then one for each name; never empty.
  let cids: [CID]
  let node: UnixFSNode

  var cid: CID { cids[cids.count - 1] }
}

/// A request to the gateway that has no answer with content.
struct GatewayFailure: Error {
  let status: Int
  let message: String
  var headers: [(String, String)] = []

  init(_ status: Int, _ message: String) {
    self.status = status
    self.message = message
  }
}

/// A request to the gateway, understood.
struct GatewayRequest: Sendable {
  enum Format: Sendable, Equatable { case raw, car, unknown(String) }

  let root: CID
  /// Below the root, decoded.
  let names: [String]
  let endsWithSlash: Bool
  /// As sent, without the query.
  let rawPath: String
  let query: String?
  /// From `?filename=`.
  let filename: String?
  let isDownload: Bool
  let format: Format?
  /// Whether the format was asked for by `Accept`.
  let isFormatNegotiated: Bool
  let ifNoneMatch: String?
  let ifRange: String?
  let range: String?

  /// - Throws: `GatewayFailure` for a path without a CID or with malformed escapes.
  init(_ request: Request, _ target: RequestTarget) throws {
    rawPath = target.path
    query = target.query
    let parts = target.path.utf8.dropFirst("/ipfs/".utf8.count).split(separator: UInt8(ascii: "/"))
      .map { String(decoding: $0, as: UTF8.self) }
    guard let first = parts.first else { throw GatewayFailure(400, "a CID must follow /ipfs/") }
    do {
      root = try CID(first)
    } catch {
      throw GatewayFailure(400, "invalid path: \(error)")
    }
    guard parts.count <= 257 else { throw GatewayFailure(400, "invalid path: more than 256 names") }
    names = try parts.dropFirst().map { part in
      guard let name = percentDecoded(part), !name.utf8.contains(0) else {
        throw GatewayFailure(400, "invalid path: malformed escape")
      }
      return name
    }
    // A worker from here would answer for all that this node serves. From a folder of its own it answers for that folder only.
    if names.isEmpty, request.headers.value("Service-Worker")?.lowercased() == "script" {
      throw GatewayFailure(400, "navigator.serviceWorker: registration is not allowed for this scope")
    }
    endsWithSlash = target.path.utf8.last == UInt8(ascii: "/")
    filename = target["filename"].flatMap { $0.isEmpty ? nil : $0 }
    isDownload = target["download"] == "true"
    let accepted = request.headers[.accept]?.lowercased() ?? ""
    switch target["format"] {
    case "raw": format = .raw
    case "car": format = .car
    case .some(let other) where !other.isEmpty: format = .unknown(String(other.prefix(40)))
    case _ where accepted.contains("application/vnd.ipld.raw"): format = .raw
    case _ where accepted.contains("application/vnd.ipld.car"): format = .car
    default: format = nil
    }
    isFormatNegotiated = target["format"] == nil && format != nil
    ifNoneMatch = request.headers[.ifNoneMatch]
    ifRange = request.headers[.ifRange]
    range = request.headers[.range]
  }

  /// `/ipfs/<cid>/path`, percent-encoded.
  var contentPath: String {
    "/ipfs/\(root)" + names.map { "/" + percentEncoded($0) }.joined() + (endsWithSlash ? "/" : "")
  }
}
