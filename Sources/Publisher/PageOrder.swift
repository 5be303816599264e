import Files

/// In which order the pages of an edition are published one by one, so that links lead to what is there already.
///
/// A page can hold the hash of a page that was published before it, and no other. Pages that link to each other, through whatever
/// others, are a circle (a strongly connected component); between circles every link leads from a later page to an earlier one. Inside a
/// circle pages stand in levels: posts first, then lists and feeds, the front page last, and only links down a level are direct. So from the front page a
/// reader comes by direct links to the lists and to what they show, and an edited post changes the lists that show it and the front page, but no
/// other post. All other links inside a circle are *later links*: they lead to a page that is published later.
struct PageOrder: Sendable {
  let paths: [TreePath]
  /// Indices of `paths`; every page of a wave leads directly to pages of earlier waves only.
  let waves: [[Int]]
  /// Of each later link: from, to; sorted.
  let laterLinks: [(from: Int, to: Int)]
  /// What any page links to, sorted.
  let linked: [TreePath]
  private let circles: [Int]
  private let levels: [Int]

  /// - Parameters:
  ///   - links: for each page the pages that it links to, itself left out.
  ///   - levels: for each page; the front page's is the highest of all, and its alone.
  init(paths: [TreePath], links: [[Int]], levels: [Int]) {
    self.paths = paths
    self.levels = levels
    linked = Set(links.joined()).sorted().map { paths[$0] }
    let front = levels.indices.max { levels[$0] < levels[$1] }
    let components = stronglyConnectedComponents(links, lastRoot: front)
    var circles = [Int](repeating: 0, count: paths.count)
    for (number, members) in components.enumerated() {
      for member in members { circles[member] = number }
    }
    self.circles = circles
    var later: [(from: Int, to: Int)] = []
    var ranks = [Int](repeating: 0, count: paths.count)
    // Components come with what they link to before them, and a circle's members by level: each rank is known when it is asked for.
    for members in components {
      for page in members.sorted(by: { (levels[$0], $0) < (levels[$1], $1) }) {
        for target in links[page] {
          if circles[target] == circles[page], levels[target] >= levels[page] {
            later.append((page, target))
          } else {
            ranks[page] = max(ranks[page], ranks[target] + 1)
          }
        }
        // The front page knows the hashes of all that came before.
        if page == front {
          let before = components[...circles[page]].joined().filter { $0 != page }
          ranks[page] = (before.map { ranks[$0] }.max() ?? -1) + 1
        }
      }
    }
    laterLinks = later.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
    var waves = [[Int]](repeating: [], count: (ranks.max() ?? -1) + 1)
    for page in paths.indices { waves[ranks[page]].append(page) }
    self.waves = waves
  }

  /// Whether the link is direct: `to` is published before `from`.
  func isDirect(from: Int, to: Int) -> Bool { circles[from] != circles[to] || levels[to] < levels[from] }
}

/// Tarjan's algorithm ("Depth-First Search and Linear Graph Algorithms", 1972), without recursion: components come after those they lead to.
///
/// - Parameter lastRoot: no search begins there before all others have, so that only what leads to it comes behind it.
private func stronglyConnectedComponents(_ links: [[Int]], lastRoot: Int?) -> [[Int]] {
  var components: [[Int]] = []
  var index = [Int](repeating: -1, count: links.count)
  var low = index
  var isOnStack = [Bool](repeating: false, count: links.count)
  var stack: [Int] = []
  var counter = 0
  var calls: [(node: Int, next: Int)] = []

  func open(_ node: Int) {
    index[node] = counter
    low[node] = counter
    counter += 1
    stack.append(node)
    isOnStack[node] = true
    calls.append((node, 0))
  }

  for root in links.indices.filter({ $0 != lastRoot }) + (lastRoot.map { [$0] } ?? []) where index[root] < 0 {
    open(root)
    while let (node, next) = calls.last {
      if next < links[node].count {
        calls[calls.count - 1].next += 1
        let target = links[node][next]
        if index[target] < 0 {
          open(target)
        } else if isOnStack[target] {
          low[node] = min(low[node], index[target])
        }
        continue
      }
      calls.removeLast()
      if let caller = calls.last?.node { low[caller] = min(low[caller], low[node]) }
      guard low[node] == index[node] else { continue }
      var members: [Int] = []
      while let member = stack.popLast() {
        isOnStack[member] = false
        members.append(member)
        if member == node { break }
      }
      components.append(members)
    }
  }
  return components
}
