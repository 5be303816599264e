import Files
import TestSupport
import Testing

/// The table of stages in `Sources/README.md`: each is a function that says the same of itself.
@Suite struct StageTableTests {
  private static let sources = testsFolder + "/../Sources"

  private static func lines(of path: String) throws -> [Substring] {
    String(decoding: try readFile(path), as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// What stands in the rows: number, stage, function.
  private static func rows() throws -> [(number: Int, stage: String, function: String)] {
    try lines(of: sources + "/README.md").compactMap { line in
      let cells = line.split(separator: "|").map(\.trimmingSpaces)
      guard line.hasPrefix("|"), cells.count == 4, let number = Int(cells[0]), !cells[1].hasPrefix("`") else {
        return nil
      }
      return (number, cells[1], cells[2].filter { $0 != "`" })
    }
  }

  /// The lines that declare what a comment calls stage `number` of this room.
  private static func declarations(ofStage number: Int, in room: String) throws -> [Substring] {
    try listFolder(sources + "/" + room).filter { $0.name.hasSuffix(".swift") }.flatMap { file in
      let lines = try lines(of: "\(sources)/\(room)/\(file.name)")
      return lines.indices.filter { lines[$0].hasPrefix("/// Stage \(number):") }.compactMap { start in
        lines[start...].first { !$0.hasPrefix("///") }
      }
    }
  }

  @Test func theTableIsAsTheCodeIs() throws {
    let rows = try Self.rows()
    #expect(rows.map(\.number) == Array(1...15))
    let build = try Self.lines(of: Self.sources + "/SiteBuilder/Build.swift").joined(separator: "\n")
    for row in rows {
      let declarations = try Self.declarations(ofStage: row.number, in: row.number <= 8 ? "SiteBuilder" : "Publisher")
      #expect(declarations.count == 1 && declarations.allSatisfy { $0.hasPrefix("func \(row.function)(") }, "\(row)")
      guard row.number <= 8 else { continue }
      #expect(build.contains("stage(\"\(row.stage)\")"), "\(row)")
    }
  }
}
