import Transport

/// What a server did with a CAR.
public struct ImportedCAR: Sendable, Hashable {
  public struct Root: Sendable, Hashable {
    /// As text.
    public let cid: String
    /// What is missing below it; nil where it is there whole.
    public let problem: String?
  }

  public let roots: [Root]
}

extension DStorClient {
  /// Hands over the blocks of a CAR (`POST /api/v0/dag/import`, Kubo's; the local node has it, dStor does not).
  ///
  /// - Parameters:
  ///   - path: of the file, which is read while it is sent.
  ///   - size: its size in bytes.
  /// - Throws: `notFound` where the server takes no CARs.
  public func importCAR(_ path: String, size: Int) async throws(DStorError) -> ImportedCAR {
    let part = HTTPRequest.Part(
      field: "file", filename: "import.car", contentType: "application/vnd.ipld.car",
      content: .file(path: path, size: size))
    return try await authorized("POST", "/api/v0/dag/import", body: .multipart([part]), maxAnswerBytes: 64 << 20) {
      reader throws(DStorError) in
      // One JSON object a line.
      var roots: [ImportedCAR.Root] = []
      for line in reader.response.body.split(separator: UInt8(ascii: "\n")) {
        let json: JSON
        do throws(JSON.Failure) {
          json = try JSON(Array(line))
        } catch {
          throw reader.problem(.notJSON, "an answer that is no JSON", hint: "check the base URL")
        }
        guard let root = json["Root"] else { continue }
        guard let cid = root["Cid"]?["/"]?.string else { throw reader.missing("Root.Cid") }
        let problem = root["PinErrorMsg"]?.string ?? ""
        roots.append(ImportedCAR.Root(cid: reader.quoted(cid), problem: problem.isEmpty ? nil : reader.quoted(problem)))
      }
      guard !roots.isEmpty else { throw reader.missing("Root") }
      return ImportedCAR(roots: roots)
    }
  }
}
