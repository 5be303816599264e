extension Value: Equatable {
  /// Python's `==`: numbers and booleans by value, text by content whether markup or not, a list never equals a tuple.
  public static func == (left: Value, right: Value) -> Bool { equal(left, right, depth: 0) }

  private static func equal(_ left: Value, _ right: Value, depth: Int) -> Bool {
    switch (left, right) {
    case (.undefined, .undefined), (.none, .none): return true
    case (.string(let a), .string(let b)), (.string(let a), .safe(let b)), (.safe(let a), .string(let b)),
      (.safe(let a), .safe(let b)):
      return a == b
    case (.int(let a), .int(let b)): return a == b
    case (.date(let a), .date(let b)): return a == b
    case (.object(let a), .object(let b)): return a === b || a.equality == b.equality
    case (.special(let a), .special(let b)): return a === b
    case (.tuple(let a), .tuple(let b)):
      return depth < depthLimit && a.elementsEqual(b) { equal($0, $1, depth: depth + 1) }
    case (.map(let a), .map(let b)):
      guard depth < depthLimit, a.count == b.count else { return false }
      for index in 0..<a.count {
        let (name, value) = a.entry(at: index)
        guard let other = b[name], equal(value, other, depth: depth + 1) else { return false }
      }
      return true
    case (.list, .list), (.list, .sequence), (.sequence, .list), (.sequence, .sequence):
      guard depth < depthLimit, left.count == right.count else { return false }
      return left.elements.elementsEqual(right.elements) { equal($0, $1, depth: depth + 1) }
    default:
      guard let a = left.number, let b = right.number else { return false }
      return a == b
    }
  }

  /// How deep lists and maps inside each other are compared, printed and serialised.
  static var depthLimit: Int { 100 }

  /// The numeric value of a number or boolean, as Python's arithmetic sees it; nil for everything else.
  var number: Double? {
    switch self {
    case .bool(let flag): flag ? 1 : 0
    case .int(let number): Double(number)
    case .double(let number): number
    default: nil
    }
  }

  /// Python's `<` and its relatives: -1, 0 or 1.
  /// - Throws: where the types have no order.
  static func order(_ left: Value, _ right: Value, depth: Int = 0) throws(TemplateError) -> Int {
    switch (left, right) {
    case (.int(let a), .int(let b)): return a < b ? -1 : a > b ? 1 : 0
    case (.string(let a), .string(let b)), (.string(let a), .safe(let b)), (.safe(let a), .string(let b)),
      (.safe(let a), .safe(let b)):
      return a == b ? 0 : a.utf8.lexicographicallyPrecedes(b.utf8) ? -1 : 1
    case (.date(let a), .date(let b)): return a < b ? -1 : a.secondsSince1970 == b.secondsSince1970 ? 0 : 1
    case (.list, .list), (.tuple, .tuple), (.list, .sequence), (.sequence, .list), (.sequence, .sequence):
      guard depth < depthLimit else { throw TemplateError("lists are nested too deeply to be compared") }
      let (a, b) = (left.elements, right.elements)
      for (one, other) in zip(a, b) where one != other { return try order(one, other, depth: depth + 1) }
      return a.count < b.count ? -1 : a.count > b.count ? 1 : 0
    default:
      if let a = left.number, let b = right.number { return a < b ? -1 : a > b ? 1 : 0 }
      throw TemplateError("\(left.typeName) and \(right.typeName) have no order")
    }
  }

  /// The number of elements of anything that has a length; 0 for undefined, nil where there is no length. Text counts Unicode scalars.
  var length: Int? {
    switch self {
    case .undefined: 0
    case .string(let text), .safe(let text): text.unicodeScalars.count
    case .list(let items), .tuple(let items): items.count
    case .map(let map): map.count
    case .sequence(let sequence): sequence.count
    case .object(let object): object.memberNames.count
    case .special(let special): special.length
    default: nil
    }
  }

  private var count: Int { length ?? 0 }

  /// What iterating gives: elements, names of maps, characters of text; empty where there is nothing to iterate.
  var elements: [Value] { iterated ?? [] }

  /// What iterating gives; nil where a value can't be iterated.
  var iterated: [Value]? {
    switch self {
    case .undefined: []
    case .list(let items), .tuple(let items): items
    case .map(let map): map.keys.map { .string($0) }
    case .object(let object): object.memberNames.map { .string($0) }
    case .sequence(let sequence): (0..<sequence.count).map { sequence.element(at: $0) }
    case .string(let text), .safe(let text): text.unicodeScalars.map { .string(String($0)) }
    case .special(let special): special.iterated
    default: nil
    }
  }
}

/// A key for sets of values, as the filter `unique` needs; values that are equal have equal keys.
struct ValueKey: Hashable {
  let value: Value

  static func == (left: ValueKey, right: ValueKey) -> Bool { left.value == right.value }

  func hash(into hasher: inout Hasher) {
    switch value {
    case .string(let text), .safe(let text): hasher.combine(text)
    case .date(let date): hasher.combine(date)
    case .list, .tuple, .sequence: hasher.combine(value.length)
    case .map(let map): hasher.combine(map.count)
    case .object(let object): hasher.combine(object.equality)
    case .special(let special): hasher.combine(ObjectIdentifier(special))
    default: hasher.combine(value.number)
    }
  }
}
