/// A path of members, as filters take it: `"date.year"`; a part of digits is an index.
struct Attribute {
  private let parts: [Value]
  private let standard: Value?

  /// No attribute is the item itself.
  init(_ value: Value?, standard: Value? = nil) {
    self.standard = standard
    switch value {
    case .string(let path)?, .safe(let path)?: parts = Self.split(path)
    case nil, Value.none?: parts = []
    case let value?: parts = [value]
    }
  }

  private static func split(_ path: String) -> [Value] {
    path.split(separator: ".", omittingEmptySubsequences: false).map { part in
      Int(part).map { part.utf8.allSatisfy { $0 < 58 && $0 > 47 } ? .int($0) : .string(String(part)) }
        ?? .string(String(part))
    }
  }

  /// Several attributes, separated by commas.
  static func several(_ value: Value?) -> [Attribute] {
    guard let path = value?.asText else { return [Attribute(value)] }
    return path.split(separator: ",", omittingEmptySubsequences: false).map { Attribute(.string(String($0))) }
  }

  func of(_ item: Value, _ call: borrowing TemplateCall) throws -> Value {
    var value = item
    for part in parts {
      if value.isUndefined {
        throw TemplateError(id: "undefined-value", "an item lacks what comes before `\(part.text)`")
      }
      value = try call.renderer.pointee.item(value, part)
      if let standard, value.isUndefined { value = standard }
    }
    return value
  }
}

/// What a value is sorted and compared by: text in lower case, unless case counts.
func folded(_ value: Value, caseSensitive: Bool) -> Value {
  guard !caseSensitive, let text = value.asText else { return value }
  return .string(text.lowercased())
}

/// Sorts stably by keys computed once.
func sorted(
  _ items: [Value], reverse: Bool, by key: (Value) throws -> [Value]
) throws -> [Value] {
  let keys = try items.map(key)
  // What has no order is told behind the sorting, which no error may cut short.
  var failure: (any Error)?
  func isBefore(_ left: Int, _ right: Int) -> Bool {
    for (a, b) in zip(keys[left], keys[right]) where a != b {
      do throws(TemplateError) {
        return try Value.order(a, b) < 0
      } catch {
        failure =
          a.isUndefined || b.isUndefined ? TemplateError.type("some items lack what they are compared by") : error
        return false
      }
    }
    return false
  }
  let order = items.indices.sorted { reverse ? isBefore($1, $0) : isBefore($0, $1) }
  if let failure { throw failure }
  return order.map { items[$0] }
}
