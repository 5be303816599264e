import Files

/// What the file system says of the output, to see that nobody else has changed it since it was built.
struct OutputStamps: Sendable {
  var files: [TreePath: FileStamp] = [:]
  /// Folders with files in them; the output's own under nil. Their times change as files in them come and go.
  var folders: [TreePath?: FileStamp] = [:]

  init() {}

  init(files: [TreePath: FileStamp], folders: [TreePath?: FileStamp]) {
    self.files = files
    self.folders = folders
  }

  /// Takes the stamps of `paths`, and of all folders above them.
  mutating func take(_ paths: [TreePath], in folder: String, workers: Int) async throws {
    guard let folder = OpenFolder(folder) else { return }
    let found = try await inParallel(paths.count, workers: workers) { range in
      paths[range].map { ($0, folder.stampOfEntry($0.string)) }
    }
    for (path, stamp) in found.joined() { files[path] = stamp }
    var parents: Set<TreePath?> = [nil]
    for path in paths {
      var parent = path.parent
      while let above = parent, parents.insert(above).inserted { parent = above.parent }
    }
    let list = Array(parents)
    let stamps = try await inParallel(list.count, workers: workers) { range in
      list[range].map { ($0, folder.stampOfEntry($0?.string ?? ".", isFolder: true)) }
    }
    for (path, stamp) in stamps.joined() { folders[path] = stamp }
  }

  /// The same for a few.
  mutating func take(_ paths: [TreePath], in folder: String) {
    guard let folder = OpenFolder(folder) else { return }
    folders[nil] = folder.stampOfEntry(".", isFolder: true)
    for path in paths {
      files[path] = folder.stampOfEntry(path.string)
      var parent = path.parent
      while let above = parent {
        folders[above] = folder.stampOfEntry(above.string, isFolder: true)
        parent = above.parent
      }
    }
  }

  /// Whether every file and folder in `folder` is as it was, and none was added.
  func hold(in folder: String, workers: Int) async throws -> Bool {
    guard let folder = OpenFolder(folder) else { return false }
    let (files, folders) = (Array(files), Array(folders))
    let hold = try await inParallel(files.count, workers: workers, largest: 512) { range in
      files[range].allSatisfy { folder.stampOfEntry($0.key.string) == $0.value }
    }
    guard hold.allSatisfy(\.self) else { return false }
    return try await inParallel(folders.count, workers: workers, largest: 512) { range in
      folders[range].allSatisfy { folder.stampOfEntry($0.key?.string ?? ".", isFolder: true) == $0.value }
    }.allSatisfy(\.self)
  }
}
