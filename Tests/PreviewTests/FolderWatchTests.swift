import Files
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Preview

@Suite struct FolderWatchTests {
  /// A folder of its own, and a watch on it.
  private func watched(_ body: (String, FolderWatch) async throws -> Void) async throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    try makeFolder(path + "/content/deep/er")
    try await body(path, try FolderWatch(path, below: ["content", "static"]))
  }

  /// Whether word comes within some seconds of `change`.
  private func hears(_ watch: FolderWatch, within: Duration = .seconds(10), _ change: () throws -> Void) async throws
    -> Bool
  {
    let count = watch.count
    try change()
    return await withTaskGroup(of: Bool.self) { group in
      group.addTask { await watch.next(after: count) != nil }
      group.addTask {
        try? await Task.sleep(for: within)
        return false
      }
      let heard = await group.next() ?? false
      group.cancelAll()
      return heard
    }
  }

  @Test(
    .timeLimit(.minutes(1)), arguments: ["replace", "remove", "rename", "configuration", "new folder", "later folder"])
  func change(_ kind: String) async throws {
    try await watched { path, watch in
      let file = path + "/content/deep/er/a.md"
      _ = try await hears(watch) { try writeFile(file, [1]) }
      try await watch.settle(quiet: .milliseconds(50), patience: .seconds(2))
      let heard = try await hears(watch) {
        switch kind {
        case "replace": try replaceFile(file, [2])
        case "remove": try removeAll(file)
        case "rename": try #require(rename(file, path + "/content/b.md") == 0)
        case "configuration": try writeFile(path + "/site.yaml", [])
        case "new folder": try makeFolder(path + "/content/new/and/deep")
        default: try makeFolder(path + "/static/img")
        }
      }
      #expect(heard)
      // What was made with a folder, or right after it, is watched too.
      guard kind.hasSuffix("folder") else { return }
      try await watch.settle(quiet: .milliseconds(50), patience: .seconds(2))
      let inside = path + (kind == "new folder" ? "/content/new/and/deep/x.md" : "/static/img/x.png")
      #expect(try await hears(watch) { try writeFile(inside, [1]) })
    }
  }

  /// As a checkout makes them: while a folder is looked through, more come into it.
  @Test(.timeLimit(.minutes(1)))
  func foldersMadeAtOnceAreWatched() async throws {
    try await watched { path, watch in
      var folders: [String] = []
      for parent in (0..<10).map({ path + "/content/\($0)" }) {
        mkdir(parent, 0o755)
        for number in 0..<200 {
          folders.append("\(parent)/\(number)")
          mkdir("\(parent)/\(number)", 0o755)
        }
      }
      try await watch.settle(quiet: .milliseconds(300), patience: .seconds(20))
      _ = watch.takeChanges()
      var missing = Set(folders.map { $0 + "/x.md" })
      for file in missing { try writeFile(file, [1]) }
      for _ in 0..<100 where !missing.isEmpty {
        try await Task.sleep(for: .milliseconds(50))
        missing.subtract(watch.takeChanges() ?? [])
      }
      #expect(missing.isEmpty, "\(missing.count)")
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func filesAreNamed() async throws {
    try await watched { path, watch in
      let file = path + "/content/deep/er/a.md"
      _ = try await hears(watch) { try writeFile(file, [1]) }
      try await watch.settle(quiet: .milliseconds(50), patience: .seconds(2))
      #expect(watch.takeChanges() == [file])
      #expect(watch.takeChanges() == [])
      _ = try await hears(watch) { try replaceFile(file, [2]) }
      try await watch.settle(quiet: .milliseconds(50), patience: .seconds(2))
      #expect(watch.takeChanges()?.contains(file) == true)
      // With a folder, whatever is in it comes.
      _ = try await hears(watch) { try makeFolder(path + "/content/new") }
      try await watch.settle(quiet: .milliseconds(50), patience: .seconds(2))
      #expect(watch.takeChanges() == nil)
    }
  }

  /// Links may lead in circles, by many ways, and out of the folder.
  @Test(.timeLimit(.minutes(1)))
  func linksAreFollowedInTheFolderAlone() async throws {
    try await watched { path, _ in
      for name in ["/site/notes", "/site/.hidden", "/site/content/deep", "/outside"] { try makeFolder(path + name) }
      let site = path + "/site"
      let links = ["a": ".", "b": ".", "c": "..", "d": "../notes", "e": "../.hidden", "f": "../../outside"]
      for (name, target) in links { try #require(symlink(target, site + "/content/" + name) == 0) }
      let watch = try FolderWatch(site, below: ["content"])
      for folder in ["/content/deep", "/notes"] {
        #expect(try await hears(watch) { try writeFile(site + folder + "/x.md", [1]) })
        try await watch.settle(quiet: .milliseconds(50), patience: .seconds(2))
      }
      let heard = try await hears(watch, within: .milliseconds(200)) {
        try writeFile(site + "/.hidden/x.md", [1])
        try writeFile(path + "/outside/x.md", [1])
      }
      #expect(!heard)
    }
  }

  /// A folder has several names while links lead to it, and its own again afterwards.
  @Test(.timeLimit(.minutes(1)), arguments: ["../notes", "deep"])
  func linksComeAndGo(_ target: String) async throws {
    try await watched { path, watch in
      try makeFolder(path + "/notes/er")
      let link = path + "/content/z"
      func changes(_ change: () throws -> Void) async throws -> Set<String>? {
        #expect(try await hears(watch, change))
        try await watch.settle(quiet: .milliseconds(50), patience: .seconds(2))
        return watch.takeChanges()
      }
      #expect(try await changes { try #require(symlink(target, link) == 0) } == nil)
      #expect(try await changes { try writeFile(link + "/er/x.md", [1]) } == nil)
      #expect(try await changes { try #require(unlink(link) == 0) } == nil)
      let file = path + "/content/deep/x.md"
      #expect(try await changes { try writeFile(file, [1]) } == [file])
    }
  }

  @Test(.timeLimit(.minutes(1)), arguments: ["/public/index.html", "/content/.a.md.swp", "/content/a.md~"])
  func otherFiles(_ name: String) async throws {
    try await watched { path, watch in
      let heard = try await hears(watch, within: .milliseconds(200)) {
        try makeFolder(path + "/public")
        try writeFile(path + name, [1])
      }
      #expect(!heard)
    }
  }
}
