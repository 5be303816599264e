import ContentAddressing
import Files
import SiteBuilder
import Testing

/// What came of building a site: a tree, or why there is none.
struct SiteBuild: Sendable {
  /// Nil where the build stopped.
  var tree: FileTree?
  var diagnostics: [Diagnostic] = []
  /// `SiteError`, `FileError`: what is no diagnostic.
  var failure: String?

  /// - Throws: what no build may throw.
  init(_ options: BuildOptions) async throws {
    let folder = options.folder
    do {
      let (tree, report) = try await buildTree(options)
      self.tree = tree
      diagnostics = report.warnings
    } catch let several as Diagnostics {
      diagnostics = several.all
    } catch let error as SiteError {
      failure = "\(error)\n  hint: \(error.hint)"
    } catch let error as FileError {
      failure = "\(error)"
    }
    let real = realPath(folder) ?? folder
    func cleaned(_ text: String) -> String { text.replacing(real, with: "SITE").replacing(folder, with: "SITE") }
    failure = failure.map(cleaned)
    for index in diagnostics.indices {
      diagnostics[index].message = cleaned(diagnostics[index].message)
      diagnostics[index].notes = diagnostics[index].notes.map(cleaned)
    }
  }

  init(_ folder: String, workers: Int) async throws {
    try await self.init(BuildOptions(folder: folder, workers: workers))
  }

  /// All diagnostics as golden cases hold them: a line each, hint and notes below.
  var printedDiagnostics: String {
    var text = diagnostics.map(Self.printed).joined()
    if let failure { text += failure + "\n" }
    return text
  }

  static func printed(_ diagnostic: Diagnostic) -> String {
    var place = "-"
    if let location = diagnostic.location { place = "\(location.path):\(location.line):\(location.column)" }
    var text = "\(place) \(diagnostic.severity.rawValue) \(diagnostic.id) \(diagnostic.message)\n"
    if let hint = diagnostic.hint { text += "  hint: \(hint)\n" }
    for note in diagnostic.notes { text += "  note: \(note)\n" }
    return text
  }

  func text(of path: String) throws -> String? {
    guard let path = TreePath(path), let bytes = try tree?.bytes(of: path) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The CID of the output; nil where there is none.
  func root() throws -> String? {
    try tree.map { try address($0, profile: .v0).root.cid.text }
  }
}

/// A place is one: the line is there, the column is in it, and the line quoted is that line.
func checkPlace(_ diagnostic: Diagnostic, in site: String, _ name: String) throws {
  guard let location = diagnostic.location, location.line > 0 else { return }
  guard let bytes = try? readFile(site + "/" + location.path) else { return }
  let source = SourceText(path: location.path, bytes: bytes).withoutByteOrderMark
  let line = source.line(location.line)
  #expect(line != nil, "\(name): \(diagnostic)")
  // The line's end may be one beyond its last byte, with the line end that is not shown.
  #expect(location.column <= (line ?? "").utf8.count + 2, "\(name): \(diagnostic)")
  if let quoted = diagnostic.sourceLine { #expect(quoted == line, "\(name): \(diagnostic)") }
}
