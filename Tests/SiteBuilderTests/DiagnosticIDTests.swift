import Files
import TestSupport
import Testing

/// Every id that can be printed has a golden case, or a test where a site and its output are not enough; every message keeps the house's
/// wording.
@Suite struct DiagnosticIDTests {
  /// Ids that no site on disk can bring about, with the reason.
  static let withoutCase = [
    "social-card": "libvips draws one text and refuses another",
    "unreadable-file": "the disk fails between two reads of one file",
  ]

  /// Ids that take more than building: where a test brings each of them about.
  static let shownByTests = [
    "archetype-code": "ScaffoldTests/NewSiteTests", "asset-with-pages": "PublisherTests/WarningTests",
    "file-out-of-reach": "PublisherTests/WarningTests", "dead-outside-link": "OutsideLinksTests/LinkCheckerTests",
    "dead-outside-anchor": "OutsideLinksTests/LinkCheckerTests",
    "unclear-outside-link": "OutsideLinksTests/LinkCheckerTests",
  ]

  @Test func everyIDHasACase() throws {
    let known = try Self.idsInSources()
    #expect(known.count > 50, "the scan of the sources finds ids")
    var shown: Set<String> = []
    for recorded in Self.recorded { shown.insert(recorded.id) }
    let missing = known.subtracting(shown).subtracting(Self.withoutCase.keys).subtracting(Self.shownByTests.keys)
    #expect(missing.isEmpty, "ids without a golden case: \(missing.sorted().joined(separator: ", "))")
    for (id, test) in Self.shownByTests {
      let text = String(decoding: try readFile("\(testsFolder)/\(test).swift"), as: UTF8.self)
      #expect(text.contains("\"\(id)\"") || text.contains(" \(id) "), "\(test) does not show \(id)")
      #expect(known.contains(id) && !shown.contains(id), "\(id) is no id, or has a golden case")
    }
    let unknown = shown.subtracting(known).sorted()
    #expect(unknown.isEmpty, "ids that the scan of the sources does not find: \(unknown.joined(separator: ", "))")
    let needless = Set(Self.withoutCase.keys).intersection(shown).sorted()
    #expect(needless.isEmpty, "they have a case now: \(needless.joined(separator: ", "))")
  }

  @Test func wording() {
    #expect(Self.recorded.count > 50)
    for diagnostic in Self.recorded {
      let message = diagnostic.message
      // What libyaml and toml++ say is quoted as they say it.
      if ["yaml-syntax", "toml-syntax"].contains(diagnostic.id) { continue }
      #expect(!message.hasSuffix("."), "\(diagnostic.golden): no full stop at the end of \"\(message)\"")
      for phrase in ["failed to", "Failed", "could not", "unable to", "Error", "error:", "invalid", "Optional("] {
        #expect(!message.contains(phrase), "\(diagnostic.golden): \"\(phrase)\" says no rule: \"\(message)\"")
      }
      #expect(!message.isEmpty && !message.hasPrefix(" "), "\(diagnostic.golden)")
      #expect(Self.isKebabCase(diagnostic.id), "\(diagnostic.golden): \(diagnostic.id)")
      for line in diagnostic.more {
        #expect(!line.hasSuffix("."), "\(diagnostic.golden): no full stop at the end of \"\(line)\"")
      }
    }
  }

  @Test func idsAreKebabCase() throws {
    for id in try Self.idsInSources() { #expect(Self.isKebabCase(id), "\(id)") }
  }

  private static func isKebabCase(_ id: String) -> Bool {
    id.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
      && !id.hasPrefix("-") && !id.hasSuffix("-") && !id.isEmpty
  }

  // MARK: Golden cases

  struct Recorded {
    let golden: String
    let id: String
    let message: String
    /// Hint and notes.
    var more: [String] = []
  }

  private static let recorded: [Recorded] = GoldenCase.all.flatMap { golden -> [Recorded] in
    var found: [Recorded] = []
    for line in (golden.body(of: .diagnostics) ?? "").split(separator: "\n") {
      if line.hasPrefix("  ") {
        if !found.isEmpty { found[found.count - 1].more.append(String(line)) }
        continue
      }
      let separator = [" error ", " warning "].compactMap { String(line).splitOnce($0) }.min { $0.0.count < $1.0.count }
      guard let parts = separator?.1.splitOnce(" ") else { continue }
      found.append(Recorded(golden: golden.name, id: parts.0, message: parts.1))
    }
    return found
  }

  // MARK: Sources

  /// Ids as the sources write them: `id: "…"`, the first argument of `diagnostic("…"`, and `return "…"` for ids in an enumeration.
  private static func idsInSources() throws -> Set<String> {
    var ids: Set<String> = []
    // Every room: one that is new is not forgotten.
    for room in try listFolder(testsFolder + "/../Sources") where room.kind == .folder {
      for path in try swiftFiles(in: testsFolder + "/../Sources/" + room.name) {
        let text = String(decoding: try readFile(path), as: UTF8.self)
        for line in text.split(separator: "\n") where !line.drop(while: { $0 == " " }).hasPrefix("//") {
          for opening in [
            " id: \"", "(id: \"", "diagnostic(\"", "problem(\"", "report(\"", ".error, \"", ".warning, \"",
          ] {
            ids.formUnion(literals(in: line, behind: opening))
          }
          // In other rooms, words with hyphens mean other things.
          guard ["SiteBuilder", "Templates"].contains(room.name) else { continue }
          // An id on a line of its own: the first argument of a call that goes on behind it.
          let bare = line.drop { $0 == " " }
          // An id with a name of its own: `static let circle = "text-in-itself"`.
          if bare.contains("static let "), let (_, literal) = String(bare).splitOnce(" = \""), literal.hasSuffix("\""),
            literal.contains("-"), isKebabCase(String(literal.dropLast()))
          {
            ids.insert(String(literal.dropLast()))
          }
          guard bare.hasPrefix("\""), let id = bare.dropFirst().split(separator: "\"").first.map(String.init) else {
            continue
          }
          let behind = bare.dropFirst(id.utf8.count + 2)
          if id.contains("-"), isKebabCase(id), behind == "," || behind.hasPrefix(", \"") { ids.insert(id) }
        }
      }
    }
    return ids
  }

  private static func literals(in line: Substring, behind opening: String) -> [String] {
    var found: [String] = []
    var rest = String(line)
    while let (_, behind) = rest.splitOnce(opening) {
      if let end = behind.firstIndex(of: "\"") { found.append(String(behind[..<end])) }
      rest = behind
    }
    // `diagnostic("…")` with a message alone is not meant, nor is a text put together.
    return found.filter { !$0.contains(" ") && !$0.contains("\\") }
  }

  private static func swiftFiles(in folder: String) throws -> [String] {
    try listFolder(folder).flatMap { entry -> [String] in
      let path = folder + "/" + entry.name
      if entry.kind == .folder { return try swiftFiles(in: path) }
      return entry.name.hasSuffix(".swift") ? [path] : []
    }
  }
}
