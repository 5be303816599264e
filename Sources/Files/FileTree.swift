/// The contents of one file of a tree, held in memory or found when needed.
public enum FileContents: Sendable {
  case bytes([UInt8])
  /// A file on disk, by absolute path; `size` in bytes as it was when the tree was read.
  case onDisk(path: String, size: Int)
  /// Bytes made on demand; making them again gives the same bytes.
  case made(@Sendable () throws -> [UInt8])
}

/// A tree of files: sorted paths with their contents. It holds no times, owners or modes.
public struct FileTree: Sendable {
  private var contents: [TreePath: FileContents] = [:]

  public init() {}

  public subscript(path: TreePath) -> FileContents? {
    get { contents[path] }
    set { contents[path] = newValue }
  }

  public var count: Int { contents.count }
  public var isEmpty: Bool { contents.isEmpty }

  /// All paths, sorted by their bytes.
  public var paths: [TreePath] { contents.keys.sorted() }

  public func contains(_ path: TreePath) -> Bool { contents[path] != nil }

  /// The bytes of a file, read or made now; nil where there is none.
  /// - Throws: `FileError` where the disk does, and whatever making the bytes throws.
  public func bytes(of path: TreePath) throws -> [UInt8]? {
    try contents[path]?.bytes()
  }
}

extension FileTree: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (TreePath, String)...) {
    for (path, text) in elements { contents[path] = .bytes(Array(text.utf8)) }
  }
}

extension FileContents {
  public func bytes() throws -> [UInt8] {
    switch self {
    case .bytes(let bytes): bytes
    case .onDisk(let path, _): try readFile(path)
    case .made(let make): try make()
    }
  }
}
