import Files
import SiteBuilder
import Testing

/// How many files are worked on at a time shows in no byte.
@Suite struct WorkersTests {
  /// Sites with everything switched on at once, of seeds that give no dead link; the thread sanitizer has the most to look at here.
  @Test(arguments: 0..<3) func theSameBytes(_ number: Int) async throws {
    let random = RandomSite(seed: UInt64(number) &+ 80, features: RandomSite.everything)
    let folder = try SiteFolder()
    try folder.write(random.files.map { SiteFile($0.key, .bytes($0.value)) })
    var first: (tree: FileTree, root: String?)?
    for workers in [1, 2, 8] {
      let built = try await SiteBuild(folder.site, workers: workers)
      let tree = try #require(built.tree, "\(built.printedDiagnostics)")
      let root = try built.root()
      guard let expected = first else {
        #expect(tree.paths.count > 60)
        first = (tree, root)
        continue
      }
      #expect(tree.paths == expected.tree.paths, "\(workers) workers")
      for path in tree.paths where try tree.bytes(of: path) != expected.tree.bytes(of: path) {
        Issue.record("\(path) differs with \(workers) workers")
      }
      #expect(root == expected.root)
    }
  }
}
