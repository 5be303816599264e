import Files
import Templates

/// `data/**/*.yaml|toml|json|csv|xml` as one value: `data/team/people.yaml` is `site.data.team.people`.
///
/// - Throws: `Diagnostics` with the mistakes of all files.
func readData(_ inventory: Inventory) throws -> (value: Value, warnings: [Diagnostic]) {
  var root = DataBranch()
  var diagnostics: [Diagnostic] = []
  for file in inventory.data {
    guard let notation = DataNotation(of: file.path) else {
      diagnostics.append(
        Diagnostic(
          .warning, id: "unknown-data-format", "data files end in .yaml, .toml, .json, .csv or .xml",
          at: SourceLocation(path: file.path.string),
          hint: "move it to assets/ if readers need it"))
      continue
    }
    do {
      let source = SourceText(path: file.path.string, bytes: try readFile(file.diskPath))
      let datum = try notation.read(source)
      let parts = file.path.components.dropFirst().dropLast().map(String.init) + [file.path.stem]
      root.insert(Value(datum), at: parts[...])
    } catch let diagnostic as Diagnostic {
      diagnostics.append(diagnostic)
    }
  }
  try Diagnostics.stop(at: diagnostics)
  return (root.value, diagnostics)
}

/// What data files are written in.
private enum DataNotation {
  case csv, xml
  case format(DataFormat)

  init?(of path: TreePath) {
    switch path.fileExtension.lowercased() {
    case "csv": self = .csv
    case "xml": self = .xml
    case let name:
      guard let format = DataFormat(fileExtension: name) else { return nil }
      self = .format(format)
    }
  }

  func read(_ source: SourceText) throws(Diagnostic) -> Datum {
    switch self {
    case .csv: try readCSV(source)
    case .xml: try readXML(source)
    case .format(let format): try DataText(whole: source).read(format)
    }
  }
}

private struct DataBranch {
  private var names: [String] = []
  private var values: [String: Value] = [:]
  private var branches: [String: DataBranch] = [:]

  mutating func insert(_ value: Value, at path: ArraySlice<String>) {
    guard let name = path.first else { return }
    if !names.contains(name) { names.append(name) }
    if path.count == 1 {
      values[name] = value
    } else {
      branches[name, default: DataBranch()].insert(value, at: path.dropFirst())
    }
  }

  /// A file and a folder of one name: the folder's entries come after the file's own.
  var value: Value {
    .map(
      ValueMap(
        names.map { name in
          guard let branch = branches[name] else { return (name, values[name] ?? .undefined) }
          guard case .map(var own)? = values[name], case .map(let inner) = branch.value else {
            return (name, branch.value)
          }
          for key in inner.keys { own[key] = inner[key] }
          return (name, .map(own))
        }))
  }
}
