import Files
import Transport

/// Stands for one upload of a folder. From a journal: `UploadToken(Secret(text))`.
public struct UploadToken: Sendable, Hashable {
  public let secret: Secret

  public init(_ secret: Secret) {
    self.secret = secret
  }
}

/// How far the server is with a folder.
public enum FolderStatus: Sendable, Hashable {
  case addingToIPFS
  case savingData
  case done
  case failed(explanation: String, stage: String)
  /// One that dStor does not document: it means wait.
  case other(String)
}

/// Ranges of files for chunks of at most `maxFiles` files and `maxBytes` bytes, in order; a file above `maxBytes` has one for itself.
public func folderChunks(sizes: [Int], maxFiles: Int = 100, maxBytes: Int = 32 << 20) -> [Range<Int>] {
  precondition(maxFiles > 0, "bug: chunks without files")
  var chunks: [Range<Int>] = []
  var start = 0
  var bytes = 0
  for (index, size) in sizes.enumerated() {
    if index > start, index - start == maxFiles || size > maxBytes - bytes {
      chunks.append(start..<index)
      start = index
      bytes = 0
    }
    // A size beyond the limit closes the chunk; capped, so that no sum overflows.
    bytes += min(max(size, 0), maxBytes)
  }
  if start < sizes.count { chunks.append(start..<sizes.count) }
  return chunks
}

extension DStorClient {
  /// Whether the server takes folders: whether it has the calls for them at all. Asks for the status of no upload, which changes nothing.
  public func takesFolders() async throws(DStorError) -> Bool {
    do throws(DStorError) {
      try await authorized("GET", "/v1/upload/get-status/") { _ throws(DStorError) in }
      return true
    } catch {
      switch error.kind {
      case .notFound, .unexpectedStatus(405), .serverError(501): return false
      // It has the call, and misses what the call is about.
      case .badRequest, .forbidden, .unprocessable, .unexpectedStatus: return true
      default: throw error
      }
    }
  }

  /// Opens a folder upload of a fixed number of chunks (`POST /v1/upload/get-token/`).
  public func getUploadToken(folderPath: String, chunks: Int) async throws(DStorError) -> UploadToken {
    guard TreePath(folderPath) != nil, chunks > 0 else {
      throw DStorError(.invalidInput, came: "a folder upload has a path like a/b and at least one chunk")
    }
    let json = "{\"chunks_number\": \(chunks), \"folder_path\": \"\(jsonEscaped(folderPath))\"}"
    let secret = try await authorized(
      "POST", "/v1/upload/get-token/", headers: ["Content-Type": "application/json"], body: .bytes(Array(json.utf8)),
      answersWithSecret: true
    ) { reader throws(DStorError) in
      try reader.token("token")
    }
    session.keepSecret(secret)
    return UploadToken(secret)
  }

  /// Sends one chunk (`POST /v1/upload/`). A chunk that was refused or lost is sent again under the same token with the same content.
  ///
  /// - Parameter comment: one line of printable ASCII, 1 to 512 bytes.
  public func sendChunk(
    _ files: [UploadFile], _ token: UploadToken, comment: String? = nil
  ) async throws(DStorError) {
    var headers = try headers(token)
    try Self.validate(comment: comment)
    headers["x-dstor-comment"] = comment
    var parts: [HTTPRequest.Part] = []
    for file in files { parts.append(try file.part()) }
    guard !parts.isEmpty else { throw DStorError(.invalidInput, came: "a chunk holds at least one file") }
    try await authorized("POST", "/v1/upload/", headers: headers, body: .multipart(parts)) {
      reader throws(DStorError) in
      // The answer's shape is not documented: a body may be missing, but not be something else.
      if reader.response.body.isEmpty { return }
      let answer = try reader.object()
      if let stage = answer["errorAtStage"], !stage.isNull, stage != .string("") {
        let name = reader.quoted(stage.string ?? "unknown")
        throw reader.problem(.chunkRefused(stage: name), "the chunk was refused at stage \(name)")
      }
      if let other = answer["upload_token"]?.string, other != token.secret.reveal() { throw reader.bad("upload_token") }
    }
  }

  /// Asks how far the server is (`GET /v1/upload/get-status/`).
  public func uploadStatus(_ token: UploadToken) async throws(DStorError) -> FolderStatus {
    try await readStatus(token) { _ in }.status
  }

  /// Polls until the folder is done.
  ///
  /// - Parameter each: gets the server's `data` one by one, since there may be a hundred thousand: nothing, the folder only, or every file;
  ///   to be matched by name and hash, never by place.
  /// - Throws: `folderFailed` where the server gives up, `folderDeadline` where it takes longer than the schedule allows; before that
  ///   `each` is not called.
  public func waitForFolder(_ token: UploadToken, each: (AddedFile) -> Void) async throws(DStorError) {
    let schedule = configuration.polling
    let environment = session.environment
    let start = environment.now()
    var slept = 0.0
    var poll = 0
    while true {
      let delay = schedule.delay(before: poll)
      do { try await environment.sleep(delay) } catch { throw .cancelled }
      slept += delay
      poll += 1
      let (status, tried) = try await readStatus(token, each: each)
      switch status {
      case .done:
        return
      case .failed(let explanation, let stage):
        throw DStorError(
          .folderFailed(stage: stage), tried: tried,
          came: "the server gave up the folder at stage \(stage): \(explanation)", hint: "upload the folder again")
      case .addingToIPFS, .savingData, .other:
        guard max(slept, Double(environment.now() - start)) < schedule.deadline else {
          throw DStorError(
            .folderDeadline, tried: tried,
            came: "the folder is not done after \(Int(schedule.deadline)) s, its status is \(status.name)",
            hint: "run again later to see whether it is")
        }
      }
    }
  }

  private func headers(_ token: UploadToken) throws(DStorError) -> HTTPHeaders {
    guard isBearerToken(token.secret.reveal()) else {
      throw DStorError(.invalidInput, came: "an upload token is printable ASCII without spaces")
    }
    session.keepSecret(token.secret)
    return ["x-dstor-upload-token": token.secret.reveal()]
  }

  private func readStatus(
    _ token: UploadToken, each: (AddedFile) -> Void
  ) async throws(DStorError) -> (status: FolderStatus, tried: String) {
    // A hundred thousand files, each with a long path.
    try await authorized("GET", "/v1/upload/get-status/", headers: try headers(token), maxAnswerBytes: 64 << 20) {
      reader throws(DStorError) in
      // Gone through twice: only when all of it was read is it known what `data` is worth.
      var count = 0
      var problem: DStorError?
      let answer = try reader.object(elementsOf: "data") { entry in
        do throws(DStorError) {
          if problem == nil { _ = try reader.addedFile(entry, "data[\(count)]") }
        } catch {
          problem = error
        }
        count += 1
      }
      guard let word = answer["status"], !word.isNull else { throw reader.missing("status") }
      guard let word = word.string else { throw reader.bad("status") }
      let status: FolderStatus =
        switch word {
        case "ADDING_TO_IPFS": .addingToIPFS
        case "SAVING_DATA": .savingData
        case "DONE": .done
        case "ERROR":
          .failed(
            explanation: reader.quoted(answer["errorExplanation"]?.string ?? "no explanation"),
            stage: reader.quoted(answer["errorAtStage"]?.string ?? "unknown"))
        default: .other(reader.quoted(word))
        }
      guard status == .done else { return (status, reader.tried) }
      if let problem { throw problem }
      switch answer["data"] {
      case nil, .null: break
      case .array:
        _ = try reader.object(elementsOf: "data") { entry in
          if let file = try? reader.addedFile(entry) { each(file) }
        }
      case .some(let entry): each(try reader.addedFile(entry, "data"))
      }
      return (status, reader.tried)
    }
  }
}

extension FolderStatus {
  fileprivate var name: String {
    switch self {
    case .addingToIPFS: "ADDING_TO_IPFS"
    case .savingData: "SAVING_DATA"
    case .done: "DONE"
    case .failed: "ERROR"
    case .other(let name): name
    }
  }
}
