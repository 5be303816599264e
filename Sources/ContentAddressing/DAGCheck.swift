/// Looks for what DAGs lack. What several of them share is read once, however many roots lead to it.
public struct DAGCheck {
  /// Blocks below which nothing is missing.
  private var whole: Set<CID> = []
  /// Blocks below which something is.
  private var broken: [CID: UnixFSError] = [:]

  public init() {}

  /// The first block below `root` or `root` itself, depth first, that is missing or cannot be read; nil where the DAG is there whole.
  ///
  /// - Throws: what the lookup throws, but `UnixFSError`: that is what is looked for.
  public mutating func problem(below root: CID, from lookup: BlockLookup) throws -> UnixFSError? {
    // From the root to where the walk is, each with the links that are still to follow.
    var path: [(cid: CID, links: ArraySlice<CID>)] = []
    var next: CID? = root
    var cid = root
    do {
      while let current = next {
        cid = current
        if let known = broken[cid] { throw known }
        if !whole.contains(cid) { path.append((cid, try links(of: cid, try block(of: cid, from: lookup))[...])) }
        next = nil
        while next == nil, let last = path.indices.last {
          next = path[last].links.popFirst()
          if next == nil { whole.insert(path.removeLast().cid) }
        }
      }
      return nil
    } catch let problem as UnixFSError {
      broken[cid] = problem
      for (above, _) in path { broken[above] = problem }
      return problem
    }
  }
}
