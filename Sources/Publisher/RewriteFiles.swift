import ContentAddressing
import Files
import HTML

/// For servers that take single files only: pages in an order in which what is linked to goes first, see `PageOrder`. A link to an earlier page
/// becomes that page's gateway URL; a later link becomes the page's address on the site, or where the site has none, text that
/// `LinkScript` makes a link again.
func rewriteForFiles(
  _ traced: TracedTree, of source: EditionSource, _ urls: FileURLs, workers: Int,
  gatewayURL: @escaping @Sendable (CID, String) -> String
) async throws -> AddressedPages {
  let order = try await pageOrder(traced, of: source, urls, workers: workers)
  let links = PageLinks(order: order, tree: source.tree, siteURL: source.url, assets: urls)
  let needsScript = source.url.isEmpty && !order.laterLinks.isEmpty
  let script = needsScript ? try LinkScript(gatewayURL) : nil
  var pageURLs = FileURLs()
  var hashes: [TreePath: CID] = [:]
  var pages: [AddressedContents] = []
  var waves: [Range<Int>] = []
  var listing: (file: AddressedContents, url: String)?
  for wave in order.waves {
    let start = pages.count
    if script != nil, wave.contains(where: { order.paths[$0] == "index.html" }) {
      // Whatever a later link leads to is known by now, but for the front page itself.
      let targets = Set(order.laterLinks.map { order.paths[$0.to] })
      let file = try LinkScript.listing(hashes.filter { targets.contains($0.key) })
      listing = (file, gatewayURL(file.file.cid, file.path.name))
      pages.append(file)
      waves.append(start..<start + 1)
    }
    let known = pageURLs
    let front = listing?.url
    let chunks = try await inParallel(wave.count, workers: workers) { range in
      try wave[range].compactMap { number in
        try links.addressed(number, known, script, listing: front)
      }
    }
    let first = pages.count
    for page in chunks.joined() {
      hashes[page.path] = page.file.cid
      pageURLs.add(page.path, gatewayURL(page.file.cid, page.path.name))
      pages.append(page)
    }
    waves.append(first..<pages.count)
  }
  // Sent as they were hashed, by way of one table of URLs for all of them.
  let all = pageURLs
  let front = listing?.url
  let numbers = Dictionary(uniqueKeysWithValues: order.paths.enumerated().map { ($1, $0) })
  pages = pages.map { page in
    guard let number = numbers[page.path] else { return page }
    return AddressedContents(
      path: page.path, contents: links.contents(number, all, script, listing: front), file: page.file)
  }
  return AddressedPages(
    mode: .files, pages: pages, waves: waves, folder: try folderCID(of: pages),
    order: order, script: script?.file)
}

/// What a script would look for beside its page: where every file has an address of its own, nothing is beside anything.
func filesOutOfReach(_ pages: AddressedPages, _ tree: FileTree) -> [Diagnostic] {
  guard pages.mode == .files else { return [] }
  let linked = Set(pages.order.map { $0.linked } ?? [])
  let alone = pages.pages.map(\.path).filter { path in
    !isPage(path) && !isListing(path) && !linked.contains(path) && tree.contains(path) && path.parent != nil
      && !path.string.hasPrefix(".")
  }
  return Dictionary(grouping: alone, by: \.parent).sorted { $0.value[0] < $1.value[0] }.map { _, files in
    let rest = files.count == 1 ? "" : " and \(files.count - 1) more beside it"
    return Diagnostic(
      .warning, id: "file-out-of-reach",
      "\(files[0])\(rest): no page names it, and a script that looks for it beside its page does not find it where pages are published one by one",
      at: SourceLocation(path: files[0].string), hint: "publish as a folder, or name the file in a page")
  }
}

private func pageOrder(
  _ traced: TracedTree, of source: EditionSource, _ urls: FileURLs, workers: Int
) async throws -> PageOrder {
  let paths = traced.pages
  let (tree, siteURL, links) = (source.tree, source.url, traced.links)
  // The page of each file; nil for those with addresses of their own.
  var pages = [Int?](repeating: nil, count: links.paths.count)
  for (number, path) in paths.enumerated() where urls[path] == nil {
    if let file = links.place(of: path) { pages[file] = number }
  }
  let chunks = try await inParallel(paths.count, workers: workers) { [pages] range in
    try range.map { number -> [Int] in
      guard isPage(paths[number]) || refersToOthers(paths[number]) else { return [] }
      var linked: [Int] = []
      var seen: Set<Int> = [number]
      for (file, kind) in try linkedFiles(of: paths[number], in: tree, siteURL, links)
      where isRewritten(kind, siteURL) {
        if let page = pages[file], seen.insert(page).inserted { linked.append(page) }
      }
      return linked
    }
  }
  let levels = paths.map { path in
    if path == "index.html" { return 2 }
    return !isPage(path) || source.lists.contains(path) ? 1 : 0
  }
  return PageOrder(paths: paths, links: chunks.flatMap(\.self), levels: levels)
}

/// What a link of a page leads to, where it leads to a file of the edition and may be rewritten.
private func pageTarget(
  of found: FoundURL, at page: TreePath, in tree: FileTree, _ siteURL: String
) -> (file: TreePath, fragment: String?, query: String?)? {
  isRewritten(found.kind, siteURL) ? target(of: found, at: page, in: tree, siteURL) : nil
}

/// `canonical` and its like keep the address of the site.
private func isRewritten(_ kind: URLKind, _ siteURL: String) -> Bool { !kind.mustBeAbsolute || siteURL.isEmpty }

/// What becomes of the links of each page.
private struct PageLinks: Sendable {
  let order: PageOrder
  let tree: FileTree
  let siteURL: String
  let assets: FileURLs
  private let numbers: [TreePath: Int]

  init(order: PageOrder, tree: FileTree, siteURL: String, assets: FileURLs) {
    self.order = order
    self.tree = tree
    self.siteURL = siteURL
    self.assets = assets
    numbers = Dictionary(uniqueKeysWithValues: order.paths.enumerated().map { ($1, $0) })
  }

  func addressed(
    _ number: Int, _ urls: FileURLs, _ script: LinkScript?, listing: String?
  ) throws -> AddressedContents? {
    let path = order.paths[number]
    guard tree.contains(path) else { return nil }
    let contents = contents(number, urls, script, listing: listing)
    return AddressedContents(path: path, contents: contents, file: try address(contents, profile: .v0))
  }

  func contents(_ number: Int, _ urls: FileURLs, _ script: LinkScript?, listing: String?) -> FileContents {
    let path = order.paths[number]
    guard let written = tree[path] else { preconditionFailure("bug: \(path) is no file of the edition") }
    guard isPage(path) else {
      guard refersToOthers(path) else { return written }
      return .made {
        rewriteFile(path, try written.bytes()) { found in
          switch edit(found, of: number, urls) {
          case .keep: nil
          case .replace(let url): url
          // Here nothing can be set aside: it leads to the file itself.
          case .setAside: ""
          }
        }
      }
    }
    return .made {
      let bytes = assets.withIntegrity(editHTML(try written.bytes()) { edit($0, of: number, urls) })
      guard let script else { return bytes }
      return script.added(to: bytes, listing: path == "index.html" ? listing : nil)
    }
  }

  private func edit(_ found: FoundURL, of number: Int, _ urls: FileURLs) -> URLEdit {
    let page = order.paths[number]
    if let url = assetURL(found, at: page, in: tree, siteURL, assets) { return .replace(url) }
    guard let target = pageTarget(of: found, at: page, in: tree, siteURL), let its = numbers[target.file] else {
      return .keep
    }
    let fragment = target.fragment.map { "#" + percentEncoded($0) } ?? ""
    if its == number { return found.url.hasPrefix("#") ? .keep : .replace(fragment.isEmpty ? "#" : fragment) }
    if order.isDirect(from: number, to: its) {
      guard let url = urls[target.file] else {
        preconditionFailure("bug: \(target.file) is linked to before it is hashed")
      }
      return .replace(url + (target.query.map { "&" + $0 } ?? "") + fragment)
    }
    if siteURL.isEmpty { return .setAside(target.file.urlEncoded + fragment) }
    return .replace(siteURL + "/" + stablePath(target.file) + (target.query.map { "?" + $0 } ?? "") + fragment)
  }

  /// `posts/a/` for `posts/a/index.html`.
  private func stablePath(_ path: TreePath) -> String {
    let text = path.urlEncoded
    return path.name == "index.html" ? String(text.dropLast("index.html".count)) : text
  }
}
