extension Renderer {
  /// `value.name`.
  @inline(__always)
  func member(_ value: Value, _ name: UnsafePointer<String>) throws -> Value {
    switch value {
    case .object(let object): return object.member(name.pointee)
    case .map(let map):
      if let found = map[name.pointee] { return found }
      return method(name.pointee, of: value)
    case .special(let special): return special.member(name.pointee)
    default: return try otherMember(value, name.pointee)
    }
  }

  @inline(never)
  private func otherMember(_ value: Value, _ name: String) throws -> Value {
    switch value {
    case .undefined: throw UndefinedUse()
    case .sequence(let sequence): return sequence.member(name)
    case .date(let date):
      let found = date.member(name)
      return found.isUndefined ? method(name, of: value) : found
    default: return method(name, of: value)
    }
  }

  private func method(_ name: String, of value: Value) -> Value {
    hasMethod(name, value) ? .special(BoundMethod(value, name)) : .undefined
  }

  /// `value[key]`.
  func item(_ value: Value, _ key: Value) throws -> Value {
    switch (value, key) {
    case (.undefined, _): throw UndefinedUse()
    case (.list(let items), .int(let index)), (.tuple(let items), .int(let index)):
      let index = index < 0 ? index + items.count : index
      return items.indices.contains(index) ? items[index] : .undefined
    case (.sequence(let sequence), .int(let index)):
      let count = sequence.count
      let index = index < 0 ? index + count : index
      return 0..<count ~= index ? sequence.element(at: index) : .undefined
    case (.string(let text), .int(let index)): return character(of: text, index).map { .string($0) } ?? .undefined
    case (.safe(let text), .int(let index)): return character(of: text, index).map { .safe($0) } ?? .undefined
    case (.map(let map), .string(let name)), (.map(let map), .safe(let name)):
      return map[name] ?? method(name, of: value)
    case (.object(let object), .string(let name)), (.object(let object), .safe(let name)): return object.member(name)
    case (.special(let special), .string(let name)): return special.member(name)
    case (_, .string(let name)): return try otherMember(value, name)
    default: return .undefined
    }
  }

  private func character(of text: String, _ index: Int) -> String? {
    let scalars = text.unicodeScalars
    let count = text.utf8.count
    // ASCII text, by far the most: a byte is a character.
    let index = index < 0 ? index + scalars.count : index
    guard index >= 0, index < count,
      let place = scalars.index(scalars.startIndex, offsetBy: index, limitedBy: scalars.endIndex),
      place < scalars.endIndex
    else { return nil }
    return String(scalars[place])
  }

  /// `value[start:stop:step]`, by Python's rules.
  func slice(_ value: Value, _ start: Value, _ stop: Value, _ step: Value) throws -> Value {
    if value.isUndefined { throw UndefinedUse() }
    func bound(_ value: Value) throws -> Int? {
      switch value {
      case .none: return nil
      case .int(let number): return number
      case .bool(let flag): return flag ? 1 : 0
      default: throw TemplateError.type("slice bounds are integers, not \(value.typeName)")
      }
    }
    let by = try bound(step) ?? 1
    if by == 0 { throw TemplateError("slice step is not zero") }
    guard let count = value.length else {
      throw TemplateError.type("\(value.typeName) can't be sliced")
    }
    func clamp(_ index: Int?, _ standard: Int) -> Int {
      guard var index else { return standard }
      if index < 0 { index = index < -count ? -1 : index + count }
      return min(max(index, by < 0 ? -1 : 0), by < 0 ? count - 1 : count)
    }
    let first = clamp(try bound(start), by < 0 ? count - 1 : 0)
    let last: Int
    if let end = try bound(stop) {
      last = end < -count ? (by < 0 ? -1 : 0) : clamp(end, 0)
    } else {
      last = by < 0 ? -1 : count
    }
    if by == 1, case .sequence(let sequence) = value {
      return .sequence(SequenceSlice(sequence, offset: first, count: max(0, last - first)))
    }
    let places = sequence(first: first) { place in
      let (next, overflow) = place.addingReportingOverflow(by)
      return overflow ? nil : next
    }.prefix { by < 0 ? $0 > last : $0 < last }
    switch value {
    case .string(let text), .safe(let text):
      let scalars = Array(text.unicodeScalars)
      var result = String.UnicodeScalarView()
      for place in places { result.append(scalars[place]) }
      return value.isMarkup ? .safe(String(result)) : .string(String(result))
    case .tuple(let items): return .tuple(places.map { items[$0] })
    case .list(let items): return .list(places.map { items[$0] })
    case .sequence(let sequence): return .list(places.map { sequence.element(at: $0) })
    default: throw TemplateError.type("\(value.typeName) can't be sliced")
    }
  }

  /// Calls `receiver.name(…)`: a member that can be called, or a method.
  mutating func callMember(
    _ name: UnsafePointer<String>, of receiver: Value, _ arguments: borrowing Arguments
  ) throws -> Value {
    let name = name.pointee
    switch receiver {
    case .undefined: throw UndefinedReceiver()
    case .special(let special):
      return try special.call(member: name, &self, arguments)
    case .object(let object):
      let found = object.member(name)
      if !found.isUndefined { return try call(found, arguments) }
    case .sequence(let sequence):
      let found = sequence.member(name)
      if !found.isUndefined { return try call(found, arguments) }
    default: break
    }
    if let result = try callMethod(name, of: receiver, arguments, escapes) { return result }
    if case .map(let map) = receiver, let found = map[name] { return try call(found, arguments) }
    switch receiver {
    case .map, .object: throw UndefinedUse()
    default: break
    }
    let hint = name == "append" || name == "extend" ? "values do not change; write `list + [item]`" : nil
    throw TemplateError.type("\(receiver.typeName) has no method `\(name)`", hint: hint)
  }

  func makeMap(_ entries: UnsafeBufferPointer<Value>) throws -> ValueMap {
    var map = ValueMap()
    for index in stride(from: 0, to: entries.count, by: 2) {
      guard let name = entries[index].asText else {
        throw TemplateError.type("keys of a map are strings, not \(entries[index].typeName)")
      }
      map[name] = entries[index + 1]
    }
    return map
  }

  func unpack(_ value: Value, _ count: Int) throws -> [Value] {
    if value.isUndefined { throw UndefinedUse() }
    guard let items = value.iterated else { throw TemplateError.type("\(value.typeName) can't be unpacked") }
    guard items.count == count else {
      throw TemplateError.type("\(count) names are given for \(items.count) values")
    }
    return items
  }
}

/// Thrown where a method of something undefined is called.
struct UndefinedReceiver: Error {}
