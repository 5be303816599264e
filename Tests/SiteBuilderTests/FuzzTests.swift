import Files
import SiteBuilder
import TestSupport
import Testing

/// Small sites with changes made by chance: a build ends with a result, with diagnostics or with an error of the disk, and with nothing else.
@Suite struct FuzzTests {
  @Test(.timeLimit(.minutes(1)), arguments: 0..<7)
  func changedSites(_ group: Int) async throws {
    let cases = GoldenCase.all
    var seed = SeededGenerator(seed: UInt64(group) &* 0x5EED + 1)
    for round in 0..<30 {
      let golden = cases[seed.below(cases.count)]
      var files = try golden.siteFiles()
      for _ in 0...seed.below(3) {
        let index = seed.below(files.count)
        guard case .bytes(var bytes) = files[index].contents else { continue }
        Self.change(&bytes, by: &seed)
        files[index].contents = .bytes(bytes)
      }
      let folder = try SiteFolder()
      try folder.write(files)
      // What is no Diagnostics, SiteError or FileError is thrown on, and fails the test.
      let built = try await SiteBuild(folder.site, workers: 2)
      for diagnostic in built.diagnostics {
        try checkPlace(diagnostic, in: folder.site, "\(golden.name), group \(group), round \(round)")
      }
      if built.tree == nil { #expect(!built.printedDiagnostics.isEmpty, "\(golden.name), \(group), \(round)") }
    }
  }

  private static let snippets = [
    "---\n", "+++\n", "{", "}", "[", "]", "\"", "'", ": ", " = ", "- ", "\n", "\r\n", "\t", "{{", "}}", "{%", "%}",
    "{#",
    "&a ", "*a ", "!!x ", "<<: ", "|", ">", "\u{0}", "\u{FEFF}", "é", "😀", "../", "/", "#", "?", "%2e%2e/", "%",
    "<a href=\"",
    "<!--", "-->", "```", "2026-11-22", "9999999999999999999999", "-1", "null", "true", "title", "url: /\n",
    "slug: x\n",
  ].map { Array($0.utf8) }

  private static func change(_ bytes: inout [UInt8], by seed: inout SeededGenerator) {
    let place = bytes.isEmpty ? 0 : seed.below(bytes.count)
    switch seed.next() % 7 {
    case 0: bytes.insert(contentsOf: snippets[seed.below(snippets.count)], at: place)
    case 1: if !bytes.isEmpty { bytes[place] = UInt8(truncatingIfNeeded: seed.next()) }
    case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + seed.below(8)))
    case 3: bytes.removeSubrange(place...)
    case 4:
      let piece = Array(bytes[place..<min(bytes.count, place + seed.below(40))])
      bytes.insert(contentsOf: piece + piece, at: place)
    case 5: bytes.reverse()
    default:
      for _ in 0..<4 {
        let at = bytes.isEmpty ? 0 : seed.below(bytes.count)
        bytes.insert(contentsOf: snippets[seed.below(snippets.count)], at: at)
      }
    }
  }
}
