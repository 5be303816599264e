import Files
import Search

/// What is left of a file of the output once it is written: enough to check the links between files.
struct WrittenFile: Sendable {
  let path: TreePath
  /// In bytes.
  var size: Int
  /// Digests of the anchors in it, sorted; nil for files that are no HTML.
  var anchors: [UInt64]?
  /// Links to an anchor of this or another file.
  var fragments: [FragmentLink] = []
  /// What the file was made from: see `SiteRenderer.recipe` and `Dependencies`.
  var recipe: UInt64 = 0
  var dependencies: TextDependencies = TextDependencies(all: [], isUnknown: true)
  /// It is as the last build left it.
  var isKept = false
  /// What few files have: one element, or none. A site of a hundred thousand files holds as many of these.
  private var rare: [Rare] = []

  private struct Rare {
    var contentProblems: [LinkProblem] = []
    var pageProblems: [PageProblem] = []
    var outsideLinks: [OutsideLink] = []
    var outsideURLs: Set<String> = []
    var searchPage: SearchPage?
  }

  init(path: TreePath, size: Int) {
    self.path = path
    self.size = size
  }

  /// Problems found in a page's own text, with their places.
  var contentProblems: [LinkProblem] {
    get { rare.first?.contentProblems ?? [] }
    set { if !rare.isEmpty || !newValue.isEmpty { withRare { $0.contentProblems = newValue } } }
  }

  /// Problems of the finished page: they come from a template, from front matter or from the configuration.
  var pageProblems: [PageProblem] {
    get { rare.first?.pageProblems ?? [] }
    set { if !rare.isEmpty || !newValue.isEmpty { withRare { $0.pageProblems = newValue } } }
  }

  /// Links to other sites in the page's own text, with their places.
  var outsideLinks: [OutsideLink] {
    get { rare.first?.outsideLinks ?? [] }
    set { if !rare.isEmpty || !newValue.isEmpty { withRare { $0.outsideLinks = newValue } } }
  }

  /// All links to other sites that the finished page has.
  var outsideURLs: Set<String> {
    get { rare.first?.outsideURLs ?? [] }
    set { if !rare.isEmpty || !newValue.isEmpty { withRare { $0.outsideURLs = newValue } } }
  }

  /// What the search index has of it; nil where it is not searched.
  var searchPage: SearchPage? {
    get { rare.first?.searchPage }
    set { if !rare.isEmpty || newValue != nil { withRare { $0.searchPage = newValue } } }
  }

  private mutating func withRare(_ change: (inout Rare) -> Void) {
    if rare.isEmpty { rare.append(Rare()) }
    change(&rare[0])
  }

  struct FragmentLink: Sendable {
    let target: TreePath
    let fragment: String
  }

  struct PageProblem: Sendable {
    let url: String
    let id: String
    let message: String
    let hint: String?
  }
}

/// Files of the output, found by their paths. A site of a hundred thousand files has them once, as a list, and not in a table as well.
struct WrittenFiles: Sendable {
  private(set) var files: [WrittenFile]
  private var numbers: [TreePath: Int32]

  init(_ files: [WrittenFile]) {
    self.files = files
    numbers = [:]
    numbers.reserveCapacity(files.count)
    for (number, file) in files.enumerated() { numbers[file.path] = Int32(number) }
  }

  subscript(path: TreePath) -> WrittenFile? { numbers[path].map { files[Int($0)] } }

  /// Puts `file` in the place of the one of the same path, which has to be there.
  mutating func replace(with file: WrittenFile) {
    guard let number = numbers[file.path] else { preconditionFailure("bug: \(file.path) is no file of the output") }
    files[Int(number)] = file
  }
}
