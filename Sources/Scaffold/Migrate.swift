import Files

/// The programs whose sites can move in.
public enum Generator: String, Sendable, CaseIterable {
  case hugo, zola, jekyll

  public var name: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}

/// One thing that a writer who moves in should know.
public struct MigrationNote: Sendable, Hashable {
  public enum Severity: String, Sendable, CaseIterable {
    /// Is not in the new site, or does nothing there.
    case lost
    /// Is written in another way.
    case converted
    /// Is there as it was, and means something only to templates of one's own.
    case kept
  }

  public var severity: Severity
  /// In the old site; line 0 where a whole file or folder is meant.
  public var location: SourceLocation
  public var what: String
  public var hint: String?
  /// In how many places; `location` is the first of them.
  public var count = 1
}

/// A site that moved in.
public struct Migration: Sendable {
  public let generator: Generator
  /// The new site; files that did not change are references to the old site's.
  public let files: FileTree
  /// What was lost first, then what was converted, then what was kept; each by place.
  public let notes: [MigrationNote]
  /// Markdown files below `content/`.
  public let pages: Int
  /// Files below `static/`, and those beside pages.
  public let assets: Int

  /// In how many places something of this kind happened.
  public func count(_ severity: MigrationNote.Severity) -> Int {
    notes.reduce(0) { $0 + ($1.severity == severity ? $1.count : 0) }
  }
}

/// The program that a site was made for; nil where none is recognised.
///
/// Hugo and Zola share the name `config.toml`: Zola's has `base_url`, Hugo's `baseURL`.
public func generator(of site: FileTree) -> Generator? {
  let hugo = ["hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "config.yaml", "config.yml", "config.json"]
  if hugo.contains(where: { has(site, $0) }) { return .hugo }
  if let bytes = try? site.bytes(of: "config.toml") {
    let keys = Set(tomlStatements(bytes[...]).filter { $0.table.isEmpty }.map(\.key))
    return keys.contains("base_url") ? .zola : .hugo
  }
  if site.paths.contains(where: { $0.string.hasPrefix("config/_default/") }) { return .hugo }
  if has(site, "_config.yml") || has(site, "_config.yaml") || has(site, "_config.toml") { return .jekyll }
  return site.paths.contains { $0.string.hasPrefix("_posts/") } ? .jekyll : nil
}

private func has(_ site: FileTree, _ path: String) -> Bool { TreePath(path).map { site.contains($0) } ?? false }

/// Makes a site of ours from one of Hugo's, Zola's or Jekyll's. What cannot move is in the notes.
///
/// - Parameters:
///   - title: that of the new site, where it shall have another one.
///   - symbolicLinks: those of the old site, which are not in `site`.
/// - Throws: a `Diagnostic` where the old configuration is not well formed, `ScaffoldError.noGenerator`, and whatever reading a file throws.
public func migrate(_ site: FileTree, title: String? = nil, symbolicLinks: [String] = []) throws -> Migration {
  guard let generator = generator(of: site) else { throw ScaffoldError.noGenerator("the folder") }
  var draft: Draft
  switch generator {
  case .hugo: draft = try HugoSite(site).draft()
  case .zola: draft = try ZolaSite(site).draft()
  case .jekyll: draft = try JekyllSite(site).draft()
  }
  if let title { draft.setTitle(title) }
  for path in symbolicLinks {
    draft.note(.lost, at: path, "symbolic links are not followed", hint: "copy what it leads to into its place")
  }
  draft.finish(generator)
  let order = MigrationNote.Severity.allCases
  func key(_ note: MigrationNote) -> (Int, String, Int, Int) {
    (order.firstIndex(of: note.severity) ?? 0, note.location.path, note.location.line, note.location.column)
  }
  let notes = draft.notes.enumerated().sorted { left, right in
    key(left.element) != key(right.element)
      ? key(left.element) < key(right.element) : left.offset < right.offset
  }
  return Migration(
    generator: generator, files: draft.files, notes: notes.map(\.element), pages: draft.pages, assets: draft.assets)
}
