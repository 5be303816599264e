import ContentAddressing
import DStor
import Files
import Kubo

/// Sends files to Kubo as CARs of their blocks, many files in one; a file too large to hold is added by itself. What the node says of each is
/// compared with the hash computed here, and the ledger remembers it, so that no block is sent twice.
///
/// - Parameter pinned: whether each file gets a pin of its own. Pages of a folder don't need one: the folder has it.
/// - Returns: which were sent.
/// - Throws: `KuboError`, `PublishError.wrongHash`, `FileError`.
func importFiles(
  _ files: [AddressedContents], pinned: Bool, _ kubo: KuboClient, _ run: Run
) async throws -> Set<TreePath> {
  var sent: Set<TreePath> = []
  let send = { @Sendable (batch: ArraySlice<AddressedContents>) in
    if let file = batch.first, file.file.fileSize > largestBatch {
      try await addAlone(file, pinned: pinned, kubo, run)
    } else {
      try await importBatch(batch, pinned: pinned, kubo, run)
    }
    return batch
  }
  // One is read and hashed while another one is on its way.
  let batches = folderChunks(sizes: files.map(\.file.fileSize), maxFiles: 1000, maxBytes: largestBatch)
  try await inFlight(batches.lazy.map { files[$0] }, limit: 2, send) { batch in
    for file in batch { try note(file, run, &sent) }
  }
  return sent
}

/// Bytes of files in one CAR.
private let largestBatch = 8 << 20

/// The pages as one folder: the blocks of those that the node does not hold, then those of the directories, the root pinned under the name of
/// the dated folder, and linked at that path in the node's own file system.
func importFolder(_ pages: AddressedPages, _ kubo: KuboClient, _ run: Run) async throws -> Set<TreePath> {
  let missing = try missingFiles(pages.pages, run)
  run.report(.stage("Uploading pages", files: missing.count))
  let sent = try await importFiles(missing, pinned: false, kubo, run)
  var car: [UInt8] = []
  var writer = try CARWriter(roots: [pages.folder]) { car += $0 }
  _ = try directoryRoot(of: pages.pages.map { ($0.path, $0.file.link) }, profile: .v0) { try writer.write($0, $1) }
  let roots = try await kubo.importCAR(car, pinsRoots: true)
  guard let root = roots.first, (try? CID(root.cid))?.asV1 == pages.folder.asV1 else {
    throw PublishError.wrongHash(path: "/", expected: pages.folder.text, answered: roots.first?.cid ?? "nothing")
  }
  if let problem = root.pinProblem { throw PublishError.notPinned(root: pages.folder.text, reason: problem) }
  try await kubo.pin(pages.folder.text, name: run.folder)
  try await kubo.link(pages.folder.text, at: "/" + run.folder)
  return sent
}

private func importBatch(_ files: ArraySlice<AddressedContents>, pinned: Bool, _ kubo: KuboClient, _ run: Run)
  async throws
{
  var car: [UInt8] = []
  var writer = try CARWriter(roots: files.map(\.file.cid)) { car += $0 }
  for file in files {
    let cid = try address(file.contents, profile: .v0, sink: { try writer.write($0, $1) }).cid
    try compare(file, cid.text, run)
  }
  let roots = try await kubo.importCAR(car, pinsRoots: pinned)
  guard pinned else { return }
  let problems = Dictionary(roots.map { ($0.cid, $0.pinProblem) }, uniquingKeysWith: { first, _ in first })
  for file in files {
    guard let problem = problems[file.file.cid.text] else {
      throw run.answers.problem(with: file, answered: "nothing")
    }
    if let problem { throw PublishError.notPinned(root: file.file.cid.text, reason: problem) }
  }
}

private func addAlone(_ file: AddressedContents, pinned: Bool, _ kubo: KuboClient, _ run: Run) async throws {
  switch file.contents {
  case .onDisk(let path, let size):
    try compare(file, try await kubo.add(file.path.name, .file(path: path, size: size), pins: pinned), run)
  case .bytes, .made:
    try compare(file, try await kubo.add(file.path.name, .bytes(file.contents.bytes()), pins: pinned), run)
  }
}

private func compare(_ file: AddressedContents, _ answered: String, _ run: Run) throws {
  guard let cid = try? CID(answered), cid.asV1 == file.file.cid.asV1 else {
    throw run.answers.problem(with: file, answered: answered)
  }
}

private func note(_ file: AddressedContents, _ run: Run, _ sent: inout Set<TreePath>) throws {
  try run.ledger.record(file.file.cid.text, path: file.path, on: run.target.api, at: run.source.time)
  run.report(.sent(file.path.string, bytes: file.file.fileSize))
  sent.insert(file.path)
}
