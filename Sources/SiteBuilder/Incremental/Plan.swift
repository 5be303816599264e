import Files
import Templates

/// What of the last build still holds.
struct Plan: Sendable {
  /// Files of the output that would come out as they are.
  var kept: [TreePath: WrittenFile] = [:]
  /// Files of the last output that belong to none of the site's: pictures that were made, and second names with a hash.
  var pictures: [TreePath: WrittenFile] = [:]
  /// All files of the last output.
  var before: [TreePath] = []
  /// What the search index of the last output was made of, and its files.
  var search: SearchMemory?

  /// All is to be made.
  static let everything = Plan()
}

/// Compares the site with what it was at the last build, and finds the files that are touched by what changed.
///
/// - Parameter past: the last build; nothing of it holds where its premise was another, or where its output is not in its place.
func plan(
  _ past: BuildCache?, _ site: ResolvedSite, _ inventory: Inventory, workers: Int
) async throws -> Plan {
  guard let past, past.premise == site.premise, past.isInPlace else {
    try await site.renderer.objects.findBacklinks(workers: workers)
    return .everything
  }
  var comparison = Comparison(past: past, renderer: site.renderer)
  comparison.compareFiles(inventory, site.parsed)
  if !comparison.isSameSite {
    comparison.comparePaths()
    try await comparison.comparePages(workers: workers)
    comparison.compareSite()
  }
  try await comparison.compareTexts(workers: workers)
  try await comparison.compareBacklinks(workers: workers)
  return try await comparison.plan(workers: workers)
}

/// Things that files of the output may depend on, and that are not as they were.
struct ChangedThings: Sendable {
  private var all: Set<Dependency> = []
  /// A bit for every thing, by its low bits: nearly all questions end here.
  private var filter = [UInt64](repeating: 0, count: 1024)

  mutating func insert(_ dependency: Dependency) {
    all.insert(dependency)
    filter[Int(dependency >> 6 & 1023)] |= 1 << UInt64(dependency & 63)
  }

  var isEmpty: Bool { all.isEmpty }

  func touch(_ dependencies: TextDependencies) -> Bool {
    if dependencies.isUnknown { return true }
    if all.isEmpty { return false }
    for dependency in dependencies.all
    where filter[Int(dependency >> 6 & 1023)] >> UInt64(dependency & 63) & 1 == 1 && all.contains(dependency) {
      return true
    }
    return false
  }
}

private struct Comparison {
  let past: BuildCache
  let renderer: SiteRenderer
  var changed = ChangedThings()

  private var objects: SiteObjects { renderer.objects }

  /// Nothing but texts can have changed.
  var isSameSite: Bool { past.lastSite?.renderer.objects === renderer.objects }

  init(past: BuildCache, renderer: SiteRenderer) {
    self.past = past
    self.renderer = renderer
  }

  // MARK: Files and paths

  mutating func compareFiles(_ inventory: Inventory, _ parsed: ParsedPages) {
    var heads: [TreePath: PageHead] = [:]
    for (page, head) in zip(parsed.pages, parsed.heads) { heads[page.file.path] = head }
    var missing = past.inputs
    for file in inventory.all {
      let before = missing.removeValue(forKey: file.path)
      if before == nil { changed.insert(.names) }
      let isSame =
        if let head = heads[file.path] { head.digest == before?.head?.digest } else {
          before.map { $0.isSettled && $0.stamp == file.stamp } ?? false
        }
      if !isSame { changed.insert(.file(file.path.fingerprint)) }
    }
    for path in missing.keys { changed.insert(.file(path.fingerprint)) }
    if !missing.isEmpty { changed.insert(.names) }
  }

  mutating func comparePaths() {
    let outputs = Self.differences(past.site.outputs, SiteMemory.outputs(renderer.site))
    let sources = Self.differences(past.site.sources, SiteMemory.sources(renderer.site))
    for path in outputs { changed.insert(.output(path)) }
    for path in sources { changed.insert(.source(path)) }
    if !outputs.isEmpty || !sources.isEmpty { changed.insert(.names) }
  }

  private static func differences(_ before: [UInt64: UInt64], _ after: [UInt64: UInt64]) -> [UInt64] {
    before.compactMap { after[$0] == $1 ? nil : $0 } + after.keys.filter { before[$0] == nil }
  }

  // MARK: Pages

  /// Asks every page again for what was asked of it last time; its text aside, which may have to be rendered for that.
  mutating func comparePages(workers: Int) async throws {
    let (past, objects) = (past.site, objects)
    let isSameStructure = past.structure == objects.fingerprints.structure
    let found = try await inParallel(objects.pages.count, workers: workers) { range in
      var changed: [Dependency] = []
      for page in objects.pages[range] {
        guard let before = past.pages[page.identity] else { continue }
        if before.record != objects.fingerprints.records[page.id] {
          changed.append(.page(page.identity, PageMember.record))
        }
        for member in before.members {
          let name = PageMember.ofColumn[member.column - 1]
          let holds =
            name == .backlinks || name.followsFromText || isSameStructure && name.isRelation
          let digest = holds ? member.digest : Fingerprint.of(page.value(of: name))
          objects.digests[page.id, member.column] = digest
          if digest != member.digest || digest == MemberDigests.unknown {
            changed.append(.page(page.identity, member.column))
          }
        }
      }
      return changed
    }
    for dependency in found.joined() { changed.insert(dependency) }
    let identities = Set(objects.fingerprints.identities)
    for (identity, page) in past.pages where !identities.contains(identity) {
      changed.insert(.page(identity, PageMember.record))
      for member in page.members { changed.insert(.page(identity, member.column)) }
    }
  }

  mutating func compareSite() {
    for (site, members) in zip(objects.languages, past.site.members) {
      for member in members {
        let digest = Fingerprint.of(site.value(in: member.column))
        objects.digests[site.row, member.column] = digest
        if digest != member.digest || digest == MemberDigests.unknown {
          changed.insert(.site(site.language, member.column))
        }
      }
    }
    if past.site.everything != objects.fingerprints.everything { changed.insert(.everything) }
  }

  // MARK: Texts

  /// Renders the texts that are touched, where somebody shows something of them elsewhere. What became of them may touch others.
  mutating func compareTexts(workers: Int) async throws {
    if isSameSite { objects.forgetTextsThatShowTexts() }
    var waiting = objects.pages.filter { past.site.pages[$0.identity]?.text != nil }
    while true {
      let (past, objects, changed) = (past.site, objects, changed)
      let touched = waiting.filter { page in
        past.pages[page.identity]?.text.map { changed.touch($0) } ?? false
      }
      guard !touched.isEmpty else { break }
      let ids = Set(touched.map(\.id))
      waiting.removeAll { ids.contains($0.id) }
      // Before the first of them is asked for another.
      for page in touched { objects.forgetText(of: page.id) }
      let found = try await inParallel(touched.count, workers: workers) { range in
        touched[range].flatMap { objects.changes(inTextOf: $0, since: past.pages[$0.identity]) }
      }
      for dependency in found.joined() { self.changed.insert(dependency) }
    }
    for page in waiting {
      guard let text = past.site.pages[page.identity]?.text else { continue }
      objects.remember(text, of: page.id)
      // Who shows something of the text finds its pictures, though nobody renders it.
      for variant in text.variants { objects.site.images.note(variant) }
    }
  }

  /// Links that came or went touch the pages that show them. No text can: see `PageObject.member`.
  mutating func compareBacklinks(workers: Int) async throws {
    try await objects.findBacklinks(workers: workers)
    for page in objects.pages {
      let column = PageMember.backlinks.column
      guard let before = past.site.pages[page.identity]?.members.first(where: { $0.column == column }) else { continue }
      let digest = Fingerprint.of(page.value(of: .backlinks))
      objects.digests[page.id, column] = digest
      if digest != before.digest || digest == MemberDigests.unknown { changed.insert(.page(page.identity, column)) }
    }
  }

  // MARK: The plan

  func plan(workers: Int) async throws -> Plan {
    var plan = Plan()
    let outputs = renderer.site.files
    let (past, renderer, changed, isSameSite) = (past.outputs, renderer, changed, isSameSite)
    let kept = try await inParallel(outputs.count, workers: workers, largest: 1024) { range in
      outputs[range].compactMap { path, file -> WrittenFile? in
        guard var before = past[path], !changed.touch(before.dependencies),
          isSameSite || before.recipe == renderer.recipe(of: file)
        else { return nil }
        before.isKept = true
        return before
      }
    }
    plan.kept.reserveCapacity(outputs.count)
    for file in kept.joined() { plan.kept[file.path] = file }
    plan.before = past.files.map(\.path)
    plan.search = renderer.site.configuration.search ? SearchMemory(past.files) : nil
    for file in past.files where renderer.site.outputs[file.path] == nil { plan.pictures[file.path] = file }
    return plan
  }
}
