import ContentAddressing
import Files
import Hummingbird

extension Node {
  private enum Place: Sendable {
    case id(Int)
    case path([Substring])
  }

  /// `POST /api/v0/add`: files into a directory of the account. One line of JSON a file, as Kubo answers.
  func add(_ request: Request, account: String) async throws -> Response {
    let place = try place(of: request)
    let comment = try Self.comment(of: request)
    if case .id(let id) = place { try await checkDirectory(id, account) }
    let (files, blocks) = try await receiveFiles(request)
    let at = configuration.now()
    let entries = files.map { received in
      Catalog.Entry(
        account: account, kind: .file, name: received.path.name, file: received.file, type: received.type,
        comment: comment, at: at)
    }
    let store = store
    try await commits.commit { db in
      let directory: Int
      var prefix = ""
      switch place {
      case .id(let id):
        guard try Catalog.hasDirectory(id, account: account, db) else { throw Self.noSuchDirectory(id) }
        directory = id
      case .path(let names):
        directory = try Catalog.directory(at: names, account: account, db)
        prefix = names.map { $0 + "/" }.joined()
      }
      try store.commit(blocks, db)
      for entry in entries {
        try Catalog.list(entry, in: directory, db)
        try Catalog.log(entry, path: prefix + entry.name, db)
      }
    }
    var lines: [UInt8] = []
    for entry in entries {
      Self.added(entry.name, entry.file.link).append(to: &lines)
      lines.append(UInt8(ascii: "\n"))
    }
    return Response(200, type: "application/json", lines, headers: [("X-Content-Type-Options", "nosniff")])
  }

  /// `{"Name", "Hash", "Size"}`, the size as text: what Kubo's `add` says of a file or folder.
  static func added(_ name: String, _ link: DAGLink) -> JSONValue {
    .object([("Name", .string(name)), ("Hash", .string(link.cid.text)), ("Size", .string(String(link.size)))])
  }

  private func place(of request: Request) throws(Refusal) -> Place {
    let id = request.headers.value("x-dstor-parent-id")?.trimmingSpaces
    let path = request.headers.value("x-dstor-folder-path")
    switch (id, path) {
    case (.some, .some):
      throw Refusal(400, "two-directories", "x-dstor-parent-id and x-dstor-folder-path exclude each other")
    case (.some(let id), nil):
      guard let id = Int(id), id >= 0 else {
        throw Refusal(400, "bad-parent-id", "x-dstor-parent-id must be a directory's number")
      }
      return .id(id)
    case (nil, .some(let path)): return .path(try Self.directoryNames(path))
    case (nil, nil): return .id(0)
    }
  }

  /// Before the body is read; asked again in the transaction.
  private func checkDirectory(_ id: Int, _ account: String) async throws {
    let isThere = try await database.read { try Catalog.hasDirectory(id, account: account, $0) }
    guard isThere else { throw Self.noSuchDirectory(id) }
  }

  private static func noSuchDirectory(_ id: Int) -> Refusal {
    Refusal(404, "no-such-directory", "the account has no directory \(id)")
  }
}
