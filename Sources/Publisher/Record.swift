import ContentAddressing
import DStor
import Files

/// Stage 15: the receipt, kept in the state folder and uploaded last.
///
/// - Parameters:
///   - sent: which files this run sent.
///   - verified: URLs that came back.
/// - Returns: the path of the receipt.
/// - Throws: `FileError`, `DStorError`, `PublishError.wrongHash`.
func record(
  _ edition: AddressedEdition, sent: Set<TreePath>, verified: [String], _ run: Run, in folder: String
) async throws -> String {
  let pages = edition.pages
  let receipt = receipt(pages, verified: verified, run)
  let name = receiptName(receipt, in: folder)
  let path = folder + "/" + name
  try makeFolder(receiptFolder(of: receipt, in: folder))
  let text = try ReceiptText(receipt)
  let files = receiptFiles(edition, sent: sent, run)
  // The ledger says at the end that it is there.
  try replaceFile(path, isDurable: true) { (take) throws(FileError) in try text.write(files, to: take) }
  let expected = try address(fileAt: path, profile: .v0)
  let contents = FileContents.onDisk(path: path, size: expected.fileSize)
  run.report(.stage("Uploading the receipt", files: 1))
  let file = AddressedContents(path: "colophon.json", contents: contents, file: expected)
  switch run.target.client {
  case .dstor(let client):
    let upload = UploadFile(name: "colophon.json", contentType: mediaType(ofExtension: "json"), contents: file.contents)
    let comment = comment(run.source, build: run.build, page: nil, writtenIn: nil)
    let answer = try await client.add(upload, to: .folderPath(run.folder), comment: comment)
    guard let cid = try? CID(answer.hash), cid.asV1 == expected.cid.asV1 else {
      throw run.answers.problem(with: file, answered: answer.hash)
    }
  case .kubo(let kubo, _):
    _ = try await importFiles([file], pinned: true, kubo, run)
    try await kubo.link(expected.cid.text, at: "/\(run.folder).colophon.json")
  }
  try run.ledger.finish(pages.folder.text, receipt: name, on: run.target.api, at: run.source.time)
  try makeCurrent(run, in: folder)
  run.uploadTokens.remove(run.uploadKey(pages.folder))
  run.report(.sent("colophon.json", bytes: expected.fileSize))
  return path
}

/// Where a receipt that came from elsewhere is kept, made durable; one of the same edition and target is there already and stays.
///
/// - Parameter bytes: of the receipt, as they were uploaded.
/// - Returns: its path.
/// - Throws: `FileError`.
public func keep(_ receipt: Receipt, _ bytes: [UInt8], in folder: String) throws -> String {
  try makeFolder(receiptFolder(of: receipt, in: folder))
  let path = folder + "/" + receiptName(receipt, in: folder)
  if let there = try? readFile(path), (try? Receipt(json: there, each: { _ in })) != nil { return path }
  try replaceFile(path, isDurable: true) { (take) throws(FileError) in try take(bytes) }
  return path
}

/// Targets with names have folders of their own: two of them may hold the same edition.
private func receiptFolder(of receipt: Receipt, in folder: String) -> String {
  guard let name = receipt.target.name else { return folder }
  return "\(folder)/\(name)"
}

/// The name of a receipt's file below the folder of receipts: another one where the usual name is that of an edition on another target, which
/// nothing else tells of.
private func receiptName(_ receipt: Receipt, in folder: String) -> String {
  let name = (receipt.target.name.map { $0 + "/" } ?? "") + receipt.build
  guard let bytes = try? readFile("\(folder)/\(name).json"),
    let there = try? Receipt(json: bytes, each: { _ in }), there.target.api != receipt.target.api
  else { return name + ".json" }
  return "\(name)-\(SHA256Digest(of: Array(receipt.target.api.utf8)).hex.prefix(12)).json"
}

/// Notes in the log that this edition is the current one; nothing where it was already.
func makeCurrent(_ run: Run, in receipts: String) throws {
  try EditionLog(receipts: receipts).append(
    EditionLog.Entry(
      event: .published, build: run.build, target: run.target.api, time: UTCTime(run.source.time).description))
}

/// The receipt without its files.
private func receipt(_ pages: AddressedPages, verified: [String], _ run: Run) -> Receipt {
  let source = run.source
  return Receipt(
    tool: Receipt.Tool(version: source.version), site: source.name, siteURL: source.url.isEmpty ? nil : source.url,
    configuration: source.configuration, build: run.build, time: UTCTime(source.time).description,
    commit: source.commit.map { Receipt.Commit(hash: $0.hash, branch: $0.branch, dirty: $0.isDirty) },
    target: Receipt.Target(
      name: run.target.name, kind: run.target.kind.rawValue, api: run.target.api, gateway: run.target.gateway),
    mode: pages.mode.rawValue, folder: run.folder, root: Receipt.Root(v0: pages.root.text, v1: pages.root.asV1.text),
    rootAnswer: run.answers.folder, entry: run.entry, files: [],
    verification: Receipt.Verification(verified: verified))
}

/// Each made when it is asked for.
private func receiptFiles(
  _ edition: AddressedEdition, sent: Set<TreePath>, _ run: Run
) -> some Collection<Receipt.File> {
  let (assets, pages) = (edition.assets, edition.pages)
  return (0..<assets.count + pages.pages.count).lazy.map { number in
    let isAsset = number < assets.count
    let file = isAsset ? assets[number] : pages.pages[number - assets.count]
    let place = isAsset ? (path: file.file.cid.text, filename: file.path.name) : pages.place(of: file)
    let name = isAsset || pages.mode == .files ? file.path.name : file.path.string
    return Receipt.File(
      path: file.path.string, kind: isAsset ? "asset" : "page", cid: file.file.cid.text, size: file.file.fileSize,
      source: isAsset ? nil : run.source.sources[file.path], sent: sent.contains(file.path),
      answer: run.answers.answer(to: file, named: name),
      url: run.client.gatewayURL(place.path, filename: place.filename))
  }
}
