import Files
import FoundationEssentials

extension Terminal {
  /// How many of a kind are printed: a site that has just moved in can have thousands.
  private static let mostOfAKind = 20

  /// Prints diagnostics in their order; of a kind that is there very often, the first ones and how many more there are.
  ///
  /// - Parameters:
  ///   - folder: put before paths, so that they lead somewhere from where the program was started.
  ///   - all: what lists all of them; nil where nothing does.
  func print(_ diagnostics: [Diagnostic], folder: String, all: String? = "--json") {
    struct Kind: Hashable {
      let severity: Diagnostic.Severity
      let id: String
    }
    var counts: [Kind: Int] = [:]
    for diagnostic in diagnostics {
      let kind = Kind(severity: diagnostic.severity, id: diagnostic.id)
      let count = counts[kind, default: 0] + 1
      counts[kind] = count
      if count <= Self.mostOfAKind { print(diagnostic, folder: folder) }
    }
    for (kind, count) in counts.sorted(by: { $0.key.id < $1.key.id }) where count > Self.mostOfAKind {
      let more = counted(count - Self.mostOfAKind, "more \(kind.severity.rawValue)")
      let rest = all.map { "; \($0) lists all" } ?? ""
      print(styled("and \(more) of this kind\(rest)", .bold) + styled(" [\(kind.id)]", .dim))
    }
  }

  /// Prints a diagnostic: a line that terminals and editors make clickable, the source line under it, then hint and notes.
  ///
  /// - Parameter folder: put before paths, so that they lead somewhere from where the program was started.
  func print(_ diagnostic: Diagnostic, folder: String) {
    var first = ""
    if let location = diagnostic.location {
      first += styled(place(location, folder), .bold) + ": "
    }
    let isError = diagnostic.severity == .error
    first += styled(diagnostic.severity.rawValue, .bold, isError ? .red : .yellow) + ": "
    print(first + styled(printable(diagnostic.message), .bold) + styled(" [\(diagnostic.id)]", .dim))
    if let location = diagnostic.location, let line = diagnostic.sourceLine, location.line > 0 { quote(line, location) }
    if let hint = diagnostic.hint { print("  " + styled("hint:", .cyan) + " " + printable(hint, lines: true)) }
    for note in diagnostic.notes { print("  " + styled("note:", .dim) + " " + printable(note, lines: true)) }
  }

  private func place(_ location: SourceLocation, _ folder: String) -> String {
    printable(
      folder.isEmpty || folder == "." || location.path.hasPrefix("theme/") ? "\(location)" : "\(folder)/\(location)")
  }

  /// The line, cut to what fits a window, and carets under the part that is meant.
  private func quote(_ line: String, _ location: SourceLocation) {
    let excerpt = Excerpt(line, location)
    let number = String(location.line)
    let margin = String(repeating: " ", count: max(0, 5 - number.count))
    print(styled("\(margin)\(number) | ", .dim) + printable(excerpt.text))
    guard let indent = excerpt.indent else { return }
    let carets = String(repeating: "^", count: excerpt.length)
    print(styled("      | ", .dim) + String(repeating: " ", count: indent) + styled(carets, .green))
  }
}

/// A diagnostic as one JSON object.
struct DiagnosticJSON: Encodable {
  let severity: String
  let id: String
  let message: String
  let path: String?
  let line: Int?
  let column: Int?
  let length: Int?
  let sourceLine: String?
  let hint: String?
  let notes: [String]

  init(_ diagnostic: Diagnostic) {
    func known(_ number: Int?) -> Int? { number == 0 ? nil : number }
    severity = diagnostic.severity.rawValue
    id = diagnostic.id
    message = diagnostic.message
    path = diagnostic.location?.path
    line = known(diagnostic.location?.line)
    column = known(diagnostic.location?.column)
    length = known(diagnostic.location?.length)
    sourceLine = diagnostic.sourceLine
    hint = diagnostic.hint
    notes = diagnostic.notes
  }
}

/// The same on one line, for a program that goes on.
func printLine(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  Terminal.output.print(String(decoding: try encoder.encode(value), as: UTF8.self))
}

/// Prints `value` as one JSON object on standard output.
func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  Terminal.output.print(String(decoding: try encoder.encode(value), as: UTF8.self))
}
