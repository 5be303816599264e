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
  var links = PageLinks(order: order, tree: source.tree, siteURL: source.url, assets: urls)
  let needsScript = source.url.isEmpty && !order.laterLinks.isEmpty
  let script = needsScript ? try LinkScript(gatewayURL) : nil
  var pageURLs = FileURLs()
  var hashes: [TreePath: CID] = [:]
  var addressed: [AddressedWave] = []
  var listing: (file: AddressedContents, url: String)?
  for wave in order.waves {
    var result = AddressedWave(links: links)
    if script != nil, wave.contains(where: { order.paths[$0] == "index.html" }) {
      // Whatever a later link leads to is known by now, but for the front page itself.
      let targets = Set(order.laterLinks.map { order.paths[$0.to] })
      let file = try LinkScript.listing(hashes.filter { targets.contains($0.key) })
      listing = (file, gatewayURL(file.file.cid, file.path.name))
      result.listing = file
    }
    // Nothing keeps the table of URLs beyond its wave: it would be copied for each.
    let chunks = try await inParallel(wave.count, workers: workers) { [links, pageURLs, url = listing?.url] range in
      try wave[range].map { number in
        (number, try address(links.contents(number, pageURLs, script, listing: url), profile: .v0))
      }
    }
    result.pages = chunks.flatMap(\.self)
    for (number, file) in result.pages {
      let path = order.paths[number]
      if mayHaveIntegrity(path), let built = try source.tree.bytes(of: path) {
        links.assets.addIntegrity(of: links.rewritten(built, number, pageURLs), before: built)
      }
      hashes[path] = file.cid
      pageURLs.add(path, gatewayURL(file.cid, path.name))
    }
    addressed.append(result)
  }
  // Sent as they were hashed, by way of one table of URLs for all of them.
  var pages: [AddressedContents] = []
  var waves: [Range<Int>] = []
  for wave in addressed {
    if let listing = wave.listing {
      waves.append(pages.count..<pages.count + 1)
      pages.append(listing)
    }
    let first = pages.count
    for (number, file) in wave.pages {
      let contents = wave.links.contents(number, pageURLs, script, listing: listing?.url)
      pages.append(AddressedContents(path: order.paths[number], contents: contents, file: file))
    }
    waves.append(first..<pages.count)
  }
  return AddressedPages(
    mode: .files, pages: pages, waves: waves, folder: try folderCID(of: pages),
    order: order, script: script?.file)
}

/// The pages of one wave, by their numbers in the order.
private struct AddressedWave {
  /// As they were when it was hashed: `integrity` of what is in earlier waves.
  let links: PageLinks
  /// Sent before them.
  var listing: AddressedContents?
  var pages: [(number: Int, file: AddressedFile)] = []
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
      for (file, kind) in try linkedFiles(of: paths[number], in: tree, siteURL, links).files
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
  var assets: FileURLs
  private let numbers: [TreePath: Int]

  init(order: PageOrder, tree: FileTree, siteURL: String, assets: FileURLs) {
    self.order = order
    self.tree = tree
    self.siteURL = siteURL
    self.assets = assets
    numbers = Dictionary(uniqueKeysWithValues: order.paths.enumerated().map { ($1, $0) })
  }

  func contents(_ number: Int, _ urls: FileURLs, _ script: LinkScript?, listing: String?) -> FileContents {
    let path = order.paths[number]
    guard let written = tree[path] else { preconditionFailure("bug: \(path) is no file of the edition") }
    guard isPage(path) else {
      guard refersToOthers(path) else { return written }
      return .made { rewritten(try written.bytes(), number, urls) }
    }
    return .made {
      let bytes = assets.withIntegrity(editHTML(try written.bytes()) { edit($0, of: number, urls) })
      guard let script else { return bytes }
      return script.added(to: bytes, listing: path == "index.html" ? listing : nil)
    }
  }

  /// A file that is no page.
  func rewritten(_ bytes: [UInt8], _ number: Int, _ urls: FileURLs) -> [UInt8] {
    rewriteFile(order.paths[number], bytes) { found in
      switch edit(found, of: number, urls) {
      case .keep: nil
      case .replace(let url): url
      // Here nothing can be set aside: it leads to the file itself.
      case .setAside: ""
      }
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
    if siteURL.isEmpty {
      // No attribute of a script's text can be set aside.
      return found.kind.isInScript ? .keep : .setAside(target.file.urlEncoded + fragment)
    }
    return .replace(siteURL + "/" + stablePath(target.file) + (target.query.map { "?" + $0 } ?? "") + fragment)
  }

  /// `posts/a/` for `posts/a/index.html`.
  private func stablePath(_ path: TreePath) -> String {
    let text = path.urlEncoded
    return path.name == "index.html" ? String(text.dropLast("index.html".count)) : text
  }
}
