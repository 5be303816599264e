func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) }

/// A name of Hugo's, Zola's or Liquid's: letters, digits, `_`, `-`.
func isNameByte(_ byte: UInt8) -> Bool {
  isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
}

/// Without white space at both ends.
func trimmed(_ text: some StringProtocol) -> String {
  let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
  return String(text.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
}

/// Every `token` in a short text replaced.
func replaced(_ token: String, by value: String, in text: String) -> String {
  var result = ""
  var rest = text[...]
  while !rest.isEmpty {
    if rest.hasPrefix(token) {
      result += value
      rest = rest.dropFirst(token.count)
    } else {
      result.append(rest.removeFirst())
    }
  }
  return result
}

/// `getting-started` → `Getting started`.
func titled(_ name: String) -> String {
  let words = String(name.map { $0 == "-" || $0 == "_" ? " " : $0 })
  return words.prefix(1).uppercased() + words.dropFirst()
}

func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
