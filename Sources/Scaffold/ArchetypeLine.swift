/// Knows, while an archetype is read from left to right, in which quotes of a key's value (`key: "…"`, `key = '…'`) it is.
struct ArchetypeLine {
  private enum State {
    case key
    /// Behind `:` or `=`.
    case mark
    case quotes(UInt8)
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

  /// Code that is replaced; what stands in it counts for nothing.
  mutating func readCode() {
    isEscaped = false
    if quote == nil { state = .rest }
  }

  mutating func read(_ bytes: ArraySlice<UInt8>) {
    for byte in bytes {
      if byte == 0x0A {
        state = .key
        continue
      }
      switch state {
      case .key:
        if byte == UInt8(ascii: ":") || byte == UInt8(ascii: "=") {
          state = .mark
          isTOML = byte == UInt8(ascii: "=")
        } else if !isNameByte(byte), !" \t.\"'".utf8.contains(byte) {
          state = .rest
        }
      case .mark:
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
          (state, isEscaped) = (.quotes(byte), false)
        } else if byte > 0x20 {
          state = .rest
        }
      case .quotes(let quote):
        if isEscaped {
          isEscaped = false
        } else if byte == quote {
          state = .rest
        } else {
          isEscaped = byte == UInt8(ascii: "\\") && quote == UInt8(ascii: "\"")
        }
      case .rest: break
      }
    }
  }
}
