/// Where a table of a TOML text has a name that can be none: behind its `[`, nil where all can. toml++ takes for granted that somebody has
/// looked, and ends the program: <https://toml.io/en/v1.0.0#table>
public func misnamedTable(inTOML bytes: ArraySlice<UInt8>) -> Int? {
  var scanner = TableScanner(bytes: bytes, index: bytes.startIndex)
  return scanner.misnamedTable()
}

/// Where keys with dots, tables and arrays of a TOML text stand in each other more than `deepest` levels deep; nil where they don't. toml++ makes
/// a table for each part of a key, and goes down into them by recursion.
public func deepKey(inTOML bytes: ArraySlice<UInt8>, deepest: Int) -> Int? {
  var scanner = TableScanner(bytes: bytes, index: bytes.startIndex)
  return scanner.deepKey(deepest)
}

/// Goes over the lines that begin a statement; strings, arrays and inline tables may go on over several.
private struct TableScanner {
  let bytes: ArraySlice<UInt8>
  var index: Int

  private var next: UInt8? { index < bytes.endIndex ? bytes[index] : nil }

  mutating func misnamedTable() -> Int? {
    var depth = 0
    var beginsStatement = true
    while let byte = next {
      switch byte {
      case 0x0A:
        beginsStatement = depth == 0
        index += 1
        continue
      case 0x20, 0x09, 0x0D:
        index += 1
        continue
      case UInt8(ascii: "#"):
        while let byte = next, byte != 0x0A { index += 1 }
        continue
      case UInt8(ascii: "\""), UInt8(ascii: "'"): skipString(byte)
      case UInt8(ascii: "[") where beginsStatement:
        index += 1
        skipSpace()
        if next == UInt8(ascii: "[") {
          index += 1
          skipSpace()
        }
        guard let first = next else { return nil }
        if !isNameByte(first) { return index }
        continue
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        index += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        depth = max(0, depth - 1)
        index += 1
      default: index += 1
      }
      beginsStatement = false
    }
    return nil
  }

  mutating func deepKey(_ deepest: Int) -> Int? {
    // The levels above each bracket that is open, those above the key that is being read, and the dots in it.
    var outer: [Int] = []
    var (above, dots) = (0, 0)
    while let byte = next {
      switch byte {
      case UInt8(ascii: "#"):
        while let byte = next, byte != 0x0A { index += 1 }
        continue
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        skipString(byte)
        continue
      case UInt8(ascii: "."): dots += 1
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        outer.append(above)
        above += dots + 1
        dots = 0
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        above = outer.popLast() ?? 0
        dots = 0
      case UInt8(ascii: ","), 0x0A: dots = 0
      default: break
      }
      if above + dots > deepest { return index }
      index += 1
    }
    return nil
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x09 { index += 1 }
  }

  /// What may stand behind the brackets; a `]` is told by the library.
  private func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x61...0x7A, 0x41...0x5A, 0x30...0x39: true
    default: "-_\"']".utf8.contains(byte)
    }
  }

  /// Up to behind its closing quotes; one on a single line ends with that line at the latest.
  private mutating func skipString(_ quote: UInt8) {
    let isLong = bytes[index...].prefix(3).elementsEqual([quote, quote, quote])
    index += isLong ? 3 : 1
    while let byte = next {
      if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        index = min(index + 2, bytes.endIndex)
      } else if isLong, bytes[index...].prefix(3).elementsEqual([quote, quote, quote]) {
        index += 3
        return
      } else if !isLong, byte == quote {
        index += 1
        return
      } else if !isLong, byte == 0x0A {
        return
      } else {
        index += 1
      }
    }
  }
}
