// Minification: HTML, style sheets and scripts without what no reader of them sees.
// Imports: nothing; no I/O.
// Entry: `minifyHTML`, `minifyCSS`, `minifyScript`.
// Promises: linear time on any bytes, never a crash; where it is in doubt what bytes mean, they stay as they are; doing it twice changes
// nothing more.
// Tests: `Tests/MinificationTests`.

/// What is common to all three languages: ASCII classes.
func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D || byte == 0x0C }

func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

func isHexDigit(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20) &- 0x61 < 6 }

typealias Bytes = UnsafeBufferPointer<UInt8>

extension Bytes {
  func has(_ text: StaticString, at offset: Int) -> Bool {
    let length = text.utf8CodeUnitCount
    guard offset >= 0, offset + length <= count else { return false }
    for index in 0..<length where self[offset + index] != text.utf8Start[index] { return false }
    return true
  }

  /// The first place of `text` from `offset` on; nil where there is none.
  func first(_ text: StaticString, from offset: Int) -> Int? {
    var index = offset
    let last = text.utf8Start[0]
    while index < count {
      if self[index] == last, has(text, at: index) { return index }
      index += 1
    }
    return nil
  }
}
