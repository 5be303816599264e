/// All filters that every set has. Jinja2's own, less `random` (a site is built the same way each time), and those that sites need.
let builtinFilters: [String: TemplateFunction] =
  textFilters.merging(markupFilters) { $1 }.merging(listFilters) { $1 }.merging(selectionFilters) { $1 }
  .merging(numberFilters) { $1 }.merging(siteFilters) { $1 }

/// A filter without arguments.
func plain(_ body: @escaping @Sendable (Value) throws -> Value) -> TemplateFunction {
  { _, arguments in
    try arguments.check([])
    return try body(arguments[0])
  }
}

/// The value in front of the filter, as a list.
func subjectItems(_ arguments: borrowing Arguments) throws -> [Value] {
  guard let items = arguments[0].iterated else {
    throw TemplateError.type("\(arguments[0].typeName) can't be iterated")
  }
  return items
}

extension Value {
  /// The value as text, markup staying markup.
  func map(text transform: (String) throws -> String) rethrows -> Value {
    if case .safe(let text) = self { return .safe(try transform(text)) }
    return .string(try transform(self.text))
  }
}
