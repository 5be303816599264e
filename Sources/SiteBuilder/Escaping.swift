/// Text as HTML has it between tags.
func escapedText(_ text: String) -> String { escaped(text, quotes: false) }

/// Text as HTML has it between double quotes.
func escapedAttribute(_ text: String) -> String { escaped(text, quotes: true) }

private func escaped(_ text: String, quotes: Bool) -> String {
  var escaped = ""
  // By scalars: a mark that follows makes one character with the one before, and hides none of these.
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": escaped += "&amp;"
    case "<": escaped += "&lt;"
    case "\"" where quotes: escaped += "&quot;"
    default: escaped.unicodeScalars.append(scalar)
    }
  }
  return escaped
}
