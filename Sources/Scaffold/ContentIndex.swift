import Files

/// The content of the new site, to find a page by how another generator names it.
struct ContentIndex {
  private let paths: Set<String>
  /// Paths by the name of the file, or of the bundle's folder, without extension.
  private let byName: [String: [String]]

  /// - Parameter content: paths that begin with `content/`.
  init(_ content: [String]) {
    paths = Set(content)
    var byName: [String: [String]] = [:]
    for path in content where isMarkdown(path) {
      let stem = withoutExtension(fileName(path))
      byName[stem == "index" || stem == "_index" ? fileName(folder(of: path)) : stem, default: []].append(path)
    }
    self.byName = byName
  }

  var names: some Sequence<String> { byName.keys }

  func contains(_ path: String) -> Bool { paths.contains(path) }

  /// Resolves as Hugo's `ref`: from the site's content where it begins with a slash, else from the page's folder, else by its name alone
  /// where that is unique. A fragment stays.
  ///
  /// - Parameter page: begins with `content/`.
  /// - Returns: a link relative to the page's file.
  func reference(to target: String, from page: String) -> String? {
    let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let fragment = parts.count > 1 ? "#" + parts[1] : ""
    guard let path = parts.first, !path.isEmpty else { return fragment.isEmpty ? nil : fragment }
    guard let found = find(String(path), from: page) else { return nil }
    return Scaffold.reference(to: found, from: page).map { $0 + fragment }
  }

  private func find(_ target: String, from page: String) -> String? {
    let here = folder(of: page)
    var bases = target.hasPrefix("/") ? [] : [joined(here, target)]
    bases.append(joined("content", String(target.drop { $0 == "/" })))
    for base in bases.compactMap(\.self) {
      let isFile = isMarkdown(base)
      let stem = isFile ? withoutExtension(base) : base
      let candidates = [base, base + ".md", stem + ".md", stem + "/index.md", stem + "/_index.md", stem + ".en.md"]
      if let found = candidates.first(where: { paths.contains($0) }) { return found }
    }
    guard !target.dropFirst().contains("/") else { return nil }
    let name = target.hasPrefix("/") ? String(target.dropFirst()) : target
    let named = byName[isMarkdown(name) ? withoutExtension(name) : name] ?? []
    return named.count == 1 ? named.first : nil
  }
}
