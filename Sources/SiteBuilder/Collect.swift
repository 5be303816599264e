import Files
import HTML

/// Stage 7: assets → the output, byte for byte. Style sheets and pages among them are read for the links in them.
///
/// - Throws: `FileError`.
func collect(_ site: Site, into output: some Output, workers: Int) async throws -> [WrittenFile] {
  let jobs = site.outputs.compactMap { path, file -> (TreePath, Inventory.File)? in
    if case .asset(let file) = file { (path, file) } else { nil }
  }
  return try await write(jobs.sorted { $0.0 < $1.0 }, workers: workers) { path, file in
    try output.copy(file, to: path)
    switch path.fileExtension.lowercased() {
    case "css": return try styleSheet(file, at: path, site)
    case "html", "htm": return try page(file, at: path, site)
    default: return WrittenFile(path: path, size: file.size)
    }
  }
}

private func styleSheet(_ file: Inventory.File, at path: TreePath, _ site: Site) throws -> WrittenFile {
  let source = SourceText(path: file.path.string, bytes: try readFile(file.diskPath))
  var written = WrittenFile(path: path, size: file.size)
  scanCSS(source.bytes) { found in
    guard case .refused(let id, let message, let hint) = site.target(of: found.url, shownAt: path) else { return }
    written.contentProblems.append(
      LinkProblem(
        url: found.url,
        diagnostic: source.diagnostic(
          id: id, message, at: found.range.lowerBound, length: found.range.count, hint: hint)))
  }
  return written
}

/// A page that was written by hand: it is published as it is.
private func page(_ file: Inventory.File, at path: TreePath, _ site: Site) throws -> WrittenFile {
  let source = SourceText(path: file.path.string, bytes: try readFile(file.diskPath))
  var visitor = PageVisitor(site: site, path: path)
  scanHTML(source.bytes, visitor: &visitor)
  var written = WrittenFile(path: path, size: file.size)
  written.anchors = visitor.anchors
  written.fragments = visitor.fragments
  scanHTML(source.bytes) { found in
    guard case .refused(let id, let message, let hint) = site.target(of: found.url, shownAt: path) else { return }
    written.contentProblems.append(
      LinkProblem(
        url: found.url,
        diagnostic: source.diagnostic(
          id: id, message, at: found.range.lowerBound, length: found.range.count, hint: hint)))
  }
  return written
}
