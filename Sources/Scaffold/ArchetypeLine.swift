/// Knows, while an archetype is read from left to right, where in the value of a key (`key: …`, `key = '…'`) it is.
struct ArchetypeLine {
  private enum State {
    case key
    /// Behind `:` or `=`.
    case mark(hasSpace: Bool)
    case quotes(UInt8)
    /// In a value of YAML's without quotes, which begins at `start`.
    case plain(start: Int)
    /// Nothing that follows in the line begins a value.
    case rest
  }

  /// `key = …`, and not `key: …`.
  private(set) var isTOML = false
  private var state = State.key
  private var isEscaped = false

  var quote: UInt8? {
    if case .quotes(let quote) = state { quote } else { nil }
  }

  /// Where the value begins that has no quotes.
  var plainStart: Int? {
    if case .plain(let start) = state { start } else { nil }
  }

  /// Code that is replaced; what stands in it counts for nothing.
  mutating func readCode(at place: Int) {
    isEscaped = false
    switch state {
    case .quotes, .plain: break
    case .mark(hasSpace: true) where !isTOML: state = .plain(start: place)
    case .key, .mark, .rest: state = .rest
    }
  }

  mutating func read(_ bytes: ArraySlice<UInt8>) {
    for (place, byte) in zip(bytes.indices, bytes) {
      if byte == 0x0A {
        state = .key
        continue
      }
      switch state {
      case .key:
        if byte == UInt8(ascii: ":") || byte == UInt8(ascii: "=") {
          state = .mark(hasSpace: false)
          isTOML = byte == UInt8(ascii: "=")
        } else if !isNameByte(byte), !" \t.\"'".utf8.contains(byte) {
          state = .rest
        }
      case .mark(let hasSpace):
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
          (state, isEscaped) = (.quotes(byte), false)
        } else if byte > 0x20 {
          state = hasSpace && !isTOML ? .plain(start: place) : .rest
        } else {
          state = .mark(hasSpace: true)
        }
      case .quotes(let quote):
        if isEscaped {
          isEscaped = false
        } else if byte == quote {
          state = .rest
        } else {
          isEscaped = byte == UInt8(ascii: "\\") && quote == UInt8(ascii: "\"")
        }
      case .plain, .rest: break
      }
    }
  }
}
