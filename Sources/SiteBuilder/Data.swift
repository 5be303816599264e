import Files
import Templates

/// `data/**/*.yaml|toml|json|csv|xml` as one value: `data/team/people.yaml` is `site.data.team.people`.
///
/// - Throws: `Diagnostics` with the mistakes of all files, and where two of them give one value.
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
      root.insert(Value(datum), of: file.path, at: parts[...], &diagnostics)
    } catch let diagnostic as Diagnostic {
      diagnostics.append(diagnostic)
    }
  }
  let value = root.value(named: "site.data", &diagnostics)
  try Diagnostics.stop(at: diagnostics)
  return (value, diagnostics)
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
  private var values: [String: (value: Value, file: TreePath)] = [:]
  private var branches: [String: DataBranch] = [:]

  mutating func insert(
    _ value: Value, of file: TreePath, at path: ArraySlice<String>, _ diagnostics: inout [Diagnostic]
  ) {
    guard let name = path.first else { return }
    if values[name] == nil, branches[name] == nil { names.append(name) }
    if path.count > 1 {
      branches[name, default: DataBranch()].insert(value, of: file, at: path.dropFirst(), &diagnostics)
    } else if let other = values[name] {
      let key = file.components.dropFirst().dropLast().map(String.init) + [name]
      diagnostics.append(
        Self.taken("site.data.\(key.joined(separator: ".")) is already made by \(other.file)", by: file))
    } else {
      values[name] = (value, file)
    }
  }

  /// A file and a folder of one name: the folder's entries come after the file's own.
  ///
  /// - Parameter path: what templates call it.
  func value(named path: String, _ diagnostics: inout [Diagnostic]) -> Value {
    var map = ValueMap()
    for name in names {
      let path = path + "." + name
      let own = values[name]
      guard let branch = branches[name] else {
        map[name] = own?.value ?? .undefined
        continue
      }
      guard case .map(let inner) = branch.value(named: path, &diagnostics) else { continue }
      guard let own else {
        map[name] = .map(inner)
        continue
      }
      guard case .map(var merged) = own.value else {
        diagnostics.append(
          Self.taken("\(path) is a folder with files, a file of the same name is a map of keys", by: own.file))
        continue
      }
      for key in inner.keys {
        if merged[key] != nil {
          diagnostics.append(Self.taken("\(path).\(key) is already made by a file in the folder", by: own.file))
        }
        merged[key] = inner[key]
      }
      map[name] = .map(merged)
    }
    return .map(map)
  }

  private static func taken(_ message: String, by file: TreePath) -> Diagnostic {
    Diagnostic(
      id: "two-files-one-path", message, at: SourceLocation(path: file.string), hint: "rename one, or make one of both")
  }
}
