import ContentAddressing
import Dispatch
import Files
import Glibc
import Hummingbird

extension Gateway {
  /// `?format=raw`: one block as it is (https://specs.ipfs.tech/http-gateways/trustless-gateway/).
  func rawBlock(_ request: GatewayRequest) throws -> Response {
    let cids = try cids(of: request)
    guard let cid = cids.last, let block = try lookup(cid) else {
      throw UnixFSError.missingBlock(cids.last ?? request.root)
    }
    let tag = "\"\(cid).raw\""
    if let answer = notModified(request, tag: tag, caching: Self.immutable) { return answer }
    var headers = self.headers(request, cids, tag: tag, caching: Self.immutable)
    headers += [
      ("Content-Disposition", "attachment; filename=\"\(cid).bin\""), ("X-Content-Type-Options", "nosniff"),
    ]
    if request.isFormatNegotiated { headers.append(("Content-Location", contentLocation(request, "raw"))) }
    return adding(headers, to: Response(200, type: "application/vnd.ipld.raw", block))
  }

  /// `?format=car`: the blocks of the path, then the whole DAG that it leads to, each once. A DAG that lacks a block is no half CAR, but an error.
  func car(_ request: GatewayRequest) async throws -> Response {
    let cids = try cids(of: request)
    guard let cid = cids.last, try lookup(cid) != nil else { throw UnixFSError.missingBlock(cids.last ?? request.root) }
    let tag = "W/\"\(cid).car.dfs\""
    if let answer = notModified(request, tag: tag, caching: Self.immutable) { return answer }
    var headers = self.headers(request, cids, tag: tag, caching: Self.immutable)
    headers += [
      ("Content-Type", "application/vnd.ipld.car; version=1; order=dfs; dups=n"), ("Accept-Ranges", "none"),
      ("Content-Disposition", "attachment; filename=\"\(cid).car\""), ("X-Content-Type-Options", "nosniff"),
    ]
    if request.isFormatNegotiated { headers.append(("Content-Location", contentLocation(request, "car"))) }
    guard let slot = exports.take() else {
      var busy = GatewayFailure(503, "as many CARs as may be are being written; ask again later")
      busy.headers = [("Retry-After", "5")]
      throw busy
    }
    let lookup = SendableLookup(store: store)
    // Written aside first: what walks the DAG cannot wait for a slow reader, a file can.
    let (pack, size) = try await onThread(of: DispatchQueue(label: "colophon.node.export")) { cancellation in
      try lookup.writeCAR(cids, until: cancellation)
    }
    let body = ResponseBody(contentLength: size) { writer in
      var sent = 0
      while sent < size, let bytes = try pack.read(at: sent, count: min(size - sent, 256 << 10)) {
        try await writer.write(ByteBuffer(bytes: bytes))
        sent += bytes.count
      }
      try await writer.finish(nil)
      withExtendedLifetime(slot) {}
    }
    return adding(headers, to: Response(status: .ok, body: body))
  }

  /// The CIDs on the path. A CID alone needs no reading, so that blocks of any codec can be had.
  private func cids(of request: GatewayRequest) throws -> [CID] {
    request.names.isEmpty ? [request.root] : try resolve(request).cids
  }

  private func contentLocation(_ request: GatewayRequest, _ format: String) -> String {
    let query = request.query.map { $0.isEmpty ? "" : $0 + "&" } ?? ""
    return request.rawPath + "?" + query + "format=" + format
  }
}

extension SendableLookup {
  /// The CAR of a path, from its root to the DAG that it leads to, in a file without a name.
  fileprivate func writeCAR(_ path: [CID], until cancellation: Cancellation) throws -> (PackFile, size: Int) {
    let pack = try store.newIncomingPack()
    unlink(pack.path)
    var end = 0
    var car = try CARWriter(roots: Array(path.prefix(1))) { bytes in
      try pack.write(bytes, at: end)
      end += bytes.count
    }
    for cid in path.dropLast() {
      if let block = try block(cid) { try car.write(cid, block) }
    }
    if let last = path.last { try forEachBlock(under: last, from: until(cancellation)) { try car.write($0, $1) } }
    return (pack, end)
  }
}
