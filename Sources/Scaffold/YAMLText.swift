/// A text as a YAML scalar on one line: plain where that reads back as the same text, else in double quotes.
func yamlScalar(_ text: String) -> String { isPlainYAML(text) ? text : quoted(text) }

/// A date as it stands in front matter; what is no date gets quotes where it needs them.
func yamlDate(_ text: String) -> String {
  let isDate = !text.isEmpty && text.utf8.allSatisfy { isDigit($0) || "-+:.TZ ".utf8.contains($0) }
  return isDate ? text : yamlScalar(text)
}

/// In double quotes, with the escapes that YAML, TOML and JSON share (YAML 1.2, section 5.7; TOML 1.0, String).
func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\": result += "\\\(scalar)"
    case "\n": result += "\\n"
    case "\t": result += "\\t"
    case "\r": result += "\\r"
    case _ where isSpecial(scalar):
      let digits = String(scalar.value, radix: 16, uppercase: true)
      result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}

/// What YAML does not allow as itself (YAML 1.2, section 5.1), takes for a line end, or drops. All are below U+10000.
private func isSpecial(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
  default: false
  }
}

/// Whether a plain scalar reads back as this text in YAML 1.1 and 1.2 alike, in a flow list too.
private func isPlainYAML(_ text: String) -> Bool {
  let bytes = Array(text.utf8)
  guard let first = bytes.first, let last = bytes.last, last != 0x20, last != UInt8(ascii: ":") else { return false }
  // A sign, a digit or a dot may begin a number or a date.
  let isLetter = (0x41...0x5A).contains(first) || (0x61...0x7A).contains(first) || first >= 0x80
  guard isLetter || first == UInt8(ascii: "/") else { return false }
  let words: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
  guard !words.contains(text.lowercased()), !text.unicodeScalars.contains(where: isSpecial) else { return false }
  for (index, byte) in bytes.enumerated() {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"):
      return false
    case UInt8(ascii: "#"): if index > 0, bytes[index - 1] == 0x20 { return false }
    case UInt8(ascii: ":"): if bytes[index + 1] == 0x20 { return false }
    default: continue
    }
  }
  return true
}

extension Setting {
  /// A map as the lines of a YAML file. Short lists of scalars stand on one line.
  func yamlLines(indent: Int = 0) -> [String] {
    let margin = String(repeating: " ", count: indent)
    switch value {
    case .map(let entries):
      return entries.flatMap { entry -> [String] in
        let key = margin + yamlScalar(entry.key) + ":"
        if let inline = entry.setting.inlineYAML { return [key + " " + inline] }
        return [key] + entry.setting.yamlLines(indent: indent + 2)
      }
    case .list(let items):
      return items.flatMap { item -> [String] in
        if let inline = item.inlineYAML { return [margin + "- " + inline] }
        var lines = item.yamlLines(indent: indent + 2)
        if let first = lines.first { lines[0] = margin + "- " + first.dropFirst(indent + 2) }
        return lines
      }
    default:
      return [margin + (inlineYAML ?? "")]
    }
  }

  /// Nil where lines of its own read better.
  private var inlineYAML: String? {
    switch value {
    case .null: return "null"
    case .bool(let bool): return bool ? "true" : "false"
    case .int(let int): return String(int)
    case .double(let double): return String(double)
    case .string(let string): return yamlScalar(string)
    case .list(let items):
      guard items.allSatisfy(\.isScalar) else { return nil }
      let text = "[" + items.compactMap(\.inlineYAML).joined(separator: ", ") + "]"
      return text.utf8.count < 100 || items.isEmpty ? text : nil
    case .map(let entries): return entries.isEmpty ? "{}" : nil
    }
  }
}
