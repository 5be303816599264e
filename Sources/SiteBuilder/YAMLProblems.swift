import Files
import Yams

/// What libyaml, or Yams behind it, found wrong with a text, in the words of a diagnostic where it is a mistake that people make.
func yamlDiagnostic(_ error: any Error, _ text: DataText) -> Diagnostic {
  func diagnostic(_ message: String, _ mark: Mark?, hint: String? = nil) -> Diagnostic {
    diagnostic(message, at: mark.map { ($0.line, $0.column) }, hint: hint)
  }
  func diagnostic(_ message: String, at mark: (line: Int, column: Int)?, hint: String? = nil) -> Diagnostic {
    let line = text.firstLine + (mark?.line ?? 1) - 1
    let shown = min(line, text.source.lineCount)
    let column = mark.map { byteColumn(text.source, line: shown, scalarColumn: $0.column) } ?? 0
    return text.diagnostic("yaml-syntax", message, line: shown, column: column, hint: hint)
  }
  guard let error = error as? YamlError else { return diagnostic("YAML cannot be read: \(error)", nil) }
  switch error {
  case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
    .composer(let context, let problem, let mark, _):
    if problem.hasPrefix("Maximum nesting level") {
      let line = text.firstLine + mark.line - 1
      return text.diagnostic(
        "data-too-large", "values nest too deeply", line: line,
        column: byteColumn(text.source, line: line, scalarColumn: mark.column),
        hint: "at most \(DataText.deepestNesting) levels are read")
    }
    if let opening = unclosed(problem, at: mark, context, text) {
      return text.diagnostic(
        "yaml-syntax", "\(opening.sign) opens \(opening.kind) that nothing closes", line: opening.line,
        column: opening.column, hint: "end it with \(opening.closing)")
    }
    return diagnostic("YAML: \(problem)", mark, hint: yamlHint(problem))
  case .duplicatedKeysInMapping(let duplicates, let context):
    let second = duplicates.first.flatMap { secondKey($0, from: context.mark, text) }
    return diagnostic(
      "\(duplicates.joined(separator: ", ")) is given twice", at: second ?? (context.mark.line, context.mark.column),
      hint: "keep one of them")
  case .reader(let problem, _, _, _):
    return diagnostic("YAML: \(problem)", nil)
  default:
    return diagnostic("YAML cannot be read", nil)
  }
}

/// What stands open at the end of the text: libyaml tells of it there, and what has to be mended is where it begins.
private struct UnclosedYAML {
  let sign: Character
  let line: Int
  let column: Int

  var kind: String {
    switch sign {
    case "[": "a list"
    case "{": "a map"
    default: "a text in quotes"
    }
  }
  var closing: Character {
    switch sign {
    case "[": "]"
    case "{": "}"
    default: sign
    }
  }

  /// - Returns: nil where something else stands there.
  init?(_ source: SourceText, line: Int, column: Int) {
    guard let range = source.range(ofLine: line), column >= 1, range.lowerBound + column - 1 < range.upperBound else {
      return nil
    }
    sign = Character(Unicode.Scalar(source.bytes[range.lowerBound + column - 1]))
    guard ["[", "{", "\"", "'"].contains(sign) else { return nil }
    (self.line, self.column) = (line, column)
  }
}

private func unclosed(_ problem: String, at mark: Mark, _ context: YamlError.Context?, _ text: DataText)
  -> UnclosedYAML?
{
  let source = text.source
  let line = text.firstLine + mark.line - 1
  // What is missing is missing at the end of a line, or it stands in the line and something is wrong with it.
  let start = source.range(ofLine: line)?.lowerBound
  let end = start.map { $0 + byteColumn(source, line: line, scalarColumn: mark.column) - 1 } ?? text.range.upperBound
  let isAtEnd = source.bytes[min(end, text.range.upperBound)..<text.range.upperBound].allSatisfy { $0 <= 0x20 }
  if problem == "did not find expected node content", isAtEnd {
    return openBracket(before: min(end, text.range.upperBound), text)
  }
  let isOfText = problem == "found unexpected end of stream"
  guard let context, isOfText || problem.hasPrefix("did not find expected ','"),
    isAtEnd || mark.line > context.mark.line
  else { return nil }
  let first = text.firstLine + context.mark.line - 1
  return UnclosedYAML(
    source, line: first, column: byteColumn(source, line: first, scalarColumn: context.mark.column))
}

/// The bracket that is open at `end`, for what says nothing of where it began.
private func openBracket(before end: Int, _ text: DataText) -> UnclosedYAML? {
  var closed = 0
  for offset in text.range.prefix(end - text.range.lowerBound).reversed() {
    switch text.source.bytes[offset] {
    case UInt8(ascii: "]"), UInt8(ascii: "}"): closed += 1
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      if closed == 0 {
        let place = text.source.location(at: offset)
        return UnclosedYAML(text.source, line: place.line, column: place.column)
      }
      closed -= 1
    default: break
    }
  }
  return nil
}

/// Where a key stands for the second time in a block map: on a line of its own, in the column of the map.
private func secondKey(_ key: String, from mark: Mark, _ text: DataText) -> (line: Int, column: Int)? {
  let last = text.source.location(at: text.range.upperBound).line
  var found = 0
  for line in (text.firstLine + mark.line - 1)...max(last, text.firstLine + mark.line - 1) {
    guard let written = text.source.line(line), written.dropFirst(mark.column - 1).hasPrefix(key + ":") else {
      continue
    }
    found += 1
    if found == 2 { return (line - text.firstLine + 1, mark.column) }
  }
  return nil
}

private func yamlHint(_ problem: String) -> String? {
  if problem.contains("mapping values are not allowed") {
    return "text with a colon in it needs quotes: title: \"Notes: a start\""
  }
  if problem.contains("cannot start any token") {
    return "indent with spaces, not with tabs; quote text that begins with @, ` or %"
  }
  if problem.contains("expected <block end>") || problem.contains("could not find expected ':'") {
    return "each line is `key: value`; check the indentation and the quotes"
  }
  if problem.hasPrefix("did not find expected ','") {
    return "a comma is between two entries; text with a comma, a colon or a bracket in it needs quotes"
  }
  return nil
}
