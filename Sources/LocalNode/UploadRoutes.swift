import ContentAddressing
import Files
import GRDB
import Hummingbird

extension Node {
  private static let chunksInFolder = 1_000_000

  /// `POST /v1/upload/get-token`: begins a folder upload.
  func openSession(_ request: Request, account: String) async throws -> Response {
    struct Wish: Decodable {
      enum CodingKeys: String, CodingKey {
        case chunks = "chunks_number"
        case path = "folder_path"
      }

      var chunks: Int
      var path: String
    }
    let wish = try await body(of: request, as: Wish.self)
    guard (1...Self.chunksInFolder).contains(wish.chunks) else {
      throw Refusal(400, "bad-chunks-number", "chunks_number must be from 1 to \(Self.chunksInFolder)")
    }
    let names = try Self.directoryNames(wish.path)
    guard !names.isEmpty else { throw Refusal(400, "bad-folder-path", "folder_path must name the folder") }
    let token = base64URL(randomBytes(32))
    let at = configuration.now()
    try await commits.commit { db in
      try UploadSession.open(
        token: token, account: account, path: names.joined(separator: "/"), chunks: wish.chunks, at: at, db)
    }
    return .json(200, .object([("message", .string("ok")), ("token", .string(token))]))
  }

  /// `POST /v1/upload`: takes a chunk; with the last one it makes the folder.
  func receiveChunk(_ request: Request, account: String) async throws -> Response {
    let (token, opened) = try await session(of: request, account: account)
    do {
      let comment = try Self.comment(of: request)
      let (received, blocks) = try await receiveFiles(request)
      let chunk = try FolderChunk(received)
      let session = try await add(chunk, blocks, to: opened, comment: comment)
      if session.isComplete, session.status != .done, session.status != .error { await makeFolder(of: session) }
      return .json(
        200,
        .object([
          ("message", .string("ok")), ("upload_token", .string(token)), ("chunks_received", .int(session.received)),
          ("chunks_number", .int(session.chunks)),
        ]))
    } catch let error as MultipartError {
      throw Self.chunkRefusal(Refusal(400, "bad-multipart", error.reason), token)
    } catch let refusal as Refusal {
      throw Self.chunkRefusal(refusal, token)
    }
  }

  /// `GET /v1/upload/get-status`. `data` is every file, sorted by path, then the folder by its own name.
  func sessionStatus(_ request: Request, account: String) async throws -> Response {
    let (_, session) = try await session(of: request, account: account)
    var members: [(String, JSONValue)] = [("status", .string(session.status.rawValue))]
    var data: [JSONValue] = []
    switch session.status {
    case .done:
      data = try await database.read { try session.files($0) }.map { Self.added($0.path, $0.link) }
      if let root = session.root { data.append(Self.added(session.name, root)) }
    case .waiting:
      members += [("chunks_received", .int(session.received)), ("chunks_number", .int(session.chunks))]
    case .adding, .saving, .error: break
    }
    members += [
      ("data", .array(data)), ("errorExplanation", session.explanation.map { .string($0) } ?? .null),
      ("errorAtStage", session.stage.map { .string($0) } ?? .null),
    ]
    return .json(200, .object(members))
  }

  /// Makes the folders of sessions whose last chunk had come before the process ended.
  func finishInterruptedFolders() throws {
    for session in try database.read({ try UploadSession.interrupted($0) }) {
      do {
        let (root, blocks) = try buildFolder(of: session)
        try database.write { try self.save(root, blocks, session, $0) }
      } catch {
        try database.write { try session.fail(String(describing: error), at: session.status, $0) }
      }
    }
  }

  private func session(of request: Request, account: String) async throws -> (token: String, session: UploadSession) {
    guard let token = request.headers.value("x-dstor-upload-token") else {
      throw Refusal(400, "upload-token-missing", "x-dstor-upload-token must be given")
    }
    let session = try await database.read { try UploadSession.find(token: token, account: account, $0) }
    guard let session else {
      throw Refusal(404, "upload-token-unknown", "the upload token is not one of this account's")
    }
    return (token, session)
  }

  private func add(
    _ chunk: FolderChunk, _ blocks: StagedBlocks, to session: UploadSession, comment: String?
  ) async throws -> UploadSession {
    let store = store
    let at = configuration.now()
    return try await commits.commit { db in
      // Read again: others may have come in between.
      guard let current = try UploadSession.find(id: session.id, db) else {
        throw Refusal(404, "upload-token-unknown", "the upload token is not one of this account's")
      }
      guard try chunk.add(to: current, db) else { return current }
      try store.commit(blocks, db)
      for (path, received) in chunk.files {
        let entry = Catalog.Entry(
          account: current.account, kind: .folderFile, name: path.string, file: received.file, type: received.type,
          comment: comment, at: at)
        try Catalog.log(entry, path: current.path + "/" + path.string, db)
      }
      return try UploadSession.find(id: current.id, db) ?? current
    }
  }

  /// Makes and stores the directories of a session whose files are all here. What goes wrong is the session's status.
  private func makeFolder(of session: UploadSession) async {
    guard sessionsInWork.withLock({ $0.insert(session.id).inserted }) else { return }
    defer { sessionsInWork.withLock { _ = $0.remove(session.id) } }
    var stage = UploadSession.Status.adding
    do {
      let (root, blocks) = try buildFolder(of: session)
      stage = .saving
      try await commits.commit { try session.set(.saving, $0) }
      try await commits.commit { try self.save(root, blocks, session, $0) }
    } catch {
      let failed = stage
      let explanation = String(describing: error)
      try? await commits.commit { try session.fail(explanation, at: failed, $0) }
    }
  }

  private func buildFolder(of session: UploadSession) throws -> (root: DAGLink, blocks: StagedBlocks) {
    let files = try database.read { try session.files($0) }
    let leaves = try files.map { file in
      guard let path = TreePath(file.path) else { throw Refusal(500, "node-error", "\(file.path) is no path") }
      return (path, file.link)
    }
    let staging = BlockStaging(store: store)
    let tree = try directoryRoot(of: leaves, profile: .v0) { cid, block in try staging.put(cid, block) }
    return (tree.root, try staging.finish())
  }

  private func save(_ root: DAGLink, _ blocks: StagedBlocks, _ session: UploadSession, _ db: Database) throws {
    guard try UploadSession.find(id: session.id, db)?.status != .done else { return }
    try store.commit(blocks, db)
    let entry = Catalog.Entry(
      account: session.account, kind: .folder, name: session.name,
      file: AddressedFile(cid: root.cid, size: root.size, fileSize: 0), type: nil, comment: nil,
      at: configuration.now())
    let directory = try Catalog.directory(at: session.directory, account: session.account, db)
    try Catalog.list(entry, in: directory, db)
    try Catalog.log(entry, path: session.path, db)
    try session.finish(root, db)
  }

  private static func chunkRefusal(_ refusal: Refusal, _ token: String) -> Refusal {
    var refusal = refusal
    refusal.details += [("upload_token", .string(token)), ("errorAtStage", .string("RECEIVING_CHUNK"))]
    return refusal
  }
}
