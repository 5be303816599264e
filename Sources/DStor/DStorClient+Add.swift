import Files
import Transport

extension DStorClient {
  /// Where a file goes in the account's dashboard.
  public enum Directory: Sendable, Hashable {
    case root
    /// Made where it is not there; printable ASCII, `a/b/c`.
    case folderPath(String)
  }

  /// Uploads one file (`POST /api/v0/add`). Doing it twice stores it once: a file is its content's hash.
  ///
  /// - Parameters:
  ///   - file: `name` is one component.
  ///   - comment: one line of printable ASCII, 1 to 512 bytes.
  public func add(
    _ file: UploadFile, to directory: Directory = .root, comment: String? = nil
  ) async throws(DStorError) -> AddedFile {
    var headers = try headers(for: directory)
    try Self.validate(comment: comment)
    headers["x-dstor-comment"] = comment
    guard !file.name.contains("/") else {
      throw DStorError(.invalidInput, came: "the name of a single file has no \"/\"")
    }
    let body = HTTPRequest.Body.multipart([try file.part()])
    return try await authorized("POST", "/api/v0/add", headers: headers, body: body) { reader throws(DStorError) in
      try reader.addedFile(try reader.object())
    }
  }

  private func headers(for directory: Directory) throws(DStorError) -> HTTPHeaders {
    switch directory {
    case .root:
      return [:]
    case .folderPath(let path):
      guard TreePath(path) != nil, Self.isHeaderText(path) else {
        throw DStorError(.invalidInput, came: "a directory's path is printable ASCII like a/b/c")
      }
      return ["x-dstor-folder-path": path]
    }
  }
}
