import Files

/// A value of front matter, of the configuration or of a data file, with the place where it was written.
///
/// Dates stay text in every notation; whoever wants one parses it.
struct Datum: Sendable, Hashable {
  enum Value: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case list([Datum])
    /// In the order written; keys are unique.
    case map([Entry])
  }

  struct Entry: Sendable, Hashable {
    var key: String
    var keyPlace: Place
    var datum: Datum
  }

  /// A 1-based line and column of the file; column 0 where only the line is known, line 0 where nothing is.
  struct Place: Sendable, Hashable {
    var line: Int32
    var column: Int32

    static let unknown = Place(line: 0, column: 0)
  }

  var value: Value
  var place: Place

  init(_ value: Value, at place: Place = .unknown) {
    self.value = value
    self.place = place
  }

  /// The entries of a map; empty for anything else.
  var entries: [Entry] {
    if case .map(let entries) = value { entries } else { [] }
  }

  subscript(key: String) -> Datum? {
    entries.first { $0.key == key }?.datum
  }

  /// The text of a scalar as a writer means it where text is wanted: `2026` and `true` count as text too.
  var text: String? {
    switch value {
    case .string(let string): string
    case .int(let int): String(int)
    case .double(let double): String(double)
    case .bool(let bool): bool ? "true" : "false"
    case .null, .list, .map: nil
    }
  }

  /// What it is, for messages: "a list".
  var kind: String {
    switch value {
    case .null: "nothing"
    case .bool: "true or false"
    case .int, .double: "a number"
    case .string: "a text"
    case .list: "a list"
    case .map: "a map"
    }
  }
}

extension [Datum.Entry] {
  /// Those of `others` whose keys are not here yet.
  func missing(from others: [Datum.Entry]) -> [Datum.Entry] {
    if isEmpty || others.isEmpty { return others }
    let keys = Set(map(\.key))
    return others.filter { !keys.contains($0.key) }
  }
}

/// Notation of front matter, configuration and data files.
enum DataFormat: String, Sendable {
  case yaml, toml, json

  init?(fileExtension: String) {
    switch fileExtension.lowercased() {
    case "yaml", "yml": self = .yaml
    case "toml": self = .toml
    case "json": self = .json
    default: return nil
    }
  }
}

/// A piece of a file that is written in one of the data notations.
struct DataText {
  /// The whole file, for locations and source lines.
  let source: SourceText
  /// The bytes of the piece.
  let range: Range<Int>
  /// The line of the file that the piece begins on; 1-based.
  let firstLine: Int

  init(source: SourceText, range: Range<Int>) {
    self.source = source
    self.range = range
    firstLine = source.location(at: range.lowerBound).line
  }

  init(whole source: SourceText) {
    let source = source.withoutByteOrderMark
    self.init(source: source, range: 0..<source.bytes.count)
  }

  var string: String { String(decoding: source.bytes[range], as: UTF8.self) }

  /// - Throws: a `Diagnostic` where the text is not well formed.
  func read(_ format: DataFormat) throws(Diagnostic) -> Datum {
    if let problem = source.encodingProblem { throw problem }
    switch format {
    case .yaml: return try readYAML(self)
    case .toml: return try readTOML(self)
    case .json: return try readJSON(self)
    }
  }

  func diagnostic(_ id: String, _ message: String, line: Int, column: Int, hint: String? = nil) -> Diagnostic {
    Diagnostic(
      id: id, message, at: SourceLocation(path: source.path, line: line, column: column),
      sourceLine: source.line(line), hint: hint)
  }

  /// How deep values may nest, and how many there may be: a file that asks for more is an attack or a mistake.
  static let deepestNesting = 64
  static let mostValues = 200_000
}

extension SourceText {
  /// What is wrong where the bytes are no UTF-8; nil where all are.
  var encodingProblem: Diagnostic? {
    guard let offset = firstInvalidUTF8(bytes) else { return nil }
    let byte = String(bytes[offset], radix: 16, uppercase: true)
    return diagnostic(
      id: "not-utf8", "text is UTF-8, the byte 0x\(byte) here is not", at: offset, hint: "save the file as UTF-8")
  }
}
