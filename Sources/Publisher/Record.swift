import ContentAddressing
import DStor
import Files

/// Stage 15: the receipt, kept in the state folder and uploaded last.
///
/// - Returns: the path of the receipt.
/// - Throws: `FileError`, `DStorError`, `PublishError.wrongHash`.
func record(_ receipt: Receipt, root: CID, _ run: Run, in folder: String) async throws -> String {
  let bytes = try receipt.json()
  let name = "\(run.build).json"
  try makeFolder(folder)
  try replaceFile(folder + "/" + name, bytes)
  run.report(.stage("Uploading the receipt", files: 1))
  let expected = try address(bytes, profile: .v0).cid
  let answer = try await run.client.add(
    UploadFile(name: "colophon.json", contentType: mediaType(ofExtension: "json"), contents: .bytes(bytes)),
    to: .folderPath(run.folder), comment: comment(run.source, build: run.build, page: nil, writtenIn: nil))
  guard let cid = try? CID(answer.hash), cid.asV1 == expected.asV1 else {
    throw PublishError.wrongHash(path: "colophon.json", expected: expected.text, answered: answer.hash)
  }
  try run.ledger.finish(root.text, receipt: name, on: run.target, at: run.source.time)
  try makeCurrent(root, run, in: folder)
  run.uploadTokens.remove(run.uploadKey(root))
  run.report(.sent("colophon.json", bytes: bytes.count))
  return folder + "/" + name
}

/// Notes in the log that this edition is the current one; nothing where it was already.
func makeCurrent(_ root: CID, _ run: Run, in receipts: String) throws {
  try EditionLog(receipts: receipts).append(
    EditionLog.Entry(
      event: .published, root: root.text, target: run.target, time: UTCTime(run.source.time).description))
}

func receipt(
  _ run: Run, _ target: PublishTarget, root: CID, entry: String, _ pages: [AddressedContents],
  _ assets: [AddressedContents],
  sent: Set<TreePath>, _ proven: AddressedContents?
) -> Receipt {
  let source = run.source
  let assetFiles = assets.map { asset in
    Receipt.File(
      path: asset.path.string, kind: "asset", cid: asset.file.cid.text, size: asset.file.fileSize, source: nil,
      sent: sent.contains(asset.path), answer: run.answers[asset.path],
      url: target.client.gatewayURL(asset.file.cid.text, filename: asset.path.name))
  }
  let pageFiles = pages.map { page in
    Receipt.File(
      path: page.path.string, kind: "page", cid: page.file.cid.text, size: page.file.fileSize,
      source: source.sources[page.path],
      sent: true, answer: run.answers[page.path], url: target.client.gatewayURL("\(root.text)/\(page.path.string)"))
  }
  return Receipt(
    tool: Receipt.Tool(version: source.version), site: source.name, siteURL: source.url.isEmpty ? nil : source.url,
    configuration: source.configuration, build: run.build, time: UTCTime(source.time).description,
    commit: source.commit.map { Receipt.Commit(hash: $0.hash, branch: $0.branch, dirty: $0.isDirty) },
    target: Receipt.Target(name: nil, kind: "dstor", api: target.api, gateway: target.gateway), mode: "folder",
    folder: run.folder, root: Receipt.Root(v0: root.text, v1: root.asV1.text), rootAnswer: run.answers[nil],
    entry: entry, files: assetFiles + pageFiles,
    verification: Receipt.Verification(
      verified: [entry] + (proven.map { [target.client.gatewayURL($0.file.cid.text)] } ?? [])))
}
