import ContentAddressing
import DStor
import Files

/// Stage 12: sends the assets that the target does not hold, those that others refer to first, and compares each answer with the hash computed here.
///
/// - Returns: which were sent.
/// - Throws: `PublishError.wrongHash`, `DStorError`, `KuboError`, `FileError`.
func uploadAssets(_ assets: [AddressedContents], _ run: Run) async throws -> Set<TreePath> {
  let missing = try missingFiles(assets, run)
  run.report(.stage("Uploading assets", files: missing.count))
  return try await uploadFiles(waves(missing), run) { asset in
    (assetFolder(run.source), comment(run.source, build: nil, page: nil, writtenIn: asset.path.string))
  }
}

/// Those that the ledger does not know to be there. Two files of equal bytes are one upload.
func missingFiles(_ files: [AddressedContents], _ run: Run) throws -> [AddressedContents] {
  var seen: Set<CID> = []
  return try files.filter { file in
    guard seen.insert(file.file.cid).inserted else { return false }
    return try !run.ledger.holds(file.file.cid.text, on: run.target.api)
  }
}

/// Sends wave after wave, since what refers to others waits for all before it; inside a wave several files at a time.
///
/// - Parameter place: the folder and the comment of a file.
/// - Returns: which were sent.
func uploadFiles(
  _ waves: [[AddressedContents]], _ run: Run,
  place: @escaping @Sendable (AddressedContents) -> (folder: String, comment: String)
) async throws -> Set<TreePath> {
  var sent: Set<TreePath> = []
  for wave in waves {
    guard case .dstor(let client) = run.target.client else {
      if case .kubo(let kubo, _) = run.target.client {
        sent.formUnion(try await importFiles(wave, pinned: true, kubo, run))
      }
      continue
    }
    let send = { @Sendable (file: AddressedContents) in
      let (folder, comment) = place(file)
      try await upload(file, to: folder, comment, client, run)
      return file.path
    }
    try await inFlight(wave, limit: uploadsAtATime, send) { sent.insert($0) }
  }
  return sent
}

/// Assets that don't refer to each other, each behind those that it refers to.
func waves(_ assets: [AddressedContents]) -> [[AddressedContents]] {
  var waves = [[AddressedContents]](repeating: [], count: (assets.map(\.level).max() ?? -1) + 1)
  for asset in assets { waves[asset.level].append(asset) }
  return waves.filter { !$0.isEmpty }
}

private func upload(
  _ file: AddressedContents, to folder: String, _ comment: String, _ client: DStorClient, _ run: Run
) async throws {
  let answer = try await client.add(
    UploadFile(
      name: file.path.name, contentType: mediaType(ofExtension: file.path.fileExtension), contents: file.contents),
    to: .folderPath(folder), comment: comment)
  guard let cid = try? CID(answer.hash), cid.asV1 == file.file.cid.asV1 else {
    throw run.answers.problem(with: file, answered: answer.hash)
  }
  run.answers.note(answer, to: file, named: file.path.name)
  try run.ledger.record(file.file.cid.text, path: file.path, on: run.target.api, at: run.source.time)
  run.report(.sent(file.path.string, bytes: file.file.fileSize))
}
