/// Letters and emoji in ASCII, as far as Unicode's own names say it: `LATIN SMALL LETTER E WITH ACUTE` is an `e`, `KATAKANA LETTER KA` is `ka`.
/// Greek and Cyrillic follow the tables below. What it agrees with is Perl's Text::Unidecode and the ports of it:
/// <https://metacpan.org/pod/Text::Unidecode>
extension Unicode.Scalar {
  /// Nil for scripts that are not known here.
  var transliteration: String? {
    if let special = specialTransliterations[value] { return special }
    if let base = latinBase { return base }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .privateUse: return ""
    case .spaceSeparator, .dashPunctuation, .connectorPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation,
      .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .lineSeparator,
      .paragraphSeparator, .control:
      return "-"
    case .otherSymbol: return symbolName.map { " \($0) " } ?? "-"
    case .decimalNumber, .otherNumber: return digit
    default: return letterOfKnownScript
    }
  }

  /// `é` and `ø` → `e` and `o`; nil where it is no Latin letter, or one of a kind of its own.
  var latinBase: String? {
    guard value < 0x2C80 || value > 0xA720 && value < 0xA800 || value > 0xFF20 && value < 0xFF5B else { return nil }
    let words = nameWords
    let first = words.first == "FULLWIDTH" ? 1 : 0
    guard words.count > first + 3, words[first] == "LATIN", ["SMALL", "CAPITAL"].contains(words[first + 1]),
      ["LETTER", "LIGATURE"].contains(words[first + 2]), words[first + 3].utf8.count <= 2,
      words.count == first + 4 || words[first + 4] == "WITH"
    else { return nil }
    return words[first + 3].lowercased()
  }

  /// A Latin letter that canonical decomposition takes a mark off: `é`, not `ø`.
  var hasAccent: Bool {
    guard let with = nameWords.firstIndex(of: "WITH") else { return false }
    let marks = nameWords[(with + 1)...]
    let others: Set<Substring> = ["STROKE", "BAR", "TAIL", "LEG", "LOOP", "CURL", "BELT", "TITLO", "OVERLAY", "TOPBAR"]
    return !marks.contains { others.contains($0) } && !marks.elementsEqual(["HOOK"])
      && !marks.elementsEqual(["MIDDLE", "DOT"])
  }

  private var nameWords: [Substring] { (properties.name ?? "").split(separator: " ") }

  private var digit: String? {
    guard properties.numericType == .decimal || properties.numericType == .digit, let number = properties.numericValue
    else { return nil }
    return String(Int(number))
  }

  /// Greek letters by their names, whatever accents they carry; kana by theirs, which are their sounds.
  private var letterOfKnownScript: String? {
    let words = nameWords
    guard let script = words.first else { return nil }
    switch script {
    case "GREEK":
      guard let letter = words.firstIndex(of: "LETTER"), letter + 1 < words.count else { return nil }
      let name = words[letter + 1] == "FINAL" ? "SIGMA" : words[letter + 1]
      return greekLetters[String(name)]
    case "HIRAGANA", "KATAKANA", "HALFWIDTH":
      guard let last = words.last, words.contains("LETTER") else { return nil }
      return last.lowercased()
    default: return nil
    }
  }

  /// `🦀` → `crab`: the first short code there is, else Unicode's name of it.
  private var symbolName: String? {
    if let code = shortCodeOfSymbol[value] { return code }
    return properties.isEmoji ? properties.name?.lowercased() : nil
  }
}

private let greekLetters: [String: String] = [
  "ALPHA": "a", "BETA": "b", "GAMMA": "g", "DELTA": "d", "EPSILON": "e", "ZETA": "z", "ETA": "e", "THETA": "th",
  "IOTA": "i", "KAPPA": "k", "LAMDA": "l", "MU": "m", "NU": "n", "XI": "x", "OMICRON": "o", "PI": "p", "RHO": "r",
  "SIGMA": "s", "TAU": "t", "UPSILON": "u", "PHI": "ph", "CHI": "kh", "PSI": "ps", "OMEGA": "o",
]

/// The Cyrillic alphabets, and letters and signs whose names say nothing. Signs that are no letters there are hyphens in a slug.
private let specialTransliterations: [UInt32: String] = {
  var table: [UInt32: String] = [:]
  let small =
    "а=a б=b в=v г=g д=d е=e ж=zh з=z и=i й=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh щ=shch "
    + "ъ=- ы=y ь=- э=e ю=iu я=ia ѐ=ie ё=io ђ=dj ѓ=gj є=ie ѕ=dz і=i ї=yi ј=j љ=lj њ=nj ћ=tsh ќ=kj ѝ=i ў=u џ=dzh ґ=g- "
    + "ß=ss þ=th ð=d ı=i ŋ=ng ſ=s ĸ=k ŉ=-n ɛ=e ɔ=o ə=- ǝ=- ƒ=f"
  for pair in small.split(separator: " ") {
    let sides = pair.split(separator: "=")
    guard let letter = sides.first?.unicodeScalars.first, let latin = sides.last else { continue }
    for scalar in [letter] + Array(letter.properties.uppercaseMapping.unicodeScalars) where !scalar.isASCII {
      table[scalar.value] = String(latin)
    }
  }
  for pair in "™=tm ©=c ®=r °=deg µ=u ª=a º=o €=eur £=ps §=ss ¶=p ¼=1-4 ½=1-2 ¾=3-4 №=no ✓=ok ℃=c ℉=f".split(
    separator: " ")
  {
    let sides = pair.split(separator: "=")
    if let sign = sides.first?.unicodeScalars.first, let text = sides.last { table[sign.value] = String(text) }
  }
  return table
}()

/// Emoji → short code, where the two are about one scalar; the few that other lists name in another way come last.
private let shortCodeOfSymbol: [UInt32: String] = {
  var codes: [UInt32: String] = [:]
  for entry in emojiShortCodes.sorted(by: { $0.key.utf8.count > $1.key.utf8.count }) {
    let scalars = entry.value.unicodeScalars.filter { $0.value != 0xFE0F }
    if scalars.count == 1, let scalar = scalars.first { codes[scalar.value] = entry.key }
  }
  for pair in "🛠=tools ✔=checkmark 🙂=slight_smile 🙃=upside_down 🤐=zipper_mouth 🤓=nerd 🏅=medal 🖥=desktop ✉=envelope"
    .split(
      separator: " ")
  {
    let sides = pair.split(separator: "=")
    if let emoji = sides.first?.unicodeScalars.first, let code = sides.last { codes[emoji.value] = String(code) }
  }
  return codes
}()
