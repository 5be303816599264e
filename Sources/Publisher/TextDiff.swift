import ContentAddressing
import DStor
import Files
import HTML

/// What differs between the texts of a page in two editions.
public struct TextDiff: Sendable {
  public let change: EditionDiff.Change
  /// As `diff -u` writes it: `@@ -1,4 +1,5 @@`, then lines that begin with a space, `-` or `+`. Empty where only links or markup differ.
  public let lines: [String]
}

/// Reads the pages that differ between two editions from their gateways, proves them by their hashes, and compares what a reader sees of them.
///
/// - Parameter gateways: of the older and of the newer edition, asked in order.
/// - Throws: `ReadingError`, `DamagedReceipt`.
public func textDiffs(
  from before: PublishedEdition, to after: PublishedEdition,
  gateways: (before: [GatewayClient], after: [GatewayClient]),
  report: @escaping @Sendable (PublishEvent) -> Void
) async throws -> [TextDiff] {
  let changes = EditionDiff(from: try before.files(), to: try after.files()).changes.filter { $0.noun == "page" }
  report(.stage("Fetching", files: changes.count))
  let old = try Dictionary(
    before.expectedFiles().map { (Optional($0.path), $0) }, uniquingKeysWith: { first, _ in first })
  let new = try Dictionary(
    after.expectedFiles().map { (Optional($0.path), $0) }, uniquingKeysWith: { first, _ in first })
  let compare = { @Sendable (change: EditionDiff.Change) in
    let left = change.before == nil ? [] : try await text(of: old[TreePath(change.path)], from: gateways.before)
    let right = change.after == nil ? [] : try await text(of: new[TreePath(change.path)], from: gateways.after)
    return TextDiff(change: change, lines: unifiedDiff(from: left, to: right))
  }
  var diffs: [TextDiff] = []
  try await inFlight(changes, compare) { diff in
    diffs.append(diff)
    report(.sent(diff.change.path, bytes: diff.change.after?.size ?? 0))
  }
  return diffs.sorted { $0.change.path.utf8.lexicographicallyPrecedes($1.change.path.utf8) }
}

private func text(of file: ExpectedFile?, from gateways: [GatewayClient]) async throws -> [String] {
  guard let file else { preconditionFailure("bug: a page that differs is in neither receipt") }
  let bytes = try await firstRight(file, from: gateways) { gateway in
    let bytes = try await gateway.fetch(file.place, filename: file.filename, maxBytes: file.size + 1).bytes
    return (bytes, try address(bytes, profile: .v0).cid)
  }
  return textLines(ofHTML: bytes)
}

/// Lines as `diff -u` writes them, with three lines around each change; empty where nothing differs.
///
/// Lines are paired by Myers' algorithm ("An O(ND) Difference Algorithm and Its Variations", 1986) between the first and the last one that
/// differ; of texts that have too little in common to be worth it, all of it is removed and added.
func unifiedDiff(from old: [String], to new: [String]) -> [String] {
  var start = 0
  while start < min(old.count, new.count), old[start] == new[start] { start += 1 }
  var end = 0
  while end < min(old.count, new.count) - start, old[old.count - 1 - end] == new[new.count - 1 - end] { end += 1 }
  let left = old[start..<old.count - end]
  let right = new[start..<new.count - end]
  var isRemoved = [Bool](repeating: false, count: old.count)
  var isAdded = [Bool](repeating: false, count: new.count)
  if left.count + right.count > 4000 {
    for index in left.indices { isRemoved[index] = true }
    for index in right.indices { isAdded[index] = true }
  } else {
    for change in Array(right).difference(from: Array(left)) {
      switch change {
      case .remove(let offset, _, _): isRemoved[start + offset] = true
      case .insert(let offset, _, _): isAdded[start + offset] = true
      }
    }
  }
  return hunks(old, new, isRemoved, isAdded)
}

private func hunks(_ old: [String], _ new: [String], _ isRemoved: [Bool], _ isAdded: [Bool]) -> [String] {
  let context = 3
  /// All lines in order, with how many of each side come before.
  var script: [(mark: Character, text: String, old: Int, new: Int)] = []
  var (i, j) = (0, 0)
  while i < old.count || j < new.count {
    if i < old.count, isRemoved[i] {
      script.append(("-", old[i], i, j))
      i += 1
    } else if j < new.count, isAdded[j] {
      script.append(("+", new[j], i, j))
      j += 1
    } else {
      script.append((" ", old[i], i, j))
      (i, j) = (i + 1, j + 1)
    }
  }
  var lines: [String] = []
  let changed = script.indices.filter { script[$0].mark != " " }
  var next = 0
  while next < changed.count {
    var last = next
    while last + 1 < changed.count, changed[last + 1] - changed[last] <= 2 * context { last += 1 }
    let range = max(0, changed[next] - context)..<min(script.count, changed[last] + context + 1)
    let hunk = script[range]
    let (removed, added) = (hunk.count { $0.mark != "+" }, hunk.count { $0.mark != "-" })
    // A side without lines is named by the line before it.
    func span(_ before: Int, _ count: Int) -> String { "\(count == 0 ? before : before + 1),\(count)" }
    lines.append("@@ -\(span(script[range.lowerBound].old, removed)) +\(span(script[range.lowerBound].new, added)) @@")
    lines += hunk.map { "\($0.mark)\($0.text)" }
    next = last + 1
  }
  return lines
}
