import Files
import Templates

extension Fingerprint {
  /// A value's digest: that of a page is the page's identity, whatever the page says; what it says is read through its own members.
  static func of(_ value: Value) -> UInt64 {
    var fingerprint = Fingerprint()
    guard fingerprint.add(value, depth: 0) else { return MemberDigests.unknown }
    return fingerprint.value == 0 ? 1 : fingerprint.value
  }

  /// - Returns: false where the value cannot be compared.
  private mutating func add(_ value: Value, depth: Int) -> Bool {
    guard depth < 32 else { return false }
    switch value {
    case .undefined: add(1 as UInt64)
    case .none: add(2 as UInt64)
    case .bool(let flag): add(flag ? 4 : 3 as UInt64)
    case .int(let number):
      add(5 as UInt64)
      add(number)
    case .double(let number):
      add(6 as UInt64)
      add(number.bitPattern)
    case .string(let text):
      add(7 as UInt64)
      add(text)
    case .safe(let text):
      add(8 as UInt64)
      add(text)
    case .date(let date):
      add(9 as UInt64)
      add(date.secondsSince1970)
      add(date.offsetMinutes)
    case .list(let items), .tuple(let items):
      add(10 as UInt64)
      add(items.count)
      for item in items where !add(item, depth: depth + 1) { return false }
    case .map(let map):
      add(11 as UInt64)
      add(map.count)
      for index in 0..<map.count {
        let (name, item) = map.entry(at: index)
        add(name)
        guard add(item, depth: depth + 1) else { return false }
      }
    case .sequence(let sequence):
      add(10 as UInt64)
      add(sequence.count)
      if let pages = sequence as? PageSequence {
        for identity in pages.identities { add(identity) }
        return true
      }
      for index in 0..<sequence.count where !add(sequence.element(at: index), depth: depth + 1) { return false }
    case .object(let object): return add(object, depth: depth)
    case .special: return false
    }
    return true
  }

  private mutating func add(_ object: any TemplateObject, depth: Int) -> Bool {
    if let page = object as? PageObject {
      add(page.identity)
      return true
    }
    add(12 as UInt64)
    for name in object.memberNames {
      add(name)
      guard add(object.member(name), depth: depth + 1) else { return false }
    }
    return true
  }
}
