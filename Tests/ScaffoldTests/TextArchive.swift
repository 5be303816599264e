import Files
import TestSupport

/// A text file with `-- path --` headers: files of an old site, then, behind `== expected ==`, what becomes of it.
struct TextArchive {
  let name: String
  let files: FileTree
  let expected: [String]
  private let input: [String]

  private static let folder = testsFolder + "/ScaffoldTests/Cases"

  /// The names of all cases, without `.txt`.
  static let cases: [String] = {
    let entries = (try? listFolder(folder)) ?? []
    return entries.map(\.name).filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) }
  }()

  init(case name: String) throws {
    self.name = name
    let text = String(decoding: try readFile("\(Self.folder)/\(name).txt"), as: UTF8.self)
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    let mark = lines.firstIndex(of: "== expected ==") ?? lines.count
    input = Array(lines[..<mark])
    expected = Array(lines.dropFirst(mark + 1))
    var files = FileTree()
    var path: TreePath?
    var content: [String] = []
    func take() {
      if let path { files[path] = .bytes(Array(content.map { $0 + "\n" }.joined().utf8)) }
      content = []
    }
    for line in input {
      if line.hasPrefix("-- "), line.hasSuffix(" --"), let next = TreePath(String(line.dropFirst(3).dropLast(3))) {
        take()
        path = next
      } else {
        content.append(line)
      }
    }
    take()
    self.files = files
  }

  func write(expected: [String]) throws {
    let text = (input + ["== expected =="] + expected).joined(separator: "\n") + "\n"
    try writeFile("\(Self.folder)/\(name).txt", Array(text.utf8))
  }
}
