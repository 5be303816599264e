// Highlighting: source code → HTML with classes. One scanner over bytes, languages as data (Languages/), some formats with code of their own (Formats/).
// Imports: nothing.
// Entry: `renderCodeBlock` for a fenced block, `highlight` for code alone, `highlightStyleSheet` for the colours.
// Promises: any bytes go in, tags removed and unescaped the same bytes come out; time is linear in their count; safe on all threads.
// Tests: `Tests/HighlightingTests`; its `Samples` folder holds one golden file a language.

/// Appends `code` as HTML: escaped as cmark escapes, tokens in spans with Pygments' short class names.
///
/// - Parameters:
///   - code: source text, UTF-8; what is not valid goes through unchanged.
///   - language: a name or alias, ASCII case ignored.
/// - Returns: false where the language is unknown; then nothing was appended.
public func highlight(_ code: some Sequence<UInt8>, language: String, into output: inout [UInt8]) -> Bool {
  guard let language = Language.named(language) else { return false }
  if code.withContiguousStorageIfAvailable({ highlight($0, language: language, into: &output) }) == nil {
    Array(code).withUnsafeBufferPointer { highlight($0, language: language, into: &output) }
  }
  return true
}

/// Appends `code` as HTML: the form without a look-up and without a copy.
public func highlight(_ code: UnsafeBufferPointer<UInt8>, language: Language, into output: inout [UInt8]) {
  appendHTML(code, tokens(of: code, language: language), to: &output)
}

/// The tokens of `code`, in order, none overlapping.
func tokens(of code: UnsafeBufferPointer<UInt8>, language: Language) -> [Token] {
  var scanner = Scanner(code)
  scanner.scan(language)
  return scanner.tokens
}
