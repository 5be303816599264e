import Files
import Templates
import Theme

/// A text of the interface in one language; where it counts something, a text for each form of the number.
struct Phrase: Sendable, Hashable {
  /// By the names of CLDR's plural categories: `one`, `few`, `many`, `other`. A phrase without forms has `other`.
  var forms: [PluralForm: String]

  init(_ text: String) { forms = [.other: text] }

  init(_ forms: [PluralForm: String]) { self.forms = forms }
}

/// The plural categories of CLDR (https://cldr.unicode.org/index/cldr-spec/plural-rules).
enum PluralForm: String, Sendable, CaseIterable {
  case zero, one, two, few, many, other

  /// The form for whole numbers, by CLDR's table of cardinals for the languages that are not like English.
  init(_ number: Int, in language: String) {
    let number = number.magnitude
    let (ten, hundred) = (number % 10, number % 100)
    switch language {
    case "ja", "zh", "ko", "vi", "th", "id", "ms", "lo", "my": self = .other
    case "fr", "hy", "ff", "kab", "pt", "hi", "fa", "bn": self = number <= 1 ? .one : .other
    case "ru", "uk", "be":
      self = ten == 1 && hundred != 11 ? .one : (2...4).contains(ten) && !(12...14).contains(hundred) ? .few : .many
    case "sr", "hr", "bs":
      self = ten == 1 && hundred != 11 ? .one : (2...4).contains(ten) && !(12...14).contains(hundred) ? .few : .other
    case "pl":
      self = number == 1 ? .one : (2...4).contains(ten) && !(12...14).contains(hundred) ? .few : .many
    case "cs", "sk": self = number == 1 ? .one : (2...4).contains(number) ? .few : .other
    case "lt":
      self =
        ten == 1 && !(11...19).contains(hundred)
        ? .one : (2...9).contains(ten) && !(11...19).contains(hundred) ? .few : .other
    case "ro": self = number == 1 ? .one : number == 0 || (1...19).contains(hundred) ? .few : .other
    case "sl": self = hundred == 1 ? .one : hundred == 2 ? .two : (3...4).contains(hundred) ? .few : .other
    case "ar":
      self =
        switch number {
        case 0: .zero
        case 1: .one
        case 2: .two
        default: (3...10).contains(hundred) ? .few : (11...99).contains(hundred) ? .many : .other
        }
    case "he": self = number == 1 ? .one : number == 2 ? .two : .other
    default: self = number == 1 ? .one : .other
    }
  }
}

/// The phrases of one language: its own, and for what it lacks those of the default language and of the theme.
struct PhraseBook: Sendable {
  let language: String
  let dateNames: DateNames
  private(set) var phrases: [String: Phrase] = [:]

  /// - Parameter tables: the first that has a phrase gives it.
  init(language: String, _ tables: [PhraseTable]) {
    self.language = Language.base(of: language).lowercased()
    var names = DateNames.english
    for table in tables.reversed() {
      phrases.merge(table.phrases) { $1 }
      if let months = table.lists["months"] { names.months = months }
      if let months = table.lists["months_short"] { names.shortMonths = months }
      if let days = table.lists["days"] { names.days = days }
      if let days = table.lists["days_short"] { names.shortDays = days }
    }
    dateNames = names
  }

  /// The text of a phrase, `{name}` in it replaced; `count` chooses among its forms. Nil where there is no such phrase.
  func text(_ key: String, _ arguments: [(name: String, value: Value)]) -> String? {
    guard let phrase = phrases[key] else { return nil }
    if arguments.isEmpty, let text = phrase.forms[.other] { return text }
    var form = PluralForm.other
    if case .int(let count)? = arguments.first(where: { $0.name == "count" })?.value {
      form = PluralForm(count, in: language)
    }
    var text = phrase.forms[form] ?? phrase.forms[.other] ?? phrase.forms.values.min() ?? ""
    for (name, value) in arguments where text.utf8.contains(UInt8(ascii: "{")) {
      text = replaced("{\(name)}", by: value.text, in: text)
    }
    return text
  }

  private func replaced(_ name: String, by value: String, in text: String) -> String {
    let bytes = Array(text.utf8)
    let needle = Array(name.utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + value.utf8.count)
    var index = 0
    while let found = find(needle, in: bytes, from: index) {
      result += bytes[index..<found]
      result += value.utf8
      index = found + needle.count
    }
    result += bytes[index...]
    return String(decoding: result, as: UTF8.self)
  }
}

/// What one file of phrases, or one map of them in the configuration, says.
struct PhraseTable: Sendable {
  var phrases: [String: Phrase] = [:]
  /// Names of months and days.
  var lists: [String: [String]] = [:]

  /// The lists that a table may hold, and how long each is. Weeks begin with Monday.
  static let listLengths = ["months": 12, "months_short": 12, "days": 7, "days_short": 7]
}

extension KeyReader {
  /// Phrases by their keys: a text, or a map of plural forms to texts.
  mutating func readPhrases() -> PhraseTable {
    var table = PhraseTable()
    if datum.kind != "a map", datum.value != .null {
      report(at: datum.place, "phrases are a map from keys to texts, not \(datum.kind)", hint: "read_more: Read more")
    }
    for entry in datum.entries {
      if let text = entry.datum.text {
        table.phrases[entry.key] = Phrase(text)
      } else if let length = PhraseTable.listLengths[entry.key] {
        let names = strings(entry.key) ?? []
        if names.count == length {
          table.lists[entry.key] = names
        } else if !names.isEmpty {
          report(entry, "\(entry.key) has \(length) names, not \(names.count)")
        }
      } else if case .map(let forms) = entry.datum.value {
        if let phrase = phrase(entry, forms) { table.phrases[entry.key] = phrase }
      } else if entry.datum.value != .null {
        report(entry, "\(entry.key) is a text or a map of plural forms, not \(entry.datum.kind)")
      }
    }
    return table
  }

  private mutating func phrase(_ entry: Datum.Entry, _ forms: [Datum.Entry]) -> Phrase? {
    var texts: [PluralForm: String] = [:]
    for form in forms {
      // `description` beside the forms is a note for translators, in Hugo's tables.
      if form.key == "description" { continue }
      guard let name = PluralForm(rawValue: form.key), let text = form.datum.text else {
        report(
          at: form.keyPlace, "\(form.key) is no plural form with a text",
          hint: "forms: \(PluralForm.allCases.map(\.rawValue).joined(separator: ", "))")
        continue
      }
      texts[name] = text
    }
    return texts.isEmpty ? nil : Phrase(texts)
  }
}

/// The phrases of all languages of the site, in their order: `i18n/de.yaml`, `translations` of the configuration, and the theme's own.
///
/// - Returns: of each language also the theme's phrases that neither the site nor the theme has in it, sorted.
/// - Throws: `Diagnostics` with the mistakes of all files.
func readPhraseBooks(_ inventory: Inventory, _ configuration: Configuration) throws -> (
  books: [PhraseBook], lacking: [[String]], warnings: [Diagnostic]
) {
  var own = [PhraseTable](repeating: PhraseTable(), count: configuration.languages.count)
  var diagnostics: [Diagnostic] = []
  for file in inventory.phrases {
    guard let format = DataFormat(fileExtension: file.path.fileExtension) else {
      diagnostics.append(
        Diagnostic(
          .warning, id: "unknown-data-format", "files of phrases end in .yaml, .toml or .json",
          at: SourceLocation(path: file.path.string)))
      continue
    }
    // Themes bring more languages than a site has.
    guard let language = configuration.language(named: file.path.stem) else { continue }
    do {
      let source = SourceText(path: file.path.string, bytes: try readFile(file.diskPath)).withoutByteOrderMark
      var reader = KeyReader(try DataText(whole: source).read(format), in: source, name: file.path.string)
      own[language].take(reader.readPhrases())
      diagnostics += reader.diagnostics
    } catch let diagnostic as Diagnostic {
      diagnostics.append(diagnostic)
    }
  }
  for (index, language) in configuration.languages.enumerated() { own[index].take(language.phrases) }
  try Diagnostics.stop(at: diagnostics)
  diagnostics += missingTranslations(own, configuration)
  let main = own[configuration.defaultLanguage]
  let english = themePhrases("en")
  var lacking: [[String]] = []
  let books = configuration.languages.enumerated().map { index, language in
    let spoken = [own[index], themePhrases(language.code), themePhrases(language.base)]
    lacking.append(
      english.phrases.keys.filter { key in spoken.allSatisfy { $0.phrases[key] == nil } }.sorted())
    return PhraseBook(language: language.code, spoken + [main, english])
  }
  return (books, lacking, diagnostics)
}

/// A phrase that the site itself has in its default language is wanted in all others.
private func missingTranslations(_ own: [PhraseTable], _ configuration: Configuration) -> [Diagnostic] {
  let wanted = own[configuration.defaultLanguage].phrases.keys
  return configuration.languages.indices.compactMap { index in
    let missing = wanted.filter { own[index].phrases[$0] == nil }.sorted()
    guard index != configuration.defaultLanguage, !missing.isEmpty else { return nil }
    return missingTranslation(
      configuration.languages[index].code, missing, hint: "the text of the default language is shown until there is one"
    )
  }
}

/// - Parameter keys: at least one.
func missingTranslation(_ code: String, _ keys: [String], hint: String) -> Diagnostic {
  Diagnostic(
    .warning, id: "missing-translation",
    "\(code) has no phrase \(keys.prefix(5).joined(separator: ", "))"
      + (keys.count > 5 ? " and \(keys.count - 5) more" : ""),
    at: SourceLocation(path: "i18n/\(code).yaml"), hint: hint)
}

/// The theme's own phrases in a language; none where it does not speak it.
private func themePhrases(_ code: String) -> PhraseTable {
  let name = "i18n/\(code.lowercased()).yaml"
  guard let file = themeFiles.first(where: { $0.name == name }) else { return PhraseTable() }
  let source = SourceText(path: "theme/" + name, bytes: file.bytes)
  do {
    var reader = KeyReader(try DataText(whole: source).read(.yaml), in: source, name: name)
    return reader.readPhrases()
  } catch {
    preconditionFailure("bug: the theme's \(name) cannot be read: \(error.message)")
  }
}

extension PhraseTable {
  fileprivate mutating func take(_ other: PhraseTable) {
    phrases.merge(other.phrases) { $1 }
    lists.merge(other.lists) { $1 }
  }
}

/// A key that no table has, with the nearest one that some table has.
func noPhrase(_ key: String, _ book: PhraseBook) -> TemplateError {
  let near = suggestion(for: key, among: book.phrases.keys.sorted())
  return TemplateError(
    "no phrase has the key \(key)",
    hint: near.map { "did you mean \($0)?" } ?? "write it into i18n/\(book.language).yaml")
}
