import Files

/// Translations of a theme's words, as `i18n/CODE.yaml`: Hugo's tables (https://gohugo.io/functions/lang/translate/), Zola's `translations`.
///
/// - Returns: nil where there is none. `isWhole` is false where a text holds code that only its generator runs.
func phraseTable(_ given: Setting) -> (table: Setting, isWhole: Bool)? {
  var table = SettingMap()
  var isWhole = true
  func text(_ setting: Setting) -> Setting? {
    guard let text = setting.text else { return nil }
    let plain = withoutActions(text)
    if plain.contains("{{") { isWhole = false }
    return .text(plain)
  }
  func add(_ key: String, _ setting: Setting) {
    if let plain = text(setting) { return table.set(key, plain) }
    var forms = Setting(.map([]))
    for form in setting.entries where pluralForms.contains(form.key.lowercased()) {
      if let plain = text(form.setting) { forms.set(form.key.lowercased(), plain) }
    }
    // A table of Hugo's that only groups others: `[reading]` with `[reading.time]` in it.
    for inner in setting.entries where !inner.setting.isScalar { add(key + "." + inner.key, inner.setting) }
    if forms.entries.count == 1, let only = forms["other"] {
      table.set(key, only)
    } else if !forms.entries.isEmpty {
      table.set(key, forms)
    }
  }
  for entry in given.entries { add(entry.key, entry.setting) }
  for item in given.items {
    if let key = item["id"]?.text, let translation = item["translation"] { add(key, translation) }
  }
  return table.entries.isEmpty ? nil : (table.setting, isWhole)
}

private let pluralForms: Set<String> = ["zero", "one", "two", "few", "many", "other"]

/// `{{ .Count }}` and `{{ . }}` → `{count}`, `{{ .Name }}` → `{Name}`; other actions stay.
private func withoutActions(_ text: String) -> String {
  let parts = text.split(separator: "{{", omittingEmptySubsequences: false)
  var result = String(parts[0])
  for part in parts.dropFirst() {
    guard let end = part.firstRange(of: "}}") else {
      result += "{{" + part
      continue
    }
    let name = trimmed(String(part[..<end.lowerBound]).filter { $0 != "-" })
    let isField = name.hasPrefix(".") && name.dropFirst().utf8.allSatisfy { isLetter($0) || isDigit($0) }
    if isField {
      let field = name == "." || name.lowercased() == ".count" ? "count" : String(name.dropFirst())
      result += "{" + field + "}" + part[end.upperBound...]
    } else {
      result += "{{" + part
    }
  }
  return result
}

extension Draft {
  /// Writes the phrases of one language.
  mutating func addPhrases(_ given: Setting, code: String, from location: SourceLocation) {
    guard let (table, isWhole) = phraseTable(given) else { return }
    let text = table.yamlLines().joined(separator: "\n") + "\n"
    guard add("i18n/\(code).yaml", .bytes(Array(text.utf8)), from: location.path) else { return }
    tally(.converted, at: location, "translations of the theme's words are in i18n/, the filter t reads them")
    if !isWhole {
      note(
        .lost, at: location, "phrases with code in them are kept as they stand",
        hint: "write {name} for what is filled in")
    }
  }
}
