/// A map from names to values that keeps the order of insertion. Keys are equal as `String`s are.
///
/// One reference wide, so that a `Value` stays small.
public struct ValueMap: Sendable {
  private final class Storage: @unchecked Sendable {
    // A map is changed where nobody else has it: the checks for overlapping access would find nothing.
    @exclusivity(unchecked) var names: [String] = []
    @exclusivity(unchecked) var items: [Value] = []
    /// Only for maps with more entries than a scan is good for.
    var places: [String: Int]?

    init() {}

    init(_ other: Storage) { (names, items, places) = (other.names, other.items, other.places) }

    func place(of name: String) -> Int? {
      if let places { return places[name] }
      for index in names.indices where names[index] == name { return index }
      return nil
    }

    func index() {
      var table: [String: Int] = [:]
      table.reserveCapacity(names.count * 2)
      for (place, name) in names.enumerated() { table[name] = place }
      places = table
    }
  }

  private var storage = Storage()

  private static var scanLimit: Int { 12 }

  public init() {}

  /// The last of several values for one name wins, in the place of the first.
  public init(_ entries: some Sequence<(String, Value)>) {
    storage.names.reserveCapacity(entries.underestimatedCount)
    storage.items.reserveCapacity(entries.underestimatedCount)
    for (name, value) in entries { self[name] = value }
  }

  public var count: Int { storage.names.count }
  public var keys: [String] { storage.names }
  public var values: [Value] { storage.items }

  public func entry(at index: Int) -> (name: String, value: Value) { (storage.names[index], storage.items[index]) }

  /// Setting nil removes.
  public subscript(name: String) -> Value? {
    get { storage.place(of: name).map { storage.items[$0] } }
    set {
      if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage) }
      switch (storage.place(of: name), newValue) {
      case (let place?, let value?): storage.items[place] = value
      case (nil, let value?):
        storage.names.append(name)
        storage.items.append(value)
        if storage.places != nil {
          storage.places?[name] = storage.names.count - 1
        } else if storage.names.count > Self.scanLimit {
          storage.index()
        }
      case (let place?, nil):
        storage.names.remove(at: place)
        storage.items.remove(at: place)
        if storage.places != nil { storage.index() }
      case (nil, nil): break
      }
    }
  }
}

extension ValueMap: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, Value)...) { self.init(elements) }
}
