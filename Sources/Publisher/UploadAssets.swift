import ContentAddressing
import DStor
import Files

/// Stage 12: sends the assets that the target does not hold, those that others refer to first, and compares each answer with the hash computed here.
///
/// - Returns: which were sent.
/// - Throws: `PublishError.wrongHash`, `DStorError`, `FileError`.
func uploadAssets(_ assets: [AddressedContents], _ run: Run) async throws -> Set<TreePath> {
  var sent: Set<TreePath> = []
  var missing: [AddressedContents] = []
  var seen: Set<CID> = []
  // Two files of equal bytes are one upload.
  for asset in assets where seen.insert(asset.file.cid).inserted {
    if try !run.ledger.holds(asset.file.cid.text, on: run.target) { missing.append(asset) }
  }
  run.report(.stage("Uploading assets", files: missing.count))
  for wave in waves(missing) {
    try await withThrowingTaskGroup(of: TreePath.self) { group in
      var rest = wave[...]
      func next() {
        guard let asset = rest.popFirst() else { return }
        group.addTask {
          try await upload(asset, run)
          return asset.path
        }
      }
      for _ in 0..<run.uploadsAtATime { next() }
      while let path = try await group.next() {
        sent.insert(path)
        next()
      }
    }
  }
  return sent
}

/// Runs of assets that don't refer to each other: whatever refers to others waits for all before it.
private func waves(_ assets: [AddressedContents]) -> [[AddressedContents]] {
  var waves: [[AddressedContents]] = []
  for asset in assets {
    if refersToOthers(asset.path) {
      waves.append([asset])
      waves.append([])
    } else if waves.isEmpty {
      waves.append([asset])
    } else {
      waves[waves.count - 1].append(asset)
    }
  }
  return waves.filter { !$0.isEmpty }
}

private func upload(_ asset: AddressedContents, _ run: Run) async throws {
  let answer = try await run.client.add(
    UploadFile(
      name: asset.path.name, contentType: mediaType(ofExtension: asset.path.fileExtension), contents: asset.contents),
    to: .folderPath(assetFolder(run.source)),
    comment: comment(run.source, build: nil, page: nil, writtenIn: asset.path.string))
  guard let cid = try? CID(answer.hash), cid.asV1 == asset.file.cid.asV1 else {
    throw PublishError.wrongHash(path: asset.path.string, expected: asset.file.cid.text, answered: answer.hash)
  }
  run.answers.note(asset.path, answer)
  try run.ledger.record(asset.file.cid.text, path: asset.path, on: run.target, at: run.source.time)
  run.report(.sent(asset.path.string, bytes: asset.file.fileSize))
}
