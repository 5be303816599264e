import Files
import HTML

/// Stage 7: assets → the output, byte for byte but for what `minify` names; style sheets and pages among them are read for the links in them.
/// The pictures that pages asked for are made of theirs.
///
/// - Parameter cache: of such pictures; nil keeps none.
/// - Throws: `FileError`.
func collect(
  _ renderer: SiteRenderer, _ plan: Plan, _ cache: ImageCache?, into output: some Output, workers: Int
) async throws -> [WrittenFile] {
  let site = renderer.site
  let assets = site.files.filter { _, file in
    if case .asset = file { true } else { false }
  }
  let copied = try await write(assets, renderer, plan, to: output, workers: workers) { path, file in
    guard case .asset(let file) = file else { preconditionFailure("bug: only assets are collected here") }
    Dependencies.current?.add(.file(file.path.fingerprint))
    let kind = path.fileExtension.lowercased()
    let minify = site.configuration.minify
    if kind == "js" || kind == "mjs", minify.applies(to: path) {
      let bytes = minify.minified(try readFile(file.diskPath), at: path)
      try output.write(bytes, to: path)
      return WrittenFile(path: path, size: bytes.count)
    }
    guard kind == "css" || kind == "html" || kind == "htm" else {
      try output.copy(file, to: path)
      return WrittenFile(path: path, size: file.size)
    }
    var asset = LinkedAsset(file, at: path, site, bytes: try readFile(file.diskPath))
    let bytes = kind == "css" ? asset.styleSheet() : asset.page()
    if let bytes { try output.write(bytes, to: path) } else { try output.copy(file, to: path) }
    return asset.written
  }
  let made = try await makeImages(site, plan, cache, into: output, workers: workers)
  let cards = try await drawCards(renderer, plan, cache, into: output, workers: workers)
  return try copied + made + cards + writeHashedNames(site, plan, into: output)
}

extension Site {
  /// The bytes that a style sheet or script of the site is written with.
  ///
  /// - Throws: `FileError`.
  func assetContents(_ file: Inventory.File, at path: TreePath) throws -> [UInt8] {
    let bytes = try readFile(file.diskPath)
    guard path.fileExtension.lowercased() == "css" else { return configuration.minify.minified(bytes, at: path) }
    var sheet = LinkedAsset(file, at: path, self, bytes: bytes)
    return sheet.styleSheet() ?? bytes
  }
}

/// A style sheet or a page that was written by hand: published as it is, but for URLs that begin at the root of the site. They become
/// relative, since the output may stand anywhere.
private struct LinkedAsset {
  private let source: SourceText
  private let site: Site
  private(set) var written: WrittenFile

  init(_ file: Inventory.File, at path: TreePath, _ site: Site, bytes: [UInt8]) {
    source = SourceText(path: file.path.string, bytes: bytes)
    self.site = site
    written = WrittenFile(path: path, size: bytes.count)
  }

  /// The bytes to write; nil where they are the file's own.
  mutating func styleSheet() -> [UInt8]? {
    let bytes = rewriteCSS(source.bytes) { url($0) }
    return changed(site.configuration.minify.minified(bytes, at: written.path))
  }

  /// The bytes to write; nil where they are the file's own.
  mutating func page() -> [UInt8]? {
    var visitor = PageVisitor(site: site, path: written.path, addsAttributes: false)
    scanHTML(source.bytes, visitor: &visitor)
    written.anchors = visitor.anchors.sorted()
    written.fragments = visitor.fragments
    let bytes = rewriteHTML(source.bytes) { url($0) }
    return changed(bytes)
  }

  private mutating func changed(_ bytes: [UInt8]) -> [UInt8]? {
    written.size = bytes.count
    return bytes == source.bytes ? nil : bytes
  }

  private mutating func url(_ found: FoundURL) -> String? {
    if found.isModuleFolder { return site.reference(toFolder: found.url, from: written.path) }
    switch site.target(of: found.url, shownAt: written.path) {
    case .elsewhere: return nil
    case .output(_, let url): return found.url.hasPrefix("/") ? site.reference(to: url, from: written.path) : nil
    case .refused(let id, let message, let hint):
      if found.mayLeadNowhere { return site.reference(toFolder: found.url, from: written.path) }
      written.contentProblems.append(
        LinkProblem(
          url: found.url,
          diagnostic: source.diagnostic(
            id: id, message, at: found.range.lowerBound, length: found.range.count, hint: hint)))
      return nil
    }
  }
}
