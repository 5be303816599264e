import Files
import Templates

/// `data/**/*.yaml|toml|json|csv` as one value: `data/team/people.yaml` is `site.data.team.people`.
///
/// - Throws: `Diagnostics` with the mistakes of all files.
func readData(_ inventory: Inventory) throws -> (value: Value, warnings: [Diagnostic]) {
  var root = DataBranch()
  var diagnostics: [Diagnostic] = []
  for file in inventory.data {
    let isCSV = file.path.fileExtension.lowercased() == "csv"
    let format = DataFormat(fileExtension: file.path.fileExtension)
    guard isCSV || format != nil else {
      diagnostics.append(
        Diagnostic(
          .warning, id: "unknown-data-format", "data files end in .yaml, .toml, .json or .csv",
          at: SourceLocation(path: file.path.string),
          hint: "move it to assets/ if readers need it"))
      continue
    }
    do {
      let source = SourceText(path: file.path.string, bytes: try readFile(file.diskPath))
      let datum = try format.map { try DataText(whole: source).read($0) } ?? readCSV(source)
      let parts = file.path.components.dropFirst().dropLast().map(String.init) + [file.path.stem]
      root.insert(Value(datum), at: parts[...])
    } catch let diagnostic as Diagnostic {
      diagnostics.append(diagnostic)
    }
  }
  try Diagnostics.stop(at: diagnostics)
  return (root.value, diagnostics)
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
