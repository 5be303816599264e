import Files

/// The content of the new site, to find a page by how another generator names it.
struct ContentIndex {
  private let paths: Set<String>
  private let pathsInLowerCase: Set<String>
  private let folders: Set<String>
  /// Paths by the name of the file, or of the bundle's folder, without extension.
  private let byName: [String: [String]]
  /// Paths of pages by themselves in small letters and without what names a language.
  private let byPlainPath: [String: String]
  /// Paths of pages by their address, without slashes at its ends.
  private let byAddress: [String: String]

  /// - Parameters:
  ///   - content: paths that begin with `content/`.
  ///   - languages: what may stand before the extension of a page: `about.de.md`.
  init(_ content: [String], languages: [String] = []) {
    paths = Set(content)
    pathsInLowerCase = Set(content.map { $0.lowercased() })
    var folders: Set<String> = []
    for path in content {
      var folder = folder(of: path)
      while !folder.isEmpty, folders.insert(folder).inserted { folder = Scaffold.folder(of: folder) }
    }
    self.folders = folders
    var byName: [String: [String]] = [:]
    var byPlainPath: [String: String] = [:]
    var byAddress: [String: String] = [:]
    for path in content where isMarkdown(path) {
      let stem = withoutExtension(fileName(path))
      let isIndex = stem == "index" || stem == "_index"
      byName[isIndex ? fileName(folder(of: path)) : stem, default: []].append(path)
      let address = (isIndex ? folder(of: path) : withoutExtension(path)).dropFirst("content/".count)
      byAddress[address.lowercased()] = byAddress[address.lowercased()] ?? path
      var plain = withoutExtension(path).lowercased()
      if let dot = plain.lastIndex(of: "."), languages.contains(String(plain[plain.index(after: dot)...])) {
        plain = String(plain[..<dot])
      }
      byPlainPath[plain + ".md"] = byPlainPath[plain + ".md"] ?? path
    }
    self.byName = byName
    self.byPlainPath = byPlainPath
    self.byAddress = byAddress
  }

  /// What a link that is read from the address of a page, as browsers do, becomes where it would lead elsewhere from the page's file.
  ///
  /// - Parameters:
  ///   - page: begins with `content/`, and is no index of a folder.
  ///   - address: that of the page, where its front matter says it.
  func pageLink(_ link: String, from page: String, at address: String?) -> String? {
    guard let (path, suffix) = pathOfLink(link), !path.hasPrefix("/"), !isMarkdown(fileName(path)) else { return nil }
    let here = address ?? String(withoutExtension(page).dropFirst("content/".count)) + "/"
    let base = here.hasSuffix("/") ? here : folder(of: here)
    guard let shown = joined(base, path), let meant = byAddress[shown.lowercased()] else { return nil }
    guard let file = joined(folder(of: page), path) else { return nil }
    let read = ["/_index.md", "/index.md"].map { file + $0 }.first { paths.contains($0) }
    // The top folders are sections without a page of their own, too.
    let isSection = read != nil || file.pathParts.count == 2 && !paths.contains(file)
    guard isSection, read != meant else { return nil }
    return Scaffold.reference(to: meant, from: page).map { $0 + suffix }
  }

  /// What a link becomes that names a page beside its own without the extension, as Hugo's hook for links looks for pages: `other/`.
  func namedLink(_ link: String, from page: String) -> String? {
    guard let (path, suffix) = pathOfLink(link), !path.hasPrefix("/"), !isMarkdown(fileName(path)),
      let file = joined(folder(of: page), path), paths.contains(file + ".md"), !paths.contains(file)
    else { return nil }
    return Scaffold.reference(to: file + ".md", from: page).map { $0 + suffix }
  }

  var names: some Sequence<String> { byName.keys }

  func contains(_ path: String) -> Bool { paths.contains(path) }

  /// Whether there is `about` in a language: `de/about.md`, `about.de.md`, or a folder with an index or other pages.
  func isPage(_ path: String, of language: String) -> Bool {
    let inFolder = ["\(path).md", "\(path)/_index.md", "\(path)/index.md"]
    let names =
      inFolder.map { "content/\(language)/\($0)" }
      + inFolder.map { "content/" + withoutExtension($0) + ".\(language).md" }
    return names.contains { pathsInLowerCase.contains($0) } || folders.contains("content/\(language)/\(path)")
  }

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
      let isFile = isMarkdown(base) || ["mdown", "html", "htm"].contains(fileExtension(base))
      let stem = isFile ? withoutExtension(base) : base
      let candidates = [base, base + ".md", stem + ".md", stem + "/index.md", stem + "/_index.md", stem + ".en.md"]
      if let found = candidates.first(where: { paths.contains($0) }) { return found }
      if let found = candidates.lazy.compactMap({ byPlainPath[$0.lowercased()] }).first { return found }
    }
    guard !target.dropFirst().contains("/") else { return nil }
    let name = target.hasPrefix("/") ? String(target.dropFirst()) : target
    let named = byName[isMarkdown(name) ? withoutExtension(name) : name] ?? []
    return named.count == 1 ? named.first : nil
  }
}
