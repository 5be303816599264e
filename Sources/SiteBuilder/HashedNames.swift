import ContentAddressing
import Files
import HTML
import Synchronization

/// Names that hold a hash of the bytes: what a browser has kept under such a name is never out of date.
final class HashedNames: Sendable {
  fileprivate struct Name: Sendable {
    let path: TreePath
    let integrity: String
    /// What the bytes were made from: a style sheet's own links are in them.
    let dependencies: TextDependencies
  }

  fileprivate let known = Mutex<[TreePath: Name]>([:])
}

extension Site {
  /// Whether the file has a second name in the output, with a hash in it: style sheets and scripts have, where the configuration says so.
  func hasHashedName(_ path: TreePath) -> Bool {
    configuration.fingerprint && ["css", "js", "mjs"].contains(path.fileExtension.lowercased())
  }

  /// `site.3f2a9c01b7de.css` for `site.css`; nil where it has no such name.
  func hashedName(of path: TreePath) -> TreePath? { name(of: path)?.path }

  /// What pages say of the bytes of a style sheet or script: `sha256-…`; nil for other files.
  func integrity(of path: TreePath) -> String? { name(of: path)?.integrity }

  private func name(of path: TreePath) -> HashedNames.Name? {
    guard hasHashedName(path), let file = outputs[path] else { return nil }
    if case .asset(let asset) = file { Dependencies.current?.add(.file(asset.path.fingerprint)) }
    let known = hashedNames.known.withLock { $0[path] }
    guard let name = known ?? madeName(of: file, at: path) else { return nil }
    // Whoever asks, first or not, depends on all of it.
    Dependencies.current?.add(name.dependencies)
    return name
  }

  private func madeName(of file: OutputFile, at path: TreePath) -> HashedNames.Name? {
    let dependencies = Dependencies()
    guard let bytes = try? dependencies.recording({ try contents(of: file, at: path) }) else { return nil }
    let digest = SHA256Digest(of: bytes)
    guard let name = TreePath("\(path.stem).\(digest.hex.prefix(12)).\(path.fileExtension)") else { return nil }
    let hashed = HashedNames.Name(
      path: path.parent?.appending(name) ?? name, integrity: digest.integrity,
      dependencies: TextDependencies(dependencies))
    hashedNames.known.withLock { $0[path] = hashed }
    return hashed
  }
}

extension Site {
  /// The bytes that a style sheet or script is written with; nil for other files.
  fileprivate func contents(of file: OutputFile, at path: TreePath) throws -> [UInt8]? {
    switch file {
    case .asset(let asset): try assetContents(asset, at: path)
    case .generated(let bytes): configuration.minify.minified(bytes, at: path)
    default: nil
    }
  }
}

/// Style sheets and scripts → the output, once more under the names that hold their hashes.
///
/// - Throws: `FileError`.
func writeHashedNames(_ site: Site, _ plan: Plan, into output: some Output) throws -> [WrittenFile] {
  var written: [WrittenFile] = []
  for path in site.outputs.keys.filter(site.hasHashedName).sorted() {
    guard let file = site.outputs[path], let name = site.hashedName(of: path) else { continue }
    if let before = plan.pictures[name] {
      try output.keep(name)
      written.append(before)
    } else if let bytes = try site.contents(of: file, at: path) {
      try output.write(bytes, to: name)
      written.append(WrittenFile(path: name, size: bytes.count))
    }
  }
  return written
}

extension URLKind {
  /// Whether a page names the file by its hash, where it has such a name. What is loaded ahead must have the name that it is used by.
  var takesHashedName: Bool { loadsCode || self == .preload || self == .modulePreload }

  /// Whether the file is a style sheet or a script, and is used.
  var loadsCode: Bool { self == .stylesheet || self == .script || self == .moduleScript }
}
