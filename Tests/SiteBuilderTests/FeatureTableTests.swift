import Files
import TestSupport
import Testing

/// The table in `Golden/README.md`: what is said to be shown is shown somewhere.
@Suite struct FeatureTableTests {
  private struct Row {
    let feature: String
    let cells: [String]
    let shownBy: [String]
  }

  private static func rows() throws -> [Row] {
    let text = String(decoding: try readFile(GoldenCase.folder + "/README.md"), as: UTF8.self)
    return text.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst(2).map { line in
      let cells = line.split(separator: "|").map(\.trimmingSpaces)
      let names = (cells.last ?? "").split(separator: " ").map { String($0.filter { $0 != "`" }) }
      return Row(feature: cells.first ?? "", cells: cells, shownBy: names)
    }
  }

  @Test func whatIsNamedIsThere() throws {
    let rows = try Self.rows()
    #expect(rows.count > 40)
    for row in rows {
      #expect(row.cells.count == 6, "\(row.feature)")
      // No row where another builder has it and we have not.
      #expect(row.cells.count == 6 && row.cells[4] == "Y", "\(row.feature)")
      #expect(!row.shownBy.isEmpty, "\(row.feature)")
      for name in row.shownBy {
        let isThere = fileSize("\(GoldenCase.folder)/\(name).txt") ?? fileSize("\(testsFolder)/\(name).swift")
        #expect(isThere != nil, "\(row.feature): neither Golden/\(name).txt nor Tests/\(name).swift is there")
      }
    }
  }
}
