import ContentAddressing
import DStor
import Files

/// Stage 15: the receipt, kept in the state folder and uploaded last.
///
/// - Parameter receipt: its bytes.
/// - Returns: the path of the receipt.
/// - Throws: `FileError`, `DStorError`, `PublishError.wrongHash`.
func record(_ receipt: [UInt8], _ pages: AddressedPages, _ run: Run, in folder: String) async throws -> String {
  // Targets with names have folders of their own: two of them may hold the same edition.
  let name = (run.target.name.map { $0 + "/" } ?? "") + "\(run.build).json"
  try makeFolder(run.target.name.map { "\(folder)/\($0)" } ?? folder)
  try replaceFile(folder + "/" + name, receipt)
  run.report(.stage("Uploading the receipt", files: 1))
  let expected = try address(receipt, profile: .v0)
  let contents = FileContents.onDisk(path: folder + "/" + name, size: receipt.count)
  let file = AddressedContents(path: "colophon.json", contents: contents, file: expected)
  switch run.target.client {
  case .dstor(let client):
    let upload = UploadFile(name: "colophon.json", contentType: mediaType(ofExtension: "json"), contents: file.contents)
    let comment = comment(run.source, build: run.build, page: nil, writtenIn: nil)
    let answer = try await client.add(upload, to: .folderPath(run.folder), comment: comment)
    guard let cid = try? CID(answer.hash), cid.asV1 == expected.cid.asV1 else {
      throw PublishError.wrongHash(path: "colophon.json", expected: expected.cid.text, answered: answer.hash)
    }
  case .kubo(let kubo, _):
    _ = try await importFiles([file], pinned: true, kubo, run)
    try await kubo.link(expected.cid.text, at: "/\(run.folder).colophon.json")
  }
  try run.ledger.finish(pages.folder.text, receipt: name, on: run.target.api, at: run.source.time)
  try makeCurrent(run, in: folder)
  run.uploadTokens.remove(run.uploadKey(pages.folder))
  run.report(.sent("colophon.json", bytes: receipt.count))
  return folder + "/" + name
}

/// Notes in the log that this edition is the current one; nothing where it was already.
func makeCurrent(_ run: Run, in receipts: String) throws {
  try EditionLog(receipts: receipts).append(
    EditionLog.Entry(
      event: .published, build: run.build, target: run.target.api, time: UTCTime(run.source.time).description))
}

/// The bytes of the receipt.
func receipt(
  _ pages: AddressedPages, _ assets: [AddressedContents], sent: Set<TreePath>, verified: [String], _ run: Run
) throws -> [UInt8] {
  let source = run.source
  let head = Receipt(
    tool: Receipt.Tool(version: source.version), site: source.name, siteURL: source.url.isEmpty ? nil : source.url,
    configuration: source.configuration, build: run.build, time: UTCTime(source.time).description,
    commit: source.commit.map { Receipt.Commit(hash: $0.hash, branch: $0.branch, dirty: $0.isDirty) },
    target: Receipt.Target(
      name: run.target.name, kind: run.target.kind.rawValue, api: run.target.api, gateway: run.target.gateway),
    mode: pages.mode.rawValue, folder: run.folder, root: Receipt.Root(v0: pages.root.text, v1: pages.root.asV1.text),
    rootAnswer: run.answers[nil], entry: run.entry, files: [],
    verification: Receipt.Verification(verified: verified))
  let count = assets.count + pages.pages.count
  let files = (0..<count).lazy.map { number in
    let isAsset = number < assets.count
    let file = isAsset ? assets[number] : pages.pages[number - assets.count]
    let place = isAsset ? (path: file.file.cid.text, filename: file.path.name) : pages.place(of: file)
    return Receipt.File(
      path: file.path.string, kind: isAsset ? "asset" : "page", cid: file.file.cid.text, size: file.file.fileSize,
      source: isAsset ? nil : source.sources[file.path], sent: sent.contains(file.path), answer: run.answers[file.path],
      url: run.client.gatewayURL(place.path, filename: place.filename))
  }
  return try head.json(files: files)
}
