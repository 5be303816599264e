/// What a filter or a function throws to say what is wrong with its arguments; rendering adds template, line and column.
public struct TemplateError: Error, Sendable {
  /// Kebab-case, as in `Diagnostic`.
  var id: String
  public var message: String
  public var hint: String?

  public init(_ message: String, hint: String? = nil) {
    self.init(id: "template-argument", message, hint: hint)
  }

  init(id: String, _ message: String, hint: String? = nil) {
    self.id = id
    self.message = message
    self.hint = hint
  }

  static func type(_ message: String, hint: String? = nil) -> TemplateError {
    TemplateError(id: "template-type", message, hint: hint)
  }

  static func limit(_ message: String) -> TemplateError { TemplateError(id: "template-limit", message) }
}

/// A filter, a test or a function. A filter or test finds the value it stands behind as the first positional argument.
public typealias TemplateFunction = @Sendable (inout TemplateCall, borrowing Arguments) throws -> Value

/// What a filter, test or function was called with. Valid during the call only, hence not copyable.
public struct Arguments: ~Copyable {
  let values: UnsafeBufferPointer<Value>
  let names: UnsafeBufferPointer<String>

  /// - Parameters:
  ///   - values: positional arguments, then the named ones' values in the order of `names`.
  init(_ values: UnsafeBufferPointer<Value>, names: UnsafeBufferPointer<String>) {
    self.values = values
    self.names = names
  }

  /// The number of positional arguments.
  public var count: Int { values.count - names.count }
  public var positional: [Value] { Array(values[..<count]) }
  public var named: [(name: String, value: Value)] {
    (0..<names.count).map { (names[$0], values[count + $0]) }
  }

  /// The positional argument at `index`; `.undefined` where there are fewer.
  public subscript(index: Int) -> Value { index < count ? values[index] : .undefined }

  public subscript(name: String) -> Value? {
    for index in 0..<names.count where names[index] == name { return values[count + index] }
    return nil
  }

  /// The argument given by position or by name; nil where it was not given.
  public func value(_ index: Int, _ name: String) -> Value? {
    if index < count { return values[index] }
    return names.isEmpty ? nil : self[name]
  }

  /// - Returns: nil where the argument was not given or is none.
  public func string(_ index: Int, _ name: String) throws(TemplateError) -> String? {
    guard let value = value(index, name), !value.isNone else { return nil }
    guard let text = value.asText else { throw .type("argument `\(name)` is a string, not \(value.typeName)") }
    return text
  }

  /// A width, a count or a place: numbers beyond all of these become ones that sums and differences with the size of a text have room for.
  /// - Returns: nil where the argument was not given or is none.
  public func int(_ index: Int, _ name: String) throws(TemplateError) -> Int? {
    try exactInt(index, name).map { min(max($0, -(1 << 61)), 1 << 61) }
  }

  /// - Returns: nil where the argument was not given or is none.
  func exactInt(_ index: Int, _ name: String) throws(TemplateError) -> Int? {
    guard let value = value(index, name) else { return nil }
    switch value {
    case .none: return nil
    case .int(let number): return number
    case .bool(let flag): return flag ? 1 : 0
    default: throw .type("argument `\(name)` is an integer, not \(value.typeName)")
    }
  }

  /// The argument's truth; nil where it was not given.
  public func bool(_ index: Int, _ name: String) -> Bool? { value(index, name)?.isTrue }

  /// - Throws: where there are more arguments than `names`, or one of another name.
  @inline(__always)
  func check(_ known: @autoclosure () -> [String]) throws(TemplateError) {
    if count > 1 || !names.isEmpty { try checkAll(known()) }
  }

  private func checkAll(_ known: [String]) throws(TemplateError) {
    if count > known.count + 1 { throw TemplateError("at most \(known.count) arguments are taken") }
    for index in 0..<names.count where !known.contains(names[index]) {
      throw TemplateError(
        "`\(names[index])` is no argument here",
        hint: known.isEmpty ? nil : "known are \(known.map { "`\($0)`" }.joined(separator: ", "))")
    }
  }
}

/// The place that a filter or function is called from.
public struct TemplateCall {
  let renderer: UnsafeMutablePointer<Renderer>

  /// Whether the calling template escapes what it prints.
  public var autoescape: Bool { renderer.pointee.escapes }

  /// The name of the template that is being rendered now.
  public var templateName: String { renderer.pointee.currentTemplateName }

  /// A variable of the context that the calling template sees; `.undefined` where there is none.
  public func variable(_ name: String) -> Value { renderer.pointee.variable(name) }

  /// A value that was given to `render`, also where an imported template does not see it; `.undefined` where there is none.
  public func given(_ name: String) -> Value { renderer.pointee.user[name] ?? .undefined }

  /// Text as markup where the calling template escapes, as text elsewhere.
  func result(_ text: String) -> Value { autoescape ? .safe(text) : .string(text) }
}
