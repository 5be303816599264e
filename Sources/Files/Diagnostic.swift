/// A place in a file of the site: where a diagnostic points to.
public struct SourceLocation: Sendable, Hashable, CustomStringConvertible {
  /// The path as the writer would write it, relative to the site's folder.
  public var path: String
  /// 1-based; 0 where only the file is known.
  public var line: Int
  /// 1-based, in bytes of the line's UTF-8; 0 where only the line is known.
  public var column: Int
  /// How many bytes are meant, from `column` on; 0 where only the start is known.
  public var length: Int

  public init(path: String, line: Int = 0, column: Int = 0, length: Int = 0) {
    self.path = path
    self.line = line
    self.column = column
    self.length = length
  }

  /// `content/a.md:3:7`, as far as it is known.
  public var description: String {
    if line == 0 { return path }
    return column == 0 ? "\(path):\(line)" : "\(path):\(line):\(column)"
  }
}

/// One thing that is wrong (or doubtful) with the site, said so that a writer can mend it.
///
/// Wording: the rule, the most specific word first, no "failed to", no full stop; the hint says "did you mean" where a near name exists.
public struct Diagnostic: Error, Sendable, Hashable {
  public enum Severity: String, Sendable, Comparable, CaseIterable {
    case warning, error

    public static func < (left: Severity, right: Severity) -> Bool { left == .warning && right == .error }
  }

  public var severity: Severity
  /// Kebab-case and stable: scripts may depend on it.
  public var id: String
  public var message: String
  public var location: SourceLocation?
  /// The text of the line at `location`, without its line end.
  public var sourceLine: String?
  public var hint: String?
  /// Further facts, one a line.
  public var notes: [String]

  public init(
    _ severity: Severity = .error, id: String, _ message: String, at location: SourceLocation? = nil,
    sourceLine: String? = nil, hint: String? = nil, notes: [String] = []
  ) {
    self.severity = severity
    self.id = id
    self.message = message
    self.location = location
    self.sourceLine = sourceLine
    self.hint = hint
    self.notes = notes
  }

  /// Order of printing: by path, line, column, then by what is said; what has no place comes first. Only equal ones are in no order.
  public static func inOrder(_ left: Diagnostic, _ right: Diagnostic) -> Bool {
    func key(_ diagnostic: Diagnostic) -> (String, Int, Int) {
      (diagnostic.location?.path ?? "", diagnostic.location?.line ?? 0, diagnostic.location?.column ?? 0)
    }
    if key(left) != key(right) { return key(left) < key(right) }
    if (left.id, left.message) != (right.id, right.message) {
      return (left.id, left.message) < (right.id, right.message)
    }
    if left.notes != right.notes { return left.notes.lexicographicallyPrecedes(right.notes) }
    return (left.hint ?? "", left.severity.rawValue) < (right.hint ?? "", right.severity.rawValue)
  }
}

/// All the problems that one stage found; thrown when at least one of them is an error.
public struct Diagnostics: Error, Sendable {
  public var all: [Diagnostic]

  public init(_ all: [Diagnostic]) {
    self.all = all.sorted(by: Diagnostic.inOrder)
  }

  /// Throws where one of `found` is an error (or, with `strict`, where there is any).
  public static func stop(at found: [Diagnostic], strict: Bool = false) throws(Diagnostics) {
    if found.contains(where: { strict || $0.severity == .error }) { throw Diagnostics(found) }
  }
}
