import Files

extension Appearance {
  /// Whether a template may ask a page which others link to it: then the links of all texts are found before the first page is rendered.
  var asksForBacklinks: Bool {
    let name = Array("backlinks".utf8)
    return sources.contains { find(name, in: $0.bytes, from: 0) != nil }
  }
}

extension SiteObjects {
  /// The pages whose texts link to a page: newest first, then those without a place in time by their paths.
  func backlinks(to id: PageID) -> [PageID] { backlinks.withLock { $0[id] ?? [] } }

  /// Fills `backlinks` from what the texts link to. Those whose links are not known are rendered for that, once more than for their pages:
  /// no text is held in between.
  func findBacklinks(workers: Int) async throws {
    guard contents.collectsLinks else { return }
    let unknown = pages.filter { site.pages[$0.id].source != nil && textDependencies(of: $0.id) == nil }
    _ = try await inParallel(unknown.count, workers: workers) { [self] range in
      for page in unknown[range] { page.remember(content(of: page.id)) }
    }
    var targets: [UInt64: PageID] = [:]
    for (path, file) in site.outputs {
      switch file {
      case .page(let id, _), .redirect(to: let id): targets[path.fingerprint] = id
      default: break
      }
    }
    var found: [PageID: [PageID]] = [:]
    for page in pages {
      let linked = Set((textDependencies(of: page.id)?.links ?? []).compactMap { targets[$0] })
      for target in linked where target != page.id { found[target, default: []].append(page.id) }
    }
    let sorted = found.mapValues { ids in
      ids.sorted { (site.rank[$0], site.pages[$0].output) < (site.rank[$1], site.pages[$1].output) }
    }
    backlinks.withLock { $0 = sorted }
  }
}
