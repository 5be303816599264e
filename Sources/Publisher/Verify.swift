import ContentAddressing
import DStor
import Files
import Transport

/// Stage 14: the front page comes back, and hashes to what was computed here; the same for an asset, if there is one.
///
/// - Returns: the URLs that were verified.
/// - Throws: `PublishError`, `DStorError`.
func verify(
  _ pages: AddressedPages, _ assets: [AddressedContents], sent: Set<TreePath>, _ run: Run
) async throws -> [String] {
  guard let front = pages.front else { throw PublishError.nothingToPublish }
  let asset = assets.filter { sent.isEmpty || sent.contains($0.path) }.min { $0.file.fileSize < $1.file.fileSize }
  run.report(.stage("Verifying", files: asset == nil ? 1 : 2))
  let place = pages.place(of: front)
  do {
    try await verify(place.path, front, run)
  } catch PublishError.notServed(let url, _) where pages.mode == .folder && run.answers.folder == nil {
    // The server never named the folder's hash: it may have made a directory of the dashboard.
    throw PublishError.folderNotServed(url: url)
  }
  if let asset { try await verify(asset.file.cid.text, asset, run) }
  return [run.client.gatewayURL(place.path, filename: place.filename)]
    + (asset.map { [run.client.gatewayURL($0.file.cid.text)] } ?? [])
}

private func verify(_ path: String, _ expected: AddressedContents, _ run: Run) async throws {
  let url = run.client.gatewayURL(path)
  let hash = HashingSink()
  let size = expected.file.fileSize
  do {
    guard try await run.client.fetch(path, sink: hash.sink, maxBytes: size + 1, isFresh: true) != .notFound else {
      throw PublishError.notServed(url: url, reason: "the gateway does not know it")
    }
  } catch let error as DStorError where error.kind == .transport(.tooLarge) {
    throw PublishError.wrongContent(url: url, expected: expected.file.cid.text, got: moreThan(size))
  }
  let cid = try hash.finish().cid
  guard cid == expected.file.cid else {
    throw PublishError.wrongContent(url: url, expected: expected.file.cid.text, got: cid.text)
  }
  run.report(.sent(path, bytes: 0))
}

/// Whether the target still serves a file that it once took.
///
/// - Parameter isFresh: as in `GatewayClient.fetch`.
func isServed(_ path: String, _ run: Run, isFresh: Bool = false) async throws -> Bool {
  let stops = BodySink(restart: {}, write: { _ in false })
  return try await run.client.fetch(path, sink: stops, isFresh: isFresh) != .notFound
}
