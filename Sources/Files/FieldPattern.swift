/// A text with fields in braces that are filled in later: `{site}/{yyyy}/{build}`.
public struct FieldPattern: Sendable, Hashable {
  public let text: String
  private let parts: [Part]

  private enum Part: Sendable, Hashable {
    case text(String)
    case field(String)
  }

  /// What is wrong with a pattern, as a phrase fit for a message.
  public struct Problem: Error, Sendable, Hashable {
    public let message: String
    public let hint: String
  }

  /// - Parameter known: the names that a field can have.
  public init(_ text: String, fields known: [String]) throws(Problem) {
    self.text = text
    var parts: [Part] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
      guard let close = rest[open...].firstIndex(of: "}") else {
        throw Problem(message: "{ begins a field, } must end it", hint: "{site}/{build}")
      }
      let name = String(rest[rest.index(after: open)..<close])
      guard known.contains(name) else {
        throw Problem(
          message: "{\(name)} is no field",
          hint: suggestion(for: name, among: known).map { "did you mean {\($0)}?" }
            ?? "fields: \(known.map { "{\($0)}" }.joined(separator: " "))")
      }
      parts.append(.field(name))
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
    self.parts = parts
  }

  public var fields: [String] {
    parts.compactMap { if case .field(let name) = $0 { name } else { nil } }
  }

  public func filled(_ value: (String) -> String) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .field(let name): value(name)
      }
    }.joined()
  }
}
