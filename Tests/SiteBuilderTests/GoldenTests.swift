import Files
import TestSupport
import Testing

/// Every archive in `Tests/Golden` is a site and what building it gives. `RECORD=1` writes what it gives now.
@Suite struct GoldenTests {
  @Test func casesAreThere() {
    #expect(GoldenCase.all.count >= 100)
    #expect(!isRecording, "RECORD is set: cases are written, not checked")
  }

  @Test(arguments: GoldenCase.all)
  func golden(_ golden: GoldenCase) async throws {
    guard golden.canRun else {
      print("\(golden.name) is left out: it needs libvips (apt-get install libvips42)")
      return
    }
    let result = try await Self.build(golden, workers: 1) { $0 }
    if isRecording {
      try Self.record(golden, result)
      return
    }
    #expect(golden.blocks.contains { $0.header.isExpectation }, "nothing is expected; RECORD=1 writes it")
    for block in golden.blocks { try Self.compare(block, result) }
    if golden.body(of: .diagnostics) == nil { #expect(result.printedDiagnostics == "") }
    try await Self.buildElsewhere(golden, result)
  }

  /// The same files in other folders, written in other orders and worked on by more hands, give the same bytes.
  private static func buildElsewhere(_ golden: GoldenCase, _ first: Outcome) async throws {
    let second = try await build(golden, workers: 2) { files in
      var seed = SeededGenerator(seed: UInt64(files.count))
      return files.shuffled(using: &seed)
    }
    let third = try await build(golden, workers: 8) { $0.reversed() }
    for other in [second, third] {
      #expect(other.printedDiagnostics == first.printedDiagnostics)
      #expect(other.paths == first.paths)
      for path in first.paths where other.texts[path] != first.texts[path] { Issue.record("\(path) differs") }
      #expect(other.root == first.root)
    }
  }

  /// What a build gave, read while its folder was there.
  struct Outcome {
    var printedDiagnostics: String
    var root: String?
    var texts: [String: [UInt8]]
    var paths: [String]
  }

  private static func build(
    _ golden: GoldenCase, workers: Int, _ order: ([SiteFile]) -> [SiteFile]
  ) async throws -> Outcome {
    let folder = try SiteFolder()
    try folder.write(order(try golden.siteFiles()))
    let result = try await SiteBuild(golden.buildOptions(folder.site, workers: workers))
    for diagnostic in result.diagnostics { try checkPlace(diagnostic, in: folder.site, golden.name) }
    var texts: [String: [UInt8]] = [:]
    let paths = result.tree?.paths ?? []
    for path in paths { texts[path.string] = try result.tree?.bytes(of: path) }
    return Outcome(
      printedDiagnostics: result.printedDiagnostics, root: try result.root(), texts: texts, paths: paths.map(\.string))
  }

  // MARK: Comparing

  private static func compare(_ block: GoldenCase.Block, _ result: Outcome) throws {
    switch block.header {
    case .input, .bytes, .link, .options: return
    case .expect(let path):
      guard let text = text(path, result) else { return }
      #expect(text == block.body, "\(path)")
    case .contains(let path):
      guard let text = text(path, result) else { return }
      for line in block.body.split(separator: "\n") where !text.contains(trimmed(line)) {
        Issue.record("\(path) does not contain\n\(trimmed(line))\nit is\n\(text)")
      }
    case .lacks(let path):
      guard let text = text(path, result) else { return }
      for line in block.body.split(separator: "\n") where text.contains(trimmed(line)) {
        Issue.record("\(path) contains\n\(trimmed(line))")
      }
    case .paths: #expect(paths(result) == block.body)
    case .diagnostics: #expect(result.printedDiagnostics == block.body)
    case .root: #expect((result.root ?? "") + "\n" == block.body, "the bytes of the output")
    }
  }

  private static func text(_ path: String, _ result: Outcome) -> String? {
    guard let bytes = result.texts[path] else {
      Issue.record("the output has no \(path); it has \(result.paths); \(result.printedDiagnostics)")
      return nil
    }
    return body(bytes)
  }

  private static func body(_ bytes: [UInt8]) -> String {
    let text = String(decoding: bytes, as: UTF8.self)
    return text.isEmpty || text.hasSuffix("\n") ? text : text + "\n"
  }

  private static func paths(_ result: Outcome) -> String { result.paths.map { $0 + "\n" }.joined() }

  private static func trimmed(_ line: Substring) -> Substring {
    var line = line.drop { $0 == " " || $0 == "\t" }
    while line.last == " " || line.last == "\r" { line.removeLast() }
    return line
  }

  // MARK: Recording

  private static func record(_ golden: GoldenCase, _ result: Outcome) throws {
    var recorded = golden
    let isNew = !golden.blocks.contains { $0.header.isExpectation }
    if isNew, result.root != nil {
      let given = ["404.html", "atom.xml"]
      for path in result.paths where path.hasSuffix(".html") && !given.contains(path) {
        recorded.blocks.append(GoldenCase.Block(header: .expect(path), body: ""))
      }
      if !golden.hasOption("theme") { recorded.blocks.append(GoldenCase.Block(header: .root, body: "")) }
    }
    let needsDiagnostics = !result.printedDiagnostics.isEmpty && golden.body(of: .diagnostics) == nil
    if needsDiagnostics {
      let root = recorded.blocks.firstIndex { $0.header == .root } ?? recorded.blocks.endIndex
      recorded.blocks.insert(GoldenCase.Block(header: .diagnostics, body: ""), at: root)
    }
    for index in recorded.blocks.indices {
      switch recorded.blocks[index].header {
      case .expect(let path): recorded.blocks[index].body = result.texts[path].map(body) ?? ""
      case .paths: recorded.blocks[index].body = paths(result)
      case .diagnostics: recorded.blocks[index].body = result.printedDiagnostics
      case .root: recorded.blocks[index].body = result.root.map { $0 + "\n" } ?? ""
      case .contains, .lacks: try compare(recorded.blocks[index], result)
      case .input, .bytes, .link, .options: continue
      }
    }
    // What a build no longer makes is no longer expected.
    recorded.blocks.removeAll { block in
      switch block.header {
      case .expect(let path): result.texts[path] == nil
      case .root: result.root == nil
      case .diagnostics: block.body.isEmpty
      default: false
      }
    }
    guard recorded.text != golden.text else { return }
    try replaceFile(golden.path, Array(recorded.text.utf8))
    Issue.record("\(golden.name) is recorded anew: look at the difference, then run again without RECORD")
  }
}
