import Files
import HTML

/// How the files of an edition divide, and what refers to what.
struct TracedTree: Sendable {
  /// What is addressed by its own hash, each after all that it refers to; otherwise in the order in which pages refer to them.
  var assets: [TreePath]
  /// All other files, sorted: pages, feeds, and what cannot be addressed alone.
  var pages: [TreePath]
  /// Why files that look like assets stay with the pages.
  var warnings: [Diagnostic]
  let links: PlainLinks
}

/// Stage 9: finds every asset that a page, a feed, a style sheet, a drawing or a module refers to, in the order of reference.
///
/// - Throws: `FileError`.
func trace(_ tree: FileTree, siteURL: String, workers: Int) async throws -> TracedTree {
  let links = PlainLinks(tree, siteURL: siteURL)
  let pages = links.paths.filter { isPage($0) || isListing($0) }
  // The front page first: what it shows is what readers want first.
  let inOrder = pages.filter { $0 == "index.html" } + pages.filter { $0 != "index.html" }
  let chunks = try await inParallel(inOrder.count, workers: workers) { range in
    var found: (assets: [Int], folders: [String: TreePath]) = ([], [:])
    var seen: Set<Int> = []
    for page in inOrder[range] {
      let linked = try linkedFiles(of: page, in: tree, siteURL, links)
      for (file, kind) in linked.files
      where links.isAsset(file) && kind != .feed && kind != .manifest && seen.insert(file).inserted {
        found.assets.append(file)
      }
      for folder in linked.moduleFolders where found.folders[folder] == nil { found.folders[folder] = page }
    }
    return found
  }
  var order = AssetOrder(tree: tree, siteURL: siteURL)
  for chunk in chunks { order.moduleFolders.merge(chunk.folders) { first, _ in first } }
  for asset in chunks.flatMap(\.assets) { try order.visit(links.paths[asset]) }
  return order.traced(links)
}

/// The file of `tree` that a URL of the file at `path` leads to, and the URL's fragment; nil for other hosts and for what is not there.
///
/// Absolute URLs below the site's own address count as the site's.
func target(
  of found: FoundURL, at path: TreePath, in tree: FileTree, _ siteURL: String
) -> (file: TreePath, fragment: String?, query: String?)? {
  if found.isModuleFolder { return nil }
  var url = found.url
  if !siteURL.isEmpty, found.kind.isAsset, url.hasPrefix(siteURL + "/") { url = String(url.dropFirst(siteURL.count)) }
  let reference = Reference.resolve(url, in: path)
  guard case .file(_, let query, let fragment) = reference else { return nil }
  guard let file = reference.indexCandidates.first(where: { tree.contains($0) }) else { return nil }
  return (file, fragment, query)
}

/// The gateway URL of the asset that a URL of the file at `path` leads to, fragment included; nil where it leads to no asset.
func assetURL(
  _ found: FoundURL, at path: TreePath, in tree: FileTree, _ siteURL: String, _ urls: FileURLs
) -> String? {
  target(of: found, at: path, in: tree, siteURL).flatMap { assetURL(of: $0, urls) }
}

func assetURL(of target: (file: TreePath, fragment: String?, query: String?), _ urls: FileURLs) -> String? {
  urls[target.file].map { $0 + (target.fragment.map { "#" + percentEncoded($0) } ?? "") }
}

/// Puts assets behind what they refer to. A circle cannot be addressed by hash: its files, and all that refer to them, stay with the pages.
private struct AssetOrder {
  let tree: FileTree
  let siteURL: String
  /// Scripts look for files below them by names that are put together: they have to stay where they are. With the first page whose import map
  /// says so.
  var moduleFolders: [String: TreePath] = [:]
  private var ordered: [TreePath] = []
  private var state: [TreePath: State] = [:]
  private var references: [TreePath: [TreePath]] = [:]
  private var unaddressable: [TreePath: String] = [:]

  private enum State {
    /// On the way to what it refers to, at this place.
    case open(at: Int)
    case done
  }

  init(tree: FileTree, siteURL: String) {
    self.tree = tree
    self.siteURL = siteURL
  }

  mutating func visit(_ root: TreePath) throws {
    guard state[root] == nil else { return }
    // Depth first without recursion: style sheets may import each other as deeply as they like.
    var stack: [Step] = []
    try open(root, at: 0)
    stack.append(Step(path: root))
    while let top = stack.last {
      let last = stack.count - 1
      let targets = references[top.path] ?? []
      guard top.next < targets.count else {
        state[top.path] = .done
        ordered.append(top.path)
        stack.removeLast()
        if let circle = top.circle {
          unaddressable[top.path] = circle.reason
          // It began further up: whoever refers to this one is in it.
          if circle.start < last { stack[last - 1].join(circle) }
        }
        continue
      }
      stack[last].next += 1
      let target = targets[top.next]
      switch state[target] {
      case .done: continue
      case .open(let start):
        if start < top.circle?.start ?? .max { stack[last].join((start, reason(stack[start...]))) }
      case nil:
        try open(target, at: stack.count)
        stack.append(Step(path: target))
      }
    }
  }

  /// A file whose references are being followed.
  private struct Step {
    let path: TreePath
    var next = 0
    /// The circle that it is in, with the place where it begins, the furthest up of those that were found.
    var circle: (start: Int, reason: String)?

    mutating func join(_ other: (start: Int, reason: String)) {
      if other.start < circle?.start ?? .max { circle = other }
    }
  }

  /// One text for all that are in a circle, which may be long.
  private func reason(_ circle: ArraySlice<Step>) -> String {
    let names = circle.prefix(5).map(\.path.string).joined(separator: " → ")
    return "it refers to itself through \(names)" + (circle.count > 5 ? " and \(circle.count - 5) more" : "")
  }

  private mutating func open(_ path: TreePath, at place: Int) throws {
    state[path] = .open(at: place)
    if let folder = moduleFolder(of: path), let page = moduleFolders[folder] {
      unaddressable[path] = "the import map of \(page) names the folder \(folder)"
    }
    guard refersToOthers(path), let bytes = try tree.bytes(of: path) else { return }
    if ["js", "mjs"].contains(path.fileExtension.lowercased()), let built = builtURL(inModule: bytes) {
      unaddressable[path] = "it finds other files by its own address (\(built.kind.rawValue), line \(built.line))"
    }
    var targets: [TreePath] = []
    var seen: Set<TreePath> = []
    scanFile(path, bytes) { found in
      guard let target = target(of: found, at: path, in: tree, siteURL)?.file, target != path else { return }
      if isPage(target) {
        unaddressable[path] = "it links to the page \(target)"
      } else if seen.insert(target).inserted {
        targets.append(target)
      }
    }
    references[path] = targets
  }

  private func moduleFolder(of path: TreePath) -> String? {
    if moduleFolders.isEmpty { return nil }
    var folder = path.parent
    while let next = folder {
      if moduleFolders[next.string + "/"] != nil { return next.string + "/" }
      folder = next.parent
    }
    return nil
  }

  mutating func traced(_ links: PlainLinks) -> TracedTree {
    var isSettled = false
    while !isSettled {
      isSettled = true
      for path in ordered where unaddressable[path] == nil {
        guard let target = references[path]?.first(where: { unaddressable[$0] != nil }) else { continue }
        unaddressable[path] = "it refers to \(target), which stays there too"
        isSettled = false
      }
    }
    let assets = ordered.filter { unaddressable[$0] == nil }
    let addressed = Set(assets)
    let warnings = unaddressable.sorted { $0.key < $1.key }.map { path, reason in
      Diagnostic(
        .warning, id: "asset-with-pages", "\(path) is published with the pages, not by its own hash: \(reason)",
        at: SourceLocation(path: path.string))
    }
    return TracedTree(
      assets: assets, pages: links.paths.filter { !addressed.contains($0) }, warnings: warnings, links: links)
  }
}
