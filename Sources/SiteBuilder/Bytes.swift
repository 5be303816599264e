import CLinux

// What the readers of this room ask of ASCII; what is white space or a part of a name differs from format to format, and is said there.

@inline(__always)
func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

@inline(__always)
func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

@inline(__always)
func isAlphanumeric(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }

func isPunctuation(_ byte: UInt8) -> Bool { (0x21...0x7E).contains(byte) && !isAlphanumeric(byte) }

/// Where `needle` begins next, in linear time; nil where it does not, or is empty.
///
/// - Parameter end: nothing behind is looked at; nil means the end of `bytes`.
func find(_ needle: [UInt8], in bytes: [UInt8], from start: Int, before end: Int? = nil) -> Int? {
  let end = end ?? bytes.count
  guard start < end else { return nil }
  return bytes.withUnsafeBytes { bytes in
    needle.withUnsafeBytes { needle in
      guard needle.count > 0, let base = bytes.baseAddress, let part = needle.baseAddress,
        let found = memmem(base + start, end - start, part, needle.count)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }
}

/// FNV-1a, 64 bits, for what is compared so often, or kept in such numbers, that its digest stands for it.
func digest(_ text: some Sequence<UInt8>) -> UInt64 {
  text.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}

extension ArraySlice<UInt8> {
  func ends(with suffix: [UInt8]) -> Bool { count >= suffix.count && self.suffix(suffix.count).elementsEqual(suffix) }

  /// The longest end whose bytes pass `test`.
  func ending(while test: (UInt8) -> Bool) -> ArraySlice {
    var start = endIndex
    while start > startIndex, test(self[start - 1]) { start -= 1 }
    return self[start...]
  }
}
