/// What a template computes with: data of the site, and what expressions make of it.
///
/// Values do not change: there is no `append`; templates build new lists with `+`.
public enum Value: Sendable {
  /// A name or member that does not exist: prints as nothing, is false, has no members.
  case undefined
  /// Python's `None`; prints as `None`.
  case none
  case bool(Bool)
  case int(Int)
  case double(Double)
  /// Text; escaped on output where autoescape is on.
  case string(String)
  /// Markup: never escaped on output.
  case safe(String)
  case list([Value])
  /// As a list, but prints with parentheses and never equals one.
  case tuple([Value])
  case map(ValueMap)
  /// A list whose elements are made when asked for.
  case sequence(any TemplateSequence)
  /// A map whose members are made when asked for.
  case object(any TemplateObject)
  case date(TemplateDate)
  /// What only templates make or call: functions, macros, `loop`, namespaces.
  case special(Special)
}

/// Something with named members that are made when a template asks for them.
///
/// Class-bound, so that a `Value` stays small and handing out an object that exists allocates nothing.
public protocol TemplateObject: AnyObject, Sendable {
  /// - Returns: `.undefined` where there is no such member.
  func member(_ name: String) -> Value
  /// In the order in which a template that iterates sees them; also what "did you mean" chooses from.
  var memberNames: [String] { get }
  /// What it is equal by: two that stand for one thing of the site, each with its own view of it, have the same. The object itself by default.
  var equality: ObjectIdentifier { get }
}

extension TemplateObject {
  public var equality: ObjectIdentifier { ObjectIdentifier(self) }
}

/// A list whose elements are made when a template asks for them.
public protocol TemplateSequence: AnyObject, Sendable {
  var count: Int { get }
  /// - Parameter index: 0-based and below `count`.
  func element(at index: Int) -> Value
  /// A named part beside the elements; `.undefined` where there is none (the default).
  func member(_ name: String) -> Value
}

extension TemplateSequence {
  public func member(_ name: String) -> Value { .undefined }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .int(value) }
  public init(floatLiteral value: Double) { self = .double(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: Value...) { self = .list(elements) }
  public init(dictionaryLiteral elements: (String, Value)...) { self = .map(ValueMap(elements)) }
}

extension Value {
  /// Python's truth: empty text, lists and maps, zero, `None` and undefined are false.
  public var isTrue: Bool {
    switch self {
    case .undefined, .none: false
    case .bool(let flag): flag
    case .int(let number): number != 0
    case .double(let number): number != 0
    case .string(let text), .safe(let text): !text.isEmpty
    case .list(let items), .tuple(let items): !items.isEmpty
    case .map(let map): map.count > 0
    case .sequence(let sequence): sequence.count > 0
    case .object, .date, .special: true
    }
  }

  var isUndefined: Bool {
    if case .undefined = self { return true }
    return false
  }

  var isNone: Bool {
    if case .none = self { return true }
    return false
  }

  /// The text of a string or markup; nil for everything else.
  var asText: String? {
    switch self {
    case .string(let text), .safe(let text): text
    default: nil
    }
  }

  var isMarkup: Bool {
    if case .safe = self { return true }
    return false
  }

  /// As a message names the type.
  var typeName: String {
    switch self {
    case .undefined: "undefined"
    case .none: "none"
    case .bool: "a boolean"
    case .int: "an integer"
    case .double: "a float"
    case .string, .safe: "a string"
    case .list, .sequence: "a list"
    case .tuple: "a tuple"
    case .map: "a map"
    case .object: "an object"
    case .date: "a date"
    case .special(let special): special.typeName
    }
  }

  /// Whether a template can call it, as the test `callable` asks.
  var isCallable: Bool {
    if case .special(let special) = self { return special.isCallable }
    return false
  }
}
