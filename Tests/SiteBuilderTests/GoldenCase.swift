import Files
import Glibc
import Images
import SiteBuilder
import Templates
import TestSupport
import Testing

/// One text archive of `Tests/Golden`: the files of a site, and what building it gives.
///
/// Lines before the first header are a comment. A header is a line `-- kind: path --` or `-- path --`; its body goes on to the next one.
struct GoldenCase: Sendable, CustomTestStringConvertible {
  /// `links/relative`.
  let name: String
  let path: String
  var comment: String
  var blocks: [Block]

  struct Block: Sendable {
    var header: Header
    /// Ends with a line end unless it is empty.
    var body: String
  }

  enum Header: Sendable, Hashable {
    /// A file of the site.
    case input(String)
    /// A file of the site whose bytes are no text: hexadecimal digits, white space between them is free.
    case bytes(String)
    /// A symbolic link; the body is what it points to.
    case link(String)
    /// `drafts`, `future`, `expired`, `strict`, `preview`, `theme`, `libvips`, `without libvips`, `now 2026-11-22`, `sitemap-limit 2`: one a line.
    case options
    /// A file of the output, its whole text. A line end at its end counts for nothing here; the root counts every byte.
    case expect(String)
    /// Each line is a text that a file of the output contains.
    case contains(String)
    /// Each line is a text that a file of the output does not contain.
    case lacks(String)
    /// The paths of the whole output, one a line.
    case paths
    case diagnostics
    /// The output's CID, profile v0.
    case root

    init(_ text: String) {
      let (kind, path) = text.splitOnce(": ") ?? (text, "")
      switch (kind, path) {
      case ("options", ""): self = .options
      case ("paths", ""): self = .paths
      case ("diagnostics", ""): self = .diagnostics
      case ("root", ""): self = .root
      case ("bytes", _) where !path.isEmpty: self = .bytes(path)
      case ("link", _) where !path.isEmpty: self = .link(path)
      case ("expect", _) where !path.isEmpty: self = .expect(path)
      case ("contains", _) where !path.isEmpty: self = .contains(path)
      case ("lacks", _) where !path.isEmpty: self = .lacks(path)
      default: self = .input(text)
      }
    }

    var text: String {
      switch self {
      case .input(let path): path
      case .bytes(let path): "bytes: " + path
      case .link(let path): "link: " + path
      case .options: "options"
      case .expect(let path): "expect: " + path
      case .contains(let path): "contains: " + path
      case .lacks(let path): "lacks: " + path
      case .paths: "paths"
      case .diagnostics: "diagnostics"
      case .root: "root"
      }
    }

    var isExpectation: Bool {
      switch self {
      case .input, .bytes, .link, .options: false
      case .expect, .contains, .lacks, .paths, .diagnostics, .root: true
      }
    }
  }

  var testDescription: String { name }

  init(name: String, path: String, text: String) {
    self.name = name
    self.path = path
    comment = ""
    blocks = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast(text.hasSuffix("\n") ? 1 : 0) {
      if line.hasPrefix("-- "), line.hasSuffix(" --"), line.utf8.count > 6 {
        blocks.append(Block(header: Header(String(line.dropFirst(3).dropLast(3))), body: ""))
      } else if blocks.isEmpty {
        comment += line + "\n"
      } else {
        blocks[blocks.count - 1].body += line + "\n"
      }
    }
  }

  /// The archive as text.
  var text: String { comment + blocks.map { "-- \($0.header.text) --\n\($0.body)" }.joined() }

  func body(of header: Header) -> String? { blocks.first { $0.header == header }?.body }

  func hasOption(_ name: String) -> Bool {
    (body(of: .options) ?? "").split(separator: "\n").contains { $0 == name }
  }

  /// What follows `name` in the line of that option.
  func option(_ name: String) -> String? {
    for line in (body(of: .options) ?? "").split(separator: "\n") {
      if let parts = String(line).splitOnce(" "), parts.0 == name { return parts.1 }
    }
    return nil
  }

  /// How `build` is called for the site in `folder`.
  func buildOptions(_ folder: String, workers: Int) -> BuildOptions {
    var options = BuildOptions(folder: folder, workers: workers)
    options.includesDrafts = hasOption("drafts")
    options.includesFuture = hasOption("future")
    options.includesExpired = hasOption("expired")
    options.isStrict = hasOption("strict")
    options.isPreview = hasOption("preview")
    if let limit = option("sitemap-limit").flatMap({ Int($0) }) { options.sitemapLimit = limit }
    options.usesImageLibrary = !hasOption("without libvips")
    options.secondsSince1970 = option("now").flatMap { TemplateDate.parse($0) }?.secondsSince1970
    return options
  }

  /// Whether the machine has what the case needs.
  var canRun: Bool { !hasOption("libvips") || (try? ImageLibrary.shared.get()) != nil }

  /// The files of the site, in the archive's order; the bare templates go before, so that the case's own replace them.
  func siteFiles() throws -> [SiteFile] {
    var files: [SiteFile] = hasOption("theme") ? [] : try Self.bareTemplates.get()
    for block in blocks {
      switch block.header {
      case .input(let path): files.append(SiteFile(path, .bytes(Array(block.body.utf8))))
      case .bytes(let path): files.append(SiteFile(path, .bytes(try Self.bytes(fromHexadecimal: block.body))))
      case .link(let path): files.append(SiteFile(path, .link(to: block.body.filter { $0 != "\n" })))
      default: continue
      }
    }
    var last: [String: Int] = [:]
    for (index, file) in files.enumerated() { last[file.path] = index }
    return files.enumerated().filter { last[$0.element.path] == $0.offset }.map(\.element)
  }

  struct Malformed: Error { let reason: String }

  private static func bytes(fromHexadecimal text: String) throws -> [UInt8] {
    let digits = text.filter { !$0.isWhitespace }
    var bytes: [UInt8] = []
    var rest = Substring(digits)
    while !rest.isEmpty {
      guard let byte = UInt8(rest.prefix(2), radix: 16) else { throw Malformed(reason: "\(rest.prefix(2)) is no byte") }
      bytes.append(byte)
      rest = rest.dropFirst(2)
    }
    return bytes
  }

  // MARK: Where cases are

  static let folder = testsFolder + "/Golden"

  /// All cases, sorted by name. `pending/` holds cases that show a known mistake; `PENDING=1` runs those instead.
  static let all: [GoldenCase] = {
    var cases: [GoldenCase] = []
    func add(_ area: String) {
      for entry in (try? listFolder(folder + "/" + area)) ?? [] where entry.name.hasSuffix(".txt") {
        let path = folder + "/" + area + "/" + entry.name
        guard let bytes = try? readFile(path) else { continue }
        cases.append(
          GoldenCase(
            name: area + "/" + entry.name.dropLast(4), path: path, text: String(decoding: bytes, as: UTF8.self)))
      }
    }
    let runsPending = getenv("PENDING") != nil
    for area in (try? listFolder(folder)) ?? [] where area.kind == .folder && area.name != "bare-templates" {
      if (area.name == "pending") == runsPending { add(area.name) }
    }
    return cases
  }()

  /// The smallest templates that show what a page has; cases have them unless they ask for the theme.
  private static let bareTemplates = Result {
    let folder = Self.folder + "/bare-templates"
    return try listFolder(folder).map {
      SiteFile("templates/" + $0.name, .bytes(try readFile(folder + "/" + $0.name)))
    }
  }
}

extension String {
  func splitOnce(_ separator: String) -> (String, String)? {
    guard let range = firstRange(of: separator) else { return nil }
    return (String(self[..<range.lowerBound]), String(self[range.upperBound...]))
  }

  private func firstRange(of needle: String) -> Range<String.Index>? {
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(needle) { return index..<self.index(index, offsetBy: needle.count) }
      index = self.index(after: index)
    }
    return nil
  }
}
