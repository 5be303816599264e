import ContentAddressing
import Files
import Hummingbird

/// A file of a multipart body, its blocks staged.
struct ReceivedFile: Sendable {
  /// As the sender names it, below the folder that it goes into.
  let path: TreePath
  let type: String?
  let file: AddressedFile
}

extension Node {
  static let filesInRequest = 10_000

  /// Takes the files of a multipart body as they come; no file is ever held whole.
  /// - Throws: `Refusal`, `MultipartError`, `FileError`, and what the body throws when the connection is lost.
  func receiveFiles(_ request: Request) async throws -> (files: [ReceivedFile], blocks: StagedBlocks) {
    var parser = try MultipartParser(boundary: try boundary(of: request))
    let staging = BlockStaging(store: store)
    var addresser = FileAddresser(profile: .v0) { cid, block in try staging.put(cid, block) }
    var files: [ReceivedFile] = []
    var part: (path: TreePath, type: String?)?
    var size = 0
    for try await buffer in request.body {
      buffer.withUnsafeReadableBytes { parser.append($0) }
      while let event = try parser.next() {
        switch event {
        case .part(let next):
          part = try checked(next)
          size = 0
          guard files.count < Self.filesInRequest else {
            throw Refusal(413, "too-many-files", "a request may carry at most \(Self.filesInRequest) files")
          }
        case .data(let bytes):
          size += bytes.count
          guard size <= configuration.maximumFileSize else {
            throw Refusal(413, "file-too-large", "a file may have at most \(configuration.maximumFileSize) bytes")
          }
          try addresser.append(bytes)
        case .endOfPart:
          let file = try addresser.finish()
          guard let part else { preconditionFailure("bug: a part that ends without a beginning") }
          files.append(ReceivedFile(path: part.path, type: part.type, file: file))
        }
      }
    }
    try parser.finish()
    guard !files.isEmpty else { throw Refusal(400, "no-file", "the body has no file") }
    return (files, try staging.finish())
  }

  func boundary(of request: Request) throws -> String {
    guard let type = request.headers[.contentType], let value = try? HeaderValue(type),
      value.value.lowercased() == "multipart/form-data", let boundary = value["boundary"]
    else { throw Refusal(415, "not-multipart", "the body must be multipart/form-data with a boundary") }
    return boundary
  }

  /// Of a part whose bytes are not here yet: what is refused then costs nothing.
  private func checked(_ part: MultipartPart) throws(Refusal) -> (path: TreePath, type: String?) {
    guard let name = part.fileName, !name.isEmpty else {
      throw Refusal(400, "filename-missing", "filename must be given with each file")
    }
    if let type = part.contentType, type == "application/x-directory" || type == "application/symlink" {
      throw Refusal(400, "not-a-file", "\(type) is not taken: directories follow from the files' paths")
    }
    return (try Self.path(of: name), part.contentType)
  }

  /// A name as a path below a folder: leading and doubled slashes and `.` are dropped; a way up is refused.
  private static func path(of name: String) throws(Refusal) -> TreePath {
    let parts = name.utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
      .filter { $0 != "." }
    guard parts.count <= 256, name.utf8.count <= 4096, let path = TreePath(parts.joined(separator: "/")) else {
      throw Refusal(400, "bad-path", "filename must be a path below the folder, without \"..\", \"\\\" and NUL")
    }
    return path
  }

  /// A directory's path as a header or a body gives it; no names are the root.
  static func directoryNames(_ text: String) throws(Refusal) -> [Substring] {
    let trimmed = text.trimmingSpaces.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true)
    if trimmed.isEmpty { return [] }
    let joined = trimmed.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
    guard joined.utf8.count <= 4096, trimmed.count <= 256, let path = TreePath(joined) else {
      throw Refusal(
        400, "bad-folder-path", "the folder's path must be names with \"/\" between, without \".\" and \"..\"")
    }
    return path.components
  }

  /// The comment that goes with an upload.
  static func comment(of request: Request) throws(Refusal) -> String? {
    guard let comment = request.headers.value("x-dstor-comment"), !comment.isEmpty else { return nil }
    guard comment.utf8.count <= 8192 else {
      throw Refusal(400, "comment-too-long", "x-dstor-comment may have at most 8192 bytes")
    }
    return comment
  }
}
