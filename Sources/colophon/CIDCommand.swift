import ArgumentParser
import ContentAddressing
import Files

struct CIDCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cid",
    abstract: "Print the CID of a file or folder, as `ipfs add` would give it.",
    discussion: """
      Nothing is sent anywhere. Profiles: v0 is Kubo's default and dStor's (CIDv0, 256 KiB chunks); v1 is --cid-version=1 (raw leaves); \
      v1_2025 is unixfs-v1-2025 (1 MiB chunks). Names that begin with a dot are left out of folders.
      """)

  @Argument(help: "Files and folders.", completion: .file())
  var paths: [String]

  @Option(name: .long, help: "v0, v1 or v1_2025.")
  var profile = "v0"

  @Flag(name: .long, help: "Print every file and folder below, not only the root.")
  var all = false

  @Flag(name: .long, help: "Print one JSON object on standard output.")
  var json = false

  func run() async throws {
    try await reportingFailure(json: json) {
      guard let profile = UnixFSProfile(named: profile) else {
        throw UsageError(
          message: "\(self.profile) is no profile",
          hint: suggestion(for: self.profile, among: UnixFSProfile.names).map { "did you mean \($0)?" }
            ?? "profiles: \(UnixFSProfile.names.joined(separator: ", "))")
      }
      var rows: [CIDRow] = []
      for path in paths { rows += try self.rows(of: path, profile) }
      if json {
        try printJSON(["entries": rows])
      } else if rows.count == 1 {
        Terminal.output.print(rows[0].cid)
      } else {
        for row in rows { Terminal.output.print("\(row.cid)  \(row.path)") }
      }
    }
  }

  private func rows(of path: String, _ profile: UnixFSProfile) throws -> [CIDRow] {
    if fileSize(path) != nil {
      let file = try address(fileAt: path, profile: profile)
      return [CIDRow(path: path, cid: file.cid.text, size: file.size)]
    }
    let tree = try address(FileTree(folder: path), profile: profile)
    let root = CIDRow(path: path, cid: tree.root.cid.text, size: tree.root.size)
    guard all else { return [root] }
    let inside = (tree.files + tree.directories).sorted { $0.path < $1.path }
    let folder = path.hasSuffix("/") ? path : path + "/"
    return inside.map { CIDRow(path: folder + $0.path.string, cid: $0.link.cid.text, size: $0.link.size) } + [root]
  }
}

private struct CIDRow: Encodable {
  let path: String
  let cid: String
  /// Cumulative: of the whole DAG, as `ipfs add` says it.
  let size: Int
}
