import Files

extension Renderer {
  /// The error with the place of the operation; one that has a place already gets a note about this one.
  func located(_ error: any Error, _ unit: Int, _ place: Int, _ frame: UnsafeMutablePointer<Value>) -> any Error {
    let detail = program.details[unit]
    let source = program.sources[program.units[unit].template]
    let position = detail.places[min(place, detail.places.count - 1)]
    let (offset, length) = (Int(position.offset), Int(position.length))
    switch error {
    case var located as LocatedError:
      let from = source.location(at: offset)
      located.diagnostic.notes.append("\(described(detail.kind))\(from.path):\(from.line):\(from.column)")
      // The ends of an endless recursion tell the story; the middle repeats.
      if located.diagnostic.notes.count > 12 { located.diagnostic.notes.remove(at: 6) }
      return located
    case let error as TemplateError:
      return LocatedError(
        source.diagnostic(id: error.id, error.message, at: offset, length: length, hint: error.hint))
    case is UndefinedUse, is UndefinedReceiver:
      return LocatedError(
        undefined(source, detail, place, offset, length, frame, isReceiver: error is UndefinedReceiver))
    case var diagnostic as Diagnostic:
      if diagnostic.location == nil {
        diagnostic.location = source.location(at: offset, length: length)
        diagnostic.sourceLine = source.line(diagnostic.location?.line ?? 0)
      }
      return LocatedError(diagnostic)
    case let several as Diagnostics:
      guard let first = several.all.first else { return error }
      return located(LocatedError(first), unit, place, frame)
    default:
      return LocatedError(source.diagnostic(id: "template-argument", "\(error)", at: offset, length: length))
    }
  }

  private func described(_ kind: UnitDetail.Kind) -> String {
    switch kind {
    case .template: "from "
    case .block(let name): "in block `\(name)`, from "
    case .macro(let name): "in macro `\(name)`, from "
    case .call: "in the body of a call, from "
    }
  }

  private func undefined(
    _ source: SourceText, _ detail: UnitDetail, _ place: Int, _ offset: Int, _ length: Int,
    _ frame: UnsafeMutablePointer<Value>, isReceiver: Bool
  ) -> Diagnostic {
    guard var operand = detail.operands[place] else {
      return source.diagnostic(id: "undefined-value", "value is undefined", at: offset, length: length)
    }
    // The call of an undefined thing's method: the thing is what is missing.
    if isReceiver, case .member(let receiver, _) = operand.kind { operand = receiver }
    // Of `a.b + c`, the side that is missing.
    if case .binary(_, let left, let right) = operand.kind {
      operand = value(of: left, detail, frame)?.isUndefined == true ? left : right
    }
    let text = String(decoding: source.bytes[operand.range], as: UTF8.self)
    let shown = text.utf8.count > 80 || text.contains("\n") ? "value" : "`\(text)`"
    return source.diagnostic(
      id: "undefined-value", "\(shown) is undefined", at: operand.offset, length: operand.length,
      hint: hint(for: operand, detail, frame))
  }

  private func hint(
    for expression: Expression, _ detail: UnitDetail, _ frame: UnsafeMutablePointer<Value>
  ) -> String? {
    switch expression.kind {
    case .name(let name):
      let near = suggestion(for: name, among: visibleNames(detail).filter { $0 != name })
      return near.map { "did you mean `\($0)`?" }
    case .member(let base, let name):
      guard let value = value(of: base, detail, frame) else { return nil }
      let near = suggestion(for: name, among: value.memberNames.filter { $0 != name })
      guard let near else { return nil }
      return "did you mean `\(path(base).map { $0 + "." } ?? "")\(near)`?"
    default: return nil
    }
  }

  private func visibleNames(_ detail: UnitDetail) -> [String] {
    var names = Array(detail.slots.keys) + user.keys + program.globalNames
    var frame: ContextFrame? = context
    while let current = frame {
      names += (current.variables + current.locals).map { program.names[Int($0.symbol)] }
      frame = current.parent
    }
    return names
  }

  /// What a name or a chain of members stands for now; nil for other expressions.
  private func value(
    of expression: Expression, _ detail: UnitDetail, _ frame: UnsafeMutablePointer<Value>
  ) -> Value? {
    switch expression.kind {
    case .name(let name): return detail.slots[name].map { frame[$0] } ?? variable(name)
    case .member(let base, let name):
      guard let value = value(of: base, detail, frame) else { return nil }
      return withUnsafePointer(to: name) { try? member(value, $0) }
    default: return nil
    }
  }

  private func path(_ expression: Expression) -> String? {
    switch expression.kind {
    case .name(let name): name
    case .member(let base, let name): path(base).map { "\($0).\(name)" }
    default: nil
    }
  }
}

extension Value {
  /// The names that "did you mean" chooses from.
  var memberNames: [String] {
    switch self {
    case .map(let map): map.keys
    case .object(let object): object.memberNames
    case .date: TemplateDate.memberNames
    case .special(let special): special.memberNames
    default: []
    }
  }
}

/// An error that knows its place.
struct LocatedError: Error {
  var diagnostic: Diagnostic

  init(_ diagnostic: Diagnostic) { self.diagnostic = diagnostic }
}
