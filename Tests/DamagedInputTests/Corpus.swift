import Files
import TestSupport

/// Real texts of each kind: what the golden cases hold, the examples of the specifications, the theme, and the guide.
enum Corpus {
  static func texts(of kind: InputKind) throws -> [[UInt8]] {
    var texts = try files(in: testsFolder + "/Golden", ending: ".txt").flatMap { try members(of: $0) }.filter {
      path, _ in
      switch kind {
      case .frontMatter, .markdown: path.hasSuffix(".md")
      case .template: path.hasPrefix("templates/")
      case .html: path.hasSuffix(".html") && !path.hasPrefix("templates/")
      case .css: path.hasSuffix(".css")
      }
    }.map(\.text)
    let root = testsFolder + "/.."
    switch kind {
    case .markdown:
      texts += try files(in: testsFolder + "/MarkdownTests/Data", ending: ".txt").map(readFile)
      texts += try files(in: root + "/example-site/content", ending: ".md").map(readFile)
    case .frontMatter:
      // Only what stands between the fences.
      texts = texts.compactMap { text in
        guard text.starts(with: Array("---\n".utf8)) || text.starts(with: Array("+++\n".utf8)) else { return nil }
        let fence = Array(text[..<4])
        let end = text.indices.dropFirst(4).first { text[$0...].starts(with: fence) } ?? text.count
        return Array(text[4..<end])
      }
    case .template, .html: texts += try files(in: root + "/templates", ending: ".html").map(readFile)
    case .css: texts += try files(in: root + "/templates", ending: ".css").map(readFile)
    }
    return texts.filter { !$0.isEmpty }
  }

  private static func files(in folder: String, ending: String) throws -> [String] {
    try listFolder(folder).sorted { $0.name < $1.name }.flatMap { entry -> [String] in
      let path = folder + "/" + entry.name
      if entry.kind == .folder { return try files(in: path, ending: ending) }
      return entry.name.hasSuffix(ending) ? [path] : []
    }
  }

  /// The files of a golden case: what stands below each `-- PATH --`, `-- expect: PATH --` and the like.
  private static func members(of path: String) throws -> [(path: String, text: [UInt8])] {
    var members: [(path: String, text: [UInt8])] = []
    for line in String(decoding: try readFile(path), as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    {
      if line.hasPrefix("-- "), line.hasSuffix(" --") {
        members.append((String(line.dropFirst(3).dropLast(3).split(separator: " ").last ?? ""), []))
      } else if !members.isEmpty {
        members[members.count - 1].text += Array(line.utf8) + [0x0A]
      }
    }
    return members
  }
}
