import ContentAddressing
import DStor
import Files

/// The pages as they are sent: one a request while the site is small, so that dStor keeps a comment for each; a larger site in hundreds.
func chunks(of pages: [AddressedContents]) -> [Range<Int>] {
  folderChunks(sizes: pages.map(\.file.fileSize), maxFiles: pages.count <= 100 ? 1 : 100)
}

/// Stage 13: sends the pages, as one folder or one by one, and compares the hashes that the server gives with those computed here.
///
/// - Returns: which were sent.
/// - Throws: `PublishError`, `DStorError`, `FileError`.
func uploadPages(_ pages: AddressedPages, _ run: Run) async throws -> Set<TreePath> {
  switch pages.mode {
  case .folder:
    switch run.target.client {
    case .dstor(let client):
      // Noted of a folder that the target was found to hold, whole.
      if try run.ledger.holds(pages.folder.text, on: run.target.api) { return [] }
      return try await uploadFolder(pages.pages, root: pages.folder, client, run)
    case .kubo(let kubo, _): return try await importFolder(pages, kubo, run)
    }
  case .files:
    let missing = Set(try missingFiles(pages.pages, run).map(\.path))
    run.report(.stage("Uploading pages", files: missing.count))
    let waves = pages.waves.map { pages.pages[$0].filter { missing.contains($0.path) } }
    return try await uploadFiles(waves, run) { page in
      let folder = page.path.parent.map { "\(run.folder)/\(asciiPath($0))" } ?? run.folder
      return (
        folder, comment(run.source, build: run.build, page: page.path, writtenIn: run.source.sources[page.path])
      )
    }
  }
}

/// Directories of the dashboard have names of printable ASCII.
private func asciiPath(_ path: TreePath) -> String { path.urlEncoded }

/// How often a folder upload is begun in one run.
private let mostUploads = 3

/// The token of an upload takes no more, for what came under it before: a chunk that arrived twice may have counted twice.
private struct SpoiledUpload: Error {
  let reason: DStorError
}

private func uploadFolder(
  _ pages: [AddressedContents], root: CID, _ client: DStorClient, _ run: Run
) async throws -> Set<TreePath> {
  var uploads = 1
  while true {
    do {
      return try await uploadFolderOnce(pages, root: root, client, run)
    } catch let spoiled as SpoiledUpload {
      guard uploads < mostUploads, client.takeRetry() else { throw spoiled.reason }
      run.report(.note("The folder's upload is begun anew: \(spoiled.reason)"))
      uploads += 1
    }
  }
}

/// A run that was cut off goes on under the same upload token, with the chunks that were not acknowledged.
private func uploadFolderOnce(
  _ pages: [AddressedContents], root: CID, _ client: DStorClient, _ run: Run
) async throws -> Set<TreePath> {
  let ranges = chunks(of: pages)
  var token = run.uploadTokens.load(run.uploadKey(root))
  var done = token == nil ? [] : try run.ledger.chunks(of: root.text, on: run.target.api)
  if let known = token, try await !isAlive(known, client) {
    token = nil
    done = []
  }
  if token == nil { try run.ledger.forgetChunks(of: root.text, on: run.target.api) }
  let missing = ranges.indices.filter { !done.contains($0) }
  run.report(.stage("Uploading pages", files: missing.reduce(0) { $0 + ranges[$1].count }))
  let upload: UploadToken
  if let token {
    upload = token
  } else {
    upload = try await begin(chunks: ranges.count, client, run)
    try run.uploadTokens.save(upload, run.uploadKey(root))
  }
  let sendChunk = { @Sendable (number: Int) in
    try await send(pages[ranges[number]], upload, client, run)
    return number
  }
  // What the server holds under the token, or says of it, is not what was sent to it, and will not change: it takes a new upload.
  func giveUp() throws {
    try run.ledger.forgetChunks(of: root.text, on: run.target.api)
    run.uploadTokens.remove(run.uploadKey(root))
  }
  var hasChunks = !done.isEmpty
  do {
    try await inFlight(missing, limit: uploadsAtATime, sendChunk) { number in
      hasChunks = true
      try run.ledger.record(chunk: number, of: root.text, on: run.target.api)
      for page in pages[ranges[number]] { run.report(.sent(page.path.string, bytes: page.file.fileSize)) }
    }
  } catch let error as DStorError where refusesChunk(error) {
    try giveUp()
    // One that is refused although nothing came before it would be refused again.
    guard hasChunks || error.kind == .unexpectedStatus(409) else { throw error }
    throw SpoiledUpload(reason: error)
  }
  var answer = FolderAnswer(pages, root: root, run.answers)
  try await client.waitForFolder(upload) { answer.take($0) }
  do {
    try answer.check()
  } catch {
    try giveUp()
    throw error
  }
  return Set(missing.lazy.flatMap { pages[ranges[$0]] }.map(\.path))
}

private func begin(chunks: Int, _ client: DStorClient, _ run: Run) async throws -> UploadToken {
  do {
    return try await client.getUploadToken(folderPath: run.folder, chunks: chunks)
  } catch {
    throw error.kind == .notFound ? PublishError.noFolders(api: run.target.api) : error
  }
}

/// Whether a chunk was refused for what it is, and would be again.
private func refusesChunk(_ error: DStorError) -> Bool {
  switch error.kind {
  case .badRequest, .notFound, .unprocessable, .unexpectedStatus: true
  default: false
  }
}

/// Whether the server still knows the upload that an earlier run began.
private func isAlive(_ token: UploadToken, _ client: DStorClient) async throws -> Bool {
  do {
    if case .failed = try await client.uploadStatus(token) { return false }
    return true
  } catch {
    switch error.kind {
    case .badRequest, .unauthorized, .forbidden, .notFound, .unprocessable, .unexpectedStatus: return false
    default: throw error
    }
  }
}

private func send(
  _ pages: ArraySlice<AddressedContents>, _ token: UploadToken, _ client: DStorClient, _ run: Run
) async throws {
  guard let first = pages.first else { return }
  let isOne = pages.count == 1
  let comment = comment(
    run.source, build: run.build, page: isOne ? first.path : nil,
    writtenIn: isOne ? run.source.sources[first.path] : nil)
  let files = pages.map {
    UploadFile(
      name: sentName($0.path), contentType: mediaType(ofExtension: $0.path.fileExtension), contents: $0.contents)
  }
  try await client.sendChunk(files, token, comment: comment)
}

/// Servers that take names as Kubo does decode escapes in them, and `+` to a space.
private func sentName(_ path: TreePath) -> String {
  path.string.split(separator: "%", omittingEmptySubsequences: false).map { part in
    part.split(separator: "+", omittingEmptySubsequences: false).joined(separator: "%2B")
  }.joined(separator: "%25")
}
